// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/call_tracker.h"
#include "profiler/collect/memory_shadow.h"
#include "profiler/collect/recording.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace simprof {

/// What the application does outside inferences, path by path of the call tree; of one gap between two inferences also
/// which path reads what another one wrote.
class GapWatch {
public:
    static constexpr std::int32_t kMostPaths = 4'096;  ///< nodes of the call tree; later ones are not followed
    static constexpr std::size_t kMostLogged = 512;    ///< paths that one gap tells apart
    static constexpr Cycles kLongestGap = 200'000'000; ///< a longer one is not followed to its end

    GapWatch(Recording& recording, const CallTracker& calls, MemoryShadow& shadow)
        : m_recording(recording)
        , m_calls(calls)
        , m_shadow(shadow) {}

    /// `times` executions of a block at `cost` by the path `node`.
    void add(bool startUp, std::int32_t node, const BlockCost& cost, std::uint64_t times, std::uint64_t instructions,
             std::uint64_t multiplies);
    /// An inference is over, another one begins.
    void begin(Cycles at);
    void end();
    /// What was taken for inferences was none: all of it was start-up.
    void restart();

    bool logging() const { return m_isLogging; }
    /// Who accesses memory in a gap that is logged.
    AccessorId accessor(std::int32_t node);
    /// Gives up when the gap gets too long.
    void check(Cycles at) {
        if (at > m_since + kLongestGap) {
            end();
        }
    }

private:
    bool mayHoldFeatures() const;

    Recording& m_recording;
    const CallTracker& m_calls;
    MemoryShadow& m_shadow;
    std::vector<AccessorId> m_accessors; ///< by node, while a gap is logged; kOutside: none yet
    bool m_isLogging = false;
    unsigned m_tries = 0;
    Cycles m_since = 0;
};

} // namespace simprof
