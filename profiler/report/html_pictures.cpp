// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/html_pictures.h"

#include "profiler/analysis/cycle_time.h"
#include "profiler/report/escape.h"
#include "profiler/report/tables.h"
#include "profiler/text/numbers.h"

#include <algorithm>
#include <fmt/format.h>

namespace simprof {
namespace {

constexpr double kWidth = 1120;
constexpr double kLeft = 92; ///< room for addresses and names
constexpr double kRight = 8;
constexpr double kPlot = kWidth - kLeft - kRight;
constexpr double kCharacter = 6.3; ///< width of one at 11 px

/// Text that fits into `pixels`, or "" when not even a few characters do.
std::string fitted(const std::string& text, double pixels) {
    const double characters = pixels / kCharacter;
    return characters < 3 ? "" : shorten(plain(text), static_cast<std::size_t>(characters));
}

std::string svgBegin(double height, const char* id, const std::string& title, const std::string& description) {
    return fmt::format("<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-labelledby=\"{}-t {}-d\">\n<title "
                       "id=\"{}-t\">{}</title>\n<desc id=\"{}-d\">{}</desc>\n",
                       kWidth, height, id, id, id, escapeHtml(title), id, escapeHtml(description));
}

std::string svgText(double x, double y, const char* style, const std::string& text) {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}\">{}</text>\n", x, y, style, escapeHtml(text));
}

std::string svgLine(double x1, double y1, double x2, double y2, const char* style) {
    return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>\n", x1, y1, x2, y2,
                       style);
}

/// A stretch of addresses that is drawn without a gap.
struct Stretch {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    double top = 0; ///< of `end`, in pixels; addresses grow upwards
    double height = 0;

    double y(std::uint64_t address) const {
        return top + height - height * static_cast<double>(address - begin) / static_cast<double>(end - begin);
    }
};

/// Draws blocks as address against time.
class MemoryPicture {
public:
    explicit MemoryPicture(const Profile& profile)
        : m_profile(profile)
        , m_memory(profile.memory)
        , m_time(profile)
        , m_names(profile) {}

    std::string draw() {
        findTime();
        findStretches();
        layerTicks();
        for (const TensorLife& tensor : m_memory.tensors) {
            block(tensor);
        }
        addressTicks();
        const double bottom = m_stretches.back().top + m_stretches.back().height;
        const double curveBottom = curves(bottom + 26);
        timeTicks(curveBottom);
        const std::string description =
            fmt::format("{} blocks; addresses grow upwards, time runs to the right. The table below lists them.",
                        m_memory.tensors.size());
        return svgBegin(curveBottom + 24, "tetris", "Memory: address against time", description) + m_out + "</svg>\n";
    }

private:
    static constexpr double kTop = 22;
    static constexpr double kHeight = 400;
    static constexpr std::uint64_t kGap = 4096; ///< unused addresses from here on are left out

    double x(Cycles cycle) const {
        const Cycles clamped = std::clamp(cycle, m_begin, m_end);
        return kLeft + kPlot * static_cast<double>(clamped - m_begin) / static_cast<double>(m_end - m_begin);
    }

    void findTime() {
        if (m_memory.inference < m_profile.inferences.size()) {
            const Inference& inference = m_profile.inferences[m_memory.inference];
            m_begin = inference.startCycle;
            m_end = inference.startCycle + inference.cycles;
        } else {
            m_begin = m_memory.tensors.front().bornCycle;
            for (const TensorLife& tensor : m_memory.tensors) {
                m_begin = std::min(m_begin, tensor.bornCycle);
                m_end = std::max(m_end, tensor.diedCycle);
            }
        }
        m_end = std::max(m_end, m_begin + 1);
    }

    void findStretches() {
        std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
        if (m_memory.arena && m_memory.arena->sizeBytes != 0) {
            ranges.emplace_back(m_memory.arena->base, m_memory.arena->base + m_memory.arena->sizeBytes);
        }
        for (const TensorLife& tensor : m_memory.tensors) {
            ranges.emplace_back(tensor.address, tensor.address + std::max<Bytes>(1, tensor.sizeBytes));
        }
        std::sort(ranges.begin(), ranges.end());
        for (const auto& [begin, end] : ranges) {
            if (!m_stretches.empty() && begin <= m_stretches.back().end + kGap) {
                m_stretches.back().end = std::max(m_stretches.back().end, end);
            } else {
                m_stretches.push_back({begin, end, 0, 0});
            }
        }
        std::reverse(m_stretches.begin(), m_stretches.end()); // the highest address on top
        double bytes = 0;
        for (const Stretch& stretch : m_stretches) {
            bytes += static_cast<double>(stretch.end - stretch.begin);
        }
        double top = kTop;
        for (Stretch& stretch : m_stretches) {
            stretch.top = top;
            stretch.height = std::max(14.0, kHeight * static_cast<double>(stretch.end - stretch.begin) / bytes);
            top += stretch.height + 10;
            m_out +=
                fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"ground\"/>\n",
                            kLeft, stretch.top, kPlot, stretch.height);
        }
    }

    std::string layerName(std::int32_t layer) const {
        if (layer < 0) {
            return "the application";
        }
        const LayerInfo& info = m_profile.layers[static_cast<std::size_t>(layer)];
        return fmt::format("layer {} {}", layer, info.op.empty() ? info.name : info.op);
    }

    std::string tooltip(const TensorLife& tensor) const {
        std::vector<std::string> readers;
        for (const std::int32_t reader : tensor.readers) {
            readers.push_back(layerName(reader));
        }
        return fmt::format("{}{}{}\n{} bytes at {}\n{}, written by {}{}\nlives for {} cycles ({})", tensor.name,
                           tensor.shape.empty() ? "" : "  ", shapeText(tensor.shape), grouped(tensor.sizeBytes),
                           hexAddress(tensor.address), nameOf(tensor.kind), layerName(tensor.writer),
                           readers.empty() ? "" : fmt::format(", read by {}", fmt::join(readers, ", ")),
                           grouped(tensor.diedCycle - tensor.bornCycle),
                           humanTime(m_time.microseconds(tensor.diedCycle) - m_time.microseconds(tensor.bornCycle)));
    }

    static const char* styleOf(const TensorLife& tensor) {
        switch (tensor.kind) {
        case TensorKind::Scratch: return "t-scratch";
        case TensorKind::State:
        case TensorKind::Persistent: return "t-persistent";
        case TensorKind::Input: return "t-input";
        case TensorKind::Output: return "t-output";
        case TensorKind::Tensor: break;
        }
        return tensor.writer % 2 == 0 ? "t-even" : "t-odd";
    }

    void block(const TensorLife& tensor) {
        const auto in = std::find_if(m_stretches.begin(), m_stretches.end(), [&](const Stretch& s) {
            return tensor.address >= s.begin && tensor.address < s.end;
        });
        const double left = x(tensor.bornCycle);
        const double width = std::max(1.0, x(tensor.diedCycle) - left);
        const double top = in->y(tensor.address + std::max<Bytes>(1, tensor.sizeBytes));
        const double height = std::max(1.0, in->y(tensor.address) - top);
        m_out += fmt::format("<g class=\"block {}\"><title>{}</title><rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
                             "height=\"{:.1f}\" rx=\"1.5\"/>",
                             styleOf(tensor), escapeHtml(tooltip(tensor)), left, top, width, height);
        const std::string name = height >= 13 ? fitted(m_names.title(tensor.name), width - 8) : "";
        if (!name.empty()) {
            m_out += svgText(left + 4, top + std::min(height / 2 + 4, 16.0), "label", name);
        }
        const std::string size = grouped(tensor.sizeBytes) + " B";
        if (!name.empty() && height >= 30 && kCharacter * static_cast<double>(size.size()) <= width - 8) {
            m_out += svgText(left + 4, top + 30, "label small", size);
        }
        m_out += "</g>\n";
    }

    void layerTicks() {
        if (m_memory.inference >= m_profile.inferences.size()) {
            return;
        }
        double free = 0; // where the next label may begin
        for (const Span& span : m_profile.inferences[m_memory.inference].spans) {
            const double left = x(span.startCycle);
            m_out += svgLine(left, kTop - 4, left, m_stretches.back().top + m_stretches.back().height, "tick");
            const std::string name = fmt::format("{}", span.layer);
            if (span.layer >= 0 && left >= free) {
                m_out += svgText(left + 2, kTop - 8, "axis", name);
                free = left + 4 + kCharacter * static_cast<double>(name.size());
            }
        }
        m_out += svgText(4, kTop - 8, "axis", "layer");
    }

    void addressTicks() {
        for (const Stretch& stretch : m_stretches) {
            std::uint64_t step = 256;
            while (static_cast<double>(step) / static_cast<double>(stretch.end - stretch.begin) * stretch.height < 34) {
                step *= 2;
            }
            for (std::uint64_t address = stretch.begin; address < stretch.end; address += step) {
                m_out += svgText(4, stretch.y(address) + 1, "axis mono", hexAddress(static_cast<Address>(address)));
                m_out += svgLine(kLeft - 4, stretch.y(address), kLeft, stretch.y(address), "tick");
            }
        }
    }

    /// Draws the live bytes and the stack as steps; returns the lower edge.
    double curves(double top) {
        constexpr double kCurve = 90;
        Bytes highest = 1;
        for (const auto* samples : {&m_memory.live, &m_memory.stackSamples}) {
            for (const auto& [cycle, bytes] : *samples) {
                highest = std::max(highest, bytes);
            }
        }
        const auto path = [&](const std::vector<std::pair<Cycles, Bytes>>& samples, const char* style, bool filled) {
            if (samples.empty()) {
                return;
            }
            const auto y = [&](Bytes bytes) {
                return top + kCurve - kCurve * static_cast<double>(bytes) / static_cast<double>(highest);
            };
            std::string steps = fmt::format("M{:.1f} {:.1f}", x(samples.front().first),
                                            filled ? top + kCurve : y(samples.front().second));
            for (const auto& [cycle, bytes] : samples) {
                steps += fmt::format("H{:.1f}V{:.1f}", x(cycle), y(bytes));
            }
            steps += fmt::format("H{:.1f}", x(m_end)) + (filled ? fmt::format("V{:.1f}Z", top + kCurve) : "");
            m_out += fmt::format("<path d=\"{}\" class=\"{}\"/>\n", steps, style);
        };
        path(m_memory.live, "live", true);
        path(m_memory.stackSamples, "stack", false);
        m_out += svgLine(kLeft, top + kCurve, kLeft + kPlot, top + kCurve, "tick");
        m_out += svgText(4, top + 8, "axis", grouped(highest) + " B");
        m_out += svgText(4, top + kCurve, "axis", "0 B");
        m_out += svgText(4, top + 26, "axis live-name", "live arena");
        m_out += svgText(4, top + 42, "axis stack-name", "stack");
        return top + kCurve;
    }

    void timeTicks(double y) {
        constexpr int kTicks = 8;
        const double first = m_time.microseconds(m_begin);
        for (int i = 0; i <= kTicks; ++i) {
            const Cycles cycle = i == kTicks ? m_end : m_begin + (m_end - m_begin) / kTicks * static_cast<Cycles>(i);
            const char* style = i == kTicks ? "axis end" : "axis";
            m_out += svgText(x(cycle), y + 16, style, humanTime(m_time.microseconds(cycle) - first));
        }
    }

    const Profile& m_profile;
    const ProfileMemory& m_memory;
    CycleTime m_time;
    TensorNames m_names;
    Cycles m_begin = 0;
    Cycles m_end = 0;
    std::vector<Stretch> m_stretches;
    std::string m_out;
};

} // namespace

std::string memoryPicture(const Profile& profile) {
    return profile.memory.tensors.empty() ? "" : MemoryPicture(profile).draw();
}

std::string layerPicture(const Profile& profile) {
    if (profile.layers.empty()) {
        return "";
    }
    constexpr double kRow = 22;
    const TensorNames names(profile);
    constexpr double kNames = 290;
    constexpr double kValues = 96;
    constexpr double kBars = kWidth - kNames - kValues;
    Cycles longest = 1;
    for (const LayerInfo& layer : profile.layers) {
        longest = std::max(longest, layer.cycles);
    }
    std::string out;
    for (std::size_t i = 0; i < profile.layers.size(); ++i) {
        const LayerInfo& layer = profile.layers[i];
        const double y = static_cast<double>(i) * kRow;
        out += svgText(0, y + 15, "axis ink",
                       fitted(fmt::format("{} {} {}", layer.id, layer.op, names.title(layer.name)), kNames - 12));
        double x = kNames;
        for (std::size_t s = 0; s < kStallCount; ++s) {
            const double width = kBars * static_cast<double>(layer.stalls[s]) / static_cast<double>(longest);
            if (layer.stalls[s] != 0) {
                out += fmt::format(
                    "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.0f}\" "
                    "class=\"s{}\"><title>{}: {} cycles, {} %</title></rect>\n",
                    x, y + 3, std::max(0.3, std::min(width, kBars)), kRow - 6, s, stallTitle(s),
                    grouped(layer.stalls[s]),
                    escapeHtml(percentText(static_cast<double>(layer.stalls[s]), static_cast<double>(layer.cycles))));
            }
            x += width;
        }
        out += svgText(std::min(x, kNames + kBars) + 6, y + 15, "axis", grouped(layer.cycles));
    }
    const double height = static_cast<double>(profile.layers.size()) * kRow;
    return svgBegin(height + 2, "layers", "Cycles of each layer",
                    "One bar a layer, split by the reason of each cycle; the table below has the numbers.") +
           out + "</svg>\n";
}

} // namespace simprof
