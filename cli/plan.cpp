// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output.h"
#include "cli/plan_output.h"
#include "cli/quantities.h"
#include "cli/run_arguments.h"
#include "cli/verbs.h"
#include "profiler/analysis/run_plan.h"
#include "profiler/files.h"
#include "profiler/plan_trial.h"
#include "profiler/planning/planner.h"
#include "profiler/planning/problem_csv.h"
#include "profiler/profile_json.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string_view>

namespace simprof::cli {
namespace {

constexpr int kGateFailed = 1;
constexpr const char* kOfflinePlan = "offline-plan";
constexpr Bytes kMostAlignment = 1 << 20;

struct Arguments {
    std::string subject;
    std::optional<Bytes> capacity;
    double seconds = 10;
    std::optional<Bytes> alignment;
    std::string levelName;
    std::string format = "text";
    std::string output;
    std::string verify;
    std::vector<std::string> memories;
    RunArguments run;
};

void checkArguments(const Arguments& arguments) {
    if (arguments.format != "text" && arguments.format != "csv" && arguments.format != "json" &&
        arguments.format != kOfflinePlan) {
        throw Error(fmt::format("--as takes text, csv, json or offline-plan, not '{}'", arguments.format));
    }
    if ((arguments.format == kOfflinePlan) == arguments.output.empty()) {
        throw Error("--as offline-plan and -o FILE, which it writes, go together");
    }
    if (!arguments.output.empty()) {
        refuseOverwriting({arguments.subject, arguments.verify}, {{"-o", arguments.output}});
        ensureWritable(arguments.output);
    }
    if (!std::isfinite(arguments.seconds) || arguments.seconds < 0 || arguments.seconds > 1e6) {
        throw Error("--time takes seconds from 0 to 1000000");
    }
    if (arguments.alignment && (*arguments.alignment == 0 || *arguments.alignment > kMostAlignment)) {
        throw Error(fmt::format("--align takes bytes from 1 to {}", kMostAlignment));
    }
}

/// As typed; nothing when it was not given.
std::optional<PlanLevel> levelOf(const Arguments& arguments) {
    if (arguments.levelName.empty()) {
        return std::nullopt;
    }
    const auto level = valueNamed<PlanLevel>(arguments.levelName);
    if (!level) {
        throw Error(fmt::format("--level takes {}, not '{}'", listOfNames<PlanLevel>(), arguments.levelName));
    }
    return level;
}

/// "dtcm=64K" each.
std::vector<PlanMemory> memoriesOf(const Arguments& arguments) {
    std::vector<PlanMemory> memories;
    for (const std::string& text : arguments.memories) {
        const std::size_t at = text.find('=');
        if (at == 0 || at == std::string::npos) {
            throw Error(fmt::format("--memory takes NAME=BYTES, such as dtcm=64K, not '{}'", text));
        }
        const std::string name = text.substr(0, at);
        if (std::ranges::any_of(memories, [&name](const PlanMemory& other) { return other.name == name; })) {
            throw Error(fmt::format("--memory {} is given twice", name));
        }
        memories.push_back({name, parseBytes(text.substr(at + 1), "--memory")});
    }
    return memories;
}

/// 1 when the peak is above the capacity.
int gate(const Arguments& arguments, Bytes peak) { return peak > arguments.capacity.value_or(peak) ? kGateFailed : 0; }

/// A planning problem as text, and the plan in it when there is one.
int planProblem(const Arguments& arguments, std::string_view text) {
    const std::string& path = arguments.subject;
    if (!arguments.memories.empty()) {
        throw Error(fmt::format("'{}' is a planning problem, which says nothing of accesses: --memory has no meaning "
                                "for it",
                                path));
    }
    if (arguments.run.any() || !arguments.verify.empty() || arguments.format == kOfflinePlan) {
        throw Error(fmt::format("'{}' is a planning problem: options of a run have no meaning for it", path));
    }
    if (levelOf(arguments).value_or(PlanLevel::Tensor) != PlanLevel::Tensor) {
        throw Error(fmt::format("'{}' is a planning problem of whole buffers: there is no other level for it", path));
    }
    PlanningFile file = readPlanningCsv(text, path);
    std::optional<Bytes> peakNow;
    if (!file.offsets.empty()) {
        if (const auto clash = findClash(file.problem, file.offsets)) {
            throw Error(fmt::format("{}: buffers {} and {} live at the same time and share bytes; a problem without a "
                                    "plan has no column 'offset'",
                                    path, file.problem.buffers[clash->first].id,
                                    file.problem.buffers[clash->second].id));
        }
        peakNow = peakOf(file.problem, file.offsets);
    }
    file.problem.alignment = arguments.alignment.value_or(file.problem.alignment);
    const MemoryPlan plan = planMemory(file.problem, {arguments.capacity, arguments.seconds});
    const PlannedBuffers planned{file.problem, plan, peakNow};
    print(arguments.format == "csv"    ? writePlanningCsv(file.problem, plan.offsets)
          : arguments.format == "json" ? planJson(planned)
                                       : planText(planned));
    return gate(arguments, plan.peak);
}

/// The flatbuffer of the firmware that was run, or of the one of --verify, with the plan in it.
void writeOfflinePlan(const Arguments& arguments, const Profile& profile, const RunPlan& plan) {
    const std::string& path = arguments.verify.empty() ? arguments.subject : arguments.verify;
    if (looksLikeProfile(readFile(path))) {
        throw Error("--as offline-plan adds to the flatbuffer in a firmware: give it instead of its profile, or with "
                    "--verify");
    }
    const FirmwareImage firmware = firmwareOf(path, arguments.run);
    checkBuild(firmware, profile);
    const std::vector<std::byte> file = plannedNetwork(firmware, profile, plan).file;
    writeFile(arguments.output, {reinterpret_cast<const char*>(file.data()), file.size()});
}

/// Runs the firmware of --verify with the plan, on the profile's board.
std::optional<PlanTrial> trialOf(const Arguments& arguments, const Profile& profile, const RunPlan& plan) {
    if (arguments.verify.empty()) {
        return std::nullopt;
    }
    RunOptions options = arguments.run.options();
    if (options.boardName.empty()) {
        options.boardName = profile.board.name;
    }
    return tryPlan(firmwareOf(arguments.verify, arguments.run), options, profile, plan);
}

int planProfile(const Arguments& arguments) {
    const std::optional<PlanLevel> level = levelOf(arguments);
    const bool isCsv = arguments.format == "csv";
    if (isCsv && level.value_or(PlanLevel::Tensor) != PlanLevel::Tensor) {
        throw Error("--as csv holds whole tensors: take --level tensor, or --as json");
    }
    RunArguments run = arguments.run;
    run.lives = level != PlanLevel::Tensor || !arguments.memories.empty();
    const Profile profile = profileOf(arguments.subject, run, ConsoleTarget::Error);
    const std::vector<PlanMemory> memories = memoriesOf(arguments);
    const RunPlan plan = planRun(profile, {isCsv ? PlanLevel::Tensor : level, arguments.alignment, arguments.capacity,
                                           arguments.seconds, memories});
    if (arguments.format == kOfflinePlan) {
        writeOfflinePlan(arguments, profile, plan);
    }
    const std::optional<PlanTrial> trial = trialOf(arguments, profile, plan);
    print(isCsv                        ? writePlanningCsv(plan.tensors.problem, plan.tensorLevel.offsets)
          : arguments.format == "json" ? planJson(profile, plan, memories, trial)
                                       : planText(profile, plan, memories, trial));
    if (const int exitCode = exitCodeOf(profile); exitCode != 0) {
        return exitCode;
    }
    const bool isRight = !trial || (trial->isApplied && trial->sameOutput);
    return isRight ? gate(arguments, plan.overlayLevel.value_or(plan.tensorLevel).peak) : kGateFailed;
}

int plan(const Arguments& arguments) {
    checkArguments(arguments);
    const std::string text = readFile(arguments.subject);
    const bool isProblem = arguments.subject.ends_with(".csv") || text.starts_with("id,");
    return isProblem ? planProblem(arguments, text) : planProfile(arguments);
}

} // namespace

void addPlan(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("PROBLEM|PROFILE|FIRMWARE", arguments->subject,
                   "Buffers as CSV (id,lower,upper,size), or a run whose tensors are planned")
        ->required();
    app.add_option("--capacity", arguments->capacity,
                   "Enough: a plan in this many bytes; exit code 1 when none is found")
        ->type_name("BYTES");
    app.add_option("--level", arguments->levelName,
                   "tensor: whole tensors; overlay: byte by byte too; edits: and what other graphs and kernels would "
                   "need (as far as the run allows)")
        ->type_name("LEVEL");
    app.add_option("--memory", arguments->memories,
                   "Spread whole tensors over memories as well, the fastest first (dtcm=64K, then sram=240K): what is "
                   "accessed most for its size comes first")
        ->type_name("NAME=BYTES")
        ->take_all();
    app.add_option("--time", arguments->seconds, "End each search after this time (10)")->type_name("SECONDS");
    app.add_option("--align", arguments->alignment, "Offsets are multiples of this (1; tensors: 16)")
        ->type_name("BYTES");
    app.add_option("--as", arguments->format,
                   "text, csv (with the column offset), json, or offline-plan: the flatbuffer with the plan added to "
                   "it, for -o")
        ->type_name("FORMAT");
    app.add_option("-o,--output", arguments->output, "The flatbuffer that --as offline-plan writes")->type_name("FILE");
    app.add_option("--verify", arguments->verify,
                   "Run this firmware again with the plan in its flatbuffer; exit code 1 when its output differs")
        ->type_name("FIRMWARE");
    arguments->run.addTo(app);
    app.callback([arguments, &action] { action = [arguments] { return plan(*arguments); }; });
}

} // namespace simprof::cli
