// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"

namespace simprof {

/// Reads the contents of a section .ARM.attributes. What cannot be understood is left unset: a firmware runs without
/// it.
BuildAttributes readBuildAttributes(std::span<const std::byte> section);

/// Throws Error with the core's name when the attributes say that the code is for a core other than Armv6-M, v7-M or
/// v7E-M.
void checkBuildAttributes(const std::string& name, const BuildAttributes& attributes);

} // namespace simprof
