// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/peripheral.h"

#include <cstdint>
#include <span>
#include <vector>

namespace simprof {

/// The flash chip of the Pico, a W25Q16JV: commands byte by byte while it is selected. What is programmed or erased
/// really changes; the caller accounts for the time, the chip itself is never busy.
class Rp2040Flash {
public:
    explicit Rp2040Flash(MachineServices& services)
        : m_services(services) {}

    /// Shifts a byte in and gives the one shifted out.
    std::uint8_t transfer(std::uint8_t byte);
    /// Chip select goes high: a program or erase command is carried out.
    void deselect();
    void reset();

    /// Sets `size` bytes from `offset` to FF; false when that is beyond the chip.
    bool erase(std::uint32_t offset, std::uint32_t size);
    /// Clears bits: a programmed byte is the old one AND the new one.
    bool program(std::uint32_t offset, std::span<const std::byte> bytes);

private:
    std::uint8_t answer(std::size_t position) const;
    std::uint8_t memoryByte(std::size_t index) const;
    std::uint32_t address() const;
    void carryOut();

    MachineServices& m_services;
    std::vector<std::uint8_t> m_command;
    std::uint8_t m_status2 = 0;
    bool m_writeEnabled = false;
};

/// The bus to that chip, as the pin of its chip select and the cache in front of it see it.
class Rp2040FlashBus {
public:
    virtual ~Rp2040FlashBus() = default;
    /// OUTOVER of the pin: 2 drives it low, 3 high, otherwise the bus drives it itself.
    virtual void overrideSelect(std::uint32_t mode) = 0;
    /// System clocks in which the bus, as it is set up, reads a line of the cache; 0 while it is not set up to read.
    virtual unsigned lineClocks() const = 0;
};

/// The cache in front of that bus.
class Rp2040XipCache {
public:
    virtual ~Rp2040XipCache() = default;
    /// The bus may take another time for a line now.
    virtual void busChanged() = 0;
};

/// Registers of the SSI that say how a line is read (RP2040 data sheet 4.10.13).
struct SsiRead {
    std::uint32_t ctrlr0 = 0;
    std::uint32_t spiCtrlr0 = 0;
    std::uint32_t baudr = 0;
};

/// System clocks for command, address, wait cycles and 64 bits of data, which is a line of the XIP cache (2.6.3.1);
/// 0 when the SSI has no clock. What the cache and the bus take besides is not documented and not in it.
unsigned ssiLineClocks(const SsiRead& read);

} // namespace simprof
