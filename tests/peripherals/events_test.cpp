// SPDX-License-Identifier: GPL-2.0-or-later
// What the report lists as events: watchdogs that bite, clocks set up out of their range, flash written while locked.
#include "fake_machine.h"

#include <gmock/gmock.h>

namespace simprof::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Store {
    const char* device;
    std::uint32_t offset, value;
};

struct WatchdogRow {
    const char* board;
    std::vector<Store> start;
    Store feed;
    double milliseconds; ///< until it bites
};

class Watchdogs : public testing::TestWithParam<WatchdogRow> {};

TEST_P(Watchdogs, BiteWhenNobodyFeedsThem) {
    const WatchdogRow& row = GetParam();
    FakeMachine machine(row.board);
    for (const Store& store : row.start) {
        machine.store(store.device, store.offset, store.value);
    }
    const auto part = [&](double share) {
        return static_cast<Cycles>(row.milliseconds * share * 1e-3 * static_cast<double>(machine.coreClock()));
    };
    for (int i = 0; i < 4; ++i) {
        machine.advance(part(0.8));
        machine.store(row.feed.device, row.feed.offset, row.feed.value);
    }
    EXPECT_THAT(machine.resets, IsEmpty());
    machine.advance(part(0.98));
    EXPECT_THAT(machine.resets, IsEmpty());
    machine.advance(part(0.04) + machine.coreClock() / 10'000);
    EXPECT_THAT(machine.resets, ElementsAre(HasSubstr("watchdog")));
    EXPECT_THAT(machine.events, ElementsAre(HasSubstr("reset")));
}

const WatchdogRow kWatchdogs[] = {
    {"nucleo-l4r5zi",
     {{"IWDG", 0x00, 0x5555}, {"IWDG", 0x04, 0}, {"IWDG", 0x08, 799}, {"IWDG", 0x00, 0xCCCC}},
     {"IWDG", 0x00, 0xAAAA},
     100},
    {"stm32f407-disco",
     {{"IWDG", 0x00, 0x5555}, {"IWDG", 0x04, 0}, {"IWDG", 0x08, 799}, {"IWDG", 0x00, 0xCCCC}},
     {"IWDG", 0x00, 0xAAAA},
     100},
    {"nucleo-l053r8",
     {{"IWDG", 0x00, 0x5555}, {"IWDG", 0x04, 0}, {"IWDG", 0x08, 924}, {"IWDG", 0x00, 0xCCCC}},
     {"IWDG", 0x00, 0xAAAA},
     100},
    {"microbit", {{"WDT", 0x504, 3276}, {"WDT", 0x00, 1}}, {"WDT", 0x600, 0x6E524635}, 100},
    {"arduino-nano-33-ble", {{"WDT", 0x504, 3276}, {"WDT", 0x00, 1}}, {"WDT", 0x600, 0x6E524635}, 100},
    {"raspberry-pi-pico",
     {{"WATCHDOG", 0x2C, 1U << 9 | 6}, {"WATCHDOG", 0x04, 216'667}, {"WATCHDOG", 0x00, 1U << 30}},
     {"WATCHDOG", 0x04, 216'667},
     100},
    {"sparkfun-edge", {{"WDT", 0x00, 1U | 4U | 16U << 8 | 1U << 24}}, {"WDT", 0x04, 0xB2}, 125},
};

INSTANTIATE_TEST_SUITE_P(All, Watchdogs, testing::ValuesIn(kWatchdogs), [](const auto& row) {
    std::string name = row.param.board;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

struct ClockFaultRow {
    const char* board;
    std::vector<Store> stores;
    const char* event;
};

TEST(BrownClocks, AreReported) {
    const ClockFaultRow rows[] = {
        {"nucleo-l4r5zi",
         {{"RCC", 0x0C, 0x7F01}, {"RCC", 0x00, 0x01000063}},
         "PLL VCO 508 MHz is outside 64 to 344 MHz"},
        {"nucleo-g0b1re", {{"RCC", 0x0C, 0x10027F02}, {"RCC", 0x00, 0x01000500}}, "PLL"},
        {"stm32f746g-disco", {{"RCC", 0x04, 0x22007F08}, {"RCC", 0x00, 0x01000083}}, "PLL"},
        {"stm32f407-disco", {{"RCC", 0x04, 0x24007F08}, {"RCC", 0x00, 0x01000083}}, "PLL"},
    };
    for (const ClockFaultRow& row : rows) {
        FakeMachine machine(row.board);
        for (const Store& store : row.stores) {
            machine.store(store.device, store.offset, store.value);
        }
        EXPECT_THAT(machine.events, testing::Contains(HasSubstr(row.event))) << row.board;
    }
}

TEST(LockedFlash, StoresAndKeysAreReported) {
    for (const char* board : {"nucleo-l4r5zi", "nucleo-g0b1re", "stm32f746g-disco", "stm32f407-disco"}) {
        FakeMachine machine(board);
        const std::uint32_t cr = std::string_view(board).starts_with("stm32") ? 0x10 : 0x14;
        machine.store("FLASH", cr, 1);
        EXPECT_THAT(machine.events, ElementsAre(HasSubstr("write to a locked control register"))) << board;
        machine.store("FLASH", cr == 0x10 ? 0x04 : 0x08, 0x12345678);
        EXPECT_THAT(machine.events.back(), HasSubstr("wrong unlock key")) << board;
    }
}

struct ProgrammingRow {
    const char* board;
    std::vector<Store> unlock;
    Store start; ///< PG
    std::uint8_t erased;
};

/// A store into flash is refused and reported while it is locked; unlocked and switched on it programs.
TEST(LockedFlash, StoresIntoItAreReportedUntilItIsUnlocked) {
    const ProgrammingRow rows[] = {
        {"nucleo-l4r5zi", {{"FLASH", 0x08, 0x45670123}, {"FLASH", 0x08, 0xCDEF89AB}}, {"FLASH", 0x14, 1}, 0xFF},
        {"nucleo-g0b1re", {{"FLASH", 0x08, 0x45670123}, {"FLASH", 0x08, 0xCDEF89AB}}, {"FLASH", 0x14, 1}, 0xFF},
        {"stm32f746g-disco", {{"FLASH", 0x04, 0x45670123}, {"FLASH", 0x04, 0xCDEF89AB}}, {"FLASH", 0x10, 1}, 0xFF},
        {"stm32f407-disco", {{"FLASH", 0x04, 0x45670123}, {"FLASH", 0x04, 0xCDEF89AB}}, {"FLASH", 0x10, 1}, 0xFF},
        {"nucleo-h7a3zi-q", {{"FLASH", 0x04, 0x45670123}, {"FLASH", 0x04, 0xCDEF89AB}}, {"FLASH", 0x0C, 2}, 0xFF},
        {"nucleo-l053r8",
         {{"FLASH", 0x0C, 0x89ABCDEF},
          {"FLASH", 0x0C, 0x02030405},
          {"FLASH", 0x10, 0x8C9DAEBF},
          {"FLASH", 0x10, 0x13141516}},
         {"FLASH", 0x04, 0},
         0},
    };
    constexpr Address kWord = 0x08004000;
    for (const ProgrammingRow& row : rows) {
        FakeMachine machine(row.board);
        auto* flash = dynamic_cast<FlashController*>(machine.peripheral("FLASH"));
        ASSERT_NE(flash, nullptr) << row.board;
        for (Address at = kWord; at < kWord + 4; ++at) {
            machine.memory(at) = row.erased;
        }
        EXPECT_FALSE(flash->storeToFlash(kWord, 4, 0x12345678)) << row.board;
        EXPECT_THAT(machine.events, ElementsAre("FLASH: store to locked flash at 0x08004000")) << row.board;
        for (const Store& key : row.unlock) {
            machine.store(key.device, key.offset, key.value);
        }
        machine.store(row.start.device, row.start.offset, row.start.value);
        EXPECT_TRUE(flash->storeToFlash(kWord, 4, 0x12345678)) << row.board;
        EXPECT_EQ(machine.memory(kWord), 0x78) << row.board;
        EXPECT_EQ(machine.memory(kWord + 3), 0x12) << row.board;
        EXPECT_EQ(machine.events.size(), 1U) << row.board;
    }
}

} // namespace
} // namespace simprof::test
