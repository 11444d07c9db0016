// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/plausible.h"

#include <fmt/format.h>

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
constexpr Bytes kFewestOwnConstants = 8; ///< weights that it shares with no other layer
/// A layer adds up products: of several multiplications comes one result. Tables are scaled by one an element.
constexpr double kFewestMultipliesPerByte = 1.2;
// What ran once may have been the start-up's work, what ran in an exception handler a driver's: a network shows itself
// beyond doubt then.
constexpr double kSurelyPerByte = 4;
constexpr std::uint64_t kSurelyMultiplies = 256;
constexpr Bytes kSurelyOwnConstants = 256;
constexpr std::uint64_t kCyclesPerMac = 1000; ///< a software floating-point library takes some hundred

using Ranges = std::vector<LifeRange>;

/// How much of `ranges` lies in `others`; both sorted and disjoint.
Bytes common(const Ranges& ranges, const Ranges& others) {
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

/// What each writer wrote, sorted and disjoint.
std::map<AccessorId, Ranges> writtenBy(const MemoryLog& log) {
    std::map<AccessorId, Ranges> written;
    for (const auto& [key, ranges] : log.lives) {
        written[key.writer].insert(written[key.writer].end(), ranges.begin(), ranges.end());
    }
    for (auto& [who, ranges] : written) {
        ranges = joined(std::move(ranges));
    }
    return written;
}

/// Layers that read what an earlier one wrote: other than to change it, and at all.
struct Readers {
    std::set<AccessorId> only;
    std::set<AccessorId> all;
};

Readers readers(const MemoryLog& log, std::map<AccessorId, Ranges>& written) {
    Readers result;
    for (const auto& [key, ranges] : log.flows) {
        if (key.writer == kOutside || key.reader <= key.writer) {
            continue;
        }
        const Bytes read = sizeOf(ranges);
        if (read - common(ranges, written[key.reader]) >= kFewestBytesHandedOn) {
            result.only.insert(key.reader);
        }
        if (read >= kFewestBytesHandedOn) {
            result.all.insert(key.reader);
        }
    }
    return result;
}

/// Bytes that `who` wrote and another read last: neither scratch nor the results of the last layer.
Bytes handedOn(const MemoryLog& log, AccessorId who) {
    Ranges all;
    for (const auto& [key, ranges] : log.lives) {
        if (key.writer == who && key.reader != who) {
            all.insert(all.end(), ranges.begin(), ranges.end());
        }
    }
    return sizeOf(joined(std::move(all)));
}

/// What layer `who` read of flash, and of what SRAM held before the inference without changing it.
Ranges constantsOf(const MemoryLog& log, AccessorId who, std::map<AccessorId, Ranges>& written) {
    Ranges all;
    if (const auto flash = log.constants.find(who); flash != log.constants.end()) {
        all = flash->second;
    }
    if (const auto before = log.flows.find({kOutside, who}); before != log.flows.end()) {
        for (const LifeRange& range : before->second) {
            if (common({range}, written[who]) == 0) {
                all.push_back(range);
            }
        }
    }
    return joined(std::move(all));
}

/// The facts on all layers, of one inference, that a verdict needs.
struct Work {
    std::size_t layers = 0;
    std::uint64_t multiplies = 0;
    std::uint64_t macs = 0; ///< by their instructions
    Cycles cycles = 0;
    std::size_t weighted = 0;       ///< layers that multiply constants
    std::size_t weightedAndFed = 0; ///< those that read what another wrote
    std::size_t accumulating = 0;   ///< those that add up products, by their instructions
    std::size_t ownWeights = 0;     ///< those with constants that no other layer reads
    Bytes ownBytes = 0;             ///< of such constants
    Bytes handedOn = 0;             ///< of what those write that multiply constants
    std::uint64_t weightedMultiplies = 0;
};

Work workOf(std::span<const Tally> layers, const MemoryLog* log, std::uint64_t inferences) {
    Work work{.layers = layers.size()};
    std::map<AccessorId, Ranges> written;
    Readers fed;
    std::vector<Ranges> constants(layers.size());
    if (log) {
        written = writtenBy(*log);
        fed = readers(*log, written);
        for (std::size_t i = 0; i < layers.size(); ++i) {
            constants[i] = constantsOf(*log, static_cast<AccessorId>(i + 1), written);
        }
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto who = static_cast<AccessorId>(i + 1);
        const std::uint64_t multiplies = layers[i].multiplies / inferences;
        work.multiplies += multiplies;
        work.macs += layers[i].macs / inferences;
        work.cycles += layers[i].cycles / inferences;
        const bool logged = log && log->constants.contains(who);
        const Bytes read = sizeOf(constants[i]) + (logged ? 0 : layers[i].flashRead / inferences);
        if (read < kFewestConstants || multiplies < kFewestLayerMultiplies) {
            continue;
        }
        ++work.weighted;
        work.weightedMultiplies += multiplies;
        work.handedOn += log ? handedOn(*log, who) : 0;
        Ranges others;
        for (std::size_t other = 0; other < layers.size(); ++other) {
            if (other != i) {
                others.insert(others.end(), constants[other].begin(), constants[other].end());
            }
        }
        const Bytes own = sizeOf(constants[i]) - common(constants[i], joined(std::move(others)));
        work.ownWeights += own >= kFewestOwnConstants ? 1 : 0;
        // A layer that adds up products with weights of its own may leave its output where its input was.
        const bool mayBeInPlace = own >= kFewestConstants && layers[i].macs / inferences >= own / 4;
        work.weightedAndFed += fed.only.contains(who) || (mayBeInPlace && fed.all.contains(who)) ? 1 : 0;
        work.accumulating += layers[i].macs / inferences >= kFewestLayerMultiplies ? 1 : 0;
        work.ownBytes += own;
    }
    return work;
}

double productsPerByte(const Work& work) {
    return static_cast<double>(work.weightedMultiplies) / static_cast<double>(std::max<Bytes>(work.handedOn, 1));
}

bool isDoubtful(const Work& work, const MemoryLog* log) {
    return productsPerByte(work) < kSurelyPerByte || work.multiplies < kSurelyMultiplies || !log ||
           work.ownBytes < kSurelyOwnConstants;
}

bool addsUp(const Work& work) {
    return work.accumulating * 2 > work.weighted && work.macs * kCyclesPerMac > work.cycles;
}

std::optional<std::string> objectionTo(const Work& work, const MemoryLog* log, std::uint64_t inferences,
                                       std::string_view inDoubt, bool expected) {
    if (work.layers < 2 || work.multiplies < kFewestMultiplies || work.weighted < 2) {
        return "the work under its main function does not multiply constants as layers do";
    }
    if (work.weightedAndFed * 3 < (work.weighted - 1) * 2) {
        return "the calls of its main function do not hand data to each other as layers do";
    }
    const bool believed = expected && inferences > 1;
    if (!believed && log && !log->constants.empty() && work.ownWeights < 2) {
        return "the calls of its main function share their constants, layers have weights of their own";
    }
    if (!believed && log && productsPerByte(work) < kFewestMultipliesPerByte) {
        return "its main function computes element by element, layers add up many products for each";
    }
    if (inferences == 1 && (isDoubtful(work, log) || !(expected || addsUp(work)))) {
        return "what looks like layers ran once, as start-up code does";
    }
    if (!inDoubt.empty() && isDoubtful(work, log)) {
        return std::string(inDoubt);
    }
    return std::nullopt;
}

} // namespace

Plausibility plausibilityOf(std::span<const Tally> layers, const MemoryLog* log, std::uint64_t inferences,
                            std::string_view inDoubt, bool expected) {
    // `layers` are sums over all inferences, the log is of one.
    const Work work = workOf(layers, log, std::max<std::uint64_t>(inferences, 1));
    return {
        objectionTo(work, log, inferences, inDoubt, expected),
        fmt::format("{} of them multiply constants, {} with constants of their own, and {} read what an earlier one "
                    "wrote; {:.1f} multiplications for each byte handed on",
                    work.weighted, work.ownWeights, work.weightedAndFed, productsPerByte(work)),
        inferences > 1 && !isDoubtful(work, log) && addsUp(work) && work.ownWeights == work.weighted &&
            work.weightedAndFed + 1 >= work.weighted};
}

} // namespace simprof
