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
/// astray.
std::vector<Address> findSpines(const CallTree& tree);

/// Every runtime that is not shaped like TFLM: each call the spine function makes is a layer, told apart by call site
/// and, for indirect calls, by arguments.
class SpineRecogniser final : public Recogniser {
public:
    explicit SpineRecogniser(Address hostEntry)
        : m_host(hostEntry) {}
    std::optional<LayerCall> layerOf(const CallSite& call) override;
    Address host() const { return m_host; }

    struct Segment {
        Address site = 0;
        Address callee = 0;
    };
    /// By layer number, in the order of first calls.
    const std::vector<Segment>& segments() const { return m_segments; }

private:
    using Identity = std::tuple<Address, Address, std::uint32_t, std::uint32_t>;
    Address m_host;
    std::map<Identity, std::uint16_t> m_numbers;
    std::vector<Segment> m_segments;
};

/// Why what the spine rule found is no neural network, or nothing when it may be one: layers multiply, read constants
/// from flash and hand data to each other.
std::optional<std::string> implausibleNetwork(const Collector& collector);

} // namespace simprof
