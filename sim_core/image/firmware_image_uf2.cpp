// SPDX-License-Identifier: GPL-2.0-or-later
// "USB Flashing Format (UF2)", the format's README: block layout, flags and family identifiers.
#include "sim_core/image/firmware_image_uf2.h"

#include "sim_core/error.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace simprof {
namespace {

constexpr std::size_t kBlockSize = 512;
constexpr std::size_t kBlockCountOffset = 24;
constexpr std::size_t kDataOffset = 32;
constexpr std::uint32_t kLargestPayload = 476;
constexpr std::uint32_t kMagicStart0 = 0x0a324655;
constexpr std::uint32_t kMagicStart1 = 0x9e5d5157;
constexpr std::uint32_t kMagicEnd = 0x0ab16f30;
constexpr std::uint32_t kFlagNotMainFlash = 0x00000001;
constexpr std::uint32_t kFlagFileContainer = 0x00001000;
constexpr std::uint32_t kFlagFamily = 0x00002000;

struct Family {
    std::uint32_t id;
    std::string_view name;
};

/// Families whose core this simulator does not have.
constexpr std::array<Family, 18> kForeignFamilies = {{
    {0x1c5f21b0, "the ESP32 (Xtensa)"},
    {0xbfdd4eee, "the ESP32-S2 (Xtensa)"},
    {0xc47e5767, "the ESP32-S3 (Xtensa)"},
    {0xd42ba06c, "the ESP32-C3 (RISC-V)"},
    {0xe48bff59, "the RP2350 (Cortex-M33)"},
    {0xe48bff5a, "the RP2350 (RISC-V)"},
    {0xe48bff5b, "the RP2350 (Cortex-M33, non-secure)"},
    {0xe48bff57, "the RP2350 (at any address)"},
    {0xe48bff58, "the RP2350 (data)"},
    {0x540ddf62, "the ESP32-C6 (RISC-V)"},
    {0x2b88d29c, "the ESP32-C2 (RISC-V)"},
    {0x332726f6, "the ESP32-H2 (RISC-V)"},
    {0x3d308e94, "the ESP32-P4 (RISC-V)"},
    {0x7eab61ed, "the ESP8266 (Xtensa)"},
    {0x16573617, "the ATmega32 (AVR)"},
    {0x04240bdf, "the STM32L5 (Cortex-M33)"},
    {0x2abc77ec, "the LPC55 (Cortex-M33)"},
    {0x699b62ec, "the CH32V (RISC-V)"},
}};

std::uint32_t wordOf(std::span<const std::byte> bytes, std::size_t offset) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) {
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[offset + i]);
    }
    return value;
}

const Family* foreignFamily(std::uint32_t id) {
    const auto found = std::ranges::find(kForeignFamilies, id, &Family::id);
    return found == kForeignFamilies.end() ? nullptr : &*found;
}

/// The family of a block for the main flash; 0: none is named. Nothing for other blocks.
std::optional<std::uint32_t> familyOf(std::span<const std::byte> block) {
    const std::uint32_t flags = wordOf(block, 8);
    if ((flags & (kFlagNotMainFlash | kFlagFileContainer)) != 0) {
        return std::nullopt;
    }
    return (flags & kFlagFamily) != 0 ? wordOf(block, 28) : 0;
}

/// A file may hold images for several families: the first that can run is taken; throws Error when none can.
std::uint32_t chooseFamily(const FirmwareImage& image) {
    const Family* foreign = nullptr;
    for (std::size_t at = 0; at < image.file.size(); at += kBlockSize) {
        const auto id = familyOf(std::span(image.file).subspan(at, kBlockSize));
        if (!id) {
            continue;
        }
        foreign = foreignFamily(*id);
        if (foreign == nullptr) {
            return *id;
        }
    }
    if (foreign != nullptr) {
        throw Error(fmt::format("'{}' is for {}; simprof runs Cortex-M0, M0+, M4 and M7", image.name, foreign->name));
    }
    return 0;
}

/// The block's contents, or nothing when it is not meant for the main flash of `family`.
std::optional<ImageSegment> readBlock(const std::string& name, std::size_t index, std::span<const std::byte> block,
                                      std::uint32_t family) {
    const auto fail = [&](const std::string& what) {
        throw Error(fmt::format("'{}' block {}: {}", name, index, what));
    };
    if (wordOf(block, 0) != kMagicStart0 || wordOf(block, 4) != kMagicStart1 || wordOf(block, 508) != kMagicEnd) {
        fail("the magic numbers of a UF2 block are missing; the file is damaged, build or copy it again");
    }
    const Address address = wordOf(block, 12);
    const std::uint32_t size = wordOf(block, 16);
    if (familyOf(block) != family) {
        return std::nullopt;
    }
    if (size == 0 || size > kLargestPayload) {
        fail(fmt::format("a block holds at most {} bytes, this one claims {}", kLargestPayload, size));
    }
    if (std::uint64_t{address} + size > std::uint64_t{1} << 32) {
        fail(fmt::format("its address 0x{:08X} goes beyond the 32-bit address space", address));
    }
    const auto data = block.subspan(kDataOffset, size);
    return ImageSegment{address, address, {data.begin(), data.end()}, size, true, false};
}

} // namespace

bool looksLikeUf2(std::span<const std::byte> file) {
    return file.size() >= 8 && wordOf(file, 0) == kMagicStart0 && wordOf(file, 4) == kMagicStart1;
}

void loadUf2(FirmwareImage& image) {
    image.format = FirmwareImage::Format::Uf2;
    if (image.file.size() % kBlockSize != 0) {
        throw Error(fmt::format(
            "'{}' is cut short: a UF2 file is a multiple of {} bytes, this one has {}; build or copy it again",
            image.name, kBlockSize, image.file.size()));
    }
    const std::uint32_t family = chooseFamily(image);
    image.family = family != 0 ? std::optional(family) : std::nullopt;
    std::vector<ImageSegment> blocks;
    for (std::size_t i = 0; i < image.file.size() / kBlockSize; ++i) {
        if (auto block = readBlock(image.name, i, std::span(image.file).subspan(i * kBlockSize, kBlockSize), family)) {
            blocks.push_back(std::move(*block));
        }
    }
    std::uint32_t announced = 0;
    for (std::size_t at = 0; at < image.file.size(); at += kBlockSize) {
        announced = std::max(announced, wordOf(image.file, at + kBlockCountOffset));
    }
    if (const std::size_t held = image.file.size() / kBlockSize; announced > held) {
        throw Error(fmt::format("'{}' is cut short: it holds {} of {} blocks; build or copy it again", image.name, held,
                                announced));
    }
    std::stable_sort(blocks.begin(), blocks.end(), [](const auto& a, const auto& b) { return a.address < b.address; });
    for (ImageSegment& block : blocks) {
        ImageSegment* last = image.segments.empty() ? nullptr : &image.segments.back();
        const std::uint64_t end = last ? std::uint64_t{last->address} + last->bytes.size() : 0;
        if (last && block.address < end) {
            throw Error(fmt::format("'{}' gives address 0x{:08X} twice", image.name, block.address));
        }
        if (last && block.address == end) {
            last->bytes.insert(last->bytes.end(), block.bytes.begin(), block.bytes.end());
            last->memorySize = last->bytes.size();
        } else {
            image.segments.push_back(std::move(block));
        }
    }
    if (image.segments.empty()) {
        throw Error(fmt::format("'{}' holds no block for the main flash: there is nothing to run", image.name));
    }
}

} // namespace simprof
