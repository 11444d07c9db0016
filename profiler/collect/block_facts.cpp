// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/block_facts.h"

#include <algorithm>

namespace simprof {

namespace {

constexpr std::uint16_t kStackPointerBit = 1U << 13;

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

unsigned field(std::uint32_t opcode, unsigned high, unsigned low) {
    return opcode >> low & ((1U << (high - low + 1)) - 1);
}

/// Products that one instruction forms: two for SMLAD, SMUAD, SMLSD and SMLALD (DDI 0403E A5.3.16, A5.3.17).
std::uint32_t productsOf(const DecodedInsn& insn) {
    if (insn.size == 2) {
        return 1;
    }
    const unsigned op1 = field(insn.opcode, 22, 20);
    switch (insn.kind) {
    case InsnClass::Mul:
    case InsnClass::Mac: return op1 == 2 || op1 == 4 ? 2 : 1;
    case InsnClass::MacLong: return field(insn.opcode, 7, 4) >= 12 ? 2 : 1;
    default: return 1;
    }
}

/// Does a later instruction of the block add what `at` made to a register that it keeps?
bool isAddedUp(const std::vector<DecodedInsn>& insns, std::size_t at) {
    const DecodedInsn& made = insns[at];
    for (std::size_t i = at + 1; i < insns.size(); ++i) {
        const DecodedInsn& insn = insns[i];
        if ((insn.reads & made.writes) != 0 || (insn.fpReads & made.fpWrites) != 0) {
            const bool core = insn.kind == InsnClass::Alu && insn.writes != 0 && (insn.writes & ~insn.reads) == 0 &&
                              (insn.writes & made.writes) == 0;
            const bool fp = insn.kind == InsnClass::FpAlu && insn.fpWrites != 0 &&
                            (insn.fpWrites & ~insn.fpReads) == 0 && (insn.fpWrites & made.fpWrites) == 0;
            return core || fp;
        }
    }
    return false;
}

/// Multiply-accumulates that an instruction makes: an MLA that keeps its sum in one register (one that does not
/// computes an address), a product that is added to such a sum. Products of two whole words rescale results.
std::uint32_t macsOf(const std::vector<DecodedInsn>& insns, std::size_t at) {
    const DecodedInsn& insn = insns[at];
    switch (insn.kind) {
    case InsnClass::Mac: {
        const bool subtracts = field(insn.opcode, 22, 20) == 0 && field(insn.opcode, 7, 4) == 1; // MLS
        return !subtracts && insn.writes == insn.accumulatorRegs ? productsOf(insn) : 0;
    }
    case InsnClass::MacLong: return field(insn.opcode, 7, 4) >= 8 ? productsOf(insn) : 0; // not SMLAL, UMLAL
    case InsnClass::FpMac: return 1;
    case InsnClass::Mul:
    case InsnClass::FpMul: return isAddedUp(insns, at) ? productsOf(insn) : 0;
    default: return 0;
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
    for (std::size_t i = 0; facts.multiplies != 0 && i < block.insns.size(); ++i) {
        facts.macs += macsOf(block.insns, i);
    }
    facts.movesSp = std::any_of(block.insns.begin(), block.insns.end(),
                                [](const DecodedInsn& insn) { return (insn.writes & kStackPointerBit) != 0; });
    for (const DecodedInsn& insn : block.insns) {
        if (insn.literal) {
            facts.traffic.literals.push_back(insn.offset);
        }
    }
}

} // namespace simprof
