// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/plan_output.h"

#include "profiler/json/writer.h"
#include "profiler/report/escape.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>

namespace simprof::cli {
namespace {

/// A word for programs and sentences for people.
struct Ending {
    PlanEnd end;
    const char* word;
    const char* sentence;
    const char* inShort; ///< behind the figure of a level
};
constexpr Ending kEndings[] = {
    {PlanEnd::Optimal, "optimal", "optimal: no plan takes less", "optimal"},
    {PlanEnd::CapacityMet, "capacity_met", "the capacity is kept; --capacity left out looks for less",
     "keeps the capacity"},
    {PlanEnd::CapacityImpossible, "capacity_impossible",
     "no plan keeps the capacity, which is proved; this one does not", "no plan keeps the capacity"},
    {PlanEnd::TimeLimit, "time_limit", "the time is over; a larger --time may find less or prove that there is nothing",
     "the time is over"},
    {PlanEnd::TooLarge, "too_large", "too many buffers live at once to be searched exactly; the plan is a good one",
     "too many buffers to be searched exactly"},
    {PlanEnd::SearchLimit, "search_limit", "the search has used up its decisions; the plan is a good one",
     "the search has used up its decisions"},
};

const Ending& endingOf(const MemoryPlan& plan) { return *std::ranges::find(kEndings, plan.end, &Ending::end); }

std::string gapText(const MemoryPlan& plan) {
    const Bytes gap = plan.peak - plan.lowerBound;
    return fmt::format("{} B, {} % of the peak", grouped(gap),
                       percentText(static_cast<double>(gap), static_cast<double>(plan.peak)));
}

/// "80,688 B, optimal" or "80,688 B, at least 80,000 B: the time is over".
std::string levelText(const MemoryPlan& plan) {
    if (plan.isOptimal()) {
        return fmt::format("{} B, optimal", grouped(plan.peak));
    }
    return fmt::format("{} B, at least {} B: {}", grouped(plan.peak), grouped(plan.lowerBound), endingOf(plan).inShort);
}

Bytes peakNow(const RunPlan& plan) { return peakOf(plan.tensors.problem, plan.tensors.offsets); }

/// Why an operator's output cannot lie over its input.
std::string blockerText(const Profile& profile, const OverlayBlocker& blocker) {
    const LayerInfo& layer = profile.layers[static_cast<std::size_t>(blocker.layer)];
    const TensorLife& input = profile.memory.tensors[blocker.input];
    return fmt::format("{} ({}): with half of its output written it still needs {} of the {} bytes of its input; used "
                       "up evenly, that would free {} B{}",
                       layerTitle(layer.id, layer.op, layer.name), shortName(layer.kernel, Short::ScopedFunction),
                       grouped(blocker.heldBytes), grouped(input.sizeBytes), grouped(blocker.frees),
                       blocker.isGroup ? ", all of these together" : "");
}

std::string trialText(const PlanTrial& trial) {
    if (!trial.isApplied) {
        return "the runtime did not take the plan: it does not read OfflineMemoryAllocation";
    }
    return fmt::format("with the plan: {}, {} B with the scratch that the runtime places itself",
                       trial.sameOutput ? "the same output" : "ANOTHER OUTPUT", grouped(trial.peak));
}

std::string layersText(const std::vector<std::int32_t>& layers) {
    constexpr std::size_t kMost = 8;
    return fmt::format("layers {}{}", fmt::join(layers.begin(), layers.begin() + std::min(kMost, layers.size()), ", "),
                       layers.size() > kMost ? fmt::format(" and {} more", layers.size() - kMost) : "");
}

void writeLevel(JsonWriter& json, const MemoryPlan& plan) {
    json.member("size_bytes", plan.peak);
    json.member("lower_bound_bytes", plan.lowerBound);
    json.member("optimal", plan.isOptimal());
    json.member("end", endingOf(plan).word);
    json.member("decisions", plan.nodes);
}

void writeOffsets(JsonWriter& json, const MemoryPlan& plan) {
    json.key("offsets");
    json.beginArray();
    for (const Bytes offset : plan.offsets) {
        json.value(offset);
    }
    json.endArray();
}

void writeLayer(JsonWriter& json, const Profile& profile, std::int32_t id) {
    const LayerInfo& layer = profile.layers[static_cast<std::size_t>(id)];
    json.member("layer", id);
    json.member("op", layer.op);
    json.member("name", layer.name);
    json.member("kernel", layer.kernel);
}

/// `profile` is null where the buffers are not those of a run.
void writeProblem(JsonWriter& json, const PlannedBuffers& planned, const Profile* profile) {
    json.member("schema", "simprof-plan/1");
    json.member("alignment", planned.problem.alignment);
    if (planned.peakNow) {
        json.member("peak_now_bytes", *planned.peakNow);
    }
    json.key("buffers");
    json.beginArray(JsonWriter::Layout::Lines);
    for (const PlannedBuffer& buffer : planned.problem.buffers) {
        json.beginObject();
        json.member("id", buffer.id);
        json.member("lower", buffer.lower);
        json.member("upper", buffer.upper);
        json.member("size", buffer.size);
        if (profile != nullptr) {
            json.member("name", profile->memory.tensors[buffer.id].name);
        }
        json.endObject();
    }
    json.endArray();
    json.key("tensor_level");
    json.beginObject();
    writeLevel(json, planned.plan);
    writeOffsets(json, planned.plan);
    json.endObject();
}

void writeBlockers(JsonWriter& json, const Profile& profile, const RunPlan& plan) {
    json.key("blocked_by");
    json.beginArray();
    for (const OverlayBlocker& blocker : plan.blockedBy) {
        json.beginObject();
        writeLayer(json, profile, blocker.layer);
        json.member("input", profile.memory.tensors[blocker.input].name);
        json.member("output", profile.memory.tensors[blocker.output].name);
        json.member("held_bytes", blocker.heldBytes);
        json.member("frees_bytes", blocker.frees);
        json.member("together", blocker.isGroup);
        json.member("text", blockerText(profile, blocker));
        json.endObject();
    }
    json.endArray();
}

std::uint64_t accessesOf(const RunPlan& plan) {
    return std::accumulate(plan.spread->traffic.begin(), plan.spread->traffic.end(), std::uint64_t{0});
}

/// A line a memory, the most accessed of its tensors named.
std::string spreadText(const Profile& profile, const RunPlan& plan, const std::vector<PlanMemory>& memories) {
    constexpr std::size_t kMost = 3;
    std::string text;
    for (std::size_t memory = 0; memory < memories.size(); ++memory) {
        std::vector<const TensorLife*> tensors;
        for (std::size_t i = 0; i < plan.spread->places.size(); ++i) {
            if (plan.spread->places[i].memory == memory) {
                tensors.push_back(&profile.memory.tensors[plan.tensors.problem.buffers[i].id]);
            }
        }
        std::ranges::stable_sort(tensors, std::ranges::greater{}, &TensorLife::accesses);
        std::string names;
        for (std::size_t i = 0; i < std::min(kMost, tensors.size()); ++i) {
            names += (i == 0 ? ": " : ", ") + tensors[i]->name.substr(0, tensors[i]->name.find(';')); // the fused ones
        }
        const std::string more = tensors.size() > kMost ? fmt::format(" and {} more", tensors.size() - kMost) : "";
        text += fmt::format(
            "{:<14} {} B of {} B, {} % of the accesses, {} tensors{}{}\n", plain(memories[memory].name),
            grouped(plan.spread->peaks[memory]), grouped(memories[memory].capacity),
            percentText(static_cast<double>(plan.spread->traffic[memory]), static_cast<double>(accessesOf(plan))),
            tensors.size(), plain(names), more);
    }
    return text;
}

void writeSpread(JsonWriter& json, const Profile& profile, const RunPlan& plan,
                 const std::vector<PlanMemory>& memories) {
    json.key("memories");
    json.beginArray(JsonWriter::Layout::Lines);
    for (std::size_t memory = 0; memory < memories.size(); ++memory) {
        json.beginObject();
        json.member("name", memories[memory].name);
        json.member("capacity_bytes", memories[memory].capacity);
        json.member("size_bytes", plan.spread->peaks[memory]);
        json.member("accesses", plan.spread->traffic[memory]);
        json.key("tensors");
        json.beginArray();
        for (std::size_t i = 0; i < plan.spread->places.size(); ++i) {
            const TensorLife& tensor = profile.memory.tensors[plan.tensors.problem.buffers[i].id];
            if (plan.spread->places[i].memory == memory) {
                json.beginObject();
                json.member("name", tensor.name);
                json.member("offset", plan.spread->places[i].offset);
                json.member("size_bytes", tensor.sizeBytes);
                json.member("accesses", tensor.accesses);
                json.endObject();
            }
        }
        json.endArray();
        json.endObject();
    }
    json.endArray();
}

void writeEdits(JsonWriter& json, const RunPlan& plan) {
    json.key("edits");
    json.beginArray(JsonWriter::Layout::Lines);
    for (const EditPlan& edit : plan.edits) {
        json.beginObject();
        json.member("what", edit.what);
        json.member("estimate", true);
        json.key("layers");
        json.beginArray();
        for (const std::int32_t layer : edit.layers) {
            json.value(layer);
        }
        json.endArray();
        json.key("tensor_level");
        json.beginObject();
        writeLevel(json, edit.tensorLevel);
        json.endObject();
        if (edit.overlayLevel) {
            json.key("overlay_level");
            json.beginObject();
            writeLevel(json, *edit.overlayLevel);
            json.endObject();
        }
        json.endObject();
    }
    json.endArray();
}

} // namespace

std::string planText(const PlannedBuffers& planned) {
    std::string text = fmt::format("buffers      {}\n", grouped(planned.problem.buffers.size()));
    if (planned.peakNow) {
        text += fmt::format("peak now     {} B\n", grouped(*planned.peakNow));
    }
    text += fmt::format("peak         {} B\n", grouped(planned.plan.peak));
    text += fmt::format("lower bound  {} B\n", grouped(planned.plan.lowerBound));
    if (!planned.plan.isOptimal()) {
        text += fmt::format("gap          {}\n", gapText(planned.plan));
    }
    text += fmt::format("result       {}\n", endingOf(planned.plan).sentence);
    return text + fmt::format("searched     {} decisions\n", grouped(planned.plan.nodes));
}

std::string planJson(const PlannedBuffers& planned) {
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    writeProblem(json, planned, nullptr);
    json.endObject();
    return json.take();
}

std::string planText(const Profile& profile, const RunPlan& plan, const std::vector<PlanMemory>& memories,
                     const std::optional<PlanTrial>& trial) {
    std::string text = fmt::format("buffers        {}\n", grouped(plan.tensors.problem.buffers.size()));
    text += fmt::format("peak now       {} B\n", grouped(peakNow(plan)));
    text += fmt::format("whole tensors  {}\n", levelText(plan.tensorLevel));
    if (plan.overlayLevel) {
        text += fmt::format("byte by byte   {}\n", levelText(*plan.overlayLevel));
    } else {
        text += "byte by byte   not planned: that takes a run with --lives, or the firmware itself\n";
    }
    text += plan.spread ? spreadText(profile, plan, memories) : "";
    for (const OverlayBlocker& blocker : plan.blockedBy) {
        text += fmt::format("blocked by     {}\n", plain(blockerText(profile, blocker)));
    }
    for (const EditPlan& edit : plan.edits) {
        const bool isLess = edit.overlayLevel ? edit.overlayLevel->peak < plan.overlayLevel->peak
                                              : edit.tensorLevel.peak < plan.tensorLevel.peak;
        if (!isLess) {
            continue; // nothing to win
        }
        text += fmt::format("estimate       {} ({}): whole tensors {}{}\n", edit.what, layersText(edit.layers),
                            levelText(edit.tensorLevel),
                            edit.overlayLevel ? "; byte by byte " + levelText(*edit.overlayLevel) : "");
    }
    if (trial) {
        text += fmt::format("run again      {}\n", trialText(*trial));
    }
    return text;
}

std::string planJson(const Profile& profile, const RunPlan& plan, const std::vector<PlanMemory>& memories,
                     const std::optional<PlanTrial>& trial) {
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    writeProblem(json, {plan.tensors.problem, plan.tensorLevel, peakNow(plan)}, &profile);
    if (plan.spread) {
        writeSpread(json, profile, plan, memories);
    }
    if (plan.overlayLevel) {
        json.key("overlay_level");
        json.beginObject();
        writeLevel(json, *plan.overlayLevel);
        writeOffsets(json, *plan.overlayLevel);
        writeBlockers(json, profile, plan);
        json.endObject();
        writeEdits(json, plan);
    }
    if (trial) {
        json.key("trial");
        json.beginObject();
        json.member("applied", trial->isApplied);
        json.member("same_output", trial->sameOutput);
        json.member("size_bytes", trial->peak);
        json.endObject();
    }
    json.endObject();
    return json.take();
}

} // namespace simprof::cli
