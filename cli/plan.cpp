// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output.h"
#include "cli/run_arguments.h"
#include "cli/verbs.h"
#include "profiler/analysis/tensor_problem.h"
#include "profiler/files.h"
#include "profiler/json/writer.h"
#include "profiler/planning/planner.h"
#include "profiler/planning/problem_csv.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <string_view>
#include <utility>

namespace simprof::cli {
namespace {

constexpr int kGateFailed = 1;
constexpr Bytes kMostAlignment = 1 << 20;

struct Arguments {
    std::string subject;
    std::optional<Bytes> capacity;
    double seconds = 10;
    std::optional<Bytes> alignment;
    std::string format = "text";
    RunArguments run;
};

/// What is to be planned, and the plan that there is already.
struct Subject {
    PlanningProblem problem;
    std::optional<Bytes> givenPeak;
    int exitCode = 0; ///< of the run that it is from
};

/// A word for programs and a sentence for people.
struct Ending {
    PlanEnd end;
    const char* word;
    const char* sentence;
};
constexpr Ending kEndings[] = {
    {PlanEnd::Optimal, "optimal", "optimal: no plan takes less"},
    {PlanEnd::CapacityMet, "capacity_met", "the capacity is kept; --capacity left out looks for less"},
    {PlanEnd::CapacityImpossible, "capacity_impossible",
     "no plan keeps the capacity, which is proved; this one does not"},
    {PlanEnd::TimeLimit, "time_limit",
     "the time is over; a larger --time may find less or prove that there is nothing"},
    {PlanEnd::TooLarge, "too_large", "too many buffers live at once to be searched exactly; the plan is a good one"},
};

const Ending& endingOf(const MemoryPlan& plan) {
    const Ending* found = kEndings;
    while (found->end != plan.end) {
        ++found;
    }
    return *found;
}

std::string asText(const Subject& subject, const MemoryPlan& plan) {
    std::string text = fmt::format("buffers      {}\n", grouped(subject.problem.buffers.size()));
    if (subject.givenPeak) {
        text += fmt::format("peak now     {} B\n", grouped(*subject.givenPeak));
    }
    text += fmt::format("peak         {} B\n", grouped(plan.peak));
    text += fmt::format("lower bound  {} B\n", grouped(plan.lowerBound));
    if (!plan.isOptimal()) {
        const Bytes gap = plan.peak - plan.lowerBound;
        text += fmt::format("gap          {} B, {} % of the peak\n", grouped(gap),
                            percentText(static_cast<double>(gap), static_cast<double>(plan.peak)));
    }
    text += fmt::format("result       {}\n", endingOf(plan).sentence);
    return text + fmt::format("searched     {} decisions\n", grouped(plan.nodes));
}

std::string asJson(const Subject& subject, const MemoryPlan& plan) {
    const PlanningProblem& problem = subject.problem;
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    json.member("schema", "simprof-plan/1");
    json.member("peak_bytes", plan.peak);
    json.member("lower_bound_bytes", plan.lowerBound);
    json.member("optimal", plan.isOptimal());
    json.member("end", endingOf(plan).word);
    json.member("decisions", plan.nodes);
    json.member("alignment", problem.alignment);
    if (subject.givenPeak) {
        json.member("peak_now_bytes", *subject.givenPeak);
    }
    json.key("buffers");
    json.beginArray(JsonWriter::Layout::Lines);
    for (std::size_t i = 0; i < problem.buffers.size(); ++i) {
        const PlannedBuffer& buffer = problem.buffers[i];
        json.beginObject();
        json.member("id", buffer.id);
        json.member("lower", buffer.lower);
        json.member("upper", buffer.upper);
        json.member("size", buffer.size);
        json.member("offset", plan.offsets[i]);
        json.endObject();
    }
    json.endArray();
    json.endObject();
    return json.take();
}

void checkArguments(const Arguments& arguments) {
    if (arguments.format != "text" && arguments.format != "csv" && arguments.format != "json") {
        throw Error(fmt::format("--as takes text, csv or json, not '{}'", arguments.format));
    }
    if (!std::isfinite(arguments.seconds) || arguments.seconds < 0 || arguments.seconds > 1e6) {
        throw Error("--time takes seconds from 0 to 1000000");
    }
    if (arguments.alignment && (*arguments.alignment == 0 || *arguments.alignment > kMostAlignment)) {
        throw Error(fmt::format("--align takes bytes from 1 to {}", kMostAlignment));
    }
}

Subject readProblem(std::string_view text, const std::string& path) {
    PlanningFile file = readPlanningCsv(text, path);
    Subject subject{std::move(file.problem), std::nullopt};
    if (!file.offsets.empty()) {
        if (const auto clash = findClash(subject.problem, file.offsets)) {
            throw Error(fmt::format("{}: buffers {} and {} live at the same time and share bytes; a problem without a "
                                    "plan has no column 'offset'",
                                    path, subject.problem.buffers[clash->first].id,
                                    subject.problem.buffers[clash->second].id));
        }
        subject.givenPeak = peakOf(subject.problem, file.offsets);
    }
    return subject;
}

Subject readSubject(const Arguments& arguments) {
    const std::string& path = arguments.subject;
    if (const std::string text = readFile(path); path.ends_with(".csv") || text.starts_with("id,")) {
        if (arguments.run.any()) {
            throw Error(fmt::format("'{}' is a planning problem: options of a run have no meaning for it", path));
        }
        return readProblem(text, path);
    }
    const Profile profile = profileOf(path, arguments.run, ConsoleTarget::Error);
    TensorProblem tensors = tensorProblem(profile);
    const Bytes peak = peakOf(tensors.problem, tensors.offsets);
    return {std::move(tensors.problem), peak, exitCodeOf(profile)};
}

int plan(const Arguments& arguments) {
    checkArguments(arguments);
    Subject subject = readSubject(arguments);
    subject.problem.alignment = arguments.alignment.value_or(subject.problem.alignment);
    const MemoryPlan plan = planMemory(subject.problem, {arguments.capacity, arguments.seconds});
    if (arguments.format == "csv") {
        print(writePlanningCsv(subject.problem, plan.offsets));
    } else {
        print(arguments.format == "json" ? asJson(subject, plan) : asText(subject, plan));
    }
    if (subject.exitCode != 0) {
        return subject.exitCode;
    }
    return plan.peak > arguments.capacity.value_or(plan.peak) ? kGateFailed : 0;
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
    app.add_option("--time", arguments->seconds, "End the search after this time (10)")->type_name("SECONDS");
    app.add_option("--align", arguments->alignment, "Offsets are multiples of this (1; tensors: 16)")
        ->type_name("BYTES");
    app.add_option("--as", arguments->format, "text, csv (with the column offset) or json")->type_name("FORMAT");
    arguments->run.addTo(app);
    app.callback([arguments, &action] { action = [arguments] { return plan(*arguments); }; });
}

} // namespace simprof::cli
