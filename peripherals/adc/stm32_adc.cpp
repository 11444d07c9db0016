// SPDX-License-Identifier: GPL-2.0-or-later
// ADCs of STM32: v1 (F4, F7) RM0090 13; v2 (L0, G0) RM0367 14, RM0444 15; v3 (L4, H7) RM0432 21, RM0399 26. Regular
// sequences by software and by the trigger outputs of timers, continuous, by DMA, with the time that sampling and
// conversion take. Calibration and start-up are ready at once; injected channels, watchdogs and oversampling are not
// modelled. VDDA is 3.3 V; a channel without a source reads 0.
#include "peripherals/adc/stm32_adc.h"

#include "peripherals/clock_tree.h"
#include "peripherals/makers.h"
#include "peripherals/timer/trigger.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

namespace simprof {
namespace {

constexpr double kVdda = 3.3;
constexpr double kTemperatureVolts = 0.76,
                 kReferenceVolts = 1.212; ///< at 25 degrees; typical (DS12023 tables 99 and 31)

} // namespace

Stm32AdcBase::Stm32AdcBase(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services,
                           std::vector<RegisterRow> rows)
    : RegisterFile(desc, services, std::move(rows))
    , m_irq(irqLine())
    , m_dma(services, option("dma"))
    , m_sources(analogSources(board, desc.name, services)) {
    std::istringstream wiring(option("trg"));
    for (std::string entry; std::getline(wiring, entry, ',');) {
        m_triggers.emplace_back(static_cast<unsigned>(std::stoul(entry)), entry.substr(entry.find(':') + 1));
    }
}

void Stm32AdcBase::connectTriggers() {
    for (const auto& [number, timer] : m_triggers) {
        if (auto* source = dynamic_cast<TriggerSource*>(services().peripheral(timer))) {
            source->onTrigger([this, selection = number] { triggered(selection); });
        }
    }
    m_triggers.clear();
}

void Stm32AdcBase::onReset() {
    connectTriggers();
    stopSequence();
    m_dma.set(false);
    m_irq.set(false);
}

std::uint32_t Stm32AdcBase::common(std::uint32_t ownOffset, std::uint32_t sharedOffset) const {
    const std::string block = option("common");
    Peripheral* shared = block.empty() ? nullptr : services().peripheral(block);
    return shared != nullptr ? shared->read(sharedOffset, 4) : value(ownOffset);
}

double Stm32AdcBase::share(unsigned channel) {
    if (const auto source = m_sources.find(channel); source != m_sources.end()) {
        return source->second->sample(kVdda);
    }
    return channel == m_temperatureChannel ? kTemperatureVolts / kVdda
           : channel == m_referenceChannel ? kReferenceVolts / kVdda
                                           : 0;
}

void Stm32AdcBase::startSequence() {
    stopSequence();
    m_sequence = sequence();
    m_index = 0;
    m_running = !m_sequence.empty();
    next();
}

void Stm32AdcBase::stopSequence() {
    m_step.cancel();
    m_running = false;
}

void Stm32AdcBase::next() {
    const Hertz clock = adcClock();
    if (!m_running || m_step.pending() || clock == 0) {
        return; // without a clock nothing is ever ready
    }
    const double cycles = conversionClocks(m_sequence[m_index]) * static_cast<double>(services().coreClock()) /
                          static_cast<double>(clock);
    m_step.after(cycles, [this] {
        const double full = static_cast<double>(1U << resolution());
        const auto result =
            static_cast<std::uint32_t>(std::clamp(std::floor(share(m_sequence[m_index]) * full), 0.0, full - 1));
        const bool last = ++m_index == m_sequence.size();
        if (last) {
            m_index = 0;
        }
        if (converted(result, last) && m_running) {
            next();
        }
        drive();
    });
}

namespace {

// ---- v2 and v3: ISR, IER, CR and CFGR are alike ---------------------------------------------------------------------

constexpr std::uint32_t kIsr = 0x00, kIer = 0x04, kCr = 0x08, kCfgr = 0x0C, kCfgr2 = 0x10, kSmpr = 0x14, kChselr = 0x28,
                        kSqr1 = 0x30, kDr = 0x40, kCcr = 0x308;
constexpr std::uint32_t kAdrdy = 1U << 0, kEosmp = 1U << 1, kEoc = 1U << 2, kEos = 1U << 3, kOvr = 1U << 4,
                        kEocal = 1U << 11, kLdordy = 1U << 12, kCcrdy = 1U << 13;
constexpr std::uint32_t kAden = 1U << 0, kAddis = 1U << 1, kAdstart = 1U << 2, kAdstp = 1U << 4, kAdcal = 1U << 31;

/// What differs between families.
struct AdcLayout {
    const char* name;
    bool sequencer; ///< SQRx (v3) rather than CHSELR (v2)
    unsigned resolutionLow, resolutionWidth;
    std::array<unsigned, 8> bits;     ///< by the field
    std::array<double, 8> conversion; ///< clocks by the same field
    std::array<double, 8> sampling;   ///< clocks by SMPx
    unsigned temperature, reference;  ///< internal channels
};
constexpr AdcLayout kLayouts[] = {
    {"l0", false, 3, 2, {12, 10, 8, 6}, {12.5, 11.5, 9.5, 7.5}, {1.5, 3.5, 7.5, 12.5, 19.5, 39.5, 79.5, 160.5}, 18, 17},
    {"g0", false, 3, 2, {12, 10, 8, 6}, {12.5, 10.5, 8.5, 6.5}, {1.5, 3.5, 7.5, 12.5, 19.5, 39.5, 79.5, 160.5}, 12, 13},
    {"l4", true, 3, 2, {12, 10, 8, 6}, {12.5, 10.5, 8.5, 6.5}, {2.5, 6.5, 12.5, 24.5, 47.5, 92.5, 247.5, 640.5}, 17, 0},
    {"h7",
     true,
     2,
     3,
     {16, 14, 12, 10, 8, 14, 12, 8},
     {8.5, 7.5, 6.5, 5.5, 4.5, 7.5, 6.5, 4.5},
     {1.5, 2.5, 8.5, 16.5, 32.5, 64.5, 387.5, 810.5},
     18,
     19},
};

const AdcLayout& layoutOf(const PeripheralDesc& desc) {
    const auto found = desc.options.find("layout");
    const std::string name = found == desc.options.end() ? "l4" : found->second.substr(0, 2); // h7a3 is like h7
    const auto row = std::ranges::find_if(kLayouts, [&](const AdcLayout& layout) { return name == layout.name; });
    return row == std::end(kLayouts) ? kLayouts[2] : *row;
}

std::vector<RegisterRow> newRows(const PeripheralDesc& desc) {
    const AdcLayout& layout = layoutOf(desc);
    std::vector<RegisterRow> rows = {
        {kIsr, "ISR", 0, 0},       {kIer, "IER"},     {kCr, "CR", layout.sequencer ? 0x20000000U : 0U},
        {kCfgr, "CFGR"},           {kCfgr2, "CFGR2"}, {kSmpr, "SMPR1"},
        {0x20, "TR1", 0x0FFF0000}, {kDr, "DR", 0, 0}};
    if (layout.sequencer) {
        rows.insert(rows.end(), {{0x18, "SMPR2"},
                                 {0x1C, "PCSEL"},
                                 {0x24, "TR2"},
                                 {0x28, "TR3"},
                                 {kSqr1, "SQR1"},
                                 {0x34, "SQR2"},
                                 {0x38, "SQR3"},
                                 {0x3C, "SQR4"},
                                 {0xA0, "AWD2CR"},
                                 {0xA4, "AWD3CR"},
                                 {0xB0, "DIFSEL"},
                                 {0xB4, "CALFACT"},
                                 {0xC0, "DIFSEL (H7)"},
                                 {0xC4, "CALFACT (H7)"},
                                 {0xC8, "CALFACT2"}});
    } else {
        rows.insert(rows.end(), {{0x24, "AWD2TR", 0x0FFF0000},
                                 {kChselr, "CHSELR"},
                                 {0x2C, "AWD3TR", 0x0FFF0000},
                                 {0xA0, "AWD2CR"},
                                 {0xA4, "AWD3CR"},
                                 {0xB4, "CALFACT"}});
    }
    if (!desc.options.contains("common")) {
        rows.push_back({kCcr, "CCR"});
    }
    return rows;
}

class Stm32AdcNew final : public Stm32AdcBase {
public:
    Stm32AdcNew(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : Stm32AdcBase(desc, board, services, newRows(desc))
        , m_l(layoutOf(desc)) {
        m_temperatureChannel = m_l.temperature;
        m_referenceChannel = m_l.reference;
    }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == kDr) {
            const std::uint32_t result = value(kDr);
            clearBits(kIsr, kEoc);
            if (m_waits) {
                m_waits = false;
                next();
            }
            drive();
            return result;
        }
        return value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kIsr) {
            clearBits(kIsr, written & ~kLdordy);
        } else if (offset == kCr) {
            control(written);
        } else {
            store(offset, written, lanes);
            if (offset == kChselr && m_l.name[0] == 'g') {
                setBits(kIsr, kCcrdy);
            }
        }
        drive();
    }
    void onReset() override {
        m_waits = false;
        Stm32AdcBase::onReset();
    }

    std::vector<unsigned> sequence() const override {
        std::vector<unsigned> result;
        if (m_l.sequencer) {
            for (unsigned index = 1; index <= field(kSqr1, 0, 4) + 1; ++index) {
                result.push_back(field(kSqr1 + 4 * (index / 5), 6 * (index % 5), 5));
            }
        } else if (m_l.name[0] == 'g' && bit(kCfgr, 21)) { // CHSELRMOD: eight places of four bits, ended by 15
            for (unsigned index = 0; index < 8 && field(kChselr, 4 * index, 4) != 15; ++index) {
                result.push_back(field(kChselr, 4 * index, 4));
            }
        } else {
            for (unsigned channel = 0; channel < 19; ++channel) {
                if (bit(kChselr, channel)) {
                    result.push_back(channel);
                }
            }
            if (bit(kCfgr, 2)) { // SCANDIR
                std::ranges::reverse(result);
            }
        }
        return result;
    }
    double conversionClocks(unsigned channel) const override {
        unsigned sampling = field(kSmpr, 0, 3);
        if (m_l.sequencer) {
            sampling = field(channel < 10 ? kSmpr : kSmpr + 4, 3 * (channel % 10), 3);
        } else if (m_l.name[0] == 'g' && bit(kSmpr, 8 + channel)) {
            sampling = field(kSmpr, 4, 3);
        }
        return m_l.sampling[sampling] + m_l.conversion[field(kCfgr, m_l.resolutionLow, m_l.resolutionWidth)];
    }
    unsigned resolution() const override { return m_l.bits[field(kCfgr, m_l.resolutionLow, m_l.resolutionWidth)]; }
    Hertz adcClock() const override {
        static constexpr std::array<unsigned, 16> kPrescalers = {1,  2,  4,   6,   8,   10,  12,  16,
                                                                 32, 64, 128, 256, 256, 256, 256, 256};
        const std::uint32_t ccr = common(kCcr, 0x08);
        ClockTree* tree = clockTree(services());
        if (m_l.sequencer) {
            const unsigned mode = ccr >> 16 & 3U;
            return mode == 0         ? inputClock() / kPrescalers[ccr >> 18 & 0xF]
                   : tree == nullptr ? 0
                                     : tree->frequency("HCLK") >> (mode - 1);
        }
        const unsigned mode = field(kCfgr2, 30, 2);
        const Hertz bus = tree == nullptr ? 0 : tree->frequency(m_l.name[0] == 'g' ? "PCLK1" : "PCLK2");
        return mode == 0 ? inputClock() / kPrescalers[ccr >> 18 & 0xF] : mode == 3 ? bus : bus >> mode;
    }

    bool converted(std::uint32_t result, bool last) override {
        const bool overrun = (value(kIsr) & kEoc) != 0;
        if (overrun) {
            setBits(kIsr, kOvr);
        }
        if (!overrun || bit(kCfgr, 12)) { // OVRMOD
            setValue(kDr, result);
        }
        setBits(kIsr, kEosmp | kEoc | (last ? kEos : 0));
        if (last && !bit(kCfgr, 13)) { // CONT
            stopSequence();
            clearBits(kCr, byTrigger() ? 0 : kAdstart);
            return false;
        }
        m_waits = bit(kCfgr, 14); // AUTDLY, WAIT
        return !m_waits;
    }
    void drive() override {
        m_irq.set((value(kIsr) & value(kIer) & ~kLdordy) != 0);
        const bool dma = m_l.name[0] == 'h' ? field(kCfgr, 0, 2) == 1 || field(kCfgr, 0, 2) == 3 : bit(kCfgr, 0);
        m_dma.set(dma && (value(kIsr) & kEoc) != 0);
    }

    void triggered(unsigned number) override {
        const unsigned selected =
            m_l.name[0] == 'h' ? field(kCfgr, 5, 5) : field(kCfgr, 6, m_l.sequencer ? 4 : 3); // EXTSEL
        if (bit(kCr, 2) && byTrigger() && selected == number && !isConverting()) {
            m_waits = false;
            startSequence();
        }
    }

private:
    bool byTrigger() const { return field(kCfgr, 10, 2) != 0; } // EXTEN

    void control(std::uint32_t written) {
        std::uint32_t cr =
            (value(kCr) & (kAden | kAdstart)) | (written & ~(kAden | kAddis | kAdstart | kAdstp | kAdcal));
        if ((written & kAdcal) != 0 && (cr & kAden) == 0) {
            setBits(kIsr, m_l.sequencer ? 0 : kEocal);
        }
        if ((written & kAden) != 0) {
            cr |= kAden;
            setBits(kIsr, kAdrdy);
        }
        if ((written & kAddis) != 0) {
            cr &= ~(kAden | kAdstart);
            clearBits(kIsr, kAdrdy);
            stopSequence();
        }
        if ((written & kAdstp) != 0) {
            cr &= ~kAdstart;
            stopSequence();
        }
        if (m_l.name[0] == 'h' && (written & 1U << 28) != 0) {
            setBits(kIsr, kLdordy);
        }
        const bool starts = (written & kAdstart) != 0 && (cr & kAden) != 0;
        setValue(kCr, cr | (starts ? kAdstart : 0));
        if (starts && !byTrigger()) {
            m_waits = false;
            startSequence();
        }
    }

    const AdcLayout& m_l;
    bool m_waits = false;
};

// ---- v1 -------------------------------------------------------------------------------------------------------------

constexpr std::uint32_t kSrV1 = 0x00, kCr1V1 = 0x04, kCr2V1 = 0x08, kSmpr1V1 = 0x0C, kSqr1V1 = 0x2C, kSqr3V1 = 0x34,
                        kDrV1 = 0x4C;
constexpr std::uint32_t kEocV1 = 1U << 1, kStrtV1 = 1U << 4, kOvrV1 = 1U << 5;

class Stm32AdcV1 final : public Stm32AdcBase {
public:
    Stm32AdcV1(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : Stm32AdcBase(desc, board, services,
                       {{kSrV1, "SR", 0, 0},
                        {kCr1V1, "CR1"},
                        {kCr2V1, "CR2", 0, 0x3F7F0F03},
                        {kSmpr1V1, "SMPR1"},
                        {0x10, "SMPR2"},
                        {0x14, "JOFR1"},
                        {0x18, "JOFR2"},
                        {0x1C, "JOFR3"},
                        {0x20, "JOFR4"},
                        {0x24, "HTR", 0xFFF, 0xFFF},
                        {0x28, "LTR", 0, 0xFFF},
                        {kSqr1V1, "SQR1"},
                        {0x30, "SQR2"},
                        {kSqr3V1, "SQR3"},
                        {0x38, "JSQR"},
                        {0x3C, "JDR1", 0, 0},
                        {0x40, "JDR2", 0, 0},
                        {0x44, "JDR3", 0, 0},
                        {0x48, "JDR4", 0, 0},
                        {kDrV1, "DR", 0, 0}}) {
        const bool isF4 = board.mcu->family == "STM32F4";
        m_temperatureChannel = desc.name == "ADC1" ? (isF4 ? 16 : 18) : 99;
        m_referenceChannel = desc.name == "ADC1" ? 17 : 99;
    }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == kDrV1) {
            clearBits(kSrV1, kEocV1);
            drive();
        }
        return value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kSrV1) {
            setValue(kSrV1, value(kSrV1) & (written | ~lanes));
        } else {
            store(offset, written, lanes);
        }
        if (offset == kCr2V1) {
            if (!bit(kCr2V1, 0)) { // ADON
                stopSequence();
            } else if ((written & 1U << 30) != 0) { // SWSTART
                setBits(kSrV1, kStrtV1);
                startSequence();
            }
        }
        drive();
    }

    std::vector<unsigned> sequence() const override {
        std::vector<unsigned> result;
        const unsigned length = bit(kCr1V1, 8) ? field(kSqr1V1, 20, 4) + 1 : 1; // SCAN
        for (unsigned index = 0; index < length; ++index) {
            result.push_back(field(kSqr3V1 - 4 * (index / 6), 5 * (index % 6), 5));
        }
        return result;
    }
    double conversionClocks(unsigned channel) const override {
        static constexpr std::array<double, 8> kSampling = {3, 15, 28, 56, 84, 112, 144, 480};
        return kSampling[field(channel >= 10 ? kSmpr1V1 : kSmpr1V1 + 4, 3 * (channel % 10), 3)] + resolution();
    }
    unsigned resolution() const override { return 12 - 2 * field(kCr1V1, 24, 2); }
    Hertz adcClock() const override {
        ClockTree* tree = clockTree(services());
        return tree == nullptr ? 0 : tree->frequency("PCLK2") / (2 + 2 * (common(kNoRegister, 0x04) >> 16 & 3U));
    }
    bool converted(std::uint32_t result, bool last) override {
        const bool eachEoc = bit(kCr2V1, 10) || bit(kCr2V1, 8); // EOCS, DMA
        if (eachEoc && (value(kSrV1) & kEocV1) != 0) {
            setBits(kSrV1, kOvrV1);
            stopSequence();
            return false;
        }
        setValue(kDrV1, bit(kCr2V1, 11) ? result << (16 - resolution()) : result); // ALIGN
        if (last || eachEoc) {
            setBits(kSrV1, kEocV1);
        }
        if (last && !bit(kCr2V1, 1)) { // CONT; a trigger may start it again
            stopSequence();
            return false;
        }
        return true;
    }
    void drive() override {
        const std::uint32_t sr = value(kSrV1);
        m_irq.set(((sr & kEocV1) != 0 && bit(kCr1V1, 5)) || ((sr & kOvrV1) != 0 && bit(kCr1V1, 26)));
        m_dma.set((sr & kEocV1) != 0 && bit(kCr2V1, 8));
    }

    void triggered(unsigned number) override {
        if (bit(kCr2V1, 0) && field(kCr2V1, 28, 2) != 0 && field(kCr2V1, 24, 4) == number && !isConverting()) {
            setBits(kSrV1, kStrtV1);
            startSequence();
        }
    }

private:
    static constexpr std::uint32_t kNoRegister = 0xFFC;
};

/// The block ADCs of a group share: CSR, CCR, CDR.
class Stm32AdcCommon final : public RegisterFile {
public:
    Stm32AdcCommon(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services,
                       {{0x00, "CSR", 0, 0},
                        {0x04, "CCR or none"},
                        {0x08, "CCR or CDR"},
                        {0x0C, "CDR", 0, 0},
                        {0x10, "CDR2", 0, 0}}) {}
};

} // namespace

std::span<const PeripheralMaker> stm32AdcMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_adc_v1", "sequences by software and timers, continuous, by DMA, with their time; attached sources",
         makeDevice<Stm32AdcV1>},
        {"stm32_adc_v2", "sequences by software and timers, continuous, by DMA, with their time; attached sources",
         makeDevice<Stm32AdcNew>},
        {"stm32_adc_v3", "sequences by software and timers, continuous, by DMA, with their time; attached sources",
         makeDevice<Stm32AdcNew>},
        {"stm32_adc_common", "clock selection of a group of ADCs", makeDevice<Stm32AdcCommon>},
    };
    return kMakers;
}

} // namespace simprof
