// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/machine_desc.h"
#include "sim_core/ppb/ppb_host.h"

#include <array>

namespace simprof {

/// DWT counters, ITM stimulus ports and DEMCR (Armv7-M ARM, C1). Armv6-M has only DEMCR of these.
class DebugUnits {
public:
    DebugUnits(const CoreDesc& core, PpbHost& host)
        : m_v7(core.kind->isV7())
        , m_host(host) {}
    void reset();

    std::uint32_t readDwt(std::uint32_t offset) const;
    void writeDwt(std::uint32_t offset, std::uint32_t value);
    std::uint32_t readItm(std::uint32_t offset) const;
    void writeItm(std::uint32_t offset, std::uint32_t value, unsigned size);
    std::uint32_t demcr() const { return m_demcr; }
    void setDemcr(std::uint32_t value) { m_demcr = value; }

private:
    /// A free-running count that can be stopped and set: value = held, plus what passed since it was started.
    struct Counter {
        std::uint32_t held = 0;
        Cycles since = 0;
        bool running = false;
        std::uint32_t value(Cycles total) const {
            return held + (running ? static_cast<std::uint32_t>(total - since) : 0);
        }
        void set(std::uint32_t v, Cycles total) { held = v, since = total; }
        void run(bool on, Cycles total) {
            if (on != running) {
                held = value(total);
                since = total;
                running = on;
            }
        }
    };
    Cycles total(unsigned index) const;
    bool tracing() const { return (m_demcr & (1U << 24)) != 0; }

    bool m_v7;
    PpbHost& m_host;
    std::uint32_t m_demcr = 0;
    std::uint32_t m_dwtCtrl = 0;
    std::array<Counter, 6> m_counters{}; ///< CYCCNT, CPICNT, EXCCNT, SLEEPCNT, LSUCNT, FOLDCNT
    std::uint32_t m_itmTer = 0;
    std::uint32_t m_itmTcr = 0;
    bool m_itmUnlocked = false;
};

} // namespace simprof
