// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>

namespace simprof {

/// A fixed sequence of well mixed words (SplitMix64): simulated random number generators give the same run each time.
class RandomBits {
public:
    std::uint32_t next() {
        m_state += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return static_cast<std::uint32_t>((z ^ (z >> 31)) >> 16);
    }

private:
    std::uint64_t m_state = 0x73696D70726F66ULL;
};

} // namespace simprof
