// SPDX-License-Identifier: GPL-2.0-or-later
/// Another network in a firmware that runs networks by an interpreter.
#pragma once
#include "sim_core/image/firmware_image.h"

#include <cstddef>
#include <string>
#include <vector>

namespace simprof {

/// A flatbuffer, and where the one that it replaces lies in the image.
struct NewNetwork {
    Address address = 0;
    std::vector<std::byte> file;
};

/// The image with the flatbuffer replaced: at the same place when it fits there; else behind all that the image has in
/// that memory, which becomes one segment, and the first word of the old one leads to it. Throws Error when the old one
/// is in no segment, or is copied by start-up code and the new one is larger.
FirmwareImage withNetwork(const FirmwareImage& firmware, const NewNetwork& network);

/// The image with the network of a file, "NEW.tflite", in place of its own; "N=NEW.tflite" where it holds several, by
/// address from 1. What was done is added to the image's notes and to `changed`. Throws Error when the file is no
/// network, and when the image holds none or does not hold that one.
FirmwareImage replaceNetwork(const FirmwareImage& firmware, const std::string& what);

} // namespace simprof
