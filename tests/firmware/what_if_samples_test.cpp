// SPDX-License-Identifier: GPL-2.0-or-later
// What-if against truth: the what-if of a plain build predicts the build in which the change was made, layer by layer.
// The programs of a board differ in data only.
#include "profiler/firmware_run.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace simprof {
namespace {

struct Prediction {
    const char* board;
    const char* setting; ///< of the program in which the change was made
    std::vector<std::string> whatIf;
};
const Prediction kPredictions[] = {
    {"nucleo-l4r5zi", "ws8", {"wait-states=8"}},
    {"nucleo-l4r5zi", "noprefetch", {"prefetch=off"}},
    {"nucleo-l4r5zi", "nocache", {"prefetch=off", "icache=off", "dcache=off"}},
    {"nucleo-l4r5zi", "ram", {"weights=sram"}},
    {"stm32f746g-disco", "ws9", {"wait-states=9"}},
    {"stm32f746g-disco", "nocache", {"icache=off", "dcache=off"}},
    {"stm32f746g-disco", "ram", {"weights=@modelInRam"}},
    {"nucleo-h7a3zi-q", "ws9", {"wait-states=9"}},
    {"nucleo-h7a3zi-q", "nocache", {"icache=off", "dcache=off"}},
    {"nucleo-h7a3zi-q", "ram", {"weights=@modelInRam"}},
    {"nucleo-g0b1re", "ws1", {"clock=32MHz"}},
    {"nucleo-g0b1re", "noprefetch", {"prefetch=off"}},
    {"nucleo-g0b1re", "nocache", {"icache=off"}},
};

std::filesystem::path firmware(const std::string& board, const std::string& setting) {
    return std::filesystem::path(SIMPROF_BINARY_DIR) / "firmware" / ("kws-" + board + "-" + setting + ".elf");
}

/// The address of the symbol whose name holds what is behind '@'.
std::string resolved(std::string whatIf, const FirmwareImage& image) {
    const std::size_t at = whatIf.find('@');
    if (at == std::string::npos) {
        return whatIf;
    }
    const auto symbol = std::ranges::find_if(image.symbols, [&](const ImageSymbol& one) {
        return one.name.find(whatIf.substr(at + 1)) != std::string::npos;
    });
    EXPECT_NE(symbol, image.symbols.end());
    return fmt::format("{}0x{:x}", whatIf.substr(0, at), symbol->address);
}

class WhatIfAgainstTruth : public testing::TestWithParam<Prediction> {};

TEST_P(WhatIfAgainstTruth, PredictsTheBuildInWhichTheChangeWasMade) {
    const Prediction& prediction = GetParam();
    if (!std::filesystem::exists(firmware(prediction.board, prediction.setting))) {
        GTEST_SKIP() << "the firmware samples were not built";
    }
    RunOptions options;
    const FirmwareImage image = readFirmware(firmware(prediction.board, "own"), std::nullopt);
    for (const std::string& whatIf : prediction.whatIf) {
        options.whatIf.push_back(resolved(whatIf, image));
    }
    const Profile predicted = profileRun(image, options);
    const Profile made = profileRun(readFirmware(firmware(prediction.board, prediction.setting), std::nullopt), {});
    ASSERT_EQ(predicted.layers.size(), made.layers.size());
    ASSERT_EQ(made.layers.size(), 13U);
    ASSERT_TRUE(predicted.whatIf);
    EXPECT_FALSE(made.whatIf);
    double total = 0;
    double truth = 0;
    for (std::size_t i = 0; i < made.layers.size(); ++i) {
        const auto cycles = static_cast<double>(made.layers[i].cycles);
        const double few = 100; // some line fills, which the place of data decides
        EXPECT_NEAR(static_cast<double>(predicted.layers[i].cycles), cycles, std::max(0.02 * cycles, few))
            << made.layers[i].name;
        total += static_cast<double>(predicted.layers[i].cycles);
        truth += cycles;
    }
    EXPECT_NEAR(total / truth, 1.0, 0.01);
    EXPECT_EQ(predicted.console, made.console); // what the firmware does is the same
}

INSTANTIATE_TEST_SUITE_P(Boards, WhatIfAgainstTruth, testing::ValuesIn(kPredictions), [](const auto& test) {
    std::string name = std::string(test.param.board) + "_" + test.param.setting;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

} // namespace
} // namespace simprof
