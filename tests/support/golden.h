// SPDX-License-Identifier: GPL-2.0-or-later
/// Golden files: tests/golden, and files that are made from the code, hold what the tests expect; SIMPROF_REGENERATE=1
/// in the environment writes them anew.
#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace simprof::test {

/// Fails unless `text` is the content of the file `name` of the repository.
inline void expectFile(const std::string& name, const std::string& text) {
    const std::filesystem::path path = std::filesystem::path(SIMPROF_SOURCE_DIR) / name;
    if (std::getenv("SIMPROF_REGENERATE") != nullptr) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return;
    }
    std::ifstream file(path, std::ios::binary);
    ASSERT_TRUE(file) << path << " is missing: run the test once with SIMPROF_REGENERATE=1";
    const std::string expected((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(expected, text) << "if the change is meant, run the test with SIMPROF_REGENERATE=1";
}

/// Fails unless `text` is the content of tests/golden/`name`.
inline void expectGolden(const std::string& name, const std::string& text) { expectFile("tests/golden/" + name, text); }

} // namespace simprof::test
