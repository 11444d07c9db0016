// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/energy/state_uses.h"

#include "profiler/analysis/cycle_time.h"
#include "profiler/energy/currents.h"
#include "profiler/energy/energy.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace simprof {

namespace {

bool hasClock(PowerState state) { return state == PowerState::Run || state == PowerState::Sleep; }

void setCurrent(StateUse& use, const SupplyPoint& supply) {
    const Current current = currentOf(supply, use.state, use.setting, static_cast<double>(use.clockHz) * 1e-6);
    use.microamp = current.microamp;
    use.lowMicroamp = current.low;
    use.highMicroamp = current.high;
    use.source = current.source;
}

StateUse& useOf(std::vector<StateUse>& uses, PowerState state, const std::string& setting, Hertz clock) {
    const auto found = std::ranges::find_if(uses, [&](const StateUse& use) {
        return use.state == state && use.setting == setting && use.clockHz == clock;
    });
    if (found != uses.end()) {
        return *found;
    }
    StateUse use;
    use.state = state;
    use.setting = setting;
    use.clockHz = clock;
    uses.push_back(std::move(use));
    return uses.back();
}

std::vector<StateUse> usesOfSpans(const Profile& profile) {
    std::vector<StateUse> uses;
    const CycleTime time(profile);
    ClocksInOrder clocks(profile);
    for (const PowerSpan& span : profile.power) { // in order of time
        const Hertz clock = clocks.at(span.startCycle);
        StateUse& use = useOf(uses, span.state, span.setting, hasClock(span.state) ? clock : 0);
        use.cycles += span.cycles;
        use.timeUs += time.microseconds(span.startCycle + span.cycles) - time.microseconds(span.startCycle);
        ++use.entries;
    }
    return uses;
}

/// Waits beyond those that are kept look like running ones in the spans.
void addWaitsLeftOut(std::vector<StateUse>& uses, const Profile& profile) {
    const auto owner = std::ranges::find(profile.owners, kSleepOwner, &Owner::name);
    Cycles kept = 0;
    for (const StateUse& use : uses) {
        kept += use.state == PowerState::Run ? 0 : use.cycles;
    }
    if (owner == profile.owners.end() || kept == 0 || owner->cycles <= kept) {
        return;
    }
    const double factor = static_cast<double>(owner->cycles) / static_cast<double>(kept);
    auto running = std::ranges::max_element(
        uses, {}, [](const StateUse& use) { return use.state == PowerState::Run ? use.cycles : 0; });
    for (StateUse& use : uses) {
        if (use.state == PowerState::Run) {
            continue;
        }
        const auto cycles = static_cast<Cycles>(std::llround(static_cast<double>(use.cycles) * factor));
        const double timeUs = use.timeUs * factor;
        running->cycles -= std::min(running->cycles, cycles - use.cycles);
        running->timeUs = std::max(0.0, running->timeUs - (timeUs - use.timeUs));
        use.entries = static_cast<std::uint64_t>(std::llround(static_cast<double>(use.entries) * factor));
        use.cycles = cycles;
        use.timeUs = timeUs;
    }
}

/// Sleep at the clock of the inferences, and every deep state of the supply.
void addPossible(std::vector<StateUse>& uses, const Profile& profile, const SupplyPoint& supply) {
    useOf(uses, PowerState::Sleep, runSetting(profile), profile.board.clockHz);
    if (supply.stopMicroamp) {
        useOf(uses, PowerState::Stop, "", 0);
    }
    for (const CurrentRow& row : supply.currents) {
        if (!hasClock(row.state)) {
            useOf(uses, row.state, row.setting, 0);
        }
    }
}

} // namespace

std::vector<StateUse> stateUses(const Profile& profile, const SupplyPoint& supply) {
    std::vector<StateUse> uses = usesOfSpans(profile);
    addWaitsLeftOut(uses, profile);
    std::ranges::stable_sort(uses, std::ranges::greater{}, &StateUse::timeUs);
    addPossible(uses, profile, supply);
    for (StateUse& use : uses) {
        setCurrent(use, supply);
    }
    return uses;
}

Waiting waitingState(const Profile& profile) {
    const StateUse* longest = nullptr;
    const StateUse* least = nullptr;
    for (const StateUse& use : profile.powerStates) {
        if (use.state != PowerState::Run && use.cycles != 0 && (longest == nullptr || use.timeUs > longest->timeUs)) {
            longest = &use;
        }
        const bool keepsMemory = use.state == PowerState::Sleep || use.state == PowerState::Stop;
        if (keepsMemory && use.microamp && (least == nullptr || *use.microamp < *least->microamp)) {
            least = &use;
        }
    }
    if (longest != nullptr) {
        return {*longest, "as the firmware does"};
    }
    if (least != nullptr) {
        return {*least, "which this firmware never enters: the least documented state that keeps its memory"};
    }
    return {runningState(profile), "as no current of a waiting core is documented"};
}

Waiting waitingState(const Profile& profile, const std::string& named) {
    if (named.empty()) {
        return waitingState(profile);
    }
    const std::size_t colon = named.find(':');
    const std::string state = named.substr(0, colon);
    std::string known;
    if (state == nameOf(PowerState::Run)) {
        return {runningState(profile), "as asked"};
    }
    const StateUse* found = nullptr;
    for (const StateUse& use : profile.powerStates) {
        if (use.state == PowerState::Run) {
            continue;
        }
        const std::string full = nameOf(use.state) + (use.setting.empty() ? "" : ":" + use.setting);
        known += ", " + full;
        const bool fits = full == named || (colon == std::string::npos && state == nameOf(use.state));
        if (fits && (found == nullptr || (!found->microamp && use.microamp))) {
            found = &use;
        }
    }
    if (found == nullptr) {
        throw Error(
            fmt::format("--between: no current of '{}' is documented for this supply; there are run{}", named, known));
    }
    return {*found, "as asked"};
}

StateUse runningState(const Profile& profile) {
    const std::string setting = runSetting(profile);
    const StateUse* best = nullptr;
    for (const StateUse& use : profile.powerStates) {
        if (use.state != PowerState::Run) {
            continue;
        }
        const bool fits = use.setting == setting && use.clockHz == profile.board.clockHz;
        if (best == nullptr || fits) {
            best = &use;
        }
    }
    return best != nullptr ? *best : StateUse{};
}

double energyOf(const StateUse& use, double volts) { return volts * use.microamp.value_or(0) * use.timeUs * 1e-6; }

std::string describeState(const StateUse& use) {
    return fmt::format("{}{}{}", nameOf(use.state), use.setting.empty() ? "" : fmt::format(" ({})", use.setting),
                       use.clockHz == 0 ? "" : " at " + humanFrequency(use.clockHz));
}

} // namespace simprof
