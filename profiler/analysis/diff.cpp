// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/diff.h"

#include "profiler/analysis/network_slice.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>
#include <utility>

namespace simprof {
namespace {

/// The size of a difference; that of the smallest number too.
std::uint64_t magnitude(std::int64_t difference) {
    return difference < 0 ? ~static_cast<std::uint64_t>(difference) + 1 : static_cast<std::uint64_t>(difference);
}

/// Names of functions of which the other profile's firmware has no symbol: it runs as often, at the same address.
using OtherNames = std::map<std::string, std::string>;

OtherNames namesFrom(const Profile& named, const Profile& nameless) {
    std::map<Address, const FunctionInfo*> known;
    for (const FunctionInfo& function : named.functions) {
        known[function.address] = &function;
    }
    OtherNames names;
    for (const FunctionInfo& function : nameless.functions) {
        const auto found = known.find(function.address);
        if (found != known.end() && function.name == fmt::format("sub_{:08x}", function.address) &&
            found->second->instructions == function.instructions && found->second->calls == function.calls) {
            names[function.name] = found->second->name;
        }
    }
    return names;
}

const std::string& nameIn(const OtherNames& names, const std::string& name) {
    const auto found = names.find(name);
    return found == names.end() ? name : found->second;
}

/// Cycles by function name, of one layer (or of all when `layer` is unset).
std::map<std::string, Cycles> functionCycles(const Profile& profile, const OtherNames& names,
                                             std::optional<std::size_t> layer) {
    std::map<std::string, Cycles> cycles;
    if (!layer) {
        for (const FunctionInfo& function : profile.functions) {
            cycles[nameIn(names, function.name)] += function.selfCycles;
        }
        return cycles;
    }
    for (const CallNode& node : profile.callTree) {
        if (node.layer == static_cast<std::int64_t>(*layer)) {
            const FunctionInfo& function = profile.functions[static_cast<std::size_t>(node.function)];
            cycles[nameIn(names, function.name)] += node.selfCycles;
        }
    }
    return cycles;
}

/// A layer whose kind is not known may be of any.
bool sameKind(const std::string& a, const std::string& b) { return a == b || a.empty() || b.empty(); }

/// The names whose cycles differ, largest difference first.
std::vector<NamedChange> changesOf(const std::map<std::string, Cycles>& base,
                                   const std::map<std::string, Cycles>& now) {
    std::map<std::string, Change<Cycles>> merged;
    for (const auto& [name, cycles] : base) {
        merged[name].base = cycles;
    }
    for (const auto& [name, cycles] : now) {
        merged[name].now = cycles;
    }
    std::vector<NamedChange> changes;
    for (const auto& [name, cycles] : merged) {
        if (!cycles.isNone()) {
            changes.push_back({name, cycles});
        }
    }
    std::stable_sort(changes.begin(), changes.end(), [](const NamedChange& a, const NamedChange& b) {
        return magnitude(a.cycles.difference()) > magnitude(b.cycles.difference());
    });
    return changes;
}

/// Cycles of owners by name, in the order of `profile`.
Cycles ownerCycles(const Profile& profile, const std::string& name) {
    Cycles cycles = 0;
    for (const Owner& owner : profile.owners) {
        cycles += owner.name == name ? owner.cycles : 0;
    }
    return cycles;
}

std::vector<NamedChange> ownerChanges(const Profile& base, const Profile& now) {
    std::vector<NamedChange> changes;
    const auto add = [&](const std::string& name) {
        const bool known =
            std::any_of(changes.begin(), changes.end(), [&](const NamedChange& change) { return change.name == name; });
        if (!known) {
            changes.push_back({name, {ownerCycles(base, name), ownerCycles(now, name)}});
        }
    };
    for (const Profile* profile : {&now, &base}) {
        for (const Owner& owner : profile->owners) {
            add(owner.name);
        }
    }
    return changes;
}

/// The network of a layer by name, "" where only one ran: its name is no matter of a comparison.
std::string networkOf(const Profile& profile, std::size_t layer) {
    return networksThatRan(profile) < 2
               ? ""
               : networkTitle(profile, static_cast<std::size_t>(profile.layers[layer].network));
}

/// For each layer of `now` the layer of `base` it is compared with.
std::vector<std::optional<std::size_t>> matchLayers(const Profile& base, const Profile& now) {
    std::map<std::tuple<std::string, std::string, std::string>, std::vector<std::size_t>>
        byName; // those not yet taken, last one first
    for (std::size_t i = base.layers.size(); i-- > 0;) {
        byName[{networkOf(base, i), base.layers[i].op, base.layers[i].name}].push_back(i);
    }
    std::vector<std::optional<std::size_t>> match(now.layers.size());
    std::vector<bool> taken(base.layers.size());
    for (std::size_t i = 0; i < now.layers.size(); ++i) {
        auto& candidates = byName[{networkOf(now, i), now.layers[i].op, now.layers[i].name}];
        if (!candidates.empty()) {
            match[i] = candidates.back();
            taken[candidates.back()] = true;
            candidates.pop_back();
        }
    }
    for (std::size_t i = 0; i < now.layers.size() && i < base.layers.size(); ++i) {
        if (!match[i] && !taken[i] && sameKind(base.layers[i].op, now.layers[i].op)) {
            match[i] = i;
            taken[i] = true;
        }
    }
    return match;
}

/// What functions of each profile are called in the other.
struct Names {
    OtherNames base;
    OtherNames now;
};

/// What moved, in words: instructions, the two reasons that changed most, the function that changed most.
std::string movedSentence(const LayerChange& change, const LayerInfo* base, const LayerInfo* now, const Names& names) {
    if (!base || !now) {
        return base ? "is gone" : "is new";
    }
    std::vector<std::string> parts;
    if (nameIn(names.base, base->kernel) != nameIn(names.now, now->kernel)) {
        parts.push_back(fmt::format("kernel {} instead of {}", shortName(now->kernel, Short::Function),
                                    shortName(base->kernel, Short::Function)));
    }
    if (!change.instructions.isNone()) {
        parts.push_back(fmt::format("{} instructions", signedGrouped(change.instructions.difference())));
    }
    std::vector<std::size_t> reasons;
    for (std::size_t i = 0; i < kStallCount; ++i) {
        if (change.stalls[i] != 0) {
            reasons.push_back(i);
        }
    }
    std::stable_sort(reasons.begin(), reasons.end(), [&](std::size_t a, std::size_t b) {
        return magnitude(change.stalls[a]) > magnitude(change.stalls[b]);
    });
    reasons.resize(std::min<std::size_t>(reasons.size(), 2));
    for (const std::size_t i : reasons) {
        std::string reason = kStallNames[i];
        std::replace(reason.begin(), reason.end(), '_', ' ');
        parts.push_back(fmt::format("{} {} cycles", reason, signedGrouped(change.stalls[i])));
    }
    if (!change.functions.empty()) {
        const NamedChange& most = change.functions.front();
        parts.push_back(
            fmt::format("in {} {}", shortName(most.name, Short::Function), signedGrouped(most.cycles.difference())));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

LayerChange compareLayer(const Profile& base, const Profile& now, const Names& names,
                         std::optional<std::size_t> baseIndex, std::optional<std::size_t> nowIndex) {
    const LayerInfo none;
    const LayerInfo* before = baseIndex ? &base.layers[*baseIndex] : nullptr;
    const LayerInfo* after = nowIndex ? &now.layers[*nowIndex] : nullptr;
    const LayerInfo& b = before ? *before : none;
    const LayerInfo& n = after ? *after : none;
    LayerChange change;
    change.base = baseIndex;
    change.now = nowIndex;
    change.op = after ? n.op : b.op;
    change.name = after ? n.name : b.name;
    change.cycles = {b.cycles, n.cycles};
    change.instructions = {b.instructions, n.instructions};
    change.sramPeakBytes = {b.sramPeakBytes, n.sramPeakBytes};
    change.scratchBytes = {b.scratchBytes, n.scratchBytes};
    change.energyUj = {b.energyUj, n.energyUj};
    for (std::size_t i = 0; i < kStallCount; ++i) {
        change.stalls[i] = static_cast<std::int64_t>(n.stalls[i] - b.stalls[i]);
    }
    if (before && after && !change.cycles.isNone()) {
        change.functions =
            changesOf(functionCycles(base, names.base, baseIndex), functionCycles(now, names.now, nowIndex));
    }
    change.moved = movedSentence(change, before, after, names);
    return change;
}

Bytes imageBytes(const Profile& profile) {
    Bytes bytes = 0;
    for (const MemoryRegion& region : profile.memory.regions) {
        bytes += region.imageBytes;
    }
    return bytes;
}

std::vector<MemoryChange> memoryChanges(const Profile& base, const Profile& now) {
    std::map<std::string, std::pair<Arena, Arena>> arenasBy; // by network
    for (const auto& [arena, title] : arenas(base)) {
        arenasBy[title].first = arena;
    }
    for (const auto& [arena, title] : arenas(now)) {
        arenasBy[title].second = arena;
    }
    if (arenasBy.empty()) {
        arenasBy[""] = {};
    }
    std::vector<MemoryChange> changes;
    for (const auto& [network, both] : arenasBy) {
        const auto& [before, after] = both;
        const std::string whose = network.empty() ? "" : " of " + network;
        changes.push_back({"arena_size_bytes", "arena reserved" + whose, {before.sizeBytes, after.sizeBytes}, network});
        if (before.neededBytes != 0 && after.neededBytes != 0) { // older profiles do not say
            changes.push_back(
                {"arena_needed_bytes", "arena needed" + whose, {before.neededBytes, after.neededBytes}, network});
        }
        changes.push_back({"arena_used_bytes", "arena touched" + whose, {before.usedBytes, after.usedBytes}, network});
        changes.push_back({"arena_peak_live_bytes",
                           "arena live at the peak" + whose,
                           {before.peakLiveBytes, after.peakLiveBytes},
                           network});
    }
    changes.push_back({"stack_bytes", "stack", {base.memory.stack.highWaterBytes, now.memory.stack.highWaterBytes}});
    changes.push_back({"heap_bytes", "heap", {base.memory.heap.highWaterBytes, now.memory.heap.highWaterBytes}});
    changes.push_back({"static_bytes", "static data", {base.memory.staticBytes, now.memory.staticBytes}});
    changes.push_back({"image_bytes", "loaded image", {imageBytes(base), imageBytes(now)}});
    return changes;
}

void compareNetworks(const Profile& base, const Profile& now, std::vector<std::string>& out) {
    if (networksThatRan(base) != networksThatRan(now)) {
        out.push_back(fmt::format("networks: {} before, {} now", networksThatRan(base), networksThatRan(now)));
        return;
    }
    if (base.layers.size() != now.layers.size()) {
        out.push_back(fmt::format("network: {} layers before, {} now", base.layers.size(), now.layers.size()));
        return;
    }
    for (std::size_t i = 0; i < base.layers.size(); ++i) {
        const LayerInfo& b = base.layers[i];
        const LayerInfo& n = now.layers[i];
        if (!sameKind(b.op, n.op) || b.shape != n.shape) {
            out.push_back(fmt::format("network: layer {} was {} {}, now it is {} {}", i, b.op, shapeText(b.shape), n.op,
                                      shapeText(n.shape)));
            return;
        }
    }
}

} // namespace

std::string LayerChange::title() const {
    const std::size_t id = now ? *now : base.value_or(0);
    return layerTitle(static_cast<std::int64_t>(id), op, name);
}

bool ProfileDiff::isNone() const {
    const auto same = [](const auto& change) { return change.cycles.isNone(); };
    return cycles.isNone() && instructions.isNone() && energyUj.isNone() &&
           std::all_of(layers.begin(), layers.end(),
                       [](const LayerChange& layer) {
                           return layer.cycles.isNone() && layer.sramPeakBytes.isNone() && layer.moved.empty();
                       }) &&
           std::all_of(owners.begin(), owners.end(), same) && functions.empty() &&
           std::all_of(memory.begin(), memory.end(), [](const MemoryChange& change) { return change.bytes.isNone(); });
}

std::vector<std::string> unlikeness(const Profile& base, const Profile& now) {
    std::vector<std::string> out;
    const auto compare = [&](const char* what, const std::string& before, const std::string& after) {
        if (before != after) {
            out.push_back(fmt::format("{}: {} before, {} now", what, before.empty() ? "none" : before,
                                      after.empty() ? "none" : after));
        }
    };
    compare("board", base.board.name, now.board.name);
    if (base.board.name == now.board.name) {
        compare("microcontroller", base.board.mcu, now.board.mcu);
    }
    compare("core clock", humanFrequency(base.board.clockHz), humanFrequency(now.board.clockHz));
    compare("supply", base.board.supply, now.board.supply);
    compareNetworks(base, now, out);
    if (base.inferences.size() != now.inferences.size()) {
        out.push_back(fmt::format("inferences: {} before, {} now", base.inferences.size(), now.inferences.size()));
    }
    return out;
}

ProfileDiff diffProfiles(const Profile& base, const Profile& now) {
    ProfileDiff diff;
    diff.differences = unlikeness(base, now);
    diff.cycles = {base.totals.cycles, now.totals.cycles};
    diff.instructions = {base.totals.instructions, now.totals.instructions};
    diff.timeUs = {base.totals.timeUs, now.totals.timeUs};
    diff.energyUj = {base.totals.energyUj, now.totals.energyUj};
    const Names names{namesFrom(now, base), namesFrom(base, now)};
    const auto match = matchLayers(base, now);
    std::vector<bool> compared(base.layers.size());
    for (std::size_t i = 0; i < now.layers.size(); ++i) {
        diff.layers.push_back(compareLayer(base, now, names, match[i], i));
        if (match[i]) {
            compared[*match[i]] = true;
        }
    }
    for (std::size_t i = 0; i < base.layers.size(); ++i) {
        if (!compared[i]) {
            diff.layers.push_back(compareLayer(base, now, names, i, std::nullopt));
        }
    }
    diff.owners = ownerChanges(base, now);
    diff.functions =
        changesOf(functionCycles(base, names.base, std::nullopt), functionCycles(now, names.now, std::nullopt));
    diff.memory = memoryChanges(base, now);
    return diff;
}

} // namespace simprof
