// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/peripheral.h"
#include "sim_core/timing/core_timing.h"
#include "sim_core/units.h"

#include <functional>
#include <string>

namespace simprof {

/// What the units on the private peripheral bus need from the machine around them.
class PpbHost {
public:
    virtual ~PpbHost() = default;
    virtual Cycles now() const = 0;
    virtual EventId scheduleAt(Cycles at, std::function<void()> action) = 0;
    virtual void cancel(EventId id) = 0;
    /// Pending, enabled or priority state changed: look again before the next block.
    virtual void exceptionsChanged() = 0;
    /// The exception number being handled, 0 in thread mode.
    virtual unsigned currentException() const = 0;
    virtual void requestReset(std::string reason) = 0;
    virtual void l1Changed() = 0;
    virtual void invalidateCaches(bool instruction, bool data) = 0;
    virtual void traceOutput(unsigned port, std::uint32_t value, unsigned size) = 0;
    /// Cycles so far with this reason (DWT's CPICNT, LSUCNT, EXCCNT, SLEEPCNT count such cycles).
    virtual Cycles cyclesBecauseOf(Stall stall) = 0;
};

} // namespace simprof
