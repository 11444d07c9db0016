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

/// The clock in force at cycles that are asked for in order, in hertz; the profile's own where no change is known.
class ClocksInOrder {
public:
    explicit ClocksInOrder(const Profile& profile)
        : m_next(profile.clocks.begin())
        , m_end(profile.clocks.end())
        , m_hertz(profile.board.clockHz) {}
    Hertz at(Cycles cycle) {
        for (; m_next != m_end && m_next->cycle <= cycle; ++m_next) {
            m_hertz = m_next->hertz;
        }
        return m_hertz;
    }

private:
    std::vector<ClockChange>::const_iterator m_next;
    std::vector<ClockChange>::const_iterator m_end;
    Hertz m_hertz;
};

} // namespace simprof
