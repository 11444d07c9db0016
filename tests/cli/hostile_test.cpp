// SPDX-License-Identifier: GPL-2.0-or-later
// Firmware that wants memory, time, disk or the host (firmware_samples/hostile): each ends within its limits, with its
// sentence and exit code.
#include "sim_core/engine/cpu.h"
#include "tests/cli/cli_program.h"

#include <nlohmann/json.hpp>

#include <sys/stat.h>

namespace simprof {
namespace {

using namespace test;
using testing::HasSubstr;

constexpr long kMostKib = 200 * 1024;
constexpr std::size_t kLongestProfile = 5'000'000;
constexpr std::size_t kGrowth = 1'400'000; ///< from 2 * 10^8 to 10^10 cycles: text of the console, longer numbers

std::string hostileElf(const std::string& program) {
    return std::string(SIMPROF_BINARY_DIR) + "/firmware/hostile/" + program + "-nucleo-l4r5zi.elf";
}

struct Hostile {
    const char* program;
    std::vector<std::string> arguments;
    int exitCode;
    const char* sentence; ///< in the report or on standard error
};

void PrintTo(const Hostile& hostile, std::ostream* out) { *out << hostile.program; }

class HostileSample : public testing::TestWithParam<Hostile> {};

TEST_P(HostileSample, EndsWithinItsLimits) {
    const Hostile& hostile = GetParam();
    const std::string elf = hostileElf(hostile.program);
    if (!std::filesystem::exists(elf)) {
        GTEST_SKIP() << elf << " was not built";
    }
    const TestFolder folder;
    std::vector<std::string> arguments = {elf, "-o", folder.path("a.simprof"), "--report", "--max-time", "100s"};
    arguments.insert(arguments.end(), hostile.arguments.begin(), hostile.arguments.end());
    const ProgramResult result = simprof(arguments);
    EXPECT_EQ(result.exitCode, hostile.exitCode) << result.error.substr(0, 1000);
    const std::string profile = folder.read("a.simprof"); // tables of the report cut long sentences
    EXPECT_TRUE((result.output + profile + result.error).find(hostile.sentence) != std::string::npos)
        << result.error.substr(result.error.size() - std::min<std::size_t>(1000, result.error.size()));
    EXPECT_TRUE(result.peakKib < kMostKib || kSanitized) << result.peakKib;
    EXPECT_LT(result.output.size(), kLongestProfile);
    EXPECT_LT(result.error.size(), std::size_t{5} << 20);
    EXPECT_LT(profile.size(), kLongestProfile);
    EXPECT_NO_THROW(readProfile(folder.path("a.simprof")));
}

const std::vector<std::string> kCycles = {"--until", "cycles:16000000"};

bool recordsAccesses() { return Cpu::engineName().find("recording") != std::string::npos; }

/// The distribution's engine keeps all that it ever translated (docs/SECURITY.md).
std::vector<std::string> rewriting() {
    return recordsAccesses() ? kCycles : std::vector<std::string>{"--until", "cycles:4000000"};
}

INSTANTIATE_TEST_SUITE_P(
    Cli, HostileSample,
    testing::Values(Hostile{"resets", kCycles, 0, "software reset (AIRCR.SYSRESETREQ); again and again"},
                    Hostile{"resets-in-handler", kCycles, 0, "software reset (AIRCR.SYSRESETREQ); again and again"},
                    Hostile{"watchdog", kCycles, 0, "again and again"},
                    Hostile{"locked-flash", kCycles, 0, "more events"},
                    Hostile{"clock-toggling", kCycles, 0, "more changes of the clock"},
                    Hostile{"print-semihosting", {}, 3, "printed more than 4 MiB and goes on (--console-limit)"},
                    Hostile{"print-semihosting",
                            {"--until", "cycles:4000000", "--console-limit", "64KiB"},
                            0,
                            "more bytes of console text"},
                    Hostile{"print-itm", {"--console-limit", "100K"}, 3, "printed more than 100 KiB and goes on"},
                    Hostile{"print-uart", {"--console-limit", "1K"}, 3, "printed more than 1 KiB and goes on"},
                    Hostile{"storm", kCycles, 0, "more exceptions in the timeline"},
                    Hostile{"sleeps", kCycles, 0, "more sleeps in the timeline"},
                    Hostile{"self-modifying", rewriting(), 0, "until: reached cycle"},
                    Hostile{"recursion", {}, 3, "the firmware did not finish"},
                    Hostile{"wild-stores", kCycles, 0, "more accesses to registers without a model"},
                    Hostile{"dma-into-itself", kCycles, 0, "until: reached cycle 16000000"},
                    Hostile{"mpu-games", kCycles, 3, "the firmware did not finish"},
                    Hostile{"stack-in-vectors", kCycles, 3, "the firmware did not finish"},
                    Hostile{"lying-flatbuffer", {}, 0, "damaged"},
                    Hostile{"heap-forever", kCycles, 0, "more blocks of the heap"}),
    [](const auto& row) {
        std::string name = row.param.program + std::to_string(row.index);
        std::erase(name, '-');
        return name;
    });

TEST_F(Cli, ALongRunTakesNoMoreMemoryThanAShortOne) {
    const std::string elf = hostileElf("long-run");
    if (!std::filesystem::exists(elf)) {
        GTEST_SKIP() << elf << " was not built";
    }
    long peakKib[2] = {};
    for (int i = 0; i < 2; ++i) { // in the shorter one all that is kept has come to its bounds
        const ProgramResult result = simprof(
            {elf, "--until", i == 0 ? "cycles:50000000" : "cycles:200000000", "-o", m_folder.path("a.simprof")});
        EXPECT_EQ(result.exitCode, 0) << result.error;
        EXPECT_LT(std::filesystem::file_size(m_folder.path("a.simprof")), kLongestProfile - kGrowth);
        peakKib[i] = result.peakKib;
    }
    EXPECT_TRUE(peakKib[1] < peakKib[0] + peakKib[0] / 10 || kSanitized) << peakKib[0] << ", " << peakKib[1];
    const Profile profile = readProfile(m_folder.path("a.simprof"));
    ASSERT_EQ(profile.threads.size(), 2U);
    EXPECT_EQ(profile.threads[0].name, "infer");
    for (const Inference& inference : profile.inferences) { // interrupts begin no layer, whatever they call
        EXPECT_EQ(inference.spans.size(), 3U) << inference.index;
        EXPECT_LT(inference.cycles, 40'000U) << inference.index;
    }
}

TEST_F(Cli, AHostileFirmwareGetsNoFileButThoseBelowTheRoot) {
    const std::string elf = hostileElf("semihosting-files");
    if (!std::filesystem::exists(elf)) {
        GTEST_SKIP() << elf << " was not built";
    }
    const std::string root = m_folder.path("root");
    std::filesystem::create_directory(root);
    std::filesystem::create_symlink("..", root + "/link");
    ASSERT_EQ(::mkfifo((root + "/fifo").c_str(), 0666), 0);
    const ProgramResult result =
        simprof({elf, "--report=json", "--semihosting-root", root, "--semihosting-quota", "20MiB"});
    EXPECT_EQ(result.exitCode, 0) << result.error;
    EXPECT_THAT(result.output, HasSubstr("used up the 20971520 bytes"));
    EXPECT_EQ(std::filesystem::file_size(root + "/inside"), (1U << 24) + (1U << 14));
    EXPECT_FALSE(std::filesystem::exists(m_folder.path("outside")));
}

} // namespace
} // namespace simprof
