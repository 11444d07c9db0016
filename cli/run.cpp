// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output.h"
#include "cli/run_arguments.h"
#include "cli/suggest.h"
#include "cli/verbs.h"
#include "profiler/files.h"
#include "profiler/placement_spread.h"
#include "profiler/profile_json.h"
#include "profiler/report/report.h"
#include "profiler/what_if/shifts.h"
#include "sim_core/error.h"

#include <filesystem>
#include <fmt/format.h>

namespace simprof::cli {
namespace {

struct Arguments {
    std::string firmware;
    std::string profile; ///< -o
    std::string format;
    std::string by;
    std::string network;
    bool noColour = false;
    RunArguments run;
};

/// A firmware that is not there may be a verb with a typing error.
void checkFirmware(const std::string& path) {
    if (path.empty()) {
        throw Error("no firmware given: 'simprof FIRMWARE' runs an ELF, HEX or raw image and reports its layers; "
                    "'simprof --help' lists everything");
    }
    if (std::filesystem::exists(path)) {
        return;
    }
    if (const std::string meant = nearestVerb(path); !meant.empty()) {
        throw Error(fmt::format("'{}' is neither a verb nor a file: did you mean 'simprof {}'?", path, meant));
    }
    const bool word = path.find_first_of("./") == std::string::npos;
    throw Error(fmt::format("there is no file '{}'{}", path,
                            word ? ", and no such verb: 'simprof --help' lists the verbs" : ""));
}

/// Prints how much the place of the code matters.
int printSpread(const Arguments& arguments, const std::vector<unsigned>& shifts) {
    if (!arguments.profile.empty() || !arguments.by.empty() || !arguments.network.empty()) {
        throw Error(
            "--what-if shift=… prints a table of its own and writes no profile: leave -o, --by and --network out");
    }
    const std::string format = arguments.format.empty() ? "text" : arguments.format;
    RunArguments run = arguments.run;
    run.whatIf.clear();
    withFirmwareRun(arguments.firmware, run, ConsoleTarget::Error, [&](FirmwareRun& firmware) {
        print(writeSpread(placementSpread(firmware, shifts), format, outputStyle(arguments.noColour)));
    });
    return 0;
}

int run(const Arguments& arguments) {
    checkFirmware(arguments.firmware);
    if (const auto shifts = shiftsOf(arguments.run.whatIf)) {
        return printSpread(arguments, *shifts);
    }
    const bool report = !arguments.format.empty() || !arguments.by.empty() || arguments.profile.empty();
    const ReportFormat& format = findReportFormat(arguments.format.empty() ? "text" : arguments.format);
    ReportOptions options;
    options.network = arguments.network;
    options.style = outputStyle(arguments.noColour);
    RunArguments runArguments = arguments.run;
    if (!arguments.by.empty()) {
        options.by = parseReportBy(arguments.by);
        runArguments.instructions |= *options.by == ReportBy::Line || *options.by == ReportBy::Instruction;
    }
    const bool onOutput = arguments.profile == "-";
    std::vector<std::string> inputs = runArguments.inputs();
    inputs.push_back(arguments.firmware);
    std::vector<OutputFile> outputs = runArguments.outputs();
    outputs.push_back({"-o", onOutput ? "" : arguments.profile});
    refuseOverwriting(inputs, outputs);
    if (!arguments.profile.empty() && !onOutput) {
        ensureWritable(arguments.profile);
    }
    if (onOutput && report && !arguments.format.empty()) {
        throw Error("'-o -' writes the profile to standard output, where the report goes too: name a file");
    }
    const Profile profile = runFirmware(arguments.firmware, runArguments,
                                        report || onOutput ? ConsoleTarget::Error : ConsoleTarget::Output);
    if (onOutput) {
        print(toJson(profile));
    } else if (!arguments.profile.empty()) {
        writeProfile(arguments.profile, profile);
    }
    if (report && !onOutput) {
        print(writeReport(profile, format, options));
        if (arguments.format == "github") {
            appendStepSummary(reportMarkdown(profile, {}));
        }
    } else {
        complain(reportSummaryLine(profile));
        complain(profile.board.why);
    }
    return exitCodeOf(profile);
}

} // namespace

void addRun(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("FIRMWARE", arguments->firmware, "ELF (with or without symbols), Intel HEX, UF2 or raw binary");
    app.add_option("-o,--output", arguments->profile, "Write the profile to this file; - is standard output")
        ->type_name("PROFILE");
    app.add_option("--report,--format", arguments->format,
                   "Print a report: text (default), json, markdown, html, csv, junit, perfetto, callgrind, collapsed, "
                   "speedscope, github or benchmark")
        ->type_name("FORMAT");
    app.add_option("--by", arguments->by,
                   "Rows of the table: layer, function, line, instruction, region, finding, stack or heap")
        ->type_name("WHAT");
    app.add_option("--network", arguments->network,
                   "Only this network's layers, inferences and memory, by name or number; where several ran")
        ->type_name("NAME|N");
    app.add_flag("--no-color", arguments->noColour,
                 "No colour on a terminal; NO_COLOR in the environment does the same");
    arguments->run.addTo(app);
    action = [arguments] { return run(*arguments); };
}

} // namespace simprof::cli
