// SPDX-License-Identifier: GPL-2.0-or-later
// Rules about the run as a whole: its end, its network, its memory, its devices.
#include "profiler/analysis/finding_rules.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/analysis/run_end.h"
#include "profiler/text/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace simprof {

namespace {

constexpr double kStackNearLimit = 0.85;
constexpr std::size_t kShownUnused = 3; ///< networks by name
constexpr double kAttributed = 98;      ///< percent; below it, layers say too little of an inference

std::ptrdiff_t notesOf(const Profile& profile, NoteKind kind) {
    return std::ranges::count(profile.peripherals, kind, &PeripheralNote::kind);
}

/// The line of text in which TensorFlow Lite Micro says how much memory it wanted and had; "" when it did not.
std::string saidOfMemory(const std::string& console) {
    for (std::size_t begin = 0; begin < console.size();) {
        const std::size_t end = std::min(console.find_first_of("\r\n", begin), console.size());
        const std::string line = console.substr(begin, end - begin);
        const bool wanted = line.find("Requested") != std::string::npos ||
                            line.find("requested") != std::string::npos || line.find("Needed") != std::string::npos;
        if (wanted && line.find("available") != std::string::npos) {
            return line;
        }
        begin = end + 1;
    }
    return "";
}

/// A network that the runtime prepared and that did not run.
Finding neverRan(const Profile& profile, const ProfileNetwork& network, const std::string& name) {
    const std::string said = saidOfMemory(profile.console);
    if (network.state == NetworkState::Prepared && said.empty()) {
        return {
            "prepared, never run", "network", Severity::Warning,
            fmt::format("A network ({}) was prepared, and no inference came: AllocateTensors ran and Invoke did not.",
                        name)};
    }
    const bool tooSmall = network.missingBytes != 0 || !said.empty();
    return {"no place for the tensors",
            "network",
            Severity::Error,
            fmt::format("AllocateTensors of a network ({}) did not succeed: its operators were prepared, and its "
                        "tensors {}{}{}.",
                        name, tooSmall ? "do not fit into the arena" : "got no place",
                        network.shortage.empty() ? "" : ": " + network.shortage,
                        said.empty() ? "" : fmt::format("; the firmware said \"{}\"", said)),
            std::nullopt,
            "",
            tooSmall ? "make the arena larger"
                     : "see that the arena is larger than that; else an operator refused to be prepared, or what it "
                       "asked for did not fit: read what the runtime prints"};
}

} // namespace

std::vector<Finding> findEnd(const Profile& profile) {
    if (isPartial(profile)) {
        return {{"partial profile", kRunTarget, Severity::Warning,
                 "Partial profile: the run was cancelled; all figures cover what ran until then."}};
    }
    if (!endedWell(profile)) {
        return {{"the run did not end well", kRunTarget, Severity::Error,
                 fmt::format("The run did not end well: {}", profile.halt.what)}};
    }
    return {};
}

std::vector<Finding> findUnwatched(const Profile& profile) {
    std::vector<Finding> out;
    for (const UnwatchedText& text : profile.unwatched) {
        const std::string line = text.firstLine.empty() ? "" : fmt::format("; it begins \"{}\"", text.firstLine);
        out.push_back({"text that nobody saw", text.channel,
                       profile.console.empty() ? Severity::Warning : Severity::Note,
                       fmt::format("{} sent {} {} that nobody watched{}.", text.channel, grouped(text.bytes),
                                   text.bytes == 1 ? "byte" : "bytes", line),
                       std::nullopt, "", "run with " + text.option});
    }
    return out;
}

/// Boards' USB controllers have no model, so that what a firmware prints there is not seen.
std::vector<Finding> findUsb(const Profile& profile) {
    const auto usb = std::ranges::find_if(profile.peripherals, [](const PeripheralNote& note) {
        return note.kind != NoteKind::Event &&
               (note.peripheral.starts_with("USB") || note.peripheral.starts_with("OTG"));
    });
    if (usb == profile.peripherals.end()) {
        return {};
    }
    return {{"USB has no model", usb->peripheral, Severity::Note,
             "The firmware uses USB, which is not modelled: text that it sends there is not seen.", std::nullopt, "",
             "let it print to a UART, by RTT or by semihosting"}};
}

std::vector<Finding> findExitCode(const Profile& profile) {
    if (profile.halt.exitCode == 0) {
        return {};
    }
    return {{"exit code", kRunTarget, Severity::Warning,
             fmt::format("The firmware ended with exit code {}.", profile.halt.exitCode)}};
}

std::vector<Finding> findNetwork(const Profile& profile) {
    if (profile.layers.empty()) {
        const std::string& why = profile.network.why;
        return {{"no network", "network", Severity::Warning,
                 fmt::format("No network was recognised{}{}", why.empty() ? "." : ": " + why,
                             profile.firmware.changed.empty() ? "" : "; " + profile.firmware.changed)}};
    }
    if (!profile.inferences.empty() && profile.totals.attributedPercent < kAttributed) {
        return {{"cycles without a layer", "network", Severity::Warning,
                 fmt::format("Only {} % of the cycles inside inferences belong to a layer.",
                             fixed(profile.totals.attributedPercent, 1))}};
    }
    return {};
}

std::vector<Finding> findIdleNetworks(const Profile& profile) {
    std::vector<Finding> out;
    std::vector<std::string> unused;
    for (const ProfileNetwork& network : profile.networks) {
        const std::string name = network.name.empty() ? network.source : network.name + ", " + network.source;
        switch (network.state) {
        case NetworkState::Ran: break;
        case NetworkState::Prepared:
        case NetworkState::Unplaced: out.push_back(neverRan(profile, network, name)); break;
        case NetworkState::Unused: unused.push_back(name); break;
        }
    }
    if (!unused.empty() && !profile.layers.empty()) {
        const std::size_t shown = std::min(unused.size(), kShownUnused);
        const std::string more = unused.size() == shown ? "" : fmt::format(" and {} more", unused.size() - shown);
        unused.resize(shown);
        out.push_back({"networks that are not used", "network", Severity::Note,
                       fmt::format("The image holds {} that did not run: {}{}.",
                                   shown == 1 ? "another network" : "other networks", fmt::join(unused, "; "), more)});
    }
    return out;
}

std::vector<Finding> findStack(const Profile& profile) {
    const StackUse& stack = profile.memory.stack;
    if (!stack.overflowsInto.empty()) {
        return {{"stack overflow", "stack", Severity::Error,
                 fmt::format("The stack runs over into {}.", stack.overflowsInto)}};
    }
    if (stack.sizeBytes != 0 &&
        static_cast<double>(stack.highWaterBytes) > kStackNearLimit * static_cast<double>(stack.sizeBytes)) {
        return {{"stack near its limit", "stack", Severity::Warning,
                 fmt::format("The stack is near its limit: {} B of {} B used.", grouped(stack.highWaterBytes),
                             grouped(stack.sizeBytes))}};
    }
    return {};
}

std::vector<Finding> findArena(const Profile& profile) {
    std::vector<Finding> out;
    std::map<Address, Bytes> needed; // networks may share an arena
    for (const NetworkArena& one : arenas(profile)) {
        needed[one.arena.base] = std::max(needed[one.arena.base], one.arena.neededBytes);
    }
    for (const auto& [arena, network] : arenas(profile)) {
        const auto most = needed.find(arena.base);
        const Bytes whole = reserved(arena);
        if (most == needed.end() || most->second == 0 || most->second >= whole || !isReserved(arena)) {
            continue;
        }
        const bool isSure = arena.neededBy == ArenaSource::Allocator;
        out.push_back({"arena larger than needed", "arena", Severity::Note,
                       fmt::format("The arena{} {} larger than needed: {} B of {} B {}.",
                                   network.empty() ? "" : " of " + network, isSure ? "is" : "may be",
                                   grouped(most->second), grouped(whole), isSure ? "are enough" : "are in use"),
                       Savings{0, 0, 0, whole - most->second}, "",
                       fmt::format("reserve {} B{}", grouped(most->second),
                                   isSure ? "" : ", or what the runtime's planning needs beyond")});
        needed.erase(most);
    }
    return out;
}

std::vector<Finding> findEvents(const Profile& profile) {
    std::vector<Finding> out;
    for (const PeripheralNote& note : profile.peripherals) {
        if (note.kind == NoteKind::Event) {
            out.push_back({"event", note.peripheral.empty() ? kRunTarget : note.peripheral, Severity::Warning,
                           note.peripheral.empty() ? note.what : note.peripheral + ": " + note.what});
        }
    }
    return out;
}

std::vector<Finding> findUnmodelled(const Profile& profile) {
    const auto count = notesOf(profile, NoteKind::Unmodelled);
    if (count == 0) {
        return {};
    }
    return {{"registers without a model", "peripherals", Severity::Note,
             fmt::format("{} {} touched; they keep what was written.", count,
                         count == 1 ? "register that is not modelled was" : "registers that are not modelled were")}};
}

std::vector<Finding> findPolls(const Profile& profile) {
    const auto count = notesOf(profile, NoteKind::PollSatisfied);
    if (count == 0) {
        return {};
    }
    return {{"waits ended by a guess", "peripherals", Severity::Note,
             fmt::format("{} satisfied by a guess.",
                         count == 1 ? "1 wait loop was" : fmt::format("{} wait loops were", count))}};
}

} // namespace simprof
