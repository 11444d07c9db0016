// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/timing/branch_predictor.h"

namespace simprof {

bool BranchPredictor::predict(const Block& block, Address next) {
    const bool taken = next != block.fallThrough();
    switch (block.end) {
    case BlockEnd::FallThrough:
    case BlockEnd::Exception: return true;
    case BlockEnd::Call:
    case BlockEnd::IndirectCall: m_returns[m_top++ % kReturns] = block.fallThrough(); break;
    case BlockEnd::Return: {
        if (!taken) {
            break;
        }
        const bool known = m_top > 0 && m_returns[(m_top - 1) % kReturns] == next;
        if (m_top > 0) {
            --m_top;
        }
        return known;
    }
    default: break;
    }
    const Address address = block.begin + block.insns.back().offset;
    Entry& entry = m_entries[(address >> 1 ^ address >> 7) % kEntries];
    if (entry.address != address) {
        if (taken) {
            entry = {address, next, 3};
        }
        return !taken;
    }
    const bool foreseen = (entry.counter >= 2) == taken && (!taken || entry.target == next);
    if (taken) {
        entry.counter = entry.counter < 3 ? static_cast<std::uint8_t>(entry.counter + 1) : std::uint8_t{3};
        entry.target = next;
    } else if (entry.counter > 0) {
        --entry.counter;
    }
    return foreseen;
}

void BranchPredictor::clear() { *this = BranchPredictor{}; }

} // namespace simprof
