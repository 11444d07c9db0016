// SPDX-License-Identifier: GPL-2.0-or-later
// SPI of the STM32H7 (v3): RM0399 50.11. Master mode with FIFOs of 16 frames, counted and endless transfers,
// interrupts, DMA; frames of up to 8 bits go to attached sensors. CRC, I2S and slave mode are not modelled.
#include "peripherals/dma/dma_request.h"
#include "peripherals/makers.h"
#include "peripherals/pending_step.h"
#include "peripherals/register_file.h"
#include "peripherals/spi/spi_targets.h"

#include <algorithm>
#include <deque>

namespace simprof {
namespace {

constexpr std::uint32_t kCr1 = 0x00, kCr2 = 0x04, kCfg1 = 0x08, kCfg2 = 0x0C, kIer = 0x10, kSr = 0x14, kIfcr = 0x18,
                        kTxdr = 0x20, kRxdr = 0x30;
constexpr std::uint32_t kRxp = 1U << 0, kTxp = 1U << 1, kDxp = 1U << 2, kEot = 1U << 3, kTxtf = 1U << 4, kOvr = 1U << 6,
                        kSusp = 1U << 11, kTxc = 1U << 12;
constexpr unsigned kSpe = 0, kCstart = 9, kCsusp = 10, kMaster = 22;

class Stm32H7Spi final : public RegisterFile {
public:
    Stm32H7Spi(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : RegisterFile(desc, services,
                       {{kCr1, "CR1", 0, 0xFFFFF1FFU},
                        {kCr2, "CR2"},
                        {kCfg1, "CFG1", 0x00070007},
                        {kCfg2, "CFG2"},
                        {kIer, "IER", 0, 0x7FF},
                        {kSr, "SR", 0, 0},
                        {kIfcr, "IFCR", 0, 0},
                        {kTxdr, "TXDR", 0, 0},
                        {kRxdr, "RXDR", 0, 0},
                        {0x40, "CRCPOLY", 0x107},
                        {0x44, "TXCRC", 0, 0},
                        {0x48, "RXCRC", 0, 0},
                        {0x4C, "UDRDR"},
                        {0x50, "I2SCFGR"}})
        , m_targets(board, desc.name, services)
        , m_irq(irqLine())
        , m_dmaRx(services, option("dma_rx"))
        , m_dmaTx(services, option("dma_tx")) {}

    std::uint32_t read(std::uint32_t offset, unsigned size) override {
        if ((offset & ~3U) != kRxdr) {
            return RegisterFile::read(offset, size);
        }
        std::uint32_t data = 0; // an access takes as many frames as fit into it
        for (unsigned at = 0; at < 8 * size && !m_rx.empty(); at += frameBytes() * 8) {
            data |= std::uint32_t{m_rx.front()} << at;
            m_rx.pop_front();
        }
        drive();
        return data;
    }
    void write(std::uint32_t offset, unsigned size, std::uint32_t value) override {
        if ((offset & ~3U) != kTxdr) {
            RegisterFile::write(offset, size, value);
            return;
        }
        const std::uint32_t mask = frameBytes() == 1 ? 0xFF : 0xFFFF;
        for (unsigned at = 0; at < 8 * size && m_tx.size() < kDepth; at += frameBytes() * 8) {
            m_tx.push_back(static_cast<std::uint16_t>(value >> at & mask));
        }
        shift();
        drive();
    }

protected:
    std::uint32_t onRead(std::uint32_t offset) override { return offset == kSr ? status() : value(offset); }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kIfcr) {
            clearBits(kSr, written);
        } else if (offset == kCr1) {
            const bool was = bit(kCr1, kSpe);
            store(kCr1, written, lanes);
            if (!bit(kCr1, kSpe)) {
                quiet();
            } else if (!was) {
                m_left = field(kCr2, 0, 16);
            }
            if ((written & 1U << kCstart) != 0 && bit(kCr1, kSpe) && bit(kCfg2, kMaster)) {
                setBits(kCr1, 1U << kCstart);
            }
            if ((written & 1U << kCsusp) != 0 && bit(kCr1, kCstart)) {
                clearBits(kCr1, 1U << kCstart);
                setBits(kSr, kSusp);
            }
            shift();
        } else {
            store(offset, written, lanes);
        }
        drive();
    }
    void onReset() override {
        quiet();
        m_targets.connect(services());
        drive();
    }

private:
    static constexpr std::size_t kDepth = 16;

    unsigned frameBits() const { return field(kCfg1, 0, 5) + 1; }
    unsigned frameBytes() const { return frameBits() <= 8 ? 1 : 2; }
    std::size_t threshold() const { return field(kCfg1, 5, 4) + 1; }
    void quiet() {
        m_step.cancel();
        m_tx.clear();
        m_rx.clear();
        m_left = 0;
        setValue(kSr, 0);
        clearBits(kCr1, 1U << kCstart);
    }

    std::uint32_t status() const {
        std::uint32_t sr = value(kSr) & (kEot | kTxtf | kOvr | kSusp);
        sr |= m_rx.size() >= threshold() ? kRxp : 0;
        const std::size_t shifting = !m_step.pending() ? 0 : 1;
        const bool wanted = field(kCr2, 0, 16) == 0 || m_tx.size() + shifting < m_left;
        sr |= kDepth - m_tx.size() >= threshold() && wanted ? kTxp : 0;
        sr |= (sr & kRxp) != 0 && (sr & kTxp) != 0 ? kDxp : 0;
        sr |= !m_step.pending() && m_tx.empty() ? kTxc : 0;
        sr |= static_cast<std::uint32_t>(std::min<std::size_t>(m_rx.size(), 3)) << 13;
        sr |= m_rx.size() * frameBytes() >= 4 ? 1U << 15 : 0;
        return sr | static_cast<std::uint32_t>(m_left) << 16;
    }

    void shift() {
        if (m_step.pending() || !bit(kCr1, kCstart) || m_tx.empty()) {
            return;
        }
        const std::uint16_t out = m_tx.front();
        m_tx.pop_front();
        const double kernel = static_cast<double>(inputClock());
        const double bitCycles =
            kernel == 0 ? 1 : (2U << field(kCfg1, 28, 3)) * static_cast<double>(services().coreClock()) / kernel;
        m_step.after(frameBits() * bitCycles, [this, out] { shifted(out); });
    }
    void shifted(std::uint16_t out) {
        const std::uint16_t in = m_targets.exchangeFrame(out, frameBits());
        if (m_rx.size() < kDepth) {
            m_rx.push_back(in);
        } else {
            setBits(kSr, kOvr);
        }
        if (field(kCr2, 0, 16) != 0 && m_left != 0 && --m_left == 0) {
            setBits(kSr, kEot | kTxtf);
            clearBits(kCr1, 1U << kCstart);
        }
        shift();
        drive();
    }
    void drive() {
        const std::uint32_t sr = status();
        m_irq.set((sr & value(kIer) & 0x7FF) != 0);
        m_dmaRx.set(bit(kCfg1, 14) && (sr & kRxp) != 0);
        m_dmaTx.set(bit(kCfg1, 15) && (sr & kTxp) != 0 && bit(kCr1, kSpe));
    }

    SpiTargets m_targets;
    IrqLine m_irq;
    DmaRequest m_dmaRx, m_dmaTx;
    std::deque<std::uint16_t> m_tx, m_rx;
    std::size_t m_left = 0; ///< frames of a counted transfer
    PendingStep m_step{services()};
};

} // namespace

std::span<const PeripheralMaker> stm32H7SpiMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_spi_v3", "SPI master with FIFOs and attached sensors: counted transfers, interrupts, DMA, bus time",
         makeDevice<Stm32H7Spi>},
    };
    return kMakers;
}

} // namespace simprof
