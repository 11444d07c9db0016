// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"

namespace simprof {

/// Bytes of the DFU suffix at the end of the file, 0 when there is none; throws Error when its checksum is wrong.
std::size_t dfuSuffixSize(const std::string& name, std::span<const std::byte> file);

/// What a DFU prefix for one vendor's boot loader says of the bytes behind it.
struct DfuPrefix {
    std::size_t size = 0;        ///< of the prefix; 0: there is none
    std::optional<Address> base; ///< where the contents belong
};
/// `file` is without its suffix.
DfuPrefix readDfuPrefix(std::span<const std::byte> file);

/// Whether the bytes start like a DfuSe file of ST.
bool looksLikeDfuSe(std::span<const std::byte> file);

/// Fills segments from the elements of a DfuSe file; throws Error on a damaged one.
void loadDfuSe(FirmwareImage& image);

} // namespace simprof
