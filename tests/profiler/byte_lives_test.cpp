// SPDX-License-Identifier: GPL-2.0-or-later
/// Lives of single bytes: as they are watched, coded in a profile and read again.
#include "profiler/analysis/byte_lives.h"
#include "profiler/collect/byte_watch.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simprof {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr bool kRead = false;
constexpr bool kWrite = true;

TEST(ByteWatch, FirstAndLastAccessWhileOneWritersContentLiesThere) {
    ByteWatch watch({{0x100, 16}, {0x400, 8}});
    watch.access(0, 4, 2, kRead, 1);  // 1: of what was there before
    watch.access(0, 4, 1, kWrite, 1); // 2
    watch.access(0, 4, 1, kRead, 2);  // 3
    watch.access(0, 4, 1, kWrite, 1); // 4: the same writer
    watch.access(0, 4, 1, kWrite, 3); // 5
    watch.access(1, 0, 2, kWrite, 3); // 6
    watch.access(1, 1, 1, kRead, 4);  // 7
    MemoryLog log;
    watch.takeInto(log);
    EXPECT_THAT(log.bytes[kOutside], ElementsAre(ByteLife{0x104, 0, 1}, ByteLife{0x105, 0, 1}));
    EXPECT_THAT(log.bytes[1], ElementsAre(ByteLife{0x104, 2, 4}));
    EXPECT_THAT(log.bytes[3], ElementsAre(ByteLife{0x104, 5, 5}, ByteLife{0x400, 6, 6}, ByteLife{0x401, 6, 7}));
    EXPECT_EQ(log.bytesLeftOut, 0U);
}

TEST(ByteWatch, ABytesLivesOfOneWriterAreJoined) {
    ByteWatch watch({{0x100, 4}});
    for (int i = 0; i < 300'000; ++i) { // more than are kept unjoined
        watch.access(0, 0, 1, kWrite, static_cast<AccessorId>(1 + i % 2));
    }
    MemoryLog log;
    watch.takeInto(log);
    EXPECT_THAT(log.bytes[1], ElementsAre(ByteLife{0x100, 1, 299'999}));
    EXPECT_THAT(log.bytes[2], ElementsAre(ByteLife{0x100, 2, 300'000}));
}

TEST(ByteWatch, RenamedWritersShareTheirLives) {
    MemoryLog log;
    log.bytes[1] = {{0x100, 3, 5}};
    log.bytes[2] = {{0x100, 7, 9}, {0x101, 1, 1}};
    const MemoryLog one = renamed(log, [](AccessorId) { return AccessorId{4}; });
    EXPECT_THAT(one.bytes.at(4), ElementsAre(ByteLife{0x100, 3, 9}, ByteLife{0x101, 1, 1}));
}

TEST(ByteLives, ReadAsTheyWereCoded) {
    const std::vector<ByteSpan> bytes = {{0, 4}, {1, 8}, {2, 12}, {2, 12}, {}, {4'294'967'295, 4'294'967'295}, {0, 0}};
    const std::vector<std::int64_t> runs = codeLives(bytes);
    EXPECT_EQ(decodeLives(runs, bytes.size(), "x"), bytes);
    EXPECT_THAT(codeLives({{1, 2}, {2, 4}, {3, 6}}), ElementsAre(3, 1, 2)) << "a run continues from (0, 0)";
    EXPECT_THAT(decodeLives({}, 0, "x"), IsEmpty());
}

std::string refusalOf(const std::vector<std::int64_t>& runs, Bytes size) {
    try {
        decodeLives(runs, size, "conv");
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

TEST(ByteLives, HostileRunsAreRefused) {
    const std::string sentence = "the lives of the bytes of conv are not as long as it, or not from 0 to 4294967295";
    for (const std::vector<std::int64_t>& runs : std::vector<std::vector<std::int64_t>>{{3, 1, 1},
                                                                                        {1, 1},
                                                                                        {5, 1, 1},
                                                                                        {-1, 1, 1, 5, 0, 0},
                                                                                        {0, 0, 0, 4, 1, 1},
                                                                                        {4, -1, 1},
                                                                                        {4, 1, INT64_MIN},
                                                                                        {4, INT64_MAX, 1},
                                                                                        {4, 2'000'000'000, 1}}) {
        EXPECT_THAT(refusalOf(runs, 4), HasSubstr(sentence));
    }
    EXPECT_THAT(refusalOf({1 << 25, 0, 0}, 1 << 25), HasSubstr(sentence)) << "more than are ever kept";
}

TensorLife tensor(TensorKind kind, Address address, Bytes size, std::int32_t writer) {
    TensorLife made;
    made.kind = kind;
    made.address = address;
    made.sizeBytes = size;
    made.writer = writer;
    return made;
}

TEST(ByteLives, AccessesThatBeginOrEndLivesAreNumbered) {
    MemoryLog log;
    log.bytes[kOutside] = {{0x100, 0, 70}};
    log.bytes[1] = {{0x200, 50, 90}, {0x202, 60, 60}};
    log.bytes[2] = {{0x200, 100, 100}};
    std::vector<TensorLife> tensors = {tensor(TensorKind::Input, 0x100, 2, -1),
                                       tensor(TensorKind::Tensor, 0x200, 3, 5), // layer 0 of this network
                                       tensor(TensorKind::Output, 0x200, 2, 6), tensor(TensorKind::State, 0x300, 1, 5),
                                       tensor(TensorKind::Persistent, 0x400, 1, -1)};
    addByteLives(log, {0, 0, 5}, tensors);
    const auto livesOf = [&](std::size_t i) { return decodeLives(tensors[i].lives, tensors[i].sizeBytes, ""); };
    // 50, 60, 70, 90 and 100 become 1 to 5, and the application reads the output at the end.
    EXPECT_THAT(livesOf(0), ElementsAre(ByteSpan{0, 3}, ByteSpan{0, 0}));
    EXPECT_THAT(livesOf(1), ElementsAre(ByteSpan{1, 4}, ByteSpan{}, ByteSpan{2, 2}));
    const std::uint32_t end = livesOf(2)[0].last;
    EXPECT_GT(end, 5U);
    EXPECT_THAT(livesOf(2), ElementsAre(ByteSpan{5, end}, ByteSpan{0, end}));
    EXPECT_THAT(livesOf(3), ElementsAre(ByteSpan{0, end}));
    EXPECT_THAT(tensors[4].lives, IsEmpty());
    MemoryLog without;
    std::vector<TensorLife> bare = {tensor(TensorKind::Tensor, 0x200, 3, 5)};
    addByteLives(without, {0, 0, 5}, bare);
    EXPECT_THAT(bare[0].lives, SizeIs(0));
}

} // namespace
} // namespace simprof
