// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/decode/decoder.h"

#include <array>

namespace simprof {

/// The M7's branch target cache: 64 entries of two-bit counters, allocated when a branch is taken and then strongly
/// taken; a branch that is absent is predicted not taken. Returns come from a return stack. (Arm DDI 0489; jnk0le,
/// cortex_m7.md; measured networks.)
class BranchPredictor {
public:
    /// Was the branch that ends `block` and went to `next` foreseen? Learns from the outcome.
    bool predict(const Block& block, Address next);
    void clear();

private:
    struct Entry {
        Address address = ~0u;
        Address target = 0;
        std::uint8_t counter = 0;
    };
    static constexpr std::size_t kEntries = 64;
    static constexpr std::size_t kReturns = 8;
    std::array<Entry, kEntries> m_entries{};
    std::array<Address, kReturns> m_returns{};
    std::size_t m_top = 0;
};

} // namespace simprof
