// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/call_tracker.h"
#include "profiler/collect/recording.h"

namespace simprof {

/// How deep the stack gets inside each layer, from the call of the layer on; handlers have no part in it.
class LayerStacks {
public:
    LayerStacks(Recording& recording, const CallTracker& calls)
        : m_recording(recording)
        , m_calls(calls) {}

    /// What runs now works for the layer of this row, or for none.
    void run(RowId row) {
        if (row != m_row) {
            change(row);
        }
    }
    /// Is `sp` below all that the layer that runs has reached?
    bool isDeeper(Address sp) const { return sp < m_lowest; }
    /// The layer that runs reaches down to `sp`.
    void reach(Address sp, Cycles at);

private:
    void change(RowId row);
    StackPath& path() {
        const LedgerKey& key = m_recording.ledger[m_row].key;
        return m_recording.layerStacks[{key.network, key.layer}];
    }

    Recording& m_recording;
    const CallTracker& m_calls;
    RowId m_row = kNoRow;
    Address m_lowest = 0; ///< as deep as the layer has been, from where it was called this time; 0: no layer runs
};

} // namespace simprof
