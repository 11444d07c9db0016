// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/call_tree.h"
#include "profiler/collect/recogniser.h"
#include "profiler/runtimes/runtimes.h"
#include "profiler/symbols/symbol_table.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace simprof {

/// The functions whose calls may be the layers, in the order in which to try them, found from the call tree of a first
/// run: from the root down while one child holds at least 85 % of the work. A child is, for firmware that runs its
/// network from several places (a warm-up, then the measurement), all calls of one function; then, for networks of one
/// kernel only, a call from one place. Work is counted in multiplications, so that waiting for a UART does not lead
/// astray. What calls several others that work is a spine, and so is what calls through one register several times:
/// an interpreter of nodes that are all of one kind. What runs in `rom` is left out.
std::vector<Address> findSpines(const CallTree& tree, std::span<const AddressRange> rom = {});

/// Whether the function has run its layers more than once: it was called again, or each of its calls that work was
/// made again.
bool repeats(const CallTree& tree, Address host);

/// Every runtime that is not shaped like TFLM: each call the spine function makes is a step, told apart by call site
/// and, for indirect calls, by arguments; so is what it computes itself after a call. After the run steps become
/// layers.
class SpineRecogniser final : public Recogniser {
public:
    /// `symbols` and `model`, which may be null and describes the network, must outlive it. `expected`: the user says
    /// that the firmware infers.
    SpineRecogniser(Address hostEntry, const SymbolTable& symbols, const Network* model = nullptr,
                    bool expected = false)
        : m_host(hostEntry)
        , m_symbols(symbols)
        , m_model(model)
        , m_expected(expected) {}
    std::optional<LayerCall> layerOf(const CallSite& call) override;
    std::optional<std::uint16_t> inlinedAfter(std::int32_t network, std::uint16_t layer) override;
    bool mayInline() const override { return true; }
    std::optional<std::string> objection(const Recording& recording) const override;
    /// Makes layers of the steps, see layersOfSteps, in the order of the first inference.
    std::optional<std::string> conclude(Recording& recording) override;
    Evidence evidence(std::int32_t network) const override;
    void describe(std::int32_t network, std::int32_t number, LayerInfo& layer) const override;

    struct Segment {
        Address callee = 0;
        bool inlined = false; ///< in `callee`
    };
    /// By step number in the order of first calls; after conclude() by layer number.
    const std::vector<Segment>& segments() const { return m_segments; }

private:
    using Identity = std::tuple<Address, Address, std::uint32_t, std::uint32_t>;
    std::optional<std::uint16_t> number(const Identity& identity, Segment segment);
    void makeLayers(Recording& recording);
    bool ranInHandler(const CallTree& tree) const;
    Address m_host;
    const SymbolTable& m_symbols;
    const Network* m_model;
    bool m_expected;
    std::map<Identity, std::uint16_t> m_numbers;
    std::vector<Segment> m_segments;
    std::vector<std::optional<std::size_t>> m_operators; ///< of m_model, by layer; empty: it does not fit
};

/// A recogniser for each spine that the call tree of an earlier pass shows.
Candidates lookForSpines(const FirmwareFacts& facts);

} // namespace simprof
