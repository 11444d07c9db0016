// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/planning/forbidden_offsets.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace simprof {
namespace {

constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::min();

/// Greatest number of those added at or above a place, in a tree of partial maxima.
class MaximaFrom {
public:
    explicit MaximaFrom(std::size_t places)
        : m_maxima(places + 1, kNone) {}
    void add(std::size_t place, std::int64_t number) {
        for (std::size_t i = m_maxima.size() - 1 - place; i < m_maxima.size(); i += i & (~i + 1)) {
            m_maxima[i] = std::max(m_maxima[i], number);
        }
    }
    std::int64_t greatest(std::size_t from) const {
        std::int64_t greatest = kNone;
        for (std::size_t i = from < m_maxima.size() ? m_maxima.size() - 1 - from : 0; i > 0; i &= i - 1) {
            greatest = std::max(greatest, m_maxima[i]);
        }
        return greatest;
    }

private:
    std::vector<std::int64_t> m_maxima;
};

/// The bytes of a buffer that are needed, in order of time.
struct SortedBytes {
    explicit SortedBytes(const OverlayBuffer& buffer)
        : bytes(buffer.bytes) {
        for (std::uint32_t i = 0; i < bytes.size(); ++i) {
            if (bytes[i].isNeeded()) {
                byFirst.push_back(i);
                ends.push_back(bytes[i].last);
            }
        }
        byLast = byFirst;
        std::ranges::sort(byFirst, {}, [this](std::uint32_t i) { return bytes[i].first; });
        std::ranges::sort(byLast, {}, [this](std::uint32_t i) { return bytes[i].last; });
        std::ranges::sort(ends);
    }
    bool meets(const SortedBytes& other) const {
        return !ends.empty() && !other.ends.empty() && bytes[byFirst.front()].first <= other.ends.back() &&
               other.bytes[other.byFirst.front()].first <= ends.back();
    }

    const std::vector<ByteSpan>& bytes;
    std::vector<std::uint32_t> byFirst;
    std::vector<std::uint32_t> byLast;
    std::vector<std::uint32_t> ends; ///< last accesses, ascending
};

/// The greatest i * sign - k * sign of bytes i of `a` and k of `b` that meet. A byte of `b` meets one of `a` when it
/// begins before that ends, which is the order in which they are looked at, and ends after that begins.
std::int64_t farthest(const SortedBytes& a, const SortedBytes& b, std::int64_t sign) {
    const auto rank = [&](std::uint32_t time) {
        return static_cast<std::size_t>(std::ranges::lower_bound(b.ends, time) - b.ends.begin());
    };
    MaximaFrom maxima(b.ends.size());
    std::int64_t greatest = kNone;
    auto next = b.byFirst.begin();
    for (const std::uint32_t i : a.byLast) {
        for (; next != b.byFirst.end() && b.bytes[*next].first <= a.bytes[i].last; ++next) {
            maxima.add(rank(b.bytes[*next].last), -sign * static_cast<std::int64_t>(*next));
        }
        const std::int64_t other = maxima.greatest(rank(a.bytes[i].first));
        if (other != kNone) {
            greatest = std::max(greatest, sign * static_cast<std::int64_t>(i) + other);
        }
    }
    return greatest;
}

/// Looks for bytes that meet at a distance, beginning where they met at the last one.
class MeetingPoint {
public:
    MeetingPoint(const std::vector<ByteSpan>& a, const std::vector<ByteSpan>& b, HoleBudget& budget)
        : m_a(a)
        , m_b(b)
        , m_budget(budget) {}

    bool existsAt(std::int64_t distance) {
        const auto sizeA = static_cast<std::int64_t>(m_a.size());
        const std::int64_t begin = std::max<std::int64_t>(0, distance);
        const std::int64_t end = std::min(sizeA, static_cast<std::int64_t>(m_b.size()) + distance);
        if (begin >= end) {
            return false;
        }
        const std::int64_t middle = std::clamp(m_at, begin, end - 1);
        return isIn(middle, end, distance) || isIn(begin, middle, distance);
    }

private:
    bool isIn(std::int64_t begin, std::int64_t end, std::int64_t distance) {
        for (std::int64_t i = begin; i < end; ++i) {
            if (m_a[static_cast<std::size_t>(i)].meets(m_b[static_cast<std::size_t>(i - distance)])) {
                spend(i - begin + 1);
                m_at = i;
                return true;
            }
        }
        spend(end - begin);
        return false;
    }
    void spend(std::int64_t comparisons) {
        const auto spent = std::min(m_budget.comparisons, static_cast<std::uint64_t>(comparisons));
        m_budget.comparisons -= spent;
        m_budget.isExhausted = m_budget.isExhausted || m_budget.comparisons == 0;
    }

    const std::vector<ByteSpan>& m_a;
    const std::vector<ByteSpan>& m_b;
    HoleBudget& m_budget;
    std::int64_t m_at = 0;
};

std::int64_t roundedUp(std::int64_t value, std::int64_t step) {
    return value >= 0 ? (value + step - 1) / step * step : -(-value / step * step);
}
std::int64_t roundedDown(std::int64_t value, std::int64_t step) { return -roundedUp(-value, step); }

/// The same ranges seen from the other buffer.
ForbiddenOffsets mirrored(const ForbiddenOffsets& forbidden) {
    ForbiddenOffsets result;
    for (auto range = forbidden.rbegin(); range != forbidden.rend(); ++range) {
        result.push_back({-range->high, -range->low});
    }
    return result;
}

ForbiddenOffsets forbiddenBetween(const SortedBytes& a, const SortedBytes& b, Bytes alignment, HoleBudget& budget) {
    const std::int64_t highest = farthest(a, b, 1);
    if (highest == kNone) {
        return {};
    }
    const auto step = static_cast<std::int64_t>(alignment);
    const std::int64_t high = roundedDown(highest, step);
    ForbiddenOffsets forbidden;
    MeetingPoint meeting(a.bytes, b.bytes, budget);
    for (std::int64_t distance = roundedUp(-farthest(a, b, -1), step); distance <= high; distance += step) {
        if (!budget.isExhausted && !meeting.existsAt(distance)) {
            continue;
        }
        if (!forbidden.empty() && forbidden.back().high == distance - step) {
            forbidden.back().high = distance;
        } else {
            forbidden.push_back({distance, distance});
        }
    }
    return forbidden;
}

} // namespace

ForbiddenOffsets forbiddenOffsets(const OverlayBuffer& a, const OverlayBuffer& b, Bytes alignment, HoleBudget& budget) {
    return forbiddenBetween(SortedBytes(a), SortedBytes(b), alignment, budget);
}

Bytes leastSpan(Bytes sizeA, Bytes sizeB, const ForbiddenOffsets& forbidden, Bytes alignment) {
    const auto a = static_cast<std::int64_t>(sizeA);
    const auto b = static_cast<std::int64_t>(sizeB);
    const auto step = static_cast<std::int64_t>(alignment);
    const auto span = [&](std::int64_t distance) {
        return static_cast<Bytes>(std::max(a, distance + b) - std::min<std::int64_t>(0, distance));
    };
    // The smaller one inside the larger: any distance from one of these to the other is as good.
    const std::int64_t flush = a > b ? roundedDown(a - b, step) : roundedUp(a - b, step);
    Bytes least = sizeA + roundedUp(b, step) + sizeB;
    std::int64_t low = -roundedUp(b, step);
    const auto tryGap = [&](std::int64_t high) {
        if (low <= high) {
            least = std::min({least, span(std::clamp<std::int64_t>(0, low, high)), span(std::clamp(flush, low, high))});
        }
    };
    for (const OffsetRange& range : forbidden) {
        tryGap(range.low - step);
        low = range.high + step;
    }
    tryGap(std::max(low, roundedUp(a, step)));
    return least;
}

const ForbiddenOffsets* OverlayConstraints::between(std::uint32_t buffer, std::uint32_t other) const {
    const auto found = std::ranges::find(neighbours[buffer], other, &Neighbour::other);
    return found == neighbours[buffer].end() ? nullptr : &found->forbidden;
}

void OverlayConstraints::set(std::uint32_t buffer, std::uint32_t other, const ForbiddenOffsets& forbidden) {
    const auto put = [this](std::uint32_t from, std::uint32_t to, ForbiddenOffsets ranges) {
        std::erase_if(neighbours[from], [to](const Neighbour& neighbour) { return neighbour.other == to; });
        if (!ranges.empty()) {
            neighbours[from].push_back({to, std::move(ranges)});
        }
    };
    put(buffer, other, forbidden);
    put(other, buffer, mirrored(forbidden));
}

std::optional<OverlayConstraints> constraintsOf(const OverlayProblem& problem, const std::function<bool()>& expired) {
    OverlayConstraints constraints;
    constraints.alignment = problem.alignment;
    constraints.neighbours.resize(problem.buffers.size());
    HoleBudget budget;
    std::vector<SortedBytes> sorted;
    for (const OverlayBuffer& buffer : problem.buffers) {
        constraints.sizes.push_back(buffer.bytes.size());
        sorted.emplace_back(buffer);
    }
    for (std::uint32_t i = 0; i < sorted.size(); ++i) {
        for (std::uint32_t k = i + 1; k < sorted.size(); ++k) {
            if (expired()) {
                return std::nullopt;
            }
            if (!sorted[i].meets(sorted[k])) {
                continue;
            }
            ForbiddenOffsets forbidden = forbiddenBetween(sorted[i], sorted[k], problem.alignment, budget);
            if (!forbidden.empty()) {
                constraints.neighbours[i].push_back({k, mirrored(forbidden)});
                constraints.neighbours[k].push_back({i, std::move(forbidden)});
            }
        }
    }
    constraints.isExact = !budget.isExhausted;
    return constraints;
}

Bytes largestSpan(const OverlayConstraints& constraints) {
    Bytes largest = 0;
    for (std::uint32_t i = 0; i < constraints.count(); ++i) {
        largest = std::max(largest, constraints.sizes[i]);
        for (const OverlayConstraints::Neighbour& neighbour : constraints.neighbours[i]) {
            if (neighbour.other < i) { // seen from `i`: the other one is a
                largest = std::max(largest, leastSpan(constraints.sizes[neighbour.other], constraints.sizes[i],
                                                      neighbour.forbidden, constraints.alignment));
            }
        }
    }
    return largest;
}

} // namespace simprof
