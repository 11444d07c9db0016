// SPDX-License-Identifier: GPL-2.0-or-later
/// scripts/accuracy on firmware of our own, and docs/ACCURACY.md against the table that the program carries.
#include "peripherals/boards.h"
#include "peripherals/boards/measured.h"
#include "tests/support/run_program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

namespace simprof {
namespace {

using test::ProgramResult;
using test::TestFolder;
using testing::HasSubstr;

const std::string kPython = "/usr/bin/python3";
const std::string kHeader = "id,board,code,image,uart,measure,measured,use,what,conditions,source\n";

ProgramResult accuracy(const TestFolder& folder) {
    return test::runProgram(kPython, {SIMPROF_SOURCE_DIR "/scripts/accuracy", folder.path("")},
                            {.environment = {"SIMPROF=" SIMPROF_BINARY_DIR "/bin/simprof"}});
}

bool canRun(const std::string& sample) {
    return std::filesystem::exists(kPython) && std::filesystem::exists(sample) &&
           std::filesystem::exists(SIMPROF_BINARY_DIR "/bin/simprof");
}

std::string document() {
    std::ifstream in(SIMPROF_SOURCE_DIR "/docs/ACCURACY.md");
    return {std::istreambuf_iterator<char>(in), {}};
}

/// As the document prints it: groups of three digits.
std::string grouped(double value) {
    if (value < 10) {
        return fmt::format("{:.3f}", value);
    }
    const bool whole = value >= 10000 || value == std::round(value);
    std::string text = whole ? fmt::format("{:.0f}", value) : fmt::format("{:.1f}", value);
    for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(std::min(text.find('.'), text.size())) - 3; at > 0; at -= 3) {
        text.insert(static_cast<std::size_t>(at), ",");
    }
    return text;
}

TEST(Accuracy, TheDocumentShowsTheTableThatTheProgramPrints) {
    const std::string text = document();
    for (const MeasuredCase& row : measuredCases()) {
        EXPECT_NE(findBoard(std::string(row.board)), nullptr) << row.id;
        const std::string line =
            fmt::format("| {} | {} | {}; {} | {} | {} | {} | {:+.2f} | {} |\n", row.id, row.what, row.board,
                        row.conditions, nameOf(row.code), grouped(row.simulated), grouped(row.measured),
                        row.errorPercent(), row.fitted ? "fitted" : "checked");
        EXPECT_NE(text.find(line), std::string::npos) << line;
    }
}

/// The cases that the rules were made and checked with, and those that came later.
TEST(Accuracy, ErrorsAreWithinWhatTheDocumentPromises) {
    for (const MeasuredCase& row : measuredCases()) {
        const bool isLater = row.id.starts_with("pqm4-") || row.id.starts_with("v1");
        EXPECT_LE(std::abs(row.errorPercent()), isLater ? 15.0 : 4.0) << row.id;
    }
}

TEST(Accuracy, TheScriptMakesTheTableFromImages) {
    const std::string sample = SIMPROF_BINARY_DIR "/firmware/kws-nucleo-g0b1re.elf";
    if (!canRun(sample)) {
        GTEST_SKIP() << "needs python3, the program and the firmware samples";
    }
    const TestFolder folder;
    folder.write("manifest.csv", kHeader + "a-network,nucleo-g0b1re,int8 network," + sample +
                                     ",,inferences,40000000,checked,keyword spotting,64 MHz,here\n" +
                                     "a-line,nucleo-g0b1re,C," + sample +
                                     ",,console kws inference,2,checked,a number on the console,64 MHz,here\n");
    const ProgramResult result = accuracy(folder);
    EXPECT_EQ(result.exitCode, 0) << result.error;
    EXPECT_THAT(result.output, HasSubstr("| a-network | keyword spotting | nucleo-g0b1re; 64 MHz | int8 network | 4"));
    EXPECT_THAT(
        result.output,
        HasSubstr(
            "| a-line | a number on the console | nucleo-g0b1re; 64 MHz | C | 1.500 | 2.000 | -25.00 | checked |"));
    EXPECT_THAT(result.output, HasSubstr("| all | 2 |"));
    EXPECT_THAT(result.output, HasSubstr("| Cortex-M0+ | C | unseen | 1 | 25.00 | 25.00 | 25.00 | 25.00 |\n"));
}

TEST(Accuracy, AWrongManifestIsRefusedWithOneSentence) {
    if (!std::filesystem::exists(kPython)) {
        GTEST_SKIP() << "needs python3";
    }
    const struct {
        const char *rows, *sentence;
    } cases[] = {
        {"id,board\n", "accuracy: "},
        {"", "no column 'id'"},
    };
    for (const auto& c : cases) {
        const TestFolder folder;
        folder.write("manifest.csv", c.rows);
        const ProgramResult result = accuracy(folder);
        EXPECT_EQ(result.exitCode, 2);
        EXPECT_THAT(result.error, HasSubstr(c.sentence));
        EXPECT_EQ(std::count(result.error.begin(), result.error.end(), '\n'), 1) << result.error;
    }
    const TestFolder folder;
    folder.write("manifest.csv", kHeader + "x,nucleo-g0b1re,C,none.elf,,inferences,zero,checked,w,c,s\n");
    EXPECT_THAT(accuracy(folder).error, HasSubstr("x: 'zero' is no measured figure above 0"));
    folder.write("manifest.csv", kHeader + "x,nucleo-g0b1re,Rust,none.elf,,inferences,5,checked,w,c,s\n");
    EXPECT_THAT(accuracy(folder).error,
                HasSubstr("x: code is one of int8 network, float network, assembly, C with assembly, C, not 'Rust'"));
    folder.write("manifest.csv", kHeader + "x,nucleo-g0b1re,C,none.elf,,inferences,5,checked,w,c,s\n");
    const ProgramResult absent = accuracy(folder);
    EXPECT_EQ(absent.exitCode, 2);
    EXPECT_THAT(absent.error, HasSubstr("none.elf"));
}

} // namespace
} // namespace simprof
