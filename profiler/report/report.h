// SPDX-License-Identifier: GPL-2.0-or-later
/// Reports: pure functions of a profile, listed in one table.
#pragma once
#include "profiler/profile.h"
#include "profiler/report/table.h"
#include "profiler/report/tables.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace simprof {

struct ReportOptions {
    std::optional<ReportBy> by; ///< unset: the whole report of that format
    TextStyle style;            ///< of text
    std::string network{};      ///< name or number of the only one to report; "": all
};

/// One way to write a report.
struct ReportFormat {
    const char* name; ///< as in --format
    const char* what; ///< one line of help
    bool tables;      ///< honours ReportOptions::by
    std::string (*write)(const Profile&, const ReportOptions&);
};

/// All formats, the default first.
std::span<const ReportFormat> reportFormats();

/// Throws Error that lists the formats when there is none of that name.
const ReportFormat& findReportFormat(std::string_view name, std::span<const ReportFormat> formats = reportFormats());

/// The report; throws Error when the format has no table by `options.by` or there is no such network.
std::string writeReport(const Profile& profile, const ReportFormat& format, const ReportOptions& options);

std::string reportText(const Profile& profile, const ReportOptions& options);
std::string reportJson(const Profile& profile, const ReportOptions& options);
std::string reportMarkdown(const Profile& profile, const ReportOptions& options);
std::string reportHtml(const Profile& profile, const ReportOptions& options);
std::string reportCsv(const Profile& profile, const ReportOptions& options);
std::string reportJunit(const Profile& profile, const ReportOptions& options);
std::string reportPerfetto(const Profile& profile, const ReportOptions& options);
std::string reportCallgrind(const Profile& profile, const ReportOptions& options);
std::string reportCollapsed(const Profile& profile, const ReportOptions& options);
std::string reportSpeedscope(const Profile& profile, const ReportOptions& options);
std::string reportGithub(const Profile& profile, const ReportOptions& options);
std::string reportBenchmark(const Profile& profile, const ReportOptions& options);

/// One line of sums for a log: "kws.elf on stm32f746g-disco: 2 inferences, 3,679,379 cycles each, …".
std::string reportSummaryLine(const Profile& profile);

} // namespace simprof
