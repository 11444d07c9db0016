// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/call_tracker.h"
#include "profiler/collect/episode.h"
#include "profiler/collect/memory_shadow.h"
#include "profiler/collect/recogniser.h"
#include "profiler/collect/recording.h"

#include <functional>

namespace simprof {

/// Who runs in which layer: follows the inferences of a run by the calls that its recogniser knows.
class LayerWatch {
public:
    /// `recogniser` may be null. `done`: an inference ended before the run did, whose layers took so many cycles
    /// without the interrupts that came in between.
    LayerWatch(Recording& recording, CallTracker& calls, MemoryShadow& shadow, Recogniser* recogniser,
               std::function<void(Cycles)> done)
        : m_recording(recording)
        , m_calls(calls)
        , m_shadow(shadow)
        , m_recogniser(recogniser)
        , m_done(std::move(done))
        , m_episode(recording.ledger, recogniser, 0, -1) {}

    /// The call runs a layer: its row.
    RowId begin(const LayerCall& call, Cycles at);
    /// A function returned.
    void ended(CallTracker::Ended what, Cycles at);
    /// Gives what was taken for an inference back to the start-up (it was the runtime's preparation).
    void drop();
    /// Ends what is open.
    void finish(Cycles at);

    /// Owner of cycles and of accesses.
    struct Owner {
        RowId row = Ledger::kStartUp;
        AccessorId accessor = kOutside;
    };
    /// Of what runs now.
    Owner owner() const;

private:
    void beginInference(Cycles at);
    void keep(Inference inference);

    Recording& m_recording;
    CallTracker& m_calls;
    MemoryShadow& m_shadow;
    Recogniser* m_recogniser;
    std::function<void(Cycles)> m_done;
    Episode m_episode;
    std::size_t m_spans = 0; ///< of all inferences so far
};

} // namespace simprof
