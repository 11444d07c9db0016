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

/// The bus to that chip, as the pin of its chip select sees it.
class Rp2040FlashBus {
public:
    virtual ~Rp2040FlashBus() = default;
    /// OUTOVER of the pin: 2 drives it low, 3 high, otherwise the bus drives it itself.
    virtual void overrideSelect(std::uint32_t mode) = 0;
};

} // namespace simprof
