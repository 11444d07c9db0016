// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/ppb/systick.h"

namespace simprof {

void SysTick::reset() {
    m_host.cancel(m_event);
    m_event = EventId::None;
    m_csr = 0;
    m_rvr = 0;
    m_held = 0;
    m_countFlag = false;
    m_running = false;
}

std::uint32_t SysTick::current() const {
    if (!m_running) {
        return m_held;
    }
    const Cycles now = m_host.now();
    if (now < m_zeroAt) {
        return static_cast<std::uint32_t>((m_zeroAt - now + divider() - 1) / divider());
    }
    // It wrapped in the middle of a block; the event comes at its end.
    const Cycles ticks = (now - m_zeroAt) / divider() % (Cycles{m_rvr} + 1);
    return ticks == 0 ? 0 : static_cast<std::uint32_t>(m_rvr + 1 - ticks);
}

/// Counts from `from` to 0, where it wraps to the reload value with the next tick.
void SysTick::restart(std::uint32_t from) {
    m_host.cancel(m_event);
    m_event = EventId::None;
    // A reload value of 0 stops the counter when it reaches 0 (Armv7-M ARM, B3.3.1).
    m_running = enabled() && (from != 0 || m_rvr != 0);
    m_held = from;
    if (!m_running) {
        return;
    }
    const Cycles ticks = from != 0 ? from : Cycles{m_rvr} + 1;
    m_zeroAt = m_host.now() + ticks * divider();
    m_event = m_host.scheduleAt(m_zeroAt, [this] { expire(); });
}

void SysTick::expire() {
    m_countFlag = true;
    if ((m_csr & 2U) != 0) {
        m_nvic.setPending(exception::kSysTick);
        m_host.exceptionsChanged();
    }
    if (m_rvr == 0) {
        m_running = false;
        m_held = 0;
        m_event = EventId::None;
        return;
    }
    m_zeroAt += (Cycles{m_rvr} + 1) * divider();
    m_event = m_host.scheduleAt(m_zeroAt, [this] { expire(); });
}

std::uint32_t SysTick::read(std::uint32_t offset) {
    switch (offset) {
    case 0x0: {
        const std::uint32_t value = m_csr | (m_countFlag ? 1U << 16 : 0);
        m_countFlag = false;
        return value;
    }
    case 0x4: return m_rvr;
    case 0x8: return current();
    case 0xC: return m_refDivider == 0 ? 0xC0000000U : 0;
    default: return 0;
    }
}

void SysTick::write(std::uint32_t offset, std::uint32_t value) {
    switch (offset) {
    case 0x0: {
        const std::uint32_t held = current();
        const bool wasEnabled = enabled();
        const bool sameSource = ((m_csr ^ value) & 4U) == 0;
        m_csr = value & 7U;
        if (wasEnabled != enabled() || !sameSource) {
            restart(held);
            if (!enabled()) {
                m_held = held;
            }
        }
        break;
    }
    case 0x4: m_rvr = value & 0xFFFFFFU; break;
    case 0x8:
        m_countFlag = false;
        restart(0);
        break;
    default: break;
    }
}

} // namespace simprof
