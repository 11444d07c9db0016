// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/report.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "profiler/files.h"
#include "profiler/profile_json.h"

namespace simprof::cli {
namespace {

struct Arguments {
    std::string profile;
    std::string output;
    std::string format = "text";
    std::string by;
    std::string network;
    bool noColour = false;
};

int report(const Arguments& arguments) {
    const ReportFormat& format = findReportFormat(arguments.format);
    ReportOptions options;
    options.network = arguments.network;
    if (!arguments.by.empty()) {
        options.by = parseReportBy(arguments.by);
    }
    if (arguments.output.empty()) {
        options.style = outputStyle(arguments.noColour);
    }
    refuseOverwriting({arguments.profile}, {{"-o", arguments.output}});
    const Profile profile = readProfile(arguments.profile);
    const std::string text = writeReport(profile, format, options);
    if (arguments.output.empty()) {
        print(text);
    } else {
        writeFile(arguments.output, text);
    }
    if (arguments.format == "github") {
        appendStepSummary(reportMarkdown(profile, {}));
    }
    return 0;
}

} // namespace

void addReport(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("PROFILE", arguments->profile, "Written by 'simprof FIRMWARE -o PROFILE'")->required();
    app.add_option("-o,--output", arguments->output, "Write to this file instead of standard output")
        ->type_name("FILE");
    std::string formats;
    for (const ReportFormat& format : reportFormats()) {
        formats += std::string(formats.empty() ? "" : "; ") + format.name + ": " + format.what;
    }
    app.add_option("--format", arguments->format, formats)->type_name("FORMAT");
    app.add_option("--by", arguments->by,
                   "Rows of the table: layer, function, line, instruction, region, finding, stack or heap (text, json, "
                   "markdown, csv)")
        ->type_name("WHAT");
    app.add_option("--network", arguments->network,
                   "Only this network's layers, inferences and memory, by name or number; where several ran")
        ->type_name("NAME|N");
    app.add_flag("--no-color", arguments->noColour, "No colour on a terminal");
    app.callback([arguments, &action] { action = [arguments] { return report(*arguments); }; });
}

} // namespace simprof::cli
