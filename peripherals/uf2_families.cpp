// SPDX-License-Identifier: GPL-2.0-or-later
// "USB Flashing Format (UF2)", the format's list of families; those of cores that are not simulated are refused when
// the file is read.
#include "peripherals/uf2_families.h"

#include <algorithm>
#include <iterator>

namespace simprof {
namespace {

constexpr Uf2Family kFamilies[] = {
    {0xe48bff56, "RP2040", "RP2040"},
    {0xada52840, "nRF52840", "nRF52840"},
    {0x57755a57, "STM32F4", "STM32F4"},
    {0x6d0922fa, "STM32F407", "STM32F407"},
    {0x8fb060fe, "STM32F407VG", "STM32F407"},
    {0x53b80f00, "STM32F7", "STM32F7"},
    {0x6db66082, "STM32H7", "STM32H7"},
    {0x00ff6919, "STM32L4", "STM32L4"},
    {0x300f5633, "STM32G0", "STM32G0"},
    {0x202e3a91, "STM32L0", "STM32L0"},
    {0x68ed2b88, "SAMD21", ""},
    {0x55114460, "SAMD51", ""},
    {0x1b57745f, "nRF52", "nRF52840"},
    {0x72721d4e, "nRF52832", ""},
    {0x621e937a, "nRF52833", ""},
    {0x5ee21072, "STM32F1", ""},
    {0x4fb2d5bd, "i.MX RT10xx", ""},
    {0x647824b6, "STM32F0", ""},
};

} // namespace

const Uf2Family* uf2Family(std::optional<std::uint32_t> id) {
    const auto* const row = std::ranges::find(kFamilies, id.value_or(0), &Uf2Family::id);
    return id && row != std::end(kFamilies) ? row : nullptr;
}

} // namespace simprof
