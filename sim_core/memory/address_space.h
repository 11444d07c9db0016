// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"
#include "sim_core/machine_desc.h"
#include "sim_core/units.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace simprof {

/// The private peripheral bus, the device area, and what aliases single bits (Armv7-M ARM, B3.1; Cortex-M4 TRM, 3.7).
namespace address_map {
inline constexpr AddressRange kPpb{0xE0000000, 0x00100000}, kDevices{0x40000000, 0x20000000},
    kSramBitBand{0x22000000, 0x02000000}, kDeviceBitBand{0x42000000, 0x02000000};
} // namespace address_map

/// The bytes of all memories of an MCU, with their aliases.
class AddressSpace {
public:
    /// One address range and the bytes behind it; aliases share bytes.
    struct Region {
        const MemoryDesc* desc = nullptr;
        AddressRange range;
        std::span<std::byte> bytes; ///< rounded up to 4 KiB
        bool writable = false;
    };

    explicit AddressSpace(const McuDesc& mcu);

    /// Copies an image to its load addresses; throws Error naming the segment that no memory holds.
    void load(const FirmwareImage& image);

    const std::vector<Region>& regions() const { return m_regions; }
    /// The region of an address, or nullptr.
    const Region* find(Address address) const;
    /// The bytes at [address, address + size), empty unless one region holds them all.
    std::span<std::byte> at(Address address, std::size_t size) const;
    /// Does one memory that the core can write hold all of `range`?
    bool isWritable(AddressRange range) const {
        const Region* region = find(range.begin);
        return region != nullptr && region->writable && region->range.contains(range.begin, range.size);
    }
    std::optional<std::uint32_t> word(Address address) const;
    bool setWord(Address address, std::uint32_t value);

private:
    std::map<const MemoryDesc*, std::span<std::byte>> allocate(const McuDesc& mcu);
    std::vector<std::unique_ptr<std::byte[]>> m_storage;
    std::vector<Region> m_regions;
};

} // namespace simprof
