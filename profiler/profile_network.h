// SPDX-License-Identifier: GPL-2.0-or-later
/// The part of the profile that says which networks ran, layer by layer.
#pragma once
#include "profiler/profile_kinds.h"
#include "profiler/profile_memory.h"
#include "sim_core/timing/core_timing.h"
#include "sim_core/units.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace simprof {

/// Cycles by reason; index with Stall. Sums to the owner's cycles.
using StallSums = std::array<Cycles, kStallCount>;

struct ProfileNetwork {
    std::string recogniser; ///< "tflm", "spine", "none"
    std::string why;        ///< how it was recognised, or why not
    std::string source;     ///< "flatbuffer at 0x08012340 in flash", "call sites of main_invoke"
    std::string name;       ///< of the network, when the model says
    std::uint32_t operators = 0;
    std::string model{}; ///< "sine.tflite names the layers", "kws.tflite is left aside: …"; "" when the user gave none
    NetworkState state = NetworkState::Ran; ///< Unused when nothing was recognised
    std::uint64_t inferences = 0;           ///< those that are not kept included
    Cycles cycles = 0;                      ///< of its layers
    Confidence confidence = Confidence::Unknown;
    std::string shortage{}; ///< unplaced: what its tensors need and had; "" when not known
    Bytes missingBytes = 0; ///< unplaced: at least so many more are needed; 0: none, or not known
    bool operator==(const ProfileNetwork&) const = default;
};

struct LayerInfo {
    std::int32_t id = 0;             ///< position in Profile::layers
    std::string name;                ///< output tensor's name or callee's name
    std::string op;                  ///< "CONV_2D", or "" when unknown
    std::vector<std::string> inputs; ///< tensor names
    std::vector<std::string> outputs;
    std::vector<std::int32_t> shape; ///< of the first output
    std::uint64_t macs = 0;          ///< per inference
    std::string kernel;              ///< function that did most of the work
    std::uint32_t calls = 0;         ///< over all inferences
    std::uint64_t instructions = 0;
    Cycles cycles = 0; ///< over all inferences
    double timeUs = 0;
    StallSums stalls{};
    double macsPerCycle = 0;
    Bytes sramPeakBytes = 0; ///< live bytes of the arena while it runs
    Bytes scratchBytes = 0;
    Bytes flashReadBytes = 0; ///< data, over all inferences
    Bytes sramReadBytes = 0;
    Bytes sramWriteBytes = 0;
    double energyUj = 0;
    std::int32_t network = 0; ///< index into Profile::networks
    std::int32_t bodyOf = -1; ///< the layer that runs it, as IF, WHILE and CALL_ONCE do; -1: the network itself
    MacSource macsBy = MacSource::Network;
    Bytes stackBytes = 0;                  ///< deepest use of the stack from its call on, handlers not counted
    std::vector<StackFrame> stackFrames{}; ///< who held it then, outermost first; their sum is stackBytes
    bool operator==(const LayerInfo&) const = default;
};

struct Span {
    std::int32_t layer = 0;
    Cycles startCycle = 0;
    Cycles cycles = 0; ///< wall cycles, interrupts that came in between not counted
    bool operator==(const Span&) const = default;
};

struct Inference {
    std::uint32_t index = 0;
    Cycles startCycle = 0;
    Cycles cycles = 0;
    double energyUj = 0;
    std::vector<Span> spans;
    std::int32_t network = 0; ///< index into Profile::networks
    bool operator==(const Inference&) const = default;
};

} // namespace simprof
