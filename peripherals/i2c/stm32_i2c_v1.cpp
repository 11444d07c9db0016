// SPDX-License-Identifier: GPL-2.0-or-later
// I2C controller of the STM32F4: RM0090 27.3.3 (master mode), 27.6 (registers). Target mode, SMBus and PEC are not
// modelled.
#include "peripherals/dma/dma_request.h"
#include "peripherals/i2c/i2c_targets.h"
#include "peripherals/makers.h"
#include "peripherals/pending_step.h"
#include "peripherals/register_file.h"

#include <algorithm>

namespace simprof {
namespace {

constexpr std::uint32_t kCr1 = 0x00, kCr2 = 0x04, kDr = 0x10, kSr1 = 0x14, kSr2 = 0x18, kCcr = 0x1C;
constexpr std::uint32_t kSb = 1U << 0, kAddr = 1U << 1, kBtf = 1U << 2, kRxne = 1U << 6, kTxe = 1U << 7, kAf = 1U << 10,
                        kErrors = 0xDF00;
constexpr std::uint32_t kMsl = 1U << 0, kBusy = 1U << 1, kTra = 1U << 2;
constexpr unsigned kPe = 0, kStart = 8, kStop = 9, kAck = 10;

class Stm32I2cV1 final : public RegisterFile {
public:
    Stm32I2cV1(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : RegisterFile(desc, services,
                       {{kCr1, "CR1", 0, 0xFFFB},
                        {kCr2, "CR2", 0, 0x1F3F},
                        {0x08, "OAR1"},
                        {0x0C, "OAR2"},
                        {kDr, "DR", 0, 0xFF},
                        {kSr1, "SR1", 0, 0},
                        {kSr2, "SR2", 0, 0},
                        {kCcr, "CCR", 0, 0xCFFF},
                        {0x20, "TRISE", 2, 0x3F},
                        {0x24, "FLTR"}})
        , m_targets(board, desc.name, services)
        , m_irqEvent(irqLine("ev"))
        , m_irqError(irqLine("er"))
        , m_dmaRx(services, option("dma_rx"))
        , m_dmaTx(services, option("dma_tx")) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        const std::uint32_t result = value(offset);
        if (offset == kSr1) {
            m_statusRead = true;
        } else if (offset == kSr2 && m_statusRead && (value(kSr1) & kAddr) != 0) {
            clearBits(kSr1, kAddr); // SR1 then SR2
            m_statusRead = false;
            addressSeen();
        } else if (offset == kDr) {
            clearBits(kSr1, kRxne | kBtf);
            if (m_hasNext) {
                m_hasNext = false;
                deliver(m_next);
                receive();
            }
        }
        drive();
        return result;
    }

    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kCr1) {
            store(kCr1, written, lanes);
            control();
        } else if (offset == kDr) {
            store(kDr, written, lanes);
            dataWritten();
        } else if (offset == kSr1) {
            setValue(kSr1, value(kSr1) & (written | ~(lanes & kErrors)));
        } else {
            store(offset, written, lanes);
        }
        drive();
    }

    void onReset() override {
        release();
        drive();
    }

private:
    enum class Phase : std::uint8_t { Idle, Started, Transmit, Receive };

    void release() {
        m_step.cancel();
        m_phase = Phase::Idle;
        m_targets.release();
        m_hasNext = m_full = m_statusRead = false;
        setValue(kSr1, 0);
        setValue(kSr2, 0);
    }
    /// RM0090 27.6.8: SCL high and low for CCR clocks each; fast mode 1:2 or 9:16.
    double bitCycles() const {
        const double clock = static_cast<double>(std::max<Hertz>(inputClock(), 1));
        const std::uint32_t ccr = std::max(field(kCcr, 0, 12), 1U);
        const unsigned parts = !bit(kCcr, 15) ? 2 : bit(kCcr, 14) ? 25 : 3;
        return ccr * parts * static_cast<double>(services().coreClock()) / clock;
    }
    void after(unsigned bits, void (Stm32I2cV1::*action)()) {
        m_step.after(bits * bitCycles(), [this, action] {
            (this->*action)();
            drive();
        });
    }

    void control() {
        if (!bit(kCr1, kPe) || bit(kCr1, 15)) { // SWRST
            release();
            clearBits(kCr1, 1U << kStart | 1U << kStop);
        } else if (!m_step.pending() && !m_hasNext) {
            conditions();
        }
    }
    /// Start and stop are sent when the bus is free or the byte in work is through.
    bool conditions() {
        if (bit(kCr1, kStop) && (value(kSr2) & kMsl) != 0) {
            after(1, &Stm32I2cV1::stopped);
            return true;
        }
        if (bit(kCr1, kStart)) {
            setBits(kSr2, kBusy | kMsl);
            after(1, &Stm32I2cV1::started);
            return true;
        }
        return false;
    }
    void started() {
        clearBits(kCr1, 1U << kStart);
        clearBits(kSr1, kTxe | kBtf);
        setBits(kSr1, kSb);
        m_phase = Phase::Started;
        m_full = false;
    }
    void stopped() {
        m_targets.stop();
        m_phase = Phase::Idle;
        clearBits(kCr1, 1U << kStop);
        clearBits(kSr1, kTxe | kBtf);
        setValue(kSr2, 0);
        conditions();
    }

    void dataWritten() {
        if (m_phase == Phase::Started && (value(kSr1) & kSb) != 0) {
            clearBits(kSr1, kSb);
            after(9, &Stm32I2cV1::addressed);
        } else if (m_phase == Phase::Transmit) {
            clearBits(kSr1, kTxe | kBtf);
            m_full = true;
            if (!m_step.pending()) {
                transmit();
            }
        }
    }
    void addressed() {
        const std::uint32_t byte = value(kDr);
        const bool read = (byte & 1U) != 0;
        if (!m_targets.start(byte >> 1, read)) {
            setBits(kSr1, kAf);
            conditions();
            return;
        }
        m_phase = read ? Phase::Receive : Phase::Transmit;
        setBits(kSr1, kAddr);
        if (read) {
            clearBits(kSr2, kTra);
        } else {
            setBits(kSr2, kTra);
        }
    }
    void addressSeen() {
        if (m_phase == Phase::Receive) {
            receive();
        } else {
            setBits(kSr1, kTxe);
        }
    }
    void transmit() {
        m_shift = static_cast<std::uint8_t>(value(kDr));
        m_full = false;
        setBits(kSr1, kTxe);
        after(9, &Stm32I2cV1::transmitted);
    }
    void transmitted() {
        if (!m_targets.write(m_shift)) {
            setBits(kSr1, kAf);
        } else if (m_full) {
            transmit();
            return;
        } else {
            setBits(kSr1, kBtf);
        }
        conditions();
    }
    void receive() {
        if (m_phase == Phase::Receive) {
            after(9, &Stm32I2cV1::received);
        }
    }
    /// A byte is acknowledged or not as ACK says when it ends; without it, or with STOP, it is the last.
    void received() {
        const std::uint8_t byte = m_targets.read();
        const bool last = !bit(kCr1, kAck) || bit(kCr1, kStop);
        if ((value(kSr1) & kRxne) != 0) { // SCL is held until DR is read
            m_hasNext = true;
            m_next = byte;
            setBits(kSr1, kBtf);
            m_phase = last ? Phase::Idle : m_phase;
            if (last) {
                conditions();
            }
            return;
        }
        deliver(byte);
        if (last) {
            m_phase = Phase::Idle;
            conditions();
        } else {
            receive();
        }
    }
    void deliver(std::uint8_t byte) {
        setValue(kDr, byte);
        setBits(kSr1, kRxne);
    }

    void drive() {
        const std::uint32_t sr = value(kSr1);
        const bool buffers = bit(kCr2, 10) && (sr & (kRxne | kTxe)) != 0;
        m_irqEvent.set(bit(kCr2, 9) && ((sr & (kSb | kAddr | kBtf)) != 0 || buffers));
        m_irqError.set(bit(kCr2, 8) && (sr & kErrors) != 0);
        m_dmaTx.set(bit(kCr2, 11) && (sr & kTxe) != 0);
        m_dmaRx.set(bit(kCr2, 11) && (sr & kRxne) != 0);
    }

    I2cTargets m_targets;
    IrqLine m_irqEvent, m_irqError;
    DmaRequest m_dmaRx, m_dmaTx;
    PendingStep m_step{services()};
    Phase m_phase = Phase::Idle;
    std::uint8_t m_shift = 0, m_next = 0;
    bool m_full = false;    ///< DR holds a byte that is not in the shift register yet
    bool m_hasNext = false; ///< a byte was received while DR was full
    bool m_statusRead = false;
};

} // namespace

std::span<const PeripheralMaker> stm32I2cV1Makers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_i2c_v1", "I2C master with attached sensors: interrupts, DMA, bus time", makeDevice<Stm32I2cV1>},
    };
    return kMakers;
}

} // namespace simprof
