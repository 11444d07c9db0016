// SPDX-License-Identifier: GPL-2.0-or-later
// Formats that wrap or describe a raw image, and files for other cores.
#include "sim_core/error.h"
#include "sim_core/image/firmware_image.h"
#include "tests/support/elf_builder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace simprof {
namespace {

using test::Blob;
using test::text;
using test::words;
using testing::HasSubstr;

FirmwareImage parse(Blob file) { return parseFirmware("fw", std::move(file), std::nullopt); }

std::string errorOf(Blob file) {
    try {
        parse(std::move(file));
    } catch (const Error& error) {
        return error.what();
    }
    return "(no error)";
}

/// An S-record: type, address of `width` bytes, data.
std::string srecord(unsigned type, unsigned width, std::uint32_t address, std::initializer_list<unsigned> data) {
    unsigned sum = width + static_cast<unsigned>(data.size()) + 1;
    std::string line = fmt::format("S{}{:02X}", type, sum);
    for (unsigned i = width; i-- > 0;) {
        line += fmt::format("{:02X}", address >> (8 * i) & 0xFF);
        sum += address >> (8 * i) & 0xFF;
    }
    for (const unsigned byte : data) {
        line += fmt::format("{:02X}", byte);
        sum += byte;
    }
    return line + fmt::format("{:02X}\r\n", ~sum & 0xFF);
}

TEST(SRecord, AddressesOfTwoToFourBytes) {
    const FirmwareImage image =
        parse(text("S00600004844521B\r\n" + srecord(3, 4, 0x08000000, {1, 2}) + srecord(3, 4, 0x08000002, {3}) +
                   srecord(1, 2, 0x1234, {4}) + srecord(2, 3, 0x123456, {5}) + srecord(7, 4, 0x080001C5, {})));
    EXPECT_STREQ(nameOf(image.format), "srec");
    ASSERT_EQ(image.segments.size(), 3U);
    EXPECT_EQ(image.segments[0].address, 0x1234U);
    EXPECT_EQ(image.segments[1].address, 0x123456U);
    EXPECT_EQ(image.segments[2].address, 0x08000000U);
    EXPECT_EQ(image.segments[2].bytes.size(), 3U);
    EXPECT_EQ(image.entry, 0x080001C5U);
}

TEST(SRecord, ErrorsNameTheLine) {
    const std::string good = srecord(1, 2, 0, {1}), end = srecord(9, 2, 0, {});
    EXPECT_THAT(errorOf(text(good + "S1040004FF00\n" + end)), HasSubstr("line 2: the checksum is 00"));
    EXPECT_THAT(errorOf(text(good + "S105000401F5\n" + end)), HasSubstr("line 2: the record announces 5 bytes"));
    EXPECT_THAT(errorOf(text(good + "S4030000FC\n" + end)), HasSubstr("S4 are reserved"));
    EXPECT_THAT(errorOf(text(good)), HasSubstr("the file is cut short"));
    EXPECT_THAT(errorOf(text(good + good + end)), HasSubstr("gives address 0x00000000 twice"));
    const FirmwareImage behind = parse(text(good + end + good));
    ASSERT_EQ(behind.notes.size(), 1U);
    EXPECT_THAT(behind.notes[0], HasSubstr("line 3 and what follows"));
}

std::uint32_t dfuCrc(const Blob& bytes) {
    std::uint32_t crc = 0xFFFFFFFF;
    for (const std::byte byte : bytes) {
        crc ^= std::to_integer<std::uint32_t>(byte);
        for (int bit = 0; bit < 8; ++bit) {
            crc = crc >> 1 ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0);
        }
    }
    return crc;
}

Blob withDfuSuffix(Blob file, std::uint32_t version = 0x0100) {
    const Blob suffix = words({0xDF110000U, 0x00000483U | version << 16, 0x10444655U});
    file.insert(file.end(), suffix.begin(), suffix.end());
    const std::uint32_t crc = dfuCrc(file);
    const Blob last = words({crc});
    file.insert(file.end(), last.begin(), last.end());
    return file;
}

/// A table with 16 vectors for `base`, whose handlers push and return.
Blob rawFirmware(Address base, std::size_t size = 0x400) {
    Blob file(size);
    const auto handler = static_cast<std::uint32_t>(base + 0x101);
    test::poke(file, 0, 0x20004000, 4);
    test::poke(file, 4, handler + 8, 4);
    for (const std::size_t index : {2, 3, 11, 14, 15}) {
        test::poke(file, 4 * index, handler, 4);
    }
    test::poke(file, 0x100, 0xBD10B510, 4); // push {r4, lr}; pop {r4, pc}
    test::poke(file, 0x108, 0xBD10B510, 4);
    return file;
}

TEST(Dfu, SuffixIsLeftOut) {
    const Blob raw = rawFirmware(0x08000000);
    const FirmwareImage image = parse(withDfuSuffix(raw));
    ASSERT_EQ(image.segments.size(), 1U);
    EXPECT_EQ(image.segments[0].address, 0x08000000U);
    EXPECT_EQ(image.segments[0].bytes, raw);
    EXPECT_THAT(image.notes.at(0), HasSubstr("DFU file"));
    Blob damaged = withDfuSuffix(raw);
    damaged[5] = std::byte{7};
    EXPECT_THAT(errorOf(damaged), HasSubstr("damaged DFU file"));
}

TEST(Dfu, PrefixSaysTheAddress) {
    const Blob raw = rawFirmware(0x00001000);
    Blob file = words({0x00040001, static_cast<std::uint32_t>(raw.size())});
    file.insert(file.end(), raw.begin(), raw.end());
    const FirmwareImage image = parse(withDfuSuffix(file));
    EXPECT_EQ(image.segments[0].address, 0x1000U);
    EXPECT_EQ(image.segments[0].bytes, raw);
}

TEST(Dfu, DfuSeHasElementsWithAddresses) {
    Blob target(274);
    std::ranges::copy(text("Target"), target.begin());
    target[270] = std::byte{2};
    Blob file = text(std::string_view("DfuSe\x01\0\0\0\0\x01", 11));
    file.insert(file.end(), target.begin(), target.end());
    for (const Blob& element : {words({0x08000000, 4, 0x11111111}), words({0x08010000, 8, 0x22222222, 0x33333333})}) {
        file.insert(file.end(), element.begin(), element.end());
    }
    const FirmwareImage image = parse(withDfuSuffix(file, 0x011A));
    EXPECT_STREQ(nameOf(image.format), "dfu");
    ASSERT_EQ(image.segments.size(), 2U);
    EXPECT_EQ(image.wordAt(0x08000000), 0x11111111U);
    EXPECT_EQ(image.wordAt(0x08010004), 0x33333333U);
    file.resize(file.size() - 6);
    EXPECT_THAT(errorOf(withDfuSuffix(file, 0x011A)), HasSubstr("element 2 of 2 is cut short"));
}

Blob mcubootImage(std::uint32_t flags, Address load) {
    constexpr std::uint32_t kHeader = 0x200;
    Blob file = words({0x96F3B83D, load, kHeader, 0x400, flags, 1, 0, 0});
    file.resize(kHeader);
    const Blob raw = rawFirmware(0x08020000 + kHeader);
    file.insert(file.end(), raw.begin(), raw.end());
    return file;
}

TEST(McuBoot, TheVectorTableLiesBehindTheHeader) {
    const FirmwareImage found = parse(mcubootImage(0, 0));
    EXPECT_EQ(found.segments[0].address, 0x08020000U);
    EXPECT_EQ(found.vectorTable, 0x08020200U);
    EXPECT_THAT(found.notes.at(0), HasSubstr("its header of 512 bytes is skipped"));
    EXPECT_EQ(parse(mcubootImage(0x100, 0x08020000)).segments[0].address, 0x08020000U);
    EXPECT_THAT(errorOf(mcubootImage(4, 0)), HasSubstr("encrypted MCUboot image"));
}

TEST(UniversalHex, TheSectionOfTheV1IsTaken) {
    const std::string v1 = ":020000040000FA\n:0400000A9900C0DEBB\n:0100000055AA\n:0000000BF5\n";
    const std::string v2 = ":0400000A9903C0DEB8\n:0100000DAA48\n:0000000BF5\n";
    const FirmwareImage both = parse(text(v2 + v1 + ":00000001FF\n"));
    ASSERT_EQ(both.segments.size(), 1U);
    EXPECT_EQ(both.segments[0].bytes, Blob{std::byte{0x55}});
    EXPECT_EQ(both.notes.at(0),
              "universal HEX: the section for board 0x9900 (micro:bit V1) was taken, not that for 0x9903");
    EXPECT_EQ(parse(text(v2 + ":00000001FF\n")).segments[0].bytes, Blob{std::byte{0xAA}});
}

/// Handlers of an unoptimised build begin with PUSH {r7}; the image holds more code in front of them.
TEST(RawBase, AnUnoptimisedBuildStaysAtTheStartOfItsFlash) {
    constexpr Address kFlash = 0x08000000;
    Blob file(0x1A00);
    const auto code = [&](std::size_t at, std::initializer_list<unsigned> halfwords) {
        for (const unsigned half : halfwords) {
            test::poke(file, at, half, 2);
            at += 2;
        }
    };
    for (std::size_t at = 0x40; at < 0x1900; at += 16) { // push {r7}; sub sp; add r7, sp; …; mov sp, r7; pop; bx lr
        code(at, {0xB480, 0xB083, 0xAF00, 0x6078, 0x370C, 0x46BD, 0xBC80, 0x4770});
    }
    test::poke(file, 0, 0x200A0000, 4);
    for (std::size_t index = 1; index < 16; ++index) {
        test::poke(file, 4 * index, static_cast<std::uint32_t>(kFlash + 0x1901 + 0x10 * index), 4);
        code(0x1900 + 0x10 * index, {0xB480, 0xAF00, 0xE7FE});
    }
    code(0x1910, {0xB580, 0xAF00, 0xF7FE, 0xFB94, 0xE7FE});
    const FirmwareImage image = parse(file);
    EXPECT_EQ(image.segments[0].address, kFlash);
}

TEST(RawBase, ATableOfTwoWordsAndAnUnalignedStackPointer) {
    // SP 0x2004FFFF; reset behind two vectors: ldr r0, [pc]; mov sp, r0; b .
    const FirmwareImage image = parse(words({0x2004FFFF, 0x08000009, 0x46854801, 0xE7FEE7FE, 0x2004FFFF, 0, 0, 0}));
    EXPECT_EQ(image.segments[0].address, 0x08000000U);
    EXPECT_THAT(image.baseNote, HasSubstr("suggests 0x08000000"));
}

TEST(RawBase, AFileForAnotherKindOfCoreIsNamed) {
    Blob arm;
    for (int i = 0; i < 8; ++i) {
        const Blob word = words({0xE59FF018});
        arm.insert(arm.end(), word.begin(), word.end());
    }
    EXPECT_THAT(errorOf(arm), HasSubstr("code in ARM state, as for Cortex-A"));
    EXPECT_THAT(errorOf(words({0x100202E9, 0x400805B4, 0, 0x00000009, 0, 0, 0, 0})), HasSubstr("ESP32-S3 (Xtensa)"));
    EXPECT_THAT(errorOf(words({0x100202E9, 0x403802B4, 0, 0x00000005, 0, 0, 0, 0})), HasSubstr("ESP32-C3 (RISC-V)"));
    Blob pico = rawFirmware(0x10000000);
    test::poke(pico, 0x200, 0xFFFFDED3, 4);
    test::poke(pico, 0x204, 0x10210142, 4);
    EXPECT_THAT(errorOf(pico), HasSubstr("RP2350 (Cortex-M33)"));
}

TEST(ElfSegments, OneWithoutBytesTakesNoneOfTheFile) {
    test::ElfBuilder elf;
    elf.segment(0x08000000, words({0x20010000, 0x08000009, 0xE7FEE7FE}));
    elf.segments.push_back({0x20000000, 0x20000000, {}, 0x400, 6});
    Blob file = elf.build();
    test::poke(file, 52 + 32 + 4, 0x00020000, 4); // its offset: beyond the file
    const FirmwareImage image = parse(file);
    ASSERT_EQ(image.segments.size(), 2U);
    EXPECT_EQ(image.segments[1].memorySize, 0x400U);
}

} // namespace
} // namespace simprof
