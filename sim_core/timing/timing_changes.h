// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <optional>
#include <vector>

namespace simprof {

/// Bytes that timing sees at another address than the firmware does.
struct Placement {
    AddressRange from;      ///< as the firmware addresses them
    std::int64_t fetch = 0; ///< what is added to the address of an instruction there
    std::int64_t data = 0;  ///< what is added to the address of a data access there; keeps it as aligned as it is
};

/// A clock that counts as another one.
struct OtherClock {
    Hertz from = 0; ///< as the firmware programs it
    Hertz to = 0;   ///< 0: none is changed
};

/// What a run is timed as if, while the firmware does the same. Settings hold from reset on, whatever the firmware
/// programs.
struct TimingChanges {
    std::vector<Placement> placements;  ///< by address, not overlapping
    std::optional<unsigned> waitStates; ///< of the flash
    std::optional<bool> prefetch;       ///< of the flash interface
    std::optional<bool> icache;         ///< the core's L1 where it has one, else that of the flash interface
    std::optional<bool> dcache;
    std::optional<std::uint32_t> icacheBytes; ///< size of the core's L1
    std::optional<std::uint32_t> dcacheBytes;
    OtherClock clock;

    /// Is the timing itself that of the machine as it is? The clock only turns cycles into time.
    bool leaveTiming() const {
        return placements.empty() && !waitStates && !prefetch && !icache && !dcache && !icacheBytes && !dcacheBytes;
    }
};

} // namespace simprof
