// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/planning/overlay_fit.h"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <random>
#include <utility>

namespace simprof {
namespace {

constexpr std::size_t kMostSteps = 4000; ///< of the search by changing the order
constexpr std::uint64_t kSeed = 16;

using Order = std::vector<std::uint32_t>;

Order bySize(const OverlayConstraints& constraints) {
    Order order(constraints.count());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::greater<>(), [&](std::uint32_t i) { return constraints.sizes[i]; });
    return order;
}

/// By place in the problem, the last one first: in a chain each output then leaves the room in front of it free.
Order fromTheEnd(const OverlayConstraints& constraints) {
    Order order(constraints.count());
    std::iota(order.rbegin(), order.rend(), 0);
    return order;
}

/// Those that must keep the most distance first.
Order byDemand(const OverlayConstraints& constraints) {
    std::vector<Bytes> demand(constraints.count());
    for (std::uint32_t i = 0; i < constraints.count(); ++i) {
        demand[i] = constraints.sizes[i];
        for (const OverlayConstraints::Neighbour& neighbour : constraints.neighbours[i]) {
            demand[i] += constraints.sizes[neighbour.other];
        }
    }
    Order order(constraints.count());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::greater<>(), [&](std::uint32_t i) { return demand[i]; });
    return order;
}

} // namespace

OverlayPlacement overlayFit(const OverlayConstraints& constraints, std::span<const std::uint32_t> order,
                            std::span<const Bytes> fixed) {
    OverlayPlacement placement{std::vector<Bytes>(constraints.count()), 0};
    std::vector<bool> placed(constraints.count());
    std::vector<OffsetRange> taken;
    const auto step = static_cast<std::int64_t>(constraints.alignment);
    const auto lowest = [&](std::uint32_t i) {
        taken.clear();
        for (const OverlayConstraints::Neighbour& neighbour : constraints.neighbours[i]) {
            if (placed[neighbour.other]) {
                const auto base = static_cast<std::int64_t>(placement.offsets[neighbour.other]);
                for (const OffsetRange& range : neighbour.forbidden) {
                    taken.push_back({base + range.low, base + range.high});
                }
            }
        }
        std::ranges::sort(taken, {}, &OffsetRange::low);
        std::int64_t offset = 0;
        for (const OffsetRange& range : taken) {
            offset = range.contains(offset) ? range.high + step : offset;
        }
        return static_cast<Bytes>(offset);
    };
    for (std::size_t turn = 0; turn < order.size(); ++turn) {
        const std::uint32_t i = order[turn];
        placement.offsets[i] = turn < fixed.size() ? fixed[turn] : lowest(i);
        placed[i] = true;
        placement.peak = std::max(placement.peak, placement.offsets[i] + constraints.sizes[i]);
    }
    return placement;
}

OverlayPlacement bestOverlayFit(const OverlayConstraints& constraints, const std::vector<std::uint32_t>& hint,
                                Bytes enough, const std::function<bool()>& expired) {
    Order order = hint;
    OverlayPlacement best = overlayFit(constraints, order);
    for (Order& other : std::array{fromTheEnd(constraints), bySize(constraints), byDemand(constraints)}) {
        OverlayPlacement placement = overlayFit(constraints, other);
        if (placement.peak < best.peak) {
            best = std::move(placement);
            order = std::move(other);
        }
    }
    std::mt19937_64 dice(kSeed); // the same numbers with every standard library
    for (std::size_t i = 0; i < kMostSteps && order.size() > 1 && best.peak > enough && !expired(); ++i) {
        // One buffer has its turn earlier.
        const std::size_t from = 1 + dice() % (order.size() - 1);
        const std::size_t to = dice() % from;
        Order next = order;
        std::rotate(next.begin() + static_cast<std::ptrdiff_t>(to), next.begin() + static_cast<std::ptrdiff_t>(from),
                    next.begin() + static_cast<std::ptrdiff_t>(from) + 1);
        OverlayPlacement placement = overlayFit(constraints, next);
        if (placement.peak <= best.peak) {
            best = std::move(placement);
            order = std::move(next);
        }
    }
    return best;
}

} // namespace simprof
