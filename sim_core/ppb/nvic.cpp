// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/ppb/nvic.h"

#include <algorithm>

namespace simprof {

Nvic::Nvic(const CoreDesc& core)
    : m_irqCount(std::min(core.irqCount, kMaxExceptions - 16))
    , m_priorityMask(static_cast<std::uint8_t>(0xFFU << (8 - core.nvicPriorityBits))) {
    reset();
}

void Nvic::reset() {
    m_pending.fill(false);
    m_active.fill(false);
    m_enabled.fill(false);
    m_priority.fill(0);
    m_group = 0;
    m_rose = false;
    // MemManage, BusFault and UsageFault are enabled by SHCSR, external interrupts by ISER; the rest always is.
    for (const unsigned number : {exception::kNmi, exception::kHardFault, exception::kSvCall, exception::kDebugMonitor,
                                  exception::kPendSv, exception::kSysTick}) {
        m_enabled[number] = true;
    }
    for (unsigned irq = 0; irq < m_irqCount; ++irq) {
        m_pending[16 + irq] = m_level[16 + irq];
    }
}

unsigned Nvic::activeCount() const { return static_cast<unsigned>(std::count(m_active.begin(), m_active.end(), true)); }

void Nvic::setLevel(unsigned irq, bool level) {
    const unsigned number = exception::kFirstIrq + irq;
    if (level && !m_level[number]) {
        setPending(number);
    }
    m_level[number] = level;
}

void Nvic::activate(unsigned number) {
    m_pending[number] = false;
    m_active[number] = true;
}

void Nvic::deactivate(unsigned number) {
    m_active[number] = false;
    if (m_level[number]) {
        setPending(number);
    }
}

int Nvic::groupPriority(unsigned number) const {
    switch (number) {
    case exception::kReset: return -3;
    case exception::kNmi: return -2;
    case exception::kHardFault: return -1;
    default: return m_priority[number] & static_cast<int>(0xFFU << (m_group + 1) & 0xFFU);
    }
}

int Nvic::executionPriority(const PriorityMasks& masks) const {
    int priority = kIdlePriority;
    for (unsigned number = 1; number < 16 + m_irqCount; ++number) {
        if (m_active[number]) {
            priority = std::min(priority, groupPriority(number));
        }
    }
    if (masks.basepri != 0) {
        priority = std::min(priority, masks.basepri & static_cast<int>(0xFFU << (m_group + 1) & 0xFFU));
    }
    if (masks.primask) {
        priority = std::min(priority, 0);
    }
    if (masks.faultmask) {
        priority = std::min(priority, -1);
    }
    return priority;
}

unsigned Nvic::highestPending() const {
    unsigned best = 0;
    int bestGroup = kIdlePriority;
    int bestFull = kIdlePriority;
    for (unsigned number = 2; number < 16 + m_irqCount; ++number) {
        if (!m_pending[number] || !m_enabled[number]) {
            continue;
        }
        const int group = groupPriority(number);
        const int full = number <= exception::kHardFault ? group : m_priority[number];
        if (group < bestGroup || (group == bestGroup && full < bestFull)) {
            best = number;
            bestGroup = group;
            bestFull = full;
        }
    }
    return best;
}

std::optional<unsigned> Nvic::preempting(const PriorityMasks& masks) const {
    const unsigned best = highestPending();
    if (best == 0 || groupPriority(best) >= executionPriority(masks)) {
        return std::nullopt;
    }
    return best;
}

bool Nvic::wakesUp(const PriorityMasks& masks) const {
    PriorityMasks withoutPrimask = masks;
    withoutPrimask.primask = false;
    return preempting(withoutPrimask).has_value();
}

} // namespace simprof
