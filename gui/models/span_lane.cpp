// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/span_lane.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

namespace simprof::gui {

namespace {

constexpr std::size_t kFewSpans = 4096; ///< lanes this short are drawn span by span

} // namespace

SpanLane::SpanLane(std::vector<LaneSpan> spans)
    : m_spans(std::move(spans)) {
    assert(std::is_sorted(m_spans.begin(), m_spans.end(),
                          [](const LaneSpan& a, const LaneSpan& b) { return a.start < b.start; }));
    if (m_spans.size() > kFewSpans) {
        addBaseLevel();
        addCoarserLevels();
    }
}

void SpanLane::addBaseLevel() {
    // The finest buckets are about as wide as the mean distance of spans: finer views are drawn span by span.
    const Cycles length = std::max<Cycles>(1, m_spans.back().start + m_spans.back().cycles - m_spans.front().start);
    const Cycles mean = std::max<Cycles>(1, length / m_spans.size());
    Level level;
    level.shift = static_cast<unsigned>(std::bit_width(mean));
    const double width = std::ldexp(1.0, static_cast<int>(level.shift));
    Cycles longest = 0;
    for (std::size_t i = 0; i < m_spans.size(); ++i) {
        const LaneSpan& span = m_spans[i];
        const std::uint64_t last =
            span.cycles == 0 ? span.start >> level.shift : (span.start + span.cycles - 1) >> level.shift;
        for (std::uint64_t b = span.start >> level.shift; b <= last; ++b) {
            const Cycles from = std::max<Cycles>(span.start, b << level.shift);
            const Cycles to = std::min<Cycles>(span.start + span.cycles, (b + 1) << level.shift);
            if (level.buckets.empty() || level.buckets.back().index < b) {
                level.buckets.push_back({b, static_cast<std::uint32_t>(i), 0});
                longest = 0;
            }
            Bucket& bucket = level.buckets.back();
            if (bucket.index != b) {
                break; // spans that overlap backwards (a nested interrupt) do not reopen older buckets
            }
            bucket.cover = std::min(1.0F, bucket.cover + static_cast<float>(static_cast<double>(to - from) / width));
            if (to - from > longest) {
                longest = to - from;
                bucket.longest = static_cast<std::uint32_t>(i);
            }
        }
    }
    m_levels.push_back(std::move(level));
}

void SpanLane::addCoarserLevels() {
    while (m_levels.back().buckets.size() > 256 && m_levels.back().shift < 60) {
        const Level& fine = m_levels.back();
        Level coarse;
        coarse.shift = fine.shift + 1;
        coarse.buckets.reserve(fine.buckets.size() / 2 + 1);
        float most = 0;
        for (const Bucket& bucket : fine.buckets) {
            const std::uint64_t index = bucket.index >> 1;
            if (coarse.buckets.empty() || coarse.buckets.back().index != index) {
                coarse.buckets.push_back({index, bucket.longest, bucket.cover / 2});
                most = bucket.cover;
                continue;
            }
            Bucket& into = coarse.buckets.back();
            into.cover += bucket.cover / 2;
            if (bucket.cover > most) {
                most = bucket.cover;
                into.longest = bucket.longest;
            }
        }
        m_levels.push_back(std::move(coarse));
    }
}

int SpanLane::at(double cycle) const {
    auto next = std::upper_bound(m_spans.begin(), m_spans.end(), cycle,
                                 [](double value, const LaneSpan& s) { return value < static_cast<double>(s.start); });
    if (next == m_spans.begin()) {
        return -1;
    }
    --next;
    return cycle < static_cast<double>(next->start + next->cycles) ? static_cast<int>(next - m_spans.begin()) : -1;
}

void SpanLane::visible(double begin, double end, double perPixel, std::vector<DrawnSpan>& out) const {
    out.clear();
    if (m_spans.empty() || end <= begin) {
        return;
    }
    const Level* level = nullptr;
    for (const Level& candidate : m_levels) {
        if (std::ldexp(1.0, static_cast<int>(candidate.shift)) > perPixel) {
            break;
        }
        level = &candidate;
    }
    if (level != nullptr) {
        merged(*level, begin, end, out);
    } else {
        single(begin, end, perPixel, out);
    }
}

void SpanLane::single(double begin, double end, double perPixel, std::vector<DrawnSpan>& out) const {
    const auto startsBefore = [](const LaneSpan& s, double value) { return static_cast<double>(s.start) < value; };
    auto it = std::lower_bound(m_spans.begin(), m_spans.end(), begin, startsBefore);
    if (it != m_spans.begin()) {
        --it; // it may reach into view
    }
    while (it != m_spans.end() && static_cast<double>(it->start) < end) {
        const double from = static_cast<double>(it->start);
        const double to = from + static_cast<double>(it->cycles);
        const auto index = static_cast<std::int32_t>(it - m_spans.begin());
        ++it;
        if (to < begin) {
            continue;
        }
        const double pixelEnd = from + perPixel;
        if (to >= pixelEnd || it == m_spans.end() || static_cast<double>(it->start) >= pixelEnd) {
            out.push_back({from, to, m_spans[static_cast<std::size_t>(index)].key, index, 1});
            continue;
        }
        // Several in one pixel: one bar as wide as the pixel, then on to the first that begins behind it.
        out.push_back({from, pixelEnd, m_spans[static_cast<std::size_t>(index)].key, -1, 1});
        it = std::lower_bound(it, m_spans.end(), pixelEnd, startsBefore);
        const LaneSpan& last = *(it - 1); // the only one of the pixel that can reach far beyond it
        if (it - m_spans.begin() - 1 > index && static_cast<double>(last.start + last.cycles) > pixelEnd + perPixel) {
            --it;
        }
    }
}

void SpanLane::merged(const Level& level, double begin, double end, std::vector<DrawnSpan>& out) const {
    const double width = std::ldexp(1.0, static_cast<int>(level.shift));
    const auto first = static_cast<std::uint64_t>(std::max(0.0, begin / width));
    auto it = std::lower_bound(level.buckets.begin(), level.buckets.end(), first,
                               [](const Bucket& b, std::uint64_t index) { return b.index < index; });
    for (; it != level.buckets.end() && static_cast<double>(it->index) * width < end; ++it) {
        const LaneSpan& span = m_spans[it->longest];
        const double from = static_cast<double>(it->index) * width;
        const bool whole = static_cast<double>(span.cycles) >= 2 * width; // long enough to be seen as itself
        if (!out.empty() && out.back().end >= from && out.back().key == span.key &&
            std::abs(out.back().cover - it->cover) < 0.2F) {
            out.back().end = from + width;
            out.back().span = out.back().span == static_cast<std::int32_t>(it->longest) ? out.back().span : -1;
            continue;
        }
        out.push_back({from, from + width, span.key, whole ? static_cast<std::int32_t>(it->longest) : -1, it->cover});
    }
}

} // namespace simprof::gui
