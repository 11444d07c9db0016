// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/timeline_model.h"

#include "gui/text.h"

#include <algorithm>

namespace simprof::gui {

namespace {

SpanLane sorted(std::vector<LaneSpan> spans) {
    const auto before = [](const LaneSpan& a, const LaneSpan& b) { return a.start < b.start; };
    if (!std::is_sorted(spans.begin(), spans.end(), before)) {
        std::stable_sort(spans.begin(), spans.end(), before);
    }
    return SpanLane(std::move(spans));
}

void addLane(std::vector<Lane>& lanes, LaneKind kind, int depth, const QString& title, std::vector<LaneSpan> spans) {
    if (!spans.empty()) {
        lanes.push_back({kind, depth, title, sorted(std::move(spans)), {}});
    }
}

void addInferenceLanes(std::vector<Lane>& lanes, const Profile& profile) {
    std::vector<LaneSpan> inferences;
    std::vector<LaneSpan> layers;
    for (std::size_t i = 0; i < profile.inferences.size(); ++i) {
        const Inference& inference = profile.inferences[i];
        inferences.push_back({inference.startCycle, inference.cycles, static_cast<std::int32_t>(i)});
        for (std::size_t s = 0; s < inference.spans.size(); ++s) {
            const Span& span = inference.spans[s];
            layers.push_back({span.startCycle, span.cycles, span.layer});
        }
    }
    addLane(lanes, LaneKind::Inference, 0, QStringLiteral("Inferences"), std::move(inferences));
    addLane(lanes, LaneKind::Layer, 0, QStringLiteral("Layers"), std::move(layers));
}

void addFunctionLanes(std::vector<Lane>& lanes, const Profile& profile, const LeftOut& leftOut) {
    std::vector<std::vector<LaneSpan>> byDepth;
    for (const CallSpan& span : profile.callSpans) {
        if (span.depth >= byDepth.size()) {
            byDepth.resize(std::size_t{span.depth} + 1);
        }
        byDepth[span.depth].push_back({span.startCycle, span.cycles, span.function});
    }
    std::vector<std::vector<LaneSpan>> gaps = leftOut.gaps();
    byDepth.resize(std::max(byDepth.size(), gaps.size()));
    gaps.resize(byDepth.size());
    for (std::size_t depth = 0; depth < byDepth.size(); ++depth) {
        if (!byDepth[depth].empty() || !gaps[depth].empty()) {
            lanes.push_back({LaneKind::Function, static_cast<int>(depth),
                             depth == 0 ? QStringLiteral("Functions") : QString(), sorted(std::move(byDepth[depth])),
                             sorted(std::move(gaps[depth]))});
        }
    }
}

void addMachineLanes(std::vector<Lane>& lanes, const Profile& profile) {
    std::vector<LaneSpan> interrupts;
    for (const ExceptionSpan& span : profile.exceptionSpans) {
        interrupts.push_back({span.startCycle, span.cycles, static_cast<std::int32_t>(span.number)});
    }
    addLane(lanes, LaneKind::Interrupt, 0, QStringLiteral("Interrupts"), std::move(interrupts));
    std::vector<LaneSpan> prints;
    for (std::size_t i = 0; i < profile.prints.size(); ++i) {
        prints.push_back({profile.prints[i].startCycle, std::max<Cycles>(1, profile.prints[i].cycles),
                          static_cast<std::int32_t>(i)});
    }
    addLane(lanes, LaneKind::Uart, 0, QStringLiteral("UART"), std::move(prints));
    std::vector<LaneSpan> sleeps;
    for (std::size_t i = 0; i < profile.power.size(); ++i) {
        if (profile.power[i].state != PowerState::Run) {
            sleeps.push_back({profile.power[i].startCycle, profile.power[i].cycles, static_cast<std::int32_t>(i)});
        }
    }
    addLane(lanes, LaneKind::Sleep, 0, QStringLiteral("Sleep"), std::move(sleeps));
    std::vector<LaneSpan> power;
    const bool known = std::any_of(profile.power.begin(), profile.power.end(),
                                   [](const PowerSpan& span) { return span.microwatts.value_or(0) > 0; });
    for (std::size_t i = 0; known && i < profile.power.size(); ++i) {
        power.push_back({profile.power[i].startCycle, profile.power[i].cycles, static_cast<std::int32_t>(i)});
    }
    addLane(lanes, LaneKind::Power, 0, QStringLiteral("Power"), std::move(power));
    std::vector<LaneSpan> clocks;
    for (std::size_t i = 0; i < profile.clocks.size(); ++i) {
        const Cycles end = i + 1 < profile.clocks.size() ? profile.clocks[i + 1].cycle : profile.totals.cycles;
        clocks.push_back({profile.clocks[i].cycle, end > profile.clocks[i].cycle ? end - profile.clocks[i].cycle : 0,
                          static_cast<std::int32_t>(i)});
    }
    addLane(lanes, LaneKind::Clock, 0, QStringLiteral("Clock"), std::move(clocks));
}

} // namespace

std::vector<Lane> makeLanes(const Profile& profile, const LeftOut& leftOut) {
    std::vector<Lane> lanes;
    addInferenceLanes(lanes, profile);
    addFunctionLanes(lanes, profile, leftOut);
    addMachineLanes(lanes, profile);
    return lanes;
}

QString printedText(const Profile& profile, std::size_t print) {
    if (print >= profile.prints.size() || profile.prints[print].offset >= profile.console.size()) {
        return {};
    }
    const PrintSpan& span = profile.prints[print];
    return qt(profile.console.substr(span.offset, span.sizeBytes)).simplified();
}

QString laneName(const Profile& profile, LaneKind kind, std::int32_t key) {
    const auto at = static_cast<std::size_t>(key);
    switch (kind) {
    case LaneKind::Inference: return QStringLiteral("inference %1").arg(key);
    case LaneKind::Layer:
        if (at < profile.layers.size()) {
            const LayerInfo& layer = profile.layers[at];
            return QStringLiteral("%1 %2").arg(key).arg(qt(layer.op.empty() ? layer.name : layer.op));
        }
        break;
    case LaneKind::Function:
        if (at < profile.functions.size()) {
            return qt(profile.functions[at].name);
        }
        break;
    case LaneKind::Interrupt:
        for (const ExceptionInfo& exception : profile.exceptions) {
            if (static_cast<std::int32_t>(exception.number) == key) {
                return qt(exception.name);
            }
        }
        return QStringLiteral("exception %1").arg(key);
    case LaneKind::Uart: return printedText(profile, at);
    case LaneKind::Sleep:
    case LaneKind::Power:
        if (at < profile.power.size()) {
            return qt(nameOf(profile.power[at].state));
        }
        break;
    case LaneKind::Clock:
        if (at < profile.clocks.size()) {
            return qt(humanFrequency(profile.clocks[at].hertz));
        }
        break;
    }
    return {};
}

} // namespace simprof::gui
