// SPDX-License-Identifier: GPL-2.0-or-later
// How runs end: at a time.
#include "profiler/run/search.h"
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

} // namespace
} // namespace simprof
