// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/differential/records.h"

#include <algorithm>
#include <cstring>

namespace simprof::differential {

std::optional<Record> nextRecord(std::string_view output, std::size_t& at) {
    constexpr std::size_t kHead = kWork - kRecord, kFixed = kEvents - kRecord;
    if (at + kFixed > output.size()) {
        return std::nullopt;
    }
    std::array<std::uint32_t, kHead / 4> head{};
    std::memcpy(head.data(), output.data() + at, kHead);
    const std::uint32_t count = head[3];
    if (count == 0 || count > kMaxEvents || head[2] != kEvents + 4 * kEventWords * count ||
        at + kFixed + sizeof(Event) * count > output.size()) {
        return std::nullopt;
    }
    Record record{head[0], head[1], std::vector<std::uint32_t>(kWorkSize / 4), std::vector<Event>(count)};
    std::memcpy(record.work.data(), output.data() + at + kHead, kWorkSize);
    std::memcpy(record.events.data(), output.data() + at + kFixed, sizeof(Event) * count);
    // Only the last event always has the FP registers; where others have none, an earlier run's remain.
    for (std::size_t e = 0; (head[4] & kFpInEvents) == 0 && e + 1 < count; ++e) {
        std::fill(&record.events[e][kS0], record.events[e].data() + kEventWords, 0);
    }
    at += kFixed + sizeof(Event) * count;
    return record;
}

} // namespace simprof::differential
