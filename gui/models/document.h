// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/flame_model.h"
#include "gui/models/layer_links.h"
#include "gui/models/tetris_model.h"
#include "gui/models/timeline_model.h"
#include "profiler/analysis/cycle_time.h"
#include "profiler/profile.h"

#include <QString>

#include <memory>
#include <string>

namespace simprof::gui {

/// A profile as the window holds it, with everything that takes time to derive; made once, in the background.
struct Document {
    explicit Document(Profile made);

    Profile profile;
    QString path; ///< of the profile file; empty: not saved yet
    LeftOut leftOut;
    std::vector<Lane> lanes;
    TetrisModel tetris;
    std::vector<FlameBox> flame;
    CycleTime time;
    std::vector<int> kernels; ///< of each layer, see kernelsOf()

    /// "kws.elf on stm32f746g-disco".
    QString title() const;
    const LayerInfo* layer(int index) const;
    const FunctionInfo* function(int index) const;
    /// First and last cycle of an inference; nothing when there is no such one.
    std::optional<std::pair<Cycles, Cycles>> inferenceAt(int index) const;
    /// The function that did most of a layer's work, or -1.
    int kernelOf(int layer) const;
    /// Duration in microseconds of a stretch of cycles.
    double microseconds(Cycles begin, Cycles end) const { return time.microseconds(end) - time.microseconds(begin); }
};

using DocumentPtr = std::shared_ptr<const Document>;

} // namespace simprof::gui
