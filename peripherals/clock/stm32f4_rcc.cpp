// SPDX-License-Identifier: GPL-2.0-or-later
// Clock controllers of the STM32F4 (RM0090 chapter 7, registers 7.3) and the STM32F7 (RM0385 chapter 5, registers 5.3);
// PLL limits from the field descriptions of RCC_PLLCFGR.
#include "peripherals/clock/stm32_rcc.h"
#include "peripherals/makers.h"

namespace simprof {
namespace {

constexpr std::uint32_t kCr = 0x00, kPllcfgr = 0x04, kCfgr = 0x08, kBdcr = 0x70, kCsr = 0x74, kDckcfgr1 = 0x8C,
                        kDckcfgr2 = 0x90;

std::vector<RegisterRow> rows(bool f7) {
    std::vector<RegisterRow> result = {{kCr, "CR", 0x83},
                                       {kPllcfgr, "PLLCFGR", 0x24003010},
                                       {kCfgr, "CFGR", 0, 0xFFFFFCF3},
                                       {0x0C, "CIR"},
                                       {0x10, "AHB1RSTR"},
                                       {0x14, "AHB2RSTR"},
                                       {0x18, "AHB3RSTR"},
                                       {0x20, "APB1RSTR"},
                                       {0x24, "APB2RSTR"},
                                       {0x30, "AHB1ENR", 0x100000},
                                       {0x34, "AHB2ENR"},
                                       {0x38, "AHB3ENR"},
                                       {0x40, "APB1ENR", f7 ? 0x400U : 0U},
                                       {0x44, "APB2ENR"},
                                       {0x50, "AHB1LPENR", f7 ? 0x7EF7B7FFU : 0x7E6791FFU},
                                       {0x54, "AHB2LPENR", 0xF1},
                                       {0x58, "AHB3LPENR", f7 ? 3U : 1U},
                                       {0x60, "APB1LPENR", f7 ? 0xFFFFCBFFU : 0x36FEC9FFU},
                                       {0x64, "APB2LPENR", f7 ? 0x04F77F33U : 0x00075F33U},
                                       {kBdcr, "BDCR"},
                                       {kCsr, "CSR", 0x0E000000},
                                       {0x80, "SSCGR"},
                                       {0x84, "PLLI2SCFGR", f7 ? 0x24003000U : 0x20003000U}};
    if (f7) {
        result.insert(result.end(),
                      {{0x88, "PLLSAICFGR", 0x24003000}, {kDckcfgr1, "DCKCFGR1"}, {kDckcfgr2, "DCKCFGR2"}});
    }
    return result;
}

Stm32Rcc::Family family(bool f7) {
    Stm32Rcc::Family result{{{kCr, 0, 1, "HSI"},
                             {kCr, 16, 17, "HSE"},
                             {kCr, 24, 25, "PLL"},
                             {kCr, 26, 27, "PLLI2S"},
                             {kBdcr, 0, 1, "LSE"},
                             {kCsr, 0, 1, "LSI"}},
                            {{"RTC", kBdcr, 8, 2, {"", "LSE", "LSI", "HSE_RTC"}}}};
    if (!f7) {
        result.muxes.push_back({"RNG", kCr, 31, 1, {"PLLQ", "PLLQ"}});
        return result;
    }
    result.ready.push_back({kCr, 28, 29, "PLLSAI"});
    const std::vector<std::string_view> apb1 = {"PCLK1", "SYSCLK", "HSI", "LSE"};
    const std::vector<std::string_view> apb2 = {"PCLK2", "SYSCLK", "HSI", "LSE"};
    const std::vector<std::string_view> i2c = {"PCLK1", "SYSCLK", "HSI"};
    const auto add = [&](const char* line, unsigned low, const std::vector<std::string_view>& sources) {
        result.muxes.push_back({line, kDckcfgr2, low, 2, sources});
    };
    add("USART1", 0, apb2);
    add("USART2", 2, apb1);
    add("USART3", 4, apb1);
    add("UART4", 6, apb1);
    add("UART5", 8, apb1);
    add("USART6", 10, apb2);
    add("UART7", 12, apb1);
    add("UART8", 14, apb1);
    add("I2C1", 16, i2c);
    add("I2C2", 18, i2c);
    add("I2C3", 20, i2c);
    add("I2C4", 22, i2c);
    add("LPTIM1", 24, {"PCLK1", "LSI", "HSI", "LSE"});
    result.muxes.push_back({"RNG", kDckcfgr2, 27, 1, {"PLLQ", "PLLSAIP"}});
    return result;
}

template<bool F7>
class Stm32F4Rcc final : public Stm32Rcc {
public:
    Stm32F4Rcc(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : Stm32Rcc(desc, board, services, rows(F7), family(F7)) {}

protected:
    void leaveStop() override {
        setValue(kCr, (value(kCr) & ~(1U << 16 | 1U << 24 | 1U << 26 | 1U << 28)) | 1U);
        clearBits(kCfgr, 3U);
    }
    void settle(std::uint32_t offset, std::uint32_t value) override {
        setValue(kCfgr, (this->value(kCfgr) & ~0xCU) | (field(kCfgr, 0, 2) << 2)); // SWS follows SW
        if (offset == kCsr && (value & (1U << 24)) != 0) {                         // RMVF
            clearBits(kCsr, 0xFF000000);
        }
        if (offset == kBdcr && (value & (1U << 16)) != 0) { // BDRST
            setValue(kBdcr, 1U << 16);
        }
        if (offset == 0x0C) { // CIR: clear bits read as 0, the interrupt flags are not raised
            clearBits(0x0C, 0x00BF00BF);
        }
        if (offset == kCr && bit(kCr, 24)) {
            const Hertz input = pllInput();
            expect(field(kPllcfgr, 0, 6) >= 2, "PLLM below 2");
            expect(input >= 950'000 && input <= 2'100'000,
                   "PLL input " + megahertz(input) + " is outside 0.95 to 2.1 MHz");
            expect(vco() >= 100'000'000 && vco() <= 432'000'000,
                   "PLL VCO " + megahertz(vco()) + " is outside 100 to 432 MHz");
        }
    }

    Hertz source(std::string_view line) const override {
        if (line == "HCLK") {
            return coreFrequency();
        }
        if (line == "SYSCLK") {
            return sysclk();
        }
        if (line == "PCLK1" || line == "PCLK2") {
            return coreFrequency() / apbDivider(field(kCfgr, line == "PCLK1" ? 10 : 13, 3));
        }
        if (line == "TIMPCLK1" || line == "TIMPCLK2") {
            const unsigned divider = apbDivider(field(kCfgr, line == "TIMPCLK1" ? 10 : 13, 3));
            if (F7 && bit(kDckcfgr1, 24)) { // TIMPRE: RM0385 5.3.25
                return divider <= 4 ? coreFrequency() : coreFrequency() / divider * 4;
            }
            return coreFrequency() / divider * (divider == 1 ? 1 : 2);
        }
        if (line == "PLLQ") {
            const unsigned q = field(kPllcfgr, 24, 4);
            return bit(kCr, 25) && q > 1 ? vco() / q : 0;
        }
        if (line == "HSI") {
            return bit(kCr, 1) ? 16'000'000 : 0;
        }
        if (line == "LSE") {
            return bit(kBdcr, 1) ? oscillator("LSE") : 0;
        }
        if (line == "HSE_RTC") {
            const unsigned divider = field(kCfgr, 16, 5);
            return divider > 1 ? oscillator("HSE") / divider : 0;
        }
        if (line == "ADC") { // the common prescaler divides PCLK2 inside the ADC
            return source("PCLK2");
        }
        return line == "LSI" ? 32'000 : 0;
    }

    Hertz coreFrequency() const override { return sysclk() / ahbDivider(field(kCfgr, 4, 4)); }

private:
    Hertz pllInput() const {
        const unsigned m = field(kPllcfgr, 0, 6);
        const Hertz input = bit(kPllcfgr, 22) ? oscillator("HSE") : 16'000'000;
        return m == 0 ? 0 : input / m;
    }
    Hertz vco() const {
        const unsigned m = field(kPllcfgr, 0, 6);
        const Hertz input = bit(kPllcfgr, 22) ? oscillator("HSE") : 16'000'000;
        return m == 0 ? 0 : input * field(kPllcfgr, 6, 9) / m;
    }
    Hertz sysclk() const {
        switch (field(kCfgr, 0, 2)) {
        case 0: return 16'000'000;
        case 1: return oscillator("HSE");
        default: return vco() / (2 * (field(kPllcfgr, 16, 2) + 1));
        }
    }
};

} // namespace

std::span<const PeripheralMaker> stm32F4ClockMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32f4_rcc", "oscillators, PLL, bus clocks of STM32F4", makeDevice<Stm32F4Rcc<false>>},
        {"stm32f7_rcc", "oscillators, PLL, bus and kernel clocks of STM32F7", makeDevice<Stm32F4Rcc<true>>},
    };
    return kMakers;
}

} // namespace simprof
