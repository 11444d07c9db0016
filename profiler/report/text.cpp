// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/inference_mean.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/analysis/run_end.h"
#include "profiler/analysis/run_name.h"
#include "profiler/analysis/unmodelled_blocks.h"
#include "profiler/energy/energy.h"
#include "profiler/report/escape.h"
#include "profiler/report/findings_report.h"
#include "profiler/report/paragraphs.h"
#include "profiler/report/report.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"

#include <algorithm>
#include <fmt/format.h>

namespace simprof {
namespace {

constexpr std::size_t kTopFunctions = 12;

/// "a · b · c" of those that are not empty.
std::string dotted(const std::vector<std::string>& parts) {
    std::string out;
    for (const std::string& part : parts) {
        if (!part.empty()) {
            out += (out.empty() ? "" : " · ") + plain(part);
        }
    }
    return out;
}

std::string shortHash(const std::string& sha256) { return sha256.empty() ? "" : "sha256 " + sha256.substr(0, 12); }

/// " (high confidence)"; the certain and the unknown need no word.
std::string confidenceOf(const ProfileNetwork& network) {
    const bool isSaid = network.confidence == Confidence::High || network.confidence == Confidence::Moderate;
    return isSaid ? " (" + std::string(nameOf(network.confidence)) + " confidence)" : "";
}

std::string networkLines(const Profile& profile, const TextStyle& style) {
    if (profile.layers.empty()) {
        const std::string& why = profile.network.why;
        return labelled(style, "network", "none recognised" + (why.empty() ? "" : ": " + plain(why))) +
               (profile.network.model.empty() ? "" : labelled(style, "", plain(profile.network.model)));
    }
    std::string out;
    for (std::size_t i = 0; i < networksThatRan(profile); ++i) {
        const ProfileNetwork& network = profile.networks[i];
        const std::string name =
            networksThatRan(profile) < 2 ? network.name : fmt::format("{} {}", i + 1, network.name);
        out += labelled(style, i == 0 ? "network" : "",
                        dotted({name, fmt::format("{} operators", network.operators),
                                "recognised by " + network.recogniser + confidenceOf(network), network.source}));
        out += confidenceOf(network).empty() ? "" : labelled(style, "", plain(network.why));
        out += network.model.empty() ? "" : labelled(style, "", plain(network.model));
    }
    return out;
}

std::string featuresLine(const Profile& profile, const TextStyle& style) {
    for (const Owner& owner : profile.owners) {
        if (owner.functions.empty()) {
            continue;
        }
        std::vector<std::string> names;
        for (std::size_t i = 0; i < std::min(owner.functions.size(), kTopFunctions); ++i) {
            names.push_back(shortName(owner.functions[i], Short::ScopedFunction));
        }
        return labelled(style, "features", dotted(names));
    }
    return "";
}

std::string header(const Profile& profile, const TextStyle& style) {
    std::string out = style.bold(plain(runName(profile)));
    out += style.dim("  " + dotted({nameOf(profile.firmware.format), shortHash(profile.firmware.sha256),
                                    "simprof " + profile.tool.version})) +
           "\n\n";
    const std::vector<std::string> changes = whatIfSentences(profile);
    for (std::size_t i = 0; i < changes.size(); ++i) {
        out += labelled(style, i == 0 ? "what if" : "", plain(changes[i]));
    }
    out += labelled(style, "board",
                    dotted({profile.board.name, profile.board.mcu,
                            fmt::format("{} at {}", profile.board.core, humanFrequency(profile.board.clockHz)),
                            profile.board.supply}));
    if (!profile.board.why.empty()) {
        out += labelled(style, "", plain(profile.board.why));
    }
    out += networkLines(profile, style);
    out += featuresLine(profile, style);
    const ProfileTotals& totals = profile.totals;
    out += labelled(
        style, "run",
        dotted({inferenceCountOfAll(profile), grouped(totals.cycles) + " cycles",
                grouped(totals.instructions) + " instructions", humanTime(totals.timeUs), totalEnergyText(profile)}));
    const std::string ended =
        nameOf(profile.halt.reason) + (profile.halt.what.empty() ? "" : ": " + plain(profile.halt.what));
    out += labelled(style, "ended", endedWell(profile) ? ended : style.red(ended));
    for (std::size_t i = 0; i < profile.halt.callStack.size(); ++i) {
        out += labelled(style, i == 0 ? "waits in" : "", plain(profile.halt.callStack[i]));
    }
    if (profile.halt.exitCode != 0) {
        out += labelled(style, "", style.red(fmt::format("the firmware's own exit code is {}", profile.halt.exitCode)));
    }
    for (std::size_t i = 0; i < profile.board.assumptions.size(); ++i) {
        out += labelled(style, i == 0 ? "assumed" : "", plain(profile.board.assumptions[i]));
    }
    return out;
}

std::string inferenceLine(const Profile& profile, const TextStyle& style) {
    if (profile.inferences.empty()) {
        return "";
    }
    std::string out = "\n";
    const std::size_t networks = std::max<std::size_t>(networksThatRan(profile), 1);
    for (std::size_t network = 0; network < networks; ++network) {
        const InferenceMean mean = inferenceMean(profile, network);
        const std::string energy = mean.energyUj > 0 ? fmt::format("{} ±{:.0f} %", humanEnergy(mean.energyUj),
                                                                   profile.totals.energyBandPercent)
                                                     : "";
        const std::string macs = mean.macs == 0 ? "" : humanCount(mean.macs) + " MACs";
        const std::string rate = mean.macs == 0 ? "" : fmt::format("{} MACs/cycle", fixed(mean.macsPerCycle, 2));
        const std::string figures =
            style.bold(dotted({humanTime(mean.timeUs), fixed(mean.cycles, 0) + " cycles", energy, macs, rate}));
        out += labelled(style, network == 0 ? "inference" : "",
                        networks < 2
                            ? fmt::format("{} · {} % attributed", figures, fixed(profile.totals.attributedPercent, 2))
                            : fmt::format("{}: {} · {}", plain(networkTitle(profile, network)), figures,
                                          inferenceCount(profile, network)));
    }
    return out;
}

std::string ofWhole(Bytes part, Bytes whole, const char* what) {
    return fmt::format("{} B {}", grouped(part), what) +
           (whole == 0 ? ""
                       : fmt::format(" ({} %)", percentText(static_cast<double>(part), static_cast<double>(whole))));
}

std::string allocations(const HeapUse& heap, const TextStyle& style) {
    if (heap.callers.empty()) {
        return heap.highWaterBytes == 0 || heap.whyNone.empty()
                   ? ""
                   : labelled(style, "", "allocations: none, because " + plain(heap.whyNone));
    }
    Bytes left = 0;
    std::uint64_t blocks = 0;
    for (const HeapCaller& caller : heap.callers) {
        left += caller.leftBytes;
        blocks += caller.allocations;
    }
    return labelled(style, "",
                    dotted({grouped(blocks) + " allocations", grouped(heap.peakBytes) + " B at the peak",
                            grouped(left) + " B not freed"}));
}

std::string memory(const Profile& profile, const TextStyle& style) {
    const ProfileMemory& memory = profile.memory;
    std::string out = heading(style, "MEMORY");
    for (const auto& [arena, title] : arenas(profile)) {
        out += labelled(style, "arena",
                        dotted({fmt::format("{} B {} at {}", grouped(reserved(arena)),
                                            isReserved(arena) ? "reserved" : "in use", hexAddress(arena.base)),
                                arena.neededBytes == 0 ? "" : ofWhole(arena.neededBytes, reserved(arena), "needed"),
                                ofWhole(arena.usedBytes, reserved(arena), "touched"),
                                ofWhole(arena.peakLiveBytes, reserved(arena), "live at the peak"), title}));
        if (arena.persistentBytes != 0) {
            out += labelled(style, "",
                            fmt::format("of that {} B at {} for what persists", grouped(arena.persistentBytes),
                                        hexAddress(arena.persistentBase)));
        }
    }
    const StackUse& stack = memory.stack;
    out += labelled(style, "stack",
                    stack.sizeBytes == 0 ? ofWhole(stack.highWaterBytes, 0, "used")
                                         : dotted({grouped(stack.sizeBytes) + " B reserved",
                                                   ofWhole(stack.highWaterBytes, stack.sizeBytes, "used")}));
    if (!stack.overflowsInto.empty()) {
        out += labelled(style, "", style.red("the stack overflows into " + plain(stack.overflowsInto)));
    }
    if (memory.heap.sizeBytes != 0 || memory.heap.highWaterBytes != 0) {
        out += labelled(style, "heap",
                        dotted({grouped(memory.heap.sizeBytes) + " B reserved",
                                ofWhole(memory.heap.highWaterBytes, memory.heap.sizeBytes, "used")}));
    }
    out += allocations(memory.heap, style);
    if (memory.staticBytes != 0) {
        out += labelled(style, "static", grouped(memory.staticBytes) + " B of initialised and zeroed data");
    }
    std::vector<std::string> shares;
    for (const SramOwner& owner : memory.sram) {
        if (owner.bytes != 0) {
            shares.push_back(grouped(owner.bytes) + " " + nameOf(owner.use));
        }
    }
    if (!shares.empty()) {
        out += labelled(style, "SRAM", dotted(shares));
    }
    if (const Table regions = regionTable(profile); !regions.rows.empty()) {
        out += "\n" + renderText(regions, style);
    }
    if (const Table stacks = deepestStackTable(profile); !stacks.rows.empty()) {
        out += heading(style, "STACKS", "where they were deepest, in bytes; a layer's from its call on") +
               renderText(stacks, style);
    }
    if (Table heap = heapTable(profile); !heap.rows.empty()) {
        heap.dropEmptyColumns(4);
        out += heading(style, "HEAP", "who allocated, in bytes as asked for") + renderText(heap, style);
    }
    return out;
}

std::string fault(const Profile& profile, const TextStyle& style) {
    if (!profile.halt.fault) {
        return "";
    }
    const ProfileFault& fault = *profile.halt.fault;
    std::string out = heading(style, "FAULT", plain(fault.exception) + " at " + hexAddress(fault.pc));
    out += labelled(style, "what", style.red(plain(fault.what)));
    if (!profile.board.guess.empty()) {
        out += labelled(style, "board", plain(profile.board.guess));
    }
    out += labelled(style, "status",
                    dotted(fault.status) +
                        fmt::format(" (CFSR {}, HFSR {})", hexAddress(fault.cfsr), hexAddress(fault.hfsr)));
    if (fault.address) {
        out += labelled(style, "address", hexAddress(*fault.address));
    }
    constexpr const char* kNames[] = {"R0", "R1",  "R2",  "R3",  "R4", "R5", "R6", "R7",  "R8",
                                      "R9", "R10", "R11", "R12", "SP", "LR", "PC", "xPSR"};
    for (std::size_t i = 0; i < fault.registers.size() && i < std::size(kNames); ++i) {
        out += fmt::format("{}{:<5}{:08X}{}", i % 6 == 0 ? "  " : "   ", kNames[i], fault.registers[i],
                           i % 6 == 5 || i + 1 == fault.registers.size() ? "\n" : "");
    }
    for (std::size_t i = 0; i < fault.callStack.size(); ++i) {
        out += labelled(style, i == 0 ? "calls" : "", plain(fault.callStack[i]));
    }
    return out;
}

std::string notes(const Profile& profile, const TextStyle& style) {
    if (profile.peripherals.empty()) {
        return "";
    }
    Table table{"notes",
                {{"kind", "kind", Column::Kind::Name},
                 {"peripheral", "peripheral", Column::Kind::Name},
                 {"address", "register", Column::Kind::Name},
                 {"count", "times", Column::Kind::Number},
                 {"pc", "first from", Column::Kind::Name},
                 {"what", "what", Column::Kind::Text}},
                {},
                {}};
    for (const PeripheralNote& note : notesByBlock(profile)) {
        table.rows.push_back({Cell::name(nameOf(note.kind)), Cell::name(note.peripheral), Cell::address(note.address),
                              Cell::count(note.count), Cell::address(note.pc), Cell::name(note.what)});
    }
    return heading(style, "NOT MODELLED",
                   "registers this board description does not know, and waits that were cut short") +
           renderText(table, style);
}

std::string leftOut(const Profile& profile, const TextStyle& style) {
    std::string out;
    for (const LeftOut& missing : profile.leftOut) {
        out += labelled(style, "", fmt::format("{} more {}", grouped(missing.count), missing.what));
    }
    return out.empty() ? out : heading(style, "LEFT OUT", "came too often to be kept; sums count them all") + out;
}

std::string wholeReport(const Profile& profile, const TextStyle& style) {
    std::string out = header(profile, style) + inferenceLine(profile, style);
    out += fault(profile, style);
    Table layers = profile.layers.empty() ? ownerTable(profile) : layerTable(profile);
    layers.dropEmptyColumns(2);
    const std::string sums =
        profile.inferences.size() > 1 ? fmt::format("sums over {}; ", inferenceCountOfAll(profile)) : "";
    out += profile.layers.empty() ? heading(style, "OWNERS")
                                  : heading(style, "LAYERS", sums + "SRAM and scratch in bytes");
    out += renderText(layers, style);
    out += findingsText(profile, style);
    out += memory(profile, style);
    if (!profile.functions.empty()) {
        out += heading(style, "FUNCTIONS", "by cycles of their own") +
               renderText(functionTable(profile, kTopFunctions), style);
    }
    if (profile.totals.cycles != 0) {
        out += heading(style, "CYCLES", "where they went") + renderText(stallTable(profile), style);
    }
    if (!profile.exceptions.empty()) {
        out += heading(style, "INTERRUPTS", "entry, handler and return, in cycles") +
               renderText(exceptionTable(profile), style);
    }
    if (!profile.threads.empty()) {
        out += heading(style, "THREADS", "of the RTOS, interrupts and sleep meanwhile included") +
               renderText(threadTable(profile), style);
    }
    return out + notes(profile, style) + leftOut(profile, style);
}

} // namespace

std::string reportText(const Profile& profile, const ReportOptions& options) {
    if (!options.by) {
        return wholeReport(profile, options.style);
    }
    return textBy(profile, *options.by, options.style);
}

} // namespace simprof
