// SPDX-License-Identifier: GPL-2.0-or-later
// System timer and watchdog: Apollo3 Blue data sheet 13.3 (STIMER, in the register block of the counter/timers)
// and 15.2 (WDT). The counter/timers A and B themselves are not modelled.
#include "peripherals/clock_tree.h"
#include "peripherals/makers.h"
#include "peripherals/register_file.h"
#include "peripherals/tick_counter.h"

#include <array>
#include <string>

namespace simprof {
namespace {

class Apollo3Stimer final : public RegisterFile, public ClockListener {
public:
    Apollo3Stimer(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services, rows())
        , m_ticks(services)
        , m_irq(irqLine("stimer")) {
        for (unsigned index = 0; index < m_compareIrqs.size(); ++index) {
            m_compareIrqs[index] = irqLine("cmpr" + std::to_string(index));
        }
        followClocks(services, *this);
    }

    void clockWillChange() override { m_ticks.settle(); }
    void clockChanged() override { plan(); }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        return offset == kTimer ? static_cast<std::uint32_t>(m_ticks.now()) : value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kStatus + 4) {
            clearBits(kStatus, written);
        } else if (offset == kStatus + 8) {
            setBits(kStatus, written);
        } else if (offset >= kCompare && offset < kCompare + 32) { // what is written counts from now (13.3)
            setValue(offset, static_cast<std::uint32_t>(m_ticks.now()) + written);
        } else {
            store(offset, written, lanes);
            if (offset == kConfig && bit(kConfig, 30)) {
                m_ticks.restart();
            }
        }
        plan();
        update();
    }
    void onReset() override {
        for (EventId& event : m_events) {
            services().cancel(event);
            event = EventId::None;
        }
        m_ticks.setRate(0);
        m_ticks.restart();
        update();
    }

private:
    static constexpr std::uint32_t kConfig = 0x140, kTimer = 0x144, kCompare = 0x150, kEnable = 0x300, kStatus = 0x304;

    static std::vector<RegisterRow> rows() {
        std::vector<RegisterRow> result = {{kConfig, "STCFG", 0x80000000}, {kTimer, "STTMR", 0, 0},
                                           {kEnable, "STMINTEN"},          {kStatus, "STMINTSTAT", 0, 0},
                                           {kStatus + 4, "STMINTCLR"},     {kStatus + 8, "STMINTSET"}};
        for (std::uint32_t index = 0; index < 8; ++index) {
            result.push_back({kCompare + 4 * index, "SCMPR"});
        }
        return result;
    }
    Hertz rate() const {
        if (bit(kConfig, 31) || bit(kConfig, 30)) { // FREEZE, CLEAR
            return 0;
        }
        ClockTree* tree = clockTree(services());
        const Hertz xt = tree ? tree->frequency("XT") : 0;
        switch (field(kConfig, 0, 4)) {
        case 1: return 3'000'000;
        case 2: return 187'500;
        case 3: return xt;
        case 4: return xt / 2;
        case 5: return xt / 32;
        case 6: return 1024;
        default: return 0;
        }
    }
    void plan() {
        m_ticks.setRate(rate());
        for (unsigned index = 0; index < m_events.size(); ++index) {
            services().cancel(m_events[index]);
            m_events[index] = EventId::None;
            if (!bit(kConfig, 8 + index) || m_ticks.rate() == 0) {
                continue;
            }
            const std::uint64_t now = m_ticks.now();
            const std::uint32_t away = value(kCompare + 4 * index) - static_cast<std::uint32_t>(now);
            m_events[index] = services().scheduleAt(m_ticks.cycleAt(now + (away == 0 ? std::uint64_t{1} << 32 : away)),
                                                    [this, index] {
                                                        m_events[index] = EventId::None;
                                                        setBits(kStatus, 1U << index);
                                                        plan();
                                                        update();
                                                    });
        }
    }
    void update() {
        const std::uint32_t raised = value(kStatus) & value(kEnable);
        for (unsigned index = 0; index < m_compareIrqs.size(); ++index) {
            m_compareIrqs[index].set((raised >> index & 1U) != 0);
        }
        m_irq.set((raised >> 8) != 0);
    }

    TickCounter m_ticks;
    IrqLine m_irq;
    std::array<IrqLine, 8> m_compareIrqs;
    std::array<EventId, 8> m_events{};
};

class Apollo3Wdt final : public RegisterFile {
public:
    Apollo3Wdt(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services,
                       {{kConfig, "CFG", 0xFFFF00, 0x7FFFF07},
                        {0x04, "RSTRT"},
                        {0x08, "LOCK"},
                        {0x0C, "COUNT", 0, 0},
                        {0x200, "INTEN"},
                        {0x204, "INTSTAT", 0, 0},
                        {0x208, "INTCLR"},
                        {0x20C, "INTSET"}})
        , m_irq(irqLine()) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == 0x0C) {
            return milliHertz() == 0 || !bit(kConfig, 0) ? 0 : static_cast<std::uint32_t>(ticksGone()) & 0xFF;
        }
        return offset == 0x04 || offset == 0x08 ? 0 : value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kConfig) {
            if (m_locked) {
                services().reportEvent(name() + ": write to the locked register CFG");
                return;
            }
            const bool was = bit(kConfig, 0);
            store(offset, written, lanes);
            if (!was && bit(kConfig, 0)) {
                restart();
            }
            plan();
        } else if (offset == 0x04 && written == 0xB2) {
            restart();
        } else if (offset == 0x08 && written == 0x3A) {
            m_locked = true;
        } else if (offset == 0x208) {
            clearBits(0x204, written);
        } else if (offset == 0x20C) {
            setBits(0x204, written);
        } else {
            store(offset, written, lanes);
        }
        update();
    }
    void onReset() override {
        cancel();
        m_locked = false;
        m_irq.set(false);
    }

private:
    static constexpr std::uint32_t kConfig = 0x00;

    /// CFG.CLKSEL: 128 Hz, 16 Hz, 1 Hz, 1/16 Hz.
    std::uint64_t milliHertz() const {
        static constexpr std::array<std::uint64_t, 8> kRates = {0, 128'000, 16'000, 1'000, 62, 0, 0, 0};
        return kRates[field(kConfig, 24, 3)];
    }
    std::uint64_t ticksGone() const {
        return (services().nowNanoseconds() - m_startedAt) / 1000 * milliHertz() / 1'000'000'000ULL;
    }
    void cancel() {
        services().cancel(m_interrupt);
        services().cancel(m_reset);
        m_interrupt = m_reset = EventId::None;
    }
    void restart() {
        m_startedAt = services().nowNanoseconds();
        plan();
    }
    void plan() {
        cancel();
        if (!bit(kConfig, 0) || milliHertz() == 0) {
            return;
        }
        const auto until = [this](std::uint32_t count) {
            const std::uint64_t due = m_startedAt + count * 1'000'000'000'000ULL / milliHertz();
            const std::uint64_t now = services().nowNanoseconds();
            return due > now ? due - now : 1;
        };
        if (bit(kConfig, 1)) {
            m_interrupt = services().scheduleAfter(until(field(kConfig, 16, 8)), [this] {
                m_interrupt = EventId::None;
                setBits(0x204, 1);
                update();
            });
        }
        if (bit(kConfig, 2)) {
            m_reset = services().scheduleAfter(until(field(kConfig, 8, 8)), [this] {
                m_reset = EventId::None;
                services().reportEvent(name() + ": was not restarted in time, reset");
                services().requestReset("watchdog (" + name() + ") was not restarted in time");
            });
        }
    }
    void update() { m_irq.set((value(0x204) & value(0x200) & 1U) != 0); }

    IrqLine m_irq;
    bool m_locked = false;
    std::uint64_t m_startedAt = 0;
    EventId m_interrupt = EventId::None, m_reset = EventId::None;
};

} // namespace

std::span<const PeripheralMaker> apollo3TimerMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"apollo3_ctimer", "system timer with eight compares; the counter/timers are plain registers",
         makeDevice<Apollo3Stimer>},
        {"apollo3_wdt", "watchdog with interrupt; resets the MCU", makeDevice<Apollo3Wdt>},
    };
    return kMakers;
}

} // namespace simprof
