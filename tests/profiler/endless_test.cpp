// SPDX-License-Identifier: GPL-2.0-or-later
// Firmware that never exits: how its run ends by itself, by a number of inferences, and cancelled in any pass.
#include "profiler/analysis/run_end.h"
#include "profiler/run/search.h"
#include "tests/sim_core/tiny_machine.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace simprof {
namespace {

Profile profileOf(const char* listing, RunOptions options = {}) {
    options.boardName = "nucleo-l4r5zi"; // 4 MHz after reset
    return profileRun(test::Listing(listing).image(), options);
}

/// LPUART1 at 9600 baud with its FIFO on and eight characters in it; then, for ever, three layers of eight
/// outputs, each the sum of eight inputs times words of flash, and a pause of some 8 million cycles.
constexpr const char* kEndless = R"m4(
Reset:
    481d      | ldr r0, =0x40021058
    f04f 5180 | ldr r1, =0x10000000
    6001      | str r1, [r0]
    2101      | movs r1, #1
    6041      | str r1, [r0, #4]
    481b      | ldr r0, =0x40008000
    491c      | ldr r1, =106667
    60c1      | str r1, [r0, #12]
    491c      | ldr r1, =0x20000009
    6001      | str r1, [r0]
    a216      | adr r2, text
    2308      | movs r3, #8
fill:
    7811      | ldrb r1, [r2]
    6281      | str r1, [r0, #40]
    3201      | adds r2, #1
    3b01      | subs r3, #1
    d1fa      | bne fill
again:
    f000 f804 | bl infer
    4817      | ldr r0, =2000000
pause:
    3801      | subs r0, #1
    d1fd      | bne pause
    e7f9      | b again
infer:
    b5f0      | push {r4-r7, lr}
    f04f 5000 | ldr r0, =0x20000000
    4915      | ldr r1, =0x20000200
    f04f 6200 | ldr r2, =0x08000000
    f000 f805 | bl layer
    f000 f803 | bl layer
    f000 f801 | bl layer
    bdf0      | pop {r4-r7, pc}
layer:
    2308      | movs r3, #8
output:
    2608      | movs r6, #8
    2500      | movs r5, #0
product:
    6804      | ldr r4, [r0]
    6817      | ldr r7, [r2]
    437c      | muls r4, r7
    192d      | adds r5, r4
    3004      | adds r0, #4
    3204      | adds r2, #4
    3e01      | subs r6, #1
    d1f7      | bne product
    3820      | subs r0, #32
    600d      | str r5, [r1]
    3104      | adds r1, #4
    3b01      | subs r3, #1
    d1f0      | bne output
    f1a1 0020 | sub r0, r1, #32
    4770      | bx lr
              | .balign 4
text:
    7261 6e65 2161 0a21 | .ascii "arena!!\n"
    1058 4002 8000 4000 a0ab 0001 0009 2000 8480 001e 0200 2000 | .ltorg
)m4";

constexpr const char* kPause = "d1fd      | bne pause";

/// The same without the pause.
std::string busy() {
    std::string text = kEndless;
    const std::size_t at = text.find(kPause);
    EXPECT_NE(at, std::string::npos);
    return text.replace(at, std::string_view(kPause).size(), "bf00      | nop");
}

/// Once a call of two layers with a pause of some 16 million cycles behind them; then, for ever, three layers with
/// such a pause before the last one.
constexpr const char* kLong = R"m4(
Reset:
    f000 f803 | bl warmUp
again:
    f000 f80b | bl infer
    e7fc      | b again
warmUp:
    b5f0      | push {r4-r7, lr}
    f000 f813 | bl place
    f000 f81b | bl layer
    f000 f819 | bl layer
    f000 f813 | bl pause
    bdf0      | pop {r4-r7, pc}
infer:
    b5f0      | push {r4-r7, lr}
    f000 f809 | bl place
    f000 f811 | bl layer
    f000 f80f | bl layer
    f000 f809 | bl pause
    f000 f80b | bl layer
    bdf0      | pop {r4-r7, pc}
place:
    f04f 5000 | ldr r0, =0x20000000
    490d      | ldr r1, =0x20000200
    f04f 6200 | ldr r2, =0x08000000
    4770      | bx lr
pause:
    4b0c      | ldr r3, =4000000
wait:
    3b01      | subs r3, #1
    d1fd      | bne wait
    4770      | bx lr
layer:
    2308      | movs r3, #8
output:
    2608      | movs r6, #8
    2500      | movs r5, #0
product:
    6804      | ldr r4, [r0]
    6817      | ldr r7, [r2]
    437c      | muls r4, r7
    192d      | adds r5, r4
    3004      | adds r0, #4
    3204      | adds r2, #4
    3e01      | subs r6, #1
    d1f7      | bne product
    3820      | subs r0, #32
    600d      | str r5, [r1]
    3104      | adds r1, #4
    3b01      | subs r3, #1
    d1f0      | bne output
    f1a1 0020 | sub r0, r1, #32
    4770      | bx lr
    0200 2000 0900 003d | .ltorg
)m4";

/// The same without the call at the beginning.
std::string longOnly() {
    std::string text = kLong;
    const std::size_t at = text.find("\n", text.find("Reset:")) + 1;
    return text.replace(at, text.find("\n", at) - at, "    bf00 bf00 | nop; nop");
}

/// The cycles that were simulated, by pass, as the progress of a run shows them.
struct Passes {
    std::vector<Cycles> cycles;
    RunOptions watching(RunOptions options) {
        options.progress = [this](const RunProgress& progress) {
            cycles.resize(progress.pass);
            cycles.back() = progress.cycles;
        };
        return options;
    }
};

TEST(Endless, InferencesOfANetworkWithoutFlatbufferCostOneMore) {
    for (const std::uint32_t inferences : {6U, 12U}) {
        Passes passes;
        RunOptions options;
        options.untilInferences = inferences;
        const Profile profile = profileOf(kEndless, passes.watching(options));
        EXPECT_EQ(profile.halt.what, fmt::format("reached {} inferences", inferences));
        EXPECT_EQ(profile.inferences.size(), inferences);
        EXPECT_EQ(profile.layers.size(), 3U);
        EXPECT_EQ(profile.network.recogniser, "spine");
        const Cycles one = profile.inferences[1].startCycle - profile.inferences[0].startCycle;
        ASSERT_EQ(passes.cycles.size(), 2U);
        EXPECT_LT(passes.cycles[0], std::max<Cycles>(3 * one, 25'000'000)) << "what it takes to see two";
    }
}

/// Two inferences of kLong, or what is left of it.
Profile twoOf(const std::string& listing, Passes& passes) {
    RunOptions options;
    options.untilInferences = 2;
    const Profile profile = profileOf(listing.c_str(), passes.watching(options));
    EXPECT_EQ(profile.halt.what, "reached 2 inferences");
    EXPECT_EQ(profile.inferences.size(), 2U);
    EXPECT_EQ(profile.layers.size(), 3U);
    return profile;
}

TEST(Endless, TheSecondPassBeginsWithAGoodGuess) {
    Passes passes;
    const Profile profile = twoOf(longOnly(), passes);
    ASSERT_EQ(passes.cycles.size(), 2U);
    EXPECT_LT(passes.cycles[0], profile.inferences[0].cycles) << "before it is known to repeat";
}

TEST(Endless, AWrongGuessCostsAPass) {
    Passes passes;
    const Profile profile = twoOf(kLong, passes);
    ASSERT_EQ(passes.cycles.size(), 4U) << testing::PrintToString(passes.cycles);
    EXPECT_LT(passes.cycles[0], profile.inferences[0].startCycle) << "while that runs which runs once";
    EXPECT_LT(passes.cycles[1], profile.inferences[1].startCycle + profile.inferences[1].cycles);
}

TEST(Endless, AFirmwareThatNeverExitsEndsWhenNothingNewComes) {
    const Profile profile = profileOf(kEndless);
    EXPECT_EQ(profile.halt.reason, HaltReason::Kind::Steady);
    EXPECT_THAT(profile.halt.what, testing::EndsWith("cycles in each of the last 5 inferences; --until exit runs on"));
    EXPECT_LE(profile.inferences.size(), 7U);
    EXPECT_TRUE(endedWell(profile));
    EXPECT_FALSE(isPartial(profile));

    RunOptions on;
    parseUntil("exit", on);
    EXPECT_TRUE(on.untilExit);
    EXPECT_EQ(on.untilSymbol, std::nullopt);
    on.untilCycles = 100'000'000;
    EXPECT_EQ(profileOf(kEndless, on).inferences.size(), 13U);
}

TEST(Endless, TextIsSentBeforeASteadyEnd) {
    const Profile profile = profileOf(busy().c_str());
    EXPECT_EQ(profile.halt.reason, HaltReason::Kind::Steady) << profile.halt.what;
    EXPECT_EQ(profile.inferences.size(), 5U);
    EXPECT_LT(profile.totals.timeUs, 5000) << "eight characters take 8 ms";
    EXPECT_EQ(profile.console, "arena!!\n");
}

// ---- cancelled -----------------------------------------------------------------------------------------------------

std::atomic<bool> cancel; // a runtime's row has no state

class NoLayers final : public Recogniser {
    std::optional<LayerCall> layerOf(const CallSite&) override { return std::nullopt; }
};

/// Looks at the calls of a pass, and is cancelled in the next one.
Candidates cancelInSecondPass(const FirmwareFacts& facts) {
    (void)facts.calls();
    return {{{[](const AddressSpace&) {
                cancel = true;
                std::this_thread::sleep_for(std::chrono::milliseconds(200)); // until it was seen
                return std::make_unique<NoLayers>();
            }}},
            ""};
}

/// Runs to its end at once.
constexpr const char* kShort = R"m4(
Reset:
    f44f 707a | ldr r0, =1000
loop:
    3801      | subs r0, #1
    d1fd      | bne loop
end:
    e7fe      | b end
              | .ltorg
)m4";

/// Counts for ever.
constexpr const char* kForever = R"m4(
Reset:
    3001      | adds r0, #1
    e7fd      | b Reset
)m4";

/// A run that is cancelled as soon as pass `number` shows progress.
Profile cancelledIn(const char* listing, std::uint32_t number, bool untilExit = true) {
    cancel = false;
    RunOptions options;
    options.untilExit = untilExit;
    options.cancel = &cancel;
    options.progress = [number](const RunProgress& progress) { cancel = progress.pass == number; };
    return profileOf(listing, options);
}

TEST(Endless, ACancelKeepsWhatThePassHasMeasured) {
    const Profile first = cancelledIn(kForever, 1);
    EXPECT_EQ(first.halt.reason, HaltReason::Kind::Cancelled);
    EXPECT_GE(first.totals.cycles, 20'000'000U);
    const Profile second = cancelledIn(kEndless, 2);
    EXPECT_EQ(second.halt.reason, HaltReason::Kind::Cancelled);
    EXPECT_GE(second.totals.cycles, 20'000'000U);
    EXPECT_EQ(second.layers.size(), 3U);
    EXPECT_GE(second.inferences.size(), 2U);
}

TEST(Endless, AFirmwareThatMayExitIsLeftToIt) {
    const std::string withExit = busy() + "    2018 | movs r0, #0x18\n    beab | bkpt 0xab\n";
    const Profile profile = cancelledIn(withExit.c_str(), 2, false);
    EXPECT_EQ(profile.halt.reason, HaltReason::Kind::Cancelled) << profile.halt.what;
    EXPECT_GT(profile.inferences.size(), 7U);
}

TEST(Endless, ACancelInTheSecondPassKeepsTheFirst) {
    constexpr Runtime kCancels{"cancels", cancelInSecondPass};
    RunOptions options;
    options.boardName = "nucleo-l4r5zi";
    options.cancel = &cancel;
    const FirmwareImage image = test::Listing(kShort).image();
    cancel = false;
    const Profile whole = profileRun(image, options, {});
    const Profile cut = profileRun(image, options, {&kCancels, 1});
    EXPECT_EQ(whole.halt.reason, HaltReason::Kind::WaitsForever);
    EXPECT_EQ(cut.halt.reason, HaltReason::Kind::Cancelled);
    EXPECT_TRUE(isPartial(cut));
    EXPECT_EQ(cut.halt.what, "by request in pass 2; what pass 1 measured is kept");
    EXPECT_EQ(cut.network.why, "the run was cancelled before layers were known");
    EXPECT_GT(whole.totals.cycles, 2000U);
    EXPECT_EQ(cut.totals.cycles, whole.totals.cycles);
    EXPECT_EQ(cut.totals.instructions, whole.totals.instructions);
    EXPECT_EQ(cut.functions, whole.functions);
}

} // namespace
} // namespace simprof
