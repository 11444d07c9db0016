// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/network/network.h"
#include "sim_core/image/firmware_image.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace simprof {

/// The networks whose layers are looked for, and how they were found or why there are none.
struct NetworkChoice {
    std::vector<NetworkImage> inImage; ///< flatbuffers in the firmware, by address
    std::optional<Network> model;      ///< given by the user for a firmware that holds none
    std::string why;                   ///< a clause
};

/// All networks in the image, else that of the file `model`; throws Error when the file is no network.
NetworkChoice chooseNetworks(const FirmwareImage& image, const std::optional<std::filesystem::path>& model);

} // namespace simprof
