// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/host/new_file.h"
#include "tests/support/run_program.h"

#include <cerrno>

namespace simprof {
namespace {

TEST(NewFile, HasItsNameWhenItIsWhole) {
    const test::TestFolder folder;
    folder.write("a", "before");
    NewFile file(folder.path("a"));
    file.write("after");
    EXPECT_EQ(folder.read("a"), "before");
    EXPECT_EQ(folder.files(), 2U);
    file.finish();
    EXPECT_EQ(file.error(), 0);
    EXPECT_EQ(folder.read("a"), "after");
    EXPECT_EQ(folder.files(), 1U);
}

TEST(NewFile, LeavesNothingWhenItIsNotFinished) {
    const test::TestFolder folder;
    { NewFile(folder.path("a")).write(std::string(1 << 20, 'x')); }
    EXPECT_EQ(folder.files(), 0U);
}

TEST(NewFile, RemovesWhatAKilledRunLeftButNotWhatAnotherWrites) {
    const test::TestFolder folder;
    NewFile other(folder.path("a"));
    folder.write("a.7.part", "left");
    folder.write("a.part", "");
    folder.write("a.b.7.part", "");
    NewFile file(folder.path("a"));
    EXPECT_FALSE(std::filesystem::exists(folder.path("a.7.part")));
    EXPECT_TRUE(std::filesystem::exists(folder.path("a.0.part"))); // other's
    EXPECT_TRUE(std::filesystem::exists(folder.path("a.1.part")));
    EXPECT_TRUE(std::filesystem::exists(folder.path("a.part")));
    EXPECT_TRUE(std::filesystem::exists(folder.path("a.b.7.part")));
}

TEST(NewFile, ALinkStaysALink) {
    const test::TestFolder folder;
    folder.write("target", "before");
    std::filesystem::create_symlink("target", folder.path("link"));
    NewFile file(folder.path("link"));
    file.write("after");
    file.finish();
    EXPECT_TRUE(std::filesystem::is_symlink(folder.path("link")));
    EXPECT_EQ(folder.read("target"), "after");
}

TEST(NewFile, SaysWhyItCannotBeWritten) {
    const test::TestFolder folder;
    EXPECT_EQ(NewFile(folder.path("")).error(), EISDIR);
    EXPECT_EQ(NewFile(folder.path("none/a")).error(), ENOENT);
    NewFile full("/dev/full");
    full.write("x");
    full.finish();
    EXPECT_EQ(full.error(), ENOSPC);
}

} // namespace
} // namespace simprof
