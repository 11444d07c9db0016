// SPDX-License-Identifier: GPL-2.0-or-later
// Each call that a run makes is in the timeline or counted as left out, however long the run is.
#include "profiler/collect/call_tracker.h"
#include "profiler/profile_run.h"
#include "tests/sim_core/tiny_machine.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace simprof {
namespace {

/// Three layers of 64 calls each, for ever, while SysTick interrupts.
constexpr const char* kManyCalls = R"m4(
Reset:
    4813      | ldr r0, =0xE000E010
    f644 612b | ldr r1, =20011
    6041      | str r1, [r0, #4]
    2107      | movs r1, #7
    6001      | str r1, [r0]
again:
    f000 f801 | bl infer
    e7fc      | b again
infer:
    b510      | push {r4, lr}
    f04f 5000 | ldr r0, =0x20000000
    490e      | ldr r1, =0x20000200
    f000 f805 | bl layer
    f000 f803 | bl layer
    f000 f801 | bl layer
    bd10      | pop {r4, pc}
layer:
    b500      | push {lr}
    f04f 6200 | ldr r2, =0x08000000
    2340      | movs r3, #64
next:
    6804      | ldr r4, [r0]
    6815      | ldr r5, [r2]
    f000 f809 | bl multiply
    600c      | str r4, [r1]
    3004      | adds r0, #4
    3104      | adds r1, #4
    3204      | adds r2, #4
    3b01      | subs r3, #1
    d1f5      | bne next
    f5a1 7080 | sub r0, r1, #256
    bd00      | pop {pc}
multiply:
    436c      | muls r4, r5
    4770      | bx lr
SysTick:
    4770      | bx lr
              | .balign 4
    e010 e000 0200 2000 | .ltorg
)m4";

TEST(CallsKept, AndCallsLeftOutAreAllCalls) {
    for (const std::uint32_t inferences : {1U, 20U, 50U, 3000U}) {
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
        EXPECT_GE(made, 196U * inferences);
        EXPECT_EQ(profile.callSpans.size(), std::min<std::uint64_t>(made, CallSpans::kRoom)) << inferences;
    }
}

} // namespace
} // namespace simprof
