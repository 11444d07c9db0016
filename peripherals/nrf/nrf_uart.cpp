// SPDX-License-Identifier: GPL-2.0-or-later
// UART with one-byte registers and UARTE with EasyDMA in one device, as they share an address: nRF51 series reference
// manual v3.0, 29; nRF52840 product specification v1.7, 6.33 (UART) and 6.34 (UARTE).
#include "peripherals/makers.h"
#include "peripherals/nrf/nrf_device.h"
#include "peripherals/uart/uart_line.h"

#include <array>

namespace simprof {
namespace {

constexpr std::uint32_t kStartRx = 0x00, kStopRx = 0x04, kStartTx = 0x08, kStopTx = 0x0C, kFlushRx = 0x2C;
constexpr std::uint32_t kRxdRdy = 0x108, kEndRx = 0x110, kTxdRdy = 0x11C, kEndTx = 0x120, kError = 0x124, kRxTo = 0x144,
                        kRxStarted = 0x14C, kTxStarted = 0x150, kTxStopped = 0x158;
constexpr std::uint32_t kErrorSrc = 0x480, kEnable = 0x500, kRxd = 0x518, kTxd = 0x51C, kBaudrate = 0x524,
                        kRxPtr = 0x534, kRxMax = 0x538, kRxAmount = 0x53C, kTxPtr = 0x544, kTxMax = 0x548,
                        kTxAmount = 0x54C, kConfig = 0x56C;

class NrfUarte final : public NrfDevice, public UartLine {
public:
    NrfUarte(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : NrfDevice(desc, services,
                    {{kStartRx, "TASKS_STARTRX"},
                     {kStopRx, "TASKS_STOPRX"},
                     {kStartTx, "TASKS_STARTTX"},
                     {kStopTx, "TASKS_STOPTX"},
                     {0x1C, "TASKS_SUSPEND"},
                     {kFlushRx, "TASKS_FLUSHRX"}},
                    {{0x100, "EVENTS_CTS"},
                     {0x104, "EVENTS_NCTS"},
                     {kRxdRdy, "EVENTS_RXDRDY"},
                     {kEndRx, "EVENTS_ENDRX"},
                     {kTxdRdy, "EVENTS_TXDRDY"},
                     {kEndTx, "EVENTS_ENDTX"},
                     {kError, "EVENTS_ERROR"},
                     {kRxTo, "EVENTS_RXTO"},
                     {kRxStarted, "EVENTS_RXSTARTED"},
                     {kTxStarted, "EVENTS_TXSTARTED"},
                     {kTxStopped, "EVENTS_TXSTOPPED"}},
                    {{kErrorSrc, "ERRORSRC"},
                     {kEnable, "ENABLE", 0, 15},
                     {0x508, "PSEL.RTS", 0xFFFFFFFF},
                     {0x50C, "PSEL.TXD", 0xFFFFFFFF},
                     {0x510, "PSEL.CTS", 0xFFFFFFFF},
                     {0x514, "PSEL.RXD", 0xFFFFFFFF},
                     {kRxd, "RXD", 0, 0},
                     {kTxd, "TXD", 0, 0xFF},
                     {kBaudrate, "BAUDRATE", 0x04000000},
                     {kRxPtr, "RXD.PTR"},
                     {kRxMax, "RXD.MAXCNT", 0, 0xFFFF},
                     {kRxAmount, "RXD.AMOUNT", 0, 0},
                     {kTxPtr, "TXD.PTR"},
                     {kTxMax, "TXD.MAXCNT", 0, 0xFFFF},
                     {kTxAmount, "TXD.AMOUNT", 0, 0},
                     {kConfig, "CONFIG"}})
        , UartLine(services)
        , m_canDma(board.mcu->family != McuFamily::Nrf51) {}
    bool isSteady(std::uint32_t offset) const override { return offset == kTxdRdy; }

protected:
    double bitCycles() const override {
        const std::uint32_t rate = value(kBaudrate); // baud * 2^32 / 16 MHz
        return on() && rate != 0 ? 4294967296.0 / rate * static_cast<double>(services().coreClock()) / 16e6 : 0;
    }
    double characterBits() const override {
        return 10 + (bit(kConfig, 1) ? 1 : 0) + (m_canDma && bit(kConfig, 4) ? 1 : 0);
    }
    bool receiverOn() const override { return on() && m_receiving; }

    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == kRxd) {
            const std::uint32_t byte = takeByte();
            showNext();
            return byte;
        }
        return NrfDevice::onRead(offset);
    }

    void task(std::uint32_t offset) override {
        switch (offset) {
        case kStartRx: startReceiver(); break;
        case kStopRx: stopReceiver(); break;
        case kStartTx: startTransmitter(); break;
        case kStopTx: stopTransmitter(); break;
        case kFlushRx:
            if (m_dmaRx || dma()) {
                m_received = 0;
                drainTo();
                endReceive();
            }
            break;
        default: m_receiving = m_transmitting = false; break; // SUSPEND
        }
    }

    void written(std::uint32_t offset, std::uint32_t before) override {
        if (offset == kTxd) {
            if (m_transmitting && on() && !dma()) {
                if (shifting()) {
                    m_next = static_cast<std::byte>(value(kTxd));
                    m_hasNext = true;
                } else {
                    shiftOut(static_cast<std::byte>(value(kTxd)));
                }
            }
        } else if (offset == kErrorSrc) {
            setValue(kErrorSrc, before & ~value(kErrorSrc));
        } else if (offset == kEnable && !on()) {
            stopped();
        }
    }

    void characterSent() override {
        if (m_dmaTx) {
            raise(kTxdRdy);
            nextFromMemory();
            return;
        }
        if (m_hasNext) {
            m_hasNext = false;
            shiftOut(m_next);
        }
        raise(kTxdRdy);
    }

    void characterArrived(std::byte byte) override {
        if (m_fifoCount == m_fifo.size()) {
            setBits(kErrorSrc, 1); // overrun
            raise(kError);
            return;
        }
        m_fifo[m_fifoCount++] = byte;
        if (dma()) {
            raise(kRxdRdy);
            drainTo();
            if (m_dmaRx && m_received >= value(kRxMax)) {
                endReceive();
            }
        } else if (m_fifoCount == 1) {
            raise(kRxdRdy);
        }
    }

    void stopped() override {
        resetLine();
        m_receiving = m_transmitting = m_dmaTx = m_dmaRx = m_hasNext = false;
        m_fifoCount = 0;
    }

private:
    bool on() const { return (value(kEnable) & 15U) == 4 || dma(); }
    bool dma() const { return m_canDma && (value(kEnable) & 15U) == 8; }

    void startReceiver() {
        m_receiving = true;
        if (dma()) {
            m_dmaRx = true;
            m_target = value(kRxPtr);
            m_received = 0;
            raise(kRxStarted);
            drainTo();
        }
        listen();
    }
    void stopReceiver() {
        if (!m_receiving) {
            return;
        }
        m_receiving = false;
        if (m_dmaRx) {
            endReceive();
        }
        raise(kRxTo);
    }
    void endReceive() {
        m_dmaRx = false;
        setValue(kRxAmount, m_received);
        raise(kEndRx);
        if (isShort(5)) {
            startReceiver();
        } else if (isShort(6)) {
            stopReceiver();
        }
    }
    void drainTo() {
        unsigned taken = 0;
        while (taken < m_fifoCount && m_received < value(kRxMax)) {
            const std::array<std::byte, 1> one = {m_fifo[taken]};
            services().busWrite(name(), m_target + m_received, one);
            ++m_received;
            ++taken;
        }
        std::copy(m_fifo.begin() + taken, m_fifo.begin() + m_fifoCount, m_fifo.begin());
        m_fifoCount -= taken;
    }
    std::uint32_t takeByte() {
        if (m_fifoCount != 0) {
            setValue(kRxd, std::to_integer<std::uint32_t>(m_fifo[0]));
            std::copy(m_fifo.begin() + 1, m_fifo.begin() + m_fifoCount, m_fifo.begin());
            --m_fifoCount;
        }
        return value(kRxd);
    }
    /// RXDRDY is raised again when the byte behind the one just read moves to RXD (RM 29.5).
    void showNext() {
        if (m_fifoCount != 0) {
            raise(kRxdRdy);
        }
    }

    void startTransmitter() {
        m_transmitting = true;
        if (dma()) {
            m_dmaTx = true;
            m_source = value(kTxPtr);
            m_left = value(kTxMax);
            m_sentBytes = 0;
            raise(kTxStarted);
            nextFromMemory();
        }
    }
    void nextFromMemory() {
        std::array<std::byte, 1> one{};
        if (m_sentBytes == m_left || !on()) {
            m_dmaTx = false;
            setValue(kTxAmount, m_sentBytes);
            raise(kEndTx);
            return;
        }
        const Address from = m_source + m_sentBytes;
        if (from < 0x20000000) { // EasyDMA reaches RAM only (PS 6.34.1)
            services().reportEvent(name() + ": EasyDMA cannot read flash, the transfer is dropped");
            m_left = m_sentBytes;
            nextFromMemory();
            return;
        }
        services().busRead(name(), from, one);
        ++m_sentBytes;
        shiftOut(one[0]);
    }
    void stopTransmitter() {
        m_transmitting = m_hasNext = false;
        if (m_canDma && dma()) {
            if (m_dmaTx) {
                m_left = m_sentBytes; // the byte in the shift register is finished
            }
            raise(kTxStopped);
        }
    }

    bool m_canDma;
    bool m_receiving = false, m_transmitting = false, m_dmaTx = false, m_dmaRx = false, m_hasNext = false;
    std::byte m_next{};
    std::array<std::byte, 6> m_fifo{}; ///< six bytes (RM 29.5)
    unsigned m_fifoCount = 0;
    Address m_source = 0, m_target = 0;
    std::uint32_t m_left = 0, m_sentBytes = 0, m_received = 0;
};

} // namespace

std::span<const PeripheralMaker> nrfUartMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"nrf_uarte", "UART by registers and UARTE by EasyDMA: events, interrupts, six-byte receive FIFO",
         makeDevice<NrfUarte>},
    };
    return kMakers;
}

} // namespace simprof
