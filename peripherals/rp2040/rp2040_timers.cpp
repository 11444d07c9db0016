// SPDX-License-Identifier: GPL-2.0-or-later
// TIMER and WATCHDOG: RP2040 data sheet 4.6.5 and 4.7.6. Both count the tick that the watchdog block makes of clk_ref.
#include "peripherals/clock_tree.h"
#include "peripherals/makers.h"
#include "peripherals/pending_step.h"
#include "peripherals/rp2040/rp2040_device.h"
#include "peripherals/tick_counter.h"

#include <array>
#include <string>

namespace simprof {
namespace {

/// The tick generator as the timer sees it.
class TickSource {
public:
    virtual ~TickSource() = default;
    virtual Hertz tickRate() const = 0;
};

class TickUser {
public:
    virtual ~TickUser() = default;
    virtual void tickChanged() = 0;
};

class Rp2040Timer final : public Rp2040Device, public ClockListener, public TickUser {
public:
    Rp2040Timer(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services,
                       {{0x00, "TIMEHW"},
                        {0x04, "TIMELW"},
                        {kTimeHr, "TIMEHR", 0, 0},
                        {kTimeLr, "TIMELR", 0, 0},
                        {0x10, "ALARM0"},
                        {0x14, "ALARM1"},
                        {0x18, "ALARM2"},
                        {0x1C, "ALARM3"},
                        {kArmed, "ARMED"},
                        {kRawH, "TIMERAWH", 0, 0},
                        {kRawL, "TIMERAWL", 0, 0},
                        {0x2C, "DBGPAUSE", 7, 7},
                        {kPause, "PAUSE", 0, 1},
                        {kIntr, "INTR"},
                        {kInte, "INTE", 0, 15},
                        {kIntf, "INTF", 0, 15},
                        {kInts, "INTS", 0, 0}})
        , m_ticks(services) {
        for (unsigned index = 0; index < 4; ++index) {
            m_irqs[index] = irqLine(std::to_string(index));
        }
        followClocks(services, *this);
    }

    void clockWillChange() override { m_ticks.settle(); }
    void clockChanged() override { tickChanged(); }
    void tickChanged() override {
        const auto* source = dynamic_cast<TickSource*>(services().peripheral("WATCHDOG"));
        m_ticks.setRate(source && !bit(kPause, 0) ? source->tickRate() : 0);
        for (unsigned index = 0; index < 4; ++index) {
            plan(index);
        }
    }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        const std::uint64_t time = now();
        switch (offset) {
        case kTimeLr: m_latched = static_cast<std::uint32_t>(time >> 32); return static_cast<std::uint32_t>(time);
        case kTimeHr: return m_latched;
        case kRawH: return static_cast<std::uint32_t>(time >> 32);
        case kRawL: return static_cast<std::uint32_t>(time);
        case kInts: return status();
        default: return value(offset);
        }
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        if (offset == kIntr) {
            clearBits(kIntr, written);
        } else if (offset == kArmed) {
            clearBits(kArmed, written);
            for (unsigned index = 0; index < 4; ++index) {
                plan(index);
            }
        } else {
            store(offset, written, lanes);
            if (offset == 0x04) { // writing the low half last sets the time
                m_offset = (std::uint64_t{value(0x00)} << 32 | value(0x04)) - m_ticks.now();
                tickChanged();
            } else if (offset >= 0x10 && offset <= 0x1C) {
                setBits(kArmed, 1U << ((offset - 0x10) / 4));
                plan((offset - 0x10) / 4);
            } else if (offset == kPause) {
                tickChanged();
            }
        }
        update();
    }
    void onReset() override {
        for (unsigned index = 0; index < 4; ++index) {
            services().cancel(m_events[index]);
            m_events[index] = EventId::None;
            m_irqs[index].set(false);
        }
        m_offset = 0;
        m_ticks.restart();
        tickChanged();
    }

private:
    static constexpr std::uint32_t kTimeHr = 0x08, kTimeLr = 0x0C, kArmed = 0x20, kRawH = 0x24, kRawL = 0x28,
                                   kPause = 0x30, kIntr = 0x34, kInte = 0x38, kIntf = 0x3C, kInts = 0x40;

    std::uint64_t now() const { return m_ticks.now() + m_offset; }
    std::uint32_t status() const { return (value(kIntr) & value(kInte)) | value(kIntf); }
    void update() {
        for (unsigned index = 0; index < 4; ++index) {
            m_irqs[index].set((status() >> index & 1U) != 0);
        }
    }
    /// An alarm fires when the low half of the time equals it.
    void plan(unsigned index) {
        services().cancel(m_events[index]);
        m_events[index] = EventId::None;
        if (!bit(kArmed, index) || m_ticks.rate() == 0) {
            return;
        }
        const std::uint32_t away = value(0x10 + 4 * index) - static_cast<std::uint32_t>(now());
        const std::uint64_t target = m_ticks.now() + (away == 0 ? std::uint64_t{1} << 32 : away);
        m_events[index] = services().scheduleAt(m_ticks.cycleAt(target), [this, index] {
            m_events[index] = EventId::None;
            clearBits(kArmed, 1U << index);
            setBits(kIntr, 1U << index);
            update();
        });
    }

    TickCounter m_ticks;
    std::uint64_t m_offset = 0;
    std::uint32_t m_latched = 0;
    std::array<EventId, 4> m_events{};
    std::array<IrqLine, 4> m_irqs;
};

class Rp2040Watchdog final : public Rp2040Device, public TickSource {
public:
    Rp2040Watchdog(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : Rp2040Device(desc, services,
                       {{kCtrl, "CTRL", 0x7000000, 0xC7000000},
                        {kLoad, "LOAD", 0, 0xFFFFFF},
                        {0x08, "REASON", 0, 0},
                        {0x0C, "SCRATCH0"},
                        {0x10, "SCRATCH1"},
                        {0x14, "SCRATCH2"},
                        {0x18, "SCRATCH3"},
                        {0x1C, "SCRATCH4"},
                        {0x20, "SCRATCH5"},
                        {0x24, "SCRATCH6"},
                        {0x28, "SCRATCH7"},
                        {kTick, "TICK", 0x200, 0x3FF}}) {}

    Hertz tickRate() const override {
        ClockTree* tree = clockTree(services());
        const std::uint32_t cycles = field(kTick, 0, 9);
        return tree && bit(kTick, 9) && cycles != 0 ? tree->frequency("clk_ref") / cycles : 0;
    }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == kTick) {
            return value(kTick) | (bit(kTick, 9) ? 1U << 10 : 0);
        }
        if (offset == kCtrl) {
            const std::uint64_t gone = (services().nowNanoseconds() - m_loadedAt) * 2 * tickRate() / 1'000'000'000ULL;
            return (value(kCtrl) & 0xC7000000) |
                   (bit(kCtrl, 30) && m_load > gone ? static_cast<std::uint32_t>(m_load - gone) : 0);
        }
        return value(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        store(offset, written, lanes);
        if (offset == kTick) {
            if (auto* user = dynamic_cast<TickUser*>(services().peripheral("TIMER"))) {
                user->tickChanged();
            }
            plan();
        } else if (offset == kLoad) {
            m_load = value(kLoad);
            m_loadedAt = services().nowNanoseconds();
            plan();
        } else if (offset == kCtrl) {
            if (bit(kCtrl, 31)) {
                clearBits(kCtrl, 1U << 31);
                bite("was triggered by software");
            } else {
                plan();
            }
        }
    }
    void onReset() override {
        m_step.cancel();
        m_load = 0;
    }

private:
    static constexpr std::uint32_t kCtrl = 0x00, kLoad = 0x04, kTick = 0x2C;

    /// The counter goes down by two each tick (erratum RP2040-E1).
    void plan() {
        m_step.cancel();
        if (!bit(kCtrl, 30) || tickRate() == 0) {
            return;
        }
        const std::uint64_t due = m_loadedAt + m_load * 1'000'000'000ULL / (2ULL * tickRate());
        const std::uint64_t present = services().nowNanoseconds();
        m_step.afterNanoseconds(due > present ? due - present : 1, [this] { bite("was not reloaded in time"); });
    }
    void bite(const std::string& why) {
        services().reportEvent(name() + ": " + why + ", reset");
        services().requestReset("watchdog (" + name() + ") " + why);
    }

    std::uint64_t m_load = 0, m_loadedAt = 0;
    PendingStep m_step{services()};
};

} // namespace

std::span<const PeripheralMaker> rp2040TimerMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"rp2040_timer", "64-bit microseconds, four alarms", makeDevice<Rp2040Timer>},
        {"rp2040_watchdog", "tick generator, scratch registers; resets the MCU", makeDevice<Rp2040Watchdog>},
    };
    return kMakers;
}

} // namespace simprof
