// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/run/network_choice.h"

#include "profiler/files.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <span>
#include <utility>
#include <vector>

namespace simprof {

NetworkChoice chooseNetwork(const FirmwareImage& image, const std::optional<std::filesystem::path>& model) {
    NetworkChoice choice;
    std::size_t found = 0;
    std::vector<DamagedNetwork> damaged;
    for (const ImageSegment& segment : image.segments) {
        for (NetworkImage& network : findNetworks(segment.bytes, segment.address, &damaged)) {
            ++found;
            // The largest is the one that matters when an application carries several.
            if (!choice.network || network.network.operators.size() > choice.network->network.operators.size()) {
                choice.network = std::move(network);
                choice.inImage = true;
            }
        }
    }
    choice.why = found != 0        ? fmt::format("{} TFLite flatbuffer{} in the image", found, found == 1 ? "" : "s")
                 : damaged.empty() ? "no TFLite flatbuffer in the image"
                                   : fmt::format("what looks like a TFLite flatbuffer at 0x{:08x} is damaged: {}",
                                                 damaged.front().address, damaged.front().why);
    if (model && !choice.inImage) {
        const std::string bytes = readFile(*model);
        try {
            choice.network = NetworkImage{0, readNetwork(std::as_bytes(std::span(bytes)))};
        } catch (const Error& error) {
            throw Error(fmt::format("--model '{}': {}", model->string(), error.what()));
        }
    }
    return choice;
}

} // namespace simprof
