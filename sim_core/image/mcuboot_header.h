// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"

namespace simprof {

/// What the header of an MCUboot image says.
struct McuBootHeader {
    std::uint32_t size = 0;             ///< bytes before the vector table
    std::optional<Address> loadAddress; ///< where the image belongs, when the header fixes it
};

/// The header at the begin of `bytes`, if there is one; throws Error when the image behind it is encrypted.
std::optional<McuBootHeader> readMcuBootHeader(const std::string& name, std::span<const std::byte> bytes);

/// An image whose first segment begins with such a header starts behind it: sets image.vectorTable and says so in a
/// note.
void skipMcuBootHeader(FirmwareImage& image);

} // namespace simprof
