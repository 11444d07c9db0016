// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/recogniser.h"
#include "profiler/runtimes/runtimes.h"
#include "profiler/runtimes/spine_host.h"
#include "profiler/symbols/symbol_table.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// Every runtime that is not shaped like TFLM: the calls that a spine function makes are layers, and so is what it
/// computes itself after a call. Each spine function runs a network of its own.
class SpineRecogniser final : public Recogniser {
public:
    /// What its verdict depends on.
    struct Options {
        const Network* model = nullptr; ///< describes the network; must outlive it
        bool expected = false;          ///< the user says that the firmware infers
        bool named = false;             ///< the user says that these are the functions
        bool parts = false;             ///< of what may be one network: it has others to compare with
    };
    /// `symbols` must outlive it.
    SpineRecogniser(std::vector<SpineHost> hosts, const SymbolTable& symbols, Options options);
    std::optional<LayerCall> layerOf(const CallSite& call) override;
    bool wantsArguments(const CallSite& call) const override;
    std::optional<std::uint16_t> inlinedAfter(std::int32_t network, std::uint16_t layer) override;
    bool mayInline() const override { return true; }
    std::optional<std::string> objection(const Recording& recording) const override;
    /// Makes layers of the steps; what is no network is given back.
    std::optional<std::string> conclude(Recording& recording) override;
    std::int32_t networks() const override { return static_cast<std::int32_t>(m_uses.size()); }
    Evidence evidence(std::int32_t network) const override;
    void describe(std::int32_t network, std::int32_t number, std::span<const std::string> functions,
                  LayerInfo& layer) const override;

    const SpineHost& host(std::int32_t network) const { return m_uses[static_cast<std::size_t>(network)].host; }

private:
    /// A spine function and what it runs.
    struct Use {
        SpineHost host;
        std::vector<std::optional<std::size_t>> operators{}; ///< of the model, by layer; empty: it does not fit
        std::string shown{};                                 ///< see Plausibility
        Confidence confidence = Confidence::Unknown;
    };
    std::optional<std::string> concludeOne(Recording& recording, std::int32_t network);
    std::optional<std::string> areOne(const Recording& recording) const;

    std::vector<Use> m_uses; ///< by network
    const SymbolTable& m_symbols;
    Options m_options;
};

/// A recogniser for each set of spine functions that the call tree of an earlier pass shows.
Candidates lookForSpines(const FirmwareFacts& facts);

} // namespace simprof
