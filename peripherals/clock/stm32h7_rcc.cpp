// SPDX-License-Identifier: GPL-2.0-or-later
// Clock controllers of the STM32H743/H747 (RM0399 chapter 9, registers 9.7) and H7A3 (RM0455 chapter 8, registers 8.7).
// Both have the same layout with other names (D1CFGR is CDCFGR1 …). PLL limits from the descriptions of PLLCKSELR and
// PLLCFGR.
#include "peripherals/clock/stm32_rcc.h"
#include "peripherals/makers.h"

#include <array>

namespace simprof {
namespace {

constexpr std::uint32_t kCr = 0x00, kCfgr = 0x10, kD1cfgr = 0x18, kD2cfgr = 0x1C, kD3cfgr = 0x20, kPllckselr = 0x28,
                        kPllcfgr = 0x2C, kPll1divr = 0x30, kPll1fracr = 0x34, kD1ccipr = 0x4C, kD2ccip1r = 0x50,
                        kD2ccip2r = 0x54, kD3ccipr = 0x58, kBdcr = 0x70, kCsr = 0x74, kRsr = 0xD0;

std::vector<RegisterRow> rows() {
    return {{kCr, "CR", 0xC025},
            {0x04, "HSICFGR", 0x40000000},
            {0x08, "CRRCR", 0, 0},
            {0x0C, "CSICFGR", 0x20000000},
            {kCfgr, "CFGR", 0, 0xFFFFFFC7},
            {kD1cfgr, "D1CFGR"},
            {kD2cfgr, "D2CFGR"},
            {kD3cfgr, "D3CFGR"},
            {kPllckselr, "PLLCKSELR", 0x02020200},
            {kPllcfgr, "PLLCFGR", 0x01FF0000},
            {kPll1divr, "PLL1DIVR", 0x01010280},
            {kPll1fracr, "PLL1FRACR"},
            {0x38, "PLL2DIVR", 0x01010280},
            {0x3C, "PLL2FRACR"},
            {0x40, "PLL3DIVR", 0x01010280},
            {0x44, "PLL3FRACR"},
            {kD1ccipr, "D1CCIPR"},
            {kD2ccip1r, "D2CCIP1R"},
            {kD2ccip2r, "D2CCIP2R"},
            {kD3ccipr, "D3CCIPR"},
            {0x60, "CIER"},
            {0x64, "CIFR", 0, 0},
            {0x68, "CICR", 0, 0},
            {kBdcr, "BDCR"},
            {kCsr, "CSR"},
            {0x7C, "AHB3RSTR"},
            {0x80, "AHB1RSTR"},
            {0x84, "AHB2RSTR"},
            {0x88, "AHB4RSTR"},
            {0x8C, "APB3RSTR"},
            {0x90, "APB1LRSTR"},
            {0x94, "APB1HRSTR"},
            {0x98, "APB2RSTR"},
            {0x9C, "APB4RSTR"},
            {0xA0, "GCR"},
            {0xA8, "D3AMR"},
            {kRsr, "RSR", 0x00FE0000},
            {0xD4, "AHB3ENR"},
            {0xD8, "AHB1ENR"},
            {0xDC, "AHB2ENR"},
            {0xE0, "AHB4ENR"},
            {0xE4, "APB3ENR"},
            {0xE8, "APB1LENR"},
            {0xEC, "APB1HENR"},
            {0xF0, "APB2ENR"},
            {0xF4, "APB4ENR", 0x10000},
            {0xFC, "AHB3LPENR"},
            {0x100, "AHB1LPENR"},
            {0x104, "AHB2LPENR"},
            {0x108, "AHB4LPENR"},
            {0x10C, "APB3LPENR"},
            {0x110, "APB1LLPENR"},
            {0x114, "APB1HLPENR"},
            {0x118, "APB2LPENR"},
            {0x11C, "APB4LPENR"}};
}

Stm32Rcc::Family family() {
    const std::vector<std::string_view> apb1 = {"PCLK1", "PLL2Q", "PLL3Q", "HSI", "CSI", "LSE"};
    const std::vector<std::string_view> apb2 = {"PCLK2", "PLL2Q", "PLL3Q", "HSI", "CSI", "LSE"};
    const std::vector<std::string_view> i2c = {"PCLK1", "PLL3R", "HSI", "CSI"};
    const std::vector<std::string_view> lptim = {"PCLK4", "PLL2P", "PLL3R", "LSE", "LSI", "PER"};
    Stm32Rcc::Family result{{{kCr, 0, 2, "HSI"},
                             {kCr, 7, 8, "CSI"},
                             {kCr, 12, 13, "HSI48"},
                             {kCr, 16, 17, "HSE"},
                             {kCr, 24, 25, "PLL1"},
                             {kCr, 26, 27, "PLL2"},
                             {kCr, 28, 29, "PLL3"},
                             {kBdcr, 0, 1, "LSE"},
                             {kCsr, 0, 1, "LSI"}},
                            {{"LPUART1", kD3ccipr, 0, 3, {"PCLK4", "PLL2Q", "PLL3Q", "HSI", "CSI", "LSE"}},
                             {"I2C4", kD3ccipr, 8, 2, {"PCLK4", "PLL3R", "HSI", "CSI"}},
                             {"LPTIM2", kD3ccipr, 10, 3, lptim},
                             {"LPTIM1", kD2ccip2r, 28, 3, {"PCLK1", "PLL2P", "PLL3R", "LSE", "LSI", "PER"}},
                             {"ADC", kD3ccipr, 16, 2, {"PLL2P", "PLL3R", "PER"}},
                             {"RNG", kD2ccip2r, 8, 2, {"HSI48", "PLL1Q", "LSE", "LSI"}},
                             {"RTC", kBdcr, 8, 2, {"", "LSE", "LSI", "HSE_RTC"}},
                             {"PER", kD1ccipr, 28, 2, {"HSI", "CSI", "HSE"}}}};
    for (const char* line : {"USART2", "USART3", "UART4", "UART5", "UART7", "UART8"}) {
        result.muxes.push_back({line, kD2ccip2r, 0, 3, apb1});
    }
    for (const char* line : {"USART1", "USART6", "UART9", "USART10"}) {
        result.muxes.push_back({line, kD2ccip2r, 3, 3, apb2});
    }
    for (const char* line : {"I2C1", "I2C2", "I2C3"}) {
        result.muxes.push_back({line, kD2ccip2r, 12, 2, i2c});
    }
    for (const char* line : {"LPTIM3", "LPTIM4", "LPTIM5"}) {
        result.muxes.push_back({line, kD3ccipr, 13, 3, lptim});
    }
    for (const char* line : {"SPI1", "SPI2", "SPI3"}) {
        result.muxes.push_back({line, kD2ccip1r, 12, 3, {"PLL1Q", "PLL2P", "PLL3P", "", "PER"}});
    }
    for (const char* line : {"SPI4", "SPI5"}) {
        result.muxes.push_back({line, kD2ccip1r, 16, 3, {"PCLK2", "PLL2Q", "PLL3Q", "HSI", "CSI", "HSE"}});
    }
    result.muxes.push_back({"SPI6", kD3ccipr, 28, 3, {"PCLK4", "PLL2Q", "PLL3Q", "HSI", "CSI", "HSE"}});
    return result;
}

class Stm32H7Rcc final : public Stm32Rcc {
public:
    Stm32H7Rcc(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : Stm32Rcc(desc, board, services, rows(), family()) {}

protected:
    // Each core has its own view of RSR and the enable registers at 0x130 (RM0399 9.7.41); C1 is the same as the plain
    // one here.
    static std::uint32_t plain(std::uint32_t offset) {
        return offset >= 0x130 && offset <= 0x17C ? offset - 0x60 : offset;
    }
    bool models(std::uint32_t offset) const override { return Stm32Rcc::models(plain(offset)); }
    std::uint32_t onRead(std::uint32_t offset) override { return value(plain(offset)); }
    void onWrite(std::uint32_t offset, std::uint32_t value, std::uint32_t lanes) override {
        Stm32Rcc::onWrite(plain(offset), value, lanes);
    }

    void leaveStop() override {
        const bool csi = bit(kCfgr, 6); // STOPWUCK
        setValue(kCr, (value(kCr) & ~(1U << 16 | 1U << 24 | 1U << 26 | 1U << 28)) | (csi ? 1U << 7 : 1U));
        setValue(kCfgr, (value(kCfgr) & ~7U) | (csi ? 1 : 0));
    }

    void settle(std::uint32_t offset, std::uint32_t value) override {
        setValue(kCfgr, (this->value(kCfgr) & ~0x38U) | (field(kCfgr, 0, 3) << 3)); // SWS follows SW
        setBits(kCr, 1U << 5);                                                      // HSIDIVF: the divider is in force
        if (offset == kRsr && (value & (1U << 16)) != 0) {                          // RMVF
            setValue(kRsr, 0);
        }
        if (offset == kBdcr && (value & (1U << 16)) != 0) { // BDRST
            setValue(kBdcr, 1U << 16);
        }
        if (offset == kCr && bit(kCr, 24)) {
            const Hertz input = divided(4);
            expect(input >= 1'000'000 && input <= 16'000'000,
                   "PLL1 input " + megahertz(input) + " is outside 1 to 16 MHz");
            const bool medium = bit(kPllcfgr, 1);
            const Hertz low = medium                                      ? 150'000'000
                              : board().mcu->family == McuFamily::Stm32H7 ? 192'000'000
                                                                          : 128'000'000;
            const Hertz high = medium                                      ? 420'000'000
                               : board().mcu->family == McuFamily::Stm32H7 ? 960'000'000
                                                                           : 560'000'000;
            expect(vco(0) >= low && vco(0) <= high,
                   "PLL1 VCO " + megahertz(vco(0)) + " is outside " + megahertz(low) + " to " + megahertz(high));
        }
    }

    Hertz source(std::string_view line) const override {
        if (line == "HCLK") {
            return hclk();
        }
        if (line == "SYSCLK") {
            return sysclk();
        }
        if (line.starts_with("PCLK") || line.starts_with("TIMPCLK")) {
            const bool timer = line.starts_with("TIM");
            const unsigned divider = busDivider(line.back());
            if (timer && bit(kCfgr, 15)) { // TIMPRE: RM0399 9.5.8
                return divider <= 4 ? hclk() : hclk() / divider * 4;
            }
            return timer && divider > 2 ? hclk() / divider * 2 : timer ? hclk() : hclk() / divider;
        }
        if (line.size() == 5 && line.starts_with("PLL")) {
            return pll(static_cast<unsigned>(line[3] - '1'), line[4]);
        }
        if (line == "HSI") {
            return bit(kCr, 2) ? hsi() : 0;
        }
        if (line == "CSI") {
            return bit(kCr, 8) ? 4'000'000 : 0;
        }
        if (line == "HSI48") {
            return bit(kCr, 13) ? 48'000'000 : 0;
        }
        if (line == "HSE") {
            return bit(kCr, 17) ? oscillator("HSE") : 0;
        }
        if (line == "PER") {
            const std::array<const char*, 4> sources = {"HSI", "CSI", "HSE", ""};
            return source(sources[field(kD1ccipr, 28, 2)]);
        }
        if (line == "HSE_RTC") {
            const unsigned divider = field(kCfgr, 8, 6);
            return divider > 1 ? oscillator("HSE") / divider : 0;
        }
        if (line == "LSE") {
            return bit(kBdcr, 1) ? oscillator("LSE") : 0;
        }
        return line == "LSI" ? 32'000 : 0;
    }

    /// The core runs before the AHB divider (HPRE): RM0399 figure 49.
    Hertz coreFrequency() const override { return sysclk() / ahbDivider(field(kD1cfgr, 8, 4)); }

private:
    Hertz hclk() const { return coreFrequency() / ahbDivider(field(kD1cfgr, 0, 4)); }
    unsigned busDivider(char bus) const {
        switch (bus) {
        case '1': return apbDivider(field(kD2cfgr, 4, 3));
        case '2': return apbDivider(field(kD2cfgr, 8, 3));
        case '3': return apbDivider(field(kD1cfgr, 4, 3));
        default: return apbDivider(field(kD3cfgr, 4, 3));
        }
    }
    Hertz hsi() const { return 64'000'000U >> field(kCr, 3, 2); }
    Hertz pllSource() const {
        switch (field(kPllckselr, 0, 2)) {
        case 0: return hsi();
        case 1: return 4'000'000;
        case 2: return oscillator("HSE");
        default: return 0;
        }
    }
    /// Reference of the PLL whose DIVM field begins at `low`.
    Hertz divided(unsigned low) const {
        const unsigned m = field(kPllckselr, low, 6);
        return m == 0 ? 0 : pllSource() / m;
    }
    Hertz vco(unsigned index) const {
        const std::uint32_t divr = kPll1divr + 8 * index;
        const unsigned m = field(kPllckselr, 4 + 8 * index, 6);
        if (m == 0) {
            return 0;
        }
        const Hertz n = field(divr, 0, 9) + 1;
        const Hertz fraction = bit(kPllcfgr, 4 * index) ? field(divr + 4, 3, 13) : 0;
        return pllSource() * (n * 8192 + fraction) / m / 8192;
    }
    Hertz pll(unsigned index, char output) const {
        const unsigned which = static_cast<unsigned>(output - 'P');
        if (!bit(kCr, 25 + 2 * index) || !bit(kPllcfgr, 16 + 3 * index + which)) {
            return 0;
        }
        static constexpr std::array<unsigned, 3> kLow = {9, 16, 24};
        return vco(index) / (field(kPll1divr + 8 * index, kLow[which], 7) + 1);
    }
    Hertz sysclk() const {
        switch (field(kCfgr, 0, 3)) {
        case 0: return hsi();
        case 1: return 4'000'000;
        case 2: return oscillator("HSE");
        default: return pll(0, 'P');
        }
    }
};

} // namespace

std::span<const PeripheralMaker> stm32H7ClockMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32h7_rcc", "oscillators, PLLs, bus and kernel clocks of STM32H7", makeDevice<Stm32H7Rcc>},
        {"stm32h7a3_rcc", "oscillators, PLLs, bus and kernel clocks of STM32H7A3", makeDevice<Stm32H7Rcc>},
    };
    return kMakers;
}

} // namespace simprof
