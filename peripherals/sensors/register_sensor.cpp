// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/sensors/register_sensor.h"

#include <algorithm>
#include <cmath>

namespace simprof {

RegisterSensor::RegisterSensor(const RegisterKind& kind, const std::string& samples, MachineServices& services)
    : m_kind(kind)
    , m_measurements(samples, services) {
    for (const SensorRegister& entry : kind.registers) {
        m_registers[entry.at] = entry.value;
    }
}

bool RegisterSensor::write(std::uint8_t byte) {
    if (!m_first) {
        store(byte);
        return true;
    }
    const bool always = m_kind.pointer == SensorPointer::AlwaysMoves;
    m_pointer = always ? byte : byte & 0x7F;
    m_moves = always || (byte & 0x80) != 0;
    m_first = false;
    return true;
}

// SPI: read bit, pointer bit, six bits of register.
std::uint8_t RegisterSensor::exchange(std::uint8_t byte) {
    if (m_first) {
        m_reads = (byte & 0x80) != 0;
        m_moves = (byte & 0x40) != 0;
        m_pointer = byte & 0x3F;
        m_first = false;
        return 0xFF;
    }
    if (m_reads) {
        return load();
    }
    store(byte);
    return 0xFF;
}

void RegisterSensor::advance() {
    if (m_moves) {
        m_pointer = static_cast<std::uint8_t>(m_pointer + 1);
        m_pointer = m_kind.pointer == SensorPointer::AlwaysMoves ? m_pointer : m_pointer & 0x7F;
    }
}

void RegisterSensor::store(std::uint8_t byte) {
    if (m_pointer != m_kind.identity && !isOutput(m_pointer) &&
        std::ranges::find(m_kind.whileOn, m_pointer, &SensorRegister::at) == m_kind.whileOn.end()) {
        m_registers[m_pointer] = byte;
    }
    advance();
}

bool RegisterSensor::isOutput(std::uint8_t at) const {
    return std::ranges::any_of(m_kind.outputs,
                               [&](const SensorOutput& output) { return at == output.at || at == output.at + 1; });
}

std::uint8_t RegisterSensor::load() {
    const std::uint8_t at = m_pointer;
    advance();
    if (const auto found = std::ranges::find(m_kind.whileOn, at, &SensorRegister::at); found != m_kind.whileOn.end()) {
        return isOn() ? found->value : 0;
    }
    if (isOutput(at) && isOn() && (!m_measured || m_seen[at])) {
        measure();
    }
    m_seen[at] = true;
    return m_registers[at];
}

void RegisterSensor::measure() {
    m_measured = true;
    m_seen.fill(false);
    m_measurements.next();
    for (std::size_t i = 0; i < m_kind.outputs.size(); ++i) {
        const SensorOutput& output = m_kind.outputs[i];
        const double counts = (m_measurements.value(output.column, i, output.atRest) - output.zero) * output.perUnit;
        const auto value =
            static_cast<std::uint16_t>(static_cast<std::int16_t>(std::lround(std::clamp(counts, -32768.0, 32767.0))));
        const SensorFormat& format = m_kind.format;
        const auto shown = static_cast<std::uint16_t>(value >> format.unusedBits << format.unusedBits);
        m_registers[output.at + (format.highByteFirst ? 1U : 0U)] = static_cast<std::uint8_t>(shown);
        m_registers[output.at + (format.highByteFirst ? 0U : 1U)] = static_cast<std::uint8_t>(shown >> 8);
    }
}

} // namespace simprof
