// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/counting.h"

#include "gui/text.h"
#include "profiler/analysis/cycle_time.h"
#include "profiler/analysis/inference_mean.h"
#include "profiler/report/tables.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace simprof::gui {

namespace {

/// Cycles of one layer over the inferences.
struct Taken {
    Cycles all = 0;   ///< also of an inference that was cut short
    Cycles whole = 0; ///< of those that the mean is made from
    Cycles least = 0;
    Cycles greatest = 0;
    Cycles chosen = 0;
};

/// How many inferences, from the first on, the mean is made from.
std::size_t countedInferences(const Profile& profile) { return std::max<std::size_t>(1, inferenceMean(profile).count); }

std::vector<Taken> takenByLayers(const Profile& profile, int chosen) {
    std::vector<Taken> layers(profile.layers.size());
    std::vector<Cycles> here(profile.layers.size());
    const std::size_t counted = countedInferences(profile);
    for (std::size_t i = 0; i < profile.inferences.size(); ++i) {
        std::fill(here.begin(), here.end(), 0);
        for (const Span& span : profile.inferences[i].spans) {
            if (span.layer >= 0 && static_cast<std::size_t>(span.layer) < here.size()) {
                here[static_cast<std::size_t>(span.layer)] += span.cycles;
            }
        }
        for (std::size_t layer = 0; layer < here.size(); ++layer) {
            Taken& taken = layers[layer];
            taken.all += here[layer];
            taken.chosen += static_cast<int>(i) == chosen ? here[layer] : 0;
            if (i < counted && here[layer] != 0) {
                taken.whole += here[layer];
                taken.least = taken.least == 0 ? here[layer] : std::min(taken.least, here[layer]);
                taken.greatest = std::max(taken.greatest, here[layer]);
            }
        }
    }
    return layers;
}

double cyclesOf(const Taken& taken, const Counting& counting, std::size_t inferences) {
    if (counting.inference >= 0) {
        return static_cast<double>(taken.chosen);
    }
    switch (counting.figure) {
    case Figure::Sum: return static_cast<double>(taken.all);
    case Figure::Least: return static_cast<double>(taken.least);
    case Figure::Greatest: return static_cast<double>(taken.greatest);
    case Figure::Mean: break;
    }
    return static_cast<double>(taken.whole) / static_cast<double>(inferences);
}

std::uint64_t scaled(std::uint64_t amount, double factor) {
    return static_cast<std::uint64_t>(std::llround(static_cast<double>(amount) * factor));
}

void scaleSums(LayerInfo& layer, double factor) {
    layer.instructions = scaled(layer.instructions, factor);
    layer.calls = static_cast<std::uint32_t>(scaled(layer.calls, factor));
    layer.flashReadBytes = scaled(layer.flashReadBytes, factor);
    layer.sramReadBytes = scaled(layer.sramReadBytes, factor);
    layer.sramWriteBytes = scaled(layer.sramWriteBytes, factor);
    for (Cycles& cycles : layer.stalls) {
        cycles = scaled(cycles, factor);
    }
}

void clearColumns(Table& table, std::initializer_list<std::string_view> keys) {
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        if (std::ranges::find(keys, table.columns[column].key) != keys.end()) {
            for (auto* rows : {&table.rows, &table.footer}) {
                for (std::vector<Cell>& row : *rows) {
                    row[column] = Cell::none();
                }
            }
        }
    }
}

} // namespace

Counting possible(const Profile& profile, Counting counting) {
    if (profile.inferences.empty()) {
        return {Figure::Sum, -1};
    }
    if (counting.inference >= static_cast<int>(profile.inferences.size())) {
        counting.inference = -1;
    }
    return counting;
}

std::vector<LayerInfo> countedLayers(const Profile& profile, const Counting& wanted) {
    const Counting counting = possible(profile, wanted);
    std::vector<LayerInfo> layers = profile.layers;
    if (counting.isSum()) {
        return layers;
    }
    const std::vector<Taken> taken = takenByLayers(profile, counting.inference);
    const std::size_t inferences = countedInferences(profile);
    const auto known = static_cast<double>(profile.inferences.size());
    const double keptShare = known / (known + static_cast<double>(inferencesLeftOut(profile)));
    for (std::size_t i = 0; i < layers.size(); ++i) {
        LayerInfo& layer = layers[i];
        const double cycles = cyclesOf(taken[i], counting, inferences);
        const double factor = taken[i].all == 0 ? 0 : keptShare * cycles / static_cast<double>(taken[i].all);
        // Spans leave out what runs meanwhile in other threads, and inferences that were not kept: the layer's own
        // cycles are shared out alike.
        layer.cycles = scaled(layer.cycles, factor);
        layer.timeUs *= factor;
        layer.energyUj *= factor;
        scaleSums(layer, counting.knowsSums() ? factor : 0);
    }
    return layers;
}

ProfileTotals countedTotals(const Profile& profile, const Counting& wanted) {
    const Counting counting = possible(profile, wanted);
    if (counting.isSum()) {
        return profile.totals;
    }
    ProfileTotals totals;
    totals.energyBandPercent = profile.totals.energyBandPercent;
    if (counting.inference < 0 && counting.figure == Figure::Mean) {
        const InferenceMean mean = inferenceMean(profile);
        totals.cycles = static_cast<Cycles>(std::llround(mean.cycles));
        totals.timeUs = mean.timeUs;
        totals.energyUj = mean.energyUj;
        return totals;
    }
    const auto before = [](const Inference& a, const Inference& b) { return a.cycles < b.cycles; };
    const auto end = profile.inferences.begin() + static_cast<std::ptrdiff_t>(countedInferences(profile));
    const auto shown = counting.inference >= 0            ? profile.inferences.begin() + counting.inference
                       : counting.figure == Figure::Least ? std::min_element(profile.inferences.begin(), end, before)
                                                          : std::max_element(profile.inferences.begin(), end, before);
    const CycleTime time(profile);
    totals.cycles = shown->cycles;
    totals.timeUs = time.microseconds(shown->startCycle + shown->cycles) - time.microseconds(shown->startCycle);
    totals.energyUj = shown->energyUj;
    return totals;
}

QString countingText(const Profile& profile, const Counting& wanted) {
    const Counting counting = possible(profile, wanted);
    if (profile.inferences.empty()) {
        return QStringLiteral("sum over the run");
    }
    if (counting.inference >= 0) {
        return QStringLiteral("inference %1").arg(counting.inference);
    }
    const std::uint64_t number = counting.figure == Figure::Sum ? profile.inferences.size() + inferencesLeftOut(profile)
                                                                : countedInferences(profile);
    const char* const words[] = {"mean of", "sum over", "least of", "greatest of"};
    return QStringLiteral("%1 %2 %3")
        .arg(QLatin1String(words[static_cast<std::size_t>(counting.figure)]))
        .arg(number)
        .arg(number == 1 ? QStringLiteral("inference") : QStringLiteral("inferences"));
}

Table countedLayerTable(const Profile& profile, const Counting& wanted) {
    const Counting counting = possible(profile, wanted);
    Profile counted;
    counted.layers = countedLayers(profile, counting);
    if (counting.isSum()) {
        counted.owners = profile.owners;
        counted.totals = profile.totals;
        return layerTable(counted);
    }
    counted.totals = countedTotals(profile, counting);
    Table table = layerTable(counted);
    if (counting.inference < 0 && counting.figure == Figure::Mean) {
        table.footer = {layerTable(profile).footer.back()};
        return table;
    }
    table.footer.back()[1] = Cell::name(countingText(profile, counting).toStdString());
    table.footer.back()[1].span = 3;
    clearColumns(table, {"calls", "instructions", "flash_read_bytes", "sram_read_bytes", "sram_write_bytes"});
    if (counting.inference < 0) { // the least of each layer are not of the same inference
        clearColumns(table, {"percent"});
    }
    return table;
}

} // namespace simprof::gui
