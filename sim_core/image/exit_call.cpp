// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/image/exit_call.h"

#include <algorithm>
#include <cstdint>

namespace simprof {

namespace {

constexpr std::size_t kBefore = 16; ///< halfwords in front of the BKPT

std::uint32_t halfAt(std::span<const std::byte> bytes, std::size_t offset) {
    return std::to_integer<std::uint32_t>(bytes[offset]) | std::to_integer<std::uint32_t>(bytes[offset + 1]) << 8;
}

/// The operations of "Semihosting for AArch32 and AArch64", 7.7 and 7.8.
bool endsRun(std::uint32_t operation) { return operation == 0x18 || operation == 0x20; }

/// Whether R0 holds such an operation at the BKPT at `offset`, as the instructions in front of it show: MOVS Rd, #imm8,
/// and MOV R0, Rd where it went to another register first.
bool asksForExit(std::span<const std::byte> bytes, std::size_t offset) {
    std::uint32_t wanted = 0; // register that becomes R0
    for (std::size_t i = 1; i <= kBefore && 2 * i <= offset; ++i) {
        const std::uint32_t half = halfAt(bytes, offset - 2 * i);
        if ((half & 0xF800U) == 0x2000 && (half >> 8 & 7U) == wanted) {
            return endsRun(half & 0xFFU);
        }
        if ((half & 0xFFC7U) == 0x4600 && wanted == 0) {
            wanted = half >> 3 & 7U;
        }
        if (half >> 8 == wanted && 2 * (i + 1) <= offset && halfAt(bytes, offset - 2 * (i + 1)) == 0xF04F) { // MOV.W
            return endsRun(half & 0xFFU);
        }
    }
    return false;
}

} // namespace

bool holdsExitCall(const FirmwareImage& image) {
    constexpr std::uint32_t kBkptAb = 0xBEAB;
    return std::ranges::any_of(image.segments, [](const ImageSegment& segment) {
        const std::span<const std::byte> bytes = segment.bytes;
        for (std::size_t offset = segment.address & 1U; offset + 1 < bytes.size(); offset += 2) {
            if (halfAt(bytes, offset) == kBkptAb && asksForExit(bytes, offset)) {
                return true;
            }
        }
        return false;
    });
}

} // namespace simprof
