// SPDX-License-Identifier: GPL-2.0-or-later
// MCUboot, "Image format" of its design document: struct image_header, little-endian.
#include "sim_core/image/mcuboot_header.h"

#include "sim_core/error.h"

#include <fmt/format.h>

namespace simprof {

std::optional<McuBootHeader> readMcuBootHeader(const std::string& name, std::span<const std::byte> bytes) {
    constexpr std::uint32_t kMagic = 0x96F3B83D;
    constexpr std::uint32_t kEncrypted = 0x0C, kRamLoad = 0x20, kFixed = 0x100;
    constexpr std::size_t kHeaderBytes = 32;
    if (bytes.size() < kHeaderBytes) {
        return std::nullopt;
    }
    const auto word = [&](std::size_t offset) {
        std::uint32_t value = 0;
        for (std::size_t i = 4; i-- > 0;) {
            value = value << 8 | std::to_integer<std::uint32_t>(bytes[offset + i]);
        }
        return value;
    };
    if (word(0) != kMagic) {
        return std::nullopt;
    }
    McuBootHeader header{word(8) & 0xFFFFU, std::nullopt};
    const std::uint32_t flags = word(16);
    if ((flags & kEncrypted) != 0) {
        throw Error(fmt::format("'{}' is an encrypted MCUboot image; give the ELF or HEX file it was made from", name));
    }
    if (header.size < kHeaderBytes || header.size >= bytes.size()) {
        throw Error(fmt::format("'{}' is a damaged MCUboot image: its header claims {} bytes; build or copy it again",
                                name, header.size));
    }
    if ((flags & (kRamLoad | kFixed)) != 0) {
        header.loadAddress = word(4);
    }
    return header;
}

void skipMcuBootHeader(FirmwareImage& image) {
    for (const ImageSegment& segment : image.segments) {
        if (segment.bytes.empty()) {
            continue;
        }
        if (const auto header = readMcuBootHeader(image.name, segment.bytes)) {
            image.vectorTable = segment.address + header->size;
            image.notes.push_back(fmt::format("MCUboot image: its header of {} bytes is skipped, the vector table lies "
                                              "at 0x{:08X}",
                                              header->size, *image.vectorTable));
        }
        return; // an image behind a boot loader in the same file is started by that
    }
}

} // namespace simprof
