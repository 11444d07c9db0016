// SPDX-License-Identifier: GPL-2.0-or-later
// STM32 GPIO ports and the line multiplexers: GPIO RM0432 8.4, RM0090 8.4; SYSCFG_EXTICR RM0090 9.2; EXTI RM0090 12.3
// (F4, F7, L0), RM0432 16.5 (L4), RM0444 13.5 (G0), RM0399 21.6 (H7).
#include "peripherals/gpio/gpio.h"
#include "peripherals/layout.h"
#include "peripherals/makers.h"
#include "peripherals/register_file.h"

#include <array>
#include <charconv>
#include <map>

namespace simprof {

void GpioPort::outputsChanged(std::uint32_t changed, std::uint32_t levels) {
    for (unsigned pin = 0; pin < 32 && changed >> pin != 0; ++pin) {
        if (((changed >> pin) & 1U) != 0) {
            for (const Observer& observer : m_observers) {
                observer(pin, ((levels >> pin) & 1U) != 0);
            }
        }
    }
}

std::optional<GpioPin> gpioPin(MachineServices& services, std::string_view name) {
    std::string port;
    std::string_view digits = name;
    if (name.size() >= 3 && name[0] == 'P' && name[1] >= 'A' && name[1] <= 'Z') {
        port = std::string("GPIO") + name[1];
        digits = name.substr(2);
    } else if (const std::size_t dot = name.find('.'); dot != std::string_view::npos) {
        port = name.substr(0, dot);
        digits = name.substr(dot + 1);
    }
    unsigned number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty() || number > 63) {
        return std::nullopt;
    }
    for (const std::string& candidate :
         port.empty() ? std::vector<std::string>{"SIO", "GPIO", "P0"} : std::vector<std::string>{port}) {
        if (auto* found = dynamic_cast<GpioPort*>(services.peripheral(candidate))) {
            return GpioPin{found, number};
        }
    }
    return std::nullopt;
}

namespace {

constexpr std::uint32_t kModer = 0x00, kPupdr = 0x0C, kIdr = 0x10, kOdr = 0x14, kBsrr = 0x18, kBrr = 0x28;

std::vector<RegisterRow> gpioRows(const PeripheralDesc& desc, const BoardDesc& board) {
    const McuFamily family = board.mcu->family;
    const bool f = family == McuFamily::Stm32F4 || family == McuFamily::Stm32F7;
    const char port = desc.options.contains("port") ? desc.options.at("port")[0] : 'C';
    // The debug pins PA13, PA14 (and PB3, PB4 with JTAG) are alternate functions after reset.
    std::uint32_t mode = f ? 0 : 0xFFFFFFFF;
    std::uint32_t pull = 0;
    std::uint32_t speed = 0;
    if (port == 'A') {
        const bool swdOnly = family == McuFamily::Stm32G0 || family == McuFamily::Stm32L0;
        mode = f ? 0xA8000000 : swdOnly ? 0xEBFFFFFF : 0xABFFFFFF;
        pull = swdOnly ? 0x24000000 : 0x64000000;
        speed = 0x0C000000;
    } else if (port == 'B' && family != McuFamily::Stm32G0 && family != McuFamily::Stm32L0) {
        mode = f ? 0x280 : 0xFFFFFEBF;
        pull = 0x100;
        speed = f ? 0xC0 : 0;
    }
    std::vector<RegisterRow> rows = {{kModer, "MODER", mode},  {0x04, "OTYPER", 0, 0xFFFF},
                                     {0x08, "OSPEEDR", speed}, {kPupdr, "PUPDR", pull},
                                     {kIdr, "IDR", 0, 0},      {kOdr, "ODR", 0, 0xFFFF},
                                     {kBsrr, "BSRR"},          {0x1C, "LCKR"},
                                     {0x20, "AFRL"},           {0x24, "AFRH"}};
    if (!f) {
        rows.push_back({kBrr, "BRR"});
    }
    return rows;
}

class Stm32Gpio final : public RegisterFile, public GpioPort {
public:
    Stm32Gpio(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : RegisterFile(desc, services, gpioRows(desc, board))
        , m_port(static_cast<unsigned>(option("port", "A")[0] - 'A')) {
        for (unsigned pin = 0; pin < 16; ++pin) {
            const auto wired = board.pins.find(std::string("P") + option("port", "A")[0] + std::to_string(pin));
            if (wired != board.pins.end()) {
                m_driven |= 1U << pin;
                m_outside |= wired->second ? 1U << pin : 0;
            }
        }
    }

    void drive(unsigned pin, bool level) override {
        const std::uint32_t mask = 1U << pin;
        m_driven |= mask;
        m_outside = level ? m_outside | mask : m_outside & ~mask;
        updateInputs();
    }
    bool output(unsigned pin) const override { return ((value(kOdr) >> pin) & 1U) != 0; }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == kIdr) {
            return levels();
        }
        return offset == kBsrr || offset == kBrr ? 0 : value(offset);
    }

    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        const std::uint32_t before = value(kOdr);
        if (offset == kBsrr) {
            setValue(kOdr, (before & ~(written >> 16)) | (written & 0xFFFF));
        } else if (offset == kBrr && models(kBrr)) {
            setValue(kOdr, before & ~(written & 0xFFFF));
        } else {
            store(offset, written, lanes);
        }
        outputsChanged(before ^ value(kOdr), value(kOdr));
        updateInputs();
    }

    void onReset() override { m_last = levels(); }

private:
    std::uint32_t levels() const {
        std::uint32_t result = 0;
        for (unsigned pin = 0; pin < 16; ++pin) {
            const std::uint32_t mask = 1U << pin;
            const bool isOutput = field(kModer, 2 * pin, 2) == 1;
            const bool pulledUp = field(kPupdr, 2 * pin, 2) == 1;
            const bool high = isOutput                 ? (value(kOdr) & mask) != 0
                              : (m_driven & mask) != 0 ? (m_outside & mask) != 0
                                                       : pulledUp;
            result |= high ? mask : 0;
        }
        return result;
    }

    void updateInputs() {
        const std::uint32_t now = levels();
        const std::uint32_t changed = now ^ m_last;
        m_last = now;
        if (changed == 0) {
            return;
        }
        if (auto* exti = dynamic_cast<PinEdgeSink*>(services().peripheral("EXTI"))) {
            for (unsigned pin = 0; pin < 16; ++pin) {
                if (((changed >> pin) & 1U) != 0) {
                    exti->pinLevel(m_port, pin, ((now >> pin) & 1U) != 0);
                }
            }
        }
    }

    unsigned m_port;
    std::uint32_t m_driven = 0;
    std::uint32_t m_outside = 0;
    std::uint32_t m_last = 0;
};

/// Register offsets of one EXTI layout; lines 0 to 31 (bank 1) have edges and interrupts, bank 2 is kept as registers.
struct ExtiLayout {
    std::uint32_t imr, emr, rtsr, ftsr, swier, pr, fpr; ///< fpr: falling edges apart (G0), else 0xFFC
    std::uint32_t imrReset;
    unsigned wakeupLine, alarmLine; ///< RTC lines that need an EXTI edge; 99: direct
    std::vector<RegisterRow> more;
};

ExtiLayout extiLayout(Layout layout) {
    if (layout == Layout::L4) {
        return {0x00,
                0x04,
                0x08,
                0x0C,
                0x10,
                0x14,
                0xFFC,
                0xFF820000,
                20,
                18,
                {{0x20, "IMR2", 0x187},
                 {0x24, "EMR2"},
                 {0x28, "RTSR2"},
                 {0x2C, "FTSR2"},
                 {0x30, "SWIER2"},
                 {0x34, "PR2", 0, 0}}};
    }
    if (layout == Layout::L0) {
        return {0x00, 0x04, 0x08, 0x0C, 0x10, 0x14, 0xFFC, 0x3F840000, 20, 17, {}};
    }
    if (layout == Layout::G0) {
        return {0x80,
                0x84,
                0x00,
                0x04,
                0x08,
                0x0C,
                0x10,
                0xFFF80000,
                99,
                99,
                {{0x28, "RTSR2"},
                 {0x2C, "FTSR2"},
                 {0x30, "SWIER2"},
                 {0x34, "RPR2", 0, 0},
                 {0x38, "FPR2", 0, 0},
                 {0x60, "EXTICR1"},
                 {0x64, "EXTICR2"},
                 {0x68, "EXTICR3"},
                 {0x6C, "EXTICR4"},
                 {0x90, "IMR2", 0xFFFFFFFF},
                 {0x94, "EMR2"}}};
    }
    if (isH7(layout)) {
        return {0x80, 0x84, 0x00, 0x04, 0x08, 0x88, 0xFFC, 0xFFC00000, 19, 17, {{0x0C, "D3PMR1"},   {0x10, "D3PCR1L"},
                                                                                {0x14, "D3PCR1H"},  {0x20, "RTSR2"},
                                                                                {0x24, "FTSR2"},    {0x28, "SWIER2"},
                                                                                {0x2C, "D3PMR2"},   {0x30, "D3PCR2L"},
                                                                                {0x34, "D3PCR2H"},  {0x40, "RTSR3"},
                                                                                {0x44, "FTSR3"},    {0x48, "SWIER3"},
                                                                                {0x4C, "D3PMR3"},   {0x50, "D3PCR3L"},
                                                                                {0x54, "D3PCR3H"},  {0x90, "IMR2"},
                                                                                {0x94, "EMR2"},     {0x98, "PR2", 0, 0},
                                                                                {0xA0, "IMR3"},     {0xA4, "EMR3"},
                                                                                {0xA8, "PR3", 0, 0}}};
    }
    return {0x00, 0x04, 0x08, 0x0C, 0x10, 0x14, 0xFFC, 0, 22, 17, {}};
}

std::vector<RegisterRow> extiRows(const ExtiLayout& layout) {
    std::vector<RegisterRow> rows = {{layout.imr, "IMR1", layout.imrReset},
                                     {layout.emr, "EMR1"},
                                     {layout.rtsr, "RTSR1"},
                                     {layout.ftsr, "FTSR1"},
                                     {layout.swier, "SWIER1"},
                                     {layout.pr, layout.fpr == 0xFFC ? "PR1" : "RPR1", 0, 0}};
    if (layout.fpr != 0xFFC) {
        rows.push_back({layout.fpr, "FPR1", 0, 0});
    }
    rows.insert(rows.end(), layout.more.begin(), layout.more.end());
    return rows;
}

class Stm32Exti final : public RegisterFile, public PinEdgeSink {
public:
    Stm32Exti(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services, extiRows(extiLayout(layoutOf(desc))))
        , m_l(extiLayout(layoutOf(desc))) {
        for (unsigned line = 0; line < 16; ++line) {
            m_lines[line] = irqLine(std::to_string(line));
        }
        m_lines[m_l.wakeupLine % 32] =
            m_l.wakeupLine < 32 ? irqLine(desc.irqs.contains("rtc") ? "rtc" : "rtc_wkup") : IrqLine();
        if (m_l.alarmLine < 32) {
            m_lines[m_l.alarmLine] = irqLine(desc.irqs.contains("rtc") ? "rtc" : "rtc_alarm");
        }
    }

    void pinLevel(unsigned port, unsigned pin, bool level) override {
        if (selectedPort(pin) != port) {
            return;
        }
        const std::uint32_t mask = 1U << pin;
        if (level && (value(m_l.rtsr) & mask) != 0) {
            fire(mask, m_l.pr);
        }
        if (!level && (value(m_l.ftsr) & mask) != 0) {
            fire(mask, m_l.fpr == 0xFFC ? m_l.pr : m_l.fpr);
        }
    }

    void lineFired(unsigned line) override {
        // Internal lines are pulses: either edge selection catches them.
        if (((value(m_l.rtsr) | value(m_l.ftsr)) >> line & 1U) != 0) {
            fire(1U << line, m_l.pr);
        }
    }

    unsigned rtcWakeupLine() const override { return m_l.wakeupLine; }
    unsigned rtcAlarmLine() const override { return m_l.alarmLine; }

protected:
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == m_l.pr || offset == m_l.fpr || offset == 0x34 || offset == 0x38) {
            clearBits(offset, written);
            clearBits(m_l.swier, written);
        } else if (offset == m_l.swier) {
            const std::uint32_t risen = written & ~value(offset);
            store(offset, written, lanes);
            fire(risen, m_l.pr);
        } else {
            store(offset, written, lanes);
        }
        drive();
    }

    void onReset() override {
        for (IrqLine& line : m_lines) {
            line.set(false);
        }
    }

private:
    unsigned selectedPort(unsigned pin) const {
        if (models(0x60) && m_l.fpr != 0xFFC) {
            return field(0x60 + 4 * (pin / 4), 8 * (pin % 4), 8);
        }
        auto* syscfg = services().peripheral("SYSCFG");
        return syscfg ? (syscfg->read(0x08 + 4 * (pin / 4), 4) >> (4 * (pin % 4))) & 0xF : 0;
    }

    void fire(std::uint32_t mask, std::uint32_t pending) {
        if ((value(m_l.emr) & mask) != 0) {
            services().sendEvent();
        }
        // The pending bit follows the edge only where the interrupt is not masked.
        setBits(pending, mask & value(m_l.imr));
        drive();
    }

    void drive() {
        std::uint32_t pending = value(m_l.pr) | (m_l.fpr == 0xFFC ? 0 : value(m_l.fpr));
        pending &= value(m_l.imr);
        for (unsigned line = 0; line < 32; ++line) {
            m_lines[line].set(((pending >> line) & 1U) != 0);
        }
    }

    ExtiLayout m_l;
    std::array<IrqLine, 32> m_lines;
};

class Stm32Syscfg final : public RegisterFile {
public:
    Stm32Syscfg(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services,
                       {{0x00, "MEMRMP"},
                        {0x04, isH7(layoutOf(desc)) ? "PMCR" : "PMC"},
                        {0x08, "EXTICR1", 0, 0xFFFF},
                        {0x0C, "EXTICR2", 0, 0xFFFF},
                        {0x10, "EXTICR3", 0, 0xFFFF},
                        {0x14, "EXTICR4", 0, 0xFFFF},
                        {0x18, "CFGR2"},
                        {0x1C, "CFGR3"},
                        {0x20, "CMPCR"},
                        {0x24, "SWPR"},
                        {0x2C, "PWRCR"}}) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        // The compensation cell (F4, F7, H7) is ready as soon as it is on.
        return offset == 0x20 && (value(0x20) & 1U) != 0 ? value(0x20) | 0x100 : value(offset);
    }
};

} // namespace

std::span<const PeripheralMaker> stm32GpioMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_gpio", "pins: modes, outputs, inputs from outside, pulls", makeDevice<Stm32Gpio>},
        {"stm32_exti", "edges of pins and RTC to interrupts and events", makeDevice<Stm32Exti>},
        {"stm32_syscfg", "port selection of EXTI lines, compensation cell", makeDevice<Stm32Syscfg>},
    };
    return kMakers;
}

} // namespace simprof
