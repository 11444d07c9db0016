// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/network/network.h"
#include "sim_core/image/firmware_image.h"

#include <filesystem>
#include <optional>
#include <string>

namespace simprof {

/// The network whose layers are looked for, and how it was found or why there is none.
struct NetworkChoice {
    std::optional<NetworkImage> network;
    bool inImage = false; ///< its bytes lie in the firmware
    std::string why;      ///< a clause
};

/// The largest network in the image, else that of the file `model`; throws Error when the file is no network.
NetworkChoice chooseNetwork(const FirmwareImage& image, const std::optional<std::filesystem::path>& model);

} // namespace simprof
