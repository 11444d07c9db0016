// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/ppb/nvic_registers.h"

#include <utility>

namespace simprof {

namespace {

constexpr std::uint32_t kIser = 0x100, kIcer = 0x180, kIspr = 0x200, kIcpr = 0x280, kIabr = 0x300, kIpr = 0x400,
                        kIcsr = 0xD04, kShpr1 = 0xD18, kShpr2 = 0xD1C, kShpr3 = 0xD20, kShcsr = 0xD24, kStir = 0xF00;
constexpr std::uint32_t kBank = 0x40;         ///< bytes of each bank of one bit an interrupt that is modelled
constexpr std::uint32_t kPriorityBytes = 240; ///< of IPR

bool isIn(std::uint32_t offset, std::uint32_t first, std::uint32_t bytes) {
    return offset >= first && offset < first + bytes;
}

} // namespace

bool NvicRegisters::holds(std::uint32_t offset) {
    for (const std::uint32_t bank : {kIser, kIcer, kIspr, kIcpr, kIabr}) {
        if (isIn(offset, bank, kBank)) {
            return true;
        }
    }
    return isIn(offset, kIpr, kPriorityBytes) || offset == kIcsr || isIn(offset, kShpr1, 16) || offset == kStir;
}

std::uint32_t NvicRegisters::read(std::uint32_t offset) const {
    if (isIn(offset, kIser, kBank)) {
        return bits(offset - kIser, &Nvic::enabled);
    }
    if (isIn(offset, kIcer, kBank)) {
        return bits(offset - kIcer, &Nvic::enabled);
    }
    if (isIn(offset, kIspr, kBank)) {
        return bits(offset - kIspr, &Nvic::pending);
    }
    if (isIn(offset, kIcpr, kBank)) {
        return bits(offset - kIcpr, &Nvic::pending);
    }
    if (isIn(offset, kIabr, kBank)) {
        return bits(offset - kIabr, &Nvic::active);
    }
    if (isIn(offset, kIpr, kPriorityBytes)) {
        return priorities(exception::kFirstIrq + (offset - kIpr));
    }
    switch (offset) {
    case kIcsr: return icsr();
    case kShpr1: return m_v7 ? priorities(4) : 0;
    case kShpr2: return priorities(8);
    case kShpr3: return priorities(12);
    case kShcsr: return shcsr();
    default: return 0;
    }
}

void NvicRegisters::write(std::uint32_t offset, std::uint32_t value) {
    if (isIn(offset, kIser, kBank)) {
        forBits(offset - kIser, value, [this](unsigned number) { m_nvic.setEnabled(number, true); });
    } else if (isIn(offset, kIcer, kBank)) {
        forBits(offset - kIcer, value, [this](unsigned number) { m_nvic.setEnabled(number, false); });
    } else if (isIn(offset, kIspr, kBank)) {
        forBits(offset - kIspr, value, [this](unsigned number) { m_nvic.setPending(number); });
    } else if (isIn(offset, kIcpr, kBank)) {
        forBits(offset - kIcpr, value, [this](unsigned number) { m_nvic.clearPending(number); });
    } else if (isIn(offset, kIpr, kPriorityBytes)) {
        setPriorities(exception::kFirstIrq + (offset - kIpr), value);
    } else if (offset == kIcsr) {
        writeIcsr(value);
    } else if (offset == kShpr1) {
        if (!m_v7) {
            return;
        }
        setPriorities(4, value);
    } else if (offset == kShpr2) {
        setPriorities(8, value);
    } else if (offset == kShpr3) {
        setPriorities(12, value);
    } else if (offset == kShcsr) {
        writeShcsr(value);
    } else if (offset == kStir) {
        if ((value & 0x1FFU) < m_nvic.irqCount()) {
            m_nvic.setPending(exception::kFirstIrq + (value & 0x1FFU));
        }
    } else {
        return; // IABR is read-only
    }
    m_host.exceptionsChanged();
}

std::uint32_t NvicRegisters::bits(std::uint32_t offset, bool (Nvic::*get)(unsigned) const) const {
    std::uint32_t word = 0;
    for (unsigned i = 0; i < 32; ++i) {
        const unsigned irq = offset / 4 * 32 + i;
        if (irq < m_nvic.irqCount() && (m_nvic.*get)(16 + irq)) {
            word |= 1U << i;
        }
    }
    return word;
}

template<class Action>
void NvicRegisters::forBits(std::uint32_t offset, std::uint32_t value, Action&& action) {
    for (unsigned i = 0; i < 32; ++i) {
        const unsigned irq = offset / 4 * 32 + i;
        if ((value >> i & 1U) != 0 && irq < m_nvic.irqCount()) {
            action(exception::kFirstIrq + irq);
        }
    }
}

std::uint32_t NvicRegisters::priorities(unsigned first) const {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i) {
        value |= static_cast<std::uint32_t>(m_nvic.priority(first + i)) << (8 * i);
    }
    return value;
}

void NvicRegisters::setPriorities(unsigned first, std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i) {
        m_nvic.setPriority(first + i, static_cast<std::uint8_t>(value >> (8 * i)));
    }
}

std::uint32_t NvicRegisters::icsr() const {
    std::uint32_t value = m_host.currentException();
    unsigned actives = 0;
    for (unsigned i = 1; i < 16 + m_nvic.irqCount(); ++i) {
        actives += m_nvic.active(i) ? 1 : 0;
    }
    value |= actives <= 1 && m_v7 ? 1U << 11 : 0; // RETTOBASE
    const unsigned pending = m_nvic.highestPending();
    value |= pending << 12;
    bool irqPending = false;
    for (unsigned i = 16; i < 16 + m_nvic.irqCount(); ++i) {
        irqPending |= m_nvic.pending(i);
    }
    value |= irqPending ? 1U << 22 : 0;
    value |= m_nvic.pending(exception::kSysTick) ? 1U << 26 : 0;
    value |= m_nvic.pending(exception::kPendSv) ? 1U << 28 : 0;
    value |= m_nvic.pending(exception::kNmi) ? 1U << 31 : 0;
    return value;
}

void NvicRegisters::writeIcsr(std::uint32_t value) {
    if ((value & (1U << 31)) != 0) {
        m_nvic.setPending(exception::kNmi);
    }
    if ((value & (1U << 28)) != 0) {
        m_nvic.setPending(exception::kPendSv);
    } else if ((value & (1U << 27)) != 0) {
        m_nvic.clearPending(exception::kPendSv);
    }
    if ((value & (1U << 26)) != 0) {
        m_nvic.setPending(exception::kSysTick);
    } else if ((value & (1U << 25)) != 0) {
        m_nvic.clearPending(exception::kSysTick);
    }
}

std::uint32_t NvicRegisters::shcsr() const {
    using namespace exception;
    std::uint32_t value = m_nvic.pending(kSvCall) ? 1U << 15 : 0;
    if (!m_v7) {
        return value;
    }
    const auto bit = [&value](bool on, unsigned position) { value |= on ? 1U << position : 0; };
    bit(m_nvic.active(kMemManage), 0);
    bit(m_nvic.active(kBusFault), 1);
    bit(m_nvic.active(kUsageFault), 3);
    bit(m_nvic.active(kSvCall), 7);
    bit(m_nvic.active(kPendSv), 10);
    bit(m_nvic.active(kSysTick), 11);
    bit(m_nvic.pending(kUsageFault), 12);
    bit(m_nvic.pending(kMemManage), 13);
    bit(m_nvic.pending(kBusFault), 14);
    bit(m_nvic.enabled(kMemManage), 16);
    bit(m_nvic.enabled(kBusFault), 17);
    bit(m_nvic.enabled(kUsageFault), 18);
    return value;
}

void NvicRegisters::writeShcsr(std::uint32_t value) {
    using namespace exception;
    if (!m_v7) {
        return;
    }
    m_nvic.setEnabled(kMemManage, (value >> 16 & 1U) != 0);
    m_nvic.setEnabled(kBusFault, (value >> 17 & 1U) != 0);
    m_nvic.setEnabled(kUsageFault, (value >> 18 & 1U) != 0);
    static constexpr std::pair<unsigned, unsigned> kActiveBits[] = {{kMemManage, 0}, {kBusFault, 1}, {kUsageFault, 3},
                                                                    {kSvCall, 7},    {kPendSv, 10},  {kSysTick, 11}};
    for (const auto& [number, bit] : kActiveBits) {
        if (const bool on = (value >> bit & 1U) != 0; on != m_nvic.active(number)) {
            on ? m_nvic.activate(number) : m_nvic.deactivate(number);
        }
    }
    const auto pend = [this](unsigned number, bool on) {
        on ? m_nvic.setPending(number) : m_nvic.clearPending(number);
    };
    pend(kUsageFault, (value >> 12 & 1U) != 0);
    pend(kMemManage, (value >> 13 & 1U) != 0);
    pend(kBusFault, (value >> 14 & 1U) != 0);
    pend(kSvCall, (value >> 15 & 1U) != 0);
}

} // namespace simprof
