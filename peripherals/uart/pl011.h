// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/dma/dma_request.h"
#include "peripherals/register_file.h"
#include "peripherals/uart/uart_line.h"

#include <deque>

namespace simprof {

/// The ARM PrimeCell UART (PL011 technical reference manual, ARM DDI 0183G, 3.3): FIFOs of 32, interrupts, receive
/// time-out.
class Pl011 : public RegisterFile, public UartLine {
public:
    Pl011(const PeripheralDesc& desc, MachineServices& services, std::vector<RegisterRow> more);
    bool isSteady(std::uint32_t offset) const override;

protected:
    /// Frequency of UARTCLK, 0 while it is off.
    virtual Hertz uartClock() const = 0;
    /// What a store means after aliases were resolved.
    void onWrite(std::uint32_t offset, std::uint32_t value, std::uint32_t lanes) override;
    std::uint32_t onRead(std::uint32_t offset) override;
    void onReset() override;

    double bitCycles() const override;
    double characterBits() const override;
    bool receiverOn() const override;
    void characterSent() override;
    void characterArrived(std::byte byte) override;
    void lineIdle() override;

private:
    std::uint32_t depth() const;
    std::uint32_t flags() const;
    bool receiveLevelReached() const;
    bool transmitLevelReached() const;
    void pump();
    void update();

    std::deque<std::byte> m_tx;
    std::deque<std::uint32_t> m_rx;
    std::uint32_t m_raw = 0;
    IrqLine m_irq;
    DmaRequest m_dmaRx;
    DmaRequest m_dmaTx;
};

} // namespace simprof
