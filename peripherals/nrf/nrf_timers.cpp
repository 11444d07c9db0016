// SPDX-License-Identifier: GPL-2.0-or-later
// TIMER, RTC and WDT: nRF51 series reference manual v3.0, 18, 19 and 20; nRF52840 product specification
// v1.7, 6.30, 6.22 and 6.36.
#include "peripherals/clock_tree.h"
#include "peripherals/makers.h"
#include "peripherals/nrf/nrf_device.h"
#include "peripherals/pending_step.h"
#include "peripherals/tick_counter.h"

#include <algorithm>
#include <optional>

namespace simprof {
namespace {

unsigned optionOf(const PeripheralDesc& desc, const char* key, unsigned fallback) {
    const auto found = desc.options.find(key);
    return found == desc.options.end() ? fallback : static_cast<unsigned>(std::stoul(found->second));
}

constexpr std::uint32_t kCompare = 0x140, kCc = 0x540;

/// A counter that runs or stands and compares itself with CC[n]; clears by a short happen at the exact tick.
class NrfCounter : public NrfDevice {
public:
    NrfCounter(const PeripheralDesc& desc, MachineServices& services, unsigned channels, std::vector<RegisterRow> tasks,
               std::vector<RegisterRow> events, std::vector<RegisterRow> registers)
        : NrfDevice(desc, services, std::move(tasks),
                    joined({std::move(events), channelRows(kCompare, 4, channels, "EVENTS_COMPARE")}),
                    joined({std::move(registers), channelRows(kCc, 4, channels, "CC")}))
        , m_channels(channels)
        , m_ticks(services) {}

protected:
    virtual std::uint32_t mask() const = 0;
    /// Ticks a second while started.
    virtual Hertz rate() const = 0;
    /// The counter reached CC[channel] at `tick`.
    virtual void compared(unsigned channel) = 0;
    /// The counter went from its last value to 0.
    virtual void wrapped() {}
    virtual bool wantsWrap() const { return false; }
    virtual void ticked() {}
    virtual bool wantsTicks() const { return false; }

    std::uint32_t counter() const { return static_cast<std::uint32_t>(m_seen + m_extra - m_origin) & mask(); }

    /// Works off everything up to the present tick.
    void catchUp() {
        const std::uint64_t present = m_ticks.now();
        for (auto next = nextTick(); next && *next <= present; next = nextTick()) {
            m_seen = *next;
            arrive();
        }
        m_seen = std::max(m_seen, present);
    }
    void plan() {
        m_step.cancel();
        if (const auto next = nextTick(); next && m_ticks.rate() != 0) {
            m_step.at(m_ticks.cycleAt(*next), [this] {
                catchUp();
                plan();
            });
        }
    }
    void setRunning(bool running) {
        m_running = running;
        m_ticks.setRate(running ? rate() : 0);
    }
    bool running() const { return m_running; }
    void clear() { preset(0); }
    void preset(std::uint32_t start) { m_origin = m_seen + m_extra - start; }
    /// One step of a counter that counts tasks instead of time.
    void step() {
        ++m_extra;
        arrive();
    }
    unsigned channels() const { return m_channels; }

    void stopped() override {
        m_step.cancel();
        m_ticks.setRate(0);
        m_ticks.restart();
        m_running = false;
        m_origin = m_seen = m_extra = 0;
    }

private:
    std::optional<std::uint64_t> nextTick() const {
        if (!m_running) {
            return std::nullopt;
        }
        const std::uint64_t period = std::uint64_t{mask()} + 1;
        std::uint64_t distance = wantsTicks() ? 1 : wantsWrap() ? period - counter() : period;
        for (unsigned channel = 0; channel < m_channels; ++channel) {
            const std::uint64_t away = (value(kCc + 4 * channel) - counter()) & mask();
            distance = std::min(distance, away == 0 ? period : away);
        }
        return m_seen + distance;
    }
    void arrive() {
        const std::uint32_t present = counter();
        ticked();
        if (present == 0) {
            wrapped();
        }
        for (unsigned channel = 0; channel < m_channels; ++channel) {
            if ((value(kCc + 4 * channel) & mask()) == present) {
                compared(channel);
            }
        }
    }

    unsigned m_channels;
    TickCounter m_ticks;
    bool m_running = false;
    std::uint64_t m_origin = 0; ///< the tick at which the counter was 0
    std::uint64_t m_seen = 0;   ///< all ticks up to this one are worked off
    std::uint64_t m_extra = 0;  ///< steps by TASKS_COUNT
    PendingStep m_step{services()};
};

class NrfTimer final : public NrfCounter {
public:
    NrfTimer(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : NrfCounter(desc, services, optionOf(desc, "channels", 4),
                     joined({{{0x00, "TASKS_START"},
                              {0x04, "TASKS_STOP"},
                              {0x08, "TASKS_COUNT"},
                              {0x0C, "TASKS_CLEAR"},
                              {0x10, "TASKS_SHUTDOWN"}},
                             channelRows(0x40, 4, optionOf(desc, "channels", 4), "TASKS_CAPTURE")}),
                     {}, {{kMode, "MODE", 0, 3}, {kBitmode, "BITMODE", 0, 3}, {kPrescaler, "PRESCALER", 4, 15}})
        , m_widest(optionOf(desc, "bits", 32)) {}

protected:
    std::uint32_t mask() const override {
        static constexpr unsigned kBits[] = {16, 8, 24, 32};
        return static_cast<std::uint32_t>((std::uint64_t{1} << std::min(kBits[value(kBitmode) & 3U], m_widest)) - 1);
    }
    Hertz rate() const override { return value(kMode) == 0 ? 16'000'000U >> std::min(value(kPrescaler), 9U) : 0; }

    void compared(unsigned channel) override {
        if (isShort(channel)) {
            clear();
        }
        if (isShort(channel + 8)) {
            setRunning(false);
        }
        raise(kCompare + 4 * channel);
    }

    void task(std::uint32_t offset) override {
        catchUp();
        switch (offset) {
        case 0x00: setRunning(true); break;
        case 0x04: setRunning(false); break;
        case 0x08:
            if (value(kMode) != 0 && running()) {
                step();
            }
            break;
        case 0x0C: clear(); break;
        case 0x10: setRunning(false), clear(); break;
        default: setValue(kCc + offset - 0x40, counter()); break;
        }
        plan();
    }

    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        catchUp();
        NrfCounter::onWrite(offset, written, lanes);
    }
    void written(std::uint32_t offset, std::uint32_t) override {
        if (offset >= kMode) {
            setRunning(running());
            plan();
        }
    }

private:
    static constexpr std::uint32_t kMode = 0x504, kBitmode = 0x508, kPrescaler = 0x510;
    unsigned m_widest;
};

class NrfRtc final : public NrfCounter, public ClockListener {
public:
    NrfRtc(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : NrfCounter(desc, services, optionOf(desc, "channels", 4),
                     {{0x00, "TASKS_START"}, {0x04, "TASKS_STOP"}, {0x08, "TASKS_CLEAR"}, {0x0C, "TASKS_TRIGOVRFLW"}},
                     {{kTick, "EVENTS_TICK"}, {kOverflow, "EVENTS_OVRFLW"}},
                     {{kEvten, "EVTEN"},
                      {0x344, "EVTENSET"},
                      {0x348, "EVTENCLR"},
                      {kCounter, "COUNTER", 0, 0},
                      {kPrescaler, "PRESCALER", 0, 0xFFF}}) {
        followClocks(services, *this);
    }

    void clockWillChange() override { catchUp(); }
    void clockChanged() override {
        setRunning(running());
        plan();
    }

protected:
    std::uint32_t mask() const override { return 0xFFFFFF; }
    Hertz rate() const override {
        ClockTree* tree = clockTree(services());
        return (tree ? tree->frequency("LFCLK") : 32'768) / (value(kPrescaler) + 1);
    }
    bool enabled(unsigned number) const { return bit(kEvten, number) || bit(kInten, number); }
    bool wantsWrap() const override { return enabled(1); }
    bool wantsTicks() const override { return enabled(0); }
    void ticked() override {
        if (enabled(0)) {
            raise(kTick);
        }
    }
    void wrapped() override {
        if (enabled(1)) {
            raise(kOverflow);
        }
    }
    void compared(unsigned channel) override {
        if (enabled(16 + channel)) {
            raise(kCompare + 4 * channel);
        }
    }

    std::uint32_t onRead(std::uint32_t offset) override {
        if (offset == kCounter) {
            catchUp();
            return counter();
        }
        return offset == 0x344 || offset == 0x348 ? value(kEvten) : NrfCounter::onRead(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        catchUp();
        NrfCounter::onWrite(offset, written, lanes);
        if (offset == kIntenset || offset == kIntenclr) {
            plan();
        }
    }
    void written(std::uint32_t offset, std::uint32_t) override {
        if (offset == 0x344) {
            setBits(kEvten, value(offset));
        } else if (offset == 0x348) {
            clearBits(kEvten, value(offset));
        }
        plan();
    }
    void task(std::uint32_t offset) override {
        catchUp();
        switch (offset) {
        case 0x00: setRunning(true); break;
        case 0x04: setRunning(false); break;
        case 0x08: clear(); break;
        default: preset(0xFFFFF0); break;
        }
        plan();
    }

private:
    static constexpr std::uint32_t kTick = 0x100, kOverflow = 0x104, kEvten = 0x340, kCounter = 0x504,
                                   kPrescaler = 0x508;
};

class NrfWdt final : public NrfDevice {
public:
    NrfWdt(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : NrfDevice(desc, services, {{0x00, "TASKS_START"}}, {{kTimeout, "EVENTS_TIMEOUT"}},
                    joined({{{kRunStatus, "RUNSTATUS", 0, 0},
                             {kReqStatus, "REQSTATUS", 1, 0},
                             {kCrv, "CRV", 0xFFFFFFFF},
                             {kRren, "RREN", 1, 0xFF},
                             {0x50C, "CONFIG", 1, 9}},
                            channelRows(kReload, 4, 8, "RR")})) {}

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        return offset >= kReload && models(offset) && offset < kReload + 32 ? 0 : NrfDevice::onRead(offset);
    }
    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        const bool locked = value(kRunStatus) != 0 && offset >= kCrv && offset < kReload;
        if (locked) {
            services().reportEvent(name() + ": write to " + std::string(registerName(offset)) +
                                   " while it runs ignored");
            return;
        }
        NrfDevice::onWrite(offset, written, lanes);
    }
    void written(std::uint32_t offset, std::uint32_t) override {
        if (offset >= kReload && offset < kReload + 32 && value(offset) == 0x6E524635 && value(kRunStatus) != 0) {
            clearBits(kReqStatus, 1U << ((offset - kReload) / 4));
            if (value(kReqStatus) == 0) {
                reload();
            }
        }
    }
    void task(std::uint32_t) override {
        if (value(kRunStatus) == 0) {
            setValue(kRunStatus, 1);
            reload();
        }
    }
    void stopped() override { m_step.cancel(); }

private:
    static constexpr std::uint32_t kTimeout = 0x100, kRunStatus = 0x400, kReqStatus = 0x404, kCrv = 0x504,
                                   kRren = 0x508, kReload = 0x600;

    void reload() {
        setValue(kReqStatus, value(kRren));
        const std::uint64_t nanoseconds = (std::uint64_t{value(kCrv)} + 1) * 1'000'000'000ULL / 32'768;
        m_step.afterNanoseconds(nanoseconds, [this] {
            raise(kTimeout);
            services().reportEvent(name() + ": was not reloaded in time, reset");
            services().scheduleAfter(
                61'000, [this] { services().requestReset("watchdog (" + name() + ") was not reloaded in time"); });
        });
    }

    PendingStep m_step{services()};
};

} // namespace

std::span<const PeripheralMaker> nrfTimerMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"nrf_timer", "timer and counter, compare, capture, shorts", makeDevice<NrfTimer>},
        {"nrf_rtc", "24-bit counter of the low-frequency clock, compare, tick, overflow", makeDevice<NrfRtc>},
        {"nrf_wdt", "watchdog with reload requests; resets the MCU", makeDevice<NrfWdt>},
    };
    return kMakers;
}

} // namespace simprof
