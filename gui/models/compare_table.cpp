// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/compare_table.h"

#include "profiler/text/names.h"
#include "profiler/text/numbers.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

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

/// What is compared of a profile, counted; of functions only those that layers called, when that is known.
Profile countedProfile(const Profile& profile, const Counting& counting) {
    Profile counted;
    counted.board = profile.board;
    counted.memory.arena = profile.memory.arena;
    counted.layers = countedLayers(profile, counting);
    counted.totals = countedTotals(profile, counting);
    if (!counting.knowsSums()) {
        return counted;
    }
    for (const FunctionInfo& function : profile.functions) {
        counted.functions.emplace_back();
        counted.functions.back().name = function.name;
    }
    for (const CallNode& node : profile.callTree) {
        if (node.layer < 0) {
            continue;
        }
        const auto layer = static_cast<std::size_t>(node.layer);
        const Cycles whole = profile.layers[layer].cycles;
        counted.callTree.push_back(node);
        counted.callTree.back().selfCycles = static_cast<Cycles>(
            whole == 0 ? 0
                       : std::llround(static_cast<double>(node.selfCycles) / static_cast<double>(whole) *
                                      static_cast<double>(counted.layers[layer].cycles)));
    }
    return counted;
}

} // namespace

Counting commonCounting(const Profile& base, const Profile& now, Counting wanted) {
    const auto number = static_cast<int>(std::min(base.inferences.size(), now.inferences.size()));
    if (number == 0) {
        return {Figure::Sum, -1};
    }
    return wanted.inference < number ? wanted : Counting{wanted.figure, -1};
}

ProfileDiff countedDiff(const Profile& base, const Profile& now, const Counting& counting) {
    return counting.isSum() ? diffProfiles(base, now)
                            : diffProfiles(countedProfile(base, counting), countedProfile(now, counting));
}

QString comparedText(const Profile& base, const Profile& now, const Counting& counting) {
    const QString before = countingText(base, counting);
    const QString after = countingText(now, counting);
    if (before == after) {
        return before;
    }
    return QStringLiteral("%1 before, %2 now").arg(before, after);
}

Table compareTable(const ProfileDiff& diff, const std::string& total) {
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
                              Cell{layer.name, shortName(layer.name, Short::Tensor), 1}, Cell::count(layer.cycles.base),
                              Cell::count(layer.cycles.now), differenceCell(layer.cycles.difference()),
                              signedAmount(layer.cycles.percent(), 2), differenceCell(layer.sramPeakBytes.difference()),
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
    table.footer.push_back(sum(total, diff.cycles));
    table.footer.back()[8] = signedAmount(diff.energyUj.difference(), 2);
    return table;
}

} // namespace simprof::gui
