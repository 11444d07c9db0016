// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/error.h"
#include "sim_core/image/firmware_image.h"
#include "tests/support/elf_builder.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <unistd.h>

namespace simprof {
namespace {

using test::Blob;
using test::text;
using test::words;
using testing::AllOf;
using testing::HasSubstr;

std::string errorOf(Blob file, std::optional<Address> base = std::nullopt) {
    try {
        parseFirmware("fw", std::move(file), base);
    } catch (const Error& error) {
        return error.what();
    }
    return "(no error)";
}

TEST(Image, ForeignFilesAreNamed) {
    struct Row {
        const char* content;
        std::size_t size;
        const char* what;
    };
    const Row rows[] = {
        {"\x1f\x8b\x08\0\0\0\0\0", 8, "a gzip file"},
        {"PK\x03\x04....", 8, "a zip archive"},
        {"\xfd"
         "7zXZ\0..",
         8, "an xz file"},
        {"!<arch>\nabc", 11, "a static library"},
        {"S00600004844521B\r\n", 18, "S-record"},
        {"\x1c\0\0\0TFL3....", 12, ".tflite network"},
        {"MZ\x90\0\x03\0\0\0", 8, "a Windows program"},
        {"{\"schema\": 1}", 13, "a JSON text"},
        {"version https://git-lfs.example/v1\n", 35, "Git LFS pointer"},
        {"hello, this is text\n", 20, "a text file"},
    };
    for (const Row& row : rows) {
        EXPECT_THAT(errorOf(text({row.content, row.size})), HasSubstr(row.what));
        EXPECT_THAT(errorOf(text({row.content, row.size}), 0x08000000), HasSubstr(row.what))
            << "an address does not make it a firmware";
    }
    EXPECT_THAT(errorOf({}), HasSubstr("'fw' is empty"));
}

TEST(Image, RawIsPlacedAtTheBaseGiven) {
    const FirmwareImage image = parseFirmware("fw.bin", words({0x20001000, 0x00010101, 0xdeadbeef}), 0x10000);
    ASSERT_EQ(image.segments.size(), 1U);
    EXPECT_EQ(image.format, FirmwareImage::Format::Raw);
    EXPECT_STREQ(nameOf(image.format), "raw");
    EXPECT_EQ(image.segments[0].address, 0x10000U);
    EXPECT_EQ(image.segments[0].memorySize, 12U);
    EXPECT_EQ(image.baseNote, "");
    EXPECT_EQ(image.wordAt(0x10008), 0xdeadbeefU);
    EXPECT_EQ(image.wordAt(0x10009), std::nullopt);
    EXPECT_EQ(image.wordAt(0xffff), std::nullopt);
    EXPECT_EQ(image.bytesAt(0x10000, 12).size(), 12U);
    EXPECT_EQ(image.bytesAt(0x10000, 13).size(), 0U);
    EXPECT_THAT(errorOf(words({1, 2}), 0xfffffffc), HasSubstr("too many to be placed at 0xFFFFFFFC"));
}

/// 64 bytes of vector table and code up to `size`: handlers branch to themselves at `code`, the reset handler pushes
/// behind them.
Blob rawFirmware(Address stack, Address base, std::size_t code, std::size_t size) {
    Blob file(size);
    const auto handler = static_cast<std::uint32_t>(base + code + 1);
    test::poke(file, 0, stack, 4);
    test::poke(file, 4, handler + 2, 4);
    for (const std::size_t index : {2, 3, 11, 14, 15}) {
        test::poke(file, 4 * index, handler, 4);
    }
    test::poke(file, code, 0xe7fe, 2);
    test::poke(file, code + 2, 0xb510, 2);
    return file;
}

TEST(Image, RawBaseFollowsFromTheVectorTable) {
    struct Row {
        const char* what;
        Address stack;
        Address base;
        std::size_t code;
        std::size_t size;
    };
    const Row rows[] = {
        {"STM32", 0x20010000, 0x08000000, 0x200, 0x1000},
        {"nRF52, LPC", 0x20010000, 0x00000000, 0x200, 0x1000},
        {"Apollo3 behind its boot loader", 0x10060000, 0x0000c000, 0x208, 0x2000},
        {"STM32 behind a boot loader of 16 KiB, larger than that itself", 0x20050000, 0x08004000, 0x5100, 0x9000},
        {"a small application behind a boot loader of 256 KiB", 0x20010000, 0x08040000, 0x200, 0x800},
        {"i.MX RT", 0x20020000, 0x60002000, 0x404, 0x1000},
    };
    for (const Row& row : rows) {
        const FirmwareImage image =
            parseFirmware("fw", rawFirmware(row.stack, row.base, row.code, row.size), std::nullopt);
        EXPECT_EQ(image.segments[0].address, row.base) << row.what;
        EXPECT_THAT(image.baseNote, HasSubstr("the vector table of the raw binary suggests")) << row.what;
    }
    Blob pico(0x100, std::byte{0xaa});
    const Blob application = rawFirmware(0x20042000, 0x10000100, 0x100, 0x400);
    pico.insert(pico.end(), application.begin(), application.end());
    EXPECT_EQ(parseFirmware("pico", pico, std::nullopt).segments[0].address, 0x10000000U);
}

/// At another place all handlers look a little better by chance; boot loaders take whole pages.
TEST(Image, RawBaseIsAWholePageUnlessAnotherPlaceIsMuchBetter) {
    constexpr Address kBase = 0x0000C000, kChance = 0x0000AE00;
    Blob file = rawFirmware(0x10014000, kBase, 0x1804, 0x4000);
    test::poke(file, 0x1802, 0x2001, 2); // no function ends ahead of the handlers
    for (const std::size_t at : {0x1804U, 0x1806U}) {
        const std::size_t there = at + (kBase - kChance);
        test::poke(file, there - 2, 0x4770, 2);
        test::poke(file, there, at == 0x1804 ? 0x4770 : 0xB510, 2);
    }
    EXPECT_EQ(parseFirmware("fw", file, std::nullopt).segments[0].address, kBase);
}

TEST(Image, RawWithoutVectorTableNeedsABase) {
    const auto wanted = HasSubstr("give --base ADDRESS");
    EXPECT_THAT(errorOf(Blob(256, std::byte{0xff})), wanted);
    EXPECT_THAT(errorOf(Blob(256)), wanted);
    EXPECT_THAT(errorOf(Blob(3, std::byte{1})), wanted);
    EXPECT_THAT(errorOf(rawFirmware(0x50010000, 0x08000000, 0x200, 0x1000)), wanted) << "no RAM there";
    EXPECT_THAT(errorOf(rawFirmware(0x20010000, 0x08000001, 0x200, 0x1000)), wanted) << "handlers without Thumb bit";
    EXPECT_THAT(errorOf(rawFirmware(0x20010000, 0x40000000, 0x200, 0x1000)), wanted) << "no flash there";
}

Blob uf2Block(std::uint32_t flags, Address address, std::uint32_t size, std::uint32_t family) {
    Blob block = words({0x0a324655, 0x9e5d5157, flags, address, size, 0, 1, family});
    block.resize(512, std::byte{0x5a});
    test::poke(block, 508, 0x0ab16f30, 4);
    return block;
}

Blob joined(std::initializer_list<Blob> parts) {
    Blob all;
    for (const Blob& part : parts) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

TEST(Image, Uf2) {
    constexpr std::uint32_t kRp2040 = 0xe48bff56;
    const Blob file = joined({uf2Block(0x2000, 0x10000100, 256, kRp2040), uf2Block(0x2000, 0x10000000, 256, kRp2040),
                              uf2Block(0x1, 0, 256, 0), uf2Block(0x2000, 0x10000400, 16, kRp2040)});
    const FirmwareImage image = parseFirmware("fw.uf2", file, std::nullopt);
    EXPECT_STREQ(nameOf(image.format), "uf2");
    ASSERT_EQ(image.segments.size(), 2U);
    EXPECT_EQ(image.segments[0].address, 0x10000000U);
    EXPECT_EQ(image.segments[0].bytes.size(), 512U);
    EXPECT_EQ(image.segments[1].address, 0x10000400U);
    EXPECT_EQ(image.segments[1].bytes.size(), 16U);
}

TEST(Image, BadUf2) {
    const Blob good = uf2Block(0, 0x10000000, 256, 0);
    Blob damaged = good;
    test::poke(damaged, 508, 0, 4);
    EXPECT_THAT(errorOf(damaged), HasSubstr("block 0: the magic numbers"));
    EXPECT_THAT(errorOf({good.begin(), good.end() - 1}), HasSubstr("cut short"));
    Blob ofThree = good;
    test::poke(ofThree, 24, 3, 4);
    EXPECT_THAT(errorOf(ofThree), HasSubstr("is cut short: it holds 1 of 3 blocks"));
    EXPECT_THAT(errorOf(joined({good, good})), HasSubstr("gives address 0x10000000 twice"));
    EXPECT_THAT(errorOf(uf2Block(0, 0x10000000, 477, 0)), HasSubstr("at most 476 bytes"));
    EXPECT_THAT(errorOf(uf2Block(0, 0xffffffff, 256, 0)), HasSubstr("beyond the 32-bit address space"));
    EXPECT_THAT(errorOf(uf2Block(1, 0x10000000, 256, 0)), HasSubstr("nothing to run"));
    EXPECT_THAT(errorOf(uf2Block(0x2000, 0x10000000, 256, 0x1c5f21b0)), HasSubstr("ESP32"));
    EXPECT_THAT(errorOf(good, 0x10000000), HasSubstr("leave --base out"));
}

class ImageFile : public testing::Test {
protected:
    ImageFile() {
        m_folder = std::filesystem::temp_directory_path() / ("simprof_image_test_" + std::to_string(getpid()));
        std::filesystem::create_directories(m_folder);
    }
    ~ImageFile() override { std::filesystem::remove_all(m_folder); }

    std::filesystem::path write(const std::string& name, const Blob& bytes) const {
        std::ofstream(m_folder / name, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return m_folder / name;
    }
    static std::string errorOf(const std::filesystem::path& path) {
        try {
            readFirmware(path, std::nullopt);
        } catch (const Error& error) {
            return error.what();
        }
        return "(no error)";
    }

    std::filesystem::path m_folder;
};

TEST_F(ImageFile, IsReadWholeAndNamedWithoutFolders) {
    const Blob bytes = test::smallFirmware().build();
    const FirmwareImage image = readFirmware(write("small.elf", bytes), std::nullopt);
    EXPECT_EQ(image.name, "small.elf");
    EXPECT_EQ(image.file, bytes);
    EXPECT_EQ(image.sha256.size(), 64U);
}

TEST_F(ImageFile, RecognisedByContentNotByExtension) {
    EXPECT_EQ(readFirmware(write("really_elf.hex", test::smallFirmware().build()), std::nullopt).format,
              FirmwareImage::Format::Elf);
    EXPECT_EQ(readFirmware(write("really_hex.bin", text(":0100000055AA\n:00000001FF\n")), std::nullopt).format,
              FirmwareImage::Format::Hex);
}

TEST_F(ImageFile, ThatCannotBeReadIsNamed) {
    EXPECT_THAT(errorOf(m_folder / "missing.elf"), AllOf(HasSubstr("missing.elf"), HasSubstr("does not exist")));
    EXPECT_THAT(errorOf(m_folder), HasSubstr("is a folder"));
    EXPECT_THAT(errorOf("/dev/null"), HasSubstr("is a device or pipe"));
    EXPECT_THAT(errorOf(write("empty.elf", {})), HasSubstr("is empty"));
    EXPECT_THAT(errorOf(write("below", {}) / "fw.elf"), HasSubstr("fw.elf"));
    const auto locked = write("locked.elf", words({1}));
    std::filesystem::permissions(locked, std::filesystem::perms::none);
    if (access(locked.c_str(), R_OK) != 0) { // the superuser reads everything
        EXPECT_THAT(errorOf(locked), HasSubstr("cannot be opened for reading"));
    }
}

} // namespace
} // namespace simprof
