// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/recording.h"
#include "profiler/network/network.h"
#include "sim_core/units.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// One call as the call stack sees it, before the callee runs its first block.
struct CallSite {
    Address site = 0;                         ///< return address; identifies the call instruction
    Address callee = 0;                       ///< first block
    bool indirect = false;                    ///< BLX register
    Address hostEntry = 0;                    ///< entry of the calling function
    bool first = false;                       ///< the calling function has run no layer since it was called
    std::array<std::uint32_t, 4> arguments{}; ///< R0 to R3; only read when Recogniser::wantsArguments()
    std::int32_t network = -1;                ///< the calling function works for a layer of it; -1: for none
    std::int32_t layer = -1;                  ///< which
    /// By a handler that found this R1: what it interrupted was about to call a layer with it, or had, or it is chance.
    bool foundR1 = false;
};

/// What a recogniser says of a call: it runs layer `layer`.
struct LayerCall {
    std::uint16_t layer = 0;              ///< of `network`
    std::int32_t network = 0;             ///< of those that the recogniser knows
    bool startsInference = false;         ///< the layer before which a new inference begins
    std::vector<std::int32_t> prepared{}; ///< networks of which what was taken for inferences was preparation
};

/// How the layers of a network were recognised.
struct Evidence {
    std::string why;    ///< one clause
    std::string source; ///< "flatbuffer at 0x08012340", "call sites of main_invoke at 0x08000200"
    std::string name;   ///< of the network, when it has one
    std::string model; ///< what a model that the user gave did: "names the layers", "is left aside: …"; "" without one
    NetworkState state = NetworkState::Ran; ///< once inferences were recorded
    Confidence confidence = Confidence::Unknown;
    std::string shortage{}; ///< Unplaced: what its tensors need and had, one clause; "" when not known
    Bytes missing = 0;      ///< Unplaced: at least so many more are needed; 0: none, or not known
};

/// The memory that a runtime took for a network's tensors and its own data.
struct RuntimeArena {
    AddressRange range;
    Bytes neededBytes = 0;                  ///< of it and of `persistent`: as few would have been enough
    std::optional<AddressRange> persistent; ///< a second arena for what lives for ever
    Bytes plannedBytes = 0;                 ///< of neededBytes, in `range`: what does not live for ever
};

/// What a runtime says of a network's tensors.
struct TensorTable {
    const Network* network = nullptr; ///< null: it says nothing
    /// Where each tensor's data is; nothing for constants and tensors without address.
    std::vector<std::optional<Address>> addresses;
    std::optional<AddressRange> range; ///< of the table itself
    std::optional<RuntimeArena> arena{};
};

/// How one ML runtime shows itself in the calls a firmware makes. One that answers no more than layerOf() is complete.
class Recogniser {
public:
    virtual ~Recogniser() = default;
    /// Called for each call outside a layer, and if mayNest() for those that wantsArguments() inside of one.
    virtual std::optional<LayerCall> layerOf(const CallSite& call) = 0;
    /// Layers may run others inside.
    virtual bool mayNest() const { return false; }
    /// Called when the host of the layers computed something itself after the call that runs `layer`: the layer that
    /// was inlined there, for runtimes whose layers may be inlined.
    virtual std::optional<std::uint16_t> inlinedAfter(std::int32_t network, std::uint16_t layer) {
        (void)network, (void)layer;
        return std::nullopt;
    }
    virtual bool mayInline() const { return false; }
    /// Calls whose arguments the recogniser wants to see.
    virtual bool wantsArguments(const CallSite& call) const { return call.indirect; }
    /// Were the network's inferences so far inferences? A runtime's preparation may look like a first one until it is
    /// seen again.
    virtual bool surelyRan(std::int32_t network) const {
        (void)network;
        return true;
    }

    /// An inference of which all accesses were noted has ended: the network's tensors are where they are now.
    virtual void inferenceNoted(std::int32_t network) { (void)network; }

    /// Why what was recorded so far is no network, for recognisers that try what may be one; nothing where there is no
    /// doubt.
    virtual std::optional<std::string> objection(const Recording& recording) const {
        (void)recording;
        return std::nullopt;
    }

    /// Once, after the run: makes layers of what was recorded, and gives back what was no inference. Why nothing was
    /// one, or nothing when some were.
    virtual std::optional<std::string> conclude(Recording& recording) {
        return recording.inferences.empty() ? std::optional<std::string>("no layer ran") : std::nullopt;
    }
    /// Networks that it knows, numbered from 0, whether they ran or not.
    virtual std::int32_t networks() const { return 1; }
    /// After conclude().
    virtual Evidence evidence(std::int32_t network) const {
        (void)network;
        return {};
    }
    /// Fills in what the runtime knows of a network's layer `number`; its kernel is filled in. `functions` worked for
    /// it, the one that did most first.
    virtual void describe(std::int32_t network, std::int32_t number, std::span<const std::string> functions,
                          LayerInfo& layer) const {
        (void)network, (void)number, (void)functions, (void)layer;
    }
    /// Where they were in that inference.
    virtual TensorTable tensors(std::int32_t network) const {
        (void)network;
        return {};
    }
};

} // namespace simprof
