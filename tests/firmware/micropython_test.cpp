// SPDX-License-Identifier: GPL-2.0-or-later
// MicroPython for the BBC micro:bit, as Debian ships it (package firmware-microbit-micropython): somebody else's
// interactive firmware, an Intel HEX without symbols. Somebody types at its prompt.
#include "profiler/profile_run.h"
#include "tests/support/live_client.h"
#include "tests/support/run_program.h"
#include "tests/support/terminals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <set>

namespace simprof::test {
namespace {

using testing::HasSubstr;

const std::filesystem::path kHex = "/usr/share/firmware-microbit-micropython/firmware.hex";

class MicroPython : public testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(kHex)) {
            GTEST_SKIP() << kHex << " is not installed (Debian package firmware-microbit-micropython)";
        }
    }

    /// Types each line at the prompt and waits for the next prompt.
    Profile typed(std::initializer_list<const char*> lines) {
        std::string script = "timeout 20\nexpect >>> \n";
        for (const char* line : lines) {
            script += "send " + std::string(line) + "\\r\nexpect \\n>>> \n";
        }
        RunOptions options;
        options.boardName = "microbit";
        options.uarts = {{"console", "script:" + m_folder.write("type.txt", script)}};
        return profileRun(readFirmware(kHex, std::nullopt), options);
    }

private:
    TestFolder m_folder;
};

TEST_F(MicroPython, BootsToItsPromptAndCalculates) {
    const Profile profile = typed({"print(6*7)"});
    EXPECT_EQ(profile.halt.reason, HaltReason::Kind::Until) << profile.halt.what;
    EXPECT_THAT(profile.console,
                HasSubstr("MicroPython v1.9.2-34-gd64154c73 on 2017-09-01; micro:bit v1.0.1 with nRF51822\r\n"));
    EXPECT_THAT(profile.console, HasSubstr(">>> print(6*7)\r\n42\r\n>>> "));
}

struct PromptRow {
    const char* line;
    const char* answer;
};

TEST_F(MicroPython, SeesThePeripherals) {
    const PromptRow rows[] = {
        {"i2c.scan()", "[14, 29]"},                               // magnetometer and accelerometer
        {"accelerometer.get_values()", "(0, 0, 1024)"},           // lying flat
        {"temperature()", "25"},                                  // TEMP
        {"display.show('A'); display.get_pixel(2, 0)", "9"},      // display: TIMER1, GPIO
        {"sleep(500); running_time() // 1000", "0"},              // TIMER1 again: half a second and some
        {"pin0.read_analog()", "0"},                              // ADC
        {"button_a.is_pressed()", "False"},                       // GPIO
        {"f = open('a', 'w'); f.write('hello'); f.close()", "5"}, // flash
        {"print(open('a').read())", "hello"},
        {"sum(i * i for i in range(1000))", "332833500"},
    };
    std::string script = "timeout 20\nexpect >>> \nsend from microbit import *\\r\nexpect \\n>>> \n";
    for (const PromptRow& row : rows) {
        script += std::string("send ") + row.line + "\\r\nexpect \\r\\n" + row.answer + "\\r\\n>>> \n";
    }
    TestFolder folder;
    RunOptions options;
    options.boardName = "microbit";
    options.uarts = {{"console", "script:" + folder.write("type.txt", script)}};
    const Profile profile = profileRun(readFirmware(kHex, std::nullopt), options);
    EXPECT_EQ(profile.halt.reason, HaltReason::Kind::Until) << profile.halt.what;
    EXPECT_GT(profile.totals.timeUs, 500e3);
    EXPECT_LT(profile.totals.timeUs, 1e6);
}

/// The radio is not modelled: its registers and the waits on them are in the report, and nothing hangs.
TEST_F(MicroPython, TheRadioIsListedAsNotModelled) {
    const Profile profile = typed({"import radio", "radio.on()", "radio.send('x')", "radio.receive()"});
    EXPECT_EQ(profile.halt.reason, HaltReason::Kind::Until) << profile.halt.what;
    std::set<std::string> polls;
    for (const PeripheralNote& note : profile.peripherals) {
        if (note.kind == NoteKind::PollSatisfied) {
            polls.insert(note.peripheral);
        }
    }
    EXPECT_EQ(polls, std::set<std::string>{"RADIO"});
}

/// A person or program at a pseudo-terminal or TCP port sees what a script sees.
TEST_F(MicroPython, AnswersALiveClientAsItAnswersAScript) {
    if (!pseudoTerminalsWork()) {
        GTEST_SKIP() << "this system has no pseudo-terminals";
    }
    const std::string scripted = typed({"print(6*7)"}).console;
    for (const char* link : {"pty", "tcp:0"}) {
        std::string heard;
        std::atomic<bool> done = false;
        Profile profile;
        {
            LiveClient client([&heard, &done](LiveClient& self) {
                self.expect(">>> ");
                self.send("print(6*7)\r");
                self.expect("\n>>> ");
                heard = self.heard;
                done = true;
            });
            RunOptions options;
            options.boardName = "microbit";
            options.uarts = {{"console", link}};
            options.cancel = &done;
            options.announce = [&client](std::string_view where) { client.announce(where); };
            profile = profileRun(readFirmware(kHex, std::nullopt), options);
        }
        EXPECT_EQ(heard, scripted) << link;
        EXPECT_EQ(profile.console, scripted) << link;
    }
}

/// Two thousand million cycles asleep at the prompt are no firmware that hangs.
TEST_F(MicroPython, AScriptMayWaitLong) {
    TestFolder folder;
    RunOptions options;
    options.boardName = "microbit";
    options.uarts = {
        {"console",
         "script:" + folder.write("type.txt", "expect >>> \nwait 130000\nsend 6*7\\r\nexpect \\n42\\r\\n\n")}};
    const Profile profile = profileRun(readFirmware(kHex, std::nullopt), options);
    EXPECT_EQ(profile.halt.reason, HaltReason::Kind::Until) << profile.halt.what;
    EXPECT_GT(profile.totals.cycles, 2'000'000'000U);
}

TEST_F(MicroPython, AWrongExpectationEndsTheRun) {
    TestFolder folder;
    RunOptions options;
    options.boardName = "microbit";
    options.uarts = {
        {"console", "script:" + folder.write("type.txt", "expect >>> \nsend 1+1\\r\ntimeout 0.5\nexpect \\n3\\r\n")}};
    const Profile profile = profileRun(readFirmware(kHex, std::nullopt), options);
    EXPECT_EQ(profile.halt.reason, HaltReason::Kind::Limit);
    EXPECT_THAT(
        profile.halt.what,
        HasSubstr("the script type.txt, line 4, expects '\\n3\\r', which did not come within 0.5 simulated seconds"));
    EXPECT_THAT(profile.halt.what, HasSubstr(">>> 1+1\\r\\n2\\r\\n>>> "));
}

} // namespace
} // namespace simprof::test
