// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/serial.h"
#include "sim_core/steady_registers.h"

namespace simprof {

/// The two shift registers every UART has: one character at a time in each direction, timed in core cycles. Its steady
/// registers are those that say whether it is ready for the next one.
class UartLine : public SerialPort, public SteadyRegisters {
public:
    explicit UartLine(MachineServices& services)
        : m_line(services) {}
    double baud() const override;
    bool sending() const override { return shifting(); }

protected:
    /// Cycles of one bit as programmed now; 0 while the port is off.
    virtual double bitCycles() const = 0;
    /// Bits of one character, start and stop bits included.
    virtual double characterBits() const { return 10; }
    virtual bool receiverOn() const = 0;
    virtual void characterSent() = 0;
    virtual void characterArrived(std::byte byte) = 0;
    /// No character followed the last one for `characterBits()`.
    virtual void lineIdle() {}

    bool shifting() const { return m_txEvent != EventId::None; }
    /// Puts a character on the line; characterSent() follows after its stop bit.
    void shiftOut(std::byte byte);
    /// Looks for queued input; called when the receiver was switched on.
    void listen();
    void resetLine();
    void inputQueued() override { listen(); }

private:
    void finishInput();
    Cycles after(double bits) const;

    MachineServices& m_line;
    EventId m_txEvent = EventId::None;
    EventId m_rxEvent = EventId::None;
    EventId m_idleEvent = EventId::None;
};

} // namespace simprof
