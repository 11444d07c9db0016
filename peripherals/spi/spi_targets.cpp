// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/spi/spi_targets.h"

#include "peripherals/gpio/gpio.h"
#include "sim_core/error.h"

#include <charconv>

namespace simprof {

SpiTargets::SpiTargets(const BoardDesc& board, std::string_view bus, MachineServices& services) {
    for (auto& [pin, target] : spiTargets(board, bus, services)) {
        m_slots[pin].target = std::move(target);
    }
}

void SpiTargets::connect(MachineServices& services) {
    for (auto& [pin, slot] : m_slots) {
        if (pin.empty()) {
            if (!slot.selected) {
                slot.target->select(true);
            }
            slot.selected = true;
            continue;
        }
        slot.selected = false;
        if (m_connected) {
            continue;
        }
        const auto found = gpioPin(services, pin);
        if (!found) {
            throw Error("sensor on an SPI: there is no pin '" + pin +
                        "'; name the chip select as the port calls it, such as PA4");
        }
        found->port->observe([&entry = slot, number = found->number](unsigned changed, bool level) {
            if (changed == number) {
                entry.selected = !level;
                entry.target->select(!level);
            }
        });
    }
    m_connected = true;
}

std::uint8_t SpiTargets::exchange(std::uint8_t byte) {
    std::uint8_t answer = 0xFF;
    for (auto& [pin, slot] : m_slots) {
        if (slot.selected) {
            answer &= slot.target->exchange(byte);
        }
    }
    return answer;
}

std::uint16_t SpiTargets::exchangeFrame(std::uint16_t frame, unsigned bits) {
    const std::uint8_t high = bits > 8 ? exchange(static_cast<std::uint8_t>(frame >> 8)) : 0;
    return static_cast<std::uint16_t>(high << 8 | exchange(static_cast<std::uint8_t>(frame)));
}

} // namespace simprof
