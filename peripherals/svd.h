// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/machine_desc.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// What a CMSIS-SVD file says of an MCU's registers.
struct Svd {
    struct Block {
        std::string name;
        AddressRange range;
    };
    std::vector<Block> peripherals;
    std::map<Address, RegisterInfo> registers;
};

/// Reads a CMSIS-SVD file: peripherals, clusters, arrays and derivations; throws Error with the line of what is wrong.
Svd readSvd(const std::filesystem::path& path);
/// The same from a text; `fileName` is for messages.
Svd parseSvd(std::string_view text, const std::string& fileName);

/// The MCU with the names and reset values of `svd`; peripherals it did not have become unmodelled ones.
McuDesc withSvd(McuDesc mcu, const Svd& svd);

} // namespace simprof
