// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/planning/overlay_problem.h"

#include <algorithm>
#include <tuple>

namespace simprof {
namespace {

/// The first or the last access to a byte of a buffer.
struct Event {
    std::uint32_t at = 0;
    std::uint32_t isLast = 0;
    std::uint32_t buffer = 0;
    std::uint32_t byte = 0;
};

/// In order of time; of one access what begins comes first.
std::vector<Event> eventsOf(const OverlayProblem& problem) {
    std::vector<Event> events;
    for (std::uint32_t b = 0; b < problem.buffers.size(); ++b) {
        const std::vector<ByteSpan>& bytes = problem.buffers[b].bytes;
        for (std::uint32_t i = 0; i < bytes.size(); ++i) {
            if (bytes[i].isNeeded()) {
                events.push_back({bytes[i].first, 0, b, i});
                events.push_back({bytes[i].last, 1, b, i});
            }
        }
    }
    std::ranges::sort(events, {}, [](const Event& event) { return std::tie(event.at, event.isLast); });
    return events;
}

} // namespace

Bytes peakOf(const OverlayProblem& problem, const std::vector<Bytes>& offsets) {
    Bytes peak = 0;
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        peak = std::max(peak, offsets[i] + problem.buffers[i].bytes.size());
    }
    return peak;
}

Bytes mostLiveBytes(const OverlayProblem& problem) {
    Bytes live = 0;
    Bytes most = 0;
    for (const Event& event : eventsOf(problem)) {
        if (event.isLast != 0) {
            --live;
        } else {
            most = std::max(most, ++live);
        }
    }
    return most;
}

std::optional<Overwrite> findOverwrite(const OverlayProblem& problem, const std::vector<Bytes>& offsets) {
    std::vector<std::uint32_t> holders(peakOf(problem, offsets));
    for (const Event& event : eventsOf(problem)) {
        std::uint32_t& holder = holders[offsets[event.buffer] + event.byte];
        if (event.isLast == 0) {
            holder = event.buffer;
        } else if (holder != event.buffer) {
            return Overwrite{event.buffer, event.byte, holder, event.at};
        }
    }
    return std::nullopt;
}

} // namespace simprof
