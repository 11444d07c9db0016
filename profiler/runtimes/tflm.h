// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/network/network.h"
#include "profiler/runtimes/recogniser.h"
#include "sim_core/memory/address_space.h"

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

private:
    const NetworkImage& m_image;
    const AddressSpace& m_memory;
    std::unordered_map<Address, std::uint16_t> m_operators; ///< address of the inputs vector -> operator
    Address m_site = 0;                                     ///< return address of the indirect call in use
    unsigned m_sweeps = 0;                                  ///< how often it ran the first operator
    Address m_preparation = 0;                              ///< the site that called Prepare
};

/// Where the runtime's tensor table says each tensor's data is; nothing for constants and tensors without address.
std::vector<std::optional<Address>> findEvalTensors(const NetworkImage& image, const AddressSpace& memory,
                                                    std::optional<AddressRange>& table);

} // namespace simprof
