// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/findings_report.h"

#include "profiler/analysis/findings.h"
#include "profiler/report/escape.h"
#include "profiler/report/paragraphs.h"

#include <algorithm>
#include <cctype>

namespace simprof {

namespace {

constexpr std::size_t kTitleColumn = 13; ///< of what the figures rest on

std::string upperCase(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

/// One finding below the heading of its group.
std::string paragraph(const Finding& finding, const TextStyle& style) {
    const std::string text = plain(sentencesOf(finding));
    switch (finding.severity) {
    case Severity::Advice: return "  " + plain(finding.title) + "\n" + labelled(style, "", text, 2);
    case Severity::Basis: return labelled(style, plain(finding.title), text, kTitleColumn);
    default:
        return labelled(style, findingLabel(finding), finding.severity == Severity::Error ? style.red(text) : text);
    }
}

} // namespace

std::vector<FindingGroup> findingGroups(const Profile& profile) {
    std::vector<FindingGroup> groups = {{"Findings", remarksOf(profile)},
                                        {adviceTitle(profile), findingsOf(profile, Severity::Advice)},
                                        {"How faithful", findingsOf(profile, Severity::Basis)}};
    std::erase_if(groups, [](const FindingGroup& group) { return group.findings.empty(); });
    return groups;
}

std::string findingLabel(const Finding& finding) {
    return finding.severity == Severity::Advice || finding.severity == Severity::Basis ? finding.title
                                                                                       : nameOf(finding.severity);
}

Table findingTable(const Profile& profile) {
    using Kind = Column::Kind;
    Table table{"findings",
                {{"severity", "severity", Kind::Name},
                 {"target", "target", Kind::Name},
                 {"title", "title", Kind::Name},
                 {"text", "text", Kind::Text},
                 {"how", "to change", Kind::Text},
                 {"cost", "costs", Kind::Text},
                 {"proof", "see", Kind::Text},
                 {"saves_cycles", "saves cycles", Kind::Number},
                 {"saves_time_us", "µs", Kind::Number},
                 {"saves_energy_uj", "µJ", Kind::Number},
                 {"saves_bytes", "bytes", Kind::Number}},
                {},
                {}};
    for (const Finding& finding : profile.findings) {
        const Savings saves = finding.saves.value_or(Savings{});
        table.rows.push_back({Cell::name(nameOf(finding.severity)), Cell::name(finding.target),
                              Cell::name(finding.title), Cell::name(finding.text), Cell::name(finding.how),
                              Cell::name(finding.cost), Cell::name(finding.proof), Cell::count(saves.cycles),
                              Cell::amount(saves.timeUs, 1), Cell::amount(saves.energyUj, 2),
                              Cell::count(saves.bytes)});
    }
    return table;
}

std::string findingsText(const Profile& profile, const TextStyle& style) {
    std::string out;
    for (const FindingGroup& group : findingGroups(profile)) {
        out += heading(style, upperCase(group.title));
        for (const Finding& finding : group.findings) {
            out += paragraph(finding, style);
        }
    }
    return out;
}

} // namespace simprof
