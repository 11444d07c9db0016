// SPDX-License-Identifier: GPL-2.0-or-later
// STM32 watchdogs: IWDG RM0432 43.4 (window from L4, L0, G0, F7, H7; F4 RM0090 21.4 has none), WWDG RM0432 44.5. Both
// reset the MCU.
#include "peripherals/clock_tree.h"
#include "peripherals/makers.h"
#include "peripherals/pending_step.h"
#include "peripherals/register_file.h"
#include "peripherals/tick_counter.h"

#include <algorithm>

namespace simprof {
namespace {

class Stm32Iwdg final : public RegisterFile {
public:
    Stm32Iwdg(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : RegisterFile(desc, services,
                       board.mcu->family == McuFamily::Stm32F4
                           ? std::vector<RegisterRow>{{kKr, "KR"},
                                                      {kPr, "PR", 0, 7},
                                                      {kRlr, "RLR", 0xFFF, 0xFFF},
                                                      {kSr, "SR", 0, 0}}
                           : std::vector<RegisterRow>{{kKr, "KR"},
                                                      {kPr, "PR", 0, 7},
                                                      {kRlr, "RLR", 0xFFF, 0xFFF},
                                                      {kSr, "SR", 0, 0},
                                                      {kWinr, "WINR", 0xFFF, 0xFFF}}) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override { return offset == kKr ? 0 : value(offset); }

    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset != kKr) {
            if (m_unlocked) {
                store(offset, written, lanes);
                if (m_on) {
                    reload(); // taken over with the next reload; writing WINR reloads (RM0432 43.3.2)
                }
            } else {
                services().reportEvent(name() + ": write to the locked register " + std::string(registerName(offset)));
            }
            return;
        }
        m_unlocked = (written & 0xFFFF) == 0x5555;
        if ((written & 0xFFFF) == 0xCCCC) {
            m_on = true;
            reload();
        } else if ((written & 0xFFFF) == 0xAAAA && m_on) {
            if (insideWindow()) {
                reload();
            } else {
                bite("reloaded outside its window");
            }
        }
    }

    void onReset() override {
        m_step.cancel();
        m_on = m_unlocked = false;
    }

private:
    static constexpr std::uint32_t kKr = 0x00, kPr = 0x04, kRlr = 0x08, kSr = 0x0C, kWinr = 0x10;

    double ticksSinceReload() const {
        ClockTree* tree = clockTree(services());
        const double lsi = tree ? static_cast<double>(tree->frequency("LSI")) : 32'000.0;
        return static_cast<double>(services().nowNanoseconds() - m_reloadedAt) * 1e-9 * lsi / divider();
    }
    unsigned divider() const { return 4U << std::min(value(kPr), 6U); }

    bool insideWindow() const {
        if (!models(kWinr) || value(kWinr) >= value(kRlr)) {
            return true;
        }
        return static_cast<double>(value(kRlr)) - ticksSinceReload() <= static_cast<double>(value(kWinr));
    }

    void reload() {
        ClockTree* tree = clockTree(services());
        const Hertz lsi = tree ? std::max<Hertz>(1, tree->frequency("LSI")) : 32'000;
        m_reloadedAt = services().nowNanoseconds();
        const std::uint64_t nanoseconds = (std::uint64_t{value(kRlr)} + 1) * divider() * 1'000'000'000ULL / lsi;
        m_step.afterNanoseconds(nanoseconds, [this] { bite("was not reloaded in time"); });
    }

    void bite(const std::string& why) {
        services().reportEvent(name() + ": " + why + ", reset");
        services().requestReset("independent watchdog (" + name() + ") " + why);
    }

    bool m_on = false;
    bool m_unlocked = false;
    std::uint64_t m_reloadedAt = 0;
    PendingStep m_step{services()};
};

class Stm32Wwdg final : public RegisterFile, public ClockListener {
public:
    Stm32Wwdg(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services, {{kCr, "CR", 0x7F, 0xFF}, {kCfr, "CFR", 0x7F}, {kSr, "SR", 0, 0}})
        , m_ticks(services)
        , m_irq(irqLine()) {}

    void clockWillChange() override { m_ticks.settle(); }
    void clockChanged() override {
        m_ticks.setRate(inputClock());
        plan();
    }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        return offset == kCr ? (value(kCr) & 0x80) | counter() : value(offset);
    }

    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kSr) {
            setValue(kSr, value(kSr) & written);
            m_irq.set(false);
            return;
        }
        if (offset == kCfr) {
            store(offset, written | (value(kCfr) & 0x200), lanes);
            plan();
            return;
        }
        const bool wasOn = bit(kCr, 7);
        if (wasOn && counter() > (value(kCfr) & 0x7F)) {
            bite("refreshed outside its window");
            return;
        }
        setValue(kCr, (written & 0xFF) | (wasOn ? 0x80 : 0));
        m_start = value(kCr) & 0x7F;
        m_ticks.restart();
        m_ticks.setRate(inputClock());
        if (bit(kCr, 7) && m_start < 0x40) {
            bite("written with T6 cleared");
            return;
        }
        plan();
    }

    void onReset() override {
        m_step.cancel();
        m_irq.set(false);
        m_start = 0x7F;
        followClocks(services(), *this);
    }

private:
    static constexpr std::uint32_t kCr = 0x00, kCfr = 0x04, kSr = 0x08;

    /// WDGTB: bits 8:7 (older parts) or 13:11 (L4+, G0, H7); the other field is 0 in either.
    std::uint64_t divider() const { return std::uint64_t{4096} << std::max(field(kCfr, 7, 2), field(kCfr, 11, 3)); }
    std::uint32_t counter() const {
        if (!bit(kCr, 7)) {
            return value(kCr) & 0x7F;
        }
        const std::uint64_t gone = m_ticks.now() / divider();
        return gone >= m_start ? 0 : m_start - static_cast<std::uint32_t>(gone);
    }

    void plan() {
        m_step.cancel();
        if (!bit(kCr, 7) || m_ticks.rate() == 0) {
            return;
        }
        const bool early = counter() > 0x40;
        const std::uint32_t target = early ? 0x40 : 0x3F;
        const std::uint64_t tick = (std::uint64_t{m_start} - std::min(m_start, target)) * divider();
        m_step.at(m_ticks.cycleAt(tick), [this, early] {
            if (!early) {
                bite("was not refreshed in time");
                return;
            }
            setBits(kSr, 1);
            m_irq.set(bit(kCfr, 9));
            plan();
        });
    }

    void bite(const std::string& why) {
        services().reportEvent(name() + ": " + why + ", reset");
        services().requestReset("window watchdog (" + name() + ") " + why);
    }

    TickCounter m_ticks;
    IrqLine m_irq;
    std::uint32_t m_start = 0x7F;
    PendingStep m_step{services()};
};

} // namespace

std::span<const PeripheralMaker> stm32WatchdogMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_iwdg", "independent watchdog with window; resets the MCU", makeDevice<Stm32Iwdg>},
        {"stm32_wwdg", "window watchdog with early interrupt; resets the MCU", makeDevice<Stm32Wwdg>},
    };
    return kMakers;
}

} // namespace simprof
