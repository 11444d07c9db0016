// SPDX-License-Identifier: GPL-2.0-or-later
// Signals and limits of the host: what was measured is written and marked as a part; a second signal ends the program.
#include "sim_core/engine/cpu.h"
#include "tests/cli/cli_program.h"

#include <nlohmann/json.hpp>

#include <csignal>
#include <thread>

namespace simprof {
namespace {

using namespace test;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

/// "pc runs" can be seen from outside by the temporary file of --vcd, which is there when the run begins.
class Signals : public Cli {
protected:
    std::vector<std::string> endless(std::vector<std::string> more = {}) {
        more.insert(more.end(), {"--vcd", m_folder.path("a.vcd"), "--until", "cycles:1000000000000000"});
        return running(kForever, more);
    }
    bool runs() const { return std::filesystem::exists(m_folder.path("a.vcd.0.part")); }
    void waitUntilItRuns() const {
        for (int i = 0; i < 1000 && !runs(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
    }

    void expectPartialReport(int signal) {
        ProgramStart start;
        start.started = [&](pid_t process) {
            waitUntilItRuns();
            ::kill(process, signal);
        };
        const ProgramResult result = simprof(endless({"--report=json"}), start);
        EXPECT_EQ(result.exitCode, 3) << result.error;
        EXPECT_THAT(result.error, HasSubstr("did not finish (cancelled)"));
        const json report = json::parse(result.output);
        EXPECT_EQ(report["halt"]["reason"], "cancelled");
        EXPECT_GT(report["totals"]["cycles"], 0);
        EXPECT_FALSE(runs());
    }
};

TEST_F(Signals, SigintEndsInAPartialReport) { expectPartialReport(SIGINT); }
TEST_F(Signals, SigtermEndsInAPartialReport) { expectPartialReport(SIGTERM); }
TEST_F(Signals, SighupEndsInAPartialReport) { expectPartialReport(SIGHUP); }

TEST_F(Signals, WithoutATerminalThereIsALineOfProgressEveryFewSeconds) {
    const ProgramResult result = simprof(endless({"--max-time", "7s"}));
    EXPECT_EQ(result.exitCode, 3);
    EXPECT_THAT(result.error, testing::ContainsRegex("simprof: 0 % · 0 inferences · [^\n]* simulated · [^\n]* MIPS\n"));
    EXPECT_THAT(result.error, testing::Not(HasSubstr("\r"))) << "a log has no lines that move";
}

TEST_F(Signals, ASecondSignalEndsAtOnce) {
    ProgramStart start;
    start.started = [&](pid_t process) {
        waitUntilItRuns();
        ::kill(process, SIGSTOP); // both arrive before it can react to the first
        ::kill(process, SIGTERM);
        ::kill(process, SIGINT);
        ::kill(process, SIGCONT);
    };
    ProgramResult result = simprof(endless(), start);
    for (int again = 0; again < 3 && result.exitCode == 3; ++again) { // on a busy machine it was over in between
        result = simprof(endless(), start);
    }
    EXPECT_THAT(result.exitCode, testing::AnyOf(128 + SIGTERM, 128 + SIGINT));
    EXPECT_THAT(result.output, IsEmpty());
}

TEST_F(Signals, WhatAKilledRunLeftGoesWithTheNextRunToTheSameOutput) {
    ProgramStart start;
    start.started = [&](pid_t process) {
        waitUntilItRuns();
        ::kill(process, SIGKILL);
    };
    EXPECT_EQ(simprof(endless(), start).exitCode, 128 + SIGKILL);
    EXPECT_TRUE(runs()) << "it could not clean up";
    EXPECT_FALSE(std::filesystem::exists(m_folder.path("a.vcd"))) << "a part has the name of the whole";
    m_folder.write("b.vcd.0.part", "of another file");
    m_folder.write("a.vcd.x.part", "of somebody else");
    EXPECT_EQ(simprof(running(kExit, {"--vcd", m_folder.path("a.vcd")})).exitCode, 0);
    EXPECT_FALSE(runs());
    EXPECT_TRUE(std::filesystem::exists(m_folder.path("a.vcd")));
    EXPECT_TRUE(std::filesystem::exists(m_folder.path("b.vcd.0.part")));
    EXPECT_TRUE(std::filesystem::exists(m_folder.path("a.vcd.x.part")));
}

TEST_F(Signals, ATimeLimitEndsInAPartialReport) {
    const ProgramResult result = simprof(endless({"--report=json", "--max-time", "0.5s"}));
    EXPECT_EQ(result.exitCode, 3) << result.error;
    EXPECT_THAT(result.error, HasSubstr("simprof ran for more than 0.5 s (--max-time)"));
    EXPECT_EQ(json::parse(result.output)["halt"]["reason"], "cancelled");
}

TEST_F(Signals, AMemoryLimitEndsInAPartialReport) {
    const ProgramResult result = simprof(endless({"--report=json", "--max-memory", "4MiB"}));
    EXPECT_EQ(result.exitCode, 3) << result.error;
    EXPECT_THAT(result.error, HasSubstr("simprof took more than 4 MiB of memory (--max-memory)"));
    EXPECT_EQ(json::parse(result.output)["halt"]["reason"], "cancelled");
}

constexpr rlim_t kWithHooksKib = 1'500'000; ///< the distribution's engine

/// The address space that is enough for every sample (docs/SECURITY.md).
rlim_t enoughKib() {
    return Cpu::engineName().find("recording") != std::string::npos ? rlim_t{400'000} : kWithHooksKib;
}

TEST_F(Signals, TooLittleAddressSpaceIsOneSentenceAndNoFailedGate) {
    if (kSanitized) {
        GTEST_SKIP() << "a sanitizer reserves terabytes";
    }
    for (const rlim_t kib : {40'000, 80'000, 120'000, 160'000, 200'000, 300'000, 400'000, 800'000, 1'500'000}) {
        ProgramStart start;
        start.addressSpace = kib << 10;
        const ProgramResult result = simprof(running(kExit), start);
        if (kib >= enoughKib() || result.exitCode == 0) {
            EXPECT_EQ(result.exitCode, 0) << kib << " KiB: " << result.error;
        } else if (result.exitCode != 127) { // the loader had no room for the libraries
            EXPECT_EQ(result.exitCode, 2) << kib << " KiB: " << result.error;
            EXPECT_EQ(std::count(result.error.begin(), result.error.end(), '\n'), 1) << kib << " KiB: " << result.error;
        }
    }
}

/// A network that is found by the order of its calls takes a second pass, and the first is kept until that is over.
TEST_F(Signals, PassesNeedTheAddressSpaceOfOne) {
    const std::string elf = SIMPROF_BINARY_DIR "/firmware/sine-nucleo-l4r5zi-aot.elf";
    if (kSanitized || !std::filesystem::exists(elf)) {
        GTEST_SKIP() << "a sanitizer reserves terabytes, or " << elf << " was not built";
    }
    const std::string program = SIMPROF_BINARY_DIR "/bin/simprof";
    for (const auto& [name, kib] :
         {std::pair(program, enoughKib()), std::pair(program + "-with-hooks", kWithHooksKib)}) {
        if (std::filesystem::exists(name)) {
            ProgramStart start;
            start.addressSpace = kib << 10;
            const ProgramResult result = runProgram(name, {elf, "--until", "cycles:1500000"}, start);
            EXPECT_EQ(result.exitCode, 0) << name << ": " << result.error;
        }
    }
}

TEST_F(Signals, LimitsThatAreNoneAreRefused) {
    EXPECT_THAT(refusal(running(kExit, {"--max-time", "soon"})), HasSubstr("--max-time takes a time such as 90s"));
    EXPECT_THAT(refusal(running(kExit, {"--max-memory", "0"})), HasSubstr("--max-memory takes a number of bytes"));
    EXPECT_THAT(refusal(running(kExit, {"--console-limit", "-1"})), HasSubstr("--console-limit takes a number"));
    EXPECT_THAT(refusal(running(kExit, {"--semihosting-quota", "2GB"})), HasSubstr("'2GB'"));
}

} // namespace
} // namespace simprof
