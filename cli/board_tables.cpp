// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/board_tables.h"

#include "cli/board_faithfulness.h"
#include "peripherals/boards.h"
#include "peripherals/boards/board_file.h"
#include "peripherals/boards/board_values.h"
#include "peripherals/registry.h"
#include "peripherals/sensors/sensor.h"
#include "profiler/report/suggest.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"
#include "sim_core/timing/memory_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace simprof::cli {
namespace {

using Kind = Column::Kind;

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

/// What each type of peripheral models, by its name.
const std::map<std::string, std::string>& behaviours() {
    static const auto all = [] {
        std::map<std::string, std::string> result;
        for (const PeripheralType& type : peripheralTypes()) {
            result[type.name] = type.summary;
        }
        return result;
    }();
    return all;
}

bool isModelled(const PeripheralDesc& peripheral) {
    return peripheral.type != "unmodelled" && behaviours().contains(peripheral.type);
}

} // namespace

std::string coreText(const CoreDesc& core) {
    return fmt::format("{}{}", core.kind->name,
                       core.doublePrecision ? " (double-precision FPU)"
                       : core.fpu           ? " (FPU)"
                                            : "");
}

std::size_t modelledCount(const McuDesc& mcu) {
    return static_cast<std::size_t>(std::ranges::count_if(mcu.peripherals, isModelled));
}

Table boardTable() {
    Table table{"boards",
                {{"name", "board", Kind::Name},
                 {"mcu", "MCU", Kind::Name},
                 {"core", "core", Kind::Name},
                 {"reset_clock_hz", "MHz from", Kind::Number},
                 {"max_clock_hz", "to", Kind::Number},
                 {"flash_bytes", "flash", Kind::Number},
                 {"sram_bytes", "SRAM", Kind::Number},
                 {"energy_band_percent", "energy ± %", Kind::Hidden},
                 {"title", "title", Kind::Hidden},
                 {"modelled", "modelled", Kind::Number},
                 {"peripherals", "of", Kind::Number},
                 {"supplies", "supplies", Kind::Number}},
                {},
                {}};
    for (const BoardDesc& board : boards()) {
        const McuDesc& mcu = *board.mcu;
        const double band = board.supplies.empty() ? 0 : board.supplies.front().bandPercent;
        table.rows.push_back({Cell::name(board.name), Cell::name(mcu.name), Cell::name(coreText(mcu.core)),
                              Cell{mcu.resetClock, threeDigits(static_cast<double>(mcu.resetClock) / 1e6), 1},
                              Cell{mcu.maxClock, threeDigits(static_cast<double>(mcu.maxClock) / 1e6), 1},
                              Cell::count(memoryBytes(mcu, true)), Cell::count(memoryBytes(mcu, false)),
                              Cell{band, band == 0 ? "" : fixed(band, 0), 1}, Cell::name(board.title),
                              Cell::count(modelledCount(mcu)), Cell::count(mcu.peripherals.size()),
                              Cell::count(board.supplies.size())});
    }
    return table;
}

Table memoryTable(const McuDesc& mcu) {
    Table table{"memories",
                {{"name", "memory", Kind::Name},
                 {"base", "base", Kind::Name},
                 {"size_bytes", "bytes", Kind::Number},
                 {"timing", "timing", Kind::Name},
                 {"waits", "waits as", Kind::Text},
                 {"source", "source", Kind::Hidden}},
                {},
                {}};
    for (const MemoryDesc& memory : mcu.memories) {
        MemoryTiming timing = memoryTiming(memory);
        if (memory.aliasOf) {
            timing.what += fmt::format(", shows {}", hexAddress(*memory.aliasOf));
        }
        table.rows.push_back({Cell::name(memory.name), Cell::address(memory.range.begin),
                              Cell::count(memory.range.size), Cell::name(memory.timing), Cell::name(timing.what),
                              Cell::name(timing.source)});
    }
    return table;
}

Table supplyTable(const BoardDesc& board) {
    Table table{"supplies",
                {{"name", "supply", Kind::Text},
                 {"volts", "V", Kind::Number},
                 {"microamp_per_mhz", "µA/MHz", Kind::Number},
                 {"microamp_fixed", "+ µA", Kind::Number},
                 {"currents", "by state", Kind::Number},
                 {"band_percent", "± %", Kind::Number},
                 {"source", "source", Kind::Hidden}},
                {},
                {}};
    for (const SupplyPoint& supply : board.supplies) {
        table.rows.push_back({Cell::name(supply.name), Cell::significant(supply.volts),
                              supply.microampPerMhz > 0 ? Cell::significant(supply.microampPerMhz) : Cell::none(),
                              Cell::significant(supply.microampFixed), Cell::count(supply.currents.size()),
                              Cell::amount(supply.bandPercent, 0), Cell::name(supply.source)});
    }
    return table;
}

Table currentTable(const SupplyPoint& supply) {
    Table table{"currents",
                {{"state", "state", Kind::Name},
                 {"setting", "setting", Kind::Name},
                 {"megahertz", "MHz", Kind::Number},
                 {"microamp", "µA", Kind::Number},
                 {"most_microamp", "at most", Kind::Number},
                 {"source", "source", Kind::Text}},
                {},
                {}};
    for (const CurrentRow& row : supply.currents) {
        table.rows.push_back(
            {Cell::name(nameOf(row.state)), Cell::name(row.setting),
             row.megahertz > 0 ? Cell::significant(row.megahertz) : Cell::none(), Cell::significant(row.microamp),
             row.mostMicroamp > 0 ? Cell::significant(row.mostMicroamp) : Cell::none(), Cell::name(row.source)});
    }
    return table;
}

Table peripheralTable(const McuDesc& mcu) {
    Table table{"peripherals",
                {{"name", "peripheral", Kind::Name},
                 {"base", "base", Kind::Name},
                 {"type", "behaves as", Kind::Name},
                 {"models", "what is modelled", Kind::Text},
                 {"source", "source", Kind::Hidden}},
                {},
                {}};
    for (const PeripheralDesc& peripheral : mcu.peripherals) {
        table.rows.push_back({Cell::name(peripheral.name), Cell::address(peripheral.range.begin),
                              Cell::name(isModelled(peripheral) ? peripheral.type : "unmodelled"),
                              Cell::name(isModelled(peripheral) ? behaviours().at(peripheral.type) : ""),
                              Cell::name(peripheral.source)});
    }
    return table;
}

Table sensorTable() {
    Table table{"sensors",
                {{"name", "sensor", Kind::Name},
                 {"title", "what it is", Kind::Name},
                 {"buses", "bus", Kind::Name},
                 {"columns", "samples", Kind::Name},
                 {"source", "source", Kind::Text}},
                {},
                {}};
    for (const SensorKind& kind : sensorKinds()) {
        table.rows.push_back({Cell::name(kind.name), Cell::name(kind.title), Cell::name(kind.buses),
                              Cell::name(kind.columns), Cell::name(kind.source)});
    }
    return table;
}

Table keyTable() {
    Table table{"keys",
                {{"key", "key", Kind::Name},
                 {"takes", "takes", Kind::Name},
                 {"required", "needed", Kind::Name},
                 {"what", "what", Kind::Text}},
                {},
                {}};
    for (const BoardKey& key : boardKeys()) {
        table.rows.push_back(
            {Cell::name(key.path), Cell::name(key.kind), Cell::name(key.required ? "yes" : ""), Cell::name(key.what)});
    }
    return table;
}

Table typeTable() {
    Table table{"peripherals", {{"type", "type", Kind::Name}, {"models", "what is modelled", Kind::Text}}, {}, {}};
    for (const auto& [name, summary] : behaviours()) {
        table.rows.push_back({Cell::name(name), Cell::name(summary)});
    }
    return table;
}

/// --list WHAT.
Table listed(const std::string& what) {
    if (what == "sensors") {
        return sensorTable();
    }
    if (what == "keys") {
        return keyTable();
    }
    if (what == "peripherals") {
        return typeTable();
    }
    if (what == "measured") {
        return measuredTable(nullptr);
    }
    throw Error(fmt::format("there is no list '{}'{}: it is one of sensors, keys, peripherals, measured", what,
                            didYouMean(what, {"sensors", "keys", "peripherals", "measured"})));
}

} // namespace simprof::cli
