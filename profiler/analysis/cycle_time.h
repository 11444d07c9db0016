// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <vector>

namespace simprof {

/// Turns core cycles into simulated time, following the changes of the core clock.
class CycleTime {
public:
    explicit CycleTime(const Profile& profile);

    /// Microseconds from reset to `cycle`.
    double microseconds(Cycles cycle) const;

private:
    struct Stretch {
        Cycles cycle = 0;
        double startUs = 0;
        double cyclesPerUs = 1;
    };
    std::vector<Stretch> m_stretches; ///< at least one, sorted by cycle
};

} // namespace simprof
