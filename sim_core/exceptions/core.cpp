// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/exceptions/core.h"

#include <fmt/format.h>

#include <array>

namespace simprof {

PriorityMasks Core::masks() const {
    PriorityMasks masks;
    masks.primask = (cpu.read(Reg::PRIMASK) & 1U) != 0;
    if (v7) {
        masks.faultmask = (cpu.read(Reg::FAULTMASK) & 1U) != 0;
        masks.basepri = static_cast<std::uint8_t>(cpu.read(Reg::BASEPRI)) & scs.nvic().priorityMask();
    }
    return masks;
}

bool Core::privileged() const {
    return state.exception != 0 || !(state.unprivileged || (cpu.read(Reg::CONTROL) & control::kNpriv) != 0);
}

std::string Core::exceptionName(unsigned number) const {
    static constexpr std::array<const char*, exception::kFirstIrq> kNames = {
        "thread",       "Reset",       "NMI",        "HardFault",  "MemManage",   "BusFault",
        "UsageFault",   "reserved 7",  "reserved 8", "reserved 9", "reserved 10", "SVCall",
        "DebugMonitor", "reserved 13", "PendSV",     "SysTick"};
    if (number < kNames.size()) {
        return kNames[number];
    }
    const unsigned irq = number - exception::kFirstIrq;
    if (irq < mcu.irqNames.size() && !mcu.irqNames[irq].empty()) {
        return mcu.irqNames[irq];
    }
    return fmt::format("IRQ{}", irq);
}

void Core::reset(Address pc, std::uint32_t sp) {
    cpu.write(Reg::XPSR, xpsr::kThumb | exception::kHardFault); // handler mode, so that CONTROL may be written
    cpu.write(Reg::PRIMASK, 0);
    if (v7) {
        cpu.write(Reg::BASEPRI, 0);
        cpu.write(Reg::FAULTMASK, 0);
    }
    cpu.write(Reg::CONTROL, 0);
    cpu.write(Reg::XPSR, xpsr::kThumb);
    cpu.write(Reg::CONTROL, 0);
    cpu.write(Reg::MSP, sp);
    cpu.write(Reg::LR, 0xFFFFFFFF);
    state.pc = pc;
    state.exception = 0;
    state.unprivileged = state.eventRegister = false;
    state.itState = 0;
}

void Core::syncSpecialRegisters() {
    if (mcu.core.fpu) {
        state.fpReady = (cpu.read(Reg::CONTROL) & control::kFpca) != 0;
        state.fpActive = state.fpReady && (scs.fpccr() & fpccr::kAspen) != 0;
    }
    if (v7) {
        const std::uint32_t basepri = cpu.read(Reg::BASEPRI);
        if ((basepri & ~std::uint32_t{scs.nvic().priorityMask()}) != 0) {
            cpu.write(Reg::BASEPRI, basepri & scs.nvic().priorityMask());
        }
    }
}

void Core::setFpca(bool on) {
    const std::uint32_t flags = cpu.read(Reg::XPSR);
    const std::uint32_t old = cpu.read(Reg::CONTROL);
    const bool raised = state.exception == 0 && (old & control::kNpriv) != 0;
    if (raised) {
        cpu.write(Reg::XPSR, (flags & ~xpsr::kException) | exception::kHardFault);
    }
    cpu.write(Reg::CONTROL, (old & ~control::kFpca) | (on ? control::kFpca : 0));
    if (raised) {
        cpu.write(Reg::XPSR, flags);
    }
}

void Core::restoreItState() {
    if (state.itState != 0) {
        cpu.write(Reg::XPSR, (cpu.read(Reg::XPSR) & ~xpsr::kIt) | xpsr::itBits(state.itState));
    }
}

void Core::clearExclusive() {
    if (state.monitorOpen) {
        cpu.clearExclusive();
        state.monitorOpen = false;
    }
}

void Core::moveStatus(const DecodedInsn& insn) {
    constexpr unsigned kControlNumber = 20;
    if (insn.size == 2) {
        return; // CPS: only seen here while unprivileged, when it does nothing
    }
    const unsigned special = insn.opcode & 0xFFU;
    CoreRegisters registers = cpu.registers();
    if (insn.opcode >> 16 == 0xF3EFU) { // MRS
        const unsigned rd = insn.opcode >> 8 & 0xFU;
        std::uint32_t value = special < 8 ? cpu.read(Reg::XPSR) & ((special & 4U) != 0 ? 0U : xpsr::kFlags) : 0;
        if (special == kControlNumber) {
            value = (cpu.read(Reg::CONTROL) & control::kSpsel) | (state.unprivileged ? control::kNpriv : 0);
        }
        (rd == 14 ? registers.lr : registers.r[rd % 13]) = value;
        cpu.setRegisters(registers);
        return;
    }
    const unsigned rn = insn.opcode >> 16 & 0xFU;
    const std::uint32_t value = rn == 14 ? registers.lr : registers.r[rn % 13];
    if (special < 4) {
        cpu.write(Reg::XPSR, (registers.xpsr & ~xpsr::kFlags) | (value & xpsr::kFlags));
    } else if (special == kControlNumber && privileged()) {
        cpu.write(Reg::CONTROL, value & control::kSpsel);
        state.unprivileged = (value & control::kNpriv) != 0;
    }
}

bool Core::conditionHolds(unsigned condition) const {
    const std::uint32_t flags = cpu.read(Reg::XPSR);
    const bool n = (flags >> 31 & 1U) != 0, z = (flags >> 30 & 1U) != 0, c = (flags >> 29 & 1U) != 0,
               v = (flags >> 28 & 1U) != 0;
    const bool holds[] = {z, c, n, v, c && !z, n == v, n == v && !z, true};
    return holds[condition >> 1 & 7U] != ((condition & 1U) != 0 && condition < 14);
}

bool Core::divisorIsZero(const DecodedInsn& insn) const {
    const unsigned rm = insn.opcode & 0xFU;
    const CoreRegisters registers = cpu.registers();
    return (rm == 13 ? registers.sp : rm == 14 ? registers.lr : rm < 13 ? registers.r[rm] : 1) == 0;
}

} // namespace simprof
