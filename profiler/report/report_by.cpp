// SPDX-License-Identifier: GPL-2.0-or-later
// What --by chooses: one row a subject.
#include "profiler/report/findings_report.h"
#include "profiler/report/suggest.h"
#include "profiler/report/tables.h"
#include "sim_core/error.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace simprof {

namespace {

/// One subject of a table.
struct Subject {
    ReportBy by;
    const char* name;
    Table (*table)(const Profile&);                                  ///< for programs
    Table (*shown)(const Profile&);                                  ///< for people
    std::string (*text)(const Profile&, const TextStyle&) = nullptr; ///< for terminals; null: the shown table
};

constexpr auto kSubjects = std::to_array<Subject>({
    {ReportBy::Layer, "layer", layerAndOwnerTable, layerTable},
    {ReportBy::Function, "function", allFunctionTable, allFunctionTable},
    {ReportBy::Line, "line", lineTable, lineTable},
    {ReportBy::Instruction, "instruction", instructionTable, instructionTable},
    {ReportBy::Region, "region", regionTable, regionTable},
    {ReportBy::Finding, "finding", findingTable, findingTable, findingsText},
    {ReportBy::Stack, "stack", stackTable, stackTable},
    {ReportBy::Heap, "heap", heapTable, heapTable},
});

static_assert(std::ranges::all_of(kSubjects, [](const Subject& subject) {
    return &subject - kSubjects.data() == static_cast<std::ptrdiff_t>(subject.by);
}));

const Subject& subjectOf(ReportBy by) { return kSubjects[static_cast<std::size_t>(by)]; }

} // namespace

const std::vector<std::string>& reportByNames() {
    static const std::vector<std::string> kNames = [] {
        std::vector<std::string> names;
        for (const Subject& subject : kSubjects) {
            names.emplace_back(subject.name);
        }
        return names;
    }();
    return kNames;
}

ReportBy parseReportBy(std::string_view name) {
    const auto& names = reportByNames();
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        throw Error(fmt::format("there is no report by '{}'{}: it is one of {}", name, didYouMean(name, names),
                                fmt::join(names, ", ")));
    }
    return static_cast<ReportBy>(found - names.begin());
}

Table tableBy(const Profile& profile, ReportBy by) { return subjectOf(by).table(profile); }

Table shownTableBy(const Profile& profile, ReportBy by) {
    Table table = subjectOf(by).shown(profile);
    table.dropEmptyColumns(2);
    return table;
}

std::string textBy(const Profile& profile, ReportBy by, const TextStyle& style) {
    const auto text = subjectOf(by).text;
    return text != nullptr ? text(profile, style) : renderText(shownTableBy(profile, by), style);
}

} // namespace simprof
