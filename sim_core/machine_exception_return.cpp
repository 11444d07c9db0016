// SPDX-License-Identifier: GPL-2.0-or-later
/// Exception return and tail-chaining (Armv7-M ARM, B1.5.8 and B1.5.9).
#include "sim_core/machine.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof {

namespace {

constexpr std::uint32_t kThumb = 1U << 24, kPadded = 1U << 9;
constexpr std::uint32_t kBasicFrame = 0x20, kExtendedFrame = 0x68;
constexpr std::uint32_t kControlNpriv = 1, kControlSpsel = 2, kControlFpca = 4;
constexpr std::uint32_t kFpccrLspact = 1, kFpccrAspen = 1U << 31;

} // namespace

/// Ends `number` after `cycles` and enters what is pending; false when nothing is.
bool Machine::tailChain(unsigned number, std::uint32_t excReturn, std::uint32_t cycles) {
    const auto next = m_scs.nvic().preempting(masks());
    if (!next) {
        return false;
    }
    m_stalls[static_cast<std::size_t>(Stall::Exception)] += cycles;
    if (m_listener != nullptr) {
        m_listener->exceptionReturned(number, 0, 0, m_now - cycles, cycles, true);
    }
    m_cpu.write(Reg::LR, excReturn);
    enterException(*next, 0, true, m_pc);
    return true;
}

/// A fault of the return itself is taken at once; the frame that could not be used stays where it is.
void Machine::chainFault(const Fault& fault, unsigned number, std::uint32_t excReturn) {
    Nvic& nvic = m_scs.nvic();
    const bool v7 = m_v7;
    m_scs.addFaultStatus(v7 ? fault.cfsr : 0, 0, std::nullopt);
    const int priority = nvic.executionPriority(masks());
    unsigned target = fault.exception;
    if (!v7 || !nvic.enabled(target) || nvic.groupPriority(target) >= priority) {
        if (priority < 0) {
            lockup(fault);
            return;
        }
        m_scs.addFaultStatus(0, v7 ? fault_status::kHfsrForced : 0, std::nullopt);
        target = exception::kHardFault;
    }
    noteFault(target, fault);
    if (m_listener != nullptr) {
        m_listener->exceptionReturned(number, 0, 0, m_now, 0, true);
    }
    m_cpu.write(Reg::LR, excReturn);
    enterException(target, 0, true, fault.pc);
}

/// Reads the frame; answers the CFSR bit of what went wrong, or 0.
std::uint32_t Machine::popFrame(std::uint32_t frame, bool extended, bool asPrivileged,
                                std::array<std::uint32_t, 26>& words) const {
    if (m_mpuOn && !mpuAllowsRange({frame, extended ? kExtendedFrame : kBasicFrame}, false, asPrivileged)) {
        return fault_status::kMunstkerr;
    }
    for (unsigned i = 0; i < (extended ? 25U : 8U); ++i) {
        const auto word = m_space.word(frame + 4 * i);
        if (!word) {
            return fault_status::kUnstkerr;
        }
        words[i] = *word;
    }
    return 0;
}

/// Takes the registers of a frame over and goes on in the mode and on the stack that `excReturn` names.
void Machine::resume(std::uint32_t excReturn, const std::array<std::uint32_t, 26>& words, std::uint32_t frame) {
    const bool toThread = (excReturn & 8U) != 0;
    const bool toPsp = (excReturn & 4U) != 0;
    const bool extended = (excReturn & 0x10U) == 0;
    const std::uint32_t xpsr = words[7];
    const std::uint32_t after = frame + (extended ? kExtendedFrame : kBasicFrame) + ((xpsr & kPadded) != 0 ? 4 : 0);
    if (extended && (m_scs.fpccr() & kFpccrLspact) != 0) {
        m_scs.setFpccr(m_scs.fpccr() & ~kFpccrLspact); // never used: the registers still hold the thread's values
    } else if (extended) {
        for (unsigned s = 0; s < 16; ++s) {
            m_cpu.setFpRegister(s, words[8 + s]);
        }
        m_cpu.write(Reg::FPSCR, words[24]);
    }
    const std::uint32_t control = m_cpu.read(Reg::CONTROL);
    const bool fpca = extended || (m_scs.fpccr() & kFpccrAspen) == 0;
    const std::uint32_t kept = (control & ~kControlFpca) | (fpca ? kControlFpca : 0);
    m_cpu.write(toPsp ? Reg::PSP : Reg::MSP, after);
    m_cpu.write(Reg::CONTROL, kept & ~kControlNpriv);
    m_cpu.write(Reg::XPSR, (xpsr & ~kPadded) | kThumb);
    m_exception = xpsr & 0x1FFU;
    if (toThread) {
        // CONTROL may only be written while privileged: nPRIV last, and SPSEL only in thread mode.
        m_cpu.write(Reg::CONTROL, (kept & kControlFpca) | (toPsp ? kControlSpsel : 0));
    }
    if ((control & kControlNpriv) != 0) {
        m_cpu.write(Reg::CONTROL, m_cpu.read(Reg::CONTROL) | kControlNpriv);
    }
    CoreRegisters registers = m_cpu.registers();
    std::copy(words.begin(), words.begin() + 4, registers.r.begin());
    registers.r[12] = words[4];
    registers.lr = words[5];
    registers.sp = after;
    m_cpu.setRegisters(registers);
    m_itState = static_cast<std::uint8_t>((xpsr >> 25 & 3U) | (xpsr >> 8 & 0xFCU));
    m_pc = words[6] & ~1U;
}

void Machine::returnFromException(std::uint32_t excReturn) {
    excReturn |= 1U;
    const unsigned number = m_exception;
    const Address cause = jumpSource();
    if (number == 0) {
        jumpFault(excReturn & ~1U, cause); // only handlers return
        return;
    }
    Nvic& nvic = m_scs.nvic();
    const bool toThread = (excReturn & 8U) != 0;
    const bool toPsp = (excReturn & 4U) != 0;
    const bool extended = (excReturn & 0x10U) == 0;
    const std::uint32_t kind = excReturn & 0xFU;
    const bool last = nvic.activeCount() == 1;
    const bool known =
        excReturn >= 0xFFFFFFE0U && (kind == 1 || kind == 9 || kind == 13) && !(extended && !m_mcu.core.fpu);
    const bool fits = nvic.active(number) && (toThread ? last || m_scs.nonBaseThreadEnable() : !last);
    const auto invalid = [&](std::string what) {
        return Fault{exception::kUsageFault, fault_status::kInvpc, std::nullopt, cause, cause, std::move(what)};
    };
    nvic.deactivate(number);
    if (m_v7 && number != exception::kNmi) {
        m_cpu.write(Reg::FAULTMASK, 0);
    }
    if (!known || !fits) {
        chainFault(
            invalid(fmt::format("return from {} at 0x{:08x} with 0x{:08x}, {}", exceptionName(number), cause, excReturn,
                                known ? "which does not fit the active exceptions" : "which is no valid EXC_RETURN")),
            number, excReturn);
        return;
    }
    if (number >= exception::kHardFault && number <= exception::kUsageFault) {
        m_firstFault.reset(); // the handler recovered
    }
    if (tailChain(number, excReturn, 0)) {
        return;
    }
    // What comes while the frame is popped is served first; the pop is given up.
    const Cycles start = m_now;
    const bool fpPopped = extended && (m_scs.fpccr() & kFpccrLspact) == 0;
    const std::uint32_t cycles = m_timing->exceptionReturnCycles(fpPopped);
    for (Cycles at = m_scheduler.next(); at < start + cycles; at = m_scheduler.next()) {
        m_now = std::max(m_now, at);
        m_scheduler.runDue(m_now);
        if (tailChain(number, excReturn, static_cast<std::uint32_t>(m_now - start))) {
            return;
        }
    }
    m_now = start;
    const std::uint32_t frame = m_cpu.read(toPsp ? Reg::PSP : Reg::MSP);
    const bool unprivileged = toThread && (m_unprivileged || (m_cpu.read(Reg::CONTROL) & kControlNpriv) != 0);
    std::array<std::uint32_t, 26> words{};
    if (const std::uint32_t status = popFrame(frame, extended, !unprivileged, words); status != 0) {
        chainFault({status == fault_status::kMunstkerr ? exception::kMemManage : exception::kBusFault, status,
                    std::nullopt, cause, cause,
                    fmt::format("return from {} at 0x{:08x} could not read its frame at 0x{:08x}",
                                exceptionName(number), cause, frame)},
                   number, excReturn);
        return;
    }
    if (toThread != ((words[7] & 0x1FFU) == 0)) {
        chainFault(invalid(fmt::format(
                       "return from {} at 0x{:08x}: EXC_RETURN 0x{:08x} does not fit the stacked exception number {}",
                       exceptionName(number), cause, excReturn, words[7] & 0x1FFU)),
                   number, excReturn);
        return;
    }
    resume(excReturn, words, frame);
    m_eventRegister = true;
    m_now += cycles;
    m_stalls[static_cast<std::size_t>(Stall::Exception)] += cycles;
    if (m_listener != nullptr) {
        m_listener->exceptionReturned(number, m_pc, m_cpu.read(Reg::SP), start, cycles, false);
    }
    m_timing->flushPipeline();
    m_recheck = true;
    updateStrictness();
    if ((words[7] & kThumb) == 0) {
        takeFault(
            {exception::kUsageFault, fault_status::kInvstate, std::nullopt, m_pc, m_pc,
             fmt::format("return to 0x{:08x} with a stacked xPSR without the Thumb bit, by the instruction at 0x{:08x}",
                         m_pc, cause)});
    } else if (toThread && m_scs.sleepOnExit()) {
        waitForInterrupt();
    }
}

} // namespace simprof
