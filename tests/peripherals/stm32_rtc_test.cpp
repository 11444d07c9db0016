// SPDX-License-Identifier: GPL-2.0-or-later
// RTC of STM32: wake-up period, calendar over a leap day, alarm, locked registers; both layouts.
#include "fake_machine.h"

#include <gmock/gmock.h>

namespace simprof::test {
namespace {

struct RtcRow {
    const char* board;
    std::uint32_t rcc, on; ///< register and bits that switch LSE and RTC on
    std::uint32_t cr, flags, alarm, alarmSub;
    unsigned wakeupFlag, alarmFlag;
};

class Rtc : public testing::TestWithParam<RtcRow> {
protected:
    const RtcRow& row = GetParam();
    FakeMachine machine{row.board};

    void start() {
        machine.store("RCC", row.rcc, row.on);
        machine.store("RTC", 0x24, 0xCA);
        machine.store("RTC", 0x24, 0x53);
    }
    Cycles seconds(double count) const { return static_cast<Cycles>(count * static_cast<double>(machine.coreClock())); }
    bool flag(unsigned number) { return (machine.load("RTC", row.flags) >> number & 1U) != 0; }
    void setCalendar(std::uint32_t time, std::uint32_t date) {
        machine.store("RTC", 0x0C, 0x80);
        EXPECT_NE(machine.load("RTC", 0x0C) & 0x40U, 0U) << "INITF";
        machine.store("RTC", 0x00, time);
        machine.store("RTC", 0x04, date);
        machine.store("RTC", 0x0C, 0);
    }
};

TEST_P(Rtc, WakesUpPeriodically) {
    start();
    machine.store("RTC", 0x14, 511); // 512 periods of 32768 / 16 Hz
    machine.store("RTC", row.cr, 1U << 10 | 1U << 14);
    machine.advance(seconds(0.2499));
    EXPECT_FALSE(flag(row.wakeupFlag));
    machine.advance(seconds(0.0002));
    EXPECT_TRUE(flag(row.wakeupFlag));
}

TEST_P(Rtc, CountsOverALeapDay) {
    start();
    setCalendar(0x235958, 0x246228); // Wednesday 2024-02-28, 23:59:58
    machine.advance(seconds(1.5));
    EXPECT_EQ(machine.load("RTC", 0x00), 0x235959U);
    machine.advance(seconds(1));
    EXPECT_EQ(machine.load("RTC", 0x00), 0x000000U);
    EXPECT_EQ(machine.load("RTC", 0x04), 0x248229U) << "Thursday 29th";
    setCalendar(0x235959, 0x234228); // 2023 is none
    machine.advance(seconds(1.5));
    EXPECT_EQ(machine.load("RTC", 0x04), 0x236301U);
}

TEST_P(Rtc, AlarmComesAtItsTime) {
    start();
    setCalendar(0x120000, 0x240000U | 0x2101U);
    machine.store("RTC", row.alarm, 1U << 31 | 0x120003); // any day
    machine.store("RTC", row.cr, 1U << 8 | 1U << 12);
    machine.advance(seconds(2.9));
    EXPECT_FALSE(flag(row.alarmFlag));
    machine.advance(seconds(0.2));
    EXPECT_TRUE(flag(row.alarmFlag));
}

TEST_P(Rtc, LockedRegistersStay) {
    machine.store("RTC", 0x14, 7);
    EXPECT_EQ(machine.load("RTC", 0x14), 0xFFFFU);
    EXPECT_THAT(machine.events, testing::ElementsAre("RTC: write to the locked register WUTR"));
}

INSTANTIATE_TEST_SUITE_P(Layouts, Rtc,
                         testing::Values(RtcRow{"nucleo-l4r5zi", 0x90, 0x8101, 0x08, 0x0C, 0x1C, 0x44, 10, 8},
                                         RtcRow{"nucleo-g0b1re", 0x5C, 0x8101, 0x18, 0x50, 0x40, 0x44, 2, 0},
                                         RtcRow{"nucleo-l053r8", 0x50, 0x50100, 0x08, 0x0C, 0x1C, 0x44, 10, 8}),
                         [](const auto& parameter) { return std::string(parameter.param.board).substr(7, 4); });

TEST(RtcInterrupt, GoesThroughTheExtiWhereThatHasALine) {
    FakeMachine machine("nucleo-l4r5zi");
    machine.store("RCC", 0x90, 0x8101);
    machine.store("RTC", 0x24, 0xCA);
    machine.store("RTC", 0x24, 0x53);
    machine.store("RTC", 0x14, 0);
    machine.store("RTC", 0x08, 1U << 10 | 1U << 14);
    machine.advance(machine.coreClock() / 100);
    EXPECT_FALSE(machine.irq(3)) << "no edge selected";
    machine.setBits("EXTI", 0x08, 1U << 20);
    machine.setBits("EXTI", 0x00, 1U << 20);
    machine.store("RTC", 0x0C, ~(1U << 10));
    machine.advance(machine.coreClock() / 100);
    EXPECT_TRUE(machine.irq(3));
    machine.store("EXTI", 0x14, 1U << 20);
    EXPECT_FALSE(machine.irq(3));
}

TEST(RtcInterrupt, IsDirectOnG0) {
    FakeMachine machine("nucleo-g0b1re");
    machine.store("RCC", 0x5C, 0x8101);
    machine.store("RTC", 0x24, 0xCA);
    machine.store("RTC", 0x24, 0x53);
    machine.store("RTC", 0x14, 0);
    machine.store("RTC", 0x18, 1U << 10 | 1U << 14);
    machine.advance(machine.coreClock() / 100);
    EXPECT_TRUE(machine.irq(2));
    machine.store("RTC", 0x18, 0);
    machine.store("RTC", 0x5C, 4);
    EXPECT_FALSE(machine.irq(2));
}

} // namespace
} // namespace simprof::test
