// SPDX-License-Identifier: GPL-2.0-or-later
/// Parts of the M7's timeline with times of their own: the results of the FPU, and the memories behind the caches.
#pragma once
#include "sim_core/timing/axi_front.h"
#include "sim_core/timing/cortex_m7_ops.h"
#include "sim_core/timing/cortex_m7_state.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace simprof {

/// Calls `visit` with the number of each bit that is set, lowest first.
template<class Visit>
void forEachBit(std::uint32_t mask, Visit&& visit) {
    for (; mask != 0; mask &= mask - 1) {
        visit(static_cast<std::size_t>(std::countr_zero(mask)));
    }
}

/// When each FP register can be used, by what uses it.
class M7FpResults {
public:
    explicit M7FpResults(const M7State& state)
        : m_macUntil(state.fpMacUntil)
        , m_busy(state.fpBusy) {
        for (std::size_t r = 0; r < m_ready.size(); ++r) {
            m_ready[r] = state.fpReady[r];
            m_accumulate[r] = state.fpAccumulate[r];
            m_store[r] = state.fpStore[r];
        }
    }

    /// The first cycle in which the FP operands are there in time.
    int operandsReady(const DecodedInsn& d) const {
        int at = m_busy;
        const bool stores = d.store && d.accessCount != 0;
        forEachBit(d.fpReads & ~d.fpAccumulators,
                   [&](std::size_t s) { at = std::max(at, stores ? m_store[s] : m_ready[s]); });
        forEachBit(d.fpAccumulators, [&](std::size_t s) { at = std::max(at, m_accumulate[s]); });
        const bool heldByMac = (d.kind == InsnClass::FpAlu && d.fpWrites != 0) || d.kind == InsnClass::FpLoadMultiple ||
                               d.kind == InsnClass::FpStoreMultiple || (d.accessCount != 0 && d.accessSize == 8);
        return heldByMac ? std::max(at, m_macUntil) : at;
    }

    /// Latencies by producer and consumer (J, fpu single precision).
    void results(const DecodedInsn& d, const M7Op& op, int at) {
        int operand = 3, accumulate = 3, store = 1;
        switch (d.kind) {
        case InsnClass::FpMac:
            operand = 5;
            store = 3;
            m_macUntil = at + op.cycles - 1 + 4;
            break;
        case InsnClass::FpDivide:
        case InsnClass::FpSqrt: operand = accumulate = store = 1; break;
        case InsnClass::FpLoad:
        case InsnClass::FpLoadMultiple: operand = store = 1; break;
        case InsnClass::FpMoveCore: store = 3; break;
        default: break;
        }
        const int end = at + op.cycles - 1;
        forEachBit(d.fpWrites, [&](std::size_t s) {
            m_ready[s] = end + operand;
            m_accumulate[s] = end + accumulate;
            m_store[s] = end + store;
        });
    }

    /// Writes the times into `exit`, each as `relative` makes it.
    template<class Relative>
    void leave(M7State& exit, Relative&& relative) const {
        for (std::size_t s = 0; s < m_ready.size(); ++s) {
            exit.fpReady[s] = relative(m_ready[s]);
            exit.fpAccumulate[s] = relative(m_accumulate[s]);
            exit.fpStore[s] = relative(m_store[s]);
        }
        exit.fpMacUntil = relative(m_macUntil);
        exit.fpBusy = relative(m_busy);
    }

private:
    std::array<int, 32> m_ready{}, m_accumulate{}, m_store{};
    int m_macUntil;
    int m_busy;
};

/// The memories behind the caches and the line-fill buffers of stores.
class M7MemoryPorts {
public:
    M7MemoryPorts(const std::vector<AxiSystem>& systems, const M7State& state)
        : m_systems(systems)
        , m_fills{state.fillDone[0], state.fillDone[1]} {
        for (std::size_t i = 0; i < m_busy.size(); ++i) {
            m_busy[i] = state.memoryBusy[i];
        }
    }

    /// A line fill or uncached read that reaches `memory` in cycle `at`: cycles until the first 64 bits are back.
    int latency(std::size_t memory, int at, bool wholeLine) {
        if (memory >= m_systems.size()) {
            return 0;
        }
        const AxiSystem& system = m_systems[memory];
        const int start = std::max(at, m_busy[memory]);
        m_busy[memory] = start + (wholeLine ? std::max(system.lineBusy(), system.access()) : system.access());
        return start - at + static_cast<int>(system.row->interconnect) + system.access();
    }

    /// A store miss allocates behind the core's back, unless both line-fill buffers are taken.
    int backgroundFill(std::size_t memory, int at) {
        int& oldest = m_fills[0] <= m_fills[1] ? m_fills[0] : m_fills[1];
        const int wait = std::max(0, oldest - at);
        oldest = at + wait + latency(memory, at + wait, true) + 3 * static_cast<int>(m_systems[memory].row->beatCycles);
        return wait;
    }

    /// Writes into `exit` how long after `end` they are busy.
    void leave(M7State& exit, int end) const {
        for (std::size_t m = 0; m < m_busy.size(); ++m) {
            exit.memoryBusy[m] = static_cast<std::int16_t>(std::clamp(m_busy[m] - end, 0, 1000));
        }
        for (std::size_t b = 0; b < m_fills.size(); ++b) {
            exit.fillDone[b] = static_cast<std::int16_t>(std::clamp(m_fills[b] - end, 0, 1000));
        }
    }

private:
    const std::vector<AxiSystem>& m_systems;
    std::array<int, 4> m_busy{};
    std::array<int, 2> m_fills{};
};

} // namespace simprof
