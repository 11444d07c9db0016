// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/sensors/sensor.h"

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace simprof {

/// The devices on one I2C bus, as its only master drives them.
class I2cTargets {
public:
    /// Throws Error when the samples of one cannot be read.
    I2cTargets(const BoardDesc& board, std::string_view bus, MachineServices& services)
        : m_bus(bus)
        , m_services(services)
        , m_targets(i2cTargets(board, bus, services)) {}

    /// A (repeated) start with a 7-bit address; false: nobody acknowledges, which is reported.
    bool start(std::uint32_t address, bool read) {
        const auto found = m_targets.find(static_cast<std::uint8_t>(address));
        m_addressed = found == m_targets.end() ? nullptr : found->second.get();
        if (m_addressed != nullptr) {
            m_addressed->start(read);
        } else {
            m_services.reportEvent(fmt::format("{}: nothing answers at address 0x{:02x}", m_bus, address));
        }
        return m_addressed != nullptr;
    }
    /// True from an acknowledged start to stop() or release().
    bool addressed() const { return m_addressed != nullptr; }
    /// A byte to the addressed device; false: not acknowledged.
    bool write(std::uint8_t byte) { return m_addressed->write(byte); }
    /// A byte from it.
    std::uint8_t read() { return m_addressed->read(); }
    /// A stop condition.
    void stop() {
        if (m_addressed != nullptr) {
            m_addressed->stop();
        }
        release();
    }
    /// The controller was reset in the middle of it.
    void release() { m_addressed = nullptr; }

private:
    std::string m_bus;
    MachineServices& m_services;
    std::map<std::uint8_t, std::unique_ptr<I2cTarget>> m_targets;
    I2cTarget* m_addressed = nullptr;
};

} // namespace simprof
