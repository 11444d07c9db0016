// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>

namespace simprof {

/// A device with registers that firmware reads again and again until an event comes.
class SteadyRegisters {
public:
    virtual ~SteadyRegisters() = default;
    /// True when each load of this register shows the same and changes nothing more than the one before, until an event
    /// of the scheduler or a store to a device comes.
    virtual bool isSteady(std::uint32_t offset) const = 0;
};

} // namespace simprof
