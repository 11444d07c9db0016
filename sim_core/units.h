// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>

namespace simprof {

/// An address in the simulated 32-bit space.
using Address = std::uint32_t;
/// A count of core clock cycles since reset.
using Cycles = std::uint64_t;
/// A size in bytes.
using Bytes = std::uint64_t;
/// A frequency in hertz.
using Hertz = std::uint64_t;

/// A half-open range of addresses [begin, begin + size).
struct AddressRange {
    Address begin = 0;
    std::uint32_t size = 0;

    /// The first address behind the range; 64 bits wide because a range may end at 4 GiB.
    std::uint64_t end() const { return std::uint64_t{begin} + size; }
    bool contains(std::uint64_t address) const { return address >= begin && address < end(); }
    bool contains(std::uint64_t address, std::uint64_t length) const {
        return address >= begin && address + length <= end();
    }
    bool operator==(const AddressRange&) const = default;
};

} // namespace simprof
