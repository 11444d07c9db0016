// SPDX-License-Identifier: GPL-2.0-or-later
/// Cells and columns that several tables share.
#pragma once
#include "profiler/profile.h"
#include "profiler/report/table.h"
#include "profiler/report/tables.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"

namespace simprof {

inline double asDouble(Cycles cycles) { return static_cast<double>(cycles); }

/// A bar as long as `cycles` are of `longest`.
inline Cell barOf(Cycles cycles, Cycles longest) {
    return {longest == 0 ? 0.0 : asDouble(cycles) / asDouble(longest), "", 1};
}

/// The whole name as value, without parameters for people.
inline Cell functionCell(const FunctionInfo& function) {
    return {function.name, shortName(function.name, Short::Function), 1};
}

/// One hidden column a stall reason.
inline void addStallColumns(Table& table) {
    for (std::size_t i = 0; i < kStallCount; ++i) {
        table.columns.push_back(
            {std::string("stall_") + kStallNames[i] + "_cycles", stallTitle(i), Column::Kind::Hidden});
    }
}

/// The cells of addStallColumns.
inline void addStalls(std::vector<Cell>& row, const StallSums& stalls) {
    for (const Cycles cycles : stalls) {
        row.push_back(Cell::count(cycles));
    }
}

} // namespace simprof
