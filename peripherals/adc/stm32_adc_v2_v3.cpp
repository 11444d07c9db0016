// SPDX-License-Identifier: GPL-2.0-or-later
// ADCs v2 (L0, G0) RM0367 14, RM0444 15 and v3 (L4, H7) RM0432 21, RM0399 26, whose ISR, IER, CR and CFGR are alike.
#include "peripherals/adc/stm32_adc.h"
#include "peripherals/clock_tree.h"
#include "peripherals/layout.h"
#include "peripherals/makers.h"

#include <algorithm>
#include <array>

namespace simprof {
namespace {

constexpr std::uint32_t kIsr = 0x00, kIer = 0x04, kCr = 0x08, kCfgr = 0x0C, kCfgr2 = 0x10, kSmpr = 0x14, kChselr = 0x28,
                        kSqr1 = 0x30, kDr = 0x40, kCcr = 0x308;
constexpr std::uint32_t kAdrdy = 1U << 0, kEosmp = 1U << 1, kEoc = 1U << 2, kEos = 1U << 3, kOvr = 1U << 4,
                        kEocal = 1U << 11, kLdordy = 1U << 12, kCcrdy = 1U << 13;
constexpr std::uint32_t kAden = 1U << 0, kAddis = 1U << 1, kAdstart = 1U << 2, kAdstp = 1U << 4, kAdcal = 1U << 31;

/// What differs between families.
struct AdcLayout {
    Layout family;  ///< L0, G0, L4 or H7
    bool sequencer; ///< SQRx (v3) rather than CHSELR (v2)
    unsigned resolutionLow, resolutionWidth;
    std::array<unsigned, 8> bits;     ///< by the field
    std::array<double, 8> conversion; ///< clocks by the same field
    std::array<double, 8> sampling;   ///< clocks by SMPx
    unsigned temperature, reference;  ///< internal channels
};
constexpr AdcLayout kLayouts[] = {
    {Layout::L0,
     false,
     3,
     2,
     {12, 10, 8, 6},
     {12.5, 11.5, 9.5, 7.5},
     {1.5, 3.5, 7.5, 12.5, 19.5, 39.5, 79.5, 160.5},
     18,
     17},
    {Layout::G0,
     false,
     3,
     2,
     {12, 10, 8, 6},
     {12.5, 10.5, 8.5, 6.5},
     {1.5, 3.5, 7.5, 12.5, 19.5, 39.5, 79.5, 160.5},
     12,
     13},
    {Layout::L4,
     true,
     3,
     2,
     {12, 10, 8, 6},
     {12.5, 10.5, 8.5, 6.5},
     {2.5, 6.5, 12.5, 24.5, 47.5, 92.5, 247.5, 640.5},
     17,
     0},
    {Layout::H7,
     true,
     2,
     3,
     {16, 14, 12, 10, 8, 14, 12, 8},
     {8.5, 7.5, 6.5, 5.5, 4.5, 7.5, 6.5, 4.5},
     {1.5, 2.5, 8.5, 16.5, 32.5, 64.5, 387.5, 810.5},
     18,
     19},
};

const AdcLayout& adcLayout(const PeripheralDesc& desc) {
    const Layout named = layoutOf(desc);
    const Layout family = isH7(named) ? Layout::H7 : named;
    const auto row = std::ranges::find(kLayouts, family, &AdcLayout::family);
    return row == std::end(kLayouts) ? kLayouts[2] : *row;
}

std::vector<RegisterRow> newRows(const PeripheralDesc& desc) {
    const AdcLayout& layout = adcLayout(desc);
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
        , m_l(adcLayout(desc)) {
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
            if (offset == kChselr && isG0()) {
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
        } else if (isG0() && bit(kCfgr, 21)) { // CHSELRMOD: eight places of four bits, ended by 15
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
        } else if (isG0() && bit(kSmpr, 8 + channel)) {
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
        const Hertz bus = tree == nullptr ? 0 : tree->frequency(isG0() ? "PCLK1" : "PCLK2");
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
        const bool dma = isH7() ? field(kCfgr, 0, 2) == 1 || field(kCfgr, 0, 2) == 3 : bit(kCfgr, 0);
        m_dma.set(dma && (value(kIsr) & kEoc) != 0);
    }

    void triggered(unsigned number) override {
        const unsigned selected = isH7() ? field(kCfgr, 5, 5) : field(kCfgr, 6, m_l.sequencer ? 4 : 3); // EXTSEL
        if (bit(kCr, 2) && byTrigger() && selected == number && !isConverting()) {
            m_waits = false;
            startSequence();
        }
    }

private:
    bool isG0() const { return m_l.family == Layout::G0; }
    bool isH7() const { return m_l.family == Layout::H7; }
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
        if (isH7() && (written & 1U << 28) != 0) {
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

} // namespace

std::span<const PeripheralMaker> stm32AdcMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_adc_v2", "sequences by software and timers, continuous, by DMA, with their time; attached sources",
         makeDevice<Stm32AdcNew>},
        {"stm32_adc_v3", "sequences by software and timers, continuous, by DMA, with their time; attached sources",
         makeDevice<Stm32AdcNew>},
    };
    return kMakers;
}

} // namespace simprof
