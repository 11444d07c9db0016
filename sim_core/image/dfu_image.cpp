// SPDX-License-Identifier: GPL-2.0-or-later
// "USB Device Class Specification for Device Firmware Upgrade", 1.1, appendix B (suffix); ST UM0391 "DfuSe file format
// specification" (prefix, targets, elements); TI SPMA003 (prefix of the Stellaris boot loader); NXP UM10503 chapter 5
// (header of images for the DFU of the LPC43xx boot ROM).
#include "sim_core/image/dfu_image.h"

#include "sim_core/error.h"
#include "sim_core/image/segment_builder.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace simprof {
namespace {

constexpr std::size_t kSuffix = 16;
constexpr std::size_t kDfuSePrefix = 11;
constexpr std::size_t kTargetPrefix = 274;
constexpr std::size_t kElementHeader = 8;

std::uint32_t numberAt(std::span<const std::byte> bytes, std::size_t offset, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = size; i-- > 0;) {
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[offset + i]);
    }
    return value;
}

bool hasText(std::span<const std::byte> bytes, std::size_t offset, std::string_view text) {
    return offset + text.size() <= bytes.size() &&
           std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset),
                      [](char c, std::byte b) { return std::byte(static_cast<unsigned char>(c)) == b; });
}

/// The suffix's checksum: CRC-32, least significant bit first, not inverted at the end.
std::uint32_t crcOf(std::span<const std::byte> bytes) {
    std::uint32_t crc = 0xFFFFFFFF;
    for (const std::byte byte : bytes) {
        crc ^= std::to_integer<std::uint32_t>(byte);
        for (int bit = 0; bit < 8; ++bit) {
            crc = crc >> 1 ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0);
        }
    }
    return crc;
}

} // namespace

std::size_t dfuSuffixSize(const std::string& name, std::span<const std::byte> file) {
    if (file.size() <= kSuffix) {
        return 0;
    }
    const auto suffix = file.last(kSuffix);
    constexpr std::uint32_t kDfu10 = 0x0100, kDfu11 = 0x0110, kDfuSe = 0x011A;
    const std::uint32_t version = numberAt(suffix, 6, 2);
    const bool known = version == kDfu10 || version == kDfu11 || version == kDfuSe;
    if (!known || !hasText(suffix, 8, "UFD") || numberAt(suffix, 11, 1) != kSuffix) {
        return 0;
    }
    if (crcOf(file.first(file.size() - 4)) != numberAt(suffix, 12, 4)) {
        throw Error(fmt::format("'{}' is a damaged DFU file: its checksum is wrong; build or copy it again", name));
    }
    return kSuffix;
}

DfuPrefix readDfuPrefix(std::span<const std::byte> file) {
    // 01 00, then the address in KiB and the number of bytes.
    if (file.size() > 8 && numberAt(file, 0, 2) == 1 && numberAt(file, 4, 4) == file.size() - 8) {
        return {8, numberAt(file, 2, 2) << 10};
    }
    // 1A 3F, the number of blocks of 512 bytes, twelve bytes FF.
    const auto isFiller = [](std::byte byte) { return byte == std::byte{0xFF}; };
    if (file.size() > 16 && numberAt(file, 0, 2) == 0x3F1A &&
        std::all_of(file.begin() + 4, file.begin() + 16, isFiller)) {
        return {16, std::nullopt};
    }
    return {};
}

bool looksLikeDfuSe(std::span<const std::byte> file) { return hasText(file, 0, "DfuSe\x01"); }

void loadDfuSe(FirmwareImage& image) {
    image.format = FirmwareImage::Format::Dfu;
    const auto fail = [&](const std::string& what) {
        throw Error(fmt::format("'{}' is a damaged DfuSe file: {}; build or copy it again", image.name, what));
    };
    std::span<const std::byte> rest(image.file);
    rest = rest.first(rest.size() - dfuSuffixSize(image.name, rest));
    if (rest.size() < kDfuSePrefix) {
        fail("it is cut short in its prefix");
    }
    const std::uint32_t targets = numberAt(rest, 10, 1);
    rest = rest.subspan(kDfuSePrefix);
    SegmentBuilder builder;
    for (std::uint32_t target = 0; target < targets; ++target) {
        if (rest.size() < kTargetPrefix || !hasText(rest, 0, "Target")) {
            fail(fmt::format("target {} of {} is missing", target + 1, targets));
        }
        const std::uint32_t elements = numberAt(rest, 270, 4);
        rest = rest.subspan(kTargetPrefix);
        for (std::uint32_t element = 0; element < elements; ++element) {
            if (rest.size() < kElementHeader || numberAt(rest, 4, 4) > rest.size() - kElementHeader) {
                fail(fmt::format("element {} of {} is cut short", element + 1, elements));
            }
            const Address address = numberAt(rest, 0, 4);
            const std::size_t size = numberAt(rest, 4, 4);
            if (std::uint64_t{address} + size > std::uint64_t{1} << 32) {
                fail(fmt::format("its bytes at 0x{:08X} go beyond the 32-bit address space", address));
            }
            for (std::size_t i = 0; i < size; ++i) {
                builder.add(address + static_cast<Address>(i), rest[kElementHeader + i], element + 1);
            }
            rest = rest.subspan(kElementHeader + size);
        }
    }
    if (builder.empty()) {
        throw Error(fmt::format("'{}' holds no bytes to load: there is nothing to run", image.name));
    }
    image.segments = builder.finish(image.name);
}

} // namespace simprof
