// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/names.h"
#include "sim_core/units.h"

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// Bytes to be placed at one address before reset (an ELF PT_LOAD segment at its physical address, or a run of HEX
/// records).
struct ImageSegment {
    Address address = 0;    ///< load (physical) address
    Address runAddress = 0; ///< virtual address; differs from address for .data copied at start-up
    std::vector<std::byte> bytes;
    Bytes memorySize = 0; ///< size in memory, >= bytes.size(); the rest is not loaded (.bss)
    bool executable = false;
    bool writable = false;
};

/// A function or object named by the ELF's symbol table; the Thumb bit is cleared in address.
struct ImageSymbol {
    std::string name; ///< as in the file (mangled)
    Address address = 0;
    std::uint32_t size = 0; ///< 0 when the file does not say
    enum class Kind : std::uint8_t { Function, Object, Other } kind = Kind::Other;
    bool global = false; ///< visible to other files of the program: not local
    bool weak = false;   ///< gives way to another definition
};

/// What the Arm build attributes say of the code (section .ARM.attributes); unset where absent.
struct BuildAttributes {
    std::string cpuName;             ///< Tag_CPU_name, e.g. "Cortex-M4" or "7E-M"
    std::optional<unsigned> cpuArch; ///< Tag_CPU_arch: 11 v6-M, 12 v6S-M, 10 v7, 13 v7E-M, 16/17 v8-M, 21 v8.1-M
    std::optional<char> profile;     ///< Tag_CPU_arch_profile: 'M', 'A', 'R'
    bool fpSingle = false;           ///< hardware single precision used
    bool fpDouble = false;           ///< hardware double precision allowed
    unsigned fpVersion = 0;          ///< of the FPU: 4 or 5; 0 where it uses none or another
    bool mve = false;                ///< Helium
};

/// A firmware as given by the user: ELF, Intel HEX, S-record, UF2, DfuSe or raw binary, not yet tied to a board.
struct FirmwareImage {
    enum class Format : std::uint8_t { Elf, Hex, Raw, Uf2, SRecord, Dfu };

    std::string name; ///< file name without its folders
    Format format = Format::Raw;
    std::vector<ImageSegment> segments; ///< sorted by address, not overlapping
    std::vector<ImageSymbol> symbols;   ///< sorted by address, then name; mapping symbols ($t, $d) left out
    BuildAttributes attributes;
    std::optional<Address> entry;        ///< ELF entry point, Thumb bit as in the file
    std::vector<std::byte> file;         ///< the whole file, for its hash and its DWARF
    std::string sha256;                  ///< of the file, lower-case hex
    std::string baseNote;                ///< how a raw binary's address was found when none was given; else empty
    std::string changed{};               ///< what is not as in the file, a clause; empty: all is
    std::vector<std::string> notes;      ///< sentences on what of the file was left out or taken
    std::optional<Address> vectorTable;  ///< where a header (MCUboot) puts it; unset: where the board or the code says
    std::optional<std::uint32_t> family; ///< family identifier of a UF2 file

    /// The byte range that is loaded at [address, address + size) or an empty span when not wholly inside one segment.
    std::span<const std::byte> bytesAt(Address address, std::size_t size) const;
    /// The same by the address at which bytes run: as loaded, or where start-up code copies them.
    std::span<const std::byte> runBytesAt(Address address, std::size_t size) const;
    /// The 32-bit little-endian word loaded at address, if there is one.
    std::optional<std::uint32_t> wordAt(Address address) const;
};

/// The words used in profiles.
inline constexpr std::array<NameRow<FirmwareImage::Format>, 6> kImageFormats = {
    {{FirmwareImage::Format::Elf, "elf"},
     {FirmwareImage::Format::Hex, "hex"},
     {FirmwareImage::Format::Raw, "raw"},
     {FirmwareImage::Format::Uf2, "uf2"},
     {FirmwareImage::Format::SRecord, "srec"},
     {FirmwareImage::Format::Dfu, "dfu"}}};
constexpr std::span<const NameRow<FirmwareImage::Format>> namesOf(FirmwareImage::Format) { return kImageFormats; }

/// Reads an ELF, Intel HEX, S-record, UF2, DFU or raw file, recognised by content. Raw needs `base` unless its vector
/// table shows the address; the others carry their addresses and take none. Throws Error on a truncated, lying or
/// foreign file.
FirmwareImage readFirmware(const std::filesystem::path& path, std::optional<Address> base);

/// The same from bytes already in memory; `name` is what messages and the profile call it.
FirmwareImage parseFirmware(std::string name, std::vector<std::byte> file, std::optional<Address> base);

} // namespace simprof
