// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/ppb/debug_units.h"

namespace simprof {

namespace {
constexpr std::uint32_t kItmUnlockKey = 0xC5ACCE55;
/// DWT_CTRL enable bit of each counter: CYCCNTENA, CPIEVTENA, EXCEVTENA, SLEEPEVTENA, LSUEVTENA, FOLDEVTENA (Armv7-M
/// ARM, C1.8.7).
constexpr std::array<unsigned, 6> kEnableBit = {0, 17, 18, 19, 20, 21};
} // namespace

void DebugUnits::reset() {
    m_dwtCtrl = 0;
    m_counters = {};
    m_itmTer = 0;
    m_itmTcr = 0;
}

Cycles DebugUnits::total(unsigned index) const {
    switch (index) {
    case 0: return m_host.now();
    case 1:
        return m_host.cyclesBecauseOf(Stall::Fetch) + m_host.cyclesBecauseOf(Stall::MultiCycle) +
               m_host.cyclesBecauseOf(Stall::BranchRefill);
    case 2: return m_host.cyclesBecauseOf(Stall::Exception);
    case 3: return m_host.cyclesBecauseOf(Stall::Sleep);
    case 4: return m_host.cyclesBecauseOf(Stall::LoadStore) + m_host.cyclesBecauseOf(Stall::CacheMiss);
    default: return 0; // instructions that take no cycle: folded IT only, which the tables do not count
    }
}

std::uint32_t DebugUnits::readDwt(std::uint32_t offset) const {
    if (!m_v7) {
        return 0;
    }
    if (offset == 0) {
        return m_dwtCtrl | 4U << 28; // four comparators
    }
    const unsigned index = (offset - 4) / 4;
    if (index >= m_counters.size()) {
        return 0;
    }
    const std::uint32_t value = m_counters[index].value(total(index));
    return index == 0 ? value : value & 0xFFU; // all but CYCCNT are 8 bits wide
}

void DebugUnits::writeDwt(std::uint32_t offset, std::uint32_t value) {
    if (!m_v7) {
        return;
    }
    if (offset == 0) {
        m_dwtCtrl = value & 0x00FFFFFFU;
        for (unsigned i = 0; i < m_counters.size(); ++i) {
            m_counters[i].run((value >> kEnableBit[i] & 1U) != 0, total(i));
        }
        return;
    }
    const unsigned index = (offset - 4) / 4;
    if (index < m_counters.size()) {
        m_counters[index].set(value, total(index));
    }
}

std::uint32_t DebugUnits::readItm(std::uint32_t offset) const {
    if (!m_v7) {
        return 0;
    }
    if (offset < 0x80) {
        return 1; // the FIFO is always ready
    }
    switch (offset) {
    case 0xE00: return m_itmTer;
    case 0xE80: return m_itmTcr;
    case 0xFB4: return m_itmUnlocked ? 1 : 3;
    default: return 0;
    }
}

void DebugUnits::writeItm(std::uint32_t offset, std::uint32_t value, unsigned size) {
    if (!m_v7) {
        return;
    }
    if (offset < 0x80) {
        const unsigned port = offset / 4;
        if ((m_itmTcr & 1U) != 0 && (m_itmTer >> port & 1U) != 0 && tracing()) {
            m_host.traceOutput(port, value, size);
        }
        return;
    }
    switch (offset) {
    case 0xE00: m_itmTer = value; break;
    case 0xE80: m_itmTcr = value; break;
    case 0xFB0: m_itmUnlocked = value == kItmUnlockKey; break;
    default: break;
    }
}

} // namespace simprof
