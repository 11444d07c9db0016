// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/call_tracker.h"
#include "profiler/collect/episode.h"
#include "profiler/collect/gap_watch.h"
#include "profiler/collect/memory_shadow.h"
#include "profiler/collect/recogniser.h"
#include "profiler/collect/recording.h"

#include <deque>
#include <functional>
#include <vector>

namespace simprof {

/// Who runs in which layer: follows the inferences of a run by the calls that its recogniser knows.
class LayerWatch {
public:
    /// `recogniser` may be null. `done`: an inference of a network ended before the run did, whose layers took so
    /// many cycles without the interrupts that came in between.
    LayerWatch(Recording& recording, CallTracker& calls, MemoryShadow& shadow, Recogniser* recogniser,
               std::function<void(std::int32_t, Cycles)> done)
        : m_recording(recording)
        , m_calls(calls)
        , m_shadow(shadow)
        , m_recogniser(recogniser)
        , m_gaps(recording, calls, shadow)
        , m_done(std::move(done)) {}

    /// A layer may begin inside the one that runs.
    bool mayNest() const;
    /// The call runs a layer: its row.
    RowId begin(const LayerCall& call, Cycles at);
    /// A function returned.
    void ended(CallTracker::Ended what, Cycles at);
    /// Gives what was taken for an inference back to the application (it was the runtime's preparation).
    void drop(std::int32_t network);
    /// Ends what is open.
    void finish(Cycles at);

    /// Owner of cycles and of accesses.
    struct Owner {
        RowId row = Ledger::kStartUp;
        AccessorId accessor = kOutside;
    };
    /// Of what runs now.
    Owner owner() const;
    GapWatch& gaps() { return m_gaps; }

private:
    Episode& episode(std::int32_t network);
    const Episode& episode(std::int32_t network) const { return m_episodes[static_cast<std::size_t>(network)]; }
    void beginInference(std::int32_t network, Cycles at);
    void keep(std::int32_t network, Inference inference);
    void keepLog(std::int32_t network, const std::vector<Span>& spans);

    Recording& m_recording;
    CallTracker& m_calls;
    MemoryShadow& m_shadow;
    Recogniser* m_recogniser;
    GapWatch m_gaps;
    std::function<void(std::int32_t, Cycles)> m_done;
    std::deque<Episode> m_episodes; ///< by network
    std::int32_t m_logged = -1;     ///< network whose inference is logged
    std::size_t m_spans = 0;        ///< of all inferences so far
};

} // namespace simprof
