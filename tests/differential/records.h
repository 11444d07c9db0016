// SPDX-License-Identifier: GPL-2.0-or-later
/// What a side wrote out, cut into records: one for each run of a case.
#pragma once
#include "tests/differential/monitor.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace simprof::differential {

using Event = std::array<std::uint32_t, kEventWords>;

/// What one run of a case left behind.
struct Record {
    std::uint32_t number = 0;
    std::uint32_t runsLeft = 0;
    std::vector<std::uint32_t> work;
    std::vector<Event> events; ///< the last one is the end
    bool operator==(const Record&) const = default;
};

/// The record that begins at `at` of the output, which moves behind it; nothing at the end or when it is damaged.
std::optional<Record> nextRecord(std::string_view output, std::size_t& at);

} // namespace simprof::differential
