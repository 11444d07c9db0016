// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/spine_host.h"

#include "profiler/runtimes/spine_layers.h"
#include "profiler/runtimes/spine_repetitions.h"

#include <algorithm>

namespace simprof {

namespace {

constexpr std::uint16_t kMaxSegments = 4096;
constexpr std::uint32_t kMostRuns = 256; ///< of one place in an inference that are told apart
constexpr std::uint32_t kSmallNumber = 0x100;

/// The first inference of the network that was kept.
const Inference* firstOf(const Recording& recording, std::int32_t network) {
    const auto found = std::ranges::find(recording.inferences, network, &Inference::network);
    return found == recording.inferences.end() ? nullptr : &*found;
}

/// Each step of the first inference once, then those that came later.
std::vector<std::uint16_t> orderOf(const Inference& inference, std::size_t steps) {
    std::vector<std::uint16_t> order;
    std::vector<bool> known(steps);
    const auto note = [&](std::size_t step) {
        if (!known[step]) {
            known[step] = true;
            order.push_back(static_cast<std::uint16_t>(step));
        }
    };
    for (const Span& span : inference.spans) {
        note(static_cast<std::size_t>(span.layer));
    }
    for (std::size_t step = 0; step < steps; ++step) {
        note(step);
    }
    return order;
}

} // namespace

bool SpineHost::isConstant(std::uint32_t argument) const {
    const AddressSpace::Region* home = m_memory == nullptr ? nullptr : m_memory->find(argument);
    return home != nullptr && !home->writable && argument >= kSmallNumber;
}

/// Of a call from the place of the first step: whether it is for the same data. Registers behind the arguments hold
/// anything.
bool SpineHost::isForTheFirst(const CallSite& call) const {
    const Segment& first = m_segments.front();
    bool hadConstants = false;
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        const bool isCallee = (first.arguments[i] & ~1U) == call.callee; // in the register that it is called through
        if (isConstant(first.arguments[i]) && !isCallee) {
            if (first.arguments[i] == call.arguments[i]) {
                return true;
            }
            hadConstants = true;
        }
    }
    return !hadConstants && call.arguments[0] == first.arguments[0];
}

std::optional<LayerCall> SpineHost::stepOf(const CallSite& call) {
    if (call.hostEntry != m_entry) {
        return std::nullopt;
    }
    const Place place{call.site, call.callee};
    const bool comesBack = !m_segments.empty() && place == Place{m_segments.front().site, m_segments.front().callee} &&
                           m_runs.contains(place) && !m_oncePerCall && isForTheFirst(call);
    if (call.first || comesBack) {
        m_runs.clear();
    }
    const std::uint32_t run = std::min(m_runs[place]++, kMostRuns - 1);
    const auto step = number({place, run}, {call.callee, false, call.site, call.arguments});
    if (!step) {
        return std::nullopt;
    }
    return LayerCall{*step, 0, m_oncePerCall ? call.first : *step == 0};
}

std::optional<std::uint16_t> SpineHost::inlinedAfter(std::uint16_t step) {
    return number({{0, m_entry}, step}, {m_entry, true}); // no call returns to 0
}

std::optional<std::uint16_t> SpineHost::number(const Identity& identity, const Segment& segment) {
    const auto [found, isNew] = m_numbers.try_emplace(identity, static_cast<std::uint16_t>(m_segments.size()));
    if (isNew) {
        if (m_segments.size() >= kMaxSegments) {
            m_numbers.erase(found);
            return std::nullopt;
        }
        m_segments.push_back(segment);
    }
    return found->second;
}

void SpineHost::joinRepetitions(Recording& recording, std::int32_t network) {
    const std::vector<std::uint64_t> work = multipliesOf(recording, network);
    std::vector<CallStep> calls;
    for (std::size_t i = 0; i < m_segments.size(); ++i) {
        calls.push_back({{m_segments[i].site, m_segments[i].callee}, m_segments[i].arguments, work[i]});
    }
    const auto order = orderOf(*firstOf(recording, network), m_segments.size());
    const StepsOfLayers found = repetitionsOf(calls, order, *recording.memoryLogOf(network));
    m_recurs = found.recurs;
    const std::vector<std::optional<std::uint16_t>> layers(found.owners.begin(), found.owners.end());
    renumber(recording, network, order, layers);
}

/// Makes one of all steps with the same owner, in this order; steps without one become none.
void SpineHost::renumber(Recording& recording, std::int32_t network, std::span<const std::uint16_t> order,
                         std::span<const std::optional<std::uint16_t>> owners) {
    Renumbering numbers{std::vector<std::int32_t>(m_segments.size(), -1), {}};
    std::vector<Segment> made;
    for (const std::uint16_t step : order) {
        if (owners[step] == step) {
            numbers.to[step] = static_cast<std::int32_t>(made.size());
            numbers.principals.push_back(step);
            made.push_back(m_segments[step]);
        }
    }
    for (std::size_t i = 0; i < m_segments.size(); ++i) {
        numbers.to[i] = owners[i] ? numbers.to[*owners[i]] : -1;
    }
    renumberLayers(recording, network, numbers);
    m_segments = std::move(made);
}

/// By step, of one inference.
std::vector<std::uint64_t> SpineHost::multipliesOf(const Recording& recording, std::int32_t network) const {
    std::vector<std::uint64_t> work(m_segments.size());
    for (const LedgerRow* row : recording.ledger.layersOf(network)) {
        work[static_cast<std::size_t>(row->key.layer)] = row->tally.multiplies / std::max<std::uint64_t>(row->count, 1);
    }
    return work;
}

void SpineHost::makeLayers(Recording& recording, std::int32_t network) {
    if (firstOf(recording, network) == nullptr || recording.memoryLogOf(network) == nullptr) {
        return;
    }
    joinRepetitions(recording, network);
    std::vector<SpineStep> steps(m_segments.size());
    for (std::size_t i = 0; i < m_segments.size(); ++i) {
        steps[i].inlined = m_segments[i].inlined;
        steps[i].callee = m_segments[i].callee;
    }
    for (const LedgerRow* row : recording.ledger.layersOf(network)) {
        SpineStep& step = steps[static_cast<std::size_t>(row->key.layer)];
        const std::uint64_t count = std::max<std::uint64_t>(row->count, 1);
        step.multiplies = (row->tally.multiplies + count - 1) / count;
        step.constants = row->tally.flashRead / count;
    }
    const Inference& first = *firstOf(recording, network);
    const auto order = orderOf(first, m_segments.size());
    const auto ran = std::ranges::count_if(order, [&first](std::uint16_t step) {
        return std::ranges::find(first.spans, step, &Span::layer) != first.spans.end();
    });
    const auto owners =
        layersOfSteps(steps, std::span(order).first(static_cast<std::size_t>(ran)), *recording.memoryLogOf(network));
    renumber(recording, network, order, owners);
}

} // namespace simprof
