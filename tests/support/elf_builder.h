// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace simprof::test {

using Blob = std::vector<std::byte>;

/// Bytes from words, each in little-endian order.
Blob words(std::initializer_list<std::uint32_t> values);
/// Bytes from text.
Blob text(std::string_view characters);
/// The part of an ELF at a byte offset is overwritten with a value of `size` bytes, little-endian.
void poke(Blob& file, std::size_t offset, std::uint32_t value, std::size_t size);

/// Where the fields of a 32-bit ELF's headers are, for tests that damage them.
namespace elf_offset {
constexpr std::size_t kClass = 4, kData = 5, kIdentVersion = 6, kType = 16, kMachine = 18, kEntry = 24, kPhoff = 28,
                      kShoff = 32;
constexpr std::size_t kPhnum = 44, kShnum = 48;
constexpr std::size_t kFirstSegment = 52; ///< the program headers follow the ELF header
constexpr std::size_t kSegmentOffset = 4, kSegmentAddress = 12, kSegmentFileSize = 16, kSegmentMemorySize = 20;
constexpr std::size_t kSegmentHeaderSize = 32;
} // namespace elf_offset

/// Builds 32-bit little-endian ELF files from what a test says; everything not said is what an Arm linker would write.
struct ElfBuilder {
    struct Segment {
        Address address = 0;    ///< physical
        Address runAddress = 0; ///< virtual
        Blob bytes;
        std::uint32_t memorySize = 0; ///< 0: as many as bytes
        std::uint32_t flags = 5;      ///< PF_R 4, PF_W 2, PF_X 1
        std::uint32_t type = 1;       ///< PT_LOAD
    };
    enum Binding : unsigned { Local = 0, Global = 1, Weak = 2 };
    enum Type : unsigned { NoType = 0, Object = 1, Function = 2, Section = 3, File = 4 };
    struct Symbol {
        std::string name;
        Address value = 0;
        std::uint32_t size = 0;
        Type type = Function;
        Binding binding = Global;
        std::uint16_t section = 1; ///< 0: undefined, 0xfff1: absolute
    };
    struct ExtraSection {
        std::string name;
        Blob bytes;
        std::uint32_t type = 1; ///< SHT_PROGBITS
    };

    std::uint16_t type = 2;     ///< ET_EXEC
    std::uint16_t machine = 40; ///< EM_ARM
    Address entry = 0x08000009;
    std::vector<Segment> segments;
    std::vector<Symbol> symbols;
    Blob attributes; ///< of .ARM.attributes; none when empty
    std::vector<ExtraSection> sections;
    bool headersInFirstSegment =
        false; ///< the first segment begins at file offset 0, as GNU ld makes it when there is room

    /// Adds a segment that runs where it is loaded.
    ElfBuilder& segment(Address address, Blob bytes);
    /// Adds a symbol.
    ElfBuilder& symbol(Symbol added);
    /// Sets .ARM.attributes to an "aeabi" file scope with these bytes (tag and value pairs).
    ElfBuilder& fileAttributes(std::initializer_list<unsigned> tagsAndValues);
    Blob build() const;
};

/// A small firmware for a Cortex-M4 with flash, .data, .bss, symbols and attributes.
ElfBuilder smallFirmware();

namespace elf_detail {

constexpr std::uint32_t kHeaderSize = 52;
constexpr std::uint32_t kSegmentHeader = 32;
constexpr std::uint32_t kSectionHeader = 40;

class Writer {
public:
    Blob bytes;

    std::uint32_t size() const { return static_cast<std::uint32_t>(bytes.size()); }
    void half(std::uint32_t value) { number(value, 2); }
    void word(std::uint32_t value) { number(value, 4); }
    void number(std::uint32_t value, std::size_t size) {
        bytes.resize(bytes.size() + size);
        poke(bytes, bytes.size() - size, value, size);
    }
    void blob(const Blob& added) { bytes.insert(bytes.end(), added.begin(), added.end()); }
    void align() { bytes.resize((bytes.size() + 3) / 4 * 4); }
};

/// A string table that is filled while names are asked for.
struct Strings {
    Blob bytes = Blob(1);

    std::uint32_t add(std::string_view name) {
        const auto offset = static_cast<std::uint32_t>(bytes.size());
        for (const char c : name) {
            bytes.push_back(static_cast<std::byte>(c));
        }
        bytes.push_back(std::byte{0});
        return offset;
    }
};

struct SectionRow {
    std::uint32_t name, type, flags, address, offset, size, link, info, entrySize;
};

inline Blob symbolTable(const std::vector<ElfBuilder::Symbol>& symbols, Strings& names) {
    Writer table;
    table.blob(Blob(16));
    for (const ElfBuilder::Symbol& symbol : symbols) {
        table.word(names.add(symbol.name));
        table.word(symbol.value);
        table.word(symbol.size);
        table.number(symbol.binding << 4 | symbol.type, 1);
        table.number(0, 1);
        table.half(symbol.section);
    }
    return table.bytes;
}

} // namespace elf_detail

inline Blob words(std::initializer_list<std::uint32_t> values) {
    elf_detail::Writer out;
    for (const std::uint32_t value : values) {
        out.word(value);
    }
    return out.bytes;
}

inline Blob text(std::string_view characters) {
    Blob bytes;
    for (const char c : characters) {
        bytes.push_back(static_cast<std::byte>(c));
    }
    return bytes;
}

inline void poke(Blob& file, std::size_t offset, std::uint32_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
        file.at(offset + i) = static_cast<std::byte>(value >> (8 * i));
    }
}

inline ElfBuilder& ElfBuilder::segment(Address address, Blob bytes) {
    segments.push_back({address, address, std::move(bytes)});
    return *this;
}

inline ElfBuilder& ElfBuilder::symbol(Symbol added) {
    symbols.push_back(std::move(added));
    return *this;
}

inline ElfBuilder& ElfBuilder::fileAttributes(std::initializer_list<unsigned> tagsAndValues) {
    elf_detail::Writer out;
    const auto count = static_cast<std::uint32_t>(tagsAndValues.size());
    out.number('A', 1);
    out.word(4 + 6 + 5 + count);
    out.blob(text(std::string_view("aeabi\0", 6)));
    out.number(1, 1);
    out.word(5 + count);
    for (const unsigned value : tagsAndValues) {
        out.number(value, 1);
    }
    attributes = out.bytes;
    return *this;
}

inline Blob ElfBuilder::build() const {
    elf_detail::Strings sectionNames;
    elf_detail::Strings symbolNames;
    elf_detail::Writer body; // everything behind the program headers; its offsets are relative to `start`
    const auto start =
        elf_detail::kHeaderSize + elf_detail::kSegmentHeader * static_cast<std::uint32_t>(segments.size());
    std::vector<elf_detail::SectionRow> rows{{}};
    elf_detail::Writer programHeaders;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const Segment& segment = segments[i];
        const bool withHeaders = headersInFirstSegment && i == 0;
        const std::uint32_t headers = withHeaders ? start : 0;
        const std::uint32_t offset = start + body.size();
        const auto size = static_cast<std::uint32_t>(segment.bytes.size());
        body.blob(segment.bytes);
        body.align();
        programHeaders.word(segment.type);
        programHeaders.word(offset - headers);
        programHeaders.word(segment.runAddress - headers);
        programHeaders.word(segment.address - headers);
        programHeaders.word(size + headers);
        programHeaders.word((segment.memorySize != 0 ? segment.memorySize : size) + headers);
        programHeaders.word(segment.flags);
        programHeaders.word(4);
        const std::uint32_t kind = size == 0 ? 8 : 1; // SHT_NOBITS, SHT_PROGBITS; flags SHF_ALLOC and SHF_EXECINSTR
        const std::uint32_t sectionSize = size == 0 ? segment.memorySize : size;
        const std::string name = ".load" + std::to_string(i);
        rows.push_back({sectionNames.add(name), kind, 6, segment.runAddress, offset, sectionSize, 0, 0, 0});
    }
    const auto addSection = [&](std::string_view name, std::uint32_t kind, const Blob& bytes, std::uint32_t link,
                                std::uint32_t entrySize) {
        rows.push_back({sectionNames.add(name), kind, 0, 0, start + body.size(),
                        static_cast<std::uint32_t>(bytes.size()), link, 0, entrySize});
        body.blob(bytes);
        body.align();
    };
    if (!attributes.empty()) {
        addSection(".ARM.attributes", 0x70000003, attributes, 0, 0);
    }
    for (const ExtraSection& section : sections) {
        addSection(section.name, section.type, section.bytes, 0, 0);
    }
    if (!symbols.empty()) {
        addSection(".symtab", 2, elf_detail::symbolTable(symbols, symbolNames),
                   static_cast<std::uint32_t>(rows.size() + 1), 16);
        addSection(".strtab", 3, symbolNames.bytes, 0, 0);
    }
    sectionNames.add(".shstrtab"); // its own name is the last one in it
    const auto ownName = static_cast<std::uint32_t>(sectionNames.bytes.size() - 10);
    addSection("", 3, sectionNames.bytes, 0, 0);
    rows.back().name = ownName;

    elf_detail::Writer file;
    file.blob(text("\x7f"
                   "ELF\x01\x01\x01"));
    file.bytes.resize(16);
    file.half(type);
    file.half(machine);
    file.word(1);
    file.word(entry);
    file.word(segments.empty() ? 0 : elf_detail::kHeaderSize);
    file.word(start + body.size());
    file.word(0x05000200);
    file.half(elf_detail::kHeaderSize);
    file.half(elf_detail::kSegmentHeader);
    file.half(static_cast<std::uint32_t>(segments.size()));
    file.half(elf_detail::kSectionHeader);
    file.half(static_cast<std::uint32_t>(rows.size()));
    file.half(static_cast<std::uint32_t>(rows.size() - 1));
    file.blob(programHeaders.bytes);
    file.blob(body.bytes);
    for (const elf_detail::SectionRow& row : rows) {
        for (const std::uint32_t field :
             {row.name, row.type, row.flags, row.address, row.offset, row.size, row.link, row.info}) {
            file.word(field);
        }
        file.word(4);
        file.word(row.entrySize);
    }
    return file.bytes;
}

inline ElfBuilder smallFirmware() {
    ElfBuilder elf;
    elf.segment(0x08000000, words({0x20010000, 0x08000009, 0xe7fee7fe, 0x47704770, 0x47704770, 0xe7fee7fe}));
    elf.segments.push_back({0x08000018, 0x20000000, words({1, 2}), 8, 6});
    elf.segments.push_back({0x08000020, 0x20000008, {}, 0x400, 6});
    elf.fileAttributes({5, '7', 'E', '-', 'M', 0, 6, 13, 7, 'M', 9, 2, 10, 6, 27, 1});
    elf.symbol({"$t", 0x08000008, 0, ElfBuilder::NoType, ElfBuilder::Local});
    elf.symbol({"Reset_Handler", 0x08000009, 4});
    elf.symbol({"main", 0x0800000d, 4});
    elf.symbol({"counter", 0x20000000, 4, ElfBuilder::Object});
    elf.symbol({"_estack", 0x20010000, 0, ElfBuilder::NoType, ElfBuilder::Global, 0xfff1});
    return elf;
}

} // namespace simprof::test
