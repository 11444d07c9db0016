// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/span_lane.h"

#include <gtest/gtest.h>

#include <random>

namespace simprof::gui {
namespace {

std::vector<LaneSpan> manySpans(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<LaneSpan> spans;
    Cycles at = 0;
    for (std::size_t i = 0; i < count; ++i) {
        at += random() % 20;
        const Cycles length = 1 + (random() % 100 == 0 ? random() % 5000 : random() % 30);
        spans.push_back({at, length, static_cast<std::int32_t>(i % 7)});
        at += length;
    }
    return spans;
}

/// The share of [begin, end) that drawn bars cover, seen in `pixels` pixels.
std::vector<bool> pixelsOf(const std::vector<DrawnSpan>& drawn, double begin, double perPixel, int pixels) {
    std::vector<bool> covered(static_cast<std::size_t>(pixels));
    for (const DrawnSpan& span : drawn) {
        const int first = std::max(0, static_cast<int>((span.begin - begin) / perPixel));
        const int last = std::min(pixels - 1, static_cast<int>((span.end - begin) / perPixel - 1e-9));
        for (int p = first; p <= last; ++p) {
            covered[static_cast<std::size_t>(p)] = true;
        }
    }
    return covered;
}

TEST(SpanLane, FindsTheSpanAtACycle) {
    const SpanLane lane({{10, 5, 1}, {15, 5, 2}, {30, 1, 3}});
    const std::pair<double, int> cases[] = {{9, -1}, {10, 0}, {14.9, 0}, {15, 1}, {20, -1}, {30, 2}, {31, -1}};
    for (const auto& [cycle, span] : cases) {
        EXPECT_EQ(lane.at(cycle), span) << cycle;
    }
    EXPECT_EQ(SpanLane().at(5), -1);
}

TEST(SpanLane, DrawsSingleSpansWhenTheyAreWide) {
    const SpanLane lane({{10, 5, 1}, {15, 5, 2}, {30, 1, 3}});
    std::vector<DrawnSpan> drawn;
    lane.visible(0, 40, 0.1, drawn);
    ASSERT_EQ(drawn.size(), 3U);
    EXPECT_EQ(drawn[1].begin, 15);
    EXPECT_EQ(drawn[1].end, 20);
    EXPECT_EQ(drawn[1].span, 1);
    lane.visible(16, 18, 0.1, drawn); // inside of one
    ASSERT_EQ(drawn.size(), 1U);
    EXPECT_EQ(drawn[0].span, 1);
}

TEST(SpanLane, KeepsAWideSpanThatBeginsInACrowdedPixel) {
    std::vector<LaneSpan> spans = {{100, 1, 1}, {102, 1, 1}, {104, 1, 1}, {106, 5000, 2}};
    std::vector<DrawnSpan> drawn;
    SpanLane(spans).visible(0, 10'000, 100, drawn);
    EXPECT_EQ(drawn.back().key, 2);
    EXPECT_EQ(drawn.back().end, 5106);
}

TEST(SpanLane, CoversTheSamePixelsAsDrawingEverySpan) {
    const std::vector<LaneSpan> spans = manySpans(50'000, 7);
    const SpanLane lane(spans);
    const double whole = static_cast<double>(spans.back().start + spans.back().cycles);
    constexpr int kPixels = 1000;
    for (const double zoom : {1.0, 0.3, 0.05, 0.002}) {
        for (const double from : {0.0, 0.31, 0.74}) {
            const double begin = from * whole;
            const double perPixel = zoom * whole / kPixels;
            std::vector<DrawnSpan> drawn;
            lane.visible(begin, begin + zoom * whole, perPixel, drawn);
            std::vector<DrawnSpan> all;
            for (const LaneSpan& span : spans) {
                all.push_back(
                    {static_cast<double>(span.start), static_cast<double>(span.start + span.cycles), 0, 0, 1});
            }
            const auto shown = pixelsOf(drawn, begin, perPixel, kPixels);
            const auto truth = pixelsOf(all, begin, perPixel, kPixels);
            int missing = 0;
            for (int p = 1; p + 1 < kPixels; ++p) { // a bucket may reach one pixel further
                const auto at = static_cast<std::size_t>(p);
                missing += truth[at] && !shown[at - 1] && !shown[at] && !shown[at + 1] ? 1 : 0;
                EXPECT_TRUE(!shown[at] || truth[at - 1] || truth[at] || truth[at + 1])
                    << "pixel " << p << " zoom " << zoom;
            }
            EXPECT_EQ(missing, 0) << "zoom " << zoom << " from " << from;
        }
    }
}

TEST(SpanLane, DrawsAtMostTwoBarsAPixel) {
    const std::vector<LaneSpan> spans = manySpans(200'000, 3);
    const SpanLane lane(spans);
    const double whole = static_cast<double>(spans.back().start + spans.back().cycles);
    std::vector<DrawnSpan> drawn;
    for (double zoom = 1; zoom > 1e-5; zoom *= 0.37) {
        constexpr double kPixels = 1400;
        lane.visible(0.2 * whole, 0.2 * whole + zoom * whole, zoom * whole / kPixels, drawn);
        EXPECT_LE(drawn.size(), 2 * kPixels + 4) << zoom;
    }
}

TEST(SpanLane, ShowsTheLongestOfABucket) {
    std::vector<LaneSpan> spans;
    for (Cycles i = 0; i < 10'000; ++i) {
        spans.push_back({i * 100, 10, 1});
        spans.push_back({i * 100 + 10, 80, 2});
    }
    std::vector<DrawnSpan> drawn;
    SpanLane(spans).visible(0, 1e6, 1000, drawn);
    for (const DrawnSpan& span : drawn) {
        EXPECT_EQ(span.key, 2);
    }
}

} // namespace
} // namespace simprof::gui
