// SPDX-License-Identifier: GPL-2.0-or-later
// SPI of STM32 with one data register: v1 (F4, L0) RM0090 28, RM0367 30; v2 with a FIFO of four bytes (L4, F7, G0)
// RM0432 42. Master mode, frames of up to 8 bits go to attached sensors; CRC, I2S and slave mode are not modelled.
#include "peripherals/dma/dma_request.h"
#include "peripherals/makers.h"
#include "peripherals/pending_step.h"
#include "peripherals/register_file.h"
#include "peripherals/spi/spi_targets.h"

#include <algorithm>
#include <deque>

namespace simprof {
namespace {

constexpr std::uint32_t kCr1 = 0x00, kCr2 = 0x04, kSr = 0x08, kDr = 0x0C;
constexpr std::uint32_t kRxne = 1U << 0, kTxe = 1U << 1, kOvr = 1U << 6, kBsy = 1U << 7;
constexpr unsigned kMstr = 2, kSpe = 6, kRxonly = 10, kDff = 11;

class Stm32Spi final : public RegisterFile {
public:
    Stm32Spi(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : RegisterFile(desc, services,
                       {{kCr1, "CR1", 0, 0xFFFF},
                        {kCr2, "CR2", desc.type == "stm32_spi_v2" ? 0x700U : 0U, 0xFFFF},
                        {kSr, "SR", kTxe, 0},
                        {kDr, "DR"},
                        {0x10, "CRCPR", 7},
                        {0x14, "RXCRCR", 0, 0},
                        {0x18, "TXCRCR", 0, 0},
                        {0x1C, "I2SCFGR"},
                        {0x20, "I2SPR", 2}})
        , m_v2(desc.type == "stm32_spi_v2")
        , m_targets(board, desc.name, services)
        , m_irq(irqLine())
        , m_dmaRx(services, option("dma_rx"))
        , m_dmaTx(services, option("dma_tx")) {}

    std::uint32_t read(std::uint32_t offset, unsigned size) override {
        if ((offset & ~3U) != kDr) {
            return RegisterFile::read(offset, size);
        }
        std::uint32_t data = take();
        if (m_v2 && frameBits() <= 8 && size > 1) {
            data |= m_rx.empty() ? 0 : take() << 8; // data packing
        }
        clearBits(kSr, kOvr);
        drive();
        return data;
    }

    void write(std::uint32_t offset, unsigned size, std::uint32_t value) override {
        if ((offset & ~3U) != kDr) {
            RegisterFile::write(offset, size, value);
            return;
        }
        const bool packs = m_v2 && frameBits() <= 8 && size > 1;
        m_tx.push_back(static_cast<std::uint16_t>(packs ? value & 0xFF : value));
        if (packs) {
            m_tx.push_back(static_cast<std::uint16_t>(value >> 8 & 0xFF));
        }
        while (m_tx.size() > depth()) {
            m_tx.pop_back(); // a full buffer takes nothing more
        }
        shift();
        drive();
    }

protected:
    std::uint32_t onRead(std::uint32_t offset) override { return offset == kSr ? status() : value(offset); }

    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        store(offset, written, lanes);
        if (offset == kCr1 && !bit(kCr1, kSpe)) {
            m_step.cancel();
            m_tx.clear();
        }
        shift();
        drive();
    }

    void onReset() override {
        m_step.cancel();
        m_tx.clear();
        m_rx.clear();
        m_targets.connect(services());
        drive();
    }

private:
    std::size_t depth() const { return m_v2 ? (frameBits() <= 8 ? 4 : 2) : 1; }
    unsigned frameBits() const { return m_v2 ? field(kCr2, 8, 4) + 1 : bit(kCr1, kDff) ? 16 : 8; }
    /// Received frames that raise RXNE: two bytes, or one with FRXTH (v2).
    std::size_t threshold() const { return m_v2 && frameBits() <= 8 && !bit(kCr2, 12) ? 2 : 1; }

    std::uint32_t status() const {
        std::uint32_t sr = value(kSr) & kOvr;
        sr |= m_rx.size() >= threshold() ? kRxne : 0;
        sr |= m_tx.size() <= depth() / 2 && m_tx.size() < depth() ? kTxe : 0;
        sr |= m_step.pending() || !m_tx.empty() ? kBsy : 0;
        if (m_v2) {
            const std::size_t unit = frameBits() <= 8 ? 1 : 2;
            sr |= static_cast<std::uint32_t>(std::min<std::size_t>(m_rx.size() * unit, 3)) << 9;
            sr |= static_cast<std::uint32_t>(std::min<std::size_t>(m_tx.size() * unit, 3)) << 11;
        }
        return sr;
    }

    std::uint32_t take() {
        if (m_rx.empty()) {
            return m_last;
        }
        m_last = m_rx.front();
        m_rx.pop_front();
        return m_last;
    }

    void shift() {
        const bool receivesOnly = bit(kCr1, kRxonly);
        if (m_step.pending() || !bit(kCr1, kSpe) || !bit(kCr1, kMstr) || (m_tx.empty() && !receivesOnly)) {
            return;
        }
        const std::uint16_t out = m_tx.empty() ? 0 : m_tx.front();
        if (!m_tx.empty()) {
            m_tx.pop_front();
        }
        const double kernel = static_cast<double>(inputClock());
        const double bitCycles =
            kernel == 0 ? 1 : (2U << field(kCr1, 3, 3)) * static_cast<double>(services().coreClock()) / kernel;
        m_step.after(frameBits() * bitCycles, [this, out] { shifted(out); });
    }

    void shifted(std::uint16_t out) {
        const std::uint16_t in = m_targets.exchangeFrame(out, frameBits());
        if (m_rx.size() < depth()) {
            m_rx.push_back(in);
        } else {
            setBits(kSr, kOvr);
        }
        shift();
        drive();
    }

    void drive() {
        const std::uint32_t sr = status();
        const std::uint32_t cr2 = value(kCr2);
        m_irq.set(((cr2 & 1U << 7) != 0 && (sr & kTxe) != 0) || ((cr2 & 1U << 6) != 0 && (sr & kRxne) != 0) ||
                  ((cr2 & 1U << 5) != 0 && (sr & kOvr) != 0));
        m_dmaRx.set((cr2 & 1U) != 0 && (sr & kRxne) != 0);
        m_dmaTx.set((cr2 & 2U) != 0 && (sr & kTxe) != 0 && bit(kCr1, kSpe));
    }

    const bool m_v2;
    SpiTargets m_targets;
    IrqLine m_irq;
    DmaRequest m_dmaRx, m_dmaTx;
    std::deque<std::uint16_t> m_tx, m_rx;
    std::uint32_t m_last = 0;
    PendingStep m_step{services()};
};

} // namespace

std::span<const PeripheralMaker> stm32SpiMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_spi_v1", "SPI master with attached sensors: interrupts, DMA, bus time", makeDevice<Stm32Spi>},
        {"stm32_spi_v2", "SPI master with FIFO and attached sensors: interrupts, DMA, bus time", makeDevice<Stm32Spi>},
    };
    return kMakers;
}

} // namespace simprof
