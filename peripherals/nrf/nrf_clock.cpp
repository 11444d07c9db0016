// SPDX-License-Identifier: GPL-2.0-or-later
// CLOCK and POWER, which share one address: nRF51 series reference manual v3.0, 12.2 and 13.2; nRF52840 product
// specification v1.7, 5.3.7 and 5.4.3. Start-up times of the oscillators: nRF51822 product specification v3.3, 8.1;
// nRF52840 PS 5.4.4.
#include "peripherals/clock_tree.h"
#include "peripherals/makers.h"
#include "peripherals/nrf/nrf_device.h"

namespace simprof {
namespace {

constexpr std::uint32_t kHfStart = 0x00, kHfStop = 0x04, kLfStart = 0x08, kLfStop = 0x0C, kCal = 0x10, kCtStart = 0x14,
                        kCtStop = 0x18;
constexpr std::uint32_t kHfStarted = 0x100, kLfStarted = 0x104, kDone = 0x10C, kCtto = 0x110;
constexpr std::uint32_t kHfRun = 0x408, kHfStat = 0x40C, kLfRun = 0x414, kLfStat = 0x418, kLfSrcCopy = 0x41C,
                        kSystemOff = 0x500, kLfSrc = 0x518, kCtiv = 0x538, kDcdcen = 0x578;
constexpr std::uint32_t kRunning = 1U << 16;

class NrfClock : public NrfDevice, public ClockTree {
public:
    struct Timing {
        Hertz highFrequency;
        std::uint64_t hfxoNanoseconds, lfrcNanoseconds, lfxoNanoseconds, calibrationNanoseconds;
    };
    NrfClock(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services, const Timing& timing,
             std::vector<RegisterRow> ownEvents, std::vector<RegisterRow> own)
        : NrfDevice(desc, services,
                    {{kHfStart, "TASKS_HFCLKSTART"},
                     {kHfStop, "TASKS_HFCLKSTOP"},
                     {kLfStart, "TASKS_LFCLKSTART"},
                     {kLfStop, "TASKS_LFCLKSTOP"},
                     {kCal, "TASKS_CAL"},
                     {kCtStart, "TASKS_CTSTART"},
                     {kCtStop, "TASKS_CTSTOP"},
                     {0x78, "TASKS_CONSTLAT"},
                     {0x7C, "TASKS_LOWPWR"}},
                    joined({{{kHfStarted, "EVENTS_HFCLKSTARTED"},
                             {kLfStarted, "EVENTS_LFCLKSTARTED"},
                             {0x108, "EVENTS_POFWARN"},
                             {kDone, "EVENTS_DONE"},
                             {kCtto, "EVENTS_CTTO"}},
                            std::move(ownEvents)}),
                    joined({{{0x400, "RESETREAS"},
                             {kHfRun, "HFCLKRUN", 0, 0},
                             {kHfStat, "HFCLKSTAT", kRunning, 0},
                             {kLfRun, "LFCLKRUN", 0, 0},
                             {kLfStat, "LFCLKSTAT", 0, 0},
                             {kLfSrcCopy, "LFCLKSRCCOPY", 0, 0},
                             {kSystemOff, "SYSTEMOFF"},
                             {0x510, "POFCON", 0, 0x1F},
                             {kLfSrc, "LFCLKSRC", 0, 0x30003},
                             {0x51C, "GPREGRET", 0, 0xFF},
                             {kCtiv, "CTIV", 0, 0x7F},
                             {kDcdcen, "DCDCEN", 0, 1}},
                            std::move(own)}))
        , m_timing(timing)
        , m_hasLfxo(board.oscillators.contains("LFXO")) {}

    Hertz frequency(std::string_view line) override {
        return line == "LFCLK"   ? (value(kLfStat) & kRunning ? 32'768 : 0)
               : line == "HFCLK" ? m_timing.highFrequency
                                 : services().coreClock();
    }

protected:
    std::uint32_t onRead(std::uint32_t offset) override { return offset == kSystemOff ? 0 : NrfDevice::onRead(offset); }

    void task(std::uint32_t offset) override {
        switch (offset) {
        case kHfStart: startHighFrequency(); break;
        case kHfStop: cancel(m_hfEvent), setValue(kHfRun, 0), setValue(kHfStat, kRunning); break;
        case kLfStart: startLowFrequency(); break;
        case kLfStop: cancel(m_lfEvent), setValue(kLfRun, 0), changeLowFrequency(0); break;
        case kCal: after(m_calEvent, m_timing.calibrationNanoseconds, [this] { raise(kDone); }); break;
        case kCtStart: after(m_ctEvent, std::uint64_t{value(kCtiv)} * 250'000'000, [this] { raise(kCtto); }); break;
        case kCtStop: cancel(m_ctEvent); break;
        default: break; // constant latency and low power: no difference in time is modelled
        }
    }

    void written(std::uint32_t offset, std::uint32_t before) override {
        if (offset == 0x400) { // RESETREAS: write 1 to clear
            setValue(0x400, before & ~value(0x400));
        } else if (offset == kDcdcen) {
            tellPower();
        } else if (offset == kSystemOff && (value(kSystemOff) & 1U) != 0) {
            setValue(kSystemOff, 0);
            services().reportEvent(name() + ": System OFF requested; the core goes on, as with a debugger attached");
        }
    }

    void stopped() override {
        for (EventId* event : {&m_hfEvent, &m_lfEvent, &m_calEvent, &m_ctEvent}) {
            cancel(*event);
        }
        tellPower();
    }

private:
    /// The DC/DC converter only with DCDCEN; SLEEPDEEP makes no difference to System ON (PS 1.7, POWER).
    void tellPower() {
        const std::string regulator = bit(kDcdcen, 0) ? "DC/DC" : "LDO";
        services().setPower({regulator, PowerState::Sleep, regulator});
    }
    void cancel(EventId& event) {
        services().cancel(event);
        event = EventId::None;
    }
    template<class Action>
    void after(EventId& event, std::uint64_t nanoseconds, Action action) {
        cancel(event);
        event = services().scheduleAfter(nanoseconds, [&event, action] {
            event = EventId::None;
            action();
        });
    }

    void startHighFrequency() {
        setValue(kHfRun, 1);
        after(m_hfEvent, (value(kHfStat) & 1U) != 0 ? 1 : m_timing.hfxoNanoseconds, [this] {
            setValue(kHfStat, kRunning | 1U);
            raise(kHfStarted);
        });
    }

    /// The RC oscillator runs first while a crystal starts; a board without the crystal stays on it (PS 5.4.2).
    void startLowFrequency() {
        const std::uint32_t source = value(kLfSrc) & 3U;
        setValue(kLfRun, 1);
        setValue(kLfSrcCopy, source);
        if (source == 1 && !m_hasLfxo) {
            services().reportEvent(name() + ": LFCLKSRC selects a 32.768 kHz crystal that this board does not have");
            changeLowFrequency(kRunning);
            return;
        }
        if (source == 1) {
            changeLowFrequency(kRunning);
        }
        after(m_lfEvent,
              source == 1   ? m_timing.lfxoNanoseconds
              : source == 2 ? 1
                            : m_timing.lfrcNanoseconds,
              [this, source] {
                  changeLowFrequency(kRunning | source);
                  raise(kLfStarted);
              });
    }

    void changeLowFrequency(std::uint32_t state) {
        announceChange();
        setValue(kLfStat, state);
        completeChange();
    }

    Timing m_timing;
    bool m_hasLfxo;
    EventId m_hfEvent = EventId::None, m_lfEvent = EventId::None, m_calEvent = EventId::None, m_ctEvent = EventId::None;
};

class Nrf51Clock final : public NrfClock {
public:
    Nrf51Clock(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : NrfClock(desc, board, services, {16'000'000, 800'000, 390'000, 300'000'000, 16'000'000}, {},
                   {{0x428, "RAMSTATUS", 3, 0},
                    {0x524, "RAMON", 3, 0x30003},
                    {0x544, "RESET", 0, 1},
                    {0x550, "XTALFREQ", 0xFF, 0xFF},
                    {0x554, "RAMONB", 0, 0x30003}}) {}
};

class Nrf52Clock final : public NrfClock {
public:
    Nrf52Clock(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services)
        : NrfClock(desc, board, services, {64'000'000, 360'000, 600'000, 250'000'000, 16'000'000},
                   {{0x114, "EVENTS_SLEEPENTER"},
                    {0x118, "EVENTS_SLEEPEXIT"},
                    {0x11C, "EVENTS_USBDETECTED"},
                    {0x120, "EVENTS_USBREMOVED"},
                    {0x124, "EVENTS_USBPWRRDY"},
                    {0x128, "EVENTS_CTSTARTED"},
                    {0x12C, "EVENTS_CTSTOPPED"}},
                   joined({{{0x438, "USBREGSTATUS", 0, 0},
                            {0x520, "GPREGRET2", 0, 0xFF},
                            {0x528, "HFXODEBOUNCE", 0x10, 0xFF},
                            {0x55C, "TRACECONFIG", 0, 0x30003},
                            {0x580, "DCDCEN0", 0, 1},
                            {0x5B4, "LFRCMODE", 0, 0x10001},
                            {0x640, "MAINREGSTATUS", 0, 0}},
                           channelRows(0x900, 0x10, 9, "RAM.POWER", 0xFFFF),
                           channelRows(0x904, 0x10, 9, "RAM.POWERSET"),
                           channelRows(0x908, 0x10, 9, "RAM.POWERCLR")})) {}

protected:
    void written(std::uint32_t offset, std::uint32_t before) override {
        if (offset >= 0x900 && (offset & 0xF) == 4) {
            setBits(offset - 4, value(offset));
        } else if (offset >= 0x900 && (offset & 0xF) == 8) {
            clearBits(offset - 8, value(offset));
        } else {
            NrfClock::written(offset, before);
        }
    }
};

} // namespace

std::span<const PeripheralMaker> nrfClockMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"nrf51_clock_power", "oscillators with start-up times, calibration, power registers", makeDevice<Nrf51Clock>},
        {"nrf52_clock_power", "oscillators with start-up times, calibration, power registers", makeDevice<Nrf52Clock>},
    };
    return kMakers;
}

} // namespace simprof
