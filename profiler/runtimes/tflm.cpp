// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/tflm.h"

#include "profiler/runtimes/model_match.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace simprof {

namespace {

/// More multiply-accumulates per cycle than this no core can do: what is faster was no inference.
constexpr double kImpossibleMacsPerCycle = 4;

} // namespace

TflmRecogniser::TflmRecogniser(std::span<const NetworkImage> images, const AddressSpace& memory)
    : m_memory(memory) {
    for (const NetworkImage& image : images) {
        m_networks.push_back({TflmNetwork(image, memory)});
        m_nests = m_nests || image.network.subgraphs.size() > 1;
    }
}

std::optional<LayerCall> TflmRecogniser::layerOf(const CallSite& call) {
    if (!call.indirect || call.foundR1 || call.site == m_preparation) {
        return std::nullopt;
    }
    const Address node = call.arguments[1];
    const auto inputs = m_memory.word(node);
    if (!inputs) {
        return std::nullopt;
    }
    if (call.layer >= 0) {
        return inside(call, node, *inputs);
    }
    for (std::size_t network = 0; network < m_networks.size(); ++network) {
        if (const auto op = m_networks[network].known.operatorOf(node, *inputs)) {
            return layerOf(static_cast<std::int32_t>(network), *op, call.site);
        }
    }
    return std::nullopt;
}

/// An operator of what the layer that calls may run.
std::optional<LayerCall> TflmRecogniser::inside(const CallSite& call, Address node, std::uint32_t inputs) {
    Use& use = m_networks[static_cast<std::size_t>(call.network)];
    const auto op = use.known.operatorOf(node, inputs);
    if (!op || call.site != use.site) {
        return std::nullopt;
    }
    const auto& operators = use.known.network().operators;
    const auto& bodies = operators[static_cast<std::size_t>(call.layer)].bodies;
    if (std::ranges::count(bodies, operators[*op].subgraph) == 0) {
        return std::nullopt;
    }
    return LayerCall{*op, call.network, false, {}};
}

std::optional<LayerCall> TflmRecogniser::layerOf(std::int32_t network, std::uint16_t op, Address site) {
    Use& use = m_networks[static_cast<std::size_t>(network)];
    if (use.site != 0 && site != use.site && use.newest == op && use.known.network().operators.size() > 1) {
        return std::nullopt; // a kernel as small as CALL_ONCE's leaves its node in R1, and the next call finds it there
    }
    LayerCall layer{op, network, op == 0, {}};
    if (use.site != 0 && site != use.site && use.sweeps == 1 && layer.startsInference) {
        // Prepare has the same shape, runs once, and runs first.
        m_preparation = use.site;
        layer.prepared = forgetPreparation();
    }
    if (site != use.site && !layer.startsInference) {
        return std::nullopt;
    }
    use.site = site;
    use.newest = op;
    use.sweeps += layer.startsInference ? 1 : 0;
    return layer;
}

/// The networks that were taken for run where they were prepared.
std::vector<std::int32_t> TflmRecogniser::forgetPreparation() {
    std::vector<std::int32_t> prepared;
    for (std::size_t network = 0; network < m_networks.size(); ++network) {
        Use& use = m_networks[network];
        if (use.site == m_preparation) {
            use.site = 0;
            use.sweeps = 0;
            use.state = NetworkState::Prepared;
            prepared.push_back(static_cast<std::int32_t>(network));
        }
    }
    return prepared;
}

/// Tensors get their addresses when all kernels are prepared.
bool TflmRecogniser::surelyRan(std::int32_t network) const {
    const Use& use = m_networks[static_cast<std::size_t>(network)];
    return m_preparation != 0 || use.sweeps > 1 || use.known.isPlaced();
}

bool TflmRecogniser::ran(const Recording& recording, std::int32_t network) const {
    std::uint64_t macs = 0;
    Cycles cycles = 0;
    const Use& use = m_networks[static_cast<std::size_t>(network)];
    const auto& operators = use.known.network().operators;
    for (const LedgerRow* row : recording.ledger.layersOf(network)) {
        const auto number = static_cast<std::size_t>(row->key.layer);
        macs += number < operators.size() ? operators[number].macs * row->count : 0;
        cycles += row->tally.cycles;
    }
    if (static_cast<double>(macs) > kImpossibleMacsPerCycle * static_cast<double>(cycles)) {
        return false;
    }
    const MemoryLog* log = recording.memoryLogOf(network);
    return m_preparation != 0 || log == nullptr || use.known.computed(*log, tensors(network));
}

std::optional<std::string> TflmRecogniser::conclude(Recording& recording) {
    bool any = false;
    for (std::int32_t network = 0; network < networks(); ++network) {
        Use& use = m_networks[static_cast<std::size_t>(network)];
        if (recording.inferencesSeen(network) != 0) {
            use.state = ran(recording, network) ? NetworkState::Ran : NetworkState::Prepared;
        }
        if (use.state == NetworkState::Prepared) {
            dropInferences(recording, network);
            use.state = use.known.isPlaced() ? NetworkState::Prepared : NetworkState::Unplaced;
        }
        const auto operators = static_cast<std::int32_t>(use.known.network().operators.size());
        if (use.state == NetworkState::Ran && use.known.network().subgraphs.size() > 1) {
            (void)recording.ledger.layer(network, operators - 1); // what no inference came to is a layer as well
        }
        any = any || use.state == NetworkState::Ran;
    }
    return any ? std::nullopt : std::optional(whyNoneRan());
}

std::string TflmRecogniser::whyNoneRan() const {
    for (std::int32_t network = 0; network < networks(); ++network) {
        if (m_networks[static_cast<std::size_t>(network)].state != NetworkState::Unused) {
            const Evidence known = evidence(network);
            return fmt::format("the {}: {}", known.source, known.why);
        }
    }
    return "the flatbuffer in the image is not run the way TensorFlow Lite Micro runs one";
}

Evidence TflmRecogniser::evidence(std::int32_t network) const {
    const Use& use = m_networks[static_cast<std::size_t>(network)];
    Evidence evidence = use.known.evidence();
    evidence.state = use.state;
    switch (use.state) {
    case NetworkState::Ran: break;
    case NetworkState::Prepared: evidence.why = "its operators were prepared, and no inference came"; break;
    case NetworkState::Unplaced:
        evidence.why = "its operators were prepared and its tensors got no place: AllocateTensors did not succeed";
        use.known.explainShortage(evidence);
        break;
    case NetworkState::Unused: evidence.why = "nothing in the run called its operators"; break;
    }
    return evidence;
}

void TflmRecogniser::describe(std::int32_t network, std::int32_t number, std::span<const std::string>,
                              LayerInfo& layer) const {
    const Network& known = m_networks[static_cast<std::size_t>(network)].known.network();
    describeOperator(layer, known, static_cast<std::size_t>(number));
    const std::uint32_t subgraph = known.operators[static_cast<std::size_t>(number)].subgraph;
    if (const auto& caller = known.subgraphs[subgraph].caller) {
        layer.bodyOf = layer.id - number + static_cast<std::int32_t>(*caller);
    }
}

void TflmRecogniser::inferenceNoted(std::int32_t network) {
    Use& use = m_networks[static_cast<std::size_t>(network)];
    use.tensors = use.known.tensors();
}

TensorTable TflmRecogniser::tensors(std::int32_t network) const {
    const Use& use = m_networks[static_cast<std::size_t>(network)];
    TensorTable now = use.known.tensors();
    if (!use.tensors) {
        return now;
    }
    TensorTable noted = *use.tensors;
    const auto same = [](const AddressRange& a, const AddressRange& b) {
        return a.begin == b.begin && a.size == b.size;
    };
    // Where the interpreter still lives, it may have taken more since, as output() of early releases does.
    if (noted.arena && now.arena && noted.range && now.range && same(*noted.range, *now.range) &&
        same(noted.arena->range, now.arena->range)) {
        noted.arena->neededBytes = std::max(noted.arena->neededBytes, now.arena->neededBytes);
    }
    return noted;
}

Candidates lookForTflm(const FirmwareFacts& facts) {
    Candidates candidates{{}, facts.networkSearch};
    if (!facts.networks.empty()) {
        candidates.candidates.push_back({[networks = facts.networks](const AddressSpace& memory) {
            return std::make_unique<TflmRecogniser>(networks, memory);
        }});
    }
    return candidates;
}

} // namespace simprof
