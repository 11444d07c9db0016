// SPDX-License-Identifier: GPL-2.0-or-later
// Clocks, crystal and ring oscillator, PLLs: RP2040 data sheet 2.15.7, 2.16.7, 2.17.8, 2.18.4. The ring oscillator
// stays at its typical 6.5 MHz; the lock time of a PLL is not in the data sheet, 25 us are assumed.
#include "peripherals/rp2040/rp2040_clocks.h"
#include "peripherals/clock_tree.h"
#include "peripherals/makers.h"
#include "peripherals/pending_step.h"
#include "peripherals/rp2040/rp2040_device.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace simprof {
namespace {

constexpr Hertz kRoscHertz = 6'500'000;
constexpr std::uint64_t kPllLockNanoseconds = 25'000;

void announce(MachineServices& services) {
    if (auto* clocks = dynamic_cast<Rp2040SourceUser*>(services.peripheral("CLOCKS"))) {
        clocks->sourceChanged();
    }
}

Hertz outputOf(MachineServices& services, const char* name) {
    const auto* source = dynamic_cast<Rp2040Source*>(services.peripheral(name));
    return source ? source->output() : 0;
}

class Rp2040Clocks final : public Rp2040Device, public ClockTree, public Rp2040SourceUser {
public:
    Rp2040Clocks(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services, rows()) {}

    Hertz frequency(std::string_view line) override {
        if (line == "clk_ref") {
            return reference();
        }
        if (line == "clk_sys") {
            return services().coreClock();
        }
        const std::uint32_t base = line == "clk_peri"  ? kPeri
                                   : line == "clk_usb" ? kUsb
                                   : line == "clk_adc" ? kAdc
                                                       : kRtc;
        if (!bit(base, 11)) {
            return 0;
        }
        const std::uint32_t source = field(base, 5, 3);
        if (base == kPeri) {
            return source == 0 ? services().coreClock() : auxiliary(source - 1);
        }
        static constexpr std::array<unsigned, 4> kOrder = {1, 0, 2, 3}; // pll_usb first
        return source < 4 ? divided(auxiliary(kOrder[source]), value(base + 4)) : 0;
    }
    void sourceChanged() override { apply(); }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        switch (offset) {
        case kRef + 8: return 1U << field(kRef, 0, 2);
        case kSys + 8: return 1U << field(kSys, 0, 1);
        case kFc0Status: return 1U << 4; // DONE
        case kFc0Result: return static_cast<std::uint32_t>(counted() / 1000) << 5;
        case 0xB0:
        case 0xB4: return 0xFFFFFFFF & (offset == 0xB4 ? 0x7FFFU : ~0U);
        default: return value(offset);
        }
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        announceChange();
        store(offset, written, lanes);
        apply(true);
    }
    void onReset() override { m_hertz = 0; }

private:
    static constexpr std::uint32_t kRef = 0x30, kSys = 0x3C, kPeri = 0x48, kUsb = 0x54, kAdc = 0x60, kRtc = 0x6C,
                                   kFc0Src = 0x94, kFc0Status = 0x98, kFc0Result = 0x9C;

    static std::vector<RegisterRow> rows() {
        std::vector<RegisterRow> result;
        for (std::uint32_t output = 0; output < 4; ++output) {
            result.push_back({12 * output, "CLK_GPOUT_CTRL"});
            result.push_back({12 * output + 4, "CLK_GPOUT_DIV", 0x100});
            result.push_back({12 * output + 8, "CLK_GPOUT_SELECTED", 1, 0});
        }
        for (const RegisterRow& row : {RegisterRow{kRef, "CLK_REF_CTRL", 0, 0x63},
                                       {kRef + 4, "CLK_REF_DIV", 0x100, 0x300},
                                       {kRef + 8, "CLK_REF_SELECTED", 1, 0},
                                       {kSys, "CLK_SYS_CTRL", 0, 0xE1},
                                       {kSys + 4, "CLK_SYS_DIV", 0x100},
                                       {kSys + 8, "CLK_SYS_SELECTED", 1, 0},
                                       {kPeri, "CLK_PERI_CTRL", 0, 0xCE0},
                                       {0x50, "CLK_PERI_SELECTED", 1, 0},
                                       {kUsb, "CLK_USB_CTRL"},
                                       {0x58, "CLK_USB_DIV", 0x100},
                                       {0x5C, "CLK_USB_SELECTED", 1, 0},
                                       {kAdc, "CLK_ADC_CTRL"},
                                       {0x64, "CLK_ADC_DIV", 0x100},
                                       {0x68, "CLK_ADC_SELECTED", 1, 0},
                                       {kRtc, "CLK_RTC_CTRL"},
                                       {0x70, "CLK_RTC_DIV", 0x100},
                                       {0x74, "CLK_RTC_SELECTED", 1, 0},
                                       {0x78, "CLK_SYS_RESUS_CTRL", 0xFF},
                                       {0x7C, "CLK_SYS_RESUS_STATUS", 0, 0},
                                       {0x80, "FC0_REF_KHZ"},
                                       {0x84, "FC0_MIN_KHZ"},
                                       {0x88, "FC0_MAX_KHZ", 0x1FFFFFF},
                                       {0x8C, "FC0_DELAY", 1},
                                       {0x90, "FC0_INTERVAL", 8},
                                       {kFc0Src, "FC0_SRC"},
                                       {kFc0Status, "FC0_STATUS", 0, 0},
                                       {kFc0Result, "FC0_RESULT", 0, 0},
                                       {0xA0, "WAKE_EN0", 0xFFFFFFFF},
                                       {0xA4, "WAKE_EN1", 0x7FFF},
                                       {0xA8, "SLEEP_EN0", 0xFFFFFFFF},
                                       {0xAC, "SLEEP_EN1", 0x7FFF},
                                       {0xB0, "ENABLED0", 0, 0},
                                       {0xB4, "ENABLED1", 0, 0},
                                       {0xB8, "INTR", 0, 0},
                                       {0xBC, "INTE"},
                                       {0xC0, "INTF"},
                                       {0xC4, "INTS", 0, 0}}) {
            result.push_back(row);
        }
        return result;
    }

    /// 24.8 fixed point; an integer part of 0 means 65536.
    static Hertz divided(Hertz in, std::uint32_t divider) {
        const std::uint64_t fixed = (divider >> 8) == 0 ? (std::uint64_t{65536} << 8) | (divider & 0xFF) : divider;
        return static_cast<Hertz>(std::uint64_t{in} * 256 / fixed);
    }
    /// pll_sys, pll_usb, rosc, xosc.
    Hertz auxiliary(unsigned index) const {
        static constexpr std::array kNames = {"PLL_SYS", "PLL_USB", "ROSC", "XOSC"};
        return index < kNames.size() ? outputOf(services(), kNames[index]) : 0;
    }
    Hertz reference() const {
        const std::uint32_t source = field(kRef, 0, 2);
        const Hertz in = source == 0                             ? auxiliary(2)
                         : source == 2                           ? auxiliary(3)
                         : source == 1 && field(kRef, 5, 2) == 0 ? auxiliary(1)
                                                                 : 0;
        return divided(in, value(kRef + 4));
    }
    Hertz counted() {
        switch (field(kFc0Src, 0, 8)) {
        case 1: return auxiliary(0);
        case 2: return auxiliary(1);
        case 3: return auxiliary(2);
        case 5: return auxiliary(3);
        case 8: return reference();
        case 9: return services().coreClock();
        case 10: return frequency("clk_peri");
        case 11: return frequency("clk_usb");
        case 12: return frequency("clk_adc");
        case 13: return frequency("clk_rtc");
        default: return 0;
        }
    }

    void apply(bool announced = false) {
        if (!announced) {
            announceChange();
        }
        const Hertz in = bit(kSys, 0) ? auxiliary(field(kSys, 5, 3)) : reference();
        const Hertz hertz = divided(in, value(kSys + 4));
        if (hertz == 0) {
            if (m_hertz != 0 || bit(kSys, 0)) {
                services().reportEvent(
                    name() + ": clk_sys was switched to a source that does not run; it keeps its last frequency");
            }
        } else if (hertz != m_hertz) {
            m_hertz = hertz;
            if (hertz > 133'000'000) {
                services().reportEvent(fmt::format("{}: clk_sys at {} Hz is above 133 MHz", name(), hertz));
            }
            services().setCoreClock(hertz);
        }
        completeChange();
    }

    Hertz m_hertz = 0;
};

class Rp2040Xosc final : public Rp2040Device, public Rp2040Source {
public:
    Rp2040Xosc(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : Rp2040Device(desc, services,
                       {{kCtrl, "CTRL", 0, 0xFFFFFF},
                        {kStatus, "STATUS", 0, 0},
                        {0x08, "DORMANT", 0x77616B65},
                        {kStartup, "STARTUP", 0xC4, 0x103FFF},
                        {0x1C, "COUNT", 0, 0xFF}})
        , m_crystal(board.oscillators.contains("XOSC") ? board.oscillators.at("XOSC") : 0) {}

    Hertz output() const override { return bit(kStatus, 31) ? m_crystal : 0; }

protected:
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        store(offset, written, lanes);
        const std::uint32_t enable = field(kCtrl, 12, 12);
        if (offset != kCtrl) {
            return;
        }
        if (enable == 0xFAB && !bit(kStatus, 12) && m_crystal != 0) {
            setBits(kStatus, 1U << 12);
            const std::uint64_t periods = std::uint64_t{field(kStartup, 0, 14)} * 256 * (bit(kStartup, 20) ? 4 : 1);
            m_step.afterNanoseconds(periods * 1'000'000'000ULL / m_crystal + 1, [this] {
                setBits(kStatus, 1U << 31);
                announce(services());
            });
        } else if (enable == 0xD1E) {
            stop();
            announce(services());
        }
    }
    void onReset() override { stop(); }

private:
    static constexpr std::uint32_t kCtrl = 0x00, kStatus = 0x04, kStartup = 0x0C;
    void stop() {
        m_step.cancel();
        setValue(kStatus, 0);
    }
    Hertz m_crystal;
    PendingStep m_step{services()};
};

class Rp2040Rosc final : public Rp2040Device, public Rp2040Source {
public:
    Rp2040Rosc(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services,
                       {{0x00, "CTRL", 0xAA0},
                        {0x04, "FREQA"},
                        {0x08, "FREQB"},
                        {0x0C, "DORMANT", 0x77616B65},
                        {0x10, "DIV", 0xAB0},
                        {0x14, "PHASE", 8},
                        {0x18, "STATUS", 0x80001000, 0},
                        {0x1C, "RANDOMBIT", 1, 0},
                        {0x20, "COUNT", 0, 0xFF}}) {}
    Hertz output() const override { return field(0x00, 12, 12) == 0xD1E ? 0 : kRoscHertz; }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == 0x1C) { // a fixed sequence: one feedback shift register step a read
            m_state = (m_state >> 1) ^ ((m_state & 1U) != 0 ? 0xB4BCD35CU : 0);
            return m_state & 1U;
        }
        return offset == 0x18 && output() == 0 ? 0 : value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        store(offset, written, lanes);
        announce(services());
    }

private:
    std::uint32_t m_state = 0x5EED1234;
};

class Rp2040Pll final : public Rp2040Device, public Rp2040Source {
public:
    Rp2040Pll(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services,
                       {{kCs, "CS", 1, 0x13F},
                        {kPwr, "PWR", 0x2D, 0x2D},
                        {kFbdiv, "FBDIV_INT", 0, 0xFFF},
                        {kPrim, "PRIM", 0x77000, 0x77000}}) {}

    Hertz output() const override {
        const std::uint64_t reference = outputOf(services(), "XOSC");
        if (bit(kCs, 8)) {
            return static_cast<Hertz>(reference);
        }
        const std::uint32_t first = field(kPrim, 16, 3), second = field(kPrim, 12, 3);
        if (!bit(kCs, 31) || bit(kPwr, 3) || first == 0 || second == 0) {
            return 0;
        }
        return static_cast<Hertz>(vco(reference) / (first * second));
    }

protected:
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        const bool ran = powered();
        store(offset, written, lanes);
        if (!powered() || (offset == kFbdiv && bit(kCs, 31))) {
            onReset();
        }
        if (powered() && (!ran || offset == kFbdiv || offset == kCs) && !bit(kCs, 31)) {
            lock();
        }
        announce(services());
    }
    void onReset() override {
        m_step.cancel();
        clearBits(kCs, 1U << 31);
    }

private:
    static constexpr std::uint32_t kCs = 0x00, kPwr = 0x04, kFbdiv = 0x08, kPrim = 0x0C;

    bool powered() const { return (value(kPwr) & 0x21U) == 0; } // PD, VCOPD
    std::uint64_t vco(std::uint64_t reference) const {
        return reference / std::max(1U, field(kCs, 0, 6)) * value(kFbdiv);
    }

    void lock() {
        const std::uint64_t reference = outputOf(services(), "XOSC");
        const std::uint64_t hertz = vco(reference);
        if (reference == 0 || hertz == 0) {
            return; // no lock without a reference
        }
        if (hertz < 750'000'000 || hertz > 1'600'000'000 || value(kFbdiv) < 16 || value(kFbdiv) > 320) {
            services().reportEvent(fmt::format("{}: VCO at {} Hz is outside 750 to 1600 MHz", name(), hertz));
        }
        m_step.afterNanoseconds(kPllLockNanoseconds, [this] {
            setBits(kCs, 1U << 31);
            announce(services());
        });
    }

    PendingStep m_step{services()};
};

} // namespace

std::span<const PeripheralMaker> rp2040ClockMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"rp2040_clocks", "clock selection and dividers, frequency counter", makeDevice<Rp2040Clocks>},
        {"rp2040_xosc", "crystal oscillator with its start-up time", makeDevice<Rp2040Xosc>},
        {"rp2040_rosc", "ring oscillator at its typical frequency, random bit", makeDevice<Rp2040Rosc>},
        {"rp2040_pll", "PLL arithmetic, lock, range of the VCO", makeDevice<Rp2040Pll>},
    };
    return kMakers;
}

} // namespace simprof
