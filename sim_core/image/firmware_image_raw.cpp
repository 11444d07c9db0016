// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/image/firmware_image_raw.h"

#include "sim_core/error.h"

#include <algorithm>
#include <array>
#include <bit>
#include <fmt/format.h>
#include <string_view>
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

constexpr std::array<KnownFormat, 27> kKnownFormats = {{
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
    {0, "DfuSe"sv, "a DfuSe file", "convert it to Intel HEX or give the ELF file"},
    {0, "S0"sv, "a Motorola S-record file", "convert it with objcopy -I srec -O ihex"},
    {4, "TFL3"sv, "a .tflite network", "give the firmware that runs it"},
    {0, "MZ"sv, "a Windows program", "give a Cortex-M firmware"},
    {0, "\xcf\xfa\xed\xfe"sv, "a Mach-O file for macOS", "give a Cortex-M firmware"},
    {0, "\xce\xfa\xed\xfe"sv, "a Mach-O file for macOS", "give a Cortex-M firmware"},
    {0, "\xca\xfe\xba\xbe"sv, "a Mach-O or Java class file", "give a Cortex-M firmware"},
    {0, "BC\xc0\xde"sv, "LLVM bitcode", "give the linked executable"},
    {0, "\x3d\xb8\xf3\x96"sv, "an MCUboot image with a header before its vector table",
     "give the unsigned ELF or HEX file"},
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
        if (format.offset < text.size() && text.substr(format.offset).starts_with(format.magic))
            throw Error(fmt::format("'{}' is {}; {}", image.name, format.what, format.todo));
    }
    const auto isText = [](unsigned char c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t'; };
    if (std::all_of(text.begin(), text.end(), isText))
        throw Error(fmt::format("'{}' is a text file, not a firmware", image.name));
}

/// Where the flash memories of Cortex-M microcontrollers begin.
struct FlashStart {
    Address address;
    std::uint32_t room; ///< images are looked for this far from it
};
constexpr std::array<FlashStart, 5> kFlashStarts = {{
    {0x08000000, 0x00400000}, // STM32 and its kin
    {0x00000000, 0x00400000}, // Nordic, NXP, TI, Microchip, Ambiq
    {0x10000000, 0x01000000}, // RP2040 (executed in place), Infineon PSoC 6
    {0x60000000, 0x01000000}, // NXP i.MX RT (executed in place)
    {0x90000000, 0x04000000}, // STM32 QUADSPI, mapped
}};

/// A vector table that may start at byte `offset` of a raw image.
class VectorTable {
public:
    VectorTable(std::span<const std::byte> file, std::size_t offset)
        : m_file(file)
        , m_offset(offset) {
        // Reset, NMI, HardFault, MemManage, BusFault, UsageFault, SVCall, PendSV, SysTick; the words between are
        // reserved.
        for (const std::size_t index : {1, 2, 3, 4, 5, 6, 11, 14, 15}) {
            const std::uint32_t handler = word(offset + 4 * index);
            if (index == 1 || handler != 0)
                m_handlers.push_back(handler);
        }
    }

    /// The stack pointer is a word address in an SRAM, all handlers are Thumb code.
    bool plausible() const {
        if (m_file.size() < m_offset + 64)
            return false;
        const std::uint32_t stack = word(m_offset);
        if (stack % 4 != 0 || stack < 0x10000000 || stack > 0x40000000)
            return false;
        return std::all_of(m_handlers.begin(), m_handlers.end(), [](std::uint32_t h) { return h % 2 == 1; });
    }

    Address reset() const { return m_handlers.front() & ~Address{1}; }

    /// Whether all handlers lie in the image when it is placed at base.
    bool fits(Address base) const {
        return std::all_of(m_handlers.begin(), m_handlers.end(), [&](std::uint32_t handler) {
            return handler >= base && std::uint64_t{handler} - base < m_file.size();
        });
    }

    /// How many different handlers start like functions when the image is placed at base.
    std::size_t functionStarts(Address base) const {
        std::size_t count = 0;
        for (auto handler = m_handlers.begin(); handler != m_handlers.end(); ++handler) {
            const bool seen = std::find(m_handlers.begin(), handler, *handler) != handler;
            count += !seen && startsLikeFunction(word((*handler & ~Address{1}) - base));
        }
        return count;
    }

private:
    /// A push, a literal load, a branch to itself, a return, CPSID, MRS, TST LR or MOV R0, LR: how handlers begin, and
    /// data rarely does.
    static bool startsLikeFunction(std::uint32_t code) {
        const std::uint32_t half = code & 0xffff;
        return (half & 0xff00) == 0xb500 || (half & 0xf800) == 0x4800 || half == 0xe7fe || code == 0xbffef7ff ||
               half == 0x4770 || half == 0xe92d || half == 0xf8df || half == 0xb672 || half == 0xf3ef ||
               half == 0xf01e || half == 0x4670;
    }

    std::uint32_t word(std::size_t offset) const {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4 && offset + i < m_file.size(); ++i)
            value |= std::to_integer<std::uint32_t>(m_file[offset + i]) << (8 * i);
        return value;
    }

    std::span<const std::byte> m_file;
    std::size_t m_offset;
    std::vector<std::uint32_t> m_handlers;
};

/// The address at which the handlers of the image's vector table are in the image and look most like code: the start of
/// a flash or, for an application behind a boot loader, a multiple of 512 bytes after it.
std::optional<Address> suggestedBase(std::span<const std::byte> file) {
    const VectorTable table(file, 0);
    // The second-stage boot code of an RP2040 takes 256 bytes before the vector table.
    const VectorTable afterBoot(file, 0x100);
    if (!table.plausible()) {
        constexpr Address kXip = 0x10000000;
        return afterBoot.plausible() && afterBoot.fits(kXip) ? std::optional(kXip) : std::nullopt;
    }
    std::optional<Address> best;
    std::pair<std::size_t, int> bestScore;
    for (const FlashStart& flash : kFlashStarts) {
        if (table.reset() < flash.address || table.reset() - flash.address >= flash.room)
            continue;
        for (std::uint32_t offset = 0; offset <= table.reset() - flash.address; offset += 512) {
            const Address base = flash.address + offset;
            if (!table.fits(base))
                continue;
            // Boot loaders take a round number of bytes: among equals the rounder one wins, and no boot loader before
            // all.
            const std::pair score(table.functionStarts(base), std::countr_zero(offset));
            if (!best || score > bestScore) {
                best = base;
                bestScore = score;
            }
        }
    }
    return best;
}

} // namespace

void loadRaw(FirmwareImage& image, std::optional<Address> base) {
    image.format = FirmwareImage::Format::Raw;
    refuseKnownFormats(image);
    if (!base) {
        base = suggestedBase(image.file);
        if (!base)
            throw Error(fmt::format(
                "'{}' is neither ELF, Intel HEX nor UF2 and has no vector table at its start; if it is a raw "
                "binary, give --base ADDRESS",
                image.name));
        image.baseNote =
            fmt::format("no --base was given; the vector table of the raw binary suggests 0x{:08X}", *base);
    }
    if (std::uint64_t{*base} + image.file.size() > std::uint64_t{1} << 32)
        throw Error(
            fmt::format("'{}' has {} bytes, too many to be placed at 0x{:08X}", image.name, image.file.size(), *base));
    image.segments.push_back({*base, *base, image.file, image.file.size(), true, false});
}

} // namespace simprof
