// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "tests/support/sample_profile.h"

namespace simprof::test {

/// The sample's network, and "wake" of two layers, which runs twice behind it and has an arena of 640 bytes.
inline Profile twoNetworks() {
    Profile profile = sampleProfile();
    ProfileNetwork wake = profile.network;
    wake.name = "wake";
    wake.operators = 2;
    wake.inferences = 2;
    const auto firstLayer = static_cast<std::int32_t>(profile.layers.size());
    for (std::int32_t i = 0; i < 2; ++i) {
        LayerInfo layer;
        layer.id = firstLayer + i;
        layer.network = 1;
        layer.op = i == 0 ? "CONV_2D" : "SOFTMAX";
        layer.name = i == 0 ? "hear" : "decide";
        layer.macs = i == 0 ? 500 : 0;
        layer.calls = 2;
        layer.cycles = i == 0 ? 2000 : 400;
        profile.layers.push_back(layer);
    }
    wake.cycles = 2400;
    const Cycles end = profile.totals.cycles;
    for (const Cycles start : {end, end + 1500}) {
        const auto index = static_cast<std::uint32_t>(profile.inferences.size());
        profile.inferences.push_back(
            {index, start, 1200, 0, {{firstLayer, start, 1000}, {firstLayer + 1, start + 1000, 200}}, 1});
    }
    profile.totals.cycles += 2400 + 600;
    profile.owners.push_back({"[between inferences]", 600, 0, 0, 0, {}});
    TensorLife tensor{"heard",    {1, 64},          0x20001000,        64, end, end + 1100,
                      firstLayer, {firstLayer + 1}, TensorKind::Tensor};
    tensor.network = 1;
    profile.memory.tensors.push_back(tensor);
    profile.memory.further = {{1,
                               Arena{0x20001000, 640, 320, 64, end},
                               {{end, 64}},
                               static_cast<std::uint32_t>(profile.inferences.size() - 2)}};
    profile.networks.push_back(wake);
    return profile;
}

} // namespace simprof::test
