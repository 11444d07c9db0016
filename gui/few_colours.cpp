// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/few_colours.h"

#include <algorithm>
#include <cstdlib>
#include <unordered_map>
#include <utility>
#include <vector>

namespace simprof::gui {

namespace {

constexpr std::size_t kMostColours = 256;
constexpr qsizetype kAlwaysKept = 128; ///< most frequent ones: backgrounds that differ by a trace
constexpr int kFarthest = 3 * 255;

/// How different two colours look, roughly: the eye is keenest for green.
int distance(QRgb a, QRgb b) {
    return (3 * std::abs(qRed(a) - qRed(b)) + 4 * std::abs(qGreen(a) - qGreen(b)) + 2 * std::abs(qBlue(a) - qBlue(b))) /
           3;
}

/// Colours, most frequent first, without those that are rare and at most `radius` from one before; more than
/// kMostColours means that the radius is too small.
QList<QRgb> cover(const std::vector<std::pair<QRgb, int>>& colours, int radius) {
    QList<QRgb> chosen;
    for (const auto& [colour, times] : colours) {
        const bool near = chosen.size() >= kAlwaysKept &&
                          std::any_of(chosen.begin(), chosen.end(),
                                      [&, c = colour](QRgb other) { return distance(c, other) <= radius; });
        if (!near) {
            chosen.append(colour);
            if (chosen.size() > static_cast<qsizetype>(kMostColours)) {
                break;
            }
        }
    }
    return chosen;
}

} // namespace

QImage withFewColours(const QImage& picture) {
    const QImage whole = picture.convertToFormat(QImage::Format_RGB32);
    std::unordered_map<QRgb, int> counts;
    for (int y = 0; y < whole.height(); ++y) {
        const auto* line = reinterpret_cast<const QRgb*>(whole.constScanLine(y));
        for (int x = 0; x < whole.width(); ++x) {
            ++counts[line[x]];
        }
    }
    std::vector<std::pair<QRgb, int>> colours(counts.begin(), counts.end());
    std::sort(colours.begin(), colours.end(), [](const auto& a, const auto& b) {
        return std::pair(-a.second, a.first) < std::pair(-b.second, b.first);
    });
    int low = -1; // does not suffice
    int high = kFarthest;
    if (colours.size() <= kMostColours) {
        high = 0;
    }
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        (cover(colours, middle).size() <= static_cast<qsizetype>(kMostColours) ? high : low) = middle;
    }
    const QList<QRgb> palette = cover(colours, high);
    std::unordered_map<QRgb, std::uint8_t> indices;
    for (const auto& [colour, times] : colours) {
        const auto nearest = std::min_element(palette.begin(), palette.end(),
                                              [c = colour](QRgb a, QRgb b) { return distance(c, a) < distance(c, b); });
        indices[colour] = static_cast<std::uint8_t>(nearest - palette.begin());
    }
    QImage result(whole.size(), QImage::Format_Indexed8);
    result.setColorTable(palette);
    for (int y = 0; y < whole.height(); ++y) {
        const auto* from = reinterpret_cast<const QRgb*>(whole.constScanLine(y));
        std::uint8_t* to = result.scanLine(y);
        for (int x = 0; x < whole.width(); ++x) {
            to[x] = indices[from[x]];
        }
    }
    return result;
}

} // namespace simprof::gui
