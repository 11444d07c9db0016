// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/sensors/measurements.h"
#include "peripherals/sensors/register_kinds.h"
#include "peripherals/sensors/sensor.h"

#include <array>

namespace simprof {

/// A row of registerKinds() on a bus. Data are ready whenever it is on; a new measurement shows when an output register
/// is read that was read before.
class RegisterSensor final : public I2cTarget, public SpiTarget {
public:
    /// `samples`: a file with what it measures, or "": at rest. Throws Error when that cannot be read.
    RegisterSensor(const RegisterKind& kind, const std::string& samples, MachineServices& services);

    void start(bool read) override { m_first = !read; }
    bool write(std::uint8_t byte) override;
    std::uint8_t read() override { return load(); }

    void select(bool selected) override { m_first = selected; }
    std::uint8_t exchange(std::uint8_t byte) override;

private:
    void advance();
    void store(std::uint8_t byte);
    std::uint8_t load();
    bool isOutput(std::uint8_t at) const;
    bool isOn() const { return (m_registers[m_kind.control] & m_kind.on) != 0; }
    void measure();

    const RegisterKind& m_kind;
    Measurements m_measurements;
    std::array<std::uint8_t, 256> m_registers{};
    std::array<bool, 256> m_seen{};
    std::uint8_t m_pointer = 0;
    bool m_measured = false, m_first = true, m_moves = false, m_reads = false;
};

} // namespace simprof
