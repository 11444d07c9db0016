// SPDX-License-Identifier: GPL-2.0-or-later
// Semihosting files as an untrusted firmware asks for them: nothing outside the root, nothing that waits, nothing
// without a limit.
#include "sim_core/host/semihosting.h"
#include "tests/support/run_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sys/stat.h>

namespace simprof {
namespace {

/// 16 KiB of memory from address 0 on.
class Ram final : public SemihostingHost {
public:
    std::optional<std::uint8_t> peek(Address address) const override {
        return address < bytes.size() ? std::optional(bytes[address]) : std::nullopt;
    }
    bool poke(Address address, std::uint8_t value) override {
        if (address < bytes.size()) {
            bytes[address] = value;
        }
        return address < bytes.size();
    }
    std::uint64_t nowNanoseconds() const override { return 0; }
    void reportEvent(std::string text) override { events += text + "\n"; }

    std::array<std::uint8_t, 1 << 14> bytes{};
    std::string events;
};

constexpr std::uint32_t kFailed = 0xFFFFFFFF;
constexpr std::uint32_t kRead = 0, kWrite = 4, kReadWrite = 6, kAppend = 8; // "r", "w", "w+", "a"

/// A root folder named "root" beside a file named "secret", and what a firmware does there.
class SemihostingFiles : public testing::Test {
protected:
    SemihostingFiles() {
        std::filesystem::create_directory(m_folder.path("root"));
        m_folder.write("secret", "kept");
        limit(1 << 20);
    }
    void limit(Bytes quota) {
        m_semihosting.emplace(
            m_ram, [](std::string_view) {}, HostFileLimits{m_folder.path("root"), quota});
    }
    std::string inRoot(const std::string& name) const { return m_folder.path("root/" + name); }

    std::uint32_t call(std::uint32_t operation, const std::vector<std::uint32_t>& words) {
        for (std::size_t i = 0; i < words.size() * 4; ++i) {
            m_ram.bytes[i] = static_cast<std::uint8_t>(words[i / 4] >> (8 * (i % 4)));
        }
        return m_semihosting->call(operation, 0).value();
    }
    void put(const std::string& text) { std::ranges::copy(text, m_ram.bytes.begin() + kText); }
    std::uint32_t open(const std::string& name, std::uint32_t mode) {
        put(name);
        return call(0x01, {kText, mode, static_cast<std::uint32_t>(name.size())});
    }
    /// The bytes that were not written.
    std::uint32_t write(std::uint32_t handle, const std::string& text) {
        put(text);
        return call(0x05, {handle, kText, static_cast<std::uint32_t>(text.size())});
    }
    std::string read(std::uint32_t handle, std::uint32_t length) {
        const std::uint32_t missing = call(0x06, {handle, kText, length});
        return std::string(m_ram.bytes.begin() + kText, m_ram.bytes.begin() + kText + (length - missing));
    }
    std::uint32_t seek(std::uint32_t handle, std::uint32_t position) { return call(0x0A, {handle, position}); }
    std::uint32_t length(std::uint32_t handle) { return call(0x0C, {handle}); }
    void close(std::uint32_t handle) { call(0x02, {handle}); }
    int error() { return static_cast<int>(call(0x13, {})); }

    /// Neither reading nor writing opens `name`, and the file outside is as it was.
    void expectClosed(const std::string& name) {
        for (const std::uint32_t mode : {kRead, kWrite, kReadWrite, kAppend}) {
            EXPECT_EQ(open(name, mode), kFailed) << name << " in mode " << mode;
            EXPECT_EQ(error(), EACCES) << name << " in mode " << mode;
        }
        EXPECT_EQ(m_folder.read("secret"), "kept");
    }

    static constexpr std::uint32_t kText = 0x100;
    test::TestFolder m_folder;
    Ram m_ram;
    std::optional<Semihosting> m_semihosting;
};

TEST_F(SemihostingFiles, WritesAndReadsBack) {
    const std::uint32_t file = open("a.txt", kReadWrite);
    EXPECT_EQ(write(file, "hello"), 0U);
    EXPECT_EQ(length(file), 5U);
    EXPECT_EQ(seek(file, 1), 0U);
    EXPECT_EQ(read(file, 100), "ello");
    close(file);
    EXPECT_EQ(m_folder.read("root/a.txt"), "hello");
    const std::uint32_t more = open("./a.txt", kAppend);
    EXPECT_EQ(write(more, " world"), 0U);
    EXPECT_EQ(m_folder.read("root/a.txt"), "hello world");
    EXPECT_EQ(open("a.txt", kWrite), more + 1);
    EXPECT_EQ(m_folder.read("root/a.txt"), "");
}

TEST_F(SemihostingFiles, TheSixtyFifthHandleOfARunIsAsGoodAsTheFirst) {
    for (int i = 0; i < 200; ++i) {
        const std::uint32_t file = open("a.txt", kWrite);
        EXPECT_EQ(file, 4U);
        close(file);
    }
    for (std::uint32_t i = 0; i < 64; ++i) {
        EXPECT_EQ(open("a.txt", kRead), 4 + i);
    }
    EXPECT_EQ(open("a.txt", kRead), kFailed);
    EXPECT_EQ(error(), EMFILE);
    close(20);
    EXPECT_EQ(open("a.txt", kRead), 20U);
}

TEST_F(SemihostingFiles, AFifoIsNotOpenedAndNothingWaits) {
    ASSERT_EQ(::mkfifo(inRoot("fifo").c_str(), 0666), 0);
    expectClosed("fifo");
}

TEST_F(SemihostingFiles, ADanglingLinkIsNotFollowed) {
    std::filesystem::create_symlink("../new", inRoot("link"));
    std::filesystem::create_symlink(m_folder.path("new"), inRoot("absolute"));
    expectClosed("link");
    expectClosed("absolute");
    EXPECT_FALSE(std::filesystem::exists(m_folder.path("new")));
}

TEST_F(SemihostingFiles, ALinkToAFileIsNotFollowed) {
    m_folder.write("root/inside", "");
    std::filesystem::create_symlink("../secret", inRoot("link"));
    std::filesystem::create_symlink("inside", inRoot("within"));
    expectClosed("link");
    expectClosed("within");
}

TEST_F(SemihostingFiles, ALinkToAFolderIsNotFollowed) {
    std::filesystem::create_symlink("..", inRoot("link"));
    expectClosed("link");
    expectClosed("link/secret");
}

TEST_F(SemihostingFiles, ALinkInTheMiddleOfAPathIsNotFollowed) {
    std::filesystem::create_directory(inRoot("folder"));
    std::filesystem::create_symlink("../..", inRoot("folder/up"));
    expectClosed("folder/up/secret");
    expectClosed("folder/up/root/../secret");
}

TEST_F(SemihostingFiles, AHardLinkIsReadOnly) {
    std::filesystem::create_hard_link(m_folder.path("secret"), inRoot("hard"));
    EXPECT_EQ(open("hard", kWrite), kFailed);
    EXPECT_EQ(open("hard", kAppend), kFailed);
    EXPECT_EQ(m_folder.read("secret"), "kept");
}

TEST_F(SemihostingFiles, NoNameLeadsOut) {
    for (const char* name :
         {"../secret", "/../secret", "a/../../secret", ".", "..", "/", "a/..", "./../root/../secret"}) {
        std::filesystem::create_directory(inRoot("a"));
        expectClosed(name);
    }
    EXPECT_NE(open("a/../inside", kWrite), kFailed);
    EXPECT_TRUE(std::filesystem::exists(inRoot("inside")));
    EXPECT_EQ(open(std::string(5000, 'x'), kWrite), kFailed);
    EXPECT_EQ(error(), ENAMETOOLONG);
    EXPECT_EQ(open(std::string("a\0b", 3), kWrite), kFailed);
    EXPECT_EQ(open("a", kWrite), kFailed);
    EXPECT_EQ(open("nowhere/file", kWrite), kFailed);
    EXPECT_EQ(error(), ENOENT);
}

TEST_F(SemihostingFiles, WhatIsWrittenHasAQuota) {
    limit(4096 + 10);
    const std::uint32_t file = open("a.txt", kWrite); // a new file takes 4096
    EXPECT_EQ(write(file, "12345678"), 0U);
    EXPECT_EQ(m_ram.events, "");
    EXPECT_EQ(write(file, "12345678"), 6U);
    EXPECT_EQ(error(), ENOSPC);
    EXPECT_EQ(write(file, "12345678"), 8U);
    EXPECT_EQ(open("b.txt", kWrite), kFailed);
    EXPECT_EQ(m_folder.read("root/a.txt"), "1234567812");
    EXPECT_EQ(m_ram.events, "semihosting: the firmware has used up the 4106 bytes it may write to files of the host; "
                            "later writes fail (--semihosting-quota)\n");
}

TEST_F(SemihostingFiles, TheGapOfASparseFileCounts) {
    limit(1 << 20);
    const std::uint32_t file = open("a.txt", kWrite);
    EXPECT_EQ(seek(file, 0xFFFFFFF0), 0U);
    EXPECT_EQ(write(file, "x"), 1U);
    EXPECT_EQ(length(file), 0U);
    EXPECT_EQ(seek(file, 1000), 0U);
    EXPECT_EQ(write(file, "x"), 0U);
    EXPECT_EQ(length(file), 1001U);
}

TEST_F(SemihostingFiles, WithoutARootThereAreNoFiles) {
    m_semihosting.emplace(
        m_ram, [](std::string_view) {}, HostFileLimits{});
    EXPECT_EQ(open("a.txt", kRead), kFailed);
    EXPECT_EQ(write(4, "x"), 1U);
    EXPECT_EQ(seek(77, 0), kFailed);
}

} // namespace
} // namespace simprof
