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
#include <utility>

namespace simprof::gui {

/// A profile as the window holds it, with everything that takes time to derive; made once, in the background.
struct Document {
    explicit Document(Profile made)
        : Document(firstOf(std::move(made))) {}
    /// One network of a profile of several, by its number, from 0.
    Document(std::shared_ptr<const Profile> several, std::size_t number)
        : Document(oneOf(std::move(several), number)) {}

    std::shared_ptr<const Profile> whole; ///< with all networks; null when one ran, or none
    std::size_t network = 0;              ///< of `whole`, shown alone
    Profile profile;                      ///< what is shown
    QString path;                         ///< of the profile file; empty: not saved yet
    LeftOut leftOut;
    std::vector<Lane> lanes;
    TetrisModel tetris;
    std::vector<FlameBox> flame;
    CycleTime time;
    std::vector<int> kernels; ///< of each layer, see kernelsOf()

    /// "kws.elf on stm32f746g-disco".
    QString title() const;
    /// What is saved.
    const Profile& saved() const { return whole ? *whole : profile; }
    /// Whether both show the same run, whichever network.
    bool isSameRun(const Document& other) const { return whole ? whole == other.whole : this == &other; }
    const LayerInfo* layer(int index) const;
    const FunctionInfo* function(int index) const;
    /// First and last cycle of an inference; nothing when there is no such one.
    std::optional<std::pair<Cycles, Cycles>> inferenceAt(int index) const;
    /// The function that did most of a layer's work, or -1.
    int kernelOf(int layer) const;
    /// Duration in microseconds of a stretch of cycles.
    double microseconds(Cycles begin, Cycles end) const { return time.microseconds(end) - time.microseconds(begin); }

private:
    struct Shown {
        std::shared_ptr<const Profile> whole;
        std::size_t network = 0;
        Profile profile;
    };
    explicit Document(Shown shown);
    static Shown firstOf(Profile made);
    static Shown oneOf(std::shared_ptr<const Profile> several, std::size_t number);
};

using DocumentPtr = std::shared_ptr<const Document>;

} // namespace simprof::gui
