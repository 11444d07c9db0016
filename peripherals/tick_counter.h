// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/peripheral.h"

namespace simprof {

/// Ticks of a clock derived from core cycles: exact while both frequencies stay, and without drift across changes.
class TickCounter {
public:
    explicit TickCounter(MachineServices& services)
        : m_services(services) {}

    /// Ticks so far.
    std::uint64_t now() const { return m_ticks + advance(m_services.now()).whole; }
    /// The first cycle at which now() is at least `ticks`; never before the present.
    Cycles cycleAt(std::uint64_t ticks) const {
        const Cycles present = m_services.now();
        if (m_rate == 0 || ticks <= m_ticks) {
            return present;
        }
        const Wide wanted = (Wide{ticks - m_ticks} << 32) - m_fraction;
        const Wide core = m_core;
        const Wide scaled = (wanted * core + (Wide{m_rate} << 32) - 1) / (Wide{m_rate} << 32);
        const Cycles cycle = m_base + static_cast<Cycles>(scaled);
        return cycle < present ? present : cycle;
    }
    /// The frequency of the ticks, 0 for a stopped clock; call at each change of it or of the core clock.
    void setRate(Hertz rate) {
        settle();
        m_rate = rate;
        m_core = m_services.coreClock();
    }
    /// Books the ticks so far under the old frequencies.
    void settle() {
        const Cycles present = m_services.now();
        const Split split = advance(present);
        m_ticks += split.whole;
        m_fraction = split.fraction;
        m_base = present;
    }
    Hertz rate() const { return m_rate; }
    /// Starts again at 0 ticks.
    void restart() {
        m_ticks = 0;
        m_fraction = 0;
        m_base = m_services.now();
        m_core = m_services.coreClock();
    }

private:
    __extension__ using Wide = unsigned __int128;
    struct Split {
        std::uint64_t whole;
        std::uint32_t fraction; ///< in 2^-32 ticks
    };

    Split advance(Cycles present) const {
        if (present == m_base) {
            return {0, m_fraction};
        }
        const Cycles elapsed = present > m_base ? present - m_base : 0;
        const Wide scaled = m_core == 0 ? Wide{m_fraction} : ((Wide{elapsed} * m_rate << 32) / m_core) + m_fraction;
        return {static_cast<std::uint64_t>(scaled >> 32), static_cast<std::uint32_t>(scaled)};
    }

    MachineServices& m_services;
    std::uint64_t m_ticks = 0;
    std::uint32_t m_fraction = 0;
    Cycles m_base = 0;
    Hertz m_rate = 0;
    Hertz m_core = 1;
};

} // namespace simprof
