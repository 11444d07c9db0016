// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/spine.h"

#include "profiler/runtimes/model_match.h"
#include "profiler/runtimes/operator_name.h"
#include "profiler/runtimes/plausible.h"
#include "profiler/runtimes/spine_layers.h"
#include "profiler/text/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace simprof {

namespace {

constexpr double kSpineShare = 0.85;        ///< found to fit the runtimes in use
constexpr double kSignificantShare = 0.005; ///< of a node's time: smaller calls are no layers of their own
constexpr std::uint16_t kMaxSegments = 4096;
constexpr std::size_t kMostLayerRuns = 5'000; ///< of an inference: a main loop that never ends makes more

using Nodes = std::vector<std::size_t>;

/// The calls of each node, without what runs in a boot ROM, which runs no network.
std::vector<Nodes> childrenOf(const CallTree& tree, std::span<const AddressRange> rom) {
    const auto& nodes = tree.nodes();
    std::vector<Nodes> children(nodes.size());
    for (std::size_t i = 1; i < nodes.size(); ++i) {
        const auto holds = [&](const AddressRange& range) { return range.contains(nodes[i].entry); };
        if (std::ranges::none_of(rom, holds)) {
            children[static_cast<std::size_t>(nodes[i].parent)].push_back(i);
        }
    }
    return children;
}

/// From the root down while the calls of one kind hold most of the work: calls from one place, or with `anyPlace` calls
/// of one function.
std::optional<Address> descend(const CallTree& tree, std::span<const AddressRange> rom, bool anyPlace) {
    const auto& nodes = tree.nodes();
    const std::vector<std::uint64_t> work = tree.inclusive(&CallTreeNode::multiplies);
    const std::vector<Nodes> children = childrenOf(tree, rom);
    const auto workOf = [&](const Nodes& group) {
        return std::accumulate(group.begin(), group.end(), std::uint64_t{0},
                               [&](std::uint64_t sum, std::size_t node) { return sum + work[node]; });
    };
    Nodes at{0};
    std::optional<Address> best;
    while (true) {
        std::map<std::pair<Address, Address>, Nodes> places; // by callee and call site
        std::map<Address, Nodes> callees;
        std::uint64_t sum = 0;
        for (const std::size_t node : at) {
            for (const std::size_t child : children[node]) {
                places[{nodes[child].entry, nodes[child].site}].push_back(child);
                callees[nodes[child].entry].push_back(child);
                sum += work[child];
            }
        }
        const auto significant = std::count_if(places.begin(), places.end(), [&](const auto& place) {
            const std::uint64_t part = workOf(place.second);
            return part > 0 && static_cast<double>(part) >= kSignificantShare * static_cast<double>(workOf(at));
        });
        const auto calls = [&nodes](const Nodes& group) {
            return std::accumulate(group.begin(), group.end(), std::uint64_t{0},
                                   [&](std::uint64_t total, std::size_t node) { return total + nodes[node].calls; });
        };
        const bool interprets = std::any_of(places.begin(), places.end(), [&](const auto& place) {
            return nodes[place.second.front()].indirect && workOf(place.second) > 0 &&
                   calls(place.second) >= 2 * calls(at);
        });
        if (at.front() != 0 && (significant >= 2 || interprets)) {
            best = nodes[at.front()].entry;
        }
        Nodes biggest;
        const auto consider = [&](const auto& groups) {
            for (const auto& [key, group] : groups) {
                biggest = biggest.empty() || workOf(group) > workOf(biggest) ? group : biggest;
            }
        };
        anyPlace ? consider(callees) : consider(places);
        std::uint64_t own = 0;
        for (const std::size_t node : biggest) {
            own += nodes[node].multiplies;
        }
        if (biggest.empty() || static_cast<double>(workOf(biggest)) < kSpineShare * static_cast<double>(sum) ||
            workOf(biggest) < 2 * own) {
            return best; // several calls share the work, or the one that has it does it itself
        }
        at = biggest;
    }
}

} // namespace

std::vector<Address> findSpines(const CallTree& tree, std::span<const AddressRange> rom) {
    std::vector<Address> spines;
    for (const bool anyPlace : {true, false}) { // the deeper one first; it is refused when it is a kernel
        if (const auto spine = descend(tree, rom, anyPlace); spine && std::ranges::count(spines, *spine) == 0) {
            spines.push_back(*spine);
        }
    }
    return spines;
}

bool repeats(const CallTree& tree, Address host) {
    const auto& nodes = tree.nodes();
    const std::vector<std::uint64_t> work = tree.inclusive(&CallTreeNode::multiplies);
    std::uint64_t calls = 0;
    std::map<Address, std::uint64_t> layers; // by call site
    for (std::size_t i = 1; i < nodes.size(); ++i) {
        calls += nodes[i].entry == host ? nodes[i].calls : 0;
        if (work[i] > 0 && nodes[static_cast<std::size_t>(nodes[i].parent)].entry == host) {
            layers[nodes[i].site] += nodes[i].calls;
        }
    }
    return calls > 1 ||
           (!layers.empty() && std::ranges::all_of(layers, [](const auto& layer) { return layer.second > 1; }));
}

std::optional<LayerCall> SpineRecogniser::layerOf(const CallSite& call) {
    if (call.hostEntry != m_host) {
        return std::nullopt;
    }
    const auto step = number({call.site, call.callee, call.indirect ? call.r0 : 0, call.indirect ? call.r1 : 0},
                             {call.callee, false});
    return step ? std::optional(LayerCall{*step, 0, *step == 0}) : std::nullopt;
}

std::optional<std::uint16_t> SpineRecogniser::inlinedAfter(std::int32_t, std::uint16_t layer) {
    return number({0, m_host, layer, 0}, {m_host, true}); // no call returns to 0
}

std::optional<std::uint16_t> SpineRecogniser::number(const Identity& identity, Segment segment) {
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

void SpineRecogniser::makeLayers(Recording& recording) {
    const MemoryLog* log = recording.memoryLogOf(0);
    if (recording.inferences.empty() || log == nullptr) {
        return;
    }
    const std::vector<const LedgerRow*> rows = recording.ledger.of(OwnerKind::Layer);
    std::vector<SpineStep> steps;
    for (std::size_t i = 0; i < m_segments.size(); ++i) {
        const LedgerRow row = i < rows.size() && rows[i]->count > 0 ? *rows[i] : LedgerRow{{}, 1, {}};
        steps.push_back({row.tally.multiplies, row.tally.flashRead / row.count, m_segments[i].inlined});
    }
    std::vector<std::uint16_t> order;
    const auto note = [&order](std::size_t step) {
        if (std::ranges::count(order, step) == 0) {
            order.push_back(static_cast<std::uint16_t>(step));
        }
    };
    for (const Span& span : recording.inferences.front().spans) {
        note(static_cast<std::size_t>(span.layer));
    }
    const auto owners = layersOfSteps(steps, order, *log);
    for (std::size_t i = 0; i < m_segments.size(); ++i) {
        note(i);
    }
    Renumbering numbers{std::vector<std::int32_t>(m_segments.size(), -1), {}};
    std::vector<Segment> layers;
    for (const std::uint16_t step : order) {
        if (owners[step] == step) {
            numbers.to[step] = static_cast<std::int32_t>(layers.size());
            numbers.principals.push_back(step);
            layers.push_back(m_segments[step]);
        }
    }
    for (std::size_t i = 0; i < m_segments.size(); ++i) {
        numbers.to[i] = owners[i] ? numbers.to[*owners[i]] : -1;
    }
    renumberLayers(recording, 0, numbers);
    m_segments = std::move(layers);
}

/// Was the host called, at some level, by an exception handler?
bool SpineRecogniser::ranInHandler(const CallTree& tree) const {
    const auto& nodes = tree.nodes();
    const auto below = [&nodes](const CallTreeNode& node) {
        const CallTreeNode* at = &node;
        while (!at->handler && at->parent > 0) {
            at = &nodes[static_cast<std::size_t>(at->parent)];
        }
        return at->handler;
    };
    return std::ranges::any_of(nodes, [&](const CallTreeNode& node) { return node.entry == m_host && below(node); });
}

std::optional<std::string> SpineRecogniser::conclude(Recording& recording) {
    if (!recording.inferences.empty() && recording.inferences.front().spans.size() > kMostLayerRuns) {
        return "the calls of its main function go on without end, as those of a main loop do";
    }
    makeLayers(recording);
    std::vector<Tally> layers;
    Tally all, once;
    for (const LedgerRow* row : recording.ledger.of(OwnerKind::Layer)) {
        layers.push_back(row->tally);
        all += row->tally;
        once += row->count < 2 ? row->tally : Tally{};
    }
    // A second inference that leaves out most of the work is the loop that follows a start-up.
    const bool ranOnce = recording.inferences.size() > 1 && 2 * once.multiplies > all.multiplies;
    const std::uint64_t inferences = ranOnce ? 1 : recording.inferencesSeen();
    auto objection =
        implausibleNetwork(layers, recording.memoryLogOf(0), inferences, ranInHandler(recording.tree), m_expected);
    if (!objection && m_model != nullptr) {
        m_operators = operatorsOf(layers, inferences, *m_model);
    }
    return objection;
}

std::optional<std::string> SpineRecogniser::objection(const Recording& recording) const {
    if (recording.inferences.empty()) {
        return "none of its calls has ended";
    }
    Recording soFar; // without the call tree, which nothing here asks for
    soFar.ledger = recording.ledger;
    soFar.inferences = {recording.inferences.front()};
    soFar.seen[0] = std::max<std::uint64_t>(recording.inferencesSeen(), 2); // it may repeat yet
    soFar.memoryLogs = recording.memoryLogs;
    return SpineRecogniser(*this).conclude(soFar);
}

Evidence SpineRecogniser::evidence(std::int32_t) const {
    const std::string host = m_symbols.nameFor(m_host);
    Evidence evidence{fmt::format("the layers are the calls of {}", host),
                      fmt::format("call sites of {} at 0x{:08x}", host, m_host), "", "", NetworkState::Ran};
    if (!m_operators.empty()) {
        evidence.name = m_model->description;
        evidence.model = "names the layers";
    } else if (m_model != nullptr) {
        evidence.model = fmt::format("is left aside: its {} operators do not fit the {} layers that ran",
                                     m_model->operators.size(), m_segments.size());
    }
    return evidence;
}

void SpineRecogniser::describe(std::int32_t, std::int32_t number, LayerInfo& layer) const {
    if (!m_operators.empty() && m_operators[static_cast<std::size_t>(number)]) {
        describeOperator(layer, *m_model, *m_operators[static_cast<std::size_t>(number)]);
        return;
    }
    const Segment& segment = m_segments[static_cast<std::size_t>(number)];
    layer.name = shortName(m_symbols.nameFor(segment.callee), Short::ScopedFunction);
    if (segment.inlined) {
        layer.kernel = layer.name;
        layer.name += " (inlined)";
        return; // the host's name says nothing of the operator
    }
    layer.op = operatorFromName(layer.name);
    if (layer.op.empty()) {
        layer.op = operatorFromName(layer.kernel);
    }
}

Candidates lookForSpines(const FirmwareFacts& facts) {
    Candidates candidates{{}, "no function calls several others that share the time, as layers do"};
    const CallTree& tree = facts.calls();
    for (const Address host : findSpines(tree, facts.rom)) {
        candidates.candidates.push_back({[host, &facts](const AddressSpace&) {
                                             return std::make_unique<SpineRecogniser>(host, facts.symbols, facts.model,
                                                                                      facts.expected);
                                         },
                                         host, repeats(tree, host)});
    }
    return candidates;
}

} // namespace simprof
