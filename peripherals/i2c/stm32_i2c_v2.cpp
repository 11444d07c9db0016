// SPDX-License-Identifier: GPL-2.0-or-later
// I2C controller of L0, L4, F7, G0, H7: RM0432 43.4 (transfers), 43.9 (registers). Master mode; target mode, SMBus
// time-outs and PEC are not modelled.
#include "peripherals/dma/dma_request.h"
#include "peripherals/i2c/i2c_targets.h"
#include "peripherals/makers.h"
#include "peripherals/pending_step.h"
#include "peripherals/register_file.h"

#include <algorithm>
#include <optional>

namespace simprof {
namespace {

constexpr std::uint32_t kCr1 = 0x00, kCr2 = 0x04, kTimingr = 0x10, kIsr = 0x18, kIcr = 0x1C, kRxdr = 0x24, kTxdr = 0x28;
constexpr std::uint32_t kTxe = 1U << 0, kTxis = 1U << 1, kRxne = 1U << 2, kNackf = 1U << 4, kStopf = 1U << 5,
                        kTc = 1U << 6, kTcr = 1U << 7, kBusy = 1U << 15;
constexpr std::uint32_t kErrors = 0x3F00; ///< BERR to ALERT
constexpr unsigned kRead = 10, kStart = 13, kStop = 14, kReload = 24, kAutoend = 25;

class Stm32I2cV2 final : public RegisterFile {
public:
    Stm32I2cV2(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : RegisterFile(desc, services,
                       {{kCr1, "CR1", 0, 0xFFFFDF},
                        {kCr2, "CR2"},
                        {0x08, "OAR1"},
                        {0x0C, "OAR2"},
                        {kTimingr, "TIMINGR"},
                        {0x14, "TIMEOUTR"},
                        {kIsr, "ISR", kTxe},
                        {kIcr, "ICR", 0, 0},
                        {0x20, "PECR", 0, 0},
                        {kRxdr, "RXDR", 0, 0},
                        {kTxdr, "TXDR", 0, 0xFF}})
        , m_targets(board, desc.name, services)
        , m_irqEvent(irqLine(desc.irqs.contains("ev") ? "ev" : ""))
        , m_irqError(irqLine("er"))
        , m_dmaRx(services, option("dma_rx"))
        , m_dmaTx(services, option("dma_tx")) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == kRxdr) {
            clearBits(kIsr, kRxne);
            const std::uint32_t byte = value(kRxdr);
            if (m_held) { // the byte behind it was shifted already
                m_held = false;
                received();
            }
            drive();
            return byte;
        }
        return value(offset);
    }

    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        switch (offset) {
        case kCr1:
            store(offset, written, lanes);
            if (!bit(kCr1, 0)) { // RM0432 43.4.6: PE = 0 resets the state machine
                release();
                setValue(kIsr, kTxe);
                clearBits(kCr2, 1U << kStart | 1U << kStop);
            }
            break;
        case kCr2: control(written, lanes); break;
        case kIsr: // TXE is set by software to flush
            if ((written & kTxe) != 0) {
                setBits(kIsr, kTxe);
                m_next.reset();
            }
            break;
        case kIcr: clearBits(kIsr, written & (kErrors | kNackf | kStopf | 8U)); break;
        case kTxdr:
            store(offset, written, lanes);
            m_next = static_cast<std::uint8_t>(value(kTxdr));
            clearBits(kIsr, kTxe | kTxis);
            if (m_phase == Phase::Transmit && !m_step.pending()) {
                transmit();
            }
            break;
        default: store(offset, written, lanes); break;
        }
        drive();
    }

    void onReset() override {
        release();
        m_next.reset();
        drive();
    }

private:
    enum class Phase : std::uint8_t { Idle, Address, Transmit, Receive };

    void release() {
        m_step.cancel();
        m_phase = Phase::Idle;
        m_targets.release();
        m_held = false;
        m_left = 0;
    }

    /// Core cycles of one SCL period: RM0432 43.4.9; t_SYNC1 + t_SYNC2 are at least four kernel clocks.
    double bitCycles() const {
        const std::uint32_t low = field(kTimingr, 0, 8) + 1;
        const std::uint32_t high = field(kTimingr, 8, 8) + 1;
        const double kernel = static_cast<double>(std::max<Hertz>(inputClock(), 1));
        return ((low + high) * (field(kTimingr, 28, 4) + 1) + 4) * static_cast<double>(services().coreClock()) / kernel;
    }
    void after(unsigned bits, void (Stm32I2cV2::*action)()) {
        m_step.after(bits * bitCycles(), [this, action] {
            (this->*action)();
            drive();
        });
    }

    void control(std::uint32_t written, std::uint32_t lanes) {
        const bool waitsForReload = (value(kIsr) & kTcr) != 0;
        store(kCr2, written, lanes);
        if (!bit(kCr1, 0)) {
            clearBits(kCr2, 1U << kStart | 1U << kStop);
            return;
        }
        if (bit(kCr2, kStart) && m_phase != Phase::Address && !m_step.pending()) {
            begin();
        } else if (bit(kCr2, kStop) && (value(kIsr) & kTc) != 0) {
            clearBits(kIsr, kTc);
            after(1, &Stm32I2cV2::stop);
        } else if (waitsForReload && field(kCr2, 16, 8) != 0) {
            clearBits(kIsr, kTcr);
            m_left = field(kCr2, 16, 8);
            m_phase == Phase::Receive ? receive() : transmit();
        }
    }

    void begin() {
        m_phase = Phase::Address;
        m_left = field(kCr2, 16, 8);
        clearBits(kIsr, kTc | kTcr);
        setBits(kIsr, kBusy);
        after(10, &Stm32I2cV2::addressed); // start condition, seven bits, direction, acknowledge
    }

    void addressed() {
        clearBits(kCr2, 1U << kStart);
        if (bit(kCr2, 11) || !m_targets.start(field(kCr2, 1, 7), bit(kCr2, kRead))) { // ten bits: nobody
            refused();
            return;
        }
        m_phase = bit(kCr2, kRead) ? Phase::Receive : Phase::Transmit;
        if (m_left == 0) {
            counted();
        } else if (m_phase == Phase::Receive) {
            receive();
        } else {
            transmit();
        }
    }

    void refused() {
        setBits(kIsr, kNackf);
        m_phase = Phase::Idle;
        after(1, &Stm32I2cV2::stop); // sent by itself (RM0432 43.4.9)
    }

    void transmit() {
        if (!m_next) {
            setBits(kIsr, kTxis | kTxe);
            return;
        }
        m_shift = *m_next;
        m_next.reset();
        setBits(kIsr, kTxe);
        if (m_left > 1) {
            setBits(kIsr, kTxis);
        }
        after(9, &Stm32I2cV2::transmitted);
    }
    void transmitted() {
        if (!m_targets.write(m_shift)) {
            clearBits(kIsr, kTxis);
            refused();
        } else if (--m_left == 0) {
            counted();
        } else {
            transmit();
        }
    }

    void receive() { after(9, &Stm32I2cV2::received); }
    void received() {
        if ((value(kIsr) & kRxne) != 0) { // SCL is held low until the byte before is read
            m_held = true;
            return;
        }
        setValue(kRxdr, m_targets.read());
        setBits(kIsr, kRxne);
        if (--m_left == 0) {
            counted();
        } else {
            receive();
        }
    }

    /// NBYTES are through.
    void counted() {
        if (bit(kCr2, kReload)) {
            setBits(kIsr, kTcr);
        } else if (bit(kCr2, kAutoend) || bit(kCr2, kStop)) {
            after(1, &Stm32I2cV2::stop);
        } else {
            setBits(kIsr, kTc);
        }
    }
    void stop() {
        m_targets.stop();
        m_phase = Phase::Idle;
        clearBits(kIsr, kBusy | kTc | kTxis);
        clearBits(kCr2, 1U << kStop);
        setBits(kIsr, kStopf | kTxe);
    }

    void drive() {
        const std::uint32_t isr = value(kIsr);
        const std::uint32_t cr1 = value(kCr1);
        // TXIE to STOPIE enable the flags above them; TCIE both TC and TCR.
        const std::uint32_t wanted = (cr1 & 0x3E) | ((cr1 & 0x40) != 0 ? kTc | kTcr : 0);
        const bool error = (cr1 & 0x80) != 0 && (isr & kErrors) != 0;
        m_irqEvent.set((isr & wanted) != 0 || (error && !m_irqError.connected()));
        m_irqError.set(error);
        m_dmaTx.set((isr & kTxis) != 0 && bit(kCr1, 14));
        m_dmaRx.set((isr & kRxne) != 0 && bit(kCr1, 15));
    }

    I2cTargets m_targets;
    IrqLine m_irqEvent, m_irqError;
    DmaRequest m_dmaRx, m_dmaTx;
    PendingStep m_step{services()};
    Phase m_phase = Phase::Idle;
    unsigned m_left = 0;
    std::optional<std::uint8_t> m_next; ///< in TXDR
    std::uint8_t m_shift = 0;
    bool m_held = false; ///< a byte has been received for which RXDR is not free
};

} // namespace

std::span<const PeripheralMaker> stm32I2cMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_i2c_v2", "I2C master with attached sensors: interrupts, DMA, bus time", makeDevice<Stm32I2cV2>},
    };
    return kMakers;
}

} // namespace simprof
