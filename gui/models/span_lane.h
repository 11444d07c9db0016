// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <cstdint>
#include <vector>

namespace simprof::gui {

/// One bar of a lane. `key` says what it is: a layer, a function, an exception.
struct LaneSpan {
    Cycles start = 0;
    Cycles cycles = 0;
    std::int32_t key = -1;
};

/// A bar as drawn: one span, or many that are narrower than a pixel and shown as their longest one.
struct DrawnSpan {
    double begin = 0; ///< cycles
    double end = 0;
    std::int32_t key = -1;
    std::int32_t span = -1; ///< index, -1 when merged from several
    float cover = 1;        ///< how much of the width is covered
};

/// Spans on one line of time axis, prepared so that any part of any size is drawn with work that depends on the pixels
/// only: summaries in time buckets of doubling width, found by binary search.
class SpanLane {
public:
    SpanLane() = default;
    /// `spans` sorted by start.
    explicit SpanLane(std::vector<LaneSpan> spans);

    const std::vector<LaneSpan>& spans() const { return m_spans; }
    /// The span at a cycle, or -1.
    int at(double cycle) const;
    /// What to draw of [begin, end) when a pixel is `perPixel` cycles wide; about two bars per pixel at most.
    void visible(double begin, double end, double perPixel, std::vector<DrawnSpan>& out) const;

private:
    struct Bucket {
        std::uint64_t index = 0;   ///< start / width
        std::uint32_t longest = 0; ///< span that covers most of it
        float cover = 0;
    };
    struct Level {
        unsigned shift = 0; ///< width is 1 << shift cycles
        std::vector<Bucket> buckets;
    };
    void addBaseLevel();
    void addCoarserLevels();
    void single(double begin, double end, double perPixel, std::vector<DrawnSpan>& out) const;
    void merged(const Level& level, double begin, double end, std::vector<DrawnSpan>& out) const;

    std::vector<LaneSpan> m_spans;
    std::vector<Level> m_levels; ///< finest first
};

} // namespace simprof::gui
