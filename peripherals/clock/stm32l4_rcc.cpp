// SPDX-License-Identifier: GPL-2.0-or-later
// Clock controller of the STM32L4+: RM0432 chapter 6 (clock tree figure 16, registers 6.4); limits from DS12023
// table 55.
#include "peripherals/clock/stm32_rcc.h"
#include "peripherals/makers.h"

#include <array>

namespace simprof {
namespace {

constexpr std::uint32_t kCr = 0x00, kCfgr = 0x08, kPllcfgr = 0x0C, kPllsai1cfgr = 0x10, kPllsai2cfgr = 0x14,
                        kCicr = 0x20, kCcipr = 0x88, kBdcr = 0x90, kCsr = 0x94, kCrrcr = 0x98;

std::vector<RegisterRow> rows() {
    return {{kCr, "CR", 0x63},
            {0x04, "ICSCR", 0x40000000},
            {kCfgr, "CFGR", 0, 0x7F00FFF3},
            {kPllcfgr, "PLLCFGR", 0x1000},
            {kPllsai1cfgr, "PLLSAI1CFGR", 0x1000},
            {kPllsai2cfgr, "PLLSAI2CFGR", 0x1000},
            {0x18, "CIER"},
            {0x1C, "CIFR", 0, 0},
            {kCicr, "CICR", 0, 0},
            {0x28, "AHB1RSTR"},
            {0x2C, "AHB2RSTR"},
            {0x30, "AHB3RSTR"},
            {0x38, "APB1RSTR1"},
            {0x3C, "APB1RSTR2"},
            {0x40, "APB2RSTR"},
            {0x48, "AHB1ENR", 0x100},
            {0x4C, "AHB2ENR"},
            {0x50, "AHB3ENR"},
            {0x58, "APB1ENR1", 0x400},
            {0x5C, "APB1ENR2"},
            {0x60, "APB2ENR"},
            {0x68, "AHB1SMENR", 0xD1307},
            {0x6C, "AHB2SMENR", 0x577FF},
            {0x70, "AHB3SMENR", 0x301},
            {0x78, "APB1SMENR1", 0xF3FECC3F},
            {0x7C, "APB1SMENR2", 0x23},
            {0x80, "APB2SMENR", 0x01677C01},
            {kCcipr, "CCIPR"},
            {kBdcr, "BDCR"},
            {kCsr, "CSR", 0x0C000600},
            {kCrrcr, "CRRCR"},
            {0x9C, "CCIPR2"},
            {0xA4, "DLYCFGR"}};
}

const std::vector<std::string_view> kUsartSources = {"PCLK1", "SYSCLK", "HSI", "LSE"};
const std::vector<std::string_view> kI2cSources = {"PCLK1", "SYSCLK", "HSI"};
const std::vector<std::string_view> kLptimSources = {"PCLK1", "LSI", "HSI", "LSE"};

Stm32Rcc::Family family() {
    return {{{kCr, 0, 1, "MSI"},
             {kCr, 8, 10, "HSI"},
             {kCr, 16, 17, "HSE"},
             {kCr, 24, 25, "PLL"},
             {kCr, 26, 27, "PLLSAI1"},
             {kCr, 28, 29, "PLLSAI2"},
             {kBdcr, 0, 1, "LSE"},
             {kCsr, 0, 1, "LSI"},
             {kCrrcr, 0, 1, "HSI48"}},
            {{"USART1", kCcipr, 0, 2, {"PCLK2", "SYSCLK", "HSI", "LSE"}},
             {"USART2", kCcipr, 2, 2, kUsartSources},
             {"USART3", kCcipr, 4, 2, kUsartSources},
             {"UART4", kCcipr, 6, 2, kUsartSources},
             {"UART5", kCcipr, 8, 2, kUsartSources},
             {"LPUART1", kCcipr, 10, 2, kUsartSources},
             {"I2C1", kCcipr, 12, 2, kI2cSources},
             {"I2C2", kCcipr, 14, 2, kI2cSources},
             {"I2C3", kCcipr, 16, 2, kI2cSources},
             {"LPTIM1", kCcipr, 18, 2, kLptimSources},
             {"LPTIM2", kCcipr, 20, 2, kLptimSources},
             {"RNG", kCcipr, 26, 2, {"HSI48", "PLLSAI1Q", "PLLQ", "MSI"}},
             {"ADC", kCcipr, 28, 2, {"", "PLLSAI1R", "", "HCLK"}},
             {"I2C4", 0x9C, 0, 2, kI2cSources},
             {"RTC", kBdcr, 8, 2, {"", "LSE", "LSI", "HSE/32"}}}};
}

class Stm32L4Rcc final : public Stm32Rcc {
public:
    Stm32L4Rcc(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : Stm32Rcc(desc, board, services, rows(), family()) {}

protected:
    void leaveStop() override {
        const bool hsi = bit(kCfgr, 15); // STOPWUCK
        setValue(kCr, (value(kCr) & ~(1U << 16 | 1U << 24 | 1U << 26 | 1U << 28)) | (hsi ? 1U << 8 : 1U));
        setValue(kCfgr, (value(kCfgr) & ~3U) | (hsi ? 1 : 0));
    }
    void settle(std::uint32_t offset, std::uint32_t value) override {
        setValue(kCfgr, (this->value(kCfgr) & ~0xCU) | (field(kCfgr, 0, 2) << 2)); // SWS follows SW
        if (offset == kCsr && (value & (1U << 23)) != 0) {                         // RMVF
            clearBits(kCsr, 0xFF800000);
        }
        if (offset == kBdcr && (value & (1U << 16)) != 0) { // BDRST
            setValue(kBdcr, 1U << 16);
        }
        if (offset == kCr && bit(kCr, 24)) {
            const Hertz input = pllInput() / (field(kPllcfgr, 4, 4) + 1);
            const Hertz vco = input * field(kPllcfgr, 8, 7);
            expect(input >= 2'660'000 && input <= 16'000'000,
                   "PLL input " + megahertz(input) + " is outside 2.66 to 16 MHz");
            expect(vco >= 64'000'000 && vco <= 344'000'000, "PLL VCO " + megahertz(vco) + " is outside 64 to 344 MHz");
        }
    }

    Hertz source(std::string_view line) const override {
        static constexpr std::array<unsigned, 4> kDiv = {2, 4, 6, 8};
        if (line == "HCLK") {
            return coreFrequency();
        }
        if (line == "SYSCLK") {
            return sysclk();
        }
        if (line == "PCLK1" || line == "PCLK2") {
            return coreFrequency() / apbDivider(field(kCfgr, line == "PCLK1" ? 8 : 11, 3));
        }
        if (line == "TIMPCLK1" || line == "TIMPCLK2") {
            const unsigned divider = apbDivider(field(kCfgr, line == "TIMPCLK1" ? 8 : 11, 3));
            return coreFrequency() / divider * (divider == 1 ? 1 : 2);
        }
        if (line == "HSI") {
            return bit(kCr, 10) || bit(kCr, 9) ? 16'000'000 : 0;
        }
        if (line == "MSI") {
            return msi();
        }
        if (line == "PLLQ") {
            return bit(kPllcfgr, 20) ? vco() / kDiv[field(kPllcfgr, 21, 2)] : 0;
        }
        if (line == "HSE/32") {
            return oscillator("HSE") / 32;
        }
        if (line == "LSE") {
            return bit(kBdcr, 1) ? oscillator("LSE") : 0;
        }
        if (line == "LSI") {
            return 32'000;
        }
        return line == "HSI48" && bit(kCrrcr, 1) ? 48'000'000 : 0;
    }

    Hertz coreFrequency() const override { return sysclk() / ahbDivider(field(kCfgr, 4, 4)); }

private:
    Hertz msi() const {
        static constexpr std::array<Hertz, 16> kRanges = {100'000,    200'000,    400'000,    800'000,
                                                          1'000'000,  2'000'000,  4'000'000,  8'000'000,
                                                          16'000'000, 24'000'000, 32'000'000, 48'000'000};
        return kRanges[bit(kCr, 3) ? field(kCr, 4, 4) : field(kCsr, 8, 4)];
    }
    Hertz pllInput() const {
        switch (field(kPllcfgr, 0, 2)) {
        case 1: return msi();
        case 2: return 16'000'000;
        case 3: return oscillator("HSE");
        default: return 0;
        }
    }
    Hertz vco() const { return pllInput() * field(kPllcfgr, 8, 7) / (field(kPllcfgr, 4, 4) + 1); }
    Hertz sysclk() const {
        switch (field(kCfgr, 0, 2)) {
        case 0: return msi();
        case 1: return 16'000'000;
        case 2: return oscillator("HSE");
        default: return bit(kPllcfgr, 24) ? vco() / (2 * (field(kPllcfgr, 25, 2) + 1)) : 0;
        }
    }
};

} // namespace

std::span<const PeripheralMaker> stm32L4ClockMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32l4_rcc", "oscillators, PLL, bus and kernel clocks of STM32L4+", makeDevice<Stm32L4Rcc>},
    };
    return kMakers;
}

} // namespace simprof
