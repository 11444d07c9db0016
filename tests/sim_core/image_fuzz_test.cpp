// SPDX-License-Identifier: GPL-2.0-or-later
// Thousands of damaged firmware files, the same ones in each run: each must load or throw Error, nothing else.
#include "sim_core/error.h"
#include "sim_core/image/firmware_image.h"
#include "tests/fuzz/mutate.h"
#include "tests/support/elf_builder.h"

#include <gtest/gtest.h>

namespace simprof {
namespace {

struct Outcome {
    unsigned loaded = 0;
    unsigned refused = 0;
};

/// Loads `count` mutations of a file and checks what an image promises.
Outcome replay(const test::Blob& file, unsigned count, std::uint64_t seed) {
    Outcome outcome;
    test::Random random(seed);
    for (unsigned i = 0; i < count; ++i) {
        SCOPED_TRACE(testing::Message() << "seed " << seed << ", mutation " << i);
        try {
            const FirmwareImage image = parseFirmware("fuzz", test::mutated(file, random), std::nullopt);
            ++outcome.loaded;
            EXPECT_FALSE(image.segments.empty());
            std::uint64_t end = 0;
            for (const ImageSegment& segment : image.segments) {
                EXPECT_GE(segment.memorySize, segment.bytes.size());
                if (segment.bytes.empty()) {
                    continue;
                }
                EXPECT_GE(segment.address, end) << "segments sorted, without overlap";
                end = std::uint64_t{segment.address} + segment.bytes.size();
                EXPECT_LE(end, std::uint64_t{1} << 32);
            }
            for (std::size_t s = 1; s < image.symbols.size(); ++s) {
                EXPECT_LE(image.symbols[s - 1].address, image.symbols[s].address);
            }
        } catch (const Error& error) {
            ++outcome.refused;
            EXPECT_EQ(std::string(error.what()).rfind("'fuzz' ", 0), 0U) << error.what();
        }
    }
    return outcome;
}

TEST(ImageFuzz, Elf) {
    const Outcome outcome = replay(test::smallFirmware().build(), 6000, 1);
    EXPECT_GT(outcome.loaded, 500U) << "mutations that damage little must still load";
    EXPECT_GT(outcome.refused, 500U);
}

TEST(ImageFuzz, ElfWithHeadersInItsFirstSegment) {
    test::ElfBuilder elf = test::smallFirmware();
    elf.headersInFirstSegment = true;
    EXPECT_GT(replay(elf.build(), 3000, 2).refused, 100U);
}

TEST(ImageFuzz, Hex) {
    const auto file = test::text(":020000040800F2\n:0800000000000120090000080E\n:04000005080001C529\n:00000001FF\n");
    EXPECT_GT(replay(file, 2000, 3).refused, 1000U);
}

TEST(ImageFuzz, SRecord) {
    const auto file = test::text("S00600004844521B\nS30D080000000000012009000008B8\nS70508000009E9\n");
    EXPECT_GT(replay(file, 2000, 6).refused, 1000U);
}

TEST(ImageFuzz, DfuSe) {
    test::Blob file = test::text(std::string_view("DfuSe\x01\0\0\0\0\x01", 11));
    const test::Blob target = test::text("Target");
    file.insert(file.end(), target.begin(), target.end());
    file.resize(11 + 274);
    test::poke(file, 11 + 270, 1, 4);
    const test::Blob element = test::words({0x08000000, 8, 0x20010000, 0x08000009});
    file.insert(file.end(), element.begin(), element.end());
    EXPECT_GT(replay(file, 2000, 7).loaded, 100U);
}

TEST(ImageFuzz, RawWithItsBaseFromTheVectorTable) {
    test::Blob file = test::words({0x20010000, 0x08000041, 0x08000043, 0x08000043});
    file.resize(0x40);
    const test::Blob code = test::words({0xBD10B510, 0xE7FEE7FE, 0x46854801, 0x20010000});
    file.insert(file.end(), code.begin(), code.end());
    EXPECT_GT(replay(file, 2000, 8).loaded, 100U);
}

TEST(ImageFuzz, Uf2) {
    test::Blob file = test::words({0x0a324655, 0x9e5d5157, 0, 0x10000000, 256, 0, 1, 0});
    file.resize(512);
    test::poke(file, 508, 0x0ab16f30, 4);
    EXPECT_GT(replay(file, 1000, 5).loaded, 100U);
}

TEST(ImageFuzz, MemorySizeAloneAllocatesNothing) {
    // 500 segments that each claim the most that is accepted: together 250 GiB.
    test::ElfBuilder elf = test::smallFirmware();
    for (unsigned i = 0; i < 500; ++i) {
        elf.segments.push_back({0x20001000 + i, 0x20001000, {}, 0x20000000, 6});
    }
    const FirmwareImage image = parseFirmware("fuzz", elf.build(), std::nullopt);
    EXPECT_EQ(image.segments.size(), 503U);
    EXPECT_EQ(image.segments.back().memorySize, 0x20000000U);
    EXPECT_EQ(image.segments.back().bytes.capacity(), 0U);
}

} // namespace
} // namespace simprof
