// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/plausible.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace simprof {

namespace {

constexpr std::uint64_t kFewestMultiplies = 64;     ///< of a network
constexpr std::uint64_t kFewestLayerMultiplies = 8; ///< of a layer with weights
constexpr Bytes kFewestConstants = 16;              ///< that it reads
constexpr Bytes kFewestBytesHandedOn = 4;

Bytes sizeOf(const std::vector<LifeRange>& ranges) {
    Bytes bytes = 0;
    for (const LifeRange& range : ranges) {
        bytes += range.end - range.begin;
    }
    return bytes;
}

/// How much of `ranges` lies in `others`; both sorted and disjoint.
Bytes common(const std::vector<LifeRange>& ranges, const std::vector<LifeRange>& others) {
    Bytes bytes = 0;
    auto other = others.begin();
    for (const LifeRange& range : ranges) {
        while (other != others.end() && other->end <= range.begin) {
            ++other;
        }
        for (auto at = other; at != others.end() && at->begin < range.end; ++at) {
            bytes += std::min(at->end, range.end) - std::max(at->begin, range.begin);
        }
    }
    return bytes;
}

/// Layers that read what an earlier one wrote, other than to change it.
std::set<AccessorId> readers(const MemoryLog& log) {
    std::map<AccessorId, std::vector<LifeRange>> written;
    for (const auto& [key, ranges] : log.lives) {
        written[key.writer].insert(written[key.writer].end(), ranges.begin(), ranges.end());
    }
    for (auto& [who, ranges] : written) {
        ranges = joined(std::move(ranges));
    }
    std::set<AccessorId> result;
    for (const auto& [key, ranges] : log.flows) {
        if (key.writer != kOutside && key.reader > key.writer &&
            sizeOf(ranges) - common(ranges, written[key.reader]) >= kFewestBytesHandedOn) {
            result.insert(key.reader);
        }
    }
    return result;
}

} // namespace

std::optional<std::string> implausibleNetwork(std::span<const Tally> layers, const std::optional<MemoryLog>& log) {
    std::set<AccessorId> fed;
    std::vector<Bytes> constants; // of each layer: from flash, or there before the inference
    for (const Tally& layer : layers) {
        constants.push_back(layer.flashRead);
    }
    if (log) {
        fed = readers(*log);
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const auto before = log->flows.find({kOutside, static_cast<AccessorId>(i + 1)});
            constants[i] += before == log->flows.end() ? 0 : sizeOf(before->second);
        }
    }
    std::uint64_t multiplies = 0;
    std::size_t weighted = 0;
    std::size_t weightedAndFed = 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        multiplies += layers[i].multiplies;
        if (constants[i] >= kFewestConstants && layers[i].multiplies >= kFewestLayerMultiplies) {
            ++weighted;
            weightedAndFed += fed.contains(static_cast<AccessorId>(i + 1)) ? 1 : 0;
        }
    }
    if (layers.size() < 2 || multiplies < kFewestMultiplies || weighted < 2) {
        return "the work under its main function does not multiply constants as layers do";
    }
    if (weightedAndFed * 2 < weighted - 1) {
        return "the calls of its main function do not hand data to each other as layers do";
    }
    return std::nullopt;
}

} // namespace simprof
