// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/profile_parts.h"
#include "profiler/text/names.h"

#include <fmt/format.h>

#include <cassert>
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
        m_profile.network = m_record.networkInfo;
        if (m_record.recogniser == nullptr) {
            return;
        }
        const std::vector<const LedgerRow*> rows = ledger().of(OwnerKind::Layer);
        const std::vector<std::string> kernels = kernelNames(rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const Tally& tally = rows[i]->tally;
            LayerInfo layer;
            layer.id = static_cast<std::int32_t>(i);
            layer.kernel = kernels[i];
            m_record.recogniser->describe(layer);
            layer.calls = static_cast<std::uint32_t>(rows[i]->count);
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
        m_profile.inferences = m_record.collector.recording().inferences;
        m_profile.network.operators = static_cast<std::uint32_t>(m_profile.layers.size());
    }

    /// For each layer the function that took most of its cycles itself.
    std::vector<std::string> kernelNames(std::size_t layers) const {
        std::map<std::pair<std::int32_t, Address>, Cycles> work;
        for (const CallTreeNode& node : m_record.collector.recording().tree.nodes()) {
            if (node.layer >= 0) {
                const Symbol* symbol = m_record.symbols.functionAt(node.entry);
                work[{node.layer, symbol != nullptr ? symbol->begin : node.entry}] += node.self;
            }
        }
        std::vector<std::string> names(layers);
        std::vector<Cycles> best(names.size());
        for (const auto& [key, cycles] : work) {
            const auto layer = static_cast<std::size_t>(key.first);
            if (cycles > best[layer]) {
                best[layer] = cycles;
                names[layer] = shortName(m_record.symbols.nameFor(key.second), Short::ScopedFunction);
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
        Tally unattributed = ledger().sum(OwnerKind::Unattributed);
        if (m_record.recogniser != nullptr) {
            addOwner("[start-up]", ledger().sum(OwnerKind::StartUp));
            addOwner("[between inferences]", ledger().sum(OwnerKind::Between));
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

void addLayers(const RunRecord& record, Profile& profile) { LayerBuilder(record, profile).build(); }

} // namespace simprof
