// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/uart/uart_line.h"

#include <algorithm>
#include <cmath>

namespace simprof {

void SerialPort::receive(std::span<const std::byte> bytes) {
    m_input.insert(m_input.end(), bytes.begin(), bytes.end());
    inputQueued();
}

void SerialPort::sent(std::byte byte, std::uint64_t nanoseconds) {
    for (SerialSink* sink : std::vector<SerialSink*>(m_sinks)) {
        sink->byteSent(byte, nanoseconds);
    }
}

void SerialPort::wasReset() {
    for (SerialSink* sink : std::vector<SerialSink*>(m_sinks)) {
        sink->lineReset();
    }
}

double UartLine::baud() const {
    const double cycles = bitCycles();
    return cycles > 0 ? static_cast<double>(m_line.coreClock()) / cycles : 0;
}

Cycles UartLine::after(double bits) const {
    return m_line.now() + std::max<Cycles>(1, static_cast<Cycles>(std::llround(bits * bitCycles())));
}

void UartLine::shiftOut(std::byte byte) {
    m_txEvent = m_line.scheduleAt(after(characterBits()), [this, byte] {
        m_txEvent = EventId::None;
        sent(byte, m_line.nowNanoseconds());
        characterSent();
    });
}

void UartLine::listen() {
    if (m_rxEvent != EventId::None || m_input.empty() || !receiverOn() || bitCycles() <= 0) {
        return;
    }
    m_line.cancel(m_idleEvent);
    m_idleEvent = EventId::None;
    m_rxEvent = m_line.scheduleAt(after(characterBits()), [this] { finishInput(); });
}

void UartLine::finishInput() {
    m_rxEvent = EventId::None;
    if (m_input.empty() || !receiverOn()) {
        return;
    }
    const std::byte byte = m_input.front();
    m_input.pop_front();
    characterArrived(byte);
    listen();
    if (m_rxEvent == EventId::None && bitCycles() > 0) {
        m_line.cancel(m_idleEvent);
        m_idleEvent = m_line.scheduleAt(after(characterBits()), [this] {
            m_idleEvent = EventId::None;
            lineIdle();
        });
    }
}

void UartLine::resetLine() {
    for (EventId* event : {&m_txEvent, &m_rxEvent, &m_idleEvent}) {
        m_line.cancel(*event);
        *event = EventId::None;
    }
    wasReset();
}

} // namespace simprof
