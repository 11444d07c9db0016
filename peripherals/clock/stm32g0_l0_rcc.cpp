// SPDX-License-Identifier: GPL-2.0-or-later
// Clock controllers of the STM32G0 (RM0444 chapter 5, registers 5.4) and the STM32L0 (RM0367 chapter 7, registers 7.3).
#include "peripherals/clock/stm32_rcc.h"
#include "peripherals/makers.h"

#include <array>

namespace simprof {
namespace {

const std::vector<std::string_view> kUsart1 = {"PCLK1", "SYSCLK", "HSI", "LSE"};

namespace g0 {

constexpr std::uint32_t kCr = 0x00, kCfgr = 0x08, kPllcfgr = 0x0C, kCcipr = 0x54, kCcipr2 = 0x58, kBdcr = 0x5C,
                        kCsr = 0x60;

std::vector<RegisterRow> rows() {
    return {{kCr, "CR", 0x500},
            {0x04, "ICSCR", 0x4000},
            {kCfgr, "CFGR", 0, 0xFFFFFFC7},
            {kPllcfgr, "PLLCFGR", 0x1000},
            {0x14, "CRRCR", 0, 0},
            {0x18, "CIER"},
            {0x1C, "CIFR", 0, 0},
            {0x20, "CICR", 0, 0},
            {0x24, "IOPRSTR"},
            {0x28, "AHBRSTR"},
            {0x2C, "APBRSTR1"},
            {0x30, "APBRSTR2"},
            {0x34, "IOPENR"},
            {0x38, "AHBENR", 0x100},
            {0x3C, "APBENR1"},
            {0x40, "APBENR2"},
            {0x44, "IOPSMENR", 0x3F},
            {0x48, "AHBSMENR", 0x51303},
            {0x4C, "APBSMENR1", 0xFFFFFFB7},
            {0x50, "APBSMENR2", 0x15D801},
            {kCcipr, "CCIPR"},
            {kCcipr2, "CCIPR2"},
            {kBdcr, "BDCR"},
            {kCsr, "CSR"}};
}

Stm32Rcc::Family family() {
    const std::vector<std::string_view> lptim = {"PCLK1", "LSI", "HSI", "LSE"};
    const std::vector<std::string_view> i2c = {"PCLK1", "SYSCLK", "HSI"};
    return {{{kCr, 8, 10, "HSI"},
             {kCr, 16, 17, "HSE"},
             {kCr, 22, 23, "HSI48"},
             {kCr, 24, 25, "PLL"},
             {kBdcr, 0, 1, "LSE"},
             {kCsr, 0, 1, "LSI"}},
            {{"USART1", kCcipr, 0, 2, kUsart1},
             {"USART2", kCcipr, 2, 2, kUsart1},
             {"USART3", kCcipr, 4, 2, kUsart1},
             {"LPUART2", kCcipr, 8, 2, kUsart1},
             {"LPUART1", kCcipr, 10, 2, kUsart1},
             {"I2C1", kCcipr, 12, 2, i2c},
             {"I2C2", kCcipr, 14, 2, i2c},
             {"LPTIM1", kCcipr, 18, 2, lptim},
             {"LPTIM2", kCcipr, 20, 2, lptim},
             {"RNG", kCcipr, 26, 2, {"", "HSI", "SYSCLK", "PLLQ"}},
             {"ADC", kCcipr, 30, 2, {"SYSCLK", "PLLP", "HSI"}},
             {"RTC", kBdcr, 8, 2, {"", "LSE", "LSI", "HSE/32"}}}};
}

class Rcc final : public Stm32Rcc {
public:
    Rcc(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : Stm32Rcc(desc, board, services, rows(), family()) {}

protected:
    void leaveStop() override {
        setValue(kCr, (value(kCr) & ~(1U << 16 | 1U << 24)) | 1U << 8);
        clearBits(kCfgr, 7U);
    }
    void settle(std::uint32_t offset, std::uint32_t value) override {
        setValue(kCfgr, (this->value(kCfgr) & ~0x38U) | (field(kCfgr, 0, 3) << 3)); // SWS follows SW
        if (offset == kCsr && (value & (1U << 23)) != 0) {                          // RMVF
            clearBits(kCsr, 0xFF800000);
        }
        if (offset == kBdcr && (value & (1U << 16)) != 0) { // BDRST
            setValue(kBdcr, 1U << 16);
        }
        if (offset == kCr && bit(kCr, 24)) {
            const Hertz input = pllInput() / (field(kPllcfgr, 4, 3) + 1);
            expect(input >= 2'660'000 && input <= 16'000'000,
                   "PLL input " + megahertz(input) + " is outside 2.66 to 16 MHz");
            expect(vco() >= 96'000'000 && vco() <= 344'000'000,
                   "PLL VCO " + megahertz(vco()) + " is outside 96 to 344 MHz");
        }
    }

    Hertz source(std::string_view line) const override {
        const Hertz hclk = coreFrequency();
        const unsigned divider = apbDivider(field(kCfgr, 12, 3));
        if (line == "HCLK") {
            return hclk;
        }
        if (line == "SYSCLK") {
            return sysclk();
        }
        if (line == "TIMPCLK1") {
            return hclk / divider * (divider == 1 ? 1 : 2);
        }
        if (line == "HSI") {
            return bit(kCr, 10) || bit(kCr, 9) ? 16'000'000 : 0;
        }
        if (line == "PLLP") {
            return bit(kPllcfgr, 16) ? vco() / (field(kPllcfgr, 17, 5) + 1) : 0;
        }
        if (line == "PLLQ") {
            return bit(kPllcfgr, 24) ? vco() / (field(kPllcfgr, 25, 3) + 1) : 0;
        }
        if (line == "LSE") {
            return bit(kBdcr, 1) ? oscillator("LSE") : 0;
        }
        if (line == "LSI") {
            return 32'000;
        }
        if (line == "HSE/32") {
            return oscillator("HSE") / 32;
        }
        // USART4 to 6, I2C3 and the rest of the single APB have no selection of their own.
        return line.empty() ? 0 : hclk / divider;
    }

    Hertz coreFrequency() const override { return sysclk() / ahbDivider(field(kCfgr, 8, 4)); }

private:
    Hertz pllInput() const {
        return field(kPllcfgr, 0, 2) == 3 ? oscillator("HSE") : field(kPllcfgr, 0, 2) == 2 ? 16'000'000 : 0;
    }
    Hertz vco() const { return pllInput() * field(kPllcfgr, 8, 7) / (field(kPllcfgr, 4, 3) + 1); }
    Hertz sysclk() const {
        switch (field(kCfgr, 0, 3)) {
        case 0: return 16'000'000U >> field(kCr, 11, 3);
        case 1: return oscillator("HSE");
        case 2: return bit(kPllcfgr, 28) ? vco() / (field(kPllcfgr, 29, 3) + 1) : 0;
        case 3: return 32'000;
        default: return oscillator("LSE");
        }
    }
};

} // namespace g0

namespace l0 {

constexpr std::uint32_t kCr = 0x00, kIcscr = 0x04, kCrrcr = 0x08, kCfgr = 0x0C, kCcipr = 0x4C, kCsr = 0x50;

std::vector<RegisterRow> rows() {
    return {{kCr, "CR", 0x300},
            {kIcscr, "ICSCR", 0xB000},
            {kCrrcr, "CRRCR"},
            {kCfgr, "CFGR", 0, 0x7FFDFFF3},
            {0x10, "CIER"},
            {0x14, "CIFR", 0, 0},
            {0x18, "CICR", 0, 0},
            {0x1C, "IOPRSTR"},
            {0x20, "AHBRSTR"},
            {0x24, "APB2RSTR"},
            {0x28, "APB1RSTR"},
            {0x2C, "IOPENR"},
            {0x30, "AHBENR", 0x100},
            {0x34, "APB2ENR"},
            {0x38, "APB1ENR"},
            {0x3C, "IOPSMENR", 0x8F},
            {0x40, "AHBSMENR", 0x01111301},
            {0x44, "APB2SMENR", 0x40523D},
            {0x48, "APB1SMENR", 0xF8E6FA91},
            {kCcipr, "CCIPR"},
            {kCsr, "CSR", 0x0C000000}};
}

Stm32Rcc::Family family() {
    return {{{kCr, 0, 2, "HSI"},
             {kCr, 3, 4, "HSIDIV"},
             {kCr, 8, 9, "MSI"},
             {kCr, 16, 17, "HSE"},
             {kCr, 24, 25, "PLL"},
             {kCrrcr, 0, 1, "HSI48"},
             {kCsr, 0, 1, "LSI"},
             {kCsr, 8, 9, "LSE"}},
            {{"USART1", kCcipr, 0, 2, {"PCLK2", "SYSCLK", "HSI", "LSE"}},
             {"USART2", kCcipr, 2, 2, kUsart1},
             {"LPUART1", kCcipr, 10, 2, kUsart1},
             {"I2C1", kCcipr, 12, 2, {"PCLK1", "SYSCLK", "HSI"}},
             {"LPTIM1", kCcipr, 18, 2, {"PCLK1", "LSI", "HSI", "LSE"}},
             {"RNG", kCcipr, 26, 1, {"PLLVCO/2", "HSI48"}},
             {"RTC", kCsr, 16, 2, {"", "LSE", "LSI", "HSE_RTC"}}}};
}

class Rcc final : public Stm32Rcc {
public:
    Rcc(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : Stm32Rcc(desc, board, services, rows(), family()) {}

protected:
    void leaveStop() override {
        const bool hsi = bit(kCfgr, 15); // STOPWUCK
        setValue(kCr, (value(kCr) & ~(1U << 16 | 1U << 24)) | (hsi ? 1U : 1U << 8));
        setValue(kCfgr, (value(kCfgr) & ~3U) | (hsi ? 1 : 0));
    }
    void settle(std::uint32_t offset, std::uint32_t value) override {
        setValue(kCfgr, (this->value(kCfgr) & ~0xCU) | (field(kCfgr, 0, 2) << 2)); // SWS follows SW
        if (offset == kCsr && (value & (1U << 23)) != 0) {                         // RMVF
            clearBits(kCsr, 0xFF800000);
        }
        if (offset == kCr && bit(kCr, 24)) {
            expect(vco() <= 96'000'000, "PLL VCO " + megahertz(vco()) + " is above 96 MHz"); // RM0367 7.2.4, range 1
            expect(field(kCfgr, 22, 2) != 0, "PLLDIV has the reserved value 0");
        }
    }

    Hertz source(std::string_view line) const override {
        const Hertz hclk = coreFrequency();
        if (line == "HCLK") {
            return hclk;
        }
        if (line == "SYSCLK") {
            return sysclk();
        }
        if (line == "PCLK1" || line == "PCLK2") {
            return hclk / apbDivider(field(kCfgr, line == "PCLK1" ? 8 : 11, 3));
        }
        if (line == "TIMPCLK1" || line == "TIMPCLK2") {
            const unsigned divider = apbDivider(field(kCfgr, line == "TIMPCLK1" ? 8 : 11, 3));
            return hclk / divider * (divider == 1 ? 1 : 2);
        }
        if (line == "HSI" || line == "ADC") { // the ADC's own clock is HSI16 (RM0367 14.3.5)
            return bit(kCr, 2) ? hsi() : 0;
        }
        if (line == "HSI48") {
            return bit(kCrrcr, 1) ? 48'000'000 : 0;
        }
        if (line == "PLLVCO/2") {
            return vco() / 2;
        }
        if (line == "LSE") {
            return bit(kCsr, 9) ? oscillator("LSE") : 0;
        }
        if (line == "HSE_RTC") {
            return oscillator("HSE") / (2U << field(kCr, 20, 2));
        }
        if (line == "LSI") {
            return 37'000;
        }
        return line == "I2C2" ? source("PCLK1") : 0;
    }

    Hertz coreFrequency() const override { return sysclk() / ahbDivider(field(kCfgr, 4, 4)); }

private:
    Hertz hsi() const { return bit(kCr, 3) ? 4'000'000 : 16'000'000; }
    Hertz vco() const {
        static constexpr std::array<unsigned, 16> kMul = {3, 4, 6, 8, 12, 16, 24, 32, 48};
        return (bit(kCfgr, 16) ? oscillator("HSE") : hsi()) * kMul[field(kCfgr, 18, 4)];
    }
    Hertz sysclk() const {
        switch (field(kCfgr, 0, 2)) {
        case 0: return 65'536U << field(kIcscr, 13, 3);
        case 1: return hsi();
        case 2: return oscillator("HSE");
        default: return vco() / (field(kCfgr, 22, 2) + 1);
        }
    }
};

} // namespace l0

} // namespace

std::span<const PeripheralMaker> stm32G0L0ClockMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32g0_rcc", "oscillators, PLL, bus and kernel clocks of STM32G0", makeDevice<g0::Rcc>},
        {"stm32l0_rcc", "oscillators, PLL, bus and kernel clocks of STM32L0", makeDevice<l0::Rcc>},
    };
    return kMakers;
}

} // namespace simprof
