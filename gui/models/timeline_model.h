// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "gui/models/left_out.h"
#include "gui/models/span_lane.h"
#include "profiler/profile.h"

#include <QString>

#include <vector>

namespace simprof::gui {

/// What the spans of a lane are; their keys index the profile's vector of that.
enum class LaneKind : std::uint8_t { Inference, Layer, Function, Interrupt, Uart, Sleep, Power, Clock };

/// One line of the timeline.
struct Lane {
    LaneKind kind = LaneKind::Inference;
    int depth = 0; ///< of functions: how deep in the stack
    QString title; ///< "" for functions below the first
    SpanLane spans;
    SpanLane leftOut; ///< of functions: where calls without a span may lie, by caller
};

/// The lanes of a profile, from coarse to fine; lanes that would be empty are left out.
std::vector<Lane> makeLanes(const Profile& profile, const LeftOut& leftOut);

/// What was printed in one of Profile::prints, in one line.
QString printedText(const Profile& profile, std::size_t print);

/// What a span is called: "inference 1", a layer's name, a function's.
QString laneName(const Profile& profile, LaneKind kind, std::int32_t key);

} // namespace simprof::gui
