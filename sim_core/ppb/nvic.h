// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/machine_desc.h"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace simprof {

/// Exception numbers of the Arm architecture (Armv7-M ARM, B1.5.2); external interrupt n is 16 + n.
namespace exception {
inline constexpr unsigned kReset = 1, kNmi = 2, kHardFault = 3, kMemManage = 4, kBusFault = 5, kUsageFault = 6,
                          kSvCall = 11, kDebugMonitor = 12, kPendSv = 14, kSysTick = 15, kFirstIrq = 16;
} // namespace exception

/// The mask registers that raise the execution priority.
struct PriorityMasks {
    bool primask = false;
    bool faultmask = false;
    std::uint8_t basepri = 0;
};

/// Which exceptions are enabled, pending and active, and which of them runs next (Armv7-M ARM, B1.5).
class Nvic {
public:
    static constexpr unsigned kMaxExceptions = 16 + 240;
    /// Priority of thread mode without masks: below each exception.
    static constexpr int kIdlePriority = 256;

    explicit Nvic(const CoreDesc& core);
    void reset();

    void setPending(unsigned number) {
        m_rose |= !m_pending[number];
        m_pending[number] = true;
    }
    /// Has anything become pending since this was asked last (SCR.SEVONPEND)?
    bool takeRose() { return std::exchange(m_rose, false); }
    void clearPending(unsigned number) { m_pending[number] = false; }
    bool pending(unsigned number) const { return m_pending[number]; }
    bool active(unsigned number) const { return m_active[number]; }
    bool enabled(unsigned number) const { return m_enabled[number]; }
    void setEnabled(unsigned number, bool on) { m_enabled[number] = on; }
    unsigned activeCount() const;

    /// Drives the level of an external interrupt: high pends it and keeps it pending until the line falls.
    void setLevel(unsigned irq, bool level);

    void activate(unsigned number);
    /// Ends `number`; an asserted level pends it again.
    void deactivate(unsigned number);

    std::uint8_t priority(unsigned number) const { return m_priority[number]; }
    void setPriority(unsigned number, std::uint8_t value) { m_priority[number] = value & m_priorityMask; }
    void setPriorityGrouping(unsigned group) { m_group = group & 7U; }
    unsigned priorityGrouping() const { return m_group; }

    /// Group priority of an exception: negative for reset, NMI and HardFault.
    int groupPriority(unsigned number) const;
    /// Priority at which the core executes now.
    int executionPriority(const PriorityMasks& masks) const;
    /// The pending exception that preempts now, if one does.
    std::optional<unsigned> preempting(const PriorityMasks& masks) const;
    /// The highest pending enabled exception regardless of masks, 0 when there is none (ICSR.VECTPENDING).
    unsigned highestPending() const;
    /// True when a pending interrupt would wake WFI: it would preempt if PRIMASK were clear.
    bool wakesUp(const PriorityMasks& masks) const;
    unsigned irqCount() const { return m_irqCount; }
    std::uint8_t priorityMask() const { return m_priorityMask; }

private:
    std::array<bool, kMaxExceptions> m_pending{}, m_active{}, m_enabled{}, m_level{};
    std::array<std::uint8_t, kMaxExceptions> m_priority{};
    bool m_rose = false;
    unsigned m_irqCount;
    unsigned m_group = 0;
    std::uint8_t m_priorityMask;
};

} // namespace simprof
