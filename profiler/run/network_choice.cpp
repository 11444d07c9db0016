// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/run/network_choice.h"

#include "profiler/files.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace simprof {

NetworkChoice chooseNetworks(const FirmwareImage& image, const std::optional<std::filesystem::path>& model) {
    NetworkChoice choice;
    std::vector<DamagedNetwork> damaged;
    for (const ImageSegment& segment : image.segments) {
        for (NetworkImage& network : findNetworks(segment.bytes, segment.address, &damaged)) {
            choice.inImage.push_back(std::move(network));
        }
    }
    std::ranges::sort(choice.inImage, {}, &NetworkImage::address);
    const std::size_t found = choice.inImage.size();
    choice.why = found != 0        ? fmt::format("{} TFLite flatbuffer{} in the image", found, found == 1 ? "" : "s")
                 : damaged.empty() ? "no TFLite flatbuffer in the image"
                                   : fmt::format("what looks like a TFLite flatbuffer at 0x{:08x} is damaged: {}",
                                                 damaged.front().address, damaged.front().why);
    if (model && choice.inImage.empty()) {
        const std::string bytes = readFile(*model);
        try {
            choice.model = readNetwork(std::as_bytes(std::span(bytes)));
        } catch (const Error& error) {
            throw Error(fmt::format("--model '{}': {}", model->string(), error.what()));
        }
    }
    return choice;
}

} // namespace simprof
