// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"
#include "profiler/report/table.h"

#include <QString>

#include <vector>

namespace simprof::gui {

/// What is told of a figure that was measured in several inferences.
enum class Figure : std::uint8_t { Mean, Sum, Least, Greatest };

/// How figures of layers are counted: over all whole inferences, or in one of them.
struct Counting {
    Figure figure = Figure::Mean;
    int inference = -1; ///< index into Profile::inferences; -1: all
    bool operator==(const Counting&) const = default;

    bool isSum() const { return inference < 0 && figure == Figure::Sum; }
    /// Instructions, bytes and reasons are known as sums only: of a single inference there are none.
    bool knowsSums() const { return inference < 0 && (figure == Figure::Mean || figure == Figure::Sum); }
};

/// The counting that the profile can answer: without inferences there are only sums, and a number that is none means
/// all.
Counting possible(const Profile& profile, Counting counting);

/// The layers with cycles, time and energy as counted. Their mean is over whole inferences, like that of an inference;
/// the least and greatest are of those in which the layer ran. Amounts that are not known are zero.
std::vector<LayerInfo> countedLayers(const Profile& profile, const Counting& counting);

/// Cycles, time and energy of an inference as counted; of the whole run when sums are.
ProfileTotals countedTotals(const Profile& profile, const Counting& counting);

/// "mean of 2 inferences", "sum over 2 inferences", "inference 1".
QString countingText(const Profile& profile, const Counting& counting);

/// The layer table with one kind of figure only: rows and what is below them are counted alike. Sums are what
/// layerTable() has without its mean.
Table countedLayerTable(const Profile& profile, const Counting& counting);

} // namespace simprof::gui
