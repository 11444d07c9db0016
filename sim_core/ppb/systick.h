// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/ppb/nvic.h"
#include "sim_core/ppb/ppb_host.h"

namespace simprof {

/// The 24-bit system timer (Armv7-M ARM, B3.3). `refDivider`: core clock over the external reference, 0 when there is
/// none.
class SysTick {
public:
    SysTick(Nvic& nvic, PpbHost& host, unsigned refDivider)
        : m_nvic(nvic)
        , m_host(host)
        , m_refDivider(refDivider) {}
    void reset();
    std::uint32_t read(std::uint32_t offset); ///< offset from SYST_CSR
    void write(std::uint32_t offset, std::uint32_t value);
    /// Runs and raises its exception.
    bool interrupts() const { return m_running && (m_csr & 2U) != 0; }

private:
    bool enabled() const { return (m_csr & 1U) != 0; }
    Cycles divider() const { return (m_csr & 4U) != 0 || m_refDivider == 0 ? 1 : m_refDivider; }
    std::uint32_t current() const;
    void restart(std::uint32_t from);
    void expire();

    Nvic& m_nvic;
    PpbHost& m_host;
    unsigned m_refDivider;
    std::uint32_t m_csr = 0;
    std::uint32_t m_rvr = 0;
    std::uint32_t m_held = 0; ///< counter value while stopped
    Cycles m_zeroAt = 0;      ///< cycle at which the counter reaches 0
    bool m_countFlag = false;
    bool m_running = false;
    EventId m_event = EventId::None;
};

} // namespace simprof
