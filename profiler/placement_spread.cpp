// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/placement_spread.h"

#include "profiler/text/names.h"
#include "profiler/what_if/shifts.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof {

namespace {

std::vector<PlacementRow> rowsOf(const Profile& profile) {
    std::vector<PlacementRow> rows;
    const auto add = [&rows](std::string name, Cycles cycles) {
        rows.push_back({std::move(name), cycles, cycles, cycles});
    };
    for (const LayerInfo& layer : profile.layers) {
        add(layerTitle(layer.id, layer.op, layer.name), layer.cycles);
    }
    for (const Owner& owner : profile.owners) {
        add(owner.name, owner.cycles);
    }
    add("total", profile.totals.cycles);
    return rows;
}

Table tableOf(const PlacementSpread& spread) {
    Table table{"placement",
                {{"name", "layer", Column::Kind::Text},
                 {"cycles", "as it is", Column::Kind::Number},
                 {"least_cycles", "least", Column::Kind::Number},
                 {"most_cycles", "most", Column::Kind::Number},
                 {"spread_percent", "spread %", Column::Kind::Number}},
                {},
                {}};
    for (const PlacementRow& row : spread.rows) {
        const double percent =
            row.plain == 0 ? 0 : 100 * static_cast<double>(row.most - row.least) / static_cast<double>(row.plain);
        table.rows.push_back({Cell::name(row.name), Cell::count(row.plain), Cell::count(row.least),
                              Cell::count(row.most), Cell::amount(percent, 2)});
    }
    return table;
}

} // namespace

PlacementSpread placementSpread(FirmwareRun& run, const std::vector<unsigned>& shifts) {
    PlacementSpread spread{run.plain().firmware.name, run.plain().board.name, shifts, rowsOf(run.plain())};
    for (const unsigned shift : shifts) {
        const std::vector<PlacementRow> rows = rowsOf(run.shifted(shift));
        for (PlacementRow& row : spread.rows) {
            const auto same = std::ranges::find(rows, row.name, &PlacementRow::name);
            if (same == rows.end()) {
                throw Error(
                    fmt::format("with its code shifted by {} bytes the run shows no {}: what it does depends on "
                                "time, end it by --until inferences:N",
                                shift, row.name));
            }
            row.least = std::min(row.least, same->plain);
            row.most = std::max(row.most, same->plain);
        }
    }
    return spread;
}

std::string writeSpread(const PlacementSpread& spread, const std::string& format, const TextStyle& style) {
    const Table table = tableOf(spread);
    const std::string title = fmt::format("{} on {} with its code shifted by {} to {} bytes, in cycles",
                                          spread.firmware, spread.board, spread.shifts.front(), spread.shifts.back());
    if (format == "text") {
        return style.bold(title) + "\n\n" + renderText(table, style);
    }
    if (format == "markdown") {
        return fmt::format("## {}\n\n", title) + renderMarkdown(table);
    }
    if (format == "csv") {
        return renderCsv(table);
    }
    if (format != "json") {
        throw Error(fmt::format("--what-if shift=… prints text, json, csv or markdown, not {}", format));
    }
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    json.member("schema", "simprof-placement/1");
    json.member("firmware", spread.firmware);
    json.member("board", spread.board);
    json.key("shifts");
    json.beginArray();
    for (const unsigned shift : spread.shifts) {
        json.value(static_cast<std::uint64_t>(shift));
    }
    json.endArray();
    json.key("rows");
    renderJson(table, json);
    json.endObject();
    return json.take();
}

} // namespace simprof
