// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/clock.h"
#include "sim_core/exceptions/access_guard.h"
#include "sim_core/exceptions/core.h"
#include "sim_core/exceptions/fault.h"
#include "sim_core/memory/bus.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace simprof {

/// The floating-point context of code that exceptions interrupt (Armv7-M ARM, B1.5.7), which the engine does not keep.
class FpContext {
public:
    FpContext(Core& core, AccessGuard& guard, AddressSpace& space, BusCore& bus, CoreTiming& timing, Clock& clock)
        : m_core(core)
        , m_guard(guard)
        , m_space(space)
        , m_bus(bus)
        , m_timing(timing)
        , m_clock(clock) {}

    /// Space for the FP registers at `frame`; they are written when the handler first uses the FPU.
    void reserve(Address frame);
    /// Before an FP instruction at `pc`: saves what was stacked lazily and starts a new context (ExecuteFPCheck);
    /// the fault if that fails.
    std::optional<Fault> start(Address pc);
    /// The block that was started for faulted at `pc`: if that is ahead of its first FP instruction, the start has not
    /// happened.
    void undoStart(Address pc);
    /// Writes S0 to S15 and FPSCR to `frame`, which must lie in writable memory.
    void save(Address frame);
    /// Takes S0 to S15 and FPSCR from the words of a popped frame, or leaves them if they were never saved.
    void restore(std::span<const std::uint32_t> words);

private:
    /// What start() changed, until its block retires.
    struct Started {
        Address pc = 0;
        Cycles at = 0;
        bool fpca = false;
        std::uint32_t fpscr = 0, fpccr = 0;
        Address frame = 0;
        std::vector<std::byte> bytes; ///< of the frame before it was written
    };
    void keepForUndo(Address pc);
    std::optional<Fault> saveLazily(Address pc);

    Core& m_core;
    AccessGuard& m_guard;
    AddressSpace& m_space;
    BusCore& m_bus;
    CoreTiming& m_timing;
    Clock& m_clock;
    std::optional<Started> m_started;
};

} // namespace simprof
