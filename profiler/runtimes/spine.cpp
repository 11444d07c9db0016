// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/spine.h"

#include "profiler/runtimes/model_match.h"
#include "profiler/runtimes/operator_name.h"
#include "profiler/runtimes/plausible.h"
#include "profiler/runtimes/spine_search.h"
#include "profiler/text/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace simprof {

namespace {

constexpr std::size_t kMostSteps = 5'000; ///< of an inference: a main loop that never ends makes more

/// Was the function called, at some level, by an exception handler?
bool ranInHandler(const CallTree& tree, Address entry) {
    const auto& nodes = tree.nodes();
    const auto below = [&nodes](const CallTreeNode& node) {
        const CallTreeNode* at = &node;
        while (!at->handler && at->parent > 0) {
            at = &nodes[static_cast<std::size_t>(at->parent)];
        }
        return at->handler;
    };
    return std::ranges::any_of(nodes, [&](const CallTreeNode& node) { return node.entry == entry && below(node); });
}

/// Does a layer of the network whose log is `after` read what one of `before` wrote?
bool handsOn(const MemoryLog& before, const MemoryLog& after) {
    return std::ranges::any_of(after.flows, [&before](const auto& flow) {
        return flow.first.writer == kOutside && std::ranges::any_of(flow.second, [&before](const LifeRange& read) {
                   return std::ranges::any_of(before.lives, [&read](const auto& life) {
                       return life.first.writer != kOutside &&
                              std::ranges::any_of(life.second, [&](const LifeRange& written) {
                                  return written.begin < read.end && read.begin < written.end;
                              });
                   });
               });
    });
}

} // namespace

SpineRecogniser::SpineRecogniser(std::vector<SpineHost> hosts, const SymbolTable& symbols, Options options)
    : m_symbols(symbols)
    , m_options(options) {
    for (SpineHost& host : hosts) {
        m_uses.push_back({std::move(host)});
    }
}

std::optional<LayerCall> SpineRecogniser::layerOf(const CallSite& call) {
    for (std::size_t network = 0; network < m_uses.size(); ++network) {
        if (auto layer = m_uses[network].host.stepOf(call)) {
            layer->network = static_cast<std::int32_t>(network);
            return layer;
        }
    }
    return std::nullopt;
}

bool SpineRecogniser::wantsArguments(const CallSite& call) const {
    return std::ranges::any_of(m_uses, [&call](const Use& use) { return use.host.entry() == call.hostEntry; });
}

std::optional<std::uint16_t> SpineRecogniser::inlinedAfter(std::int32_t network, std::uint16_t layer) {
    return m_uses[static_cast<std::size_t>(network)].host.inlinedAfter(layer);
}

std::optional<std::string> SpineRecogniser::concludeOne(Recording& recording, std::int32_t network) {
    Use& use = m_uses[static_cast<std::size_t>(network)];
    const auto first = std::ranges::find(recording.inferences, network, &Inference::network);
    if (first == recording.inferences.end()) {
        return "none of its calls has ended";
    }
    if (first->spans.size() > kMostSteps) {
        return "the calls of its main function go on without end, as those of a main loop do";
    }
    use.host.makeLayers(recording, network);
    std::vector<Tally> layers;
    Tally all, once;
    for (const LedgerRow* row : recording.ledger.layersOf(network)) {
        layers.push_back(row->tally);
        all += row->tally;
        once += row->count < 2 ? row->tally : Tally{};
    }
    // A second inference that leaves out most of the work is the loop that follows a start-up.
    const bool ranOnce = recording.inferencesSeen(network) > 1 && 2 * once.multiplies > all.multiplies;
    const std::uint64_t inferences = ranOnce ? 1 : recording.inferencesSeen(network);
    std::optional<std::string> objection;
    if (m_options.parts && use.host.recurs()) {
        objection = "its calls multiply the same constants again and again, as the steps of one layer in time do";
    } else if (!m_options.named) {
        const char* inDoubt = ranInHandler(recording.tree, use.host.entry())
                                  ? "what looks like layers ran in an exception handler, as drivers do"
                              : m_uses.size() > 1 ? "what looks like layers of one more network may be none"
                                                  : "";
        Plausibility plausibility =
            plausibilityOf(layers, recording.memoryLogOf(network), inferences, inDoubt, m_options.expected);
        objection = std::move(plausibility.objection);
        use.shown = std::move(plausibility.shown);
        use.confidence = plausibility.beyondDoubt ? Confidence::High : Confidence::Moderate;
    }
    if (!objection && m_options.model != nullptr) {
        use.operators = operatorsOf(layers, inferences, *m_options.model);
    }
    return objection;
}

/// Why the networks that are left are parts of one.
std::optional<std::string> SpineRecogniser::areOne(const Recording& recording) const {
    for (const auto& [network, inferences] : recording.seen) {
        const MemoryLog* log = recording.memoryLogOf(network);
        for (const auto& [other, others] : recording.seen) {
            const MemoryLog* theirs = recording.memoryLogOf(other);
            if (network != other && inferences == others && log != nullptr && theirs != nullptr &&
                handsOn(*log, *theirs)) {
                return "what looks like several networks hands data from one to the next, as blocks of one do";
            }
        }
    }
    return std::nullopt;
}

std::optional<std::string> SpineRecogniser::conclude(Recording& recording) {
    std::optional<std::string> objection;
    for (std::int32_t network = 0; network < networks(); ++network) {
        if (auto why = concludeOne(recording, network)) {
            objection = objection ? objection : std::move(why);
            dropInferences(recording, network);
        }
    }
    if (recording.inferences.empty()) {
        return objection;
    }
    return m_options.parts ? areOne(recording) : std::nullopt;
}

std::optional<std::string> SpineRecogniser::objection(const Recording& recording) const {
    if (recording.inferences.empty()) {
        return "none of its calls has ended";
    }
    Recording soFar; // without the call tree, which nothing here asks for
    soFar.ledger = recording.ledger;
    soFar.memoryLogs = recording.memoryLogs;
    for (const Inference& inference : recording.inferences) {
        if (soFar.seen.contains(inference.network)) {
            continue;
        }
        soFar.inferences.push_back(inference);
        soFar.seen[inference.network] = std::max<std::uint64_t>(recording.inferencesSeen(inference.network), 2);
    } // each may repeat yet
    return SpineRecogniser(*this).conclude(soFar);
}

Evidence SpineRecogniser::evidence(std::int32_t network) const {
    const Use& use = m_uses[static_cast<std::size_t>(network)];
    const std::string host = m_symbols.nameFor(use.host.entry());
    Evidence evidence{fmt::format("the layers are the calls of {}{}", host,
                                  m_options.named ? ", as the user says" : "; " + use.shown),
                      fmt::format("call sites of {} at 0x{:08x}", host, use.host.entry()),
                      "",
                      "",
                      NetworkState::Ran,
                      m_options.named ? Confidence::Stated : use.confidence};
    if (!use.operators.empty()) {
        evidence.name = m_options.model->description;
        evidence.model = "names the layers";
    } else if (m_options.model != nullptr) {
        evidence.model = fmt::format("is left aside: its {} operators do not fit the {} layers that ran",
                                     m_options.model->operators.size(), use.host.segments().size());
    }
    if (evidence.name.empty() && m_uses.size() > 1) {
        evidence.name = shortName(host, Short::ScopedFunction); // tells them apart
    }
    return evidence;
}

void SpineRecogniser::describe(std::int32_t network, std::int32_t number, std::span<const std::string> functions,
                               LayerInfo& layer) const {
    const Use& use = m_uses[static_cast<std::size_t>(network)];
    if (!use.operators.empty() && use.operators[static_cast<std::size_t>(number)]) {
        describeOperator(layer, *m_options.model, *use.operators[static_cast<std::size_t>(number)]);
        return;
    }
    layer.macsBy = MacSource::Instructions;
    const SpineHost::Segment& segment = use.host.segments()[static_cast<std::size_t>(number)];
    layer.name = shortName(m_symbols.nameFor(segment.callee), Short::ScopedFunction);
    if (segment.inlined) {
        layer.kernel = layer.name;
        layer.name += " (inlined)";
        return; // the host's name says nothing of the operator
    }
    layer.op = operatorFromNames(layer.name, functions);
}

Candidates lookForSpines(const FirmwareFacts& facts) {
    Candidates found{{}, "no function calls several others that share the time, as layers do"};
    const CallTree& tree = facts.calls();
    const bool named = !facts.hosts.empty();
    const std::vector<Hosts> all = named ? std::vector<Hosts>{facts.hosts} : findSpines(tree, facts.rom);
    for (const Hosts& hosts : all) {
        const SpineRecogniser::Options options{facts.model, facts.expected, named, &hosts != &all.back()};
        const auto candidate = [&](bool (*oncePerCall)(const CallTree&, Address)) {
            Candidate made;
            std::vector<std::pair<Address, bool>> functions;
            for (const Address host : hosts) {
                functions.emplace_back(host, oncePerCall(tree, host));
                made.id.push_back(host | (functions.back().second ? 1U : 0U)); // functions begin at even addresses
                made.repeats = made.repeats || repeats(tree, host);
            }
            made.awaited = hosts.front();
            made.makeRecogniser = [functions, options, &facts](const AddressSpace& memory) {
                std::vector<SpineHost> spines;
                for (const auto& [entry, once] : functions) {
                    spines.emplace_back(entry, once, &memory);
                }
                return std::make_unique<SpineRecogniser>(std::move(spines), facts.symbols, options);
            };
            return made;
        };
        found.candidates.push_back(candidate(infersOncePerCall));
        if (found.candidates.size() == 1 && !found.candidates.front().repeats) {
            found.guess = candidate(mayInferOncePerCall);
        }
    }
    return found;
}

} // namespace simprof
