// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/block_facts.h"

#include "profiler/collect/product_flow.h"
#include "profiler/collect/stack_moves.h"

#include <algorithm>

namespace simprof {

namespace {

bool multiplies(const DecodedInsn& insn) {
    switch (insn.kind) {
    case InsnClass::Mul:
    case InsnClass::Mac:
    case InsnClass::MulLong:
    case InsnClass::MacLong:
    case InsnClass::FpMul:
    case InsnClass::FpMac: return true;
    default: return false;
    }
}

} // namespace

void BlockFactsTable::learn(const Block& block) {
    if (block.id >= m_facts.size()) {
        m_facts.resize(std::max<std::size_t>(block.id + 1, m_facts.size() * 2));
    }
    BlockFacts& facts = m_facts[block.id];
    facts = {};
    facts.version = block.version;
    facts.multiplies = static_cast<std::uint32_t>(std::count_if(block.insns.begin(), block.insns.end(), multiplies));
    facts.macs = facts.multiplies != 0 ? macsOf(block.insns) : 0;
    facts.movesSp = std::ranges::any_of(block.insns, movesSp);
    facts.changesStack = std::ranges::any_of(block.insns, changesStack);
    facts.restoresReturn = std::ranges::any_of(block.insns, restoresReturn);
    facts.dip = deepestDip(block.insns);
    for (const DecodedInsn& insn : block.insns) {
        if (insn.literal) {
            facts.traffic.literals.push_back(insn.offset);
        }
    }
}

} // namespace simprof
