// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/suggest.h"

#include "cli/verbs.h"

#include <algorithm>
#include <numeric>

namespace simprof::cli {
namespace {

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
    std::string best;
    std::size_t bestDistance = std::max<std::size_t>(1, std::min<std::size_t>(typed.size(), 32) / 3) + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = editDistance(typed.substr(0, 64), candidate);
        if (distance < bestDistance) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}

std::string nearestVerb(const std::string& typed) {
    std::vector<std::string> verbs;
    for (const Verb& verb : kVerbs) {
        verbs.emplace_back(verb.name);
    }
    return nearest(typed, verbs);
}

} // namespace simprof::cli
