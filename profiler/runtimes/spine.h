// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/call_stack.h"
#include "profiler/runtimes/recogniser.h"

#include <map>
#include <optional>
#include <tuple>
#include <vector>

namespace simprof {

class Collector;

/// The functions whose calls may be the layers, in the order in which to try them, found from the call tree of a first
/// run: from the root down while one child holds at least 85 % of the work. A child is, for firmware that runs its
/// network from several places (a warm-up, then the measurement), all calls of one function; then, for networks of one
/// kernel only, a call from one place. Work is counted in multiplications, so that waiting for a UART does not lead
/// astray. What calls several others that work is a spine, and so is what calls through one register several times:
/// an interpreter of nodes that are all of one kind.
std::vector<Address> findSpines(const CallTree& tree);

/// Every runtime that is not shaped like TFLM: each call the spine function makes is a step, told apart by call site
/// and, for indirect calls, by arguments; so is what it computes itself after a call. After the run steps become
/// layers.
class SpineRecogniser final : public Recogniser {
public:
    explicit SpineRecogniser(Address hostEntry)
        : m_host(hostEntry) {}
    std::optional<LayerCall> layerOf(const CallSite& call) override;
    std::optional<std::uint16_t> inlinedAfter(std::uint16_t layer) override;
    bool mayInline() const override { return true; }
    Address host() const { return m_host; }
    /// Makes layers of the steps (see layersOfSteps), in the order of the first inference; once, after the run.
    void makeLayers(Collector& collector);

    struct Segment {
        Address callee = 0;
        bool inlined = false; ///< in `callee`
    };
    /// By step number in the order of first calls; after makeLayers by layer number.
    const std::vector<Segment>& segments() const { return m_segments; }

private:
    using Identity = std::tuple<Address, Address, std::uint32_t, std::uint32_t>;
    std::optional<std::uint16_t> number(const Identity& identity, Segment segment);
    Address m_host;
    std::map<Identity, std::uint16_t> m_numbers;
    std::vector<Segment> m_segments;
};

} // namespace simprof
