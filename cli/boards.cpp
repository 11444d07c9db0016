// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards.h"
#include "cli/output.h"
#include "cli/run_arguments.h"
#include "cli/verbs.h"
#include "profiler/report/numbers.h"
#include "profiler/report/report.h"
#include "sim_core/error.h"

#include <fmt/format.h>

namespace simprof::cli {
namespace {

using Kind = Column::Kind;

struct Arguments {
    std::string name;
    std::string format = "text";
    bool noColour = false;
};

const char* coreName(CoreKind kind) {
    switch (kind) {
    case CoreKind::CortexM0: return "Cortex-M0";
    case CoreKind::CortexM0Plus: return "Cortex-M0+";
    case CoreKind::CortexM4: return "Cortex-M4";
    case CoreKind::CortexM7: return "Cortex-M7";
    }
    return "";
}

std::string coreText(const CoreDesc& core) {
    return fmt::format("{}{}", coreName(core.kind),
                       core.doublePrecision ? " (double-precision FPU)"
                       : core.fpu           ? " (FPU)"
                                            : "");
}

/// Bytes of all memories of the kinds that hold code, or data; views of the same bytes count once.
Bytes memoryBytes(const McuDesc& mcu, bool flash) {
    Bytes bytes = 0;
    for (const MemoryDesc& memory : mcu.memories) {
        const bool isFlash = memory.kind == MemoryKind::Flash || memory.kind == MemoryKind::Xip;
        if (!memory.aliasOf && memory.kind != MemoryKind::Rom && isFlash == flash) {
            bytes += memory.range.size;
        }
    }
    return bytes;
}

Table boardTable() {
    Table table{"boards",
                {{"name", "board", Kind::Name},
                 {"mcu", "MCU", Kind::Name},
                 {"core", "core", Kind::Name},
                 {"max_clock_hz", "MHz", Kind::Number},
                 {"flash_bytes", "flash", Kind::Number},
                 {"sram_bytes", "SRAM", Kind::Number},
                 {"energy_band_percent", "energy ± %", Kind::Number},
                 {"title", "title", Kind::Hidden},
                 {"peripherals", "peripherals", Kind::Number}},
                {},
                {}};
    for (const BoardDesc& board : boards()) {
        const McuDesc& mcu = *board.mcu;
        const double band = board.supplies.empty() ? 0 : board.supplies.front().bandPercent;
        table.rows.push_back({Cell::name(board.name), Cell::name(mcu.name), Cell::name(coreText(mcu.core)),
                              Cell{mcu.maxClock, threeDigits(static_cast<double>(mcu.maxClock) / 1e6), 1},
                              Cell::count(memoryBytes(mcu, true)), Cell::count(memoryBytes(mcu, false)),
                              Cell{band, band == 0 ? "" : fixed(band, 0), 1}, Cell::name(board.title),
                              Cell::count(mcu.peripherals.size())});
    }
    return table;
}

Table memoryTable(const McuDesc& mcu) {
    Table table{"memories",
                {{"name", "memory", Kind::Name},
                 {"base", "base", Kind::Name},
                 {"size_bytes", "bytes", Kind::Number},
                 {"timing", "timing", Kind::Text}},
                {},
                {}};
    for (const MemoryDesc& memory : mcu.memories) {
        std::string timing = memory.timing.empty() ? "no wait states" : memory.timing;
        if (memory.aliasOf) {
            timing += fmt::format(", shows {}", hexAddress(*memory.aliasOf));
        }
        table.rows.push_back({Cell::name(memory.name), Cell::address(memory.range.begin),
                              Cell::count(memory.range.size), Cell::name(timing)});
    }
    return table;
}

Table supplyTable(const BoardDesc& board) {
    Table table{"supplies",
                {{"name", "supply", Kind::Text},
                 {"volts", "V", Kind::Number},
                 {"microamp_per_mhz", "µA/MHz", Kind::Number},
                 {"microamp_fixed", "+ µA", Kind::Number},
                 {"stop_microamp", "stop µA", Kind::Number},
                 {"band_percent", "± %", Kind::Number},
                 {"source", "source", Kind::Hidden}},
                {},
                {}};
    for (const SupplyPoint& supply : board.supplies) {
        table.rows.push_back({Cell::name(supply.name), Cell::significant(supply.volts),
                              Cell::significant(supply.microampPerMhz), Cell::significant(supply.microampFixed),
                              Cell::significant(supply.stopMicroamp), Cell::amount(supply.bandPercent, 0),
                              Cell::name(supply.source)});
    }
    return table;
}

Table peripheralTable(const McuDesc& mcu) {
    Table table{"peripherals",
                {{"name", "peripheral", Kind::Name},
                 {"base", "base", Kind::Name},
                 {"type", "behaves as", Kind::Name},
                 {"source", "source", Kind::Text}},
                {},
                {}};
    for (const PeripheralDesc& peripheral : mcu.peripherals) {
        table.rows.push_back({Cell::name(peripheral.name), Cell::address(peripheral.range.begin),
                              Cell::name(peripheral.type), Cell::name(peripheral.source)});
    }
    return table;
}

const BoardDesc& boardNamed(const std::string& name) {
    if (const BoardDesc* board = findBoard(name)) {
        return *board;
    }
    throw unknownBoard(name);
}

std::string boardText(const BoardDesc& board, const TextStyle& style) {
    const McuDesc& mcu = *board.mcu;
    std::string out = style.bold(board.title) + "  " + style.dim(board.name) + "\n\n";
    out += fmt::format("  {} ({}), {}, up to {}, {} after reset\n", mcu.name, mcu.family, coreText(mcu.core),
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
        }
    }
    return out + "\n" + style.bold("PERIPHERALS") + "\n" + renderText(peripheralTable(mcu), style);
}

void writeBoardJson(const BoardDesc& board, JsonWriter& json) {
    const McuDesc& mcu = *board.mcu;
    json.member("name", board.name);
    json.member("title", board.title);
    json.member("mcu", mcu.name);
    json.member("core", coreName(mcu.core.kind));
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
        {"memories", memoryTable(mcu)}, {"supplies", supplyTable(board)}, {"peripherals", peripheralTable(mcu)}};
    for (const auto& [key, table] : tables) {
        json.key(key);
        renderJson(table, json);
    }
}

int listBoards(const Arguments& arguments) {
    const TextStyle style = outputStyle(arguments.noColour);
    if (arguments.format != "text" && arguments.format != "json") {
        throw Error(fmt::format("there is no format '{}' here: it is one of text, json", arguments.format));
    }
    const BoardDesc* board = arguments.name.empty() ? nullptr : &boardNamed(arguments.name);
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
    }
    json.endObject();
    print(json.take());
    return 0;
}

} // namespace

void addBoards(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("NAME", arguments->name, "One board in full: memories, supplies, peripherals, sources");
    app.add_option("--format", arguments->format, "text or json")->type_name("FORMAT");
    app.add_flag("--no-color", arguments->noColour, "No colour on a terminal");
    app.callback([arguments, &action] { action = [arguments] { return listBoards(*arguments); }; });
}

} // namespace simprof::cli
