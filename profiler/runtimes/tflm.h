// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/recogniser.h"
#include "profiler/network/network.h"
#include "profiler/runtimes/runtimes.h"
#include "sim_core/memory/address_space.h"

#include <optional>
#include <string>
#include <unordered_map>

namespace simprof {

/// TensorFlow Lite Micro and whatever is shaped like it: kernels are called as (context, node), and node->inputs points
/// at an operator's inputs vector inside the flatbuffer. Needs no symbols.
class TflmRecogniser final : public Recogniser {
public:
    /// Both must outlive it.
    TflmRecogniser(const NetworkImage& image, const AddressSpace& memory);
    std::optional<LayerCall> layerOf(const CallSite& call) override;
    bool surelyRan() const override;
    /// Did the layers that were seen do the network's work?
    std::optional<std::string> conclude(Recording& recording) override;
    Evidence evidence() const override;
    void describe(LayerInfo& layer) const override;
    TensorTable tensors() const override;

private:
    bool runsFromCopy(std::uint32_t inputs);
    bool isTable(Address first) const;
    std::optional<Address> findTable() const;

    const NetworkImage& m_image;
    const AddressSpace& m_memory;
    Address m_base;                                               ///< of the flatbuffer that runs
    std::unordered_map<std::uint32_t, std::uint16_t> m_operators; ///< offset of the inputs vector in it -> operator
    Address m_site = 0;                                           ///< return address of the indirect call in use
    unsigned m_sweeps = 0;                                        ///< how often it ran the first operator
    Address m_preparation = 0;                                    ///< the site that called Prepare
};

/// A recogniser for the network in the image.
Candidates lookForTflm(const FirmwareFacts& facts);

} // namespace simprof
