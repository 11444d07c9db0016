// SPDX-License-Identifier: GPL-2.0-or-later
/// What the cores behind a flash interface (M0, M0+, M4) have in common as models of the memo engine.
#pragma once
#include "sim_core/timing/flash_port.h"

#include <string>
#include <utility>
#include <vector>

namespace simprof {

/// `CoreState` holds the interface's state as `port`; `neighbours`: see FlashFront::observeData.
template<class CoreState, bool neighbours>
class FlashCore {
public:
    using State = CoreState;
    using Plan = FlashPlan;
    using Footprint = FetchFootprint;

    template<bool update>
    std::uint64_t observe(const Block& block, Plan& plan, const Accesses& accesses, Address, Situation& situation) {
        const std::uint64_t fetch = m_front.observeFetch(plan, situation.taken);
        const std::uint64_t data = m_front.observeData<update, neighbours>(block, plan.data, accesses);
        return data == 0 ? fetch : mixHash(fetch, data);
    }
    void describe(const Plan& plan, const State& state, Situation& situation) const {
        m_front.describe(plan, state.port.buffer, situation);
    }
    static State flushed(const State& state) {
        State empty;
        empty.port.buffer = state.port.buffer;
        return empty;
    }
    static void forgetCode(State& state) { state.port.buffer = {}; }
    State enter(const State& exit, const Plan& plan) const {
        State state = exit;
        state.port = exit.port.enter(plan);
        return state;
    }
    static Footprint footprint(const TimelineResult<State>& result) { return result.footprint; }
    void commit(const Block&, const Plan& plan, const Footprint& footprint) { m_front.commitFetch(plan, footprint); }

    bool setMemory(const std::string& timing, const MemorySettings& settings) { return m_front.set(timing, settings); }
    bool setL1(const L1Settings&) { return false; }
    bool setCachePolicies(std::vector<CachePolicy>) { return false; }
    void invalidateCaches(bool instruction, bool data) { m_front.invalidate(instruction, data); }
    std::vector<std::string> assumptions() const { return m_front.assumptions(); }

protected:
    explicit FlashCore(const McuDesc& mcu)
        : m_front(mcu) {}

    FlashFront m_front;
};

} // namespace simprof
