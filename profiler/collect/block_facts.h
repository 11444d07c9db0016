// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/memory_shadow.h"
#include "sim_core/decode/decoder.h"

#include <cstdint>
#include <vector>

namespace simprof {

/// What is known of a block once and for all.
struct BlockFacts {
    std::uint32_t version = 0; ///< Block::version; 0: not known
    bool movesSp = false;
    bool changesStack = false;    ///< MSR to MSP, PSP or CONTROL: another stack may be in use
    std::uint32_t dip = 0;        ///< bytes by which SP was lower in between than at its end
    std::uint32_t multiplies = 0; ///< instructions that multiply
    std::uint32_t macs = 0;       ///< multiply-accumulates, by the mix of instructions
    MemoryShadow::Traffic traffic;
    bool restoresReturn = false;     ///< LR comes back from the stack: a branch at the end leaves the function
    std::uint32_t plainBranchAt = 0; ///< see CallTracker::stepOf
};

/// The facts of all blocks that ran.
class BlockFactsTable {
public:
    BlockFacts& of(const Block& block) {
        if (block.id >= m_facts.size() || m_facts[block.id].version != block.version) {
            learn(block);
        }
        return m_facts[block.id];
    }

private:
    void learn(const Block& block);
    std::vector<BlockFacts> m_facts; ///< by Block::id
};

} // namespace simprof
