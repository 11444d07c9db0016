// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/error.h"
#include "sim_core/image/firmware_image.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace simprof {
namespace {

using testing::HasSubstr;

FirmwareImage parse(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text.data(), text.size()));
    return parseFirmware("fw.hex", {bytes.begin(), bytes.end()}, std::nullopt);
}

/// A record with its checksum: type, offset, data.
std::string record(unsigned type, unsigned offset, std::initializer_list<unsigned> data) {
    std::string line = fmt::format(":{:02X}{:04X}{:02X}", data.size(), offset, type);
    unsigned sum = static_cast<unsigned>(data.size()) + (offset >> 8) + offset + type;
    for (const unsigned byte : data) {
        line += fmt::format("{:02X}", byte);
        sum += byte;
    }
    return line + fmt::format("{:02X}\n", (0x100 - (sum & 0xff)) & 0xff);
}

const std::string kEnd = ":00000001FF\n";

/// Segments as "address: bytes" lines.
std::string segmentsOf(const FirmwareImage& image) {
    std::string out;
    for (const ImageSegment& segment : image.segments) {
        out += fmt::format("{:08X}:", segment.address);
        for (const std::byte byte : segment.bytes) {
            out += fmt::format(" {:02X}", std::to_integer<unsigned>(byte));
        }
        out += '\n';
    }
    return out;
}

TEST(Hex, SpecificationExample) {
    // The example record of the Intel specification's common descriptions: 16 bytes at 0100.
    const FirmwareImage image = parse(":10010000214601360121470136007EFE09D2190140\n:00000001FF\n");
    EXPECT_EQ(segmentsOf(image), "00000100: 21 46 01 36 01 21 47 01 36 00 7E FE 09 D2 19 01\n");
    EXPECT_EQ(image.format, FirmwareImage::Format::Hex);
    EXPECT_STREQ(nameOf(image.format), "hex");
    EXPECT_EQ(image.entry, std::nullopt);
}

TEST(Hex, AdjacentRecordsJoinAndSegmentsAreSorted) {
    EXPECT_EQ(segmentsOf(parse(record(4, 0, {0x08, 0x00}) + record(0, 0x20, {5}) + record(0, 2, {3, 4}) +
                               record(0, 0, {1, 2}) + kEnd)),
              "08000000: 01 02 03 04\n08000020: 05\n");
}

TEST(Hex, ExtendedSegmentAddressShiftsByFourAndWrapsAt64KiB) {
    EXPECT_EQ(segmentsOf(parse(record(2, 0, {0x12, 0x00}) + record(0, 0xffff, {0xaa, 0xbb}) + kEnd)),
              "00012000: BB\n00021FFF: AA\n");
}

TEST(Hex, ExtendedLinearAddressDoesNotWrapAt64KiB) {
    EXPECT_EQ(segmentsOf(parse(record(4, 0, {0x20, 0x00}) + record(0, 0xffff, {0xaa, 0xbb}) + kEnd)),
              "2000FFFF: AA BB\n");
}

TEST(Hex, LinearAddressWrapsAt4GiB) {
    EXPECT_EQ(segmentsOf(parse(record(4, 0, {0xff, 0xff}) + record(0, 0xffff, {0xaa, 0xbb}) + kEnd)),
              "00000000: BB\nFFFFFFFF: AA\n");
}

TEST(Hex, StartAddresses) {
    EXPECT_EQ(parse(record(5, 0, {0x08, 0x00, 0x01, 0xc5}) + record(0, 0, {1}) + kEnd).entry, 0x080001c5U);
    EXPECT_EQ(parse(record(3, 0, {0x10, 0x00, 0x01, 0xc5}) + record(0, 0, {1}) + kEnd).entry, 0x000101c5U);
}

TEST(Hex, LineEndsBlankLinesAndLowerCase) {
    EXPECT_EQ(segmentsOf(parse("\r\n:01000000aa55\r\n\r\n :00000001ff \r\n\x1a")), "00000000: AA\n");
    EXPECT_EQ(segmentsOf(parse(":0100000055AA\n:00000001FF")), "00000000: 55\n") << "no newline at the end";
}

TEST(Hex, WhatLiesBehindTheEndIsIgnoredAndNoted) {
    const FirmwareImage image =
        parse(record(0, 0, {1}) + kEnd + "\n" + record(4, 0, {0x20, 0}) + record(0, 0, {2}) + kEnd);
    EXPECT_EQ(segmentsOf(image), "00000000: 01\n");
    ASSERT_EQ(image.notes.size(), 1U);
    EXPECT_EQ(image.notes[0], "line 4 and what follows lie behind the end-of-file record and were ignored");
}

TEST(Hex, ErrorsNameTheLine) {
    const std::string good = record(0, 0, {1, 2, 3});
    struct Row {
        std::string text;
        const char* what;
    };
    const Row rows[] = {
        {good + ":0300000001020300\n" + kEnd, "'fw.hex' line 2: the checksum is 00, the bytes give F7"},
        {good + "03000000010203F7\n" + kEnd, "line 2: an Intel HEX record starts with ':'"},
        {good + ":03000000010203F\n" + kEnd, "line 2: the record has an odd number"},
        {good + ":0300000001020GF7\n" + kEnd, "line 2: the record has a character"},
        {good + ":03000000\n" + kEnd, "line 2: the record is cut short"},
        {good + ":0300000001\n" + kEnd, "line 2: the record announces 3 data bytes and has 0"},
        {good + ":0300000001020304F3\n" + kEnd, "line 2: the record announces 3 data bytes and has 4"},
        {good + record(6, 0, {1}) + kEnd, "line 2: record type 06 does not exist"},
        {good + record(4, 0, {1}) + kEnd, "line 2: this type of record has 2 data bytes, here are 1"},
        {good + record(5, 0, {1, 2}) + kEnd, "line 2: this type of record has 4 data bytes, here are 2"},
        {good + record(1, 0, {1}) + kEnd, "line 2: this type of record has 0 data bytes"},
        {good + "\n" + record(0, 0x10, {1}) + record(0, 2, {1}) + kEnd,
         "gives address 0x00000002 twice: in the records from line 1 and from line 4"},
        {good, "has no end-of-file record (':00000001FF') after line 1: the file is cut short"},
        {good.substr(0, good.size() - 4), "line 1: "},
        {kEnd, "holds no data records"},
    };
    for (const Row& row : rows) {
        try {
            parse(row.text);
            ADD_FAILURE() << "accepted: " << row.text;
        } catch (const Error& error) {
            EXPECT_THAT(error.what(), HasSubstr(row.what));
        }
    }
}

TEST(Hex, TakesNoBase) {
    const std::string file = record(0, 0, {1}) + kEnd;
    const auto bytes = std::as_bytes(std::span(file));
    EXPECT_THROW(parseFirmware("fw.hex", {bytes.begin(), bytes.end()}, 0x1000), Error);
}

} // namespace
} // namespace simprof
