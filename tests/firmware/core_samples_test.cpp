// SPDX-License-Identifier: GPL-2.0-or-later
// The core samples judge themselves, line by line; here they run on the simulated boards.
#include "tests/firmware/sample_run.h"

#include <algorithm>
#include <sstream>

namespace simprof {
namespace {

using test::runSample;
using test::SampleRun;

struct Row {
    std::string sample;
    HaltReason::Kind ends;
    int leastChecks; ///< PASS lines; 0: it only prints
};

/// One row per sample and board of its core, as firmware_samples/README.md lists them.
std::vector<Row> rows() {
    const std::vector<std::string> m0 = {"nucleo-g0b1re"}, m4 = {"nucleo-l4r5zi"}, m7 = {"stm32f746g-disco"},
                                   m7d = {"nucleo-h7a3zi-q"};
    const std::vector<std::string> others = {"microbit", "arduino-nano-33-ble", "raspberry-pi-pico", "sparkfun-edge",
                                             "portenta-h7"};
    const auto join = [](std::initializer_list<std::vector<std::string>> parts) {
        std::vector<std::string> all;
        for (const auto& part : parts) {
            all.insert(all.end(), part.begin(), part.end());
        }
        return all;
    };
    struct Sample {
        const char* name;
        std::vector<std::string> boards;
        HaltReason::Kind ends;
        int leastChecks;
    };
    using Kind = HaltReason::Kind;
    const Sample samples[] = {
        {"hello", join({m0, m4, m7, others}), Kind::Exit, 0},
        {"exceptions", join({m0, m4, m7}), Kind::Exit, 20},
        {"fpu", join({m4, m7, m7d}), Kind::Exit, 20},
        {"dwt", join({m0, m4, m7}), Kind::Exit, 1},
        {"mpu", join({m0, m4, m7}), Kind::Exit, 5},
        {"threads", join({m4, m7, m7d}), Kind::Exit, 1},
        {"itm", join({m4, m7, m7d}), Kind::Exit, 1},
        {"heap", join({m0, m4, m7}), Kind::Exit, 1},
        {"stack-overflow", join({m0, m4, m7}), Kind::Exit, 1},
        {"sleep-forever", join({m0, m4, m7}), Kind::WaitsForever, 0},
        {"spin-forever", join({m0, m4, m7}), Kind::Limit, 0},
    };
    std::vector<Row> all;
    for (const Sample& sample : samples) {
        for (const std::string& board : sample.boards) {
            all.push_back({std::string(sample.name) + "-" + board, sample.ends, sample.leastChecks});
        }
    }
    return all;
}

class CoreSample : public testing::TestWithParam<Row> {};

TEST_P(CoreSample, PassesItsChecks) {
    const Row& row = GetParam();
    if (!std::filesystem::exists(test::samplePath(row.sample))) {
        GTEST_SKIP() << "the firmware samples were not built (target firmware)";
    }
    const SampleRun run = runSample(row.sample, row.ends == HaltReason::Kind::Limit ? 2'000'000 : 200'000'000);
    EXPECT_STREQ(nameOf(run.halt.kind), nameOf(row.ends)) << run.halt.what << "\n" << run.output;
    EXPECT_EQ(run.halt.exitCode, 0) << run.output;
    int passed = 0;
    std::istringstream lines(run.output);
    for (std::string line; std::getline(lines, line);) {
        EXPECT_FALSE(line.starts_with("FAIL")) << line;
        passed += line.starts_with("PASS") ? 1 : 0;
    }
    EXPECT_GE(passed, row.leastChecks) << run.output;
    EXPECT_EQ(run.owned, run.cycles) << "a cycle without an owner";
}

INSTANTIATE_TEST_SUITE_P(Firmware, CoreSample, testing::ValuesIn(rows()), [](const auto& row) {
    std::string name = row.param.sample;
    std::replace_if(
        name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
    return name;
});

} // namespace
} // namespace simprof
