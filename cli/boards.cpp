// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards.h"
#include "cli/board_explain.h"
#include "cli/board_faithfulness.h"
#include "cli/board_tables.h"
#include "cli/output.h"
#include "cli/run_arguments.h"
#include "cli/verbs.h"
#include "peripherals/boards/board_file.h"
#include "peripherals/boards/board_values.h"
#include "peripherals/registry.h"
#include "peripherals/sensors/sensor.h"
#include "profiler/report/escape.h"
#include "profiler/report/report.h"
#include "profiler/report/suggest.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"
#include "sim_core/mcu_family_names.h"
#include "sim_core/timing/memory_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>

namespace simprof::cli {
namespace {

struct Arguments {
    std::string name;
    std::string format = "text";
    std::string as;
    std::string list;
    std::string explain; ///< --explain FIRMWARE
    std::string base;
    bool full = false;
    bool noColour = false;
};

/// A built-in board or the one a file describes.
std::shared_ptr<const BoardDesc> boardNamed(const std::string& name) {
    if (auto board = namedBoard(name)) {
        return board;
    }
    throw unknownBoard(name);
}

std::string sourcesOf(const McuDesc& mcu) {
    std::vector<std::string> sources;
    for (const PeripheralDesc& peripheral : mcu.peripherals) {
        if (!peripheral.source.empty() && std::ranges::find(sources, peripheral.source) == sources.end()) {
            sources.push_back(peripheral.source);
        }
    }
    return fmt::format("{}", fmt::join(sources, "; "));
}

/// Memories with their documents, each document once.
std::vector<std::pair<std::string, std::string>> timingSources(const McuDesc& mcu) {
    std::vector<std::pair<std::string, std::string>> sources;
    for (const MemoryDesc& memory : mcu.memories) {
        const std::string source = memoryTiming(memory).source;
        const auto known = std::ranges::find(sources, source, &std::pair<std::string, std::string>::second);
        if (source.empty() || memory.aliasOf) {
            continue;
        }
        if (known == sources.end()) {
            sources.emplace_back(memory.name, source);
        } else {
            known->first += ", " + memory.name;
        }
    }
    return sources;
}

std::string boardText(const BoardDesc& board, const TextStyle& style) {
    const McuDesc& mcu = *board.mcu;
    std::string out = style.bold(board.title) + "  " + style.dim(board.name) + "\n\n";
    out += fmt::format("  {} ({}), {}, up to {}, {} after reset\n", mcu.name, nameOf(mcu.family), coreText(mcu.core),
                       humanFrequency(mcu.maxClock), humanFrequency(mcu.resetClock));
    for (const auto& [name, hertz] : board.oscillators) {
        out += fmt::format("  {}: {}\n", name, humanFrequency(hertz));
    }
    out += fmt::format("  console: {}\n", board.console.empty() ? "semihosting only" : board.console);
    out += fmt::format("  sources: {}; {}\n", mcu.source, board.source);
    for (const std::string& assumption : board.assumptions) {
        out += fmt::format("  assumed: {}\n", assumption);
    }
    out += "\n" + style.bold("MEMORIES") + "\n" + renderText(memoryTable(mcu), style);
    if (!board.supplies.empty()) {
        out += "\n" + style.bold("SUPPLIES") + "  " +
               style.dim("the first is the default; ± is the band printed with each energy figure") + "\n" +
               renderText(supplyTable(board), style);
        for (const SupplyPoint& supply : board.supplies) {
            out += fmt::format("  {}: {}\n", supply.name, supply.source);
            out += supply.currents.empty() ? "" : renderText(currentTable(supply), style);
        }
    }
    out += "\n" + style.bold("CYCLES") + "  " + style.dim(measuredSummary(board)) + "\n" +
           renderText(timingRuleTable(mcu), style);
    for (const auto& [memory, source] : timingSources(mcu)) {
        out += fmt::format("  {}: {}\n", memory, source);
    }
    out += "\n" + renderText(bandTable(board), style);
    if (const Table measured = measuredTable(&board); !measured.rows.empty()) {
        out += "\n" + renderText(measured, style);
    }
    return out + "\n" + style.bold("PERIPHERALS") + "  " +
           style.dim(fmt::format("{} of {} modelled; {}", modelledCount(mcu), mcu.peripherals.size(), sourcesOf(mcu))) +
           "\n" + renderText(peripheralTable(mcu), style);
}

std::string boardHtml(const BoardDesc& board) {
    const McuDesc& mcu = *board.mcu;
    std::string out =
        fmt::format("<h2 id=\"{0}\">{1} <small>{0}</small></h2>\n", escapeHtml(board.name), escapeHtml(board.title));
    out += fmt::format("<p>{} ({}), {}, {} after reset, up to {}; console {}.</p>\n<ul>\n", escapeHtml(mcu.name),
                       nameOf(mcu.family), coreText(mcu.core), humanFrequency(mcu.resetClock),
                       humanFrequency(mcu.maxClock),
                       board.console.empty() ? "by semihosting only" : escapeHtml(board.console));
    for (const auto& [name, hertz] : board.oscillators) {
        out += fmt::format("<li>{}: {}</li>\n", escapeHtml(name), humanFrequency(hertz));
    }
    for (const std::string& assumption : board.assumptions) {
        out += fmt::format("<li>assumed: {}</li>\n", escapeHtml(assumption));
    }
    out += fmt::format("<li>sources: {}; {}; {}</li>\n</ul>\n<h3>Memories</h3>\n{}", escapeHtml(mcu.source),
                       escapeHtml(board.source), escapeHtml(sourcesOf(mcu)), renderHtml(memoryTable(mcu)));
    out += "<h3>Supplies</h3>\n";
    out += board.supplies.empty() ? "<p>No documented current, and therefore no energy figure.</p>\n"
                                  : renderHtml(supplyTable(board));
    for (const SupplyPoint& supply : board.supplies) {
        out += fmt::format("<p>{}: {}</p>\n", escapeHtml(supply.name), escapeHtml(supply.source));
        out += supply.currents.empty() ? "" : renderHtml(currentTable(supply));
    }
    out += fmt::format("<h3>Cycles</h3>\n<p>{}.</p>\n{}", escapeHtml(measuredSummary(board)),
                       renderHtml(timingRuleTable(mcu)));
    out += renderHtml(bandTable(board));
    if (const Table measured = measuredTable(&board); !measured.rows.empty()) {
        out += renderHtml(measured);
    }
    return out + fmt::format("<h3>Peripherals</h3>\n<p>{} of {} modelled.</p>\n{}", modelledCount(mcu),
                             mcu.peripherals.size(), renderHtml(peripheralTable(mcu)));
}

constexpr const char* kHtmlHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>simprof: boards</title>
<style>
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;margin:.5rem 0 1.5rem;font-size:14px}
th,td{padding:.15rem .7rem .15rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #8884}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
small{opacity:.6;font-weight:normal}
</style></head><body>
)";

/// One page without network: all boards, or one.
std::string boardsHtml(const BoardDesc* only) {
    std::string out = kHtmlHead;
    if (only != nullptr) {
        return out + boardHtml(*only) + "</body></html>\n";
    }
    out +=
        "<h1>Boards</h1>\n<p>Generated by <code>simprof boards --format html</code>.</p>\n" + renderHtml(boardTable());
    for (const BoardDesc& board : boards()) {
        out += boardHtml(board);
    }
    out += "<h2>Sensors</h2>\n" + renderHtml(sensorTable());
    out += "<h2>Keys of a board file</h2>\n" + renderHtml(keyTable());
    return out + "<h2>Types of peripherals</h2>\n" + renderHtml(typeTable()) + "</body></html>\n";
}

void writeBoardJson(const BoardDesc& board, JsonWriter& json) {
    const McuDesc& mcu = *board.mcu;
    json.member("name", board.name);
    json.member("title", board.title);
    json.member("mcu", mcu.name);
    json.member("core", mcu.core.kind->name);
    json.member("max_clock_hz", mcu.maxClock);
    json.member("reset_clock_hz", mcu.resetClock);
    json.member("console", board.console);
    json.member("source", board.source);
    json.member("mcu_source", mcu.source);
    json.key("assumptions");
    json.beginArray();
    for (const std::string& assumption : board.assumptions) {
        json.value(assumption);
    }
    json.endArray();
    const std::pair<const char*, Table> tables[] = {
        {"memories", memoryTable(mcu)}, {"supplies", supplyTable(board)},    {"timing_rules", timingRuleTable(mcu)},
        {"bands", bandTable(board)},    {"measured", measuredTable(&board)}, {"peripherals", peripheralTable(mcu)}};
    for (const auto& [key, table] : tables) {
        json.key(key);
        renderJson(table, json);
    }
}

/// --as: the board as a file that --board takes.
int printFile(const Arguments& arguments, const BoardDesc* board) {
    if (board == nullptr) {
        throw Error("--as prints one board as a file: name it, such as 'simprof boards nucleo-l4r5zi --as toml'");
    }
    if (arguments.as != "toml" && arguments.as != "json") {
        throw Error(fmt::format("there is no '--as {}': it is one of toml, json", arguments.as));
    }
    print(writeBoard(*board, arguments.as == "toml" ? DataFormat::Toml : DataFormat::Json, arguments.full));
    return 0;
}

int listBoards(const Arguments& arguments) {
    const TextStyle style = outputStyle(arguments.noColour);
    if (arguments.format != "text" && arguments.format != "json" && arguments.format != "html") {
        throw Error(fmt::format("there is no format '{}' here{}: it is one of text, json, html", arguments.format,
                                didYouMean(arguments.format, {"text", "json", "html"})));
    }
    if (!arguments.explain.empty()) {
        if (!arguments.name.empty() || arguments.format == "html") {
            throw Error("--explain FIRMWARE shows all boards, as text or json: leave the board's name out");
        }
        print(explainBoards(arguments.explain, arguments.base, arguments.format == "json"));
        return 0;
    }
    const auto named = arguments.name.empty() ? nullptr : boardNamed(arguments.name);
    const BoardDesc* board = named.get();
    if (!arguments.list.empty()) {
        const Table table = listed(arguments.list);
        if (arguments.format == "json") {
            JsonWriter json;
            json.beginObject(JsonWriter::Layout::Lines);
            json.key(table.name);
            renderJson(table, json);
            json.endObject();
            print(json.take());
        } else {
            print(arguments.format == "html" ? renderHtml(table) : renderText(table, style));
        }
        return 0;
    }
    if (!arguments.as.empty() || arguments.full) {
        return printFile(arguments, board);
    }
    if (arguments.format == "html") {
        print(boardsHtml(board));
        return 0;
    }
    if (arguments.format == "text") {
        print(board != nullptr ? boardText(*board, style) : renderText(boardTable(), style));
        return 0;
    }
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    json.member("schema", board != nullptr ? "simprof-board/1" : "simprof-boards/1");
    if (board != nullptr) {
        writeBoardJson(*board, json);
    } else {
        json.key("boards");
        renderJson(boardTable(), json);
        json.key("sensors");
        renderJson(sensorTable(), json);
    }
    json.endObject();
    print(json.take());
    return 0;
}

} // namespace

void addBoards(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("NAME", arguments->name,
                   "One board, by name or file, in full: memories, supplies, peripherals, sources");
    app.add_option("--format", arguments->format, "text, json or html")->type_name("FORMAT");
    app.add_option("--as", arguments->as, "Print the board as a file for --board: toml or json")->type_name("FORMAT");
    app.add_option("--list", arguments->list,
                   "Instead of boards: sensors, keys (of a board file), peripherals (types), or measured (cases)")
        ->type_name("WHAT");
    app.add_option("--explain", arguments->explain, "What speaks for and against each board for this firmware")
        ->type_name("FIRMWARE");
    app.add_option("--base", arguments->base, "With --explain: load address of a raw binary")->type_name("ADDRESS");
    app.add_flag("--full", arguments->full, "With --as: its microcontroller in full, not by name");
    app.add_flag("--no-color", arguments->noColour, "No colour on a terminal");
    app.callback([arguments, &action] { action = [arguments] { return listBoards(*arguments); }; });
}

} // namespace simprof::cli
