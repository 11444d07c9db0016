// SPDX-License-Identifier: GPL-2.0-or-later
/// Tables of single lines and instructions.
#include "profiler/report/table_parts.h"
#include "sim_core/error.h"

#include <algorithm>
#include <map>

namespace simprof {
namespace {

using Kind = Column::Kind;
using Row = std::vector<Cell>;

void requireInstructions(const Profile& profile) {
    if (profile.instructions.empty()) {
        throw Error("the profile holds no single instructions: run the firmware again with --instructions");
    }
}

} // namespace

Table lineTable(const Profile& profile) {
    requireInstructions(profile);
    struct Sum {
        Cycles cycles = 0;
        std::uint64_t executions = 0;
        StallSums stalls{};
    };
    std::map<std::pair<std::string, std::uint32_t>, Sum> sums;
    for (const InstructionInfo& instruction : profile.instructions) {
        Sum& sum = sums[{instruction.file, instruction.line}];
        sum.cycles += instruction.cycles;
        sum.executions = std::max(sum.executions, instruction.executions);
        for (std::size_t i = 0; i < kStallCount; ++i) {
            sum.stalls[i] += instruction.stalls[i];
        }
    }
    std::vector<std::pair<std::pair<std::string, std::uint32_t>, Sum>> lines(sums.begin(), sums.end());
    std::stable_sort(lines.begin(), lines.end(),
                     [](const auto& a, const auto& b) { return a.second.cycles > b.second.cycles; });
    Table table{"lines",
                {{"cycles", "cycles", Kind::Number},
                 {"percent", "%", Kind::Number},
                 {"bar", "", Kind::Bar},
                 {"executions", "executions", Kind::Number},
                 {"location", "line", Kind::Path}},
                {},
                {}};
    addStallColumns(table);
    for (const auto& [place, sum] : lines) {
        const std::string location = sourceLocation(place.first, place.second);
        Row row = {Cell::count(sum.cycles), Cell::percent(asDouble(sum.cycles), asDouble(profile.totals.cycles)),
                   barOf(sum.cycles, lines.front().second.cycles), Cell::count(sum.executions),
                   Cell::name(location.empty() ? "[no source line]" : location)};
        addStalls(row, sum.stalls);
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table instructionTable(const Profile& profile) {
    requireInstructions(profile);
    Table table{"instructions",
                {{"address", "address", Kind::Name},
                 {"text", "instruction", Kind::Text},
                 {"executions", "executions", Kind::Number},
                 {"cycles", "cycles", Kind::Number},
                 {"percent", "%", Kind::Number},
                 {"bar", "", Kind::Bar},
                 {"function", "function", Kind::Text},
                 {"location", "source", Kind::Path}},
                {},
                {}};
    addStallColumns(table);
    Cycles longest = 0;
    for (const InstructionInfo& instruction : profile.instructions) {
        longest = std::max(longest, instruction.cycles);
    }
    for (const InstructionInfo& instruction : profile.instructions) {
        const bool known = instruction.function >= 0;
        Row row = {Cell::address(instruction.address),
                   Cell::name(instruction.text),
                   Cell::count(instruction.executions),
                   Cell::count(instruction.cycles),
                   Cell::percent(asDouble(instruction.cycles), asDouble(profile.totals.cycles)),
                   barOf(instruction.cycles, longest),
                   known ? functionCell(profile.functions[static_cast<std::size_t>(instruction.function)])
                         : Cell::name(""),
                   Cell::name(sourceLocation(instruction.file, instruction.line))};
        addStalls(row, instruction.stalls);
        table.rows.push_back(std::move(row));
    }
    return table;
}

} // namespace simprof
