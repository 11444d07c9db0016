// SPDX-License-Identifier: GPL-2.0-or-later
// ESP32: "esptool, Firmware Image Format". RP2350: data sheet 5.9 (blocks and their items). Arm: DDI 0406 B1.8.1
// (exception vectors are instructions). AVR: "AVR Instruction Set Manual" (JMP).
#include "sim_core/image/foreign_code.h"

#include "sim_core/error.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace simprof {
namespace {

std::uint32_t wordOf(std::span<const std::byte> bytes, std::size_t offset) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) {
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[offset + i]);
    }
    return value;
}

struct EspChip {
    std::uint32_t id;
    std::string_view what;
};
constexpr std::array<EspChip, 9> kEspChips = {{
    {0, "an image for the ESP32 (Xtensa)"},
    {2, "an image for the ESP32-S2 (Xtensa)"},
    {5, "an image for the ESP32-C3 (RISC-V)"},
    {9, "an image for the ESP32-S3 (Xtensa)"},
    {12, "an image for the ESP32-C2 (RISC-V)"},
    {13, "an image for the ESP32-C6 (RISC-V)"},
    {16, "an image for the ESP32-H2 (RISC-V)"},
    {18, "an image for the ESP32-P4 (RISC-V)"},
    {23, "an image for the ESP32-C5 (RISC-V)"},
}};

/// Magic, number of segments, SPI mode, size and speed, entry; the chip follows at 12 where the header is extended.
std::string espImage(std::span<const std::byte> bytes) {
    if (bytes.size() < 24 || bytes[0] != std::byte{0xE9}) {
        return "";
    }
    const auto at = [&](std::size_t offset) { return std::to_integer<std::uint32_t>(bytes[offset]); };
    const std::uint32_t entry = wordOf(bytes, 4);
    if (at(1) == 0 || at(1) > 16 || at(2) > 5 || entry < 0x40000000 || entry >= 0x50000000) {
        return "";
    }
    if (entry >= 0x40100000 && entry < 0x40300000 && wordOf(bytes, 8) >= 0x3FFE0000) {
        return "an image for the ESP8266 (Xtensa)";
    }
    const auto chip = std::ranges::find(kEspChips, at(12) | at(13) << 8, &EspChip::id);
    return chip == kEspChips.end() ? "" : std::string(chip->what);
}

/// An image definition for the RP2350 lies in its first 4 KiB.
std::string picoBlock(std::span<const std::byte> bytes) {
    constexpr std::uint32_t kStart = 0xFFFFDED3, kImageType = 0x42;
    for (std::size_t at = 0; at + 8 <= std::min<std::size_t>(bytes.size(), 4096); at += 4) {
        if (wordOf(bytes, at) != kStart) {
            continue;
        }
        const std::uint32_t item = wordOf(bytes, at + 4), flags = item >> 16;
        const bool executable = (flags & 0xF) == 1, rp2350 = (flags >> 12 & 7U) == 1;
        if ((item & 0xFF) == kImageType && executable && rp2350) {
            return (flags >> 8 & 7U) == 1 ? "an image for the RP2350 (RISC-V)" : "an image for the RP2350 (Cortex-M33)";
        }
    }
    return "";
}

/// Eight exception vectors that are branches, or loads of the PC, executed always.
bool hasArmVectors(std::span<const std::byte> bytes) {
    if (bytes.size() < 32) {
        return false;
    }
    unsigned branches = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        const std::uint32_t word = wordOf(bytes, 4 * i);
        branches += word >> 24 == 0xEA || (word & 0xFFFFF000) == 0xE59FF000 ? 1 : 0;
    }
    return branches >= 7 && (wordOf(bytes, 0) >> 24 == 0xEA || wordOf(bytes, 0) >> 12 == 0xE59FF);
}

bool hasAvrVectors(std::span<const std::byte> bytes) {
    for (std::size_t i = 0; i < 16; ++i) {
        if (bytes.size() < 64 || (wordOf(bytes, 4 * i) & 0xFFFF) != 0x940C) {
            return false;
        }
    }
    return true;
}

} // namespace

std::string foreignCode(std::span<const std::byte> bytes) {
    if (std::string esp = espImage(bytes); !esp.empty()) {
        return esp;
    }
    if (std::string pico = picoBlock(bytes); !pico.empty()) {
        return pico;
    }
    if (hasArmVectors(bytes)) {
        return "code in ARM state, as for Cortex-A, Cortex-R and ARM7";
    }
    return hasAvrVectors(bytes) ? "code for AVR" : "";
}

void refuseForeignCode(const FirmwareImage& image) {
    const auto first = std::ranges::find_if(image.segments, [](const auto& segment) { return !segment.bytes.empty(); });
    const std::string foreign = first == image.segments.end() ? "" : foreignCode(first->bytes);
    if (!foreign.empty()) {
        throw Error(fmt::format("'{}' is {}; simprof runs Cortex-M0, M0+, M4 and M7", image.name, foreign));
    }
}

} // namespace simprof
