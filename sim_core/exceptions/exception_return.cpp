// SPDX-License-Identifier: GPL-2.0-or-later
/// Exception return and tail-chaining (Armv7-M ARM, B1.5.8 and B1.5.9).
#include "sim_core/exceptions/exception_unit.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof {

namespace {

/// What an EXC_RETURN says (Armv7-M ARM, table B1-8).
bool toThread(std::uint32_t excReturn) { return (excReturn & 8U) != 0; }
bool toPsp(std::uint32_t excReturn) { return (excReturn & 4U) != 0; }
bool isExtended(std::uint32_t excReturn) { return (excReturn & 0x10U) == 0; }

constexpr unsigned kXpsrWord = 7, kFpWords = 8;

} // namespace

/// Ends `number`, whose return began at `start`, and enters what is pending; false when nothing is.
bool ExceptionUnit::tailChain(unsigned number, std::uint32_t excReturn, Cycles start) {
    const auto next = m_core.scs.nvic().preempting(m_core.masks());
    if (!next) {
        return false;
    }
    m_parts.clock.listener().exceptionReturned(number, 0, 0, start,
                                               static_cast<std::uint32_t>(m_parts.clock.now() - start), true);
    m_core.cpu.write(Reg::LR, excReturn);
    enter(*next, 0, true, m_core.state.pc);
    return true;
}

/// A fault of the return itself, which began at `start`, is taken at once; the frame that could not be used stays where
/// it is.
void ExceptionUnit::chainFault(const Fault& fault, unsigned number, std::uint32_t excReturn, Cycles start) {
    const unsigned target = route(fault);
    if (target == 0) {
        return;
    }
    m_parts.clock.listener().exceptionReturned(number, 0, 0, start,
                                               static_cast<std::uint32_t>(m_parts.clock.now() - start), true);
    m_core.cpu.write(Reg::LR, excReturn);
    enter(target, 0, true, fault.pc);
}

/// What comes while the frame is popped is served first; the pop is given up.
bool ExceptionUnit::chainsWhilePopping(unsigned number, std::uint32_t excReturn, Cycles start, Cycles end) {
    Clock& clock = m_parts.clock;
    Scheduler& scheduler = m_parts.scheduler;
    for (Cycles at = scheduler.next(); at < end; at = scheduler.next()) {
        clock.spend(Stall::Exception, std::max(clock.now(), at) - clock.now());
        scheduler.runDue(clock.now());
        if (tailChain(number, excReturn, start)) {
            return true;
        }
    }
    return false;
}

/// Reads the frame; answers the CFSR bit of what went wrong, or 0.
std::uint32_t ExceptionUnit::readFrame(Address frame, bool extended, bool privileged, FrameWords& words) const {
    if (!m_parts.guard.mpuAllowsRange({frame, extended ? kExtendedFrame : kBasicFrame}, false, privileged)) {
        return fault_status::kMunstkerr;
    }
    for (unsigned i = 0; i < (extended ? 25U : kFpWords); ++i) {
        const auto word = m_parts.space.word(frame + 4 * i);
        if (!word) {
            return fault_status::kUnstkerr;
        }
        words[i] = *word;
    }
    return 0;
}

/// Reads the frame that `excReturn` names and checks it; the fault if it cannot be used.
std::optional<Fault> ExceptionUnit::popFrame(unsigned number, std::uint32_t excReturn, Address cause, Address frame,
                                             FrameWords& words) {
    const bool unprivileged =
        toThread(excReturn) && (m_core.state.unprivileged || (m_core.cpu.read(Reg::CONTROL) & control::kNpriv) != 0);
    const std::string from = fmt::format("return from {} at 0x{:08x}", m_core.exceptionName(number), cause);
    if (const std::uint32_t status = readFrame(frame, isExtended(excReturn), !unprivileged, words); status != 0) {
        return faultAt(cause, status == fault_status::kMunstkerr ? exception::kMemManage : exception::kBusFault, status,
                       fmt::format("{} could not read its frame at 0x{:08x}", from, frame));
    }
    if (const std::uint32_t stacked = words[kXpsrWord] & xpsr::kException; toThread(excReturn) != (stacked == 0)) {
        return faultAt(cause, exception::kUsageFault, fault_status::kInvpc,
                       fmt::format("{}: EXC_RETURN 0x{:08x} does not fit the stacked exception number {}", from,
                                   excReturn, stacked));
    }
    // B1.5.7: PopStack calls CheckVFPEnabled, in the mode that is returned to.
    const bool restores = isExtended(excReturn) && (m_core.scs.fpccr() & fpccr::kLspact) == 0;
    if (restores && !m_core.scs.fpuEnabled(!unprivileged)) {
        return faultAt(cause, exception::kUsageFault, fault_status::kNocp,
                       fmt::format("{} could not restore the FP registers: CPACR keeps the FPU off", from));
    }
    return std::nullopt;
}

/// Takes the registers of a frame over and continues in the mode and on the stack that `excReturn` names.
void ExceptionUnit::resume(std::uint32_t excReturn, const FrameWords& words, Address frame) {
    Cpu& cpu = m_core.cpu;
    const bool extended = isExtended(excReturn);
    const std::uint32_t stacked = words[kXpsrWord];
    m_core.clearExclusive();
    const std::uint32_t after =
        frame + (extended ? kExtendedFrame : kBasicFrame) + ((stacked & xpsr::kPadded) != 0 ? 4 : 0);
    if (extended) {
        m_parts.fp.restore(std::span(words).subspan(kFpWords));
    }
    const std::uint32_t old = cpu.read(Reg::CONTROL);
    const bool fpca = extended || (m_core.scs.fpccr() & fpccr::kAspen) == 0;
    const std::uint32_t kept = (old & ~control::kFpca) | (fpca ? control::kFpca : 0);
    cpu.write(toPsp(excReturn) ? Reg::PSP : Reg::MSP, after);
    cpu.write(Reg::CONTROL, kept & ~control::kNpriv);
    cpu.write(Reg::XPSR, (stacked & ~xpsr::kPadded) | xpsr::kThumb);
    m_core.state.exception = stacked & xpsr::kException;
    if (toThread(excReturn)) {
        // CONTROL may only be written while privileged: nPRIV last, and SPSEL only in thread mode.
        cpu.write(Reg::CONTROL, (kept & control::kFpca) | (toPsp(excReturn) ? control::kSpsel : 0));
    }
    if ((old & control::kNpriv) != 0) {
        cpu.write(Reg::CONTROL, cpu.read(Reg::CONTROL) | control::kNpriv);
    }
    CoreRegisters registers = cpu.registers();
    std::copy(words.begin(), words.begin() + 4, registers.r.begin());
    registers.r[12] = words[4];
    registers.lr = words[5];
    registers.sp = after;
    cpu.setRegisters(registers);
    m_core.state.itState = static_cast<std::uint8_t>((stacked >> 25 & 3U) | (stacked >> 8 & 0xFCU));
    m_core.state.pc = words[6] & ~1U;
}

/// Ends the exception; the fault if this EXC_RETURN is none, or fits no active exception.
std::optional<Fault> ExceptionUnit::invalidReturn(unsigned number, std::uint32_t excReturn, Address cause) {
    Nvic& nvic = m_core.scs.nvic();
    const std::uint32_t kind = excReturn & 0xFU;
    const bool last = nvic.activeCount() == 1;
    const bool known = excReturn >= kExcReturn && (kind == 1 || kind == 9 || kind == 13) &&
                       !(isExtended(excReturn) && !m_core.mcu.core.fpu);
    const bool fits = nvic.active(number) && (toThread(excReturn) ? last || m_core.scs.nonBaseThreadEnable() : !last);
    nvic.deactivate(number);
    if (m_core.v7 && number != exception::kNmi) {
        m_core.cpu.write(Reg::FAULTMASK, 0);
    }
    if (known && fits) {
        return std::nullopt;
    }
    return faultAt(cause, exception::kUsageFault, fault_status::kInvpc,
                   fmt::format("return from {} at 0x{:08x} with 0x{:08x}, {}", m_core.exceptionName(number), cause,
                               excReturn,
                               known ? "which does not fit the active exceptions" : "which is no valid EXC_RETURN"));
}

bool ExceptionUnit::leave(std::uint32_t excReturn, Address cause) {
    Clock& clock = m_parts.clock;
    const unsigned number = m_core.state.exception;
    if (number == 0) {
        jumpFault(excReturn & ~1U, cause); // only handlers return
        return false;
    }
    excReturn |= 1U;
    const Cycles start = clock.now();
    if (const auto fault = invalidReturn(number, excReturn, cause)) {
        chainFault(*fault, number, excReturn, start);
        return false;
    }
    if (number >= exception::kHardFault && number <= exception::kUsageFault) {
        m_firstFault.reset(); // the handler recovered
    }
    const bool fpPopped = isExtended(excReturn) && (m_core.scs.fpccr() & fpccr::kLspact) == 0;
    const std::uint32_t cycles = m_parts.timing.exceptionReturnCycles(fpPopped);
    if (tailChain(number, excReturn, start) || chainsWhilePopping(number, excReturn, start, start + cycles)) {
        return false;
    }
    const Address frame = m_core.cpu.read(toPsp(excReturn) ? Reg::PSP : Reg::MSP);
    FrameWords words{};
    if (const auto fault = popFrame(number, excReturn, cause, frame, words)) {
        chainFault(*fault, number, excReturn, start);
        return false;
    }
    resume(excReturn, words, frame);
    m_core.state.eventRegister = true;
    clock.spend(Stall::Exception, start + cycles - clock.now());
    clock.listener().exceptionReturned(number, m_core.state.pc, m_core.cpu.read(Reg::SP), start, cycles, false);
    m_parts.timing.flushPipeline();
    m_parts.control.lookSoon();
    m_parts.guard.update();
    if ((words[kXpsrWord] & xpsr::kThumb) == 0) {
        const Address pc = m_core.state.pc;
        takeFault(faultAt(
            pc, exception::kUsageFault, fault_status::kInvstate,
            fmt::format("return to 0x{:08x} with a stacked xPSR without the Thumb bit, by the instruction at 0x{:08x}",
                        pc, cause)));
        return false;
    }
    return toThread(excReturn) && m_core.scs.sleepOnExit();
}

} // namespace simprof
