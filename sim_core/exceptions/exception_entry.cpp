// SPDX-License-Identifier: GPL-2.0-or-later
/// Exception entry (Armv7-M ARM, B1.5.5 to B1.5.7, B1.5.11).
#include "sim_core/exceptions/exception_unit.h"

#include <fmt/format.h>

namespace simprof {

namespace {

constexpr Address kSystemSpace = 0xE0000000; ///< never executable; above it EXC_RETURN values begin

} // namespace

bool ExceptionUnit::takePending() {
    const auto number = m_core.scs.nvic().preempting(m_core.masks());
    if (number) {
        enter(*number, m_core.state.pc, false, m_core.state.pc);
    }
    return number.has_value();
}

/// Writes the frame; answers the CFSR bit of what went wrong, or 0.
std::uint32_t ExceptionUnit::pushFrame(std::uint32_t frame, bool extended, bool lazy, Address returnAddress,
                                       std::uint32_t stackedXpsr) {
    AddressSpace& space = m_parts.space;
    const AddressRange range{frame, extended ? kExtendedFrame : kBasicFrame};
    if (!m_parts.guard.mpuAllowsRange(range, true, m_core.privileged())) {
        return fault_status::kMstkerr;
    }
    if (!space.isWritable(range)) {
        return fault_status::kStkerr;
    }
    const CoreRegisters registers = m_core.cpu.registers();
    const std::array<std::uint32_t, 8> words = {registers.r[0],  registers.r[1], registers.r[2], registers.r[3],
                                                registers.r[12], registers.lr,   returnAddress,  stackedXpsr};
    for (unsigned i = 0; i < words.size(); ++i) {
        space.setWord(frame + 4 * i, words[i]);
    }
    const bool saves = extended && !lazy, maySave = m_core.scs.fpuEnabled(m_core.privileged());
    if (saves && maySave) {
        m_parts.fp.save(frame + kBasicFrame);
    }
    m_parts.bus.bytesChanged(space.at(range.begin, range.size));
    m_parts.clock.listener().busMasterAccess("exception entry", frame, range.size, true, m_parts.clock.now());
    return saves && !maySave ? fault_status::kNocp : 0; // B1.5.7: PushStack calls CheckVFPEnabled
}

/// The frame could not be written: of the fault this derives and the exception on its way, the one with the higher
/// priority is entered and the other stays pending (Armv7-M ARM, B1.5.11). Answers its number, 0 after a lock-up.
unsigned ExceptionUnit::stackingFault(unsigned number, std::uint32_t status, Address frame, Address cause) {
    Nvic& nvic = m_core.scs.nvic();
    const unsigned wanted = status == fault_status::kMstkerr ? exception::kMemManage
                            : status == fault_status::kNocp  ? exception::kUsageFault
                                                             : exception::kBusFault;
    const Fault fault =
        faultAt(cause, wanted, status,
                fmt::format("entry of {} could not push its frame to 0x{:08x}{}", m_core.exceptionName(number), frame,
                            status == fault_status::kNocp ? ": CPACR keeps the FPU off" : ""));
    const bool noFrame = status != fault_status::kNocp; // else only the FP registers are missing in it
    const bool escalates = routeFault(fault.exception, m_core.priority(), nvic, m_core.v7).exception != fault.exception;
    if (noFrame && escalates && number <= exception::kHardFault) {
        m_core.scs.addFaultStatus(m_core.v7 ? status : 0, 0, std::nullopt);
        lockup(fault);
        return 0;
    }
    const unsigned derived = route(fault);
    if (derived == 0 || derived == number) {
        return derived;
    }
    const bool derivedFirst = nvic.groupPriority(derived) < nvic.groupPriority(number) ||
                              (nvic.groupPriority(derived) == nvic.groupPriority(number) && derived < number);
    nvic.setPending(derivedFirst ? number : derived);
    return derivedFirst ? derived : number;
}

/// Pushes the frame, moves SP and sets LR; false after a lock-up. `number` becomes another exception when the push
/// faults.
bool ExceptionUnit::stackContext(unsigned& number, Address returnAddress, Address cause, std::uint32_t& cycles) {
    Cpu& cpu = m_core.cpu;
    const ArchState& state = m_core.state;
    const bool fromThread = state.exception == 0;
    const bool onPsp = fromThread && (cpu.read(Reg::CONTROL) & control::kSpsel) != 0;
    const bool extended = state.fpActive;
    const bool lazy = extended && (m_core.scs.fpccr() & fpccr::kLspen) != 0;
    const std::uint32_t now = cpu.read(Reg::XPSR);
    std::uint32_t frame = cpu.read(Reg::SP) - (extended ? kExtendedFrame : kBasicFrame);
    const bool padded = (m_core.scs.stackAlign() || extended) && (frame & 4U) != 0;
    frame -= padded ? 4 : 0;
    const std::uint32_t stacked =
        (now & ~(xpsr::kIt | 0x3FFU)) | xpsr::itBits(state.itState) | state.exception | (padded ? xpsr::kPadded : 0);
    if (const std::uint32_t status = pushFrame(frame, extended, lazy, returnAddress, stacked); status != 0) {
        number = stackingFault(number, status, frame, cause);
        if (number == 0) {
            return false;
        }
    }
    if (lazy) {
        m_parts.fp.reserve(frame + kBasicFrame);
    }
    cycles = m_parts.timing.exceptionEntryCycles(extended, lazy);
    cpu.write(Reg::SP, frame);
    cpu.write(Reg::LR, 0xFFFFFFE1U | (extended ? 0 : 0x10U) | (fromThread ? 0x8U : 0) | (onPsp ? 0x4U : 0));
    return true;
}

/// What became pending during the entry and has a higher priority than `number` is served first, on the same frame.
unsigned ExceptionUnit::lateArrival(unsigned number) {
    Nvic& nvic = m_core.scs.nvic();
    const unsigned late = nvic.highestPending();
    if (late == 0 || nvic.groupPriority(late) >= nvic.groupPriority(number) ||
        nvic.groupPriority(late) >= m_core.priority()) {
        return number;
    }
    nvic.setPending(number);
    return late;
}

/// Handler mode on MSP, with these flags; CONTROL.SPSEL and FPCA are cleared (Armv7-M ARM, B1.5.6: ExceptionTaken).
void ExceptionUnit::toHandlerMode(std::uint32_t flags, unsigned number) {
    Cpu& cpu = m_core.cpu;
    cpu.write(Reg::XPSR, flags | number);
    const std::uint32_t old = cpu.read(Reg::CONTROL);
    if ((old & control::kSpsel) != 0) {
        // The engine lets CONTROL be written while privileged, and SPSEL only in thread mode.
        cpu.write(Reg::CONTROL, old & ~control::kNpriv);
        cpu.write(Reg::XPSR, flags);
        cpu.write(Reg::CONTROL, old & control::kFpca);
        cpu.write(Reg::XPSR, flags | number);
    }
    const bool aspen = (m_core.scs.fpccr() & fpccr::kAspen) != 0;
    cpu.write(Reg::CONTROL, (old & control::kNpriv) | (aspen ? 0 : control::kFpca));
    m_core.state.exception = number;
    m_core.state.itState = 0;
    m_core.clearExclusive();
}

/// Enters `number`; the interrupted code continues at `returnAddress`. `cause`: the instruction to name when the push
/// faults.
void ExceptionUnit::enter(unsigned number, Address returnAddress, bool tailChained, Address cause) {
    Cpu& cpu = m_core.cpu;
    Clock& clock = m_parts.clock;
    const Cycles start = clock.now();
    const std::uint32_t before = cpu.read(Reg::XPSR);
    const std::uint32_t sp = cpu.read(Reg::SP);
    std::uint32_t cycles = m_parts.timing.tailChainCycles();
    if (!tailChained && !stackContext(number, returnAddress, cause, cycles)) {
        return;
    }
    clock.spend(Stall::Exception, cycles);
    m_parts.scheduler.runDue(clock.now());
    number = lateArrival(number);

    m_core.scs.nvic().activate(number);
    m_core.state.eventRegister = true;
    toHandlerMode((before & ~(xpsr::kIt | 0x3FFU)) | xpsr::kThumb, number);
    m_parts.timing.flushPipeline();
    clock.listener().exceptionEntered(number, returnAddress, tailChained ? 0 : sp, start, cycles);
    m_parts.control.lookSoon();
    m_parts.guard.update();
    fetchVector(number, returnAddress);
}

void ExceptionUnit::fetchVector(unsigned number, Address returnAddress) {
    Nvic& nvic = m_core.scs.nvic();
    const Address entry = m_core.scs.vtor() + 4 * number;
    const auto vector = m_parts.space.word(entry);
    const Address pc = vector.value_or(0) & ~1U;
    m_core.state.pc = pc;
    if (!vector) {
        Fault fault =
            faultAt(returnAddress, exception::kHardFault, 0,
                    fmt::format("the vector of {} at 0x{:08x} cannot be read", m_core.exceptionName(number), entry));
        fault.hfsr = fault_status::kHfsrVecttbl;
        if (route(fault) != 0) {
            nvic.deactivate(number);
            nvic.setPending(number);
            enter(exception::kHardFault, returnAddress, true, returnAddress);
        }
    } else if ((*vector & 1U) == 0) {
        takeFault(faultAt(
            pc, exception::kUsageFault, fault_status::kInvstate,
            fmt::format("the vector of {} is 0x{:08x}, without the Thumb bit", m_core.exceptionName(number), *vector)));
    } else if (*vector >= kSystemSpace) {
        takeFault(faultAt(pc, exception::kMemManage, fault_status::kIaccviol,
                          fmt::format("the vector of {} is 0x{:08x}, where nothing may be executed (erased flash?)",
                                      m_core.exceptionName(number), *vector)));
    }
}

} // namespace simprof
