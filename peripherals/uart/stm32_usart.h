// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/dma/dma_request.h"
#include "peripherals/register_file.h"
#include "peripherals/uart/uart_line.h"

#include <array>
#include <cstdint>
#include <deque>

namespace simprof {

/// STM32 USART, UART and LPUART in both register layouts: "v1" with SR and DR (F4: RM0090 30.6), "v2" with ISR, ICR,
/// RDR and TDR (F7 RM0385 31.8, L4 RM0432 50.8 and 51.7, L0 RM0367 29.8, G0 RM0444 33.8, H7 RM0433 48.7). Asynchronous
/// mode: polling, interrupts, DMA, FIFO, idle line, receiver time-out, character match. Options: "lp", "fifo" (its
/// depth), "clock", "dma_rx", "dma_tx".
class Stm32Usart : public RegisterFile, public UartLine {
public:
    struct Layout {
        std::uint32_t cr1, cr2, cr3, brr, isr, icr, rqr, rdr, tdr, rtor, presc;
        unsigned enableBit;
        bool v1;
    };
    Stm32Usart(const PeripheralDesc& desc, MachineServices& services, const Layout& layout);

    bool isSteady(std::uint32_t offset) const override { return offset == m_l.isr; }

protected:
    std::uint32_t onRead(std::uint32_t offset) override;
    void onWrite(std::uint32_t offset, std::uint32_t value, std::uint32_t lanes) override;
    void onReset() override;

    double bitCycles() const override;
    double characterBits() const override;
    bool receiverOn() const override;
    void characterSent() override;
    void characterArrived(std::byte byte) override;
    void lineIdle() override;

private:
    bool enabled() const { return bit(m_l.cr1, m_l.enableBit); }
    bool fifoOn() const;
    std::size_t depth() const { return fifoOn() ? m_fifoDepth : 1; }
    std::uint32_t status() const;
    void writeData(std::uint32_t value);
    std::uint32_t readData();
    void pump();
    void update();
    void clearFlags(std::uint32_t value);
    void request(std::uint32_t value);
    void startTimeout();
    std::uint32_t frameMask() const;

    Layout m_l;
    bool m_lowPower;
    std::size_t m_fifoDepth;
    std::uint32_t m_flags = 0; ///< sticky flags: errors, IDLE, TC, CMF, RTOF
    std::deque<std::uint32_t> m_tx;
    std::deque<std::uint32_t> m_rx;
    std::uint32_t m_lastRead = 0;
    bool m_statusRead = false; ///< v1: SR was read, the DR access that follows clears flags
    EventId m_timeout = EventId::None;
    IrqLine m_irq;
    DmaRequest m_dmaRx;
    DmaRequest m_dmaTx;
};

} // namespace simprof
