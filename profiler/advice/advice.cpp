// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/advice/advice.h"

#include "profiler/advice/knapsack.h"
#include "profiler/advice/remedies.h"
#include "profiler/advice/rules.h"
#include "profiler/analysis/inference_mean.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/text/numbers.h"
#include "profiler/what_if/free_room.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace simprof {

namespace {

constexpr double kWorthSaying = 0.0005; ///< of the time of an inference

/// A timed remedy, and what it takes of which memory.
struct Timed {
    Trial trial;
    std::string memory; ///< "" for a setting
    Bytes bytes = 0;
    bool partOfAll = false;
};

/// The edit with the memory's name where "{}" is.
std::string withMemory(std::string how, const std::string& memory) {
    constexpr std::string_view kPlace = "{}";
    if (const std::size_t at = how.find(kPlace); at != std::string::npos && !memory.empty()) {
        how.replace(at, kPlace.size(), memory);
    }
    return how;
}

std::string quoted(const std::vector<std::string>& whatIf) {
    std::string out;
    for (const std::string& change : whatIf) {
        out += fmt::format(" --what-if '{}'", change);
    }
    return out;
}

Savings savingsOf(const RunCost& plain, const RunCost& changed) {
    return {static_cast<Cycles>(std::max(plain.cycles - changed.cycles, 0.0)), plain.timeUs - changed.timeUs,
            plain.energyUj - changed.energyUj, 0};
}

/// "8.43 % of an inference: 12,654,896 cycles become 11,587,730."
std::string textOf(const RunCost& plain, const RunCost& changed) {
    return fmt::format("{} % less time: {} and {} cycles become {} and {} cycles.",
                       fixed(100 * (plain.timeUs - changed.timeUs) / std::max(plain.timeUs, 1e-9), 2),
                       humanTime(plain.timeUs), fixed(plain.cycles, 0), humanTime(changed.timeUs),
                       fixed(changed.cycles, 0));
}

class Adviser {
public:
    explicit Adviser(FirmwareRun& run)
        : m_run(run)
        , m_mcu(*run.board().mcu)
        , m_plain(costOf(run.plain())) {}

    Advice advise() {
        for (const Remedy& remedy : remediesOf(m_run)) {
            time(remedy);
        }
        std::ranges::stable_sort(m_timed, std::greater(),
                                 [](const Timed& one) { return one.trial.finding.saves->timeUs; });
        Advice advice{m_plain, {}, {}, {}, adviceRules(m_run.plain())};
        combine(advice);
        for (Timed& one : m_timed) {
            advice.timed.push_back(std::move(one.trial));
        }
        return advice;
    }

private:
    /// The run with the first of the changes that the board can do.
    void time(const Remedy& remedy) {
        for (const std::string& change : remedy.changes) {
            const std::vector<std::string> whatIf{remedy.select.empty() ? change : remedy.select + "=" + change};
            try {
                add(remedy, whatIf, m_run.changed(whatIf));
                return;
            } catch (const Error&) { // it has no such memory, or no room there, or no such setting
                continue;
            }
        }
    }

    void add(const Remedy& remedy, const std::vector<std::string>& whatIf, const Profile& changed) {
        const RunCost cost = costOf(changed);
        if (m_plain.timeUs - cost.timeUs < kWorthSaying * m_plain.timeUs) {
            return;
        }
        const WhatIfChange& change = changed.whatIf->changes.front();
        Finding finding;
        finding.title = change.memory.empty() ? remedy.title : remedy.title + " in " + change.memory;
        finding.target = remedy.target;
        finding.severity = Severity::Advice;
        finding.text = textOf(m_plain, cost);
        finding.saves = savingsOf(m_plain, cost);
        finding.cost = change.bytes == 0 ? "" : fmt::format("{} B of {}", grouped(change.bytes), change.memory);
        finding.how = withMemory(remedy.how, change.memory);
        finding.proof = "simprof FIRMWARE" + quoted(whatIf);
        m_timed.push_back({{finding, whatIf}, change.memory, change.bytes, remedy.partOfAll});
    }

    /// What fits together: as many of the placements as the memories hold, with all weights in one memory or those of
    /// some layers, whichever gains more; and the settings that help.
    void combine(Advice& advice) {
        const WhatIfFacts facts = m_run.facts();
        const FreeRoom room(facts.used);
        std::vector<Bytes> capacities;
        for (const MemoryDesc& memory : m_mcu.memories) {
            capacities.push_back(room.largest(memory.range));
        }
        Filling best = fill(capacities, true);
        if (Filling parts = fill(capacities, false); parts.gain > best.gain) {
            best = std::move(parts);
        }
        std::vector<const Timed*> chosen;
        for (std::size_t i = 0; i < m_timed.size(); ++i) {
            if (best.places[i] || (m_timed[i].memory.empty() && isFirstOfItsSetting(i))) {
                chosen.push_back(&m_timed[i]);
            } else if (best.items[i].gain > 0) {
                advice.leftOut.push_back(
                    fmt::format("{} ({})", m_timed[i].trial.finding.title, m_timed[i].trial.finding.cost));
            }
        }
        together(chosen, advice);
    }

    /// What lies in which memory, and what that gains if savings add up.
    struct Filling {
        std::vector<KnapsackItem> items;
        std::vector<std::optional<std::size_t>> places;
        double gain = 0;
    };
    Filling fill(const std::vector<Bytes>& capacities, bool allWeights) const {
        Filling filling;
        for (const Timed& one : m_timed) {
            const auto memory = std::ranges::find(m_mcu.memories, one.memory, &MemoryDesc::name);
            const bool whole = one.trial.whatIf.front().starts_with("weights=");
            const bool isMeant = memory != m_mcu.memories.end() && (allWeights ? !one.partOfAll : !whole);
            KnapsackItem item{0, one.bytes + FreeRoom::kModulo, {}};
            if (isMeant) {
                item.gain = one.trial.finding.saves->timeUs;
                item.bins = {static_cast<std::size_t>(memory - m_mcu.memories.begin())};
            }
            filling.items.push_back(item);
        }
        filling.places = fillKnapsack(filling.items, capacities);
        for (std::size_t i = 0; i < filling.items.size(); ++i) {
            filling.gain += filling.places[i] ? filling.items[i].gain : 0;
        }
        return filling;
    }

    /// Another setting of the same kind helps more.
    bool isFirstOfItsSetting(std::size_t index) const {
        const auto kindOf = [](const Timed& one) {
            const std::string& text = one.trial.whatIf.front();
            return text.substr(0, text.find('='));
        };
        for (std::size_t i = 0; i < index; ++i) {
            if (kindOf(m_timed[i]) == kindOf(m_timed[index])) {
                return false;
            }
        }
        return true;
    }

    void together(const std::vector<const Timed*>& chosen, Advice& advice) {
        if (chosen.size() < 2) {
            return;
        }
        Trial trial;
        std::vector<std::string> titles;
        std::map<std::string, Bytes> taken;
        for (const Timed* one : chosen) {
            trial.whatIf.insert(trial.whatIf.end(), one->trial.whatIf.begin(), one->trial.whatIf.end());
            titles.push_back(one->trial.finding.title);
            if (!one->memory.empty()) {
                taken[one->memory] += one->bytes;
            }
        }
        std::optional<Profile> changed;
        try {
            changed = m_run.changed(trial.whatIf);
        } catch (const Error&) { // pieces of a memory that do not fit beside each other
            return;
        }
        const RunCost cost = costOf(*changed);
        std::vector<std::string> costs;
        for (const auto& [memory, bytes] : taken) {
            costs.push_back(fmt::format("{} B of {}", grouped(bytes), memory));
        }
        trial.finding = {"together",
                         "run",
                         Severity::Advice,
                         textOf(m_plain, cost) + fmt::format(" That is: {}.", fmt::join(titles, "; ")),
                         savingsOf(m_plain, cost),
                         fmt::format("{}", fmt::join(costs, ", ")),
                         "all of these edits",
                         "simprof FIRMWARE" + quoted(trial.whatIf)};
        if (!advice.leftOut.empty()) {
            trial.finding.text += fmt::format(" Left out for want of room: {}.", fmt::join(advice.leftOut, "; "));
        }
        advice.together = std::move(trial);
    }

    FirmwareRun& m_run;
    const McuDesc& m_mcu;
    RunCost m_plain;
    std::vector<Timed> m_timed;
};

} // namespace

RunCost costOf(const Profile& profile) {
    RunCost cost;
    for (std::size_t network = 0; network < networksThatRan(profile); ++network) {
        const InferenceMean mean = inferenceMean(profile, network);
        cost.cycles += mean.cycles;
        cost.timeUs += mean.timeUs;
        cost.energyUj += mean.energyUj;
    }
    if (cost.cycles == 0) {
        cost = {static_cast<double>(profile.totals.cycles), profile.totals.timeUs, profile.totals.energyUj};
    }
    return cost;
}

Advice advise(FirmwareRun& run) { return Adviser(run).advise(); }

Advice adviseFrom(const Profile& profile) { return {costOf(profile), {}, {}, {}, adviceRules(profile)}; }

Bytes sramTaken(const Profile& profile) {
    Bytes taken = profile.memory.staticBytes;
    taken += std::max(profile.memory.stack.sizeBytes, profile.memory.stack.highWaterBytes);
    return taken + profile.memory.heap.highWaterBytes;
}

std::optional<Finding> fitMemory(const Profile& profile, const Advice& advice, Bytes bytes) {
    const Bytes taken = sramTaken(profile);
    Bytes left = taken;
    std::vector<const Finding*> order;
    for (const Finding& finding : advice.untimed) {
        if (finding.saves && finding.saves->bytes != 0) {
            order.push_back(&finding);
        }
    }
    std::ranges::stable_sort(order, std::greater(), [](const Finding* finding) { return finding->saves->bytes; });
    std::vector<std::string> titles;
    for (const Finding* finding : order) {
        if (left > bytes) {
            left -= std::min(left, finding->saves->bytes);
            titles.push_back(finding->title);
        }
    }
    if (left > bytes || titles.empty()) {
        return std::nullopt;
    }
    return Finding{
        fmt::format("{} B of SRAM", grouped(bytes)), "run", Severity::Advice,
        fmt::format("{} B become {} B. That is: {}.", grouped(taken), grouped(left), fmt::join(titles, "; ")),
        Savings{0, 0, 0, taken - left}};
}

std::optional<Trial> fitTime(FirmwareRun& run, const Advice& advice, double microseconds) {
    if (advice.plain.timeUs <= microseconds) {
        return std::nullopt;
    }
    // Settings cost no memory; then what saves most a change.
    std::vector<const Trial*> order;
    for (const Trial& trial : advice.timed) {
        order.push_back(&trial);
    }
    std::ranges::stable_sort(order, {}, [](const Trial* trial) { return trial->finding.cost.empty() ? 0 : 1; });
    Trial fit;
    std::vector<std::string> titles;
    for (const Trial* trial : order) {
        std::vector<std::string> more = fit.whatIf;
        more.insert(more.end(), trial->whatIf.begin(), trial->whatIf.end());
        try {
            const RunCost cost = costOf(run.changed(more));
            fit.whatIf = more;
            titles.push_back(trial->finding.title);
            fit.finding.saves = savingsOf(advice.plain, cost);
            fit.finding.text = textOf(advice.plain, cost) + fmt::format(" That is: {}.", fmt::join(titles, "; "));
            if (cost.timeUs <= microseconds) {
                fit.finding.title = fmt::format("{} an inference", humanTime(microseconds));
                fit.finding.target = "run";
                fit.finding.severity = Severity::Advice;
                fit.finding.proof = "simprof FIRMWARE" + quoted(more);
                return fit;
            }
        } catch (const Error&) { // contradicts one that saves more, or has no room beside it
            continue;
        }
    }
    return std::nullopt;
}

} // namespace simprof
