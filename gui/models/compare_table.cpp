// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/compare_table.h"

#include "profiler/text/numbers.h"

#include <fmt/format.h>

namespace simprof::gui {

namespace {

using Kind = Column::Kind;

Cell differenceCell(std::int64_t difference) {
    Cell cell = Cell::change(difference);
    if (difference == 0) {
        cell.text.clear();
    }
    return cell;
}

Cell signedAmount(double number, int digits) {
    Cell cell = Cell::amount(number, digits);
    if (cell.text.find_first_of("123456789") == std::string::npos) {
        cell.text.clear();
    } else if (number > 0) {
        cell.text = fmt::format("+{}", cell.text);
    }
    return cell;
}

} // namespace

Table compareTable(const ProfileDiff& diff) {
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
        table.rows.push_back({Cell::count(layer.now ? *layer.now : layer.base.value_or(0)), Cell::name(layer.op),
                              Cell::name(layer.name), Cell::count(layer.cycles.base), Cell::count(layer.cycles.now),
                              differenceCell(layer.cycles.difference()), signedAmount(layer.cycles.percent(), 2),
                              differenceCell(layer.sramPeakBytes.difference()),
                              signedAmount(layer.energyUj.difference(), 2), Cell::name(layer.moved)});
    }
    const auto sum = [&](const std::string& name, const Change<Cycles>& cycles) {
        std::vector<Cell> row(table.columns.size());
        row[1] = Cell::name(name);
        row[3] = Cell::count(cycles.base);
        row[4] = Cell::count(cycles.now);
        row[5] = differenceCell(cycles.difference());
        row[6] = signedAmount(cycles.percent(), 2);
        return row;
    };
    for (const NamedChange& owner : diff.owners) {
        table.footer.push_back(sum(owner.name, owner.cycles));
    }
    table.footer.push_back(sum("total", diff.cycles));
    table.footer.back()[8] = signedAmount(diff.energyUj.difference(), 2);
    return table;
}

Table compareMemoryTable(const ProfileDiff& diff) {
    Table table{"memory",
                {{"title", "memory", Kind::Name},
                 {"base_bytes", "before", Kind::Number},
                 {"bytes", "now", Kind::Number},
                 {"change_bytes", "change", Kind::Number}},
                {},
                {}};
    for (const MemoryChange& change : diff.memory) {
        table.rows.push_back({Cell::name(change.title), Cell::count(change.bytes.base), Cell::count(change.bytes.now),
                              differenceCell(change.bytes.difference())});
    }
    return table;
}

} // namespace simprof::gui
