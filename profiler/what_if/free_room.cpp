// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/what_if/free_room.h"

#include "profiler/what_if/selection.h"

#include <algorithm>
#include <utility>

namespace simprof {

FreeRoom::FreeRoom(std::vector<AddressRange> used)
    : m_used(joinedRanges(std::move(used))) {}

std::vector<AddressRange> FreeRoom::gaps(const AddressRange& memory) const {
    std::vector<AddressRange> gaps;
    std::uint64_t begin = memory.begin;
    const auto add = [&](std::uint64_t end) {
        if (begin < end) {
            gaps.push_back({static_cast<Address>(begin), static_cast<std::uint32_t>(end - begin)});
        }
    };
    for (const AddressRange& used : m_used) {
        if (used.end() > memory.begin && used.begin < memory.end()) {
            add(used.begin);
            begin = std::max(begin, used.end());
        }
    }
    add(memory.end());
    return gaps;
}

std::optional<Address> FreeRoom::take(const AddressRange& memory, const AddressRange& from) {
    for (const AddressRange& gap : gaps(memory)) {
        const std::uint64_t begin = gap.begin + std::uint64_t{(from.begin - gap.begin) % kModulo};
        if (begin + from.size <= gap.end()) {
            m_used.push_back({static_cast<Address>(begin), from.size});
            m_used = joinedRanges(std::move(m_used));
            return static_cast<Address>(begin);
        }
    }
    return std::nullopt;
}

Bytes FreeRoom::free(const AddressRange& memory) const {
    Bytes bytes = 0;
    for (const AddressRange& gap : gaps(memory)) {
        bytes += gap.size;
    }
    return bytes;
}

Bytes FreeRoom::largest(const AddressRange& memory) const {
    Bytes bytes = 0;
    for (const AddressRange& gap : gaps(memory)) {
        bytes = std::max<Bytes>(bytes, gap.size);
    }
    return bytes;
}

} // namespace simprof
