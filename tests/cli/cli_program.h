// SPDX-License-Identifier: GPL-2.0-or-later
/// The command line as a user meets it: the program started in a folder of its own, small firmware to give it.
#pragma once
#include "profiler/profile_json.h"
#include "tests/support/run_program.h"
#include "tests/support/sample_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace simprof::test {

inline ProgramResult simprof(const std::vector<std::string>& arguments, const ProgramStart& start = {}) {
    return runProgram(std::string(SIMPROF_BINARY_DIR) + "/bin/simprof", arguments, start);
}

/// Standard error of a call that must be refused with one sentence and exit code 2.
inline std::string refusal(const std::vector<std::string>& arguments, const ProgramStart& start = {}) {
    const ProgramResult result = simprof(arguments, start);
    EXPECT_EQ(result.exitCode, 2) << result.error;
    EXPECT_THAT(result.output, testing::IsEmpty());
    EXPECT_EQ(std::count(result.error.begin(), result.error.end(), '\n'), 1) << result.error;
    EXPECT_THAT(result.error, testing::StartsWith("simprof: "));
    return result.error;
}

inline std::string halfwords(const std::vector<std::uint16_t>& code) {
    std::string bytes;
    for (const std::uint16_t halfword : code) {
        bytes += static_cast<char>(halfword & 0xFF);
        bytes += static_cast<char>(halfword >> 8);
    }
    return bytes;
}

/// A raw image for address 0x08000000: initial SP 0x20010000, all vectors but reset lead to a loop, the code behind
/// them.
inline std::string image(const std::vector<std::uint16_t>& code) {
    std::string bytes = halfwords({0x0000, 0x2001, 0x0045, 0x0800});
    for (int vector = 2; vector < 16; ++vector) {
        bytes += halfwords({0x0041, 0x0800});
    }
    return bytes + halfwords({0xE7FE, 0xBF00}) + halfwords(code);
}

// Thumb code; the literals lie behind it.
inline const std::vector<std::uint16_t> kExit = {0x2018, 0x4901, 0xBEAB,
                                                 0xE7FE, 0x0026, 0x0002}; // SYS_EXIT, ADP_Stopped_ApplicationExit
inline const std::vector<std::uint16_t> kHello = {0x2004, 0xA103, 0xBEAB, 0x2018, 0x4904, 0xBEAB,
                                                  0xE7FE, 0xBF00, // SYS_WRITE0
                                                  0x6568, 0x6C6C, 0x0A6F, 0x0000, 0x0026, 0x0002};
inline const std::vector<std::uint16_t> kUndefined = {0xDE00, 0xE7FE};
inline const std::vector<std::uint16_t> kForever = {0x3001, 0xE7FD};

/// Files of one test and command lines for them.
class Cli : public testing::Test {
protected:
    /// Arguments that run `code` as raw firmware on a Cortex-M4 board.
    std::vector<std::string> running(const std::vector<std::uint16_t>& code,
                                     const std::vector<std::string>& more = {}) {
        std::vector<std::string> arguments = {m_folder.write("firmware.bin", image(code)), "--base", "0x08000000",
                                              "--board", "nucleo-l4r5zi"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }

    std::string sample(const char* name = "sample.simprof", const SampleOptions& options = {}) {
        writeProfile(m_folder.path(name), sampleProfile(options));
        return m_folder.path(name);
    }

    TestFolder m_folder;
};

} // namespace simprof::test
