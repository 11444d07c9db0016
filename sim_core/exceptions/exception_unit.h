// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/clock.h"
#include "sim_core/exceptions/access_guard.h"
#include "sim_core/exceptions/core.h"
#include "sim_core/exceptions/fault.h"
#include "sim_core/exceptions/fp_context.h"
#include "sim_core/halt_reason.h"
#include "sim_core/memory/bus.h"
#include "sim_core/run_control.h"
#include "sim_core/scheduler.h"

#include <array>
#include <optional>
#include <span>

namespace simprof {

/// Exception entry and return, faults and their escalation, as the architecture defines them (Armv7-M ARM, B1.5).
class ExceptionUnit {
public:
    /// What entries and returns act on besides the core.
    struct Parts {
        AccessGuard& guard;
        FpContext& fp;
        AddressSpace& space;
        BusCore& bus;
        CoreTiming& timing;
        Clock& clock;
        Scheduler& scheduler;
        RunControl& control;
    };
    ExceptionUnit(Core& core, const Parts& parts)
        : m_core(core)
        , m_parts(parts) {}

    /// Enters the pending exception that preempts now; false when none does.
    bool takePending();
    /// SVC: taken at once, or HardFault when the priority does not allow it. `after`: the address behind the
    /// instruction.
    void supervisorCall(Address after);
    /// BKPT with this number and no debugger: a HardFault (Armv7-M ARM, C1.4).
    void breakpoint(Address pc, unsigned number);
    void takeFault(const Fault& fault);
    /// Execution went to `target`, where it cannot continue; `from`: the instruction that jumped there.
    void jumpFault(Address target, Address from);
    /// Returns from the exception in progress with this EXC_RETURN, loaded by the instruction at `cause`, or
    /// tail-chains the next. True when the core falls asleep then (SCR.SLEEPONEXIT).
    bool leave(std::uint32_t excReturn, Address cause);

    /// The first fault nobody recovered from.
    const std::optional<FaultReport>& firstFault() const { return m_firstFault; }
    /// The same while its handler runs, else nullptr.
    const FaultReport* handledFault() const { return m_firstFault && m_core.handlesFault() ? &*m_firstFault : nullptr; }

private:
    using FrameWords = std::array<std::uint32_t, 26>;

    // exception_entry.cpp
    void enter(unsigned number, Address returnAddress, bool tailChained, Address cause);
    bool stackContext(unsigned& number, Address returnAddress, Address cause, std::uint32_t& cycles);
    std::uint32_t pushFrame(std::uint32_t frame, bool extended, bool lazy, Address returnAddress,
                            std::uint32_t stackedXpsr);
    unsigned stackingFault(unsigned number, std::uint32_t status, Address frame, Address cause);
    unsigned lateArrival(unsigned number);
    void toHandlerMode(std::uint32_t flags, unsigned number);
    void fetchVector(unsigned number, Address returnAddress);
    // exception_return.cpp
    std::optional<Fault> invalidReturn(unsigned number, std::uint32_t excReturn, Address cause);
    bool tailChain(unsigned number, std::uint32_t excReturn, Cycles start);
    void chainFault(const Fault& fault, unsigned number, std::uint32_t excReturn, Cycles start);
    bool chainsWhilePopping(unsigned number, std::uint32_t excReturn, Cycles start, Cycles end);
    std::optional<Fault> popFrame(unsigned number, std::uint32_t excReturn, Address cause, Address frame,
                                  FrameWords& words);
    std::uint32_t readFrame(Address frame, bool extended, bool privileged, FrameWords& words) const;
    void resume(std::uint32_t excReturn, const FrameWords& words, Address frame);
    // faults.cpp
    unsigned route(const Fault& fault);
    void lockup(const Fault& fault);
    void noteFault(unsigned exception, const Fault& fault);

    Core& m_core;
    Parts m_parts;
    std::optional<FaultReport> m_firstFault;
};

} // namespace simprof
