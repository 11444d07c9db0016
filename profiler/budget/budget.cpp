// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/budget/budget.h"

#include "profiler/analysis/network_slice.h"
#include "profiler/files.h"
#include "profiler/json/reader.h"
#include "profiler/report/suggest.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <algorithm>
#include <fmt/format.h>
#include <span>
#include <utility>

namespace simprof {
namespace {

constexpr const char* kBudgetSchema = "simprof-budget/1";

/// Amounts that a section of a budget can limit.
template<class Subject>
struct Metric {
    const char* name;
    double (*of)(const Subject&);
};

template<class T>
double number(T value) {
    return static_cast<double>(value);
}

double sramBytes(const Profile& p) {
    Bytes bytes = 0;
    for (const SramOwner& owner : p.memory.sram) {
        bytes += owner.use == SramUse::Untouched ? 0 : owner.bytes;
    }
    return number(bytes);
}

double imageBytes(const Profile& p) {
    Bytes bytes = 0;
    for (const MemoryRegion& region : p.memory.regions) {
        bytes += region.imageBytes;
    }
    return number(bytes);
}

const Arena& arenaOf(const Profile& p) {
    if (!p.memory.arena) {
        throw Error("the budget limits the arena, but the profile has none: no network was recognised");
    }
    return *p.memory.arena;
}

constexpr Metric<Profile> kTotal[] = {
    {"cycles", [](const Profile& p) { return number(p.totals.cycles); }},
    {"instructions", [](const Profile& p) { return number(p.totals.instructions); }},
    {"time_us", [](const Profile& p) { return p.totals.timeUs; }},
    {"energy_uj", [](const Profile& p) { return p.totals.energyUj; }},
};

constexpr Metric<Profile> kMemory[] = {
    {"arena_size_bytes", [](const Profile& p) { return number(arenaOf(p).sizeBytes); }},
    {"arena_needed_bytes", [](const Profile& p) { return number(arenaOf(p).neededBytes); }},
    {"arena_used_bytes", [](const Profile& p) { return number(arenaOf(p).usedBytes); }},
    {"arena_peak_live_bytes", [](const Profile& p) { return number(arenaOf(p).peakLiveBytes); }},
    {"stack_bytes", [](const Profile& p) { return number(p.memory.stack.highWaterBytes); }},
    {"heap_bytes", [](const Profile& p) { return number(p.memory.heap.highWaterBytes); }},
    {"static_bytes", [](const Profile& p) { return number(p.memory.staticBytes); }},
    {"sram_bytes", sramBytes},
    {"image_bytes", imageBytes},
};

/// A layer with the number of times it ran: its limits hold for one run.
constexpr Metric<LayerInfo> kLayer[] = {
    {"cycles", [](const LayerInfo& l) { return number(l.cycles) / std::max<double>(1, l.calls); }},
    {"time_us", [](const LayerInfo& l) { return l.timeUs / std::max<double>(1, l.calls); }},
    {"energy_uj", [](const LayerInfo& l) { return l.energyUj / std::max<double>(1, l.calls); }},
    {"sram_peak_bytes", [](const LayerInfo& l) { return number(l.sramPeakBytes); }},
    {"scratch_bytes", [](const LayerInfo& l) { return number(l.scratchBytes); }},
};

/// The slowest inference counts.
constexpr Metric<Profile> kInference[] = {
    {"cycles",
     [](const Profile& p) {
         Cycles most = 0;
         for (const Inference& inference : p.inferences) {
             most = std::max(most, inference.cycles);
         }
         return number(most);
     }},
    {"time_us",
     [](const Profile& p) { return p.board.clockHz == 0 ? 0 : kInference[0].of(p) * 1e6 / number(p.board.clockHz); }},
    {"energy_uj",
     [](const Profile& p) {
         double most = 0;
         for (const Inference& inference : p.inferences) {
             most = std::max(most, inference.energyUj);
         }
         return most;
     }},
};

template<class Subject>
const Metric<Subject>* findMetric(std::span<const Metric<Subject>> metrics, std::string_view name) {
    const auto found = std::find_if(metrics.begin(), metrics.end(),
                                    [&](const Metric<Subject>& metric) { return name == metric.name; });
    return found == metrics.end() ? nullptr : &*found;
}

template<class Subject>
std::string namesOf(std::span<const Metric<Subject>> metrics) {
    std::string names;
    for (const Metric<Subject>& metric : metrics) {
        names += (names.empty() ? "" : ", ") + std::string(metric.name);
    }
    return names;
}

std::span<const Metric<Profile>> metricsOf(std::string_view section) {
    if (section == "total") {
        return kTotal;
    }
    return section == "inference" ? std::span<const Metric<Profile>>(kInference)
                                  : std::span<const Metric<Profile>>(kMemory);
}

/// Reads `{"metric": number, …}` of one section or layer.
template<class Subject>
void readLimits(JsonValue object, const std::string& path, BudgetLimit limit, std::span<const Metric<Subject>> metrics,
                Budget& budget) {
    if (object.type() != JsonType::Object) {
        throw Error(fmt::format("{} is {} where an object of limits is expected", path, jsonTypeName(object.type())));
    }
    for (JsonValue key = object.first(); !key.isEndOf(object); key = key.next().next()) {
        limit.metric = key.asString();
        if (findMetric(metrics, limit.metric) == nullptr) {
            throw Error(fmt::format("{} limits '{}', which is none of {}", path, limit.metric, namesOf(metrics)));
        }
        const auto value = key.next().asDouble();
        if (!value || *value < 0) {
            throw Error(fmt::format("{}.{} is no number from 0", path, limit.metric));
        }
        limit.limit = *value;
        budget.limits.push_back(limit);
    }
}

void readSection(const std::string& name, JsonValue value, Budget& budget) {
    if (name == "layers") {
        if (value.type() != JsonType::Object) {
            throw Error(fmt::format("layers is {} where an object of layers is expected", jsonTypeName(value.type())));
        }
        for (JsonValue key = value.first(); !key.isEndOf(value); key = key.next().next()) {
            const std::string layer = key.asString();
            readLimits<LayerInfo>(key.next(), "layers." + layer, {name, layer, "", 0}, kLayer, budget);
        }
    } else if (name == "total" || name == "inference" || name == "memory") {
        readLimits<Profile>(value, name, {name, "", "", 0}, metricsOf(name), budget);
    } else if (name == "board" && value.type() == JsonType::String) {
        budget.board = value.asString();
    } else if (name != "schema") {
        throw Error(fmt::format(
            "'{}' is no section of a budget: it is one of schema, board, total, inference, memory, layers", name));
    }
}

bool names(const BudgetLimit& limit, const LayerInfo& layer) {
    return limit.layer == "*" || limit.layer == layer.name || limit.layer == shortName(layer.name, Short::Tensor) ||
           limit.layer == layer.op || limit.layer == fmt::format("{}", layer.id);
}

void checkLayers(const BudgetLimit& limit, const Profile& now, std::vector<Check>& out) {
    const auto* metric = findMetric<LayerInfo>(kLayer, limit.metric);
    bool found = false;
    for (const LayerInfo& layer : now.layers) {
        if (!names(limit, layer)) {
            continue;
        }
        found = true;
        Check check;
        check.where = layerTitle(layer.id, layer.op, layer.name);
        check.metric = limit.metric;
        check.layer = layer.id;
        check.limit = limit.limit;
        check.measured = metric->of(layer);
        out.push_back(std::move(check));
    }
    if (!found && limit.layer != "*") {
        std::vector<std::string> names;
        for (const LayerInfo& layer : now.layers) {
            names.insert(names.end(), {layer.op, shortName(layer.name, Short::Tensor)});
        }
        throw Error(
            fmt::format("the budget limits layer '{}', but the network has no layer of that name, operator or number{}",
                        limit.layer, didYouMean(limit.layer, names)));
    }
}

Check checkOf(const BudgetLimit& limit, const Profile& now, std::string where) {
    Check check;
    check.where = std::move(where);
    check.metric = limit.metric;
    check.limit = limit.limit;
    check.measured = findMetric<Profile>(metricsOf(limit.section), limit.metric)->of(now);
    return check;
}

} // namespace

Budget parseBudget(std::string_view text) {
    const JsonDocument document(text);
    const JsonValue root = document.root();
    if (root.type() != JsonType::Object) {
        throw Error("a budget is a JSON object");
    }
    bool schema = false;
    Budget budget;
    for (JsonValue key = root.first(); !key.isEndOf(root); key = key.next().next()) {
        if (key.equals("schema")) {
            schema = key.next().equals(kBudgetSchema);
        }
        readSection(key.asString(), key.next(), budget);
    }
    if (!schema) {
        throw Error(fmt::format("not a budget: its \"schema\" is not \"{}\"", kBudgetSchema));
    }
    if (budget.limits.empty()) {
        throw Error("the budget limits nothing");
    }
    return budget;
}

Budget readBudget(const std::filesystem::path& path) {
    const std::string text = readFile(path);
    try {
        return parseBudget(text);
    } catch (const Error& error) {
        throw Error(fmt::format("'{}': {}", path.string(), error.what()));
    }
}

GateResult checkBudget(const Budget& budget, const Profile& now) {
    if (!budget.board.empty() && budget.board != now.board.name) {
        throw Error(
            fmt::format("the budget is for the board {}, but the profile is of {}", budget.board, now.board.name));
    }
    std::vector<Profile> networks; // each alone
    for (std::size_t i = 0; i < networksThatRan(now); ++i) {
        networks.push_back(ofNetwork(now, i));
    }
    GateResult result;
    for (const BudgetLimit& limit : budget.limits) {
        if (limit.section == "layers") {
            checkLayers(limit, now, result.checks);
            continue;
        }
        if (limit.section == "inference" && now.inferences.empty()) {
            throw Error("the budget limits an inference, but the profile has none");
        }
        const bool ofOne = limit.section == "inference" || limit.metric.starts_with("arena_");
        if (ofOne && networks.size() > 1) {
            for (std::size_t i = 0; i < networks.size(); ++i) {
                result.checks.push_back(
                    checkOf(limit, networks[i], fmt::format("{} of {}", limit.section, networkTitle(now, i))));
            }
        } else {
            result.checks.push_back(checkOf(limit, now, limit.section));
        }
    }
    addChecks(result, {});
    return result;
}

} // namespace simprof
