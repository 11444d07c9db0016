// SPDX-License-Identifier: GPL-2.0-or-later
// ADC: Apollo3 Blue data sheet 17 (registers 17.7). Slots, software trigger, repetition is by the counter/timers and
// not modelled; channels without a source read 0. A slot takes 14 conversion clocks per sample, averaged 1 to 128
// times.
#include "peripherals/makers.h"
#include "peripherals/pending_step.h"
#include "peripherals/register_file.h"
#include "peripherals/sensors/sensor.h"

#include <algorithm>
#include <cmath>
#include <deque>

namespace simprof {
namespace {

constexpr std::uint32_t kCfg = 0x00, kStat = 0x04, kSwt = 0x08, kSlot0 = 0x0C, kFifo = 0x38, kFifoPop = 0x3C,
                        kInten = 0x200, kIntstat = 0x204, kIntclr = 0x208, kIntset = 0x20C;
constexpr std::uint32_t kTrigger = 0x37;
constexpr unsigned kConversionClocks = 14;

std::vector<RegisterRow> rows() {
    std::vector<RegisterRow> result = {{kCfg, "CFG"},
                                       {kStat, "STAT", 0, 0},
                                       {kSwt, "SWT", 0, 0},
                                       {0x2C, "WULIM"},
                                       {0x30, "WLLIM"},
                                       {0x34, "SCWLIM"},
                                       {kFifo, "FIFO", 0, 0},
                                       {kFifoPop, "FIFOPR", 0, 0},
                                       {kInten, "INTEN", 0, 0xFF},
                                       {kIntstat, "INTSTAT", 0, 0},
                                       {kIntclr, "INTCLR", 0, 0},
                                       {kIntset, "INTSET", 0, 0}};
    static constexpr const char* kNames[] = {"SL0CFG", "SL1CFG", "SL2CFG", "SL3CFG",
                                             "SL4CFG", "SL5CFG", "SL6CFG", "SL7CFG"};
    for (std::uint32_t slot = 0; slot < 8; ++slot) {
        result.push_back({kSlot0 + 4 * slot, kNames[slot]});
    }
    return result;
}

class Apollo3Adc final : public RegisterFile {
public:
    Apollo3Adc(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : RegisterFile(desc, services, rows())
        , m_sources(analogSources(board, desc.name, services))
        , m_irq(irqLine()) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == kFifo || offset == kFifoPop) {
            const std::uint32_t head =
                m_fifo.empty()
                    ? 0
                    : m_fifo.front() | static_cast<std::uint32_t>(std::min<std::size_t>(m_fifo.size(), 255)) << 20;
            if (offset == kFifoPop && !m_fifo.empty()) {
                m_fifo.pop_front();
            }
            return head;
        }
        return value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kSwt) {
            if ((written & 0x7F) == kTrigger && bit(kCfg, 0) && !m_step.pending()) {
                scan(0);
            }
        } else if (offset == kIntclr) {
            clearBits(kIntstat, written);
        } else if (offset == kIntset) {
            setBits(kIntstat, written & 0xFF);
        } else if (offset == kFifo || offset == kFifoPop) {
            m_fifo.clear(); // any store empties it
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
    static constexpr std::size_t kDepth = 12;

    std::uint32_t slot(unsigned index) const { return value(kSlot0 + 4 * index); }
    /// HFRC or half of it, by CLKSEL (17.7.1).
    double clock() const { return field(kCfg, 24, 2) == 2 ? 24e6 : 48e6; }

    void scan(unsigned first) {
        unsigned index = first;
        while (index < 8 && (slot(index) & 1U) == 0) {
            ++index;
        }
        if (index == 8) {
            if (first != 0) {
                setBits(kIntstat, 2U); // SCNCMP
            }
            drive();
            return;
        }
        const unsigned samples = 1U << (slot(index) >> 24 & 7U);
        const double cycles = samples * kConversionClocks * static_cast<double>(services().coreClock()) / clock();
        m_step.after(cycles, [this, index, samples] {
            converted(index, samples);
            scan(index + 1);
        });
    }
    void converted(unsigned index, unsigned samples) {
        static constexpr double kReferences[] = {2.0, 1.5, 2.0, 1.5}; // REFSEL: internal 2.0 V, 1.5 V, then the pin
        const auto source = m_sources.find(slot(index) >> 8 & 0xF);
        double sum = 0;
        for (unsigned sample = 0; source != m_sources.end() && sample < samples; ++sample) {
            sum += source->second->sample(kReferences[field(kCfg, 8, 2)]);
        }
        const unsigned bits = 14 - 2 * (slot(index) >> 16 & 3U); // PRMODE
        const double top = static_cast<double>((1U << bits) - 1);
        const auto data =
            static_cast<std::uint32_t>(std::llround(sum / samples * top)) << 6 & 0xFFFFF; // six bits of fraction
        if (m_fifo.size() < kDepth) {
            m_fifo.push_back(data | static_cast<std::uint32_t>(index) << 28);
        }
        setBits(kIntstat,
                1U | (m_fifo.size() >= 9 ? 4U : 0) | (m_fifo.size() == kDepth ? 8U : 0)); // CNVCMP, FIFOOVR1, FIFOOVR2
        drive();
    }
    void drive() { m_irq.set((value(kIntstat) & value(kInten)) != 0); }

    std::map<unsigned, std::unique_ptr<AnalogSource>> m_sources;
    IrqLine m_irq;
    std::deque<std::uint32_t> m_fifo;
    PendingStep m_step{services()};
};

} // namespace

std::span<const PeripheralMaker> apollo3AdcMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"apollo3_adc", "slots by software trigger, averages, FIFO, interrupts; attached sources",
         makeDevice<Apollo3Adc>},
    };
    return kMakers;
}

} // namespace simprof
