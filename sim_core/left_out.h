// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <string>

namespace simprof {

/// A kind of record of which a run had more than are kept, and how many are missing.
struct LeftOut {
    std::string what; ///< in the plural: "events"
    std::uint64_t count = 0;
    bool operator==(const LeftOut&) const = default;
};

} // namespace simprof
