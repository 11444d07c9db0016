// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/symbols/line_table.h"
#include "profiler/symbols/source_path.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/error.h"
#include "tests/fuzz/mutate.h"
#include "tests/support/elf_builder.h"

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <unistd.h>

namespace simprof {
namespace {

using test::Blob;
using test::text;

/// Bytes of DWARF: numbers, and text with its terminating zero.
struct Bytes {
    Blob blob;

    Bytes& u8(std::initializer_list<unsigned> values) {
        for (const unsigned value : values) {
            blob.push_back(static_cast<std::byte>(value));
        }
        return *this;
    }
    Bytes& u16(std::uint32_t value) { return number(value, 2); }
    Bytes& u32(std::uint32_t value) { return number(value, 4); }
    Bytes& str(std::string_view value) {
        const Blob added = text(value);
        blob.insert(blob.end(), added.begin(), added.end());
        return u8({0});
    }
    /// These bytes behind a 32-bit number that says how many they are.
    Blob withLength() const {
        Blob out(4);
        test::poke(out, 0, static_cast<std::uint32_t>(blob.size()), 4);
        out.insert(out.end(), blob.begin(), blob.end());
        return out;
    }

private:
    Bytes& number(std::uint32_t value, std::size_t size) {
        blob.resize(blob.size() + size);
        test::poke(blob, blob.size() - size, value, size);
        return *this;
    }
};

/// Three kinds of DIE (DWARF 5, section 7.5.3): number, tag, children, then pairs of attribute and form.
Blob abbreviations() {
    return Bytes()
        .u8({1, 0x11, 1, 0x03, 0x08, 0x1b, 0x08, 0x11, 0x01, 0x12, 0x06, 0x10, 0x17, 0,
             0})                                                    // unit: name, folder, range, lines
        .u8({2, 0x2e, 0, 0x03, 0x08, 0x6e, 0x08, 0, 0})             // function: name, linkage name
        .u8({3, 0x2e, 1, 0x03, 0x08, 0x11, 0x01, 0x12, 0x06, 0, 0}) // function: name, range
        .u8({4, 0x1d, 0, 0x31, 0x13, 0x11, 0x01, 0x12, 0x06, 0x58, 0x0b, 0x59, 0x0b, 0x57, 0x0b, 0, 0}) // inlined call
        .u8({0})
        .blob;
}

/// One unit, with outer() at [0x08000010, 0x08000030) and in it, at [0x08000018, 0x08000020), inner(int) called in
/// line 7.
Blob information() {
    Bytes unit;
    unit.u16(5).u8({1, 4}).u32(0);
    unit.u8({1}).str("src/main.cpp").str("/home/user/project/build").u32(0x08000010).u32(0x20).u32(0);
    const auto inner = static_cast<std::uint32_t>(unit.blob.size() + 4); // references count from the length field
    unit.u8({2}).str("inner").str("_Z5inneri");
    unit.u8({3}).str("outer").u32(0x08000010).u32(0x20);
    unit.u8({4}).u32(inner).u32(0x08000018).u32(8).u8({1, 7, 12});
    unit.u8({0, 0});
    return unit.withLength();
}

/// Lines of three files (DWARF 5, section 6.2.4): main.cpp, util.h below the project and a file of the toolchain.
Blob lines() {
    Bytes header; // behind the header length
    header.u8({1, 1, 1, 0xfb, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1});
    header.u8({1, 1, 0x08, 3}).str("/home/user/project/build").str("/home/user/project/src").str("/opt/gcc/libgcc/arm");
    header.u8({2, 1, 0x08, 2, 0x0f, 4})
        .str("main.cpp")
        .u8({1})
        .str("main.cpp")
        .u8({1})
        .str("util.h")
        .u8({1})
        .str("lib1funcs.S")
        .u8({2});
    Bytes program;
    program.u8({0, 5, 2}).u32(0x08000010).u8({5, 3, 3, 9, 1}); // at 0x08000010: main.cpp, column 3, line 1 + 9
    program.u8({2, 8, 4, 2, 5, 5, 3, 0x7c, 1});                // 8 bytes on: util.h, column 5, line 10 - 4
    program.u8({2, 8, 4, 1, 5, 0, 3, 14, 1});                  // 8 bytes on: main.cpp, line 6 + 14
    program.u8({2, 8, 4, 3, 3, 5, 1, 2, 8, 0, 1, 1}); // 8 bytes on: lib1funcs.S, line 20 + 5; the end after 8 more
    Bytes unit;
    unit.u16(5).u8({4, 0}).u32(static_cast<std::uint32_t>(header.blob.size()));
    unit.blob.insert(unit.blob.end(), header.blob.begin(), header.blob.end());
    unit.blob.insert(unit.blob.end(), program.blob.begin(), program.blob.end());
    return unit.withLength();
}

Blob firmwareWithDwarf() {
    test::ElfBuilder elf;
    elf.segment(0x08000000, Blob(0x100));
    elf.sections.push_back({".debug_info", information()});
    elf.sections.push_back({".debug_abbrev", abbreviations()});
    elf.sections.push_back({".debug_line", lines()});
    return elf.build();
}

std::string shown(const LineTable& table, Address address) {
    std::string out;
    for (const InlineFrame& frame : table.frames(address)) {
        out += fmt::format("{}{} {}:{}:{}", out.empty() ? "" : " < ", frame.function, frame.at.file, frame.at.line,
                           frame.at.column);
    }
    return out;
}

TEST(SymbolsLines, FilesLinesAndInlinedCalls) {
    const FirmwareImage image = parseFirmware("fw", firmwareWithDwarf(), std::nullopt);
    const LineTable table(image);
    ASSERT_TRUE(table.available());
    EXPECT_EQ(shown(table, 0x08000010), "outer src/main.cpp:10:3");
    EXPECT_EQ(shown(table, 0x08000011), "outer src/main.cpp:10:3") << "with the Thumb bit";
    EXPECT_EQ(shown(table, 0x08000016), "outer src/main.cpp:10:3");
    EXPECT_EQ(shown(table, 0x08000020), "outer src/main.cpp:20:0");
    EXPECT_EQ(shown(table, 0x08000028), "outer arm/lib1funcs.S:25:0")
        << "of a file from elsewhere the last parts remain";
    EXPECT_EQ(shown(table, 0x0800000e), "");
    EXPECT_EQ(shown(table, 0x08000030), "");
    EXPECT_EQ(shown(table, 0x08000018), "inner(int) src/util.h:6:5 < outer src/main.cpp:7:12");
    EXPECT_EQ(table.at(0x08000030), std::nullopt);
    EXPECT_EQ(table.at(0x0800001c), (SourceLocation{"src/util.h", 6, 5}));
}

TEST(SymbolsLines, NothingWithoutDwarf) {
    const FirmwareImage stripped = parseFirmware("fw", test::smallFirmware().build(), std::nullopt);
    EXPECT_FALSE(LineTable(stripped).available());
    EXPECT_EQ(LineTable(stripped).at(0x08000008), std::nullopt);
    EXPECT_TRUE(LineTable(stripped).frames(0x08000008).empty());
    const FirmwareImage hex = parseFirmware("fw", text(":0100000055AA\n:00000001FF\n"), std::nullopt);
    EXPECT_FALSE(LineTable(hex).available());
}

TEST(SymbolsLines, TheImageMayBeMoved) {
    FirmwareImage image = parseFirmware("fw", firmwareWithDwarf(), std::nullopt);
    LineTable table(image);
    const FirmwareImage moved = std::move(image);
    const LineTable movedTable = std::move(table);
    EXPECT_EQ(shown(movedTable, 0x08000010), "outer src/main.cpp:10:3");
}

TEST(SymbolsLines, DamagedDwarfGivesFewerAnswersAndNoException) {
    const Blob file = firmwareWithDwarf();
    test::Random random(11);
    const auto allShown = [](const Blob& bytes) {
        const FirmwareImage image = parseFirmware("fuzz", bytes, std::nullopt);
        const LineTable table(image);
        std::string all;
        for (Address address = 0x08000000; address < 0x08000040; address += 4) {
            all += shown(table, address) + "\n";
        }
        return all;
    };
    const std::string whole = allShown(file);
    unsigned same = 0;
    unsigned different = 0;
    for (int i = 0; i < 4000; ++i) {
        SCOPED_TRACE(i);
        try {
            (allShown(test::mutated(file, random)) == whole ? same : different)++;
        } catch (const Error&) { // the ELF around it is damaged
        }
    }
    EXPECT_GT(same, 100U);
    EXPECT_GT(different, 100U);
}

/// A firmware whose only unit has these children: functions (kind 2) and blocks (kind 3), each with a sibling and a
/// range, 13 bytes.
Blob firmwareWithBlocks(const std::function<void(Bytes&)>& addChildren) {
    const Blob kinds = Bytes()
                           .u8({1, 0x11, 1, 0x11, 0x01, 0x12, 0x06, 0, 0})             // unit: range
                           .u8({2, 0x2e, 1, 0x01, 0x13, 0x11, 0x01, 0x12, 0x06, 0, 0}) // function: sibling, range
                           .u8({3, 0x0b, 1, 0x01, 0x13, 0x11, 0x01, 0x12, 0x06, 0, 0}) // block: sibling, range
                           .u8({0})
                           .blob;
    Bytes unit;
    unit.u16(5).u8({1, 4}).u32(0).u8({1}).u32(0x08000010).u32(0x20);
    addChildren(unit);
    test::ElfBuilder elf;
    elf.segment(0x08000000, Blob(0x100));
    elf.sections.push_back({".debug_info", unit.withLength()});
    elf.sections.push_back({".debug_abbrev", kinds});
    return elf.build();
}

TEST(SymbolsLines, EntriesInCirclesEnd) {
    constexpr std::uint32_t kFirstChild = 4 + 8 + 9; // behind length, header and the unit's own entry
    struct Row {
        const char* what;
        std::function<void(Bytes&)> children;
    };
    const Row rows[] = {
        {"a function that is its own sibling",
         [](Bytes& b) {
             b.u8({2}).u32(kFirstChild).u32(0x08000010).u32(0x20).u8({0, 0});
         }},
        {"a block that is its own sibling",
         [](Bytes& b) {
             b.u8({2}).u32(kFirstChild + 26).u32(0x08000010).u32(0x20);
             b.u8({3}).u32(kFirstChild + 13).u32(0x08000050).u32(0x20).u8({0, 0});
         }},
        {"functions that are both child and sibling of the one before: 2^60 ways through them",
         [](Bytes& b) {
             for (std::uint32_t i = 0; i < 60; ++i) {
                 b.u8({2}).u32(kFirstChild + 13 * (i + 1)).u32(0x08000010).u32(0x20);
             }
             b.u8({0, 0});
         }},
        {"blocks nested 20000 deep",
         [](Bytes& b) {
             b.u8({2}).u32(kFirstChild).u32(0x08000010).u32(0x20);
             for (std::uint32_t i = 0; i < 20000; ++i) {
                 b.u8({3}).u32(kFirstChild).u32(0x08000010).u32(0x20);
             }
         }},
    };
    for (const Row& row : rows) {
        const FirmwareImage image = parseFirmware("fw", firmwareWithBlocks(row.children), std::nullopt);
        const LineTable table(image);
        EXPECT_TRUE(table.available()) << row.what;
        EXPECT_EQ(table.frames(0x08000010).size(), 1U) << row.what;
    }
}

TEST(SymbolsLines, ReportedPathsKnowNothingOfTheHost) {
    struct Row {
        const char* path;
        const char* folder;
        const char* reported;
    };
    const Row rows[] = {
        {"/home/a/fw/src/x.c", "/home/a/fw", "src/x.c"},
        {"/home/a/fw/src/x.c", "/home/a/fw/build", "src/x.c"},
        {"/home/a/fw/build/../src/./x.c", "/home/a/fw/build/release", "src/x.c"},
        {"../../src/x.c", "/home/a/fw/build", "src/x.c"},
        {"src/x.c", "", "src/x.c"},
        {"/fw/src/x.c", "/fw", "src/x.c"},
        {"/usr/include/newlib/sys/types.h", "/home/a/fw", "sys/types.h"},
        {"/home/b/lib/y.c", "/home/a/fw", "lib/y.c"},
        {"/x.c", "/home/a/fw", "x.c"},
        {"C:\\fw\\src\\x.c", "C:\\fw", "src/x.c"},
        {"C:/fw/src/x.c", "D:/fw", "src/x.c"},
        {"../../../../etc/passwd", "/home/a", "etc/passwd"},
        {"", "/home/a", ""},
        {"/", "/home/a", ""},
        {"/home/a", "/home/a", "home/a"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(reportedSourcePath(row.path, row.folder), row.reported) << row.path << " in " << row.folder;
    }
}

/// A folder that is gone at the end.
class Scratch {
public:
    Scratch()
        : path(std::filesystem::temp_directory_path() / fmt::format("simprof_symbols_test_{}", getpid())) {
        std::filesystem::create_directories(path);
    }
    ~Scratch() { std::filesystem::remove_all(path); }

    void write(const std::string& name, std::string_view content) const {
        std::filesystem::create_directories((path / name).parent_path());
        std::ofstream(path / name) << content;
    }
    /// Runs the Arm compiler in this folder; false when there is none.
    bool compile(const std::string& arguments) const {
        const std::string command =
            fmt::format("cd '{}' && arm-none-eabi-g++ -mcpu=cortex-m4 -mthumb -nostdlib -fno-exceptions -g "
                        "-Ttext=0x08000000 -Wl,-e,entry {} > log.txt 2>&1",
                        path.string(), arguments);
        return std::system(command.c_str()) == 0;
    }

    std::filesystem::path path;
};

TEST(SymbolsLines, SourceTextIsFoundUnderTheRootsOnly) {
    const Scratch scratch;
    scratch.write("one/src/x.c", "first\r\nsecond\n");
    scratch.write("two/x.c", "other\n");
    scratch.write("secret.c", "secret\n");
    const SourceFinder both({scratch.path / "one", scratch.path / "two"});
    EXPECT_EQ(both.lines("src/x.c"), (std::vector<std::string>{"first", "second"}));
    EXPECT_EQ(both.lines("firmware/src/x.c"), (std::vector<std::string>{"first", "second"}))
        << "leading folders are left off";
    EXPECT_EQ(SourceFinder({scratch.path / "two"}).lines("src/x.c"), (std::vector<std::string>{"other"}));
    EXPECT_EQ(both.lines("../secret.c"), std::nullopt) << "a name cannot leave the roots";
    EXPECT_EQ(both.lines((scratch.path / "secret.c").string()), std::nullopt);
    EXPECT_EQ(both.lines("missing.c"), std::nullopt);
    EXPECT_EQ(both.lines("src"), std::nullopt) << "a folder";
    EXPECT_EQ(both.lines(""), std::nullopt);
    EXPECT_EQ(SourceFinder({}).lines("src/x.c"), std::nullopt);
}

TEST(SymbolsLines, OptimisedAndLinkTimeOptimisedByTheCompiler) {
    const Scratch scratch;
    scratch.write("src/util.h", "#pragma once\n"
                                "extern volatile int port;\n"
                                "static inline int twice(int x) {\n"
                                "    port = x;\n"
                                "    return 2 * port;\n"
                                "}\n");
    scratch.write("src/work.cpp", "#include \"util.h\"\n"
                                  "namespace app { namespace { inline int more() { return port + 7; } }\n"
                                  "int work(int x) {\n"
                                  "    return twice(x) + more();\n"
                                  "}\n"
                                  "}\n");
    scratch.write("src/main.cpp", "#include \"util.h\"\n"
                                  "volatile int port;\n"
                                  "namespace app { int work(int); }\n"
                                  "extern \"C\" __attribute__((noinline, used)) void entry() {\n"
                                  "    port = app::work(3);\n"
                                  "    for (;;) port = 1;\n"
                                  "}\n");
    if (!scratch.compile("--version")) {
        GTEST_SKIP() << "arm-none-eabi-g++ is not installed";
    }
    struct Row {
        const char* options;
        const char* wanted; ///< a chain that must be found at some address
    };
    const Row rows[] = {
        {"-O2", "twice src/util.h:4 < app::work(int) src/work.cpp:4"},
        {"-O2 -flto", "twice src/util.h:4 < app::work(int) src/work.cpp:4 < entry src/main.cpp:5"},
        {"-O2 -gdwarf-4", "twice src/util.h:4 < app::work(int) src/work.cpp:4"},
        {"-O2 -gdwarf-2 -gno-strict-dwarf", "twice src/util.h:4 < app::work(int) src/work.cpp:4"},
        {"-Os -gz", "twice src/util.h:4 < app::work(int) src/work.cpp:4"},
    };
    for (const Row& row : rows) {
        ASSERT_TRUE(scratch.compile(fmt::format("{} src/work.cpp src/main.cpp -o fw.elf", row.options))) << row.options;
        const FirmwareImage image = readFirmware(scratch.path / "fw.elf", std::nullopt);
        const SymbolTable symbols(image);
        const LineTable table(image);
        std::string all;
        for (const Symbol& symbol : symbols.symbols()) {
            for (Address address = symbol.begin;
                 symbol.kind == Symbol::Kind::Function && address < symbol.range().end(); address += 2) {
                std::string chain;
                for (const InlineFrame& frame : table.frames(address)) {
                    chain += fmt::format("{}{} {}:{}", chain.empty() ? "" : " < ", frame.function, frame.at.file,
                                         frame.at.line);
                }
                all += chain + "\n";
            }
        }
        EXPECT_NE(all.find("app::(anonymous namespace)::more src/work.cpp:2 < app::work(int) src/work.cpp:4"),
                  std::string::npos)
            << row.options << "\n"
            << all;
        EXPECT_NE(all.find(std::string(row.wanted) + "\n"), std::string::npos) << row.options << "\n" << all;
    }
}

} // namespace
} // namespace simprof
