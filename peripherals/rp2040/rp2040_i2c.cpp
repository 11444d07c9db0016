// SPDX-License-Identifier: GPL-2.0-or-later
// I2C controller (Synopsys DW_apb_i2c) and SPI (PL022): RP2040 data sheet 4.3 and 4.4. Masters with FIFOs, interrupts,
// DMA and attached sensors; slave modes are not modelled.
#include "peripherals/clock_tree.h"
#include "peripherals/dma/dma_request.h"
#include "peripherals/i2c/i2c_targets.h"
#include "peripherals/makers.h"
#include "peripherals/pending_step.h"
#include "peripherals/rp2040/rp2040_device.h"
#include "peripherals/spi/spi_targets.h"

#include <algorithm>
#include <deque>

namespace simprof {
namespace {

// ---- I2C ------------------------------------------------------------------------------------------------------------

constexpr std::uint32_t kCon = 0x00, kTar = 0x04, kData = 0x10, kSsHigh = 0x14, kFsHigh = 0x1C, kIntrStat = 0x2C,
                        kIntrMask = 0x30, kRawIntr = 0x34, kRxTl = 0x38, kTxTl = 0x3C, kClrIntr = 0x40,
                        kClrTxAbrt = 0x54, kEnable = 0x6C, kStatus = 0x70, kTxflr = 0x74, kRxflr = 0x78,
                        kAbortSource = 0x80, kDmaCr = 0x88, kDmaTdl = 0x8C, kDmaRdl = 0x90, kEnableStatus = 0x9C;
constexpr std::uint32_t kRxUnder = 1U << 0, kRxOver = 1U << 1, kRxFull = 1U << 2, kTxEmpty = 1U << 4, kTxAbrt = 1U << 6,
                        kActivity = 1U << 8, kStopDet = 1U << 9, kStartDet = 1U << 10;
constexpr std::size_t kI2cDepth = 16;

std::vector<RegisterRow> i2cRows() {
    std::vector<RegisterRow> rows = {{kCon, "IC_CON", 0x65, 0x3FF},
                                     {kTar, "IC_TAR", 0x55, 0xFFF},
                                     {0x08, "IC_SAR", 0x55, 0x3FF},
                                     {kData, "IC_DATA_CMD"},
                                     {kSsHigh, "IC_SS_SCL_HCNT", 0x28, 0xFFFF},
                                     {0x18, "IC_SS_SCL_LCNT", 0x2F, 0xFFFF},
                                     {kFsHigh, "IC_FS_SCL_HCNT", 6, 0xFFFF},
                                     {0x20, "IC_FS_SCL_LCNT", 13, 0xFFFF},
                                     {kIntrStat, "IC_INTR_STAT", 0, 0},
                                     {kIntrMask, "IC_INTR_MASK", 0x8FF, 0x1FFF},
                                     {kRawIntr, "IC_RAW_INTR_STAT", 0, 0},
                                     {kRxTl, "IC_RX_TL", 0, 0xFF},
                                     {kTxTl, "IC_TX_TL", 0, 0xFF},
                                     {kEnable, "IC_ENABLE", 0, 7},
                                     {kStatus, "IC_STATUS", 6, 0},
                                     {kTxflr, "IC_TXFLR", 0, 0},
                                     {kRxflr, "IC_RXFLR", 0, 0},
                                     {0x7C, "IC_SDA_HOLD", 1},
                                     {kAbortSource, "IC_TX_ABRT_SOURCE", 0, 0},
                                     {0x84, "IC_SLV_DATA_NACK_ONLY"},
                                     {kDmaCr, "IC_DMA_CR", 0, 3},
                                     {kDmaTdl, "IC_DMA_TDLR", 0, 15},
                                     {kDmaRdl, "IC_DMA_RDLR", 0, 15},
                                     {0x94, "IC_SDA_SETUP", 0x64},
                                     {0x98, "IC_ACK_GENERAL_CALL", 1},
                                     {kEnableStatus, "IC_ENABLE_STATUS", 0, 0},
                                     {0xA0, "IC_FS_SPKLEN", 7},
                                     {0xF4, "IC_COMP_PARAM_1", 0, 0},
                                     {0xF8, "IC_COMP_VERSION", 0x3230312A, 0},
                                     {0xFC, "IC_COMP_TYPE", 0x44570140, 0}};
    for (std::uint32_t clear = kClrIntr; clear <= 0x68; clear += 4) {
        rows.push_back({clear, "IC_CLR_x", 0, 0});
    }
    rows.push_back({0xA8, "IC_CLR_RESTART_DET", 0, 0});
    return rows;
}

class Rp2040I2c final : public Rp2040Device {
public:
    Rp2040I2c(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : Rp2040Device(desc, services, i2cRows())
        , m_targets(board, desc.name, services)
        , m_irq(irqLine())
        , m_dmaTx(services, option("dma_tx"))
        , m_dmaRx(services, option("dma_rx")) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        // What each IC_CLR register clears, from 0x40 on (4.3.17).
        static constexpr std::uint32_t kClears[] = {0xFFF,   kRxUnder,  kRxOver,  1U << 3,   1U << 5, kTxAbrt,
                                                    1U << 7, kActivity, kStopDet, kStartDet, 1U << 11};
        switch (offset) {
        case kData: return take();
        case kIntrStat: return raw() & value(kIntrMask);
        case kRawIntr: return raw();
        case kStatus:
            return (m_step.pending() || m_busOwned ? 0x21U : 0) | (m_commands.size() < kI2cDepth ? 2U : 0) |
                   (m_commands.empty() ? 4U : 0) | (m_received.empty() ? 0 : 8U) |
                   (m_received.size() == kI2cDepth ? 16U : 0);
        case kTxflr: return static_cast<std::uint32_t>(m_commands.size());
        case kRxflr: return static_cast<std::uint32_t>(m_received.size());
        case kEnableStatus: return value(kEnable) & 1U;
        default: break;
        }
        if (offset >= kClrIntr && offset <= 0x68) {
            m_flags &= ~kClears[(offset - kClrIntr) / 4];
            if (offset == kClrIntr || offset == kClrTxAbrt) {
                setValue(kAbortSource, 0);
            }
            drive();
            return 1;
        }
        return value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kData) {
            if (bit(kEnable, 0) && (m_flags & kTxAbrt) == 0 && m_commands.size() < kI2cDepth) {
                m_commands.push_back(static_cast<std::uint16_t>(written & 0x7FF));
                next();
            }
        } else {
            store(offset, written, lanes);
            if (offset == kEnable && !bit(kEnable, 0)) {
                quiet();
            }
        }
        drive();
    }
    void onReset() override {
        quiet();
        m_flags = 0;
        drive();
    }

private:
    static constexpr std::uint16_t kReadCommand = 1U << 8, kStopCommand = 1U << 9, kRestart = 1U << 10;

    void quiet() {
        m_step.cancel();
        m_commands.clear();
        m_received.clear();
        m_targets.release();
        m_busOwned = false;
    }
    double bitCycles() const {
        const std::uint32_t first = field(kCon, 1, 2) == 1 ? kSsHigh : kFsHigh;
        const double clock = static_cast<double>(std::max<Hertz>(inputClock(), 1));
        return (value(first) + value(first + 4)) * static_cast<double>(services().coreClock()) / clock;
    }
    void after(unsigned bits, void (Rp2040I2c::*action)()) {
        m_step.after(bits * bitCycles(), [this, action] {
            (this->*action)();
            drive();
        });
    }
    void next() {
        if (m_step.pending() || m_commands.empty()) {
            return;
        }
        const std::uint16_t command = m_commands.front();
        const bool read = (command & kReadCommand) != 0;
        if (!m_busOwned || read != m_reading || (command & kRestart) != 0) {
            if (m_busOwned && !m_started) {
                m_busOwned = false; // a repeated start
            }
            if (!m_started) {
                m_reading = read;
                m_busOwned = true;
                m_flags |= kStartDet | kActivity;
                after(10, &Rp2040I2c::addressed);
                return;
            }
        }
        m_started = false;
        if (!(read && m_received.size() == kI2cDepth)) { // else SCL is held until there is room
            after(9, &Rp2040I2c::moved);
        }
    }
    void addressed() {
        if (!m_targets.start(value(kTar) & 0x7F, m_reading)) {
            m_commands.clear(); // flushed until the abort is cleared (4.3.7)
            m_flags |= kTxAbrt | kStopDet;
            setBits(kAbortSource, 1U); // ABRT_7B_ADDR_NOACK
            m_busOwned = false;
            return;
        }
        m_started = true;
        next();
    }
    void moved() {
        const std::uint16_t command = m_commands.front();
        m_commands.pop_front();
        if ((command & kReadCommand) != 0) {
            m_received.push_back(m_targets.read());
        } else if (!m_targets.write(static_cast<std::uint8_t>(command))) {
            m_commands.clear();
            m_flags |= kTxAbrt;
            setBits(kAbortSource, 8U); // ABRT_TXDATA_NOACK
        }
        if ((command & kStopCommand) != 0 || (m_flags & kTxAbrt) != 0) {
            m_targets.stop();
            m_busOwned = false;
            m_flags |= kStopDet;
        }
        next();
    }
    std::uint32_t take() {
        if (m_received.empty()) {
            m_flags |= kRxUnder;
            drive();
            return 0;
        }
        const std::uint32_t byte = m_received.front();
        m_received.pop_front();
        next();
        drive();
        return byte;
    }
    std::uint32_t raw() const {
        return m_flags | (m_received.size() > value(kRxTl) ? kRxFull : 0) |
               (bit(kEnable, 0) && m_commands.size() <= value(kTxTl) ? kTxEmpty : 0);
    }
    void drive() {
        m_irq.set((raw() & value(kIntrMask)) != 0);
        m_dmaTx.set(bit(kDmaCr, 1) && bit(kEnable, 0) && m_commands.size() <= value(kDmaTdl));
        m_dmaRx.set(bit(kDmaCr, 0) && m_received.size() > value(kDmaRdl));
    }

    I2cTargets m_targets;
    IrqLine m_irq;
    DmaRequest m_dmaTx, m_dmaRx;
    std::deque<std::uint16_t> m_commands;
    std::deque<std::uint8_t> m_received;
    std::uint32_t m_flags = 0;
    bool m_busOwned = false, m_reading = false;
    bool m_started = false; ///< the address is through, the first byte of its command is not
    PendingStep m_step{services()};
};

// ---- SPI ------------------------------------------------------------------------------------------------------------

constexpr std::uint32_t kCr0 = 0x00, kCr1 = 0x04, kDr = 0x08, kSr = 0x0C, kCpsr = 0x10, kImsc = 0x14, kRis = 0x18,
                        kMis = 0x1C, kIcr = 0x20, kDmacr = 0x24;
constexpr std::size_t kSpiDepth = 8;

class Rp2040Spi final : public Rp2040Device {
public:
    Rp2040Spi(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : Rp2040Device(desc, services,
                       {{kCr0, "SSPCR0", 0, 0xFFFF},
                        {kCr1, "SSPCR1", 0, 15},
                        {kDr, "SSPDR"},
                        {kSr, "SSPSR", 3, 0},
                        {kCpsr, "SSPCPSR", 0, 0xFE},
                        {kImsc, "SSPIMSC", 0, 15},
                        {kRis, "SSPRIS", 8, 0},
                        {kMis, "SSPMIS", 0, 0},
                        {kIcr, "SSPICR", 0, 0},
                        {kDmacr, "SSPDMACR", 0, 3},
                        {0xFE0, "SSPPERIPHID0", 0x22, 0},
                        {0xFE4, "SSPPERIPHID1", 0x10, 0},
                        {0xFE8, "SSPPERIPHID2", 0x34, 0},
                        {0xFEC, "SSPPERIPHID3", 0, 0}})
        , m_targets(board, desc.name, services)
        , m_irq(irqLine())
        , m_dmaTx(services, option("dma_tx"))
        , m_dmaRx(services, option("dma_rx")) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        switch (offset) {
        case kDr: {
            const std::uint32_t data = m_received.empty() ? 0 : m_received.front();
            if (!m_received.empty()) {
                m_received.pop_front();
            }
            drive();
            return data;
        }
        case kSr:
            return (m_sent.empty() ? 1U : 0) | (m_sent.size() < kSpiDepth ? 2U : 0) | (m_received.empty() ? 0 : 4U) |
                   (m_received.size() == kSpiDepth ? 8U : 0) | (m_step.pending() || !m_sent.empty() ? 16U : 0);
        case kRis: return raw();
        case kMis: return raw() & value(kImsc);
        default: return value(offset);
        }
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kDr) {
            if (m_sent.size() < kSpiDepth) {
                m_sent.push_back(static_cast<std::uint16_t>(written));
            }
        } else if (offset == kIcr) {
            m_overrun = m_overrun && (written & 1U) == 0;
        } else {
            store(offset, written, lanes);
        }
        shift();
        drive();
    }
    void onReset() override {
        m_step.cancel();
        m_sent.clear();
        m_received.clear();
        m_overrun = false;
        m_targets.connect(services());
        drive();
    }

private:
    unsigned frameBits() const { return field(kCr0, 0, 4) + 1; }
    /// Overrun, receive FIFO half full, transmit FIFO half empty; a received frame that waits counts as the time-out.
    std::uint32_t raw() const {
        return (m_overrun ? 1U : 0) | (!m_received.empty() && m_sent.empty() && !m_step.pending() ? 2U : 0) |
               (m_received.size() >= kSpiDepth / 2 ? 4U : 0) | (m_sent.size() <= kSpiDepth / 2 ? 8U : 0);
    }
    void shift() {
        if (m_step.pending() || m_sent.empty() || !bit(kCr1, 1) || value(kCpsr) == 0) {
            return;
        }
        const std::uint16_t out = m_sent.front();
        m_sent.pop_front();
        const double clock = static_cast<double>(std::max<Hertz>(inputClock(), 1));
        const double bitCycles =
            value(kCpsr) * (field(kCr0, 8, 8) + 1.0) * static_cast<double>(services().coreClock()) / clock;
        m_step.after(frameBits() * bitCycles, [this, out] {
            const std::uint16_t in = m_targets.exchangeFrame(out, frameBits());
            if (m_received.size() < kSpiDepth) {
                m_received.push_back(in);
            } else {
                m_overrun = true;
            }
            shift();
            drive();
        });
    }
    void drive() {
        m_irq.set((raw() & value(kImsc)) != 0);
        m_dmaTx.set(bit(kDmacr, 1) && bit(kCr1, 1) && m_sent.size() < kSpiDepth);
        m_dmaRx.set(bit(kDmacr, 0) && !m_received.empty());
    }

    SpiTargets m_targets;
    IrqLine m_irq;
    DmaRequest m_dmaTx, m_dmaRx;
    std::deque<std::uint16_t> m_sent, m_received;
    bool m_overrun = false;
    PendingStep m_step{services()};
};

} // namespace

std::span<const PeripheralMaker> rp2040BusMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"rp2040_i2c", "I2C master with FIFOs and attached sensors: aborts, interrupts, DMA, bus time",
         makeDevice<Rp2040I2c>},
        {"rp2040_spi", "SPI master with FIFOs and attached sensors: interrupts, DMA, bus time", makeDevice<Rp2040Spi>},
    };
    return kMakers;
}

} // namespace simprof
