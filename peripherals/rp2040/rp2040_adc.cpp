// SPDX-License-Identifier: GPL-2.0-or-later
// ADC of four pins and the temperature sensor: RP2040 data sheet 4.9. A conversion takes 96 cycles of clk_adc; channels
// without a source read 0, the temperature sensor 27 degrees.
#include "peripherals/clock_tree.h"
#include "peripherals/dma/dma_request.h"
#include "peripherals/makers.h"
#include "peripherals/pending_step.h"
#include "peripherals/rp2040/rp2040_device.h"
#include "peripherals/sensors/sensor.h"

#include <algorithm>
#include <cmath>
#include <deque>

namespace simprof {
namespace {

constexpr std::uint32_t kCs = 0x00, kResult = 0x04, kFcs = 0x08, kFifo = 0x0C, kDiv = 0x10, kIntr = 0x14, kInte = 0x18,
                        kIntf = 0x1C, kInts = 0x20;
constexpr std::uint32_t kReady = 1U << 8;
constexpr unsigned kConversionClocks = 96;
constexpr double kReference = 3.3, kTemperatureVolts = 0.706; ///< at 27 degrees (4.9.5)

class Rp2040Adc final : public Rp2040Device {
public:
    Rp2040Adc(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : Rp2040Device(desc, services,
                       {{kCs, "CS", 0, 0x1FF70FU},
                        {kResult, "RESULT", 0, 0},
                        {kFcs, "FCS", 0, 0x0F00000FU},
                        {kFifo, "FIFO", 0, 0},
                        {kDiv, "DIV", 0, 0xFFFFFF},
                        {kIntr, "INTR", 0, 0},
                        {kInte, "INTE", 0, 1},
                        {kIntf, "INTF", 0, 1},
                        {kInts, "INTS", 0, 0}})
        , m_sources(analogSources(board, desc.name, services))
        , m_irq(irqLine())
        , m_dma(services, option("dma")) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        switch (offset) {
        case kCs: return (value(kCs) & ~(kReady | 4U)) | (bit(kCs, 0) && !m_step.pending() ? kReady : 0);
        case kFcs: {
            const auto level = static_cast<std::uint32_t>(m_fifo.size());
            return value(kFcs) | (level == 0 ? 1U << 8 : 0) | (level == kDepth ? 1U << 9 : 0) | level << 16;
        }
        case kFifo: return pop();
        case kIntr: return levelReached() ? 1 : 0;
        case kInts: return ((levelReached() ? 1U : 0U) & value(kInte)) | value(kIntf);
        default: return value(offset);
        }
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kFcs) { // OVER and UNDER are cleared by ones
            const std::uint32_t sticky = value(kFcs) & (3U << 10) & ~written;
            store(kFcs, written, lanes);
            setBits(kFcs, sticky);
        } else if (offset == kCs) {
            const std::uint32_t error = value(kCs) & (1U << 10) & ~written;
            store(kCs, written & ~(1U << 10), lanes);
            setBits(kCs, error);
            clearBits(kCs, 4U);
            if (bit(kCs, 0) && (written & 0xC) != 0 && !m_step.pending()) {
                convert();
            }
        } else {
            store(offset, written, lanes);
        }
        drive();
    }
    void onReset() override {
        m_step.cancel();
        m_fifo.clear();
        drive();
    }

private:
    static constexpr std::size_t kDepth = 4;

    void convert() {
        const double clock = static_cast<double>(inputClock());
        if (clock == 0) {
            return; // never ready without clk_adc
        }
        // A conversion starts every 1 + DIV clocks (8 fractional bits), but lasts 96.
        const double period =
            bit(kCs, 3) ? std::max<double>(1 + value(kDiv) / 256.0, kConversionClocks) : kConversionClocks;
        m_step.after(period * static_cast<double>(services().coreClock()) / clock, [this] { converted(); });
    }
    void converted() {
        const unsigned channel = field(kCs, 12, 3);
        const auto source = m_sources.find(channel);
        double share = channel == 4 && bit(kCs, 1) ? kTemperatureVolts / kReference : 0;
        if (source != m_sources.end()) {
            share = source->second->sample(kReference);
        }
        const auto result = static_cast<std::uint32_t>(std::min(std::llround(share * 4096), 4095LL));
        setValue(kResult, result);
        if (bit(kFcs, 0)) {
            if (m_fifo.size() < kDepth) {
                m_fifo.push_back(bit(kFcs, 1) ? result >> 4 : result);
            } else {
                setBits(kFcs, 1U << 11);
            }
        }
        roundRobin(channel);
        if (bit(kCs, 0) && bit(kCs, 3)) {
            convert();
        }
        drive();
    }
    void roundRobin(unsigned channel) {
        const std::uint32_t mask = field(kCs, 16, 5);
        for (unsigned step = 1; mask != 0 && step <= 5; ++step) {
            const unsigned next = (channel + step) % 5;
            if ((mask >> next & 1U) != 0) {
                setValue(kCs, (value(kCs) & ~(7U << 12)) | next << 12);
                return;
            }
        }
    }
    std::uint32_t pop() {
        if (m_fifo.empty()) {
            setBits(kFcs, 1U << 10);
            return 0;
        }
        const std::uint32_t result = m_fifo.front();
        m_fifo.pop_front();
        drive();
        return result;
    }
    bool levelReached() const { return bit(kFcs, 0) && m_fifo.size() >= std::max(field(kFcs, 24, 4), 1U); }
    void drive() {
        m_irq.set((((levelReached() ? 1U : 0U) & value(kInte)) | value(kIntf)) != 0);
        m_dma.set(bit(kFcs, 3) && levelReached());
    }

    std::map<unsigned, std::unique_ptr<AnalogSource>> m_sources;
    IrqLine m_irq;
    DmaRequest m_dma;
    std::deque<std::uint32_t> m_fifo;
    PendingStep m_step{services()};
};

} // namespace

std::span<const PeripheralMaker> rp2040AdcMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"rp2040_adc", "conversions with their time, FIFO, round robin, DMA; attached sources", makeDevice<Rp2040Adc>},
    };
    return kMakers;
}

} // namespace simprof
