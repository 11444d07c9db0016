// SPDX-License-Identifier: GPL-2.0-or-later
// What becomes of text on channels that nobody watches, and where a firmware waits for ever.
#include "profiler/analysis/findings.h"
#include "profiler/analysis/run_end.h"
#include "profiler/profile_run.h"
#include "tests/sim_core/tiny_machine.h"
#include "tests/support/run_program.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

/// Sends a line on USART2, which is not the board's console, and one on ITM port 1; then hangs two calls deep.
constexpr const char* kQuiet = R"m4(
Reset:
    4819      | ldr r0, =0x40021058
    2101      | movs r1, #1
    0449      | lsls r1, #17
    6001      | str r1, [r0]
    4818      | ldr r0, =0x40004400
    2122      | movs r1, #34
    60c1      | str r1, [r0, #12]
    2109      | movs r1, #9
    6001      | str r1, [r0]
    a210      | adr r2, text
send:
    7811      | ldrb r1, [r2]
    b129      | cbz r1, trace
ready:
    69c3      | ldr r3, [r0, #28]
    061b      | lsls r3, #24
    d5fc      | bpl ready
    6281      | str r1, [r0, #40]
    3201      | adds r2, #1
    e7f7      | b send
trace:
    4812      | ldr r0, =0xE000EDFC
    f04f 7180 | ldr r1, =0x01000000
    6001      | str r1, [r0]
    f04f 4060 | ldr r0, =0xE0000000
    2102      | movs r1, #2
    f8c0 1e00 | str r1, [r0, #0xE00]
    2101      | movs r1, #1
    f8c0 1e80 | str r1, [r0, #0xE80]
    214f      | movs r1, #79
    7101      | strb r1, [r0, #4]
    214b      | movs r1, #75
    7101      | strb r1, [r0, #4]
    f000 f801 | bl main
    bf00      | nop
main:
    b500      | push {lr}
    f000 f801 | bl hang
    bf00      | nop
hang:
    e7fe      | b hang
              | .balign 4
text:
    7261 6e65 2061 6f74 206f 6d73 6c61 0a6c 3234 | .ascii "arena too small\n42\0"
    0000      | .balign 4
    1058 4002 4400 4000 edfc e000 | .ltorg
)m4";

FirmwareImage quiet(const std::string& hang = "hang") {
    const test::Listing listing(kQuiet);
    FirmwareImage image = listing.image();
    for (const auto& [label, name] :
         {std::pair<std::string, std::string>{"Reset", "Reset_Handler"}, {"main", "main"}, {"hang", hang}}) {
        ImageSymbol symbol;
        symbol.name = name;
        symbol.kind = ImageSymbol::Kind::Function;
        symbol.address = listing.at(label);
        image.symbols.push_back(symbol);
    }
    return image;
}

RunOptions onNucleo() {
    RunOptions options;
    options.boardName = "nucleo-l4r5zi";
    return options;
}

TEST(Channels, TextThatNobodyWatchesIsCounted) {
    const Profile profile = profileRun(quiet(), onNucleo());
    const std::vector<UnwatchedText> expected = {{"ITM1", 2, "OK", "--uart ITM1=terminal"},
                                                 {"USART2", 18, "arena too small", "--uart USART2=terminal"}};
    EXPECT_EQ(profile.unwatched, expected);
    EXPECT_EQ(profile.console, "");
    EXPECT_TRUE(endedWell(profile)) << "it waits behind text";
    const auto finding = std::ranges::find(profile.findings, "USART2", &Finding::target);
    ASSERT_NE(finding, profile.findings.end());
    EXPECT_EQ(finding->severity, Severity::Warning);
    EXPECT_EQ(sentencesOf(*finding),
              "USART2 sent 18 bytes that nobody watched; it begins \"arena too small\". To change: "
              "run with --uart USART2=terminal.");
}

TEST(Channels, WhatIsWatchedIsNotCounted) {
    const test::TestFolder folder;
    RunOptions options = onNucleo();
    options.uarts = {{"USART2", "file:" + folder.path("usart")}, {"ITM1", "file:" + folder.path("itm")}};
    EXPECT_TRUE(profileRun(quiet(), options).unwatched.empty());
    EXPECT_EQ(folder.read("usart"), "arena too small\n42");
    EXPECT_EQ(folder.read("itm"), "OK");
}

TEST(Channels, WhereItWaitsForEver) {
    const Profile profile = profileRun(quiet(), onNucleo());
    EXPECT_EQ(profile.halt.reason, HaltReason::Kind::WaitsForever);
    EXPECT_EQ(profile.halt.what, fmt::format("branches to itself at 0x{:08x} in hang and nothing is left that could "
                                             "interrupt it: no interrupt is enabled",
                                             profile.halt.pc));
    EXPECT_THAT(profile.halt.callStack, testing::ElementsAre("hang+0x0", testing::StartsWith("main+0x"),
                                                             testing::StartsWith("Reset_Handler+0x")));
}

TEST(Channels, AnErrorHandlerSaysSo) {
    const Profile profile = profileRun(quiet("Error_Handler"), onNucleo());
    EXPECT_THAT(profile.halt.what, testing::EndsWith("; by its name Error_Handler is an error handler"));
    EXPECT_FALSE(endedWell(profile));
}

TEST(Channels, NamesOfErrorHandlers) {
    for (const char* name : {"Error_Handler", "HardFault_Handler", "Default_Handler", "DefaultISR", "abort",
                             "__assert_func", "z_fatal_error", "mbed_die", "panic(char const*)", "app::onError()"}) {
        EXPECT_TRUE(isErrorHandler(name)) << name;
    }
    for (const char* name : {"main", "loop", "StartDefaultTask", "vTaskStartScheduler", "terror", "_exit", "idle"}) {
        EXPECT_FALSE(isErrorHandler(name)) << name;
    }
}

} // namespace
} // namespace simprof
