// SPDX-License-Identifier: GPL-2.0-or-later
// ADCs v1 (F4, F7) RM0090 13, and the block that the ADCs of a group share.
#include "peripherals/adc/stm32_adc.h"
#include "peripherals/clock_tree.h"
#include "peripherals/makers.h"

#include <array>

namespace simprof {
namespace {

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
        const bool isF4 = board.mcu->family == McuFamily::Stm32F4;
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

std::span<const PeripheralMaker> stm32AdcV1Makers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_adc_v1", "sequences by software and timers, continuous, by DMA, with their time; attached sources",
         makeDevice<Stm32AdcV1>},
        {"stm32_adc_common", "clock selection of a group of ADCs", makeDevice<Stm32AdcCommon>},
    };
    return kMakers;
}

} // namespace simprof
