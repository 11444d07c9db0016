// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/image/firmware_image.h"

#include "sim_core/error.h"
#include "sim_core/image/dfu_image.h"
#include "sim_core/image/elf_image.h"
#include "sim_core/image/firmware_image_raw.h"
#include "sim_core/image/firmware_image_uf2.h"
#include "sim_core/image/foreign_code.h"
#include "sim_core/image/hex_image.h"
#include "sim_core/image/mcuboot_header.h"
#include "sim_core/image/sha256.h"
#include "sim_core/image/srecord_image.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fstream>
#include <system_error>

namespace simprof {
namespace {

/// A firmware with its debug information is at most some hundred megabytes.
constexpr std::uintmax_t kLargestFile = std::uintmax_t{1} << 30;

std::vector<std::byte> readFile(const std::filesystem::path& path) {
    const std::string shown = path.string();
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(path, error);
    if (status.type() == std::filesystem::file_type::not_found) {
        throw Error(fmt::format("'{}' does not exist", shown));
    }
    if (status.type() == std::filesystem::file_type::directory) {
        throw Error(fmt::format("'{}' is a folder; give a firmware file", shown));
    }
    if (error) {
        throw Error(fmt::format("'{}' cannot be read: {}", shown, error.message()));
    }
    if (status.type() != std::filesystem::file_type::regular) {
        throw Error(fmt::format("'{}' is a device or pipe; give a firmware file", shown));
    }
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (!error && size > kLargestFile) {
        throw Error(fmt::format("'{}' has {} bytes, which is more than any firmware has", shown, size));
    }
    std::ifstream stream(path, std::ios::binary);
    if (error || !stream) {
        throw Error(fmt::format("'{}' cannot be opened for reading; check its permissions", shown));
    }
    std::vector<std::byte> bytes(size);
    stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
    if (stream.bad() || static_cast<std::uintmax_t>(stream.gcount()) != size) {
        throw Error(fmt::format("'{}' could not be read to its end", shown));
    }
    return bytes;
}

/// A format with addresses of its own, recognised by its first bytes.
struct Loader {
    bool (*accepts)(std::span<const std::byte>);
    void (*load)(FirmwareImage&);
    const char* what;
};
constexpr std::array<Loader, 5> kLoaders = {{
    {looksLikeElf, loadElf, "an ELF file"},
    {looksLikeHex, loadHex, "an Intel HEX file"},
    {looksLikeUf2, loadUf2, "a UF2 file"},
    {looksLikeSRecord, loadSRecord, "a Motorola S-record file"},
    {looksLikeDfuSe, loadDfuSe, "a DfuSe file"},
}};

} // namespace

std::span<const std::byte> FirmwareImage::bytesAt(Address address, std::size_t size) const {
    for (const ImageSegment& segment : segments) {
        const std::uint64_t offset = std::uint64_t{address} - segment.address;
        if (address >= segment.address && offset < segment.bytes.size() && size <= segment.bytes.size() - offset) {
            return std::span(segment.bytes).subspan(offset, size);
        }
    }
    return {};
}

std::span<const std::byte> FirmwareImage::runBytesAt(Address address, std::size_t size) const {
    const auto loaded = bytesAt(address, size);
    if (loaded.size() == size) {
        return loaded;
    }
    for (const ImageSegment& segment : segments) {
        const std::uint64_t offset = std::uint64_t{address} - segment.runAddress;
        if (address >= segment.runAddress && offset < segment.bytes.size() && size <= segment.bytes.size() - offset) {
            return std::span(segment.bytes).subspan(offset, size);
        }
    }
    return {};
}

std::optional<std::uint32_t> FirmwareImage::wordAt(Address address) const {
    const std::span<const std::byte> bytes = bytesAt(address, 4);
    if (bytes.size() != 4) {
        return std::nullopt;
    }
    std::uint32_t word = 0;
    for (std::size_t i = 4; i-- > 0;) {
        word = word << 8 | std::to_integer<std::uint32_t>(bytes[i]);
    }
    return word;
}

FirmwareImage readFirmware(const std::filesystem::path& path, std::optional<Address> base) {
    return parseFirmware(path.filename().string(), readFile(path), base);
}

FirmwareImage parseFirmware(std::string name, std::vector<std::byte> file, std::optional<Address> base) {
    FirmwareImage image;
    image.name = std::move(name);
    image.file = std::move(file);
    if (image.file.empty()) {
        throw Error(fmt::format("'{}' is empty", image.name));
    }
    image.sha256 = sha256Hex(image.file);
    const auto known = std::ranges::find_if(kLoaders, [&](const Loader& loader) { return loader.accepts(image.file); });
    if (known == kLoaders.end()) {
        loadRaw(image, base);
    } else if (base) {
        throw Error(
            fmt::format("'{}' is {} and says itself where it belongs; leave --base out", image.name, known->what));
    } else {
        known->load(image);
    }
    skipMcuBootHeader(image);
    refuseForeignCode(image);
    return image;
}

} // namespace simprof
