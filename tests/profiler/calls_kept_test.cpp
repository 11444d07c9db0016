// SPDX-License-Identifier: GPL-2.0-or-later
// Each call that a run makes is in the timeline or counted as left out, however long the run is.
#include "profiler/collect/call_tracker.h"
#include "profiler/profile_run.h"
#include "tests/sim_core/tiny_machine.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace simprof {
namespace {

/// Three layers of 256 calls each, for ever, while SysTick interrupts.
constexpr const char* kManyCalls = R"m4(
Reset:
    4816      | ldr r0, =0xE000E010
    f644 612b | ldr r1, =20011
    6041      | str r1, [r0, #4]
    2107      | movs r1, #7
    6001      | str r1, [r0]
again:
    f000 f801 | bl infer
    e7fc      | b again
infer:
    b5f0      | push {r4-r7, lr}
    f04f 5000 | ldr r0, =0x20000000
    4911      | ldr r1, =0x20000200
    f04f 6200 | ldr r2, =0x08000000
    f000 f805 | bl layer
    f000 f803 | bl layer
    f000 f801 | bl layer
    bdf0      | pop {r4-r7, pc}
layer:
    b500      | push {lr}
    2310      | movs r3, #16
output:
    2610      | movs r6, #16
    2500      | movs r5, #0
product:
    6804      | ldr r4, [r0]
    6817      | ldr r7, [r2]
    f000 f80d | bl multiply
    192d      | adds r5, r4
    3004      | adds r0, #4
    3204      | adds r2, #4
    3e01      | subs r6, #1
    d1f6      | bne product
    3840      | subs r0, #64
    600d      | str r5, [r1]
    3104      | adds r1, #4
    3b01      | subs r3, #1
    d1ef      | bne output
    f1a1 0040 | sub r0, r1, #64
    bd00      | pop {pc}
multiply:
    437c      | muls r4, r7
    4770      | bx lr
SysTick:
    4770      | bx lr
              | .balign 4
    e010 e000 0200 2000 | .ltorg
)m4";

TEST(CallsKept, AndCallsLeftOutAreAllCalls) {
    for (const std::uint32_t inferences : {1U, 20U, 50U, 1000U}) {
        RunOptions options;
        options.boardName = "nucleo-l4r5zi";
        options.untilInferences = inferences;
        const Profile profile = profileRun(test::Listing(kManyCalls).image(), options);
        ASSERT_EQ(profile.inferences.size(), inferences);
        std::uint64_t made = 0;
        for (const FunctionInfo& function : profile.functions) {
            made += function.calls;
        }
        const auto hidden = std::ranges::find(profile.leftOut, kCallsLeftOut, &LeftOut::what);
        EXPECT_EQ(profile.callSpans.size() + (hidden == profile.leftOut.end() ? 0 : hidden->count), made) << inferences;
        EXPECT_GE(made, 772U * inferences);
        EXPECT_EQ(profile.callSpans.size(), std::min<std::uint64_t>(made, CallSpans::kRoom)) << inferences;
    }
}

} // namespace
} // namespace simprof
