// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <string>

namespace simprof::cli {

/// "65536", "64KiB", "64M", "2GiB" as bytes; throws Error that names the option.
Bytes parseBytes(const std::string& text, const char* option);

/// "90", "90s", "5m", "1.5h" as seconds of the host; throws Error that names the option.
double parseDuration(const std::string& text, const char* option);

} // namespace simprof::cli
