// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/stack_frames.h"
#include "profiler/profile_parts.h"
#include "profiler/text/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <functional>
#include <map>
#include <utility>

namespace simprof {

namespace {

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
    const Ledger& ledger() const { return m_record.collector.recording().ledger; }
    static double microseconds(const Tally& tally) { return tally.nanoseconds * 1e-3; }

    void layers() {
        for (const FoundNetwork& found : m_record.networks) {
            m_profile.networks.push_back(found.info);
        }
        for (const RanNetwork& ran : ranNetworks(m_record)) {
            layersOf(ran);
        }
        inferences();
        m_profile.network = m_profile.layers.empty() ? m_record.none : m_profile.networks.front();
    }

    void layersOf(const RanNetwork& ran) {
        ProfileNetwork& network = m_profile.networks[static_cast<std::size_t>(ran.index)];
        const std::vector<const LedgerRow*> rows = ledger().layersOf(ran.number);
        const std::vector<std::vector<std::string>> functions = functionsOf(ran.number, rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const Tally& tally = rows[i]->tally;
            LayerInfo layer;
            layer.id = ran.firstLayer + static_cast<std::int32_t>(i);
            layer.network = ran.index;
            layer.kernel = functions[i].empty() ? "" : functions[i].front();
            m_record.recogniser->describe(ran.number, static_cast<std::int32_t>(i), functions[i], layer);
            layer.calls = static_cast<std::uint32_t>(rows[i]->count);
            layer.instructions = tally.instructions;
            layer.cycles = tally.cycles;
            layer.timeUs = microseconds(tally);
            layer.stalls = tally.stalls;
            layer.flashReadBytes = tally.flashRead;
            layer.sramReadBytes = tally.sramRead;
            layer.sramWriteBytes = tally.sramWrite;
            if (layer.macsBy == MacSource::Instructions) {
                layer.macs = tally.macs / std::max<std::uint64_t>(rows[i]->count, 1);
            }
            layer.macsPerCycle = layer.cycles > 0 ? static_cast<double>(layer.macs) * static_cast<double>(layer.calls) /
                                                        static_cast<double>(layer.cycles)
                                                  : 0;
            if (const StackPath* stack = m_record.collector.recording().layerStackOf(ran.number, static_cast<int>(i))) {
                layer.stackBytes = stack->bytes();
                layer.stackFrames = namedFrames(*stack, stack->top, m_record.symbols);
            }
            network.cycles += layer.cycles;
            m_profile.layers.push_back(std::move(layer));
        }
        network.operators = static_cast<std::uint32_t>(rows.size());
        network.inferences = m_record.collector.recording().inferencesSeen(ran.number);
    }

    void inferences() {
        const std::vector<RanNetwork> ran = ranNetworks(m_record);
        for (const Inference& inference : m_record.collector.recording().inferences) {
            const auto network = std::ranges::find(ran, inference.network, &RanNetwork::number);
            if (network == ran.end()) {
                continue;
            }
            Inference& made = m_profile.inferences.emplace_back(inference);
            made.index = static_cast<std::uint32_t>(m_profile.inferences.size() - 1);
            made.network = network->index;
            for (Span& span : made.spans) {
                span.layer += network->firstLayer;
            }
        }
    }

    /// For each layer the functions that took cycles themselves, the one that took most first.
    std::vector<std::vector<std::string>> functionsOf(std::int32_t network, std::size_t layers) const {
        std::map<std::pair<std::int32_t, Address>, Cycles> work;
        for (const CallTreeNode& node : m_record.collector.recording().tree.nodes()) {
            if (node.layer >= 0 && node.network == network) {
                const Symbol* symbol = m_record.symbols.functionAt(node.entry);
                work[{node.layer, symbol != nullptr ? symbol->begin : node.entry}] += node.self;
            }
        }
        std::vector<std::vector<std::pair<Cycles, Address>>> found(layers);
        for (const auto& [key, cycles] : work) {
            found[static_cast<std::size_t>(key.first)].emplace_back(cycles, key.second);
        }
        std::vector<std::vector<std::string>> names(layers);
        for (std::size_t i = 0; i < layers; ++i) {
            std::ranges::stable_sort(found[i], std::greater(), &std::pair<Cycles, Address>::first);
            for (const auto& [cycles, entry] : found[i]) {
                if (cycles != 0) {
                    names[i].push_back(shortName(m_record.symbols.nameFor(entry), Short::ScopedFunction));
                }
            }
        }
        return names;
    }

    /// Takes a part out of `whole`, of cycles of so many nanoseconds.
    static Tally takeFrom(Tally& whole, const PathCost& cost, double nanoseconds) {
        Tally part;
        part.cycles = cost.cycles;
        part.instructions = cost.instructions;
        part.multiplies = cost.multiplies;
        part.stalls = cost.stalls;
        part.nanoseconds = std::min(whole.nanoseconds, static_cast<double>(cost.cycles) * nanoseconds);
        whole -= part;
        return part;
    }
    /// Of a cycle between inferences; before the first one, start-up code may have run at another clock.
    double cycleBetween() const {
        const Tally between = ledger().sum(OwnerKind::Between);
        return between.cycles == 0 ? 0 : between.nanoseconds / static_cast<double>(between.cycles);
    }

    void addOwner(std::string name, const Tally& tally) {
        if (tally.cycles != 0) {
            m_profile.owners.push_back(
                {std::move(name), tally.cycles, tally.instructions, microseconds(tally), 0, tally.stalls});
        }
    }

    void owners() {
        Tally unattributed = ledger().sum(OwnerKind::Unattributed);
        if (m_record.recogniser != nullptr) {
            const Features& features = m_record.collector.recording().features;
            Tally signals; // all that the features took
            const auto addApplication = [&](const char* name, OwnerKind kind, const PathCost& apart) {
                Tally rest = ledger().sum(kind);
                signals += takeFrom(rest, apart, cycleBetween());
                addOwner(name, rest);
            };
            addApplication("[start-up]", OwnerKind::StartUp, features.startUp);
            addApplication("[between inferences]", OwnerKind::Between, features.between);
            addOwner("[features]", signals);
            if (signals.cycles != 0) {
                for (const Address entry : features.functions) {
                    m_profile.owners.back().functions.push_back(m_record.symbols.nameFor(entry));
                }
            }
        } else {
            for (const OwnerKind kind : {OwnerKind::StartUp, OwnerKind::Between, OwnerKind::Layer}) {
                for (const LedgerRow* row : ledger().of(kind)) {
                    unattributed += row->tally;
                }
            }
        }
        addOwner("[unattributed]", unattributed);
        addOwner("[sleep]", ledger().sum(OwnerKind::Sleep));
        for (const LedgerRow* row : ledger().of(OwnerKind::Exception)) {
            addOwner(fmt::format("[interrupt {}]",
                                 m_record.machine.exceptionName(static_cast<unsigned>(row->key.exception))),
                     row->tally);
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
        const Cycles inside = inLayers + ledger().sum(OwnerKind::Unattributed).cycles;
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

std::vector<RanNetwork> ranNetworks(const RunRecord& record) {
    std::vector<RanNetwork> ran;
    std::int32_t firstLayer = 0;
    for (std::size_t i = 0; i < record.networks.size(); ++i) {
        const FoundNetwork& found = record.networks[i];
        if (record.recogniser == nullptr || found.info.state != NetworkState::Ran) {
            continue;
        }
        ran.push_back({found.number, static_cast<std::int32_t>(i), firstLayer});
        firstLayer += static_cast<std::int32_t>(record.collector.recording().ledger.layersOf(found.number).size());
    }
    return ran;
}

void addLayers(const RunRecord& record, Profile& profile) { LayerBuilder(record, profile).build(); }

} // namespace simprof
