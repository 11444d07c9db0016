// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/profile_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cctype>
#include <map>
#include <utility>

namespace simprof {

namespace {

/// What a function's name says about the operator it runs; empty when it says nothing.
std::string operatorFromName(const std::string& name) {
    static constexpr std::array<std::pair<const char*, const char*>, 17> kWords = {
        {{"depthwise", "DEPTHWISE_CONV_2D"},
         {"dwconv", "DEPTHWISE_CONV_2D"},
         {"conv", "CONV_2D"},
         {"fully_connected", "FULLY_CONNECTED"},
         {"fullyconnected", "FULLY_CONNECTED"},
         {"dense", "FULLY_CONNECTED"},
         {"softmax", "SOFTMAX"},
         {"average_pool", "AVERAGE_POOL_2D"},
         {"avg_pool", "AVERAGE_POOL_2D"},
         {"averagepool", "AVERAGE_POOL_2D"},
         {"avgpool", "AVERAGE_POOL_2D"},
         {"max_pool", "MAX_POOL_2D"},
         {"maxpool", "MAX_POOL_2D"},
         {"reshape", "RESHAPE"},
         {"mean", "MEAN"},
         {"pad", "PAD"},
         {"add", "ADD"}}};
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const auto& [word, op] : kWords) {
        if (lower.find(word) != std::string::npos) {
            return op;
        }
    }
    return "";
}

/// A demangled name without return type, arguments and template arguments: "reference_integer_ops::ConvPerChannel".
std::string shortName(const std::string& name) {
    std::string flat;
    int depth = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        constexpr std::string_view kAnonymous = "(anonymous namespace)::";
        if (depth == 0 && std::string_view(name).substr(i).starts_with(kAnonymous)) {
            i += kAnonymous.size() - 1;
        } else if (name[i] == '<') {
            ++depth;
        } else if (name[i] == '>') {
            --depth;
        } else if (name[i] == '(' && depth == 0) {
            break;
        } else if (depth == 0) {
            flat += name[i];
        }
    }
    const std::size_t space = flat.rfind(' ');
    const std::string result = space == std::string::npos ? flat : flat.substr(space + 1);
    return result.empty() ? name : result;
}

class LayerBuilder {
public:
    LayerBuilder(const RunRecord& record, Profile& profile)
        : m_record(record)
        , m_profile(profile) {}

    void build() {
        layers();
        owners();
        totals();
    }

private:
    const Collector& collector() const { return m_record.collector; }
    static double microseconds(const Tally& tally) { return tally.nanoseconds * 1e-3; }

    void layers() {
        const auto& tallies = collector().layers();
        m_profile.network = m_record.networkInfo;
        if (m_record.network == nullptr && m_record.spine == nullptr) {
            return;
        }
        const std::vector<std::string> kernels = kernelNames();
        for (std::size_t i = 0; i < tallies.size(); ++i) {
            const Tally& tally = tallies[i];
            LayerInfo layer;
            layer.id = static_cast<std::int32_t>(i);
            layer.kernel = kernels[i];
            m_record.network != nullptr ? describeOperator(layer) : describeSegment(layer);
            layer.calls = collector().layerCalls()[i];
            layer.instructions = tally.instructions;
            layer.cycles = tally.cycles;
            layer.timeUs = microseconds(tally);
            layer.stalls = tally.stalls;
            layer.flashReadBytes = tally.flashRead;
            layer.sramReadBytes = tally.sramRead;
            layer.sramWriteBytes = tally.sramWrite;
            layer.macsPerCycle = layer.cycles > 0 ? static_cast<double>(layer.macs) * static_cast<double>(layer.calls) /
                                                        static_cast<double>(layer.cycles)
                                                  : 0;
            m_profile.layers.push_back(std::move(layer));
        }
        m_profile.inferences = collector().inferences();
        m_profile.network.operators = static_cast<std::uint32_t>(m_profile.layers.size());
    }

    void describeOperator(LayerInfo& layer) const {
        const Network& network = m_record.network->network;
        const NetworkOperator& op = network.operators[static_cast<std::size_t>(layer.id)];
        const auto names = [&](const std::vector<std::int32_t>& indices) {
            std::vector<std::string> result;
            for (const std::int32_t index : indices) {
                if (index >= 0) {
                    result.push_back(network.tensors[static_cast<std::size_t>(index)].name);
                }
            }
            return result;
        };
        layer.op = op.name;
        layer.inputs = names(op.inputs);
        layer.outputs = names(op.outputs);
        layer.macs = op.macs;
        if (!op.outputs.empty() && op.outputs.front() >= 0) {
            layer.shape = network.tensors[static_cast<std::size_t>(op.outputs.front())].shape;
            layer.name = network.tensors[static_cast<std::size_t>(op.outputs.front())].name;
        }
    }

    void describeSegment(LayerInfo& layer) const {
        const SpineRecogniser::Segment& segment = m_record.spine->segments()[static_cast<std::size_t>(layer.id)];
        layer.name = shortName(m_record.symbols.nameFor(segment.callee));
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

    /// For each layer the function that took most of its cycles itself.
    std::vector<std::string> kernelNames() const {
        std::map<std::pair<std::int32_t, Address>, Cycles> work;
        for (const CallTreeNode& node : m_record.collector.tree().nodes()) {
            if (node.layer >= 0) {
                const Symbol* symbol = m_record.symbols.functionAt(node.entry);
                work[{node.layer, symbol != nullptr ? symbol->begin : node.entry}] += node.self;
            }
        }
        std::vector<std::string> names(collector().layers().size());
        std::vector<Cycles> best(names.size());
        for (const auto& [key, cycles] : work) {
            const auto layer = static_cast<std::size_t>(key.first);
            if (cycles > best[layer]) {
                best[layer] = cycles;
                names[layer] = shortName(m_record.symbols.nameFor(key.second));
            }
        }
        return names;
    }

    void addOwner(std::string name, const Tally& tally) {
        if (tally.cycles != 0) {
            m_profile.owners.push_back(
                {std::move(name), tally.cycles, tally.instructions, microseconds(tally), 0, tally.stalls});
        }
    }

    void owners() {
        Tally unattributed = collector().unattributed();
        const bool recognised = m_record.network != nullptr || m_record.spine != nullptr;
        if (recognised) {
            addOwner("[start-up]", collector().startUp());
            addOwner("[between inferences]", collector().between());
        } else {
            unattributed += collector().startUp();
            unattributed += collector().between();
            for (const Tally& layer : collector().layers()) {
                unattributed += layer;
            }
        }
        addOwner("[unattributed]", unattributed);
        addOwner("[sleep]", collector().sleep());
        for (const auto& [number, exception] : collector().exceptions()) {
            addOwner(fmt::format("[interrupt {}]", m_record.machine.exceptionName(number)), exception.tally);
        }
    }

    void totals() {
        ProfileTotals& totals = m_profile.totals;
        totals.cycles = m_record.machine.now();
        totals.instructions = m_record.machine.instructions();
        totals.timeUs = static_cast<double>(m_record.machine.nanosecondsAt(totals.cycles)) * 1e-3;
        Cycles sum = 0;
        Cycles inLayers = 0;
        for (const LayerInfo& layer : m_profile.layers) {
            inLayers += layer.cycles;
            addStalls(layer.stalls);
        }
        sum += inLayers;
        for (const Owner& owner : m_profile.owners) {
            sum += owner.cycles;
            addStalls(owner.stalls);
        }
        assert(sum == totals.cycles);
        (void)sum;
        const Cycles inside = inLayers + collector().unattributed().cycles;
        totals.attributedPercent = m_profile.layers.empty() || inside == 0
                                       ? 0
                                       : 100.0 * static_cast<double>(inLayers) / static_cast<double>(inside);
    }

    void addStalls(const StallSums& stalls) {
        for (std::size_t i = 0; i < kStallCount; ++i) {
            m_profile.totals.stalls[i] += stalls[i];
        }
    }

    const RunRecord& m_record;
    Profile& m_profile;
};

} // namespace

void addLayers(const RunRecord& record, Profile& profile) { LayerBuilder(record, profile).build(); }

} // namespace simprof
