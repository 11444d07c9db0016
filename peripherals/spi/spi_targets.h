// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/sensors/sensor.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace simprof {

/// The devices on one SPI, each selected by a GPIO pin that the firmware drives low.
class SpiTargets {
public:
    /// Throws Error when the samples of one cannot be read.
    SpiTargets(const BoardDesc& board, std::string_view bus, MachineServices& services);
    /// Watches the chip select pins; call at reset, when all devices are there.
    void connect(MachineServices& services);
    /// A byte to the selected devices and back; nobody there reads as ones.
    std::uint8_t exchange(std::uint8_t byte);
    /// A frame of up to 16 bits, as one byte or two, high byte first.
    std::uint16_t exchangeFrame(std::uint16_t frame, unsigned bits);

private:
    struct Slot {
        std::unique_ptr<SpiTarget> target;
        bool selected = false;
    };
    std::map<std::string, Slot> m_slots; ///< by chip select pin
    bool m_connected = false;
};

} // namespace simprof
