// SPDX-License-Identifier: GPL-2.0-or-later
/// Planning problems whose best peak is known.
#pragma once
#include "profiler/planning/problem.h"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

namespace simprof::test {

/// Numbers of a seed, the same with every standard library.
class PlanningDice {
public:
    explicit PlanningDice(std::uint64_t seed)
        : m_engine(seed) {}
    std::uint64_t below(std::uint64_t end) { return m_engine() % end; }
    std::uint64_t between(std::uint64_t first, std::uint64_t last) { return first + below(last - first + 1); }

private:
    std::mt19937_64 m_engine;
};

/// A rectangle of time times bytes, cut into pieces: a plan as high as the rectangle exists. Pieces that do not live at
/// half time may be missing; those that do fill the height, so that no plan is lower.
struct CutRectangle {
    std::uint64_t seed = 1;
    std::size_t pieces = 50;
    std::uint64_t duration = 1000;
    Bytes height = 4096;
    std::uint64_t missingPercent = 0;
};

inline PlanningProblem problemOf(const CutRectangle& rectangle) {
    struct Piece {
        std::uint64_t from, to;
        Bytes low, high;
    };
    PlanningDice dice(rectangle.seed);
    std::vector<Piece> pieces = {{0, rectangle.duration, 0, rectangle.height}};
    const auto area = [](const Piece& piece) { return (piece.to - piece.from) * (piece.high - piece.low); };
    while (pieces.size() < rectangle.pieces) {
        // The largest of three, so that pieces are of various but not of all sizes.
        std::size_t chosen = dice.below(pieces.size());
        for (int i = 0; i < 2; ++i) {
            const std::size_t other = dice.below(pieces.size());
            chosen = area(pieces[other]) > area(pieces[chosen]) ? other : chosen;
        }
        Piece& lower = pieces[chosen];
        Piece upper = lower;
        if (dice.below(2) == 0 && lower.to - lower.from > 1) {
            lower.to = upper.from = dice.between(lower.from + 1, lower.to - 1);
        } else if (lower.high - lower.low > 1) {
            lower.high = upper.low = dice.between(lower.low + 1, lower.high - 1);
        } else {
            continue;
        }
        pieces.push_back(upper);
    }
    PlanningProblem problem;
    const std::uint64_t half = rectangle.duration / 2;
    for (std::size_t i = pieces.size(); i > 1; --i) {
        std::swap(pieces[i - 1], pieces[dice.below(i)]);
    }
    for (const Piece& piece : pieces) {
        const bool isNeeded = piece.from <= half && half < piece.to;
        if (isNeeded || dice.below(100) >= rectangle.missingPercent) {
            problem.buffers.push_back({problem.buffers.size(), piece.from, piece.to, piece.high - piece.low});
        }
    }
    return problem;
}

} // namespace simprof::test
