// SPDX-License-Identifier: GPL-2.0-or-later
/// Exception entry as the architecture defines it (Armv7-M ARM, B1.5.5 to B1.5.7, B1.5.11).
#include "sim_core/machine.h"

#include <fmt/format.h>

namespace simprof {

namespace {

constexpr Address kSystemSpace = 0xE0000000; ///< never executable; above it EXC_RETURN values begin

constexpr std::uint32_t kThumb = 1U << 24;
constexpr std::uint32_t kItBits = 0x0600FC00;
constexpr std::uint32_t kBasicFrame = 0x20, kExtendedFrame = 0x68;
constexpr std::uint32_t kControlSpsel = 2, kControlFpca = 4;
constexpr std::uint32_t kFpccrLspen = 1U << 30, kFpccrAspen = 1U << 31;

/// ITSTATE as xPSR holds it.
std::uint32_t itBits(std::uint8_t itState) { return (itState & 3U) << 25 | (itState & 0xFCU) << 8; }

} // namespace

PriorityMasks Machine::masks() const {
    PriorityMasks masks;
    masks.primask = (m_cpu.read(Reg::PRIMASK) & 1U) != 0;
    if (m_v7) {
        masks.faultmask = (m_cpu.read(Reg::FAULTMASK) & 1U) != 0;
        masks.basepri = static_cast<std::uint8_t>(m_cpu.read(Reg::BASEPRI)) & m_scs.nvic().priorityMask();
    }
    return masks;
}

bool Machine::privileged() const {
    return m_exception != 0 || !(m_unprivileged || (m_cpu.read(Reg::CONTROL) & 1U) != 0);
}

bool Machine::takePending() {
    const auto number = m_scs.nvic().preempting(masks());
    if (!number) {
        return false;
    }
    enterException(*number, m_pc, false, m_pc);
    return true;
}

/// SVC: taken at once, or HardFault when the priority does not allow it. `after`: the address behind the instruction.
void Machine::supervisorCall(Address after) {
    const Nvic& nvic = m_scs.nvic();
    const Address pc = after - 2;
    if (nvic.groupPriority(exception::kSvCall) < nvic.executionPriority(masks())) {
        enterException(exception::kSvCall, after, false, pc);
    } else {
        escalate({exception::kSvCall, 0, std::nullopt, pc, after,
                  fmt::format("SVC at 0x{:08x} while the priority of SVCall is not high enough", pc)});
    }
}

/// Writes the frame; answers the CFSR bit of what went wrong, or 0.
std::uint32_t Machine::pushFrame(std::uint32_t frame, bool extended, bool lazy, Address returnAddress,
                                 std::uint32_t xpsr) {
    const AddressRange range{frame, extended ? kExtendedFrame : kBasicFrame};
    if (m_mpuOn && !mpuAllowsRange(range, true, privileged())) {
        return fault_status::kMstkerr;
    }
    const AddressSpace::Region* region = m_space.find(frame);
    if (region == nullptr || !region->writable || m_space.at(frame, range.size).empty()) {
        return fault_status::kStkerr;
    }
    const CoreRegisters& registers = m_cpu.registers();
    const std::array<std::uint32_t, 8> words = {registers.r[0],  registers.r[1], registers.r[2], registers.r[3],
                                                registers.r[12], registers.lr,   returnAddress,  xpsr};
    for (unsigned i = 0; i < words.size(); ++i) {
        m_space.setWord(frame + 4 * i, words[i]);
    }
    if (extended && !lazy) {
        for (unsigned s = 0; s < 16; ++s) {
            m_space.setWord(frame + kBasicFrame + 4 * s, m_cpu.fpRegister(s));
        }
        m_space.setWord(frame + kBasicFrame + 64, m_cpu.read(Reg::FPSCR));
    }
    onWatchedStore(m_space.at(range.begin, range.size));
    if (m_listener != nullptr) {
        m_listener->busMasterAccess("exception entry", frame, range.size, true, m_now);
    }
    return 0;
}

/// The frame could not be written: of the fault this derives and the exception on its way, the one with the higher
/// priority is entered and the other stays pending (Armv7-M ARM, B1.5.11). Answers its number, 0 after a lock-up.
unsigned Machine::stackingFault(unsigned number, std::uint32_t status, Address frame, Address cause) {
    Nvic& nvic = m_scs.nvic();
    const bool v7 = m_v7;
    const Fault fault{status == fault_status::kMstkerr ? exception::kMemManage : exception::kBusFault,
                      status,
                      std::nullopt,
                      cause,
                      cause,
                      fmt::format("entry of {} could not push its frame to 0x{:08x}", exceptionName(number), frame)};
    m_scs.addFaultStatus(v7 ? status : 0, 0, std::nullopt);
    unsigned derived = fault.exception;
    if (!v7 || !nvic.enabled(derived) || nvic.groupPriority(derived) >= nvic.executionPriority(masks())) {
        if (number <= exception::kHardFault || nvic.executionPriority(masks()) < 0) {
            lockup(fault);
            return 0;
        }
        m_scs.addFaultStatus(0, v7 ? fault_status::kHfsrForced : 0, std::nullopt);
        derived = exception::kHardFault;
    }
    noteFault(derived, fault);
    if (derived == number) {
        return number;
    }
    const bool derivedFirst = nvic.groupPriority(derived) < nvic.groupPriority(number) ||
                              (nvic.groupPriority(derived) == nvic.groupPriority(number) && derived < number);
    nvic.setPending(derivedFirst ? number : derived);
    return derivedFirst ? derived : number;
}

/// Pushes the frame, moves SP and sets LR; false after a lock-up. `number` becomes another exception when the push
/// faults.
bool Machine::stackContext(unsigned& number, Address returnAddress, Address cause, std::uint32_t& cycles) {
    const bool fromThread = m_exception == 0;
    const bool onPsp = fromThread && (m_cpu.read(Reg::CONTROL) & kControlSpsel) != 0;
    const bool extended = m_fpActive;
    const bool lazy = extended && (m_scs.fpccr() & kFpccrLspen) != 0;
    const std::uint32_t xpsr = m_cpu.read(Reg::XPSR);
    std::uint32_t frame = m_cpu.read(Reg::SP) - (extended ? kExtendedFrame : kBasicFrame);
    const bool padded = (m_scs.stackAlign() || extended) && (frame & 4U) != 0;
    frame -= padded ? 4 : 0;
    const std::uint32_t stacked =
        (xpsr & ~(kItBits | 0x3FFU)) | itBits(m_itState) | m_exception | (padded ? 1U << 9 : 0);
    if (const std::uint32_t status = pushFrame(frame, extended, lazy, returnAddress, stacked); status != 0) {
        number = stackingFault(number, status, frame, cause);
        if (number == 0) {
            return false;
        }
    }
    if (lazy) {
        reserveLazyFpState(frame + kBasicFrame);
    }
    cycles = m_timing->exceptionEntryCycles(extended, lazy);
    m_cpu.write(Reg::SP, frame);
    m_cpu.write(Reg::LR, 0xFFFFFFE1U | (extended ? 0 : 0x10U) | (fromThread ? 0x8U : 0) | (onPsp ? 0x4U : 0));
    return true;
}

/// What became pending during the entry and has a higher priority than `number` is served first, on the same frame.
unsigned Machine::lateArrival(unsigned number) {
    Nvic& nvic = m_scs.nvic();
    const unsigned late = nvic.highestPending();
    if (late == 0 || nvic.groupPriority(late) >= nvic.groupPriority(number) ||
        nvic.groupPriority(late) >= nvic.executionPriority(masks())) {
        return number;
    }
    nvic.setPending(number);
    return late;
}

/// Enters `number`; the interrupted code goes on at `returnAddress`. `cause`: the instruction to name when the push
/// faults.
void Machine::enterException(unsigned number, Address returnAddress, bool tailChained, Address cause) {
    const Cycles start = m_now;
    const std::uint32_t xpsr = m_cpu.read(Reg::XPSR);
    const std::uint32_t sp = m_cpu.read(Reg::SP);
    std::uint32_t cycles = m_timing->tailChainCycles();
    if (!tailChained && !stackContext(number, returnAddress, cause, cycles)) {
        return;
    }
    m_now += cycles;
    m_stalls[static_cast<std::size_t>(Stall::Exception)] += cycles;
    m_scheduler.runDue(m_now);
    number = lateArrival(number);

    m_exception = number;
    m_scs.nvic().activate(number);
    m_eventRegister = true;
    // Handler mode first: it switches to MSP and lets the masks be written.
    m_cpu.write(Reg::XPSR, (xpsr & ~(kItBits | 0x3FFU)) | kThumb | number);
    const std::uint32_t control = m_cpu.read(Reg::CONTROL);
    const bool aspen = (m_scs.fpccr() & kFpccrAspen) != 0;
    m_cpu.write(Reg::CONTROL, aspen ? control & ~kControlFpca : control | kControlFpca);
    m_itState = 0;
    m_timing->flushPipeline();
    if (m_listener != nullptr) {
        m_listener->exceptionEntered(number, returnAddress, tailChained ? 0 : sp, start, cycles);
    }
    m_recheck = true;
    updateStrictness();
    fetchVector(number, returnAddress);
}

void Machine::fetchVector(unsigned number, Address returnAddress) {
    const Address entry = m_scs.vtor() + 4 * number;
    const auto vector = m_space.word(entry);
    m_pc = vector.value_or(0) & ~1U;
    if (!vector) {
        const Fault fault{exception::kHardFault,
                          0,
                          std::nullopt,
                          returnAddress,
                          returnAddress,
                          fmt::format("the vector of {} at 0x{:08x} cannot be read", exceptionName(number), entry)};
        m_scs.addFaultStatus(0, m_v7 ? fault_status::kHfsrVecttbl : 0, std::nullopt);
        if (m_scs.nvic().executionPriority(masks()) < 0) {
            lockup(fault);
            return;
        }
        noteFault(exception::kHardFault, fault);
        m_scs.nvic().deactivate(number);
        m_scs.nvic().setPending(number);
        enterException(exception::kHardFault, returnAddress, true, returnAddress);
    } else if ((*vector & 1U) == 0) {
        takeFault({exception::kUsageFault, fault_status::kInvstate, std::nullopt, m_pc, m_pc,
                   fmt::format("the vector of {} is 0x{:08x}, without the Thumb bit", exceptionName(number), *vector)});
    } else if (*vector >= kSystemSpace) {
        takeFault({exception::kMemManage, fault_status::kIaccviol, std::nullopt, m_pc, m_pc,
                   fmt::format("the vector of {} is 0x{:08x}, where nothing may be executed (erased flash?)",
                               exceptionName(number), *vector)});
    }
}

} // namespace simprof
