// SPDX-License-Identifier: GPL-2.0-or-later
// How runs end: at a time, and with the last text sent.
#include "profiler/analysis/run_end.h"
#include "profiler/profile_run.h"
#include "tests/sim_core/tiny_machine.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

Profile profileOf(const char* listing, RunOptions options = {}) {
    options.boardName = "nucleo-l4r5zi"; // 4 MHz after reset
    return profileRun(test::Listing(listing).image(), options);
}

// ---- at a time -----------------------------------------------------------------------------------------------------

/// Resets itself twice, the second time at another clock, and then waits at a third one for a SysTick that comes every
/// 65 ms.
constexpr const char* kResets = R"m4(
Reset:
    f04f 5000 | ldr r0, =0x20000000
    6801      | ldr r1, [r0]
    4a0d      | ldr r2, =0x40021000
    2902      | cmp r1, #2
    d00c      | beq wait
    3101      | adds r1, #1
    6001      | str r1, [r0]
    f04f 03b9 | ldr r3, =0xB9
    6013      | str r3, [r2]
    f44f 1380 | ldr r3, =0x100000
loop:
    3b01      | subs r3, #1
    d1fd      | bne loop
    4808      | ldr r0, =0xE000ED0C
    4908      | ldr r1, =0x05FA0004
    6001      | str r1, [r0]
there:
    e7fe      | b there
wait:
    f04f 0389 | ldr r3, =0x89
    6013      | str r3, [r2]
    4806      | ldr r0, =0xE000E010
    4907      | ldr r1, =0xFFFFF
    6041      | str r1, [r0, #4]
    2107      | movs r1, #7
    6001      | str r1, [r0]
again:
    bf30      | wfi
    e7fd      | b again
SysTick:
    4770      | bx lr
    1000 4002 ed0c e000 0004 05fa e010 e000 ffff 000f | .ltorg
)m4";

TEST(RunEnd, UntilTimeIsExactAcrossResetsAndClocks) {
    for (const double seconds : {0.05, 0.1, 0.5, 625.0}) { // the last in more cycles than a run without a goal may take
        RunOptions options;
        options.untilSeconds = seconds;
        const Profile profile = profileOf(kResets, options);
        EXPECT_EQ(profile.halt.reason, HaltReason::Kind::Until) << profile.halt.what;
        EXPECT_EQ(profile.halt.what, fmt::format("reached {} s", seconds));
        EXPECT_GE(profile.totals.timeUs, seconds * 1e6 - 0.001);
        EXPECT_LT(profile.totals.timeUs, seconds * 1e6 + 10);
    }
}

// ---- the last text -------------------------------------------------------------------------------------------------

/// LPUART1 at 9600 baud with its FIFO on and eight characters in it; `nop` is where the firmware ends.
constexpr const char* kFillsFifo = R"m4(
Reset:
    480c      | ldr r0, =0x40021058
    f04f 5180 | ldr r1, =0x10000000
    6001      | str r1, [r0]
    2101      | movs r1, #1
    6041      | str r1, [r0, #4]
    480a      | ldr r0, =0x40008000
    490b      | ldr r1, =106667
    60c1      | str r1, [r0, #12]
    490b      | ldr r1, =0x20000009
    6001      | str r1, [r0]
    a205      | adr r2, text
    2308      | movs r3, #8
next:
    7811      | ldrb r1, [r2]
    6281      | str r1, [r0, #40]
    3201      | adds r2, #1
    3b01      | subs r3, #1
    d1fa      | bne next
    2018      | movs r0, #0x18
    4907      | ldr r1, =0x20026
    bf00      | nop
end:
    e7fe      | b end
              | .balign 4
text:
    7261 6e65 2161 0a21 | .ascii "arena!!\n"
    1058 4002 8000 4000 a0ab 0001 0009 2000 0026 0002 | .ltorg
)m4";

/// The same by DMA, 20 characters with the FIFO off.
constexpr const char* kSendsByDma = R"m4(
Reset:
    4813      | ldr r0, =0x40021048
    2105      | movs r1, #5
    6001      | str r1, [r0]
    f04f 5180 | ldr r1, =0x10000000
    6101      | str r1, [r0, #16]
    2101      | movs r1, #1
    6141      | str r1, [r0, #20]
    4810      | ldr r0, =0x40020800
    2123      | movs r1, #35
    6001      | str r1, [r0]
    4810      | ldr r0, =0x40008000
    4910      | ldr r1, =106667
    60c1      | str r1, [r0, #12]
    2180      | movs r1, #0x80
    6081      | str r1, [r0, #8]
    2109      | movs r1, #9
    6001      | str r1, [r0]
    3028      | adds r0, #40
    4a0e      | ldr r2, =0x40020008
    6090      | str r0, [r2, #8]
    a304      | adr r3, text
    60d3      | str r3, [r2, #12]
    2314      | movs r3, #20
    6053      | str r3, [r2, #4]
    2391      | movs r3, #0x91
    6013      | str r3, [r2]
    bf00      | nop
end:
    e7fe      | b end
    bf00      | .balign 4
text:
    7774 6e65 7974 6320 6168 6172 7463 7265 2073 0a21 | .ascii "twenty characters !\n"
    1048 4002 0800 4002 8000 4000 a0ab 0001 0008 4002 | .ltorg
)m4";

std::string endingWith(const char* listing, const std::string& instruction) {
    std::string text = listing;
    const std::size_t nop = text.find("bf00      | nop");
    return text.replace(nop, 15, instruction);
}

TEST(RunEnd, TextInAFifoIsSentBeforeTheEnd) {
    struct Row {
        const char* instruction;
        HaltReason::Kind reason;
    };
    for (const Row& row :
         {Row{"bf00 | nop", HaltReason::Kind::WaitsForever}, Row{"bf30 | wfi", HaltReason::Kind::WaitsForever},
          Row{"beab | bkpt 0xab", HaltReason::Kind::Exit}, Row{"de00 | udf #0", HaltReason::Kind::Fault}}) {
        const Profile profile = profileOf(endingWith(kFillsFifo, row.instruction).c_str());
        EXPECT_EQ(profile.halt.reason, row.reason) << row.instruction << ": " << profile.halt.what;
        EXPECT_EQ(profile.console, "arena!!\n") << row.instruction;
        EXPECT_LT(profile.totals.cycles, 500U) << row.instruction << ": the end is where the firmware ended";
        ASSERT_EQ(profile.prints.size(), 1U);
        EXPECT_LE(profile.prints[0].startCycle + profile.prints[0].cycles, profile.totals.cycles);
    }
}

TEST(RunEnd, TextThatDmaSendsIsSentBeforeTheEnd) {
    for (const char* instruction : {"bf00 | nop", "bf30 | wfi"}) {
        const Profile profile = profileOf(endingWith(kSendsByDma, instruction).c_str());
        EXPECT_EQ(profile.halt.reason, HaltReason::Kind::WaitsForever) << profile.halt.what;
        EXPECT_EQ(profile.console, "twenty characters !\n") << instruction;
        EXPECT_LT(profile.totals.cycles, 500U);
    }
}

TEST(RunEnd, WaitingForEverInsideAnInferenceIsNoEnd) {
    Profile profile;
    profile.halt.reason = HaltReason::Kind::WaitsForever;
    profile.totals.cycles = 100;
    profile.inferences.resize(1);
    profile.inferences[0].cycles = 90;
    EXPECT_TRUE(endedWell(profile));
    profile.inferences[0].cycles = 100;
    EXPECT_FALSE(endedWell(profile)) << "as one that waits for the second core";
}

TEST(RunEnd, WaitingForEverBehindTextIsAnEndAndInAnErrorHandlerIsNone) {
    EXPECT_TRUE(endedWell(profileOf(kFillsFifo)));
    const test::Listing listing(kFillsFifo);
    FirmwareImage image = listing.image();
    RunOptions options;
    options.boardName = "nucleo-l4r5zi";
    for (const char* name : {"Error_Handler", "HardFault_Handler", "abort", "__assert_func", "panic(char const*)"}) {
        ImageSymbol symbol;
        symbol.name = name;
        symbol.kind = ImageSymbol::Kind::Function;
        symbol.address = listing.at("Reset");
        image.symbols = {symbol};
        EXPECT_FALSE(endedWell(profileRun(image, options))) << name;
    }
}

} // namespace
} // namespace simprof
