// SPDX-License-Identifier: GPL-2.0-or-later
/// Parts of the M4's timeline that remember what was executed before: results of the FPU, and loads.
#pragma once
#include "sim_core/decode/decoder.h"
#include "sim_core/timing/cortex_m4_state.h"

#include <algorithm>
#include <cstdint>

namespace simprof {

/// The last result of the FPU and its divider; both work beside the integer pipeline.
class M4FpResults {
public:
    explicit M4FpResults(const M4State& state)
        : m_registers(state.fpResult)
        , m_compared(state.fpCompared)
        , m_resultAt(state.fpResultAt)
        , m_busyUntil(state.fpBusy) {}

    /// Cycles that an FP instruction, ready at `start`, waits for them.
    int wait(const DecodedInsn& d, int start) const {
        int wait = std::max(0, m_busyUntil - start);
        if ((d.fpReads & ~d.fpAccumulators & m_registers) != 0) {
            wait = std::max(wait, m_resultAt - start);
        }
        if (d.setsFlags && d.kind == InsnClass::FpMoveCore && m_compared) {
            wait = std::max(wait, m_resultAt - start);
        }
        return wait;
    }

    /// An FP instruction ran from `start` to `end`; a divide or square root takes `divide` cycles.
    void note(const DecodedInsn& d, int start, int end, int divide) {
        m_registers = d.accessCount == 0 ? d.fpWrites : 0;
        m_compared = d.kind == InsnClass::FpAlu && d.fpWrites == 0;
        m_resultAt = end + 1;
        if (d.kind == InsnClass::FpDivide || d.kind == InsnClass::FpSqrt) {
            m_busyUntil = start + divide;
            m_resultAt = m_busyUntil;
        }
    }

    /// Writes into `exit` what is not over at `end`, each time as `relative` makes it.
    template<class Relative>
    void leave(M4State& exit, int end, Relative&& relative) const {
        exit.fpBusy = std::max<std::int16_t>(relative(m_busyUntil), 0);
        if (m_resultAt > end) {
            exit.fpResult = m_registers;
            exit.fpCompared = m_compared;
            exit.fpResultAt = relative(m_resultAt);
        }
    }

private:
    std::uint32_t m_registers; ///< that it wrote
    bool m_compared;           ///< it was a comparison, which writes the flags
    int m_resultAt;
    int m_busyUntil; ///< a divide or square root runs so long
};

/// Is a load right before, and behind another?
class M4Loads {
public:
    explicit M4Loads(const M4State& state)
        : m_before(state.loadBefore)
        , m_run(state.loadRun)
        , m_storeBefore(state.storeBefore)
        , m_loaded(state.loaded) {}

    bool before() const { return m_before; }
    /// That load was itself behind another.
    bool run() const { return m_run; }
    /// A store of one register came just before.
    bool storeBefore() const { return m_storeBefore; }
    /// Registers that the load just before wrote.
    std::uint16_t loaded() const { return m_loaded; }

    void note(const DecodedInsn& d, bool present) {
        const bool load = d.kind == InsnClass::Load && present && !d.loadsPc;
        m_run = load && m_before;
        m_before = load;
        m_storeBefore = d.kind == InsnClass::Store && present;
        m_loaded = load ? static_cast<std::uint16_t>(d.writes & ~writtenBack(d)) : std::uint16_t{0};
    }

    void leave(M4State& exit) const {
        exit.loadBefore = m_before;
        exit.loadRun = m_run;
        exit.storeBefore = m_storeBefore;
        exit.loaded = m_loaded;
    }

    /// The base register that an access writes back, as a set.
    static std::uint16_t writtenBack(const DecodedInsn& d) {
        return static_cast<std::uint16_t>(d.baseWriteBack >= 0 ? 1U << d.baseWriteBack : 0U);
    }

private:
    bool m_before;
    bool m_run;
    bool m_storeBefore;
    std::uint16_t m_loaded;
};

} // namespace simprof
