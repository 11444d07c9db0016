// SPDX-License-Identifier: GPL-2.0-or-later
/// The words of board files for enumerations and bytes.
#pragma once
#include "sim_core/machine_desc.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// The names of all cores: "Cortex-M4".
std::vector<std::string_view> coreNames();
/// The same in a sentence: "Cortex-M0, Cortex-M0+, Cortex-M4 or Cortex-M7".
const char* coreChoices();
/// What a board file says of families.
const char* mcuFamilyHelp();
/// Two hexadecimal digits per byte, without the zeros at the end.
std::string bytesAsHex(const std::vector<std::uint8_t>& bytes);
std::optional<std::vector<std::uint8_t>> bytesFromHex(std::string_view text);
/// Decimal, 0x hexadecimal, or with K or M behind for 1024 and 1024²; as texts are written where a number is wanted.
std::optional<std::int64_t> numberFrom(std::string_view text);

} // namespace simprof
