// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/timing/l1_cache.h"

#include <algorithm>

namespace simprof {

L1Cache::L1Cache(std::uint32_t bytes, unsigned ways)
    : m_ways(ways)
    , m_setMask(bytes / kLineBytes / ways - 1)
    , m_tags(bytes / kLineBytes, kEmpty) {}

void L1Cache::fill(Address address) {
    const std::uint32_t line = address / kLineBytes;
    std::uint32_t* set = &m_tags[static_cast<std::size_t>(line & m_setMask) * m_ways];
    for (unsigned w = m_ways - 1; w > 0; --w) {
        set[w] = set[w - 1];
    }
    set[0] = line;
}

void L1Cache::clear() { std::fill(m_tags.begin(), m_tags.end(), kEmpty); }

} // namespace simprof
