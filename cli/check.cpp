// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output.h"
#include "cli/run_arguments.h"
#include "cli/verbs.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/budget/budget.h"
#include "profiler/files.h"
#include "profiler/profile_json.h"
#include "profiler/report/gate_report.h"
#include "profiler/report/report.h"
#include "sim_core/error.h"

#include <filesystem>

namespace simprof::cli {
namespace {

struct Arguments {
    std::string subject;
    std::string baseline;
    std::string budget;
    Tolerance tolerance;
    std::string format = "text";
    std::string junit;
    std::string markdown;
    std::string network;
    bool noColour = false;
    RunArguments run;
};

std::string fileName(const std::string& path) { return std::filesystem::path(path).filename().string(); }

GateResult gate(const Arguments& arguments, const std::optional<Profile>& base, const std::optional<Budget>& budget,
                const Profile& now) {
    GateResult result;
    if (base) {
        GateResult found = checkBaseline(*base, now, arguments.tolerance);
        found.against = fileName(arguments.baseline);
        addChecks(result, std::move(found));
    }
    if (budget) {
        GateResult found = checkBudget(*budget, now);
        found.against = fileName(arguments.budget);
        addChecks(result, std::move(found));
    }
    return result;
}

std::vector<std::string> inputsOf(const Arguments& arguments) {
    std::vector<std::string> files = arguments.run.inputs();
    files.insert(files.end(), {arguments.subject, arguments.baseline, arguments.budget});
    return files;
}

std::vector<OutputFile> outputsOf(const Arguments& arguments) {
    std::vector<OutputFile> files = arguments.run.outputs();
    files.insert(files.end(), {{"--junit", arguments.junit}, {"--markdown", arguments.markdown}});
    return files;
}

/// What a firmware did that did not finish, where the result of the gate was asked for: nothing else tells a CI server
/// why there is none.
void leaveReports(const Arguments& arguments, const Profile& profile) {
    const std::string markdown = reportMarkdown(profile, {});
    if (!arguments.junit.empty()) {
        writeFile(arguments.junit, reportJunit(profile, {}));
    }
    if (!arguments.markdown.empty()) {
        writeFile(arguments.markdown, markdown);
    }
    if (inGithubWorkflow()) {
        print(reportGithub(profile, {}));
        appendStepSummary(markdown);
    }
}

int check(const Arguments& arguments) {
    if (arguments.baseline.empty() && arguments.budget.empty()) {
        throw Error("nothing to check against: give --baseline PROFILE (made by 'simprof FIRMWARE -o PROFILE') or "
                    "--budget FILE");
    }
    for (const double percent : {arguments.tolerance.totalPercent, arguments.tolerance.layerPercent}) {
        if (!(percent >= 0 && percent <= 1e6)) {
            throw Error("a tolerance is a percentage from 0");
        }
    }
    if (arguments.baseline.empty() && (arguments.tolerance.totalPercent > 0 || arguments.tolerance.layerPercent > 0)) {
        throw Error(
            "a tolerance is growth over a --baseline: the limits of a budget are exact, change them in its file");
    }
    const DiffFormat format = parseDiffFormat(arguments.format);
    refuseOverwriting(inputsOf(arguments), outputsOf(arguments));
    std::optional<Profile> base; // read before the run, which may take a while
    std::optional<Budget> budget;
    if (!arguments.baseline.empty()) {
        base = chosenNetwork(readProfile(arguments.baseline), arguments.network);
    }
    if (!arguments.budget.empty()) {
        budget = readBudget(arguments.budget);
    }
    for (const std::string& path : {arguments.junit, arguments.markdown}) {
        if (!path.empty()) {
            ensureWritable(path);
        }
    }
    const Profile whole = profileOf(arguments.subject, arguments.run, ConsoleTarget::Error);
    if (const int code = exitCodeOf(whole); code != 0) {
        leaveReports(arguments, whole);
        return code;
    }
    const Profile now = chosenNetwork(whole, arguments.network);
    const GateResult result = gate(arguments, base, budget, now);
    if (!arguments.junit.empty()) {
        writeFile(arguments.junit, gateJunit(result, now));
    }
    const std::string markdown = writeGate(result, now, DiffFormat::Markdown, {});
    if (!arguments.markdown.empty()) {
        writeFile(arguments.markdown, markdown);
    }
    print(writeGate(result, now, format, outputStyle(arguments.noColour)));
    if (inGithubWorkflow()) {
        const std::string annotations = gateGithub(result, now);
        if (format == DiffFormat::Text) {
            print(annotations);
        } else {
            printError(annotations);
        }
        appendStepSummary(markdown);
    }
    return result.passed() ? 0 : 1;
}

} // namespace

void addCheck(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("FIRMWARE|PROFILE", arguments->subject, "What to check; a firmware is run first")->required();
    app.add_option("--baseline", arguments->baseline, "Profile that nothing may be worse than")->type_name("PROFILE");
    app.add_option("--budget", arguments->budget, "Limits in JSON, schema simprof-budget/1")->type_name("FILE");
    app.add_option("--tolerance", arguments->tolerance.totalPercent,
                   "Growth allowed to totals and memory, in percent (0)")
        ->type_name("PCT");
    app.add_option("--layer-tolerance", arguments->tolerance.layerPercent,
                   "Growth allowed to each layer, in percent (0)")
        ->type_name("PCT");
    app.add_option("--format", arguments->format, "text, json or markdown")->type_name("FORMAT");
    app.add_option("--junit", arguments->junit, "Write JUnit XML to this file too")->type_name("FILE");
    app.add_option("--markdown", arguments->markdown, "Write Markdown to this file too")->type_name("FILE");
    app.add_option("--network", arguments->network,
                   "Only this network's layers, inferences and memory, by name or number; where several ran")
        ->type_name("NAME|N");
    app.add_flag("--no-color", arguments->noColour, "No colour on a terminal");
    arguments->run.addTo(app);
    app.callback([arguments, &action] { action = [arguments] { return check(*arguments); }; });
}

} // namespace simprof::cli
