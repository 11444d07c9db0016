// SPDX-License-Identifier: GPL-2.0-or-later
// Real-time clock of STM32: layout v2 RM0090 26, RM0385 29, RM0432 46, RM0367 27; layout v3 (G0, H7A3) RM0444 30,
// RM0455 50. Calendar, alarms, periodic wake-up, write protection, backup registers. Initialisation and synchronisation
// are ready at once; calibration, shifts, time stamps and tampers are not modelled.
#include "peripherals/clock_tree.h"
#include "peripherals/gpio/gpio.h"
#include "peripherals/layout.h"
#include "peripherals/makers.h"
#include "peripherals/pending_step.h"
#include "peripherals/register_file.h"
#include "peripherals/tick_counter.h"

#include <array>

namespace simprof {
namespace {

/// Offsets and flag positions of the two layouts. Flags of v3 lie in SR, those of v2 in ISR.
struct RtcLayout {
    std::uint32_t cr, ssr, status, flags, clear, alarmA, alarmB, alarmASub, alarmBSub, calr;
    unsigned alarmFlag, wakeupFlag;
    bool v3;
};
constexpr std::uint32_t kTr = 0x00, kDr = 0x04, kPrer = 0x10, kWutr = 0x14, kWpr = 0x24, kNone = 0xFFC;
constexpr RtcLayout kV2{0x08, 0x28, 0x0C, 0x0C, kNone, 0x1C, 0x20, 0x44, 0x48, 0x3C, 8, 10, false};
constexpr RtcLayout kV3{0x18, 0x08, 0x0C, 0x50, 0x5C, 0x40, 0x48, 0x44, 0x4C, 0x28, 0, 2, true};
constexpr unsigned kFmt = 6, kAlarmEnable = 8, kWute = 10, kAlarmIrq = 12, kWutie = 14;
constexpr unsigned kWutwf = 2, kInits = 4, kRsf = 5, kInitf = 6, kInit = 7;

const RtcLayout& rtcLayout(const PeripheralDesc& desc) { return layoutOf(desc) == Layout::V3 ? kV3 : kV2; }

std::vector<RegisterRow> rows(const PeripheralDesc& desc) {
    const RtcLayout& l = rtcLayout(desc);
    std::vector<RegisterRow> result = {{kTr, "TR", 0, 0x7F7F7F},
                                       {kDr, "DR", 0x2101, 0xFFFF3F},
                                       {l.cr, "CR"},
                                       {l.ssr, "SSR", 0, 0},
                                       {l.status, l.v3 ? "ICSR" : "ISR", 0x7},
                                       {kPrer, "PRER", 0x7F00FF, 0x7F7FFF},
                                       {kWutr, "WUTR", 0xFFFF, 0xFFFF},
                                       {kWpr, "WPR", 0, 0},
                                       {l.alarmA, "ALRMAR"},
                                       {l.alarmB, "ALRMBR"},
                                       {l.alarmASub, "ALRMASSR"},
                                       {l.alarmBSub, "ALRMBSSR"},
                                       {l.calr, "CALR"},
                                       {0x2C, "SHIFTR", 0, 0},
                                       {0x30, "TSTR", 0, 0},
                                       {0x34, "TSDR", 0, 0},
                                       {0x38, "TSSSR", 0, 0}};
    if (l.v3) {
        result.insert(result.end(), {{l.flags, "SR", 0, 0}, {0x54, "MISR", 0, 0}, {l.clear, "SCR", 0, 0}});
    } else {
        result.insert(result.end(), {{0x18, "CALIBR"}, {0x40, "TAFCR"}, {0x4C, "OR"}});
        for (std::uint32_t backup = 0; backup < 32; ++backup) {
            result.push_back({0x50 + 4 * backup, "BKPR"});
        }
    }
    return result;
}

constexpr std::uint32_t fromBcd(std::uint32_t value) { return (value >> 4 & 0xFU) * 10 + (value & 0xFU); }
constexpr std::uint32_t toBcd(std::uint64_t value) { return static_cast<std::uint32_t>(value / 10 << 4 | value % 10); }

unsigned daysIn(unsigned month, unsigned year) {
    static constexpr std::array<unsigned, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && year % 4 == 0 ? 29 : kDays[(month - 1) % 12];
}

class Stm32Rtc final : public RegisterFile, public ClockListener {
public:
    Stm32Rtc(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services)
        : RegisterFile(desc, services, rows(desc))
        , m_l(rtcLayout(desc))
        , m_irqWakeup(irqLine("wkup"))
        , m_irqAlarm(irqLine("alarm"))
        , m_ticks(services) {}

    void clockWillChange() override {
        sync();
        m_ticks.settle();
    }
    void clockChanged() override {
        m_ticks.setRate(rtcClock());
        plan();
    }

protected:
    std::uint32_t onRead(std::uint32_t offset) override {
        sync();
        if (offset == kTr || offset == kDr || offset == m_l.ssr) {
            showCalendar();
        }
        if (offset == m_l.status && !m_l.v3) {
            return value(offset) | 1U | 2U; // ALRAWF, ALRBWF; WUTWF is kept
        }
        if (m_l.v3 && offset == 0x54) {
            return value(m_l.flags) & enabledFlags();
        }
        return value(offset);
    }

    void onWrite(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) override {
        sync();
        if (offset == kWpr) {
            m_unlocked = (written & 0xFF) == 0x53 && m_key;
            m_key = (written & 0xFF) == 0xCA;
            return;
        }
        const bool isBackup = !m_l.v3 && offset >= 0x50;
        const bool isFree = isBackup || offset == m_l.clear || offset == 0x40;
        if (!m_unlocked && !isFree && offset != m_l.status) {
            services().reportEvent(name() + ": write to the locked register " + std::string(registerName(offset)));
            return;
        }
        if (offset == m_l.status) {
            writeStatus(written, lanes);
        } else if (offset == m_l.clear) {
            clearBits(m_l.flags, written);
        } else if (offset == m_l.cr) {
            writeControl(written, lanes);
        } else if (offset == kTr || offset == kDr || offset == kPrer) {
            writeCalendar(offset, written, lanes);
        } else {
            store(offset, written, lanes);
        }
        drive();
        plan();
    }

    void onReset() override {
        followClocks(services(), *this);
        m_step.cancel();
        m_ticks.restart();
        m_ticks.setRate(rtcClock());
        m_calendarStart = m_wakeupStart = m_alarmsDone = 0;
        m_baseSeconds = 0;
        m_unlocked = m_key = false;
        drive();
    }

private:
    Hertz rtcClock() const {
        ClockTree* tree = clockTree(services());
        return tree == nullptr ? 0 : tree->frequency("RTC");
    }
    std::uint64_t asynchronous() const { return field(kPrer, 16, 7) + 1; }
    std::uint64_t synchronous() const { return field(kPrer, 0, 15) + 1; }
    std::uint64_t ticksPerSecond() const { return asynchronous() * synchronous(); }

    // ---- calendar
    std::uint64_t secondsAt(std::uint64_t ticks) const {
        return m_baseSeconds + (ticks - m_calendarStart) / ticksPerSecond();
    }
    std::uint64_t writtenSeconds() const {
        const std::uint32_t tr = value(kTr);
        std::uint64_t hours = fromBcd(tr >> 16 & 0x3F);
        if (bit(m_l.cr, kFmt)) {
            hours = hours % 12 + ((tr & (1U << 22)) != 0 ? 12 : 0);
        }
        const std::uint32_t dr = value(kDr);
        const unsigned year = fromBcd(dr >> 16 & 0xFF);
        std::uint64_t days = year * 365ULL + (year + 3) / 4;
        for (unsigned month = 1; month < fromBcd(dr >> 8 & 0x1F); ++month) {
            days += daysIn(month, year);
        }
        const unsigned day = fromBcd(dr & 0x3F);
        days += day == 0 ? 0 : day - 1;
        return ((days * 24 + hours) * 60 + fromBcd(tr >> 8 & 0x7F)) * 60 + fromBcd(tr & 0x7F);
    }
    void showCalendar() {
        if (bit(m_l.status, kInitf)) {
            return;
        }
        const std::uint64_t now = m_ticks.now();
        showTime(secondsAt(now));
        const std::uint64_t within = (now - m_calendarStart) % ticksPerSecond();
        setValue(m_l.ssr, static_cast<std::uint32_t>(synchronous() - 1 - within / asynchronous()));
    }
    void showTime(std::uint64_t seconds) {
        std::uint64_t hours = seconds / 3600 % 24;
        std::uint32_t pm = 0;
        if (bit(m_l.cr, kFmt)) {
            pm = hours >= 12 ? 1U << 22 : 0;
            hours = hours % 12 == 0 ? 12 : hours % 12;
        }
        setValue(kTr, pm | toBcd(hours) << 16 | toBcd(seconds / 60 % 60) << 8 | toBcd(seconds % 60));
        std::uint64_t days = seconds / 86400;
        const std::uint64_t weekday = (days + m_weekdayShift) % 7 + 1;
        unsigned year = 0;
        while (days >= (year % 4 == 0 ? 366U : 365U)) {
            days -= year % 4 == 0 ? 366 : 365;
            ++year;
        }
        unsigned month = 1;
        while (days >= daysIn(month, year)) {
            days -= daysIn(month, year);
            ++month;
        }
        setValue(kDr, toBcd(year % 100) << 16 | static_cast<std::uint32_t>(weekday) << 13 | toBcd(month) << 8 |
                          toBcd(days + 1));
    }
    void writeCalendar(std::uint32_t offset, std::uint32_t written, std::uint32_t lanes) {
        if (bit(m_l.status, kInitf)) {
            store(offset, written, lanes);
        }
    }
    void leaveInit() {
        m_baseSeconds = writtenSeconds();
        const std::uint64_t weekday = field(kDr, 13, 3) == 0 ? 1 : field(kDr, 13, 3);
        m_weekdayShift = (weekday - 1 + 7 - m_baseSeconds / 86400 % 7) % 7;
        m_calendarStart = m_ticks.now();
        m_alarmsDone = m_calendarStart;
        setBits(m_l.status, fromBcd(value(kDr) >> 16 & 0xFF) != 0 ? 1U << kInits : 0);
    }
    void writeStatus(std::uint32_t written, std::uint32_t lanes) {
        const bool was = bit(m_l.status, kInit);
        std::uint32_t status = value(m_l.status);
        if (m_unlocked && (lanes & 0xFF) != 0) {
            status = (status & ~(1U << kInit)) | (written & (1U << kInit));
        }
        if ((written & (1U << kRsf)) == 0) {
            status &= ~(1U << kRsf); // set again with the next synchronisation, which is at once
        }
        if (!m_l.v3) { // flags are cleared by writing 0
            status &= ~(~written & lanes & 0x1FF00U);
        }
        setValue(m_l.status, status);
        const bool is = bit(m_l.status, kInit);
        if (is) {
            if (!was) {
                showCalendar();
            }
            setBits(m_l.status, 1U << kInitf);
        } else {
            clearBits(m_l.status, 1U << kInitf);
            if (was) {
                leaveInit();
            }
        }
        setBits(m_l.status, 1U << kRsf);
    }

    // ---- wake-up
    /// RTCCLK ticks of one wake-up period.
    std::uint64_t wakeupPeriod() const {
        const std::uint64_t count = value(kWutr) + 1ULL;
        const unsigned select = field(m_l.cr, 0, 3);
        if (select >= 4) {
            return (count + (select >= 6 ? 0x10000 : 0)) * ticksPerSecond();
        }
        return count << (4 - select);
    }
    void writeControl(std::uint32_t written, std::uint32_t lanes) {
        const bool was = bit(m_l.cr, kWute);
        store(m_l.cr, written, lanes);
        const bool is = bit(m_l.cr, kWute);
        if (is && !was) {
            m_wakeupStart = m_ticks.now();
        }
        if (is) {
            clearBits(m_l.status, 1U << kWutwf);
        } else {
            setBits(m_l.status, 1U << kWutwf);
        }
    }

    // ---- alarms
    bool alarmMatches(std::uint32_t alarm, std::uint64_t seconds) {
        const std::uint32_t tr = value(kTr);
        const std::uint32_t dr = value(kDr);
        const std::uint32_t set = value(alarm);
        showTime(seconds);
        const std::uint32_t time = value(kTr);
        const std::uint32_t date = value(kDr);
        setValue(kTr, tr);
        setValue(kDr, dr);
        const bool second = (set & 1U << 7) != 0 || (set & 0x7F) == (time & 0x7F);
        const bool minute = (set & 1U << 15) != 0 || (set & 0x7F00) == (time & 0x7F00);
        const bool hour = (set & 1U << 23) != 0 || (set & 0x7F0000) == (time & 0x7F0000);
        const std::uint32_t day = (set & 1U << 30) != 0 ? date >> 13 & 7U : date & 0x3F;
        return second && minute && hour && ((set & 1U << 31) != 0 || (set >> 24 & 0x3F) == day);
    }
    bool anyAlarm() const { return field(m_l.cr, kAlarmEnable, 2) != 0 && !bit(m_l.status, kInitf); }

    /// Brings flags up to the present.
    void sync() {
        const std::uint64_t now = m_ticks.now();
        if (bit(m_l.cr, kWute) && m_ticks.rate() != 0) {
            const std::uint64_t period = wakeupPeriod();
            if (now - m_wakeupStart >= period) {
                m_wakeupStart += (now - m_wakeupStart) / period * period;
                raise(m_l.wakeupFlag, kWutie, true);
            }
        }
        if (anyAlarm() && m_ticks.rate() != 0) {
            for (std::uint64_t second = secondsAt(m_alarmsDone) + 1; second <= secondsAt(now); ++second) {
                for (unsigned alarm = 0; alarm < 2; ++alarm) {
                    if (bit(m_l.cr, kAlarmEnable + alarm) &&
                        alarmMatches(alarm == 0 ? m_l.alarmA : m_l.alarmB, second)) {
                        raise(m_l.alarmFlag + alarm, kAlarmIrq + alarm, false);
                    }
                }
            }
        }
        m_alarmsDone = now;
    }
    void raise(unsigned flag, unsigned enable, bool wakeup) {
        const bool was = bit(m_l.flags, flag);
        setBits(m_l.flags, 1U << flag);
        if (!was && bit(m_l.cr, enable)) {
            if (auto* exti = dynamic_cast<PinEdgeSink*>(services().peripheral("EXTI"))) {
                const unsigned line = wakeup ? exti->rtcWakeupLine() : exti->rtcAlarmLine();
                if (line < 32) {
                    exti->lineFired(line);
                }
            }
        }
        drive();
    }
    std::uint32_t enabledFlags() const {
        const std::uint32_t cr = value(m_l.cr);
        return (cr >> kAlarmIrq & 3U) << m_l.alarmFlag | (cr >> kWutie & 1U) << m_l.wakeupFlag;
    }
    /// Where the EXTI passes the line on as it is, the interrupt follows the flag.
    void drive() {
        auto* exti = dynamic_cast<PinEdgeSink*>(services().peripheral("EXTI"));
        if (exti == nullptr || exti->rtcWakeupLine() >= 32) {
            const std::uint32_t raised = value(m_l.flags) & enabledFlags();
            m_irqWakeup.set((raised >> m_l.wakeupFlag & 1U) != 0);
            m_irqAlarm.set((raised >> m_l.alarmFlag & 3U) != 0);
        }
    }
    void plan() {
        m_step.cancel();
        if (m_ticks.rate() == 0) {
            return;
        }
        std::uint64_t next = 0;
        if (bit(m_l.cr, kWute)) {
            next = m_wakeupStart + wakeupPeriod();
        }
        if (anyAlarm()) {
            const std::uint64_t second =
                m_calendarStart + (secondsAt(m_ticks.now()) - m_baseSeconds + 1) * ticksPerSecond();
            next = next == 0 ? second : std::min(next, second);
        }
        if (next != 0) {
            m_step.at(m_ticks.cycleAt(next), [this] {
                sync();
                plan();
            });
        }
    }

    const RtcLayout& m_l;
    IrqLine m_irqWakeup, m_irqAlarm;
    TickCounter m_ticks; ///< of RTCCLK
    PendingStep m_step{services()};
    std::uint64_t m_calendarStart = 0; ///< tick at which the calendar held m_baseSeconds
    std::uint64_t m_baseSeconds = 0;   ///< since 2000-01-01
    std::uint64_t m_weekdayShift = 0;
    std::uint64_t m_wakeupStart = 0;
    std::uint64_t m_alarmsDone = 0;
    bool m_unlocked = false, m_key = false;
};

} // namespace

std::span<const PeripheralMaker> stm32RtcMakers() {
    static constexpr PeripheralMaker kMakers[] = {
        {"stm32_rtc", "calendar, alarms, periodic wake-up, write protection, backup registers", makeDevice<Stm32Rtc>},
    };
    return kMakers;
}

} // namespace simprof
