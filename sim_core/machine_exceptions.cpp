// SPDX-License-Identifier: GPL-2.0-or-later
/// Exception entry and return as the architecture defines them (Armv7-M ARM, B1.5.6 to B1.5.8).
#include "sim_core/machine.h"

#include <fmt/format.h>

namespace simprof {

namespace {

constexpr std::uint32_t kThumb = 1U << 24;
constexpr std::uint32_t kBasicFrame = 0x20, kExtendedFrame = 0x68;
constexpr std::uint32_t kControlSpsel = 2, kControlFpca = 4;
constexpr std::uint32_t kFpccrLspact = 1, kFpccrLspen = 1U << 30, kFpccrAspen = 1U << 31;

} // namespace

PriorityMasks Machine::masks() const {
    PriorityMasks masks;
    masks.primask = (m_cpu.read(Reg::PRIMASK) & 1U) != 0;
    if (m_mcu.core.kind == CoreKind::CortexM4 || m_mcu.core.kind == CoreKind::CortexM7) {
        masks.faultmask = (m_cpu.read(Reg::FAULTMASK) & 1U) != 0;
        masks.basepri = static_cast<std::uint8_t>(m_cpu.read(Reg::BASEPRI)) & m_scs.nvic().priorityMask();
    }
    return masks;
}

bool Machine::privileged() const { return m_exception != 0 || (m_cpu.read(Reg::CONTROL) & 1U) == 0; }

bool Machine::takePending() {
    const auto number = m_scs.nvic().preempting(masks());
    if (!number) {
        return false;
    }
    enterException(*number, m_pc, false);
    return true;
}

/// SVC and faults: taken at once, or HardFault when the priority does not allow them.
void Machine::raiseSynchronous(unsigned number, Address returnAddress) {
    const Nvic& nvic = m_scs.nvic();
    if (nvic.groupPriority(number) < nvic.executionPriority(masks())) {
        enterException(number, returnAddress, false);
    } else {
        escalate(number, 0, returnAddress, fmt::format("{} at 0x{:08x} while its priority was not high enough", exceptionName(number), returnAddress));
    }
}

bool Machine::pushFrame(std::uint32_t frame, bool extended, bool lazy, Address returnAddress, std::uint32_t xpsr) {
    const CoreRegisters& registers = m_cpu.registers();
    const std::array<std::uint32_t, 8> words = {registers.r[0], registers.r[1], registers.r[2], registers.r[3],
                                                registers.r[12], registers.lr, returnAddress, xpsr};
    const auto push = [this](Address at, std::uint32_t value) {
        const AddressSpace::Region* region = m_space.find(at);
        return region != nullptr && region->writable && m_space.setWord(at, value);
    };
    if (m_mpuOn && !mpuAllows(frame, true)) {
        return false;
    }
    for (unsigned i = 0; i < words.size(); ++i) {
        if (!push(frame + 4 * i, words[i])) {
            return false;
        }
    }
    for (unsigned s = 0; extended && !lazy && s < 16; ++s) {
        if (!push(frame + kBasicFrame + 4 * s, m_cpu.fpRegister(s))) {
            return false;
        }
    }
    if (extended && !lazy && !push(frame + kBasicFrame + 64, m_cpu.read(Reg::FPSCR))) {
        return false;
    }
    if (m_listener != nullptr) {
        m_listener->busMasterAccess("exception entry", frame, extended ? kExtendedFrame : kBasicFrame, true, m_now);
    }
    return true;
}

void Machine::enterException(unsigned number, Address returnAddress, bool tailChained) {
    Nvic& nvic = m_scs.nvic();
    const std::uint32_t control = m_cpu.read(Reg::CONTROL);
    const bool fromThread = m_exception == 0;
    const bool onPsp = fromThread && (control & kControlSpsel) != 0;
    const std::uint32_t xpsr = m_cpu.read(Reg::XPSR) | kThumb;
    const std::uint32_t sp = m_cpu.read(Reg::SP);
    const bool extended = m_fpActive && (m_scs.fpccr() & kFpccrAspen) != 0;
    const bool lazy = extended && (m_scs.fpccr() & kFpccrLspen) != 0;
    std::uint32_t cycles = 0;
    std::uint32_t excReturn = m_cpu.read(Reg::LR);

    if (!tailChained) {
        const bool align = m_scs.stackAlign() || extended;
        std::uint32_t frame = sp - (extended ? kExtendedFrame : kBasicFrame);
        const bool padded = align && (frame & 4U) != 0;
        frame -= padded ? 4 : 0;
        const std::uint32_t stacked = (xpsr & ~(1U << 9) & ~0x1FFU) | m_exception | (padded ? 1U << 9 : 0);
        if (!pushFrame(frame, extended, lazy, returnAddress, stacked)) {
            const bool mpu = m_mpuOn && m_space.find(frame) != nullptr;
            m_cpu.write(Reg::SP, frame);
            const unsigned derived = mpu ? exception::kMemManage : exception::kBusFault;
            const std::uint32_t status = mpu ? fault_status::kMstkerr : fault_status::kStkerr;
            const std::string what = fmt::format("exception entry could not push its frame to 0x{:08x}", frame);
            // The derived fault is taken on what stack there is; with none left the core locks up.
            if (number == exception::kHardFault || m_scs.nvic().executionPriority(masks()) < 0) {
                lockup(returnAddress, what);
                return;
            }
            m_scs.addFaultStatus(status, number == derived ? 0 : fault_status::kHfsrForced, std::nullopt);
            noteFault(derived, returnAddress, what);
            number = nvic.enabled(derived) && nvic.groupPriority(derived) < nvic.groupPriority(number) ? derived : exception::kHardFault;
            if (m_space.at(m_cpu.read(Reg::MSP), 4).empty() && !onPsp) {
                m_firstFault->status = faultStatusNames(m_scs.cfsr(), m_scs.hfsr());
            }
        }
        if (lazy) {
            m_scs.setFpcar(frame + kBasicFrame);
            m_scs.setFpccr(m_scs.fpccr() | kFpccrLspact);
            m_lazyFp = true;
        }
        cycles = m_timing->exceptionEntryCycles(extended, lazy);
        excReturn = 0xFFFFFFE1U | (extended ? 0 : 0x10U) | (fromThread ? 0x8U : 0) | (onPsp ? 0x4U : 0);
        m_cpu.write(Reg::SP, frame);
    } else {
        cycles = m_timing->tailChainCycles();
    }

    m_exception = number;
    nvic.activate(number);
    m_eventRegister = true;
    m_fpActive = false;
    // Handler mode first: it switches to MSP and lets the masks be written.
    m_cpu.write(Reg::XPSR, (xpsr & ~0x0700FDFFU) | kThumb | number);
    m_cpu.write(Reg::CONTROL, m_cpu.read(Reg::CONTROL) & ~kControlFpca);
    m_cpu.write(Reg::LR, excReturn);
    m_itState = 0;
    m_timing->flushPipeline();
    const auto vector = m_space.word(m_scs.vtor() + 4 * number);
    const Address handler = vector.value_or(0);
    m_pc = handler & ~1U;
    if (m_listener != nullptr) {
        m_listener->exceptionEntered(number, returnAddress, tailChained ? 0 : sp, m_now, cycles);
    }
    m_now += cycles;
    m_stalls[static_cast<std::size_t>(Stall::Exception)] += cycles;
    m_recheck = true;
    updateStrictness();
    if (!vector) {
        m_scs.addFaultStatus(0, fault_status::kHfsrVecttbl, std::nullopt);
        lockup(returnAddress, fmt::format("the vector of {} at 0x{:08x} cannot be read", exceptionName(number), m_scs.vtor() + 4 * number));
    } else if ((handler & 1U) == 0) {
        takeFault(exception::kUsageFault, fault_status::kInvstate, std::nullopt, m_pc,
                  fmt::format("the vector of {} is 0x{:08x}, without the Thumb bit", exceptionName(number), handler));
    }
}

bool Machine::popFrame(std::uint32_t frame, bool extended, CoreRegisters& registers, std::uint32_t& xpsr) {
    std::array<std::uint32_t, 8> words{};
    for (unsigned i = 0; i < words.size(); ++i) {
        const auto word = m_space.word(frame + 4 * i);
        if (!word) {
            return false;
        }
        words[i] = *word;
    }
    registers.r[0] = words[0];
    registers.r[1] = words[1];
    registers.r[2] = words[2];
    registers.r[3] = words[3];
    registers.r[12] = words[4];
    registers.lr = words[5];
    registers.pc = words[6];
    xpsr = words[7];
    if (extended && m_lazyFp) {
        m_lazyFp = false; // never used: the registers still hold the thread's values
        m_scs.setFpccr(m_scs.fpccr() & ~kFpccrLspact);
    } else if (extended) {
        for (unsigned s = 0; s < 16; ++s) {
            const auto word = m_space.word(frame + kBasicFrame + 4 * s);
            if (!word) {
                return false;
            }
            m_cpu.setFpRegister(s, *word);
        }
        m_cpu.write(Reg::FPSCR, m_space.word(frame + kBasicFrame + 64).value_or(0));
    }
    return true;
}

void Machine::saveLazyFpState() {
    const Address frame = m_scs.fpcar();
    for (unsigned s = 0; s < 16; ++s) {
        m_space.setWord(frame + 4 * s, m_cpu.fpRegister(s));
    }
    m_space.setWord(frame + 64, m_cpu.read(Reg::FPSCR));
    m_cpu.write(Reg::FPSCR, m_scs.fpdscr());
    m_lazyFp = false;
    m_scs.setFpccr(m_scs.fpccr() & ~kFpccrLspact);
    const std::uint32_t cycles = m_timing->exceptionEntryCycles(true, false) - m_timing->exceptionEntryCycles(true, true);
    m_stalls[static_cast<std::size_t>(Stall::Exception)] += cycles;
    if (m_listener != nullptr) {
        m_listener->busMasterAccess("lazy FP stacking", frame, 68, true, m_now);
        m_listener->exceptionStall(m_now, cycles);
    }
    m_now += cycles;
    updateStrictness();
}

void Machine::returnFromException(std::uint32_t excReturn) {
    Nvic& nvic = m_scs.nvic();
    const unsigned number = m_exception;
    const bool toThread = (excReturn & 8U) != 0;
    const bool toPsp = (excReturn & 4U) != 0;
    const bool extended = (excReturn & 0x10U) == 0;
    const std::uint32_t kind = excReturn | 0x10U;
    const bool valid = number != 0 && nvic.active(number) && (kind == 0xFFFFFFF1U || kind == 0xFFFFFFF9U || kind == 0xFFFFFFFDU ||
                        kind == 0xFFFFFFF0U || kind == 0xFFFFFFF8U || kind == 0xFFFFFFFCU) && !(extended && !m_mcu.core.fpu);
    if (!valid) {
        if (number != 0) {
            nvic.deactivate(number);
        }
        takeFault(exception::kUsageFault, fault_status::kInvpc, std::nullopt, excReturn & ~1U,
                  number == 0 ? fmt::format("jump to 0x{:08x} outside any handler", excReturn)
                              : fmt::format("0x{:08x} is no valid EXC_RETURN", excReturn));
        return;
    }
    if (number >= exception::kHardFault && number <= exception::kUsageFault) {
        m_firstFault.reset(); // the handler recovered
    }
    nvic.deactivate(number);
    if (m_mcu.core.kind == CoreKind::CortexM4 || m_mcu.core.kind == CoreKind::CortexM7) {
        if (number != exception::kNmi) {
            m_cpu.write(Reg::FAULTMASK, 0);
        }
    }
    // Another exception may follow without unstacking.
    PriorityMasks now = masks();
    if (const auto next = nvic.preempting(now)) {
        if (m_listener != nullptr) {
            m_listener->exceptionReturned(number, 0, 0, m_now, 0, true);
        }
        m_cpu.write(Reg::LR, excReturn | 1U);
        m_fpActive = false;
        enterException(*next, 0, true);
        return;
    }
    const std::uint32_t frame = toPsp ? m_cpu.read(Reg::PSP) : m_cpu.read(Reg::MSP);
    CoreRegisters registers = m_cpu.registers();
    std::uint32_t xpsr = 0;
    if (!popFrame(frame, extended, registers, xpsr)) {
        takeFault(exception::kBusFault, fault_status::kUnstkerr, std::nullopt, excReturn & ~1U,
                  fmt::format("exception return could not read its frame at 0x{:08x}", frame));
        return;
    }
    const unsigned returnTo = xpsr & 0x1FFU;
    if (toThread != (returnTo == 0)) {
        takeFault(exception::kUsageFault, fault_status::kInvpc, std::nullopt, excReturn & ~1U,
                  fmt::format("EXC_RETURN 0x{:08x} does not match the stacked exception number {}", excReturn, returnTo));
        return;
    }
    const std::uint32_t after = frame + (extended ? kExtendedFrame : kBasicFrame) + ((xpsr & (1U << 9)) != 0 ? 4 : 0);
    const std::uint32_t control = m_cpu.read(Reg::CONTROL);
    const bool unprivileged = (control & 1U) != 0;
    // CONTROL may only be written while privileged: nPRIV last.
    m_cpu.write(Reg::CONTROL, control & ~1U);
    m_cpu.write(toPsp ? Reg::PSP : Reg::MSP, after);
    m_cpu.write(Reg::XPSR, (xpsr & ~0x01FFU & ~(1U << 9)) | kThumb | returnTo);
    m_exception = returnTo;
    if (toThread) {
        m_cpu.write(Reg::CONTROL, (toPsp ? kControlSpsel : 0) | (extended ? kControlFpca : 0));
        if (unprivileged) {
            m_cpu.write(Reg::CONTROL, (toPsp ? kControlSpsel : 0) | (extended ? kControlFpca : 0) | 1U);
        }
    }
    registers.sp = after;
    registers.xpsr = (xpsr & ~(1U << 9)) | kThumb;
    m_cpu.setRegisters(registers);
    m_fpActive = extended;
    m_eventRegister = true;
    m_itState = static_cast<std::uint8_t>((xpsr >> 25 & 3U) | (xpsr >> 8 & 0xFCU));
    m_pc = registers.pc & ~1U;
    const std::uint32_t cycles = m_timing->exceptionReturnCycles(extended);
    if (m_listener != nullptr) {
        m_listener->exceptionReturned(number, m_pc, after, m_now, cycles, false);
    }
    m_now += cycles;
    m_stalls[static_cast<std::size_t>(Stall::Exception)] += cycles;
    m_timing->flushPipeline();
    m_recheck = true;
    updateStrictness();
    if (toThread && m_scs.sleepOnExit()) {
        waitForInterrupt();
    }
}

} // namespace simprof
