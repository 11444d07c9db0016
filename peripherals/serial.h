// SPDX-License-Identifier: GPL-2.0-or-later
/// Serial ports as the outside world sees them.
#pragma once
#include "sim_core/peripheral.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// Gets what a UART sends.
class SerialSink {
public:
    virtual ~SerialSink() = default;
    /// A byte whose stop bit ended at `nanoseconds` of simulated time.
    virtual void byteSent(std::byte byte, std::uint64_t nanoseconds) = 0;
    /// The UART was reset or switched off; after a reset of the machine, which sweeps scheduled events away.
    virtual void lineReset() {}
};

/// The pins of a UART: every UART peripheral is one (dynamic_cast from Peripheral).
class SerialPort {
public:
    virtual ~SerialPort() = default;

    /// The sink must outlive the port or be detached.
    void attach(SerialSink& sink) { m_sinks.push_back(&sink); }
    void detach(SerialSink& sink) { std::erase(m_sinks, &sink); }
    /// Queues bytes for the receiver; they arrive one after the other at the programmed baud rate, from now on.
    void receive(std::span<const std::byte> bytes);
    /// Bytes queued and not yet arrived.
    std::size_t pendingInput() const { return m_input.size(); }
    /// The programmed speed in baud, 0 while the port is off.
    virtual double baud() const = 0;
    /// Whether a character is on the line.
    virtual bool sending() const = 0;

protected:
    void sent(std::byte byte, std::uint64_t nanoseconds);
    void wasReset();
    virtual void inputQueued() = 0;
    std::deque<std::byte> m_input;

private:
    std::vector<SerialSink*> m_sinks;
};

} // namespace simprof
