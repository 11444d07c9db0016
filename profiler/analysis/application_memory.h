// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/analysis/memory_report.h"
#include "profiler/symbols/memory_bounds.h"

#include <utility>
#include <vector>

namespace simprof {

/// A set of addresses as sorted disjoint ranges.
class AddressSet {
public:
    void add(Address begin, Address end) {
        if (begin < end) {
            m_ranges.emplace_back(begin, end);
        }
    }
    void tidy();
    /// Bytes of [begin, end) in the set; tidy() first.
    Bytes within(std::uint64_t begin, std::uint64_t end) const;
    const std::vector<std::pair<Address, Address>>& ranges() const { return m_ranges; }

private:
    std::vector<std::pair<Address, Address>> m_ranges;
};

/// Writable parts of the image while it runs: .data, .bss and what the linker script adds.
AddressSet staticData(const FirmwareImage& image);

/// How deep the stack was, how deep it may be, and what lies below.
StackUse stackUse(const MemorySources& sources, const MemoryBounds& bounds, const AddressSet& statics);

/// The heap as far as it was written, where the image says where it begins.
HeapUse heapUse(const MemorySources& sources, const MemoryBounds& bounds, const StackUse& stack);

} // namespace simprof
