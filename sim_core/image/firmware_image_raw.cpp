// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/image/firmware_image_raw.h"

#include "sim_core/error.h"
#include "sim_core/image/code_step.h"
#include "sim_core/image/dfu_image.h"
#include "sim_core/image/foreign_code.h"
#include "sim_core/image/mcuboot_header.h"
#include "sim_core/image/vector_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <fmt/format.h>
#include <string_view>
#include <tuple>
#include <utility>

namespace simprof {
namespace {

using namespace std::string_view_literals;

/// A file format that is no firmware, by the bytes that each of its files has at `offset`.
struct KnownFormat {
    std::size_t offset;
    std::string_view magic;
    std::string_view what;
    std::string_view todo;
};

constexpr std::array<KnownFormat, 24> kKnownFormats = {{
    {0, "\x1f\x8b"sv, "a gzip file", "unpack it first"},
    {0, "PK\x03\x04"sv, "a zip archive", "unpack it first"},
    {0, "BZh"sv, "a bzip2 file", "unpack it first"},
    {0,
     "\xfd"
     "7zXZ\0"sv,
     "an xz file", "unpack it first"},
    {0, "\x28\xb5\x2f\xfd"sv, "a Zstandard file", "unpack it first"},
    {0, "\x04\x22\x4d\x18"sv, "an LZ4 file", "unpack it first"},
    {0, "7z\xbc\xaf\x27\x1c"sv, "a 7-Zip archive", "unpack it first"},
    {0, "Rar!"sv, "a RAR archive", "unpack it first"},
    {257, "ustar"sv, "a tar archive", "unpack it first"},
    {0, "!<arch>\n"sv, "a static library", "give the executable that is linked with it"},
    {4, "TFL3"sv, "a .tflite network", "give the firmware that runs it"},
    {0, "MZ"sv, "a Windows program", "give a Cortex-M firmware"},
    {0, "\xcf\xfa\xed\xfe"sv, "a Mach-O file for macOS", "give a Cortex-M firmware"},
    {0, "\xce\xfa\xed\xfe"sv, "a Mach-O file for macOS", "give a Cortex-M firmware"},
    {0, "\xca\xfe\xba\xbe"sv, "a Mach-O or Java class file", "give a Cortex-M firmware"},
    {0, "BC\xc0\xde"sv, "LLVM bitcode", "give the linked executable"},
    {0, "\x89PNG"sv, "a PNG picture", "give a Cortex-M firmware"},
    {0, "%PDF"sv, "a PDF document", "give a Cortex-M firmware"},
    {0, "#!"sv, "a script", "give a Cortex-M firmware"},
    {0, "<!DOCTYPE"sv, "an HTML page", "check the download"},
    {0, "<html"sv, "an HTML page", "check the download"},
    {0, "version https://git-lfs"sv, "a Git LFS pointer, not the file itself", "fetch it with git lfs pull"},
    {0, "{\n"sv, "a JSON text", "give a firmware here; profiles go to simprof report, diff and plan"},
    {0, "{\""sv, "a JSON text", "give a firmware here; profiles go to simprof report, diff and plan"},
}};

void refuseKnownFormats(const FirmwareImage& image) {
    const std::string_view text(reinterpret_cast<const char*>(image.file.data()), image.file.size());
    for (const KnownFormat& format : kKnownFormats) {
        if (format.offset < text.size() && text.substr(format.offset).starts_with(format.magic)) {
            throw Error(fmt::format("'{}' is {}; {}", image.name, format.what, format.todo));
        }
    }
    const auto isText = [](unsigned char c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t'; };
    if (std::all_of(text.begin(), text.end(), isText)) {
        throw Error(fmt::format("'{}' is a text file, not a firmware", image.name));
    }
}

/// Where the flash memories of Cortex-M microcontrollers begin.
struct FlashStart {
    Address address;
    std::uint32_t room;           ///< images are looked for this far from it
    std::uint32_t secondStage{0}; ///< images may begin with one of so many bytes, then comes the vector table
};
constexpr std::array<FlashStart, 5> kFlashStarts = {{
    {0x08000000, 0x00400000},        // STM32 and its kin
    {0x00000000, 0x00400000},        // Nordic, NXP, TI, Microchip, Ambiq
    {0x10000000, 0x01000000, 0x100}, // RP2040 (executed in place), Infineon PSoC 6
    {0x60000000, 0x01000000},        // NXP i.MX RT (executed in place)
    {0x90000000, 0x04000000},        // STM32 QUADSPI, mapped
}};

/// A place for the image, and how much there looks as it should.
struct Candidate {
    Address base = 0;
    unsigned score = 0;
    bool resetIsCode = false;
    unsigned roundness = 0; ///< boot loaders take a round number of bytes
};

/// Ends of functions: BX LR, POP with PC, B, NOP behind one of these; a word with a large address (a literal pool).
bool endsLikeFunction(std::uint32_t before, std::uint32_t half) {
    const std::uint32_t high = before >> 24;
    return half == 0x4770 || half >> 8 == 0xBD || half >> 11 == 0x1C || half == 0xBF00 || half == 0x46C0 ||
           before == 0 || high == 0x20 || high == 0x40 || high == 0xE0 || high == 0x08;
}

/// How functions begin: PUSH, a literal load, a branch to itself, a return, CPSID, MRS, MOV from LR, TST LR, UDF, or a
/// constant in a low register.
bool startsLikeFunction(std::uint32_t half, std::uint32_t next) {
    return half >> 9 == 0x5A || half >> 11 == 0x09 || half == 0xE7FE || half == 0x4770 || half == 0xE92D ||
           (half & 0xFF7F) == 0xF85F || half == 0xB672 || half == 0xF3EF || half == 0xF01E || half == 0x4670 ||
           half >> 8 == 0xDE || half >> 11 == 0x04 || (half & 0xFBF0) == 0xF240 ||
           (half == 0xF7FF && (next == 0xBFFE || next >> 12 >= 0xB));
}

/// Places one image at different addresses and judges its vector table there as a whole.
class BaseSearch {
public:
    /// `table`: offset of the vector table in the file.
    BaseSearch(const FirmwareImage& image, std::span<const std::byte> contents, std::size_t table)
        : m_table(static_cast<Address>(table)) {
        m_image.name = image.name;
        m_image.segments.push_back({0, 0, {contents.begin(), contents.end()}, contents.size(), true, false});
    }

    /// The candidates, best first; the start of a flash comes before all unless it is much worse.
    std::vector<Candidate> candidates() {
        std::vector<Candidate> all;
        const Address reset = wordAt(m_table + 4) & ~1U;
        for (const FlashStart& flash : kFlashStarts) {
            if (reset < flash.address || reset - flash.address >= flash.room) {
                continue;
            }
            for (std::uint32_t offset = 0; offset <= reset - flash.address; offset += 512) {
                if (auto found = judged(flash.address + offset)) {
                    found->roundness = offset == 0 ? 32 : static_cast<unsigned>(std::countr_zero(offset));
                    all.push_back(*found);
                }
            }
        }
        const auto better = [](const Candidate& a, const Candidate& b) {
            return std::tuple(a.resetIsCode, a.score, a.roundness) > std::tuple(b.resetIsCode, b.score, b.roundness);
        };
        std::ranges::stable_sort(all, better);
        // A wrong place scores by chance, too: the start of a flash loses only to twice its score, a whole number of
        // 4 KiB behind it, as boot loaders take, to half as much again.
        const auto rises = [&all](unsigned roundness, unsigned half) {
            const auto found = std::ranges::find_if(all, [&](const Candidate& c) { return c.roundness >= roundness; });
            const bool wins = found != all.end() && found->resetIsCode && 2 * all.front().score < half * found->score;
            if (wins) {
                std::rotate(all.begin(), found, found + 1);
            }
            return wins;
        };
        if (!rises(32, 4)) {
            rises(12, 3);
        }
        return all;
    }

private:
    std::uint32_t wordAt(std::size_t offset) const {
        return m_image.wordAt(m_image.segments[0].address + static_cast<Address>(offset)).value_or(0);
    }

    std::optional<Candidate> judged(Address base) {
        m_image.segments[0].address = m_image.segments[0].runAddress = base;
        const auto table = vectorTableAt(m_image, base + m_table);
        if (!table) {
            return std::nullopt;
        }
        Candidate candidate{base, 0, decodesAsCode(m_image, table->reset), 0};
        for (const Address handler : table->handlers) {
            const std::size_t offset = handler - base;
            const std::uint32_t code = wordAt(offset), before = offset >= 4 ? wordAt(offset - 4) : 0;
            const bool code2 = decodesAsCode(m_image, handler);
            candidate.score += code2 ? 1 : 0;
            candidate.score += code2 && startsLikeFunction(code & 0xFFFF, code >> 16) ? 2 : 0;
            candidate.score += code2 && endsLikeFunction(before, before >> 16) ? 1 : 0;
        }
        return candidate;
    }

    FirmwareImage m_image;
    Address m_table;
};

/// The sentence on a base that was found, with what else was possible.
std::string baseNote(const std::vector<Candidate>& found) {
    std::string note =
        fmt::format("no --base was given; the vector table of the raw binary suggests 0x{:08X}", found.front().base);
    constexpr std::size_t kMost = 3;
    std::string others;
    for (std::size_t i = 1; i < std::min(found.size(), kMost + 1); ++i) {
        if (found[i].resetIsCode && 4 * found[i].score >= 3 * found.front().score) {
            others += fmt::format("{}0x{:08X}", others.empty() ? "" : ", ", found[i].base);
        }
    }
    return others.empty() ? note : note + "; also possible: " + others;
}

/// The base of a raw image from its vector table at `table`, and the sentence on it.
std::optional<std::pair<Address, std::string>> suggestedBase(const FirmwareImage& image,
                                                             std::span<const std::byte> contents, std::size_t table) {
    const std::vector<Candidate> found = BaseSearch(image, contents, table).candidates();
    if (found.empty()) {
        return std::nullopt;
    }
    return std::pair(found.front().base, baseNote(found));
}

/// Without a table at its begin: one behind a second stage, or behind filler.
std::optional<std::pair<Address, std::string>> suggestedBaseBehind(const FirmwareImage& image,
                                                                   std::span<const std::byte> contents) {
    for (const FlashStart& flash : kFlashStarts) {
        FirmwareImage placed;
        placed.segments.push_back(
            {flash.address, flash.address, {contents.begin(), contents.end()}, contents.size(), true, false});
        if (flash.secondStage != 0 && vectorTableAt(placed, flash.address + flash.secondStage)) {
            return std::pair(flash.address, baseNote({{flash.address, 0, true, 0}}));
        }
    }
    for (const std::size_t table : {0x80U, 0x100U, 0x200U, 0x400U, 0x800U, 0x1000U}) {
        const auto isFiller = [&](std::byte byte) { return byte == contents[0]; };
        const bool filler = contents.size() > table && (contents[0] == std::byte{0} || contents[0] == std::byte{0xFF});
        if (!filler ||
            !std::all_of(contents.begin(), contents.begin() + static_cast<std::ptrdiff_t>(table), isFiller)) {
            break;
        }
        if (auto found = suggestedBase(image, contents, table)) {
            return found;
        }
    }
    return std::nullopt;
}

} // namespace

void loadRaw(FirmwareImage& image, std::optional<Address> base) {
    image.format = FirmwareImage::Format::Raw;
    refuseKnownFormats(image);
    std::span<const std::byte> contents(image.file);
    const std::size_t suffix = dfuSuffixSize(image.name, contents);
    contents = contents.first(contents.size() - suffix);
    if (suffix != 0) {
        const DfuPrefix prefix = readDfuPrefix(contents);
        contents = contents.subspan(prefix.size);
        base = base ? base : prefix.base;
        image.notes.push_back(
            fmt::format("DFU file: its suffix{} left out", prefix.size != 0 ? " and prefix are" : " is"));
    }
    const auto header = readMcuBootHeader(image.name, contents);
    if (!base && header && header->loadAddress) {
        base = header->loadAddress;
    }
    if (!base) {
        auto found = suggestedBase(image, contents, header ? header->size : 0);
        if (!found && !header) {
            found = suggestedBaseBehind(image, contents);
        }
        if (!found) {
            if (const std::string foreign = foreignCode(contents); !foreign.empty()) {
                throw Error(fmt::format("'{}' is {}; simprof runs Cortex-M0, M0+, M4 and M7", image.name, foreign));
            }
            throw Error(fmt::format("'{}' is neither ELF, Intel HEX, S-record, UF2 nor DFU and has no vector table at "
                                    "its start; if it is a raw binary, give --base ADDRESS",
                                    image.name));
        }
        base = found->first;
        image.baseNote = found->second;
    }
    if (std::uint64_t{*base} + contents.size() > std::uint64_t{1} << 32) {
        throw Error(
            fmt::format("'{}' has {} bytes, too many to be placed at 0x{:08X}", image.name, contents.size(), *base));
    }
    image.segments.push_back({*base, *base, {contents.begin(), contents.end()}, contents.size(), true, false});
}

} // namespace simprof
