// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/findings.h"
#include "profiler/analysis/inference_mean.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/analysis/run_end.h"
#include "profiler/analysis/run_name.h"
#include "profiler/analysis/unmodelled_blocks.h"
#include "profiler/report/escape.h"
#include "profiler/report/findings_report.h"
#include "profiler/report/html_pictures.h"
#include "profiler/report/report.h"
#include "profiler/text/numbers.h"

#include <algorithm>
#include <fmt/format.h>

namespace simprof {
namespace {

constexpr std::size_t kTopFunctions = 40;

constexpr const char* kStyle = R"(
:root{color-scheme:light dark;--ground:#fff;--panel:#f5f6f8;--ink:#1b1f24;--soft:#5b6570;--line:#d9dee4;--accent:#2563a8;--bad:#b3261e;
--even:#8fb8e8;--odd:#b5d2f3;--input:#9ed3a5;--output:#f3c283;--scratch:#d7a5c8;--persistent:#c3bfe6;--edge:#3b4754;--live:#2563a8;--stack:#c2571a;
--s0:#2f6fb5;--s1:#e08a2e;--s2:#5aa469;--s3:#c9a227;--s4:#8b5fb0;--s5:#4fb0b8;--s6:#c74f4f;--s7:#7a7f87;--s8:#b97fa8;--s9:#b9c2cc}
@media(prefers-color-scheme:dark){:root{--ground:#14171b;--panel:#1d2228;--ink:#e7eaee;--soft:#9aa5b1;--line:#343c46;--accent:#7db4f0;--bad:#ff8a80;
--even:#2f5d92;--odd:#3f76b3;--input:#2f7a42;--output:#9a6420;--scratch:#87416f;--persistent:#57509a;--edge:#0d1013;--live:#7db4f0;--stack:#f0995c;
--s0:#5b9be0;--s1:#f0a95c;--s2:#7cc98c;--s3:#e2c24f;--s4:#b18fd6;--s5:#74cdd4;--s6:#ee8080;--s7:#a2a8b0;--s8:#dca6cc;--s9:#4b5560}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1180px;margin:0 auto;padding:24px 20px 60px}h1{font-size:22px;margin:0 0 2px;overflow-wrap:anywhere}h2{font-size:17px;margin:38px 0 10px}
.soft{color:var(--soft)}.bad{color:var(--bad);font-weight:600}.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:20px 0}
.card{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:10px 14px}.card b{display:block;font-size:22px;font-weight:600}
.card span{color:var(--soft);font-size:13px}dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px;margin:0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:13px;width:100%}th,td{padding:3px 7px;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}
th{color:var(--soft);font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums}.b{min-width:64px}.bar{display:block;height:10px;background:var(--s0);border-radius:2px}
tfoot td{border:0;color:var(--soft)}tfoot tr:first-child td{border-top:1px solid var(--soft)}
svg{display:block;width:100%;height:auto;font:11px system-ui,sans-serif}svg text{fill:var(--ink)}.axis{fill:var(--soft)!important}.ink{fill:var(--ink)!important}
.mono{font-family:ui-monospace,monospace;font-size:10px}.end{text-anchor:end}.small{font-size:10px;opacity:.8}.ground{fill:var(--panel)}.tick{stroke:var(--line);stroke-width:1}
.block rect{stroke:var(--edge);stroke-width:.7}.block:hover rect{stroke-width:2}.label{pointer-events:none}
.t-even rect{fill:var(--even)}.t-odd rect{fill:var(--odd)}.t-input rect{fill:var(--input)}.t-output rect{fill:var(--output)}.t-scratch rect{fill:var(--scratch)}.t-persistent rect{fill:var(--persistent)}
.live{fill:var(--live);fill-opacity:.25;stroke:var(--live)}.stack{fill:none;stroke:var(--stack);stroke-dasharray:4 2}.live-name{fill:var(--live)!important}.stack-name{fill:var(--stack)!important}
.key{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:13px;color:var(--soft);margin:8px 0}.key i{display:inline-block;width:11px;height:11px;border-radius:2px;margin-right:5px}
pre{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:10px 14px;overflow:auto;max-height:340px}summary{cursor:pointer;color:var(--accent);margin:8px 0}
.s0{fill:var(--s0)}.s1{fill:var(--s1)}.s2{fill:var(--s2)}.s3{fill:var(--s3)}.s4{fill:var(--s4)}.s5{fill:var(--s5)}.s6{fill:var(--s6)}.s7{fill:var(--s7)}.s8{fill:var(--s8)}.s9{fill:var(--s9)}
)";

std::string card(const std::string& value, const std::string& what) {
    return fmt::format("<div class=\"card\"><b>{}</b><span>{}</span></div>\n", escapeHtml(value), escapeHtml(what));
}

std::string fact(const std::string& name, const std::string& value, bool bad = false) {
    return value.empty() ? ""
                         : fmt::format("<dt>{}</dt><dd{}>{}</dd>\n", escapeHtml(name), bad ? " class=\"bad\"" : "",
                                       escapeHtml(value));
}

std::string cards(const Profile& profile) {
    std::string out = "<div class=\"cards\">\n";
    const std::size_t networks = networksThatRan(profile);
    for (std::size_t network = 0; network < networks; ++network) {
        const InferenceMean mean = inferenceMean(profile, network);
        const std::string whose = networks < 2 ? "" : fmt::format(" of {}", networkTitle(profile, network));
        out += card(humanTime(mean.timeUs), fmt::format("one inference{}, {} cycles", whose, fixed(mean.cycles, 0)));
        if (mean.energyUj > 0) {
            out += card(humanEnergy(mean.energyUj),
                        fmt::format("energy of one, ±{:.0f} %", profile.totals.energyBandPercent));
        }
        if (mean.macs != 0) {
            out += card(fixed(mean.macsPerCycle, 2), fmt::format("MACs per cycle of {}", humanCount(mean.macs)));
        }
    }
    for (const auto& [arena, title] : arenas(profile)) {
        const std::string whose = title.empty() ? "" : ", " + title;
        out += card(grouped(reserved(arena)) + " B", (isReserved(arena) ? "arena reserved" : "arena in use") + whose);
        if (arena.neededBytes != 0) {
            out += card(grouped(arena.neededBytes) + " B", "arena needed" + whose);
        }
        out += card(grouped(arena.usedBytes) + " B", "arena touched" + whose);
        out += card(grouped(arena.peakLiveBytes) + " B", "arena live at the peak" + whose);
    }
    out += card(grouped(profile.memory.stack.highWaterBytes) + " B",
                profile.memory.stack.sizeBytes == 0
                    ? std::string("stack used")
                    : fmt::format("stack used of {} B", grouped(profile.memory.stack.sizeBytes)));
    return out + "</div>\n";
}

std::string facts(const Profile& profile) {
    const ProfileBoard& board = profile.board;
    std::string out = "<dl>\n";
    for (const std::string& sentence : whatIfSentences(profile)) {
        out += fact("what if", sentence);
    }
    out += fact("board", fmt::format("{}: {}, {} at {}{}{}", board.name, board.mcu, board.core,
                                     humanFrequency(board.clockHz), board.supply.empty() ? "" : ", ", board.supply));
    out += fact("chosen", board.why);
    if (profile.layers.empty()) {
        out += fact("network", "none recognised: " + profile.network.why);
    }
    for (std::size_t i = 0; i < networksThatRan(profile); ++i) {
        const ProfileNetwork& network = profile.networks[i];
        out += fact("network", fmt::format("{} ({} operators), recognised by {}: {}", network.name, network.operators,
                                           network.recogniser, network.source));
    }
    if (!profile.network.model.empty()) {
        out += fact("model", profile.network.model);
    }
    out +=
        fact("run", fmt::format("{}, {} cycles, {} instructions, {}; {} % of the cycles inside inferences attributed",
                                inferenceCountOfAll(profile), grouped(profile.totals.cycles),
                                grouped(profile.totals.instructions), humanTime(profile.totals.timeUs),
                                fixed(profile.totals.attributedPercent, 2)));
    out += fact("ended", nameOf(profile.halt.reason) + (profile.halt.what.empty() ? "" : ": " + profile.halt.what),
                !endedWell(profile));
    for (const std::string& place : profile.halt.callStack) {
        out += fact("waits in", place);
    }
    for (const std::string& assumption : board.assumptions) {
        out += fact("assumed", assumption);
    }
    return out + "</dl>\n";
}

std::string key(const std::vector<std::pair<std::string, std::string>>& entries) {
    std::string out = "<div class=\"key\">";
    for (const auto& [colour, name] : entries) {
        out += fmt::format("<span><i style=\"background:var(--{})\"></i>{}</span>", colour, escapeHtml(name));
    }
    return out + "</div>\n";
}

std::string layers(const Profile& profile) {
    std::string out = "<h2 id=\"layers\">Layers</h2>\n";
    if (!profile.layers.empty()) {
        std::vector<std::pair<std::string, std::string>> entries;
        for (std::size_t i = 0; i < kStallCount; ++i) {
            if (profile.totals.stalls[i] != 0) {
                entries.emplace_back(fmt::format("s{}", i), stallTitle(i));
            }
        }
        out += layerPicture(profile) + key(entries);
    }
    Table table = profile.layers.empty() ? ownerTable(profile) : layerTable(profile);
    table.dropEmptyColumns(2);
    return out + renderHtml(table);
}

/// The picture of one network's memory.
std::string tensors(const Profile& profile) {
    std::string out;
    if (!profile.memory.tensors.empty()) {
        out += memoryPicture(profile);
        out += key({{"even", "tensor"},
                    {"input", "input"},
                    {"output", "output"},
                    {"scratch", "scratch"},
                    {"persistent", "persistent"}});
        out +=
            "<details><summary>All blocks as a table</summary>\n" + renderHtml(tensorTable(profile)) + "</details>\n";
    }
    return out;
}

std::string memory(const Profile& profile) {
    std::string out = "<h2 id=\"memory\">Memory</h2>\n";
    const std::size_t networks = networksThatRan(profile);
    for (std::size_t network = 0; network < networks && networks > 1; ++network) {
        out += fmt::format("<h3>{}</h3>\n", escapeHtml(networkTitle(profile, network))) +
               tensors(ofNetwork(profile, network));
    }
    return out + (networks > 1 ? "" : tensors(profile)) + renderHtml(regionTable(profile));
}

std::string fault(const Profile& profile) {
    if (!profile.halt.fault) {
        return "";
    }
    const ProfileFault& fault = *profile.halt.fault;
    std::string out = "<h2 id=\"fault\">Fault</h2>\n<dl>\n";
    out += fact("what", fault.what, true) + fact("exception", fault.exception) +
           fact("status", fmt::format("{}", fmt::join(fault.status, " ")));
    out += fact("at", hexAddress(fault.pc));
    if (fault.address) {
        out += fact("address", hexAddress(*fault.address));
    }
    for (const std::string& frame : fault.callStack) {
        out += fact("called from", frame);
    }
    return out + "</dl>\n";
}

std::string findings(const Profile& profile) {
    std::string out;
    for (const FindingGroup& group : findingGroups(profile)) {
        out += fmt::format("<h2>{}</h2>\n<dl>\n", escapeHtml(group.title));
        for (const Finding& finding : group.findings) {
            out += fact(findingLabel(finding), sentencesOf(finding), finding.severity == Severity::Error);
        }
        out += "</dl>\n";
    }
    return out;
}

std::string notes(const Profile& profile) {
    if (profile.peripherals.empty()) {
        return "";
    }
    std::string out = "<h2 id=\"notes\">Not modelled</h2>\n<ul>\n";
    for (const PeripheralNote& note : notesByBlock(profile)) {
        out += fmt::format("<li>{}, {} at {}: {} ({}&times;, first from {})</li>\n", escapeHtml(nameOf(note.kind)),
                           escapeHtml(note.peripheral), hexAddress(note.address), escapeHtml(note.what),
                           grouped(note.count), hexAddress(note.pc));
    }
    return out + "</ul>\n";
}

} // namespace

std::string reportHtml(const Profile& profile, const ReportOptions&) {
    const std::string name = escapeHtml(plain(runName(profile)));
    std::string out = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                      "content=\"width=device-width\">\n";
    out += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";
    out += fmt::format("<title>{} · simprof</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n", name, kStyle);
    out += fmt::format("<h1>{}</h1>\n<div class=\"soft\">{} · sha256 {} · simprof {}</div>\n", name,
                       nameOf(profile.firmware.format), escapeHtml(profile.firmware.sha256.substr(0, 12)),
                       escapeHtml(profile.tool.version));
    out += cards(profile) + facts(profile) + fault(profile) + layers(profile) + findings(profile) + memory(profile);
    if (!profile.functions.empty()) {
        out += "<h2 id=\"functions\">Functions</h2>\n" + renderHtml(functionTable(profile, kTopFunctions));
    }
    out += "<h2 id=\"cycles\">Where the cycles went</h2>\n" + renderHtml(stallTable(profile));
    if (!profile.exceptions.empty()) {
        out += "<h2 id=\"interrupts\">Interrupts</h2>\n" + renderHtml(exceptionTable(profile));
    }
    if (!profile.threads.empty()) {
        out += "<h2 id=\"threads\">Threads</h2>\n" + renderHtml(threadTable(profile));
    }
    out += notes(profile);
    if (!profile.console.empty()) {
        out += "<h2 id=\"console\">Console</h2>\n<pre>" + escapeHtml(profile.console) + "</pre>\n";
    }
    return out + "</main>\n</body>\n</html>\n";
}

} // namespace simprof
