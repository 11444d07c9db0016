// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>

namespace simprof {

/// Whether a key of a file has to be there.
enum class Need : std::uint8_t {
    Optional,
    Required,
    IfAny, ///< optional, and left out where there is nothing to write
};

} // namespace simprof
