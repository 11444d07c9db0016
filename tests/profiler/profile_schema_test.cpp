// SPDX-License-Identifier: GPL-2.0-or-later
// What is published of the profile's keys equals what is made from their one list. After a change of the list:
//   SIMPROF_REGENERATE=1 build/release/bin/test_profiler --gtest_filter='ProfileSchema.*'
#include "profiler/files.h"
#include "profiler/profile_schema.h"
#include "tests/support/golden.h"

#include <gtest/gtest.h>

namespace simprof {
namespace {

TEST(ProfileSchema, ThePublishedFileIsMadeFromTheListOfKeys) {
    test::expectFile("profiler/profile_schema.json", profileSchema());
}

TEST(ProfileSchema, TheDocumentsShowTheListOfKeys) {
    const std::string name = "docs/PROFILE.md";
    const std::string text = readFile(std::filesystem::path(SIMPROF_SOURCE_DIR) / name);
    const std::string begin = "<!-- keys: made from profiler/profile_fields.h -->\n\n";
    const std::string end = "<!-- end of keys -->\n";
    const std::size_t from = text.find(begin);
    const std::size_t to = text.find(end);
    ASSERT_TRUE(from != std::string::npos && to != std::string::npos && from < to);
    test::expectFile(name, text.substr(0, from) + begin + profileKeyTables() + text.substr(to));
}

} // namespace
} // namespace simprof
