// SPDX-License-Identifier: GPL-2.0-or-later
// Rules about the run as a whole: its end, its network, its memory, its devices.
#include "profiler/analysis/finding_rules.h"
#include "profiler/analysis/run_end.h"
#include "profiler/text/numbers.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof {

namespace {

constexpr double kStackNearLimit = 0.85;
constexpr double kAttributed = 98; ///< percent; below it, layers say too little of an inference

std::ptrdiff_t notesOf(const Profile& profile, NoteKind kind) {
    return std::ranges::count(profile.peripherals, kind, &PeripheralNote::kind);
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
                 fmt::format("No network was recognised{}", why.empty() ? "." : ": " + why)}};
    }
    if (!profile.inferences.empty() && profile.totals.attributedPercent < kAttributed) {
        return {{"cycles without a layer", "network", Severity::Warning,
                 fmt::format("Only {} % of the cycles inside inferences belong to a layer.",
                             fixed(profile.totals.attributedPercent, 1))}};
    }
    return {};
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
    const auto& arena = profile.memory.arena;
    if (!arena || arena->usedBytes == 0 || arena->usedBytes >= arena->sizeBytes) {
        return {};
    }
    const Bytes spare = arena->sizeBytes - arena->usedBytes;
    return {{"arena larger than needed", "arena", Severity::Note,
             fmt::format("The arena is larger than needed: {} B of {} B were never touched.", grouped(spare),
                         grouped(arena->sizeBytes)),
             Savings{0, 0, 0, spare}, "", fmt::format("reserve {} B", grouped(arena->usedBytes))}};
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
