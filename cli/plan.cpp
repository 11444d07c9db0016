// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output.h"
#include "cli/verbs.h"
#include "profiler/files.h"
#include "profiler/json/writer.h"
#include "profiler/planning/planner.h"
#include "profiler/planning/problem_csv.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>

namespace simprof::cli {
namespace {

constexpr int kGateFailed = 1;
constexpr Bytes kMostAlignment = 1 << 20;

struct Arguments {
    std::string problem;
    std::optional<Bytes> capacity;
    double seconds = 10;
    Bytes alignment = 1;
    std::string format = "text";
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

std::string asText(const PlanningProblem& problem, const MemoryPlan& plan, std::optional<Bytes> given) {
    std::string text = fmt::format("buffers      {}\n", grouped(problem.buffers.size()));
    if (given) {
        text += fmt::format("given        {} B, no two that live at once share bytes\n", grouped(*given));
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

std::string asJson(const PlanningProblem& problem, const MemoryPlan& plan, std::optional<Bytes> given) {
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    json.member("schema", "simprof-plan/1");
    json.member("peak_bytes", plan.peak);
    json.member("lower_bound_bytes", plan.lowerBound);
    json.member("optimal", plan.isOptimal());
    json.member("end", endingOf(plan).word);
    json.member("decisions", plan.nodes);
    json.member("alignment", problem.alignment);
    if (given) {
        json.member("given_peak_bytes", *given);
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
    if (arguments.alignment == 0 || arguments.alignment > kMostAlignment) {
        throw Error(fmt::format("--align takes bytes from 1 to {}", kMostAlignment));
    }
}

/// The peak of the plan that a file holds; nothing when it holds a problem only.
std::optional<Bytes> checkGivenPlan(const PlanningFile& file, const std::string& path) {
    if (file.offsets.empty()) {
        return std::nullopt;
    }
    if (const auto clash = findClash(file.problem, file.offsets)) {
        throw Error(fmt::format("{}: buffers {} and {} live at the same time and share bytes; a problem without a plan "
                                "has no column 'offset'",
                                path, file.problem.buffers[clash->first].id, file.problem.buffers[clash->second].id));
    }
    return peakOf(file.problem, file.offsets);
}

int plan(const Arguments& arguments) {
    checkArguments(arguments);
    PlanningFile file = readPlanningCsv(readFile(arguments.problem), arguments.problem);
    const std::optional<Bytes> given = checkGivenPlan(file, arguments.problem);
    file.problem.alignment = arguments.alignment;
    const MemoryPlan plan = planMemory(file.problem, {arguments.capacity, arguments.seconds});
    if (arguments.format == "csv") {
        print(writePlanningCsv(file.problem, plan.offsets));
    } else if (arguments.format == "json") {
        print(asJson(file.problem, plan, given));
    } else {
        print(asText(file.problem, plan, given));
    }
    return plan.peak > arguments.capacity.value_or(plan.peak) ? kGateFailed : 0;
}

} // namespace

void addPlan(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("PROBLEM", arguments->problem, "Buffers as CSV: id,lower,upper,size")->required();
    app.add_option("--capacity", arguments->capacity,
                   "Enough: a plan in this many bytes; exit code 1 when none is found")
        ->type_name("BYTES");
    app.add_option("--time", arguments->seconds, "End the search after this time (10)")->type_name("SECONDS");
    app.add_option("--align", arguments->alignment, "Offsets are multiples of this (1)")->type_name("BYTES");
    app.add_option("--as", arguments->format, "text, csv (with the column offset) or json")->type_name("FORMAT");
    app.callback([arguments, &action] { action = [arguments] { return plan(*arguments); }; });
}

} // namespace simprof::cli
