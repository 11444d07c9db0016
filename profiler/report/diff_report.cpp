// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/diff_report.h"

#include "profiler/report/escape.h"
#include "profiler/report/suggest.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <algorithm>
#include <fmt/format.h>

namespace simprof {
namespace {

using Kind = Column::Kind;
using Row = std::vector<Cell>;

constexpr std::size_t kTopFunctions = 12;

template<class T>
Cell percentCell(const Change<T>& change) {
    return {change.percent(), change.isNone() ? "" : changeText(change.percent(), change.base == T{}), 1};
}

Cell differenceCell(std::int64_t difference) {
    return {difference, difference == 0 ? "" : signedGrouped(difference), 1};
}

std::vector<Column> changeColumns(const char* nameKey, const char* nameTitle, const char* unit) {
    return {{nameKey, nameTitle, Kind::Text},
            {fmt::format("base_{}", unit), "before", Kind::Number},
            {unit, "now", Kind::Number},
            {fmt::format("change_{}", unit), "change", Kind::Number},
            {"change_percent", "%", Kind::Number}};
}

template<class T>
Row changeRow(const std::string& name, const Change<T>& change) {
    return {Cell::name(name), Cell::count(change.base), Cell::count(change.now), differenceCell(change.difference()),
            percentCell(change)};
}

Table layerChanges(const ProfileDiff& diff) {
    Table table{"layers",
                {{"id", "#", Kind::Number},
                 {"op", "operator", Kind::Name},
                 {"name", "name", Kind::Text},
                 {"base_cycles", "before", Kind::Number},
                 {"cycles", "now", Kind::Number},
                 {"change_cycles", "change", Kind::Number},
                 {"change_percent", "%", Kind::Number},
                 {"change_sram_peak_bytes", "SRAM", Kind::Number},
                 {"change_energy_uj", "µJ", Kind::Number},
                 {"moved", "what moved", Kind::Text}},
                {},
                {}};
    for (const LayerChange& layer : diff.layers) {
        const double energy = layer.energyUj.difference();
        table.rows.push_back({Cell::count(layer.now ? *layer.now : layer.base.value_or(0)), Cell::name(layer.op),
                              Cell{layer.name, shortName(layer.name, Short::Tensor), 1}, Cell::count(layer.cycles.base),
                              Cell::count(layer.cycles.now), differenceCell(layer.cycles.difference()),
                              percentCell(layer.cycles), differenceCell(layer.sramPeakBytes.difference()),
                              Cell{energy, energy == 0 ? "" : signedFixed(energy, 2), 1}, Cell::name(layer.moved)});
    }
    const auto sum = [&](const std::string& name, const Change<Cycles>& cycles) {
        Row row(table.columns.size());
        row[1] = Cell::name(name);
        row[1].span = 2;
        row[3] = Cell::count(cycles.base);
        row[4] = Cell::count(cycles.now);
        row[5] = differenceCell(cycles.difference());
        row[6] = percentCell(cycles);
        return row;
    };
    for (const NamedChange& owner : diff.owners) {
        table.footer.push_back(sum(owner.name, owner.cycles));
    }
    table.footer.push_back(sum("total", diff.cycles));
    table.footer.back()[8] =
        Cell{diff.energyUj.difference(), diff.energyUj.isNone() ? "" : signedFixed(diff.energyUj.difference(), 2), 1};
    return table;
}

Table ownerChanges(const ProfileDiff& diff) {
    Table table{"owners", changeColumns("name", "owner", "cycles"), {}, {}};
    for (const NamedChange& owner : diff.owners) {
        table.rows.push_back(changeRow(owner.name, owner.cycles));
    }
    return table;
}

Table functionChanges(const ProfileDiff& diff, std::size_t limit) {
    Table table{"functions", changeColumns("name", "function", "self_cycles"), {}, {}};
    for (const NamedChange& function : diff.functions) {
        if (table.rows.size() == limit) {
            break;
        }
        table.rows.push_back(changeRow(function.name, function.cycles));
        table.rows.back()[0].text = shortName(function.name, Short::Function);
    }
    return table;
}

std::string keyOf(const MemoryChange& change) {
    return change.network.empty() ? change.key : fmt::format("{} of {}", change.key, change.network);
}

Table memoryTable(const ProfileDiff& diff, bool all) {
    Table table{"memory", changeColumns("name", "memory", "bytes"), {}, {}};
    for (const MemoryChange& change : diff.memory) {
        if (all || !change.bytes.isNone()) {
            table.rows.push_back(changeRow(all ? keyOf(change) : change.title, change.bytes));
        }
    }
    return table;
}

std::string verdict(const ProfileDiff& diff) {
    if (diff.isNone()) {
        return "no difference";
    }
    return fmt::format("{} cycles ({} %), {} instructions, {} % energy", signedGrouped(diff.cycles.difference()),
                       changeText(diff.cycles.percent()), signedGrouped(diff.instructions.difference()),
                       changeText(diff.energyUj.percent()));
}

std::string textDiff(const ProfileDiff& diff, const std::string& base, const std::string& now, const TextStyle& style) {
    std::string out = style.bold(plain(base) + " → " + plain(now)) + "\n  " + verdict(diff) + "\n";
    for (const std::string& difference : diff.differences) {
        out += "  " + style.red("not like for like: ") + plain(difference) + "\n";
    }
    if (!diff.layers.empty() || !diff.owners.empty()) {
        Table layers = layerChanges(diff);
        layers.dropEmptyColumns(7);
        layers.columns.back().kind = Kind::Hidden; // what moved stands below, where there is room
        out += "\n" + style.bold("LAYERS") + "  " + style.dim("cycles") + "\n" + renderText(layers, style);
        for (const LayerChange& layer : diff.layers) {
            if (!layer.moved.empty()) {
                out += "\n  " + style.bold(plain(layer.title())) + "\n      " + plain(layer.moved) + "\n";
            }
        }
    }
    if (const Table memory = memoryTable(diff, false); !memory.rows.empty()) {
        out += "\n" + style.bold("MEMORY") + "  " + style.dim("bytes") + "\n" + renderText(memory, style);
    }
    if (!diff.functions.empty()) {
        out += "\n" + style.bold("FUNCTIONS") + "  " + style.dim("cycles of their own") + "\n" +
               renderText(functionChanges(diff, kTopFunctions), style);
    }
    return out;
}

std::string markdownDiff(const ProfileDiff& diff, const std::string& base, const std::string& now) {
    std::string out =
        fmt::format("## {} → {}\n\n{}\n", escapeMarkdown(base), escapeMarkdown(now), escapeMarkdown(verdict(diff)));
    for (const std::string& difference : diff.differences) {
        out += fmt::format("\n- not like for like: {}", escapeMarkdown(difference));
    }
    Table layers = layerChanges(diff);
    layers.dropEmptyColumns(7);
    out += "\n### Layers\n\n" + renderMarkdown(layers);
    if (const Table memory = memoryTable(diff, false); !memory.rows.empty()) {
        out += "\n### Memory\n\n" + renderMarkdown(memory);
    }
    if (!diff.functions.empty()) {
        out += "\n### Functions\n\n" + renderMarkdown(functionChanges(diff, kTopFunctions));
    }
    return out;
}

std::string jsonDiff(const ProfileDiff& diff, const std::string& base, const std::string& now) {
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    json.member("schema", "simprof-diff/1");
    json.member("base", base);
    json.member("now", now);
    json.member("same", diff.isNone());
    json.key("differences");
    json.beginArray();
    for (const std::string& difference : diff.differences) {
        json.value(difference);
    }
    json.endArray();
    const auto change = [&](const char* key, const auto& amount) {
        json.key(key);
        json.beginObject();
        json.member("base", amount.base);
        json.member("now", amount.now);
        json.member("change", amount.difference());
        json.member("change_percent", amount.percent());
        json.endObject();
    };
    json.key("totals");
    json.beginObject(JsonWriter::Layout::Lines);
    change("cycles", diff.cycles);
    change("instructions", diff.instructions);
    change("time_us", diff.timeUs);
    change("energy_uj", diff.energyUj);
    json.endObject();
    const std::pair<const char*, Table> tables[] = {{"layers", layerChanges(diff)},
                                                    {"owners", ownerChanges(diff)},
                                                    {"memory", memoryTable(diff, true)},
                                                    {"functions", functionChanges(diff, diff.functions.size())}};
    for (const auto& [key, table] : tables) {
        json.key(key);
        renderJson(table, json);
    }
    json.endObject();
    return json.take();
}

} // namespace

DiffFormat parseDiffFormat(const std::string& name) {
    if (name == "text") {
        return DiffFormat::Text;
    }
    if (name == "json") {
        return DiffFormat::Json;
    }
    if (name == "markdown") {
        return DiffFormat::Markdown;
    }
    throw Error(fmt::format("there is no format '{}' here{}: it is one of text, json, markdown", name,
                            didYouMean(name, {"text", "json", "markdown"})));
}

std::string writeDiff(const ProfileDiff& diff, const std::string& base, const std::string& now, DiffFormat format,
                      const TextStyle& style) {
    switch (format) {
    case DiffFormat::Json: return jsonDiff(diff, base, now);
    case DiffFormat::Markdown: return markdownDiff(diff, base, now);
    case DiffFormat::Text: break;
    }
    return textDiff(diff, base, now, style);
}

} // namespace simprof
