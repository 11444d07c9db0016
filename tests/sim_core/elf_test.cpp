// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/error.h"
#include "sim_core/image/firmware_image.h"
#include "tests/support/elf_builder.h"

#include <fmt/format.h>
#include <functional>
#include <gmock/gmock.h>

namespace simprof {
namespace {

using test::Blob;
using test::ElfBuilder;
using test::poke;
using test::smallFirmware;
using test::words;
using testing::HasSubstr;
namespace at = test::elf_offset;

FirmwareImage parse(Blob file) { return parseFirmware("fw.elf", std::move(file), std::nullopt); }

std::string errorOf(Blob file) {
    try {
        parse(std::move(file));
    } catch (const Error& error) {
        return error.what();
    }
    return "(no error)";
}

TEST(Elf, SegmentsAtTheirPhysicalAddress) {
    const FirmwareImage image = parse(smallFirmware().build());
    EXPECT_EQ(image.format, FirmwareImage::Format::Elf);
    EXPECT_STREQ(nameOf(image.format), "elf");
    EXPECT_EQ(image.entry, 0x08000009U);
    std::string out;
    for (const ImageSegment& s : image.segments) {
        out += fmt::format("{:08X} runs at {:08X}: {} of {} {}{}\n", s.address, s.runAddress, s.bytes.size(),
                           s.memorySize, s.executable ? "x" : "-", s.writable ? "w" : "-");
    }
    EXPECT_EQ(out, "08000000 runs at 08000000: 24 of 24 x-\n"
                   "08000018 runs at 20000000: 8 of 8 -w\n"
                   "08000020 runs at 20000008: 0 of 1024 -w\n");
    EXPECT_EQ(image.wordAt(0x0800001c), 2U);
}

TEST(Elf, Symbols) {
    ElfBuilder elf = smallFirmware();
    elf.symbol({"$d.realdata", 0x0800000c, 0, ElfBuilder::NoType, ElfBuilder::Local});
    elf.symbol({"undefined", 0, 0, ElfBuilder::Function, ElfBuilder::Global, 0});
    elf.symbol({"file.c", 0, 0, ElfBuilder::File, ElfBuilder::Local, 0xfff1});
    elf.symbol({"main", 0x0800000d, 4}); // twice in the table
    elf.symbol({"helper", 0x0800000d, 4, ElfBuilder::Function, ElfBuilder::Weak});
    elf.symbol({"$tar", 0x08000010, 2, ElfBuilder::Function, ElfBuilder::Local});
    std::string out;
    for (const ImageSymbol& s : parse(elf.build()).symbols) {
        out += fmt::format("{:08X} {} {} {}{}\n", s.address, s.size, s.name, "FO-"[static_cast<int>(s.kind)],
                           s.weak     ? " weak"
                           : s.global ? " global"
                                      : "");
    }
    EXPECT_EQ(out, "08000008 4 Reset_Handler F global\n"
                   "0800000C 4 helper F weak\n"
                   "0800000C 4 main F global\n"
                   "08000010 2 $tar F\n"
                   "20000000 4 counter O global\n"
                   "20010000 0 _estack - global\n");
}

TEST(Elf, BuildAttributes) {
    const BuildAttributes m4 = parse(smallFirmware().build()).attributes;
    EXPECT_EQ(m4.cpuName, "7E-M");
    EXPECT_EQ(m4.cpuArch, 13U);
    EXPECT_EQ(m4.profile, 'M');
    EXPECT_TRUE(m4.fpSingle);
    EXPECT_FALSE(m4.fpDouble);
    EXPECT_FALSE(m4.mve);
    const auto of = [](std::initializer_list<unsigned> tags) {
        return parse(smallFirmware().fileAttributes(tags).build()).attributes;
    };
    EXPECT_TRUE(of({6, 13, 7, 'M', 10, 8}).fpDouble) << "M7 with FPv5-D16";
    EXPECT_EQ(of({6, 13, 7, 'M', 10, 8}).fpVersion, 5U);
    EXPECT_EQ(m4.fpVersion, 4U);
    EXPECT_EQ(of({6, 12, 7, 'M'}).cpuArch, 12U) << "M0+";
    EXPECT_FALSE(of({6, 12, 7, 'M'}).fpSingle);
    EXPECT_EQ(of({6, 12, 7, 'M'}).fpVersion, 0U);
    // Tag 32 is a number and a text; 65 and 67 are texts; 100 is unknown, even, and so a number of two ULEB bytes here.
    EXPECT_EQ(of({32, 1, 'g', 'n', 'u', 0, 67, '2', 0, 100, 0x80, 1, 6, 13}).cpuArch, 13U);
    EXPECT_EQ(parse([] {
                  ElfBuilder e = smallFirmware();
                  e.attributes.clear();
                  return e.build();
              }())
                  .attributes.cpuArch,
              std::nullopt);
}

TEST(Elf, LyingAttributesAreLeftUnset) {
    for (const std::size_t cut : {0, 1, 4, 5, 10, 12, 15, 20}) {
        ElfBuilder elf = smallFirmware();
        elf.attributes.resize(std::max<std::size_t>(cut, 1));
        EXPECT_EQ(parse(elf.build()).segments.size(), 3U) << cut;
    }
    ElfBuilder elf = smallFirmware();
    poke(elf.attributes, 1, 0xffffffff, 4);
    EXPECT_EQ(parse(elf.build()).attributes.cpuArch, 13U) << "too long: what is there is read";
    poke(elf.attributes, 1, 3, 4);
    EXPECT_EQ(parse(elf.build()).attributes.cpuArch, std::nullopt) << "too short to be a subsection";
}

TEST(Elf, ForeignMachinesAreNamed) {
    struct Row {
        unsigned machine;
        const char* name;
    };
    const Row rows[] = {{94, "Xtensa"},  {45, "ARC"},     {93, "ARC"},      {195, "ARC"},
                        {243, "RISC-V"}, {62, "x86-64"},  {183, "AArch64"}, {3, "x86"},
                        {83, "AVR"},     {105, "MSP430"}, {8, "MIPS"},      {9999, "ELF machine number 9999"}};
    for (const Row& row : rows) {
        ElfBuilder elf = smallFirmware();
        elf.machine = static_cast<std::uint16_t>(row.machine);
        EXPECT_EQ(errorOf(elf.build()).rfind("'fw.elf' is for ", 0), 0U);
        EXPECT_THAT(errorOf(elf.build()), HasSubstr(row.name));
    }
}

TEST(Elf, ForeignArmCoresAreNamed) {
    struct Row {
        std::initializer_list<unsigned> tags;
        const char* name;
    };
    const Row rows[] = {
        {{6, 10, 7, 'A'}, "application profile (Cortex-A)"},
        {{6, 10, 7, 'R'}, "real-time profile (Cortex-R)"},
        {{6, 14, 7, 'A'}, "Armv8-A"},
        {{6, 15, 7, 'R'}, "Armv8-R (Cortex-R52)"},
        {{6, 2}, "Armv4T (ARM7TDMI, ARM9TDMI)"},
        {{6, 5}, "Armv5TEJ (ARM926EJ-S)"},
        {{6, 16, 7, 'M'}, "Armv8-M Baseline (Cortex-M23); simprof runs Cortex-M0, M0+, M4 and M7"},
        {{6, 17, 7, 'M'}, "Armv8-M Mainline (Cortex-M33); simprof runs Cortex-M0, M0+, M4 and M7"},
        {{6, 21, 7, 'M'}, "Armv8.1-M Mainline (Cortex-M55, M85); simprof runs Cortex-M0, M0+, M4 and M7"},
        {{6, 21, 7, 'M', 48, 2}, "MVE (Helium vectors; Cortex-M55, M85); simprof runs Cortex-M0, M0+, M4 and M7"},
        {{6, 99}, "an Arm architecture of unknown number 99"},
    };
    for (const Row& row : rows) {
        EXPECT_THAT(errorOf(smallFirmware().fileAttributes(row.tags).build()), HasSubstr(row.name));
    }
    for (const unsigned runs : {10, 11, 12, 13}) { // v7-M (M3), v6-M, v6S-M, v7E-M
        EXPECT_EQ(errorOf(smallFirmware().fileAttributes({6, runs, 7, 'M'}).build()), "(no error)");
    }
}

TEST(Elf, ArmStateWithoutAttributesIsRecognised) {
    ElfBuilder elf;
    elf.entry = 0x00008000;
    elf.segment(0x00008000, words({0xe59ff018, 0xe59ff018, 0xe1a00000})); // LDR PC, [PC, #24]
    EXPECT_THAT(errorOf(elf.build()), HasSubstr("starts in ARM state"));
    ElfBuilder thumb = smallFirmware(); // Zephyr and others give the entry without its Thumb bit
    thumb.attributes.clear();
    thumb.entry = 0x08000008;
    thumb.segments[0].bytes = words({0x20010000, 0x08000009, 0xe7fee7fe});
    EXPECT_EQ(errorOf(thumb.build()), "(no error)");
}

TEST(Elf, BadFilesAreNamed) {
    struct Row {
        const char* what;
        std::function<void(Blob&)> damage;
    };
    const std::size_t second = at::kFirstSegment + at::kSegmentHeaderSize;
    const Row rows[] = {
        {"is a 64-bit ELF file", [](Blob& f) { poke(f, at::kClass, 2, 1); }},
        {"is big-endian", [](Blob& f) { poke(f, at::kData, 2, 1), poke(f, at::kMachine, 0x2800, 2); }},
        {"its class and byte order are no valid values", [](Blob& f) { poke(f, at::kClass, 7, 1); }},
        {"its version is no valid value", [](Blob& f) { poke(f, at::kIdentVersion, 66, 1); }},
        {"is a relocatable object, not linked yet", [](Blob& f) { poke(f, at::kType, 1, 2); }},
        {"is a shared library", [](Blob& f) { poke(f, at::kType, 3, 2); }},
        {"is a core dump", [](Blob& f) { poke(f, at::kType, 4, 2); }},
        {"its type is no valid value", [](Blob& f) { poke(f, at::kType, 77, 2); }},
        {"its ELF header should end at byte 52, the file has 40", [](Blob& f) { f.resize(40); }},
        {"is cut short or damaged: its table of section headers", [](Blob& f) { f.resize(f.size() - 1); }},
        {"is cut short or damaged: its table of section headers", [](Blob& f) { poke(f, at::kShoff, 0xfffffff0, 4); }},
        {"its table of program headers should end at", [](Blob& f) { poke(f, at::kPhoff, 0x7ffffff0, 4); }},
        {"its table of program headers should end at", [](Blob& f) { poke(f, at::kPhnum, 0x7fff, 2); }},
        {"segment 0 should end at byte 4294967319",
         [](Blob& f) { poke(f, at::kFirstSegment + at::kSegmentOffset, 0xffffffff, 4); }},
        {"segment 1 has 8 bytes in the file and only 4 in memory",
         [=](Blob& f) { poke(f, second + at::kSegmentMemorySize, 4, 4); }},
        {"segment 1 claims 4294967295 bytes of memory",
         [=](Blob& f) { poke(f, second + at::kSegmentMemorySize, 0xffffffff, 4); }},
        {"segment 1 at 0xFFFFFFFC goes beyond the 32-bit address space",
         [=](Blob& f) { poke(f, second + at::kSegmentAddress, 0xfffffffc, 4); }},
        {"its segments at 0x08000000 and 0x08000014 overlap",
         [=](Blob& f) { poke(f, second + at::kSegmentAddress, 0x08000014, 4); }},
        {"has no loadable segment with contents", [](Blob& f) { poke(f, at::kPhnum, 0, 2); }},
    };
    for (const Row& row : rows) {
        Blob file = smallFirmware().build();
        row.damage(file);
        const std::string error = errorOf(std::move(file));
        EXPECT_THAT(error, HasSubstr(row.what));
        if (error.find("damaged") != std::string::npos) {
            EXPECT_THAT(error, testing::EndsWith("; build or copy it again"));
        }
    }
}

TEST(Elf, SectionsPastTheEndAreNamed) {
    const Blob file = smallFirmware().build();
    const auto table = static_cast<std::size_t>(std::to_integer<unsigned>(file[at::kShoff])) |
                       static_cast<std::size_t>(std::to_integer<unsigned>(file[at::kShoff + 1])) << 8;
    Blob damaged = file;
    poke(damaged, table + 40 + 20, 0x1000000, 4); // sh_size of section 1
    EXPECT_THAT(errorOf(damaged), HasSubstr("its section 1 should end at"));
}

TEST(Elf, BssOnlyAndLinuxProgramsAreNoFirmware) {
    ElfBuilder bss;
    bss.segments.push_back({0x20000000, 0x20000000, {}, 0x1000});
    EXPECT_THAT(errorOf(bss.build()), HasSubstr("has no loadable segment with contents"));
    ElfBuilder program = smallFirmware();
    program.segments.push_back({0, 0, test::text("/lib/ld-linux-armhf.so.3"), 0, 4, 3});
    EXPECT_THAT(errorOf(program.build()), HasSubstr("operating system such as Linux"));
}

TEST(Elf, MemorySizesMayOverlapInFlash) {
    // .data with .bss in one segment: its 64 KiB of memory are at the run address, not behind its bytes in flash.
    ElfBuilder elf = smallFirmware();
    elf.segments[1].memorySize = 0x10000;
    elf.segment(0x08000100, words({1, 2, 3}));
    EXPECT_EQ(parse(elf.build()).segments.size(), 4U);
}

TEST(Elf, OwnHeadersAreNotLoaded) {
    ElfBuilder elf = smallFirmware();
    elf.headersInFirstSegment = true;
    const FirmwareImage image = parse(elf.build());
    EXPECT_EQ(image.segments[0].address, 0x08000000U);
    EXPECT_EQ(image.wordAt(0x08000000), 0x20010000U);
}

TEST(Elf, TakesNoBase) { EXPECT_THROW(parseFirmware("fw.elf", smallFirmware().build(), 0x08000000), Error); }

} // namespace
} // namespace simprof
