// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <cstdint>
#include <vector>

namespace simprof {

/// A set-associative L1 cache of 32-byte lines: tags only, LRU.
class L1Cache {
public:
    static constexpr std::uint32_t kLineBytes = 32;
    L1Cache() = default;
    L1Cache(std::uint32_t bytes, unsigned ways);

    bool present() const { return !m_tags.empty(); }
    /// Is the line of `address` cached? With `update` it becomes the most recently used.
    template<bool update>
    bool lookUp(Address address) {
        const std::uint32_t line = address / kLineBytes;
        std::uint32_t* set = &m_tags[static_cast<std::size_t>(line & m_setMask) * m_ways];
        if (set[0] == line) {
            return true;
        }
        for (unsigned way = 1; way < m_ways; ++way) {
            if (set[way] != line) {
                continue;
            }
            if constexpr (update) {
                for (unsigned w = way; w > 0; --w) {
                    set[w] = set[w - 1];
                }
                set[0] = line;
            }
            return true;
        }
        return false;
    }
    /// Brings the line of `address` in, in place of the least recently used.
    void fill(Address address);
    void clear();

private:
    static constexpr std::uint32_t kEmpty = ~0u;
    unsigned m_ways = 1;
    std::uint32_t m_setMask = 0;
    std::vector<std::uint32_t> m_tags; ///< set by set, most recently used first
};

} // namespace simprof
