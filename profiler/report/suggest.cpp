// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/suggest.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace simprof {
namespace {

constexpr std::size_t kShortestPart = 3; ///< of a name that is typed in part

std::string lowerCase(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

/// Fewest insertions, deletions, replacements and swaps of neighbours that turn one into the other.
std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> rows(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    std::iota(rows[0].begin(), rows[0].end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        rows[i][0] = i;
        for (std::size_t k = 1; k <= b.size(); ++k) {
            const std::size_t differs = a[i - 1] == b[k - 1] ? 0 : 1;
            rows[i][k] = std::min({rows[i - 1][k] + 1, rows[i][k - 1] + 1, rows[i - 1][k - 1] + differs});
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1]) {
                rows[i][k] = std::min(rows[i][k], rows[i - 2][k - 2] + 1);
            }
        }
    }
    return rows[a.size()][b.size()];
}

} // namespace

std::string nearest(std::string_view typed, const std::vector<std::string>& candidates) {
    const std::string wanted = lowerCase(typed.substr(0, 64));
    std::string best;
    std::string part;
    std::size_t bestDistance = std::max<std::size_t>(1, std::min<std::size_t>(typed.size(), 32) / 3) + 1;
    for (const std::string& candidate : candidates) {
        const std::string name = lowerCase(candidate);
        const std::size_t distance = editDistance(wanted, name);
        if (distance < bestDistance) {
            best = candidate;
            bestDistance = distance;
        }
        if (part.empty() && wanted.size() >= kShortestPart && name.find(wanted) != std::string::npos) {
            part = candidate;
        }
    }
    return best.empty() ? part : best;
}

std::string didYouMean(std::string_view typed, const std::vector<std::string>& candidates) {
    const std::string meant = nearest(typed, candidates);
    return meant.empty() ? "" : fmt::format(" (did you mean '{}'?)", meant);
}

} // namespace simprof
