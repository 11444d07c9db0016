// SPDX-License-Identifier: GPL-2.0-or-later
/// Words of --what-if, and what they mean for a board and a firmware.
#include "profiler/what_if/free_room.h"
#include "profiler/what_if/memories.h"
#include "profiler/what_if/selection.h"
#include "profiler/what_if/shifts.h"
#include "profiler/what_if/what_if.h"

#include "peripherals/boards.h"
#include "peripherals/mcus/wait_states.h"
#include "profiler/analysis/run_name.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simprof {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Two functions in flash, an arena in SRAM1 and a stack, on the STM32F746G-DISCO unless said otherwise.
class WhatIfTest : public testing::Test {
protected:
    explicit WhatIfTest(const char* board = "stm32f746g-disco")
        : m_board(*findBoard(board)) {
        m_image.name = "f.elf";
        m_image.format = FirmwareImage::Format::Elf;
        m_image.segments.push_back({0x08000000, 0x08000000, std::vector<std::byte>(0x8000), 0x8000, true, false});
        m_image.symbols = {{"conv_fast", 0x08001004, 0x800, ImageSymbol::Kind::Function, true, false},
                           {"conv_slow", 0x08002000, 0x200, ImageSymbol::Kind::Function, true, false},
                           {"table", 0x08004000, 0x100, ImageSymbol::Kind::Object, true, false}};
        m_symbols = SymbolTable(m_image);
        m_plain.board.clockHz = 216'000'000;
        m_plain.memory.arena = Arena{.base = 0x20010000, .sizeBytes = 0x4000};
        m_plain.memory.stack = {0x2004C000, 0x20050000, 0x4000, 0x400, ""};
        LayerInfo layer;
        layer.name = "conv";
        m_plain.layers = {layer};
        m_plain.networks.resize(1);
    }
    WhatIf resolve(const std::vector<std::string>& texts) {
        return resolveWhatIf(texts, {m_image, m_board, m_symbols, m_networks, m_plain, m_used, m_constants});
    }
    std::string refusal(const std::vector<std::string>& texts) {
        try {
            (void)resolve(texts);
        } catch (const Error& error) {
            return error.what();
        }
        return "accepted";
    }

    const BoardDesc& m_board;
    FirmwareImage m_image;
    SymbolTable m_symbols;
    std::vector<NetworkImage> m_networks;
    Profile m_plain;
    std::vector<AddressRange> m_used;
    std::map<std::int32_t, std::vector<AddressRange>> m_constants;
};

TEST_F(WhatIfTest, FunctionsKeepTheirAddressModulo32) {
    const WhatIf what = resolve({"fn:conv*=itcm"});
    ASSERT_EQ(what.timing.placements.size(), 2U);
    const Placement& first = what.timing.placements[0];
    EXPECT_EQ(first.from, (AddressRange{0x08001004, 0x800}));
    EXPECT_EQ(static_cast<Address>(first.from.begin + first.fetch), 0x00000004U);
    EXPECT_EQ(first.fetch, first.data);
    const Placement& second = what.timing.placements[1];
    EXPECT_EQ(static_cast<Address>(second.from.begin + second.fetch), 0x00000820U);
    ASSERT_EQ(what.changes.size(), 1U);
    EXPECT_EQ(what.changes[0].bytes, 0xA00U);
    EXPECT_THAT(what.changes[0].what, HasSubstr("2 functions, 2,560 B from 0x08001004 (flash (AXI)) on, in ITCM RAM"));
}

TEST_F(WhatIfTest, WhatTheFirmwareUsesIsNotFree) {
    m_used = {{0x00000000, 0x2000}, {0x00002800, 0x100}};
    const WhatIf what = resolve({"fn:conv_fast=itcm"});
    const Placement& placed = what.timing.placements.at(0);
    EXPECT_EQ(static_cast<Address>(placed.from.begin + placed.fetch), 0x00002904U);
    EXPECT_EQ(refusal({"fn:conv_fast=itcm", "fn:conv_slow=itcm", "arena=itcm"}),
              "--what-if arena=itcm: that is 16,384 B (the arena), and ITCM RAM has 3,836 B left in one piece of its "
              "16,384 B");
}

TEST_F(WhatIfTest, SelectionsNameBytes) {
    m_constants = {{0, {{0x08004000, 0x20}, {0x08004040, 0x40}}}};
    const auto bytes = [this](const char* text) { return resolve({text}).changes.at(0).bytes; };
    EXPECT_EQ(bytes("weights=dtcm"), 0x80U);
    EXPECT_EQ(bytes("weights:0=dtcm"), 0x80U);
    EXPECT_EQ(bytes("tensor:tab*=dtcm"), 0x100U);
    EXPECT_EQ(bytes("arena=dtcm"), 0x4000U);
    EXPECT_EQ(bytes("stack=dtcm"), 0x4000U);
    EXPECT_EQ(bytes("0x08000010..0x08000020=dtcm"), 0x10U);
    EXPECT_EQ(bytes("vectors=dtcm"), 4U * (16 + m_board.mcu->core.irqCount));
}

TEST_F(WhatIfTest, AnAddressIsTheUsersOwnChoice) {
    m_used = {{0x20000000, 0x50000}};
    const WhatIf what = resolve({"fn:conv*=0x20020004"});
    EXPECT_EQ(what.timing.placements.at(0).fetch, 0x20020004 - 0x08001004);
    EXPECT_EQ(what.timing.placements.at(1).fetch, what.timing.placements.at(0).fetch);
    EXPECT_EQ(what.changes.at(0).memory, "SRAM1");
    EXPECT_THAT(refusal({"fn:conv*=0x2004FFF4"}), HasSubstr("STM32F746NG has no memory for 4,604 B from there on"));
    EXPECT_THAT(refusal({"fn:conv*=0x20020002"}), HasSubstr("another multiple of 4 bytes away"));
    EXPECT_THAT(refusal({"fn:conv*=0x2002zz"}), HasSubstr("'0x2002zz' is no address"));
    EXPECT_THAT(refusal({"arena=0x08000000"}), HasSubstr("cannot be written"));
}

TEST_F(WhatIfTest, SettingsAndTheClockWithItsWaitStates) {
    const WhatIf what = resolve({"clock=100MHz", "icache=off", "dcache-size=16K"});
    EXPECT_EQ(what.timing.clock.from, 216'000'000U);
    EXPECT_EQ(what.timing.clock.to, 100'000'000U);
    EXPECT_EQ(what.timing.waitStates, 3U);
    EXPECT_EQ(what.timing.icache, false);
    EXPECT_EQ(what.timing.dcacheBytes, 16384U);
    EXPECT_THAT(what.changes.back().what, HasSubstr("RM0385"));
    EXPECT_EQ(resolve({"clock=100MHz", "wait-states=7"}).timing.waitStates, 7U);
}

TEST_F(WhatIfTest, WhatMakesNoSenseIsOneSentence) {
    EXPECT_EQ(refusal({"fn:relu*=itcm"}), "--what-if fn:relu*=itcm: no function of the firmware has that name");
    EXPECT_THAT(refusal({"fn:conv*=ccm"}), HasSubstr("STM32F746NG has no memory 'ccm': it is one of flash, itcm"));
    EXPECT_EQ(refusal({"fn:conv*=dtcm"}), "--what-if fn:conv*=dtcm: the core fetches no instructions from DTCM RAM");
    EXPECT_EQ(refusal({"fn:conv*=flash-itcm"}),
              "--what-if fn:conv*=flash-itcm: how long flash (ITCM) takes to answer is not simulated");
    EXPECT_EQ(refusal({"arena=flash"}), "--what-if arena=flash: flash (AXI) cannot be written, the arena is");
    EXPECT_EQ(refusal({"arena=sram1"}), "--what-if arena=sram1: the arena lies in SRAM1 already");
    EXPECT_EQ(refusal({"fn:conv*=itcm", "fn:conv_slow=sram1"}),
              "--what-if fn:conv_slow=sram1: it contradicts --what-if fn:conv*=itcm, which places 0x08002000 already");
    EXPECT_EQ(refusal({"icache=on", "icache=off"}), "--what-if icache=off: it contradicts another icache");
    EXPECT_EQ(refusal({"icache=off", "icache-size=8K"}), "--what-if: the size of a cache contradicts its being off");
    EXPECT_EQ(refusal({"clock=300MHz"}), "--what-if clock=300MHz: STM32F746NG runs at 216 MHz at most");
    EXPECT_EQ(refusal({"prefetch=maybe"}), "--what-if prefetch=maybe: it takes on or off, not 'maybe'");
    EXPECT_EQ(refusal({"wait-states=16"}), "--what-if wait-states=16: it takes a number from 0 to 15, not '16'");
    EXPECT_EQ(refusal({"weights:7=dtcm"}), "--what-if weights:7=dtcm: there is no layer 7: the run has 1 layer");
    EXPECT_EQ(refusal({"weights=dtcm"}), "--what-if weights=dtcm: no network was recognised, or it has none");
    EXPECT_EQ(refusal({"0x2000=dtcm"}),
              "--what-if 0x2000=dtcm: addresses are 0xA..0xB, the second behind the last byte");
    EXPECT_EQ(refusal({"0xE0000000..0xE0000100=dtcm"}),
              "--what-if 0xE0000000..0xE0000100=dtcm: STM32F746NG has no memory at 0xE0000000..0xE0000100");
    EXPECT_THAT(refusal({"speed=high"}), HasSubstr("'speed' is neither fn:GLOB"));
    EXPECT_THAT(refusal({"clock"}), HasSubstr("--what-if takes SELECT=CHANGE"));
    EXPECT_THAT(refusal({"shift=2..32"}), HasSubstr("prints a table of its own"));
}

class WhatIfF4 : public WhatIfTest {
protected:
    WhatIfF4()
        : WhatIfTest("stm32f407-disco") {}
};

TEST_F(WhatIfF4, CodeGoesToMemoryThatTheCoreFetchesFrom) {
    EXPECT_EQ(resolve({"fn:conv*=sram"}).changes.at(0).memory, "SRAM1");
    EXPECT_EQ(resolve({"tensor:table=sram"}).changes.at(0).memory, "CCM RAM");
    EXPECT_EQ(refusal({"fn:conv*=ccm-ram"}),
              "--what-if fn:conv*=ccm-ram: the core fetches no instructions from CCM RAM");
}

class WhatIfPico : public WhatIfTest {
protected:
    WhatIfPico()
        : WhatIfTest("raspberry-pi-pico") {}
};

TEST_F(WhatIfPico, HasNeitherWaitStatesNorPrefetch) {
    EXPECT_EQ(refusal({"wait-states=1"}),
              "--what-if wait-states=1: the flash of RP2040 has no wait states to be programmed");
    EXPECT_EQ(refusal({"prefetch=on"}), "--what-if prefetch=on: the flash of RP2040 has no prefetch");
    EXPECT_EQ(refusal({"icache-size=8K"}), "--what-if icache-size=8K: RP2040 has no L1 cache");
    EXPECT_EQ(resolve({"icache=off"}).timing.icache, false);
    EXPECT_FALSE(resolve({"clock=48MHz"}).timing.waitStates);
}

TEST(FreeRoom, TakesTheLowestPieceThatIsLargeEnough) {
    FreeRoom room({{0x100, 0x40}, {0x160, 0x20}});
    const AddressRange memory{0x100, 0x100};
    EXPECT_EQ(room.free(memory), 0xA0U);
    EXPECT_EQ(room.largest(memory), 0x80U);
    EXPECT_EQ(room.take(memory, {0x1000, 0x20}), 0x140U);
    EXPECT_EQ(room.take(memory, {0x1004, 0x20}), 0x184U);
    EXPECT_EQ(room.take(memory, {0x1000, 0x80}), std::nullopt);
    EXPECT_EQ(room.take(memory, {0x1000, 0x20}), 0x1C0U);
}

TEST(Shifts, AreMultiplesOfTheFirst) {
    EXPECT_EQ(shiftsOf({"clock=80MHz"}), std::nullopt);
    EXPECT_THAT(*shiftsOf({"shift=8..32"}), ElementsAre(8, 16, 24, 32));
    EXPECT_THAT(*shiftsOf({"shift=2"}), ElementsAre(2));
    EXPECT_THROW((void)shiftsOf({"shift=3"}), Error);
    EXPECT_THROW((void)shiftsOf({"shift=32..2"}), Error);
    EXPECT_THROW((void)shiftsOf({"shift=0..2"}), Error);
    EXPECT_THROW((void)shiftsOf({"shift=2..32", "icache=off"}), Error);
}

TEST(WaitStates, AsTheManualsAsk) {
    const auto at = [](const char* board, Hertz mhz) { return waitStatesAt(*findBoard(board)->mcu, mhz * 1'000'000); };
    EXPECT_EQ(at("nucleo-l4r5zi", 20), 0U);
    EXPECT_EQ(at("nucleo-l4r5zi", 21), 1U);
    EXPECT_EQ(at("nucleo-l4r5zi", 120), 5U);
    EXPECT_EQ(at("stm32f746g-disco", 216), 7U);
    EXPECT_EQ(at("stm32f407-disco", 168), 5U);
    EXPECT_EQ(at("nucleo-g0b1re", 64), 2U);
    EXPECT_EQ(at("nucleo-h7a3zi-q", 280), 6U);
    EXPECT_EQ(at("nucleo-l053r8", 32), 1U);
    EXPECT_EQ(at("portenta-h7", 480), std::nullopt);
}

TEST(RunName, SaysThatItIsAWhatIf) {
    Profile profile;
    profile.firmware.name = "kws.elf";
    EXPECT_EQ(runName(profile), "kws.elf");
    EXPECT_TRUE(whatIfSentences(profile).empty());
    profile.totals = {.cycles = 90, .timeUs = 9};
    profile.whatIf = {{{"clock=80MHz", "80 MHz", 0}, {"clock=80MHz", "3 wait states", 0}}, 100, 10};
    EXPECT_EQ(runName(profile), "kws.elf (what if clock=80MHz)");
    EXPECT_THAT(
        whatIfSentences(profile),
        ElementsAre("clock=80MHz: 80 MHz", "clock=80MHz: 3 wait states",
                    "the run as it is takes 100 cycles, 10.0 µs: this is -10.00 % in cycles, -10.00 % in time"));
}

} // namespace
} // namespace simprof
