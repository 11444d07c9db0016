// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/recogniser.h"
#include "profiler/collect/recording.h"
#include "sim_core/memory/address_space.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace simprof {

/// A function whose calls are the steps of an inference; after the run steps become layers. A step is told apart by
/// call site and callee, and by its number among those calls of the inference: a loop over layers makes them all from
/// one place.
class SpineHost {
public:
    /// `oncePerCall`: one call of the function is one inference, else its first step begins one. `memory` tells
    /// constants from variables and must outlive it; null: none are known.
    SpineHost(Address entry, bool oncePerCall, const AddressSpace* memory)
        : m_entry(entry)
        , m_oncePerCall(oncePerCall)
        , m_memory(memory) {}
    Address entry() const { return m_entry; }
    /// Of a call that it makes; LayerCall::network is for the caller to fill in.
    std::optional<LayerCall> stepOf(const CallSite& call);
    /// What it computes itself after step `step`.
    std::optional<std::uint16_t> inlinedAfter(std::uint16_t step);

    /// Makes layers of what was recorded of `network`, see layersOfSteps(), in the order of its first inference.
    void makeLayers(Recording& recording, std::int32_t network);
    /// After makeLayers(): most of its work was done in steps that ran again for the same constants in one inference,
    /// as those of a recurrent layer do.
    bool recurs() const { return m_recurs; }

    struct Segment {
        Address callee = 0;
        bool inlined = false; ///< in `callee`
        Address site = 0;
        std::array<std::uint32_t, 4> arguments{}; ///< when it was first called
    };
    /// By step number in the order of first calls; after makeLayers() by layer number.
    const std::vector<Segment>& segments() const { return m_segments; }

private:
    using Place = std::pair<Address, Address>; ///< call site and callee
    using Identity = std::pair<Place, std::uint32_t>;
    std::optional<std::uint16_t> number(const Identity& identity, const Segment& segment);
    bool isConstant(std::uint32_t argument) const;
    bool isForTheFirst(const CallSite& call) const;
    void joinRepetitions(Recording& recording, std::int32_t network);
    void renumber(Recording& recording, std::int32_t network, std::span<const std::uint16_t> order,
                  std::span<const std::optional<std::uint16_t>> owners);
    std::vector<std::uint64_t> multipliesOf(const Recording& recording, std::int32_t network) const;

    Address m_entry;
    bool m_oncePerCall;
    const AddressSpace* m_memory;
    std::map<Identity, std::uint16_t> m_numbers;
    std::vector<Segment> m_segments;
    std::map<Place, std::uint32_t> m_runs; ///< calls in this inference
    bool m_recurs = false;
};

} // namespace simprof
