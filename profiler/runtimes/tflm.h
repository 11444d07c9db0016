// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/recogniser.h"
#include "profiler/runtimes/runtimes.h"
#include "profiler/runtimes/tflm_network.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// TensorFlow Lite Micro and whatever is shaped like it: kernels are called as (context, node), and node->inputs points
/// at an operator's inputs vector inside one of the image's flatbuffers. Needs no symbols.
class TflmRecogniser final : public Recogniser {
public:
    /// Both must outlive it.
    TflmRecogniser(std::span<const NetworkImage> images, const AddressSpace& memory);
    std::optional<LayerCall> layerOf(const CallSite& call) override;
    bool mayNest() const override { return m_nests; }
    bool surelyRan(std::int32_t network) const override;
    /// Did the layers that were seen do the work of their networks? Those of networks that were prepared only are
    /// given back.
    std::optional<std::string> conclude(Recording& recording) override;
    void inferenceNoted(std::int32_t network) override;
    std::int32_t networks() const override { return static_cast<std::int32_t>(m_networks.size()); }
    Evidence evidence(std::int32_t network) const override;
    void describe(std::int32_t network, std::int32_t number, std::span<const std::string> functions,
                  LayerInfo& layer) const override;
    TensorTable tensors(std::int32_t network) const override;

private:
    /// A network and how it is called.
    struct Use {
        TflmNetwork known;
        Address site = 0;         ///< return address of the indirect call in use
        std::uint16_t newest = 0; ///< operator that it called
        unsigned sweeps = 0;      ///< how often it ran the first operator
        NetworkState state = NetworkState::Unused;
        std::optional<TensorTable> tensors{}; ///< in the inference that was noted; later the arena may be another's
    };
    std::optional<LayerCall> layerOf(std::int32_t network, std::uint16_t op, Address site);
    std::optional<LayerCall> inside(const CallSite& call, Address node, std::uint32_t inputs);
    std::vector<std::int32_t> forgetPreparation();
    bool ran(const Recording& recording, std::int32_t network) const;
    std::string whyNoneRan() const;

    const AddressSpace& m_memory;
    std::vector<Use> m_networks;
    Address m_preparation = 0; ///< the site that called Prepare
    bool m_nests = false;      ///< some network has operators that run others
};

/// A recogniser for the networks in the image.
Candidates lookForTflm(const FirmwareFacts& facts);

} // namespace simprof
