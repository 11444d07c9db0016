// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/cycle_time.h"

#include <algorithm>

namespace simprof {

CycleTime::CycleTime(const Profile& profile) {
    const auto rate = [](Hertz hertz) { return hertz == 0 ? 1.0 : static_cast<double>(hertz) / 1e6; };
    m_stretches.push_back({0, 0, rate(profile.board.clockHz)});
    std::vector<ClockChange> changes = profile.clocks;
    std::stable_sort(changes.begin(), changes.end(),
                     [](const ClockChange& a, const ClockChange& b) { return a.cycle < b.cycle; });
    for (const ClockChange& change : changes) {
        const double at = microseconds(change.cycle);
        if (change.cycle == m_stretches.back().cycle) {
            m_stretches.pop_back();
        }
        m_stretches.push_back({change.cycle, at, rate(change.hertz)});
    }
}

double CycleTime::microseconds(Cycles cycle) const {
    const auto behind = std::upper_bound(m_stretches.begin(), m_stretches.end(), cycle,
                                         [](Cycles c, const Stretch& s) { return c < s.cycle; });
    const Stretch& stretch = behind == m_stretches.begin() ? *behind : *(behind - 1);
    return stretch.startUs + static_cast<double>(cycle - stretch.cycle) / stretch.cyclesPerUs;
}

} // namespace simprof
