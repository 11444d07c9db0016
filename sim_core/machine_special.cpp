// SPDX-License-Identifier: GPL-2.0-or-later
/// Special registers and floating-point context, where the engine does less than the architecture asks.
#include "sim_core/machine.h"

#include <fmt/format.h>

namespace simprof {

namespace {

constexpr std::uint32_t kControlNpriv = 1, kControlSpsel = 2, kControlFpca = 4;
constexpr std::uint32_t kFpccrLspact = 1, kFpccrUser = 1U << 1, kFpccrThread = 1U << 3, kFpccrHfrdy = 1U << 4,
                        kFpccrMmrdy = 1U << 5, kFpccrBfrdy = 1U << 6, kFpccrMonrdy = 1U << 8, kFpccrAspen = 1U << 31;
constexpr std::uint32_t kFpscrDefaults = 0x07C00000; ///< AHP, DN, FZ, RMode: those that FPDSCR sets
constexpr std::uint32_t kFpStateBytes = 68;

} // namespace

/// Follows what MSR and CPS wrote, and keeps it within what the registers can hold.
void Machine::syncSpecialRegisters() {
    if (m_mcu.core.fpu) {
        m_fpReady = (m_cpu.read(Reg::CONTROL) & kControlFpca) != 0;
        m_fpActive = m_fpReady && (m_scs.fpccr() & kFpccrAspen) != 0;
    }
    if (m_v7) {
        const std::uint32_t basepri = m_cpu.read(Reg::BASEPRI);
        if ((basepri & ~std::uint32_t{m_scs.nvic().priorityMask()}) != 0) {
            m_cpu.write(Reg::BASEPRI, basepri & m_scs.nvic().priorityMask());
        }
    }
}

/// Decides which blocks have to be looked at before they run.
void Machine::updateStrictness() {
    syncSpecialRegisters();
    const bool isPrivileged = privileged();
    m_strictMask = BlockRecord::kUndefined;
    if (!m_scs.fpuEnabled(isPrivileged) || !m_fpReady || (m_scs.fpccr() & kFpccrLspact) != 0) {
        m_strictMask |= BlockRecord::kUsesFpu;
    }
    if (m_scs.trapDivideByZero()) {
        m_strictMask |= BlockRecord::kDivides;
    }
    if (m_mcu.core.kind == CoreKind::CortexM0Plus) {
        m_strictMask |= BlockRecord::kControl | (isPrivileged ? 0 : BlockRecord::kPrivileged);
    }
    m_mpuOn = m_scs.mpu().enabled();
    if (m_mpuOn) {
        const bool belowZero = m_scs.nvic().executionPriority(masks()) < 0;
        m_fetchEpoch = m_scs.mpu().generation() * 4 + (isPrivileged ? 1 : 0) + (belowZero ? 2 : 0);
    }
    m_cpu.setCheckAllAccesses(m_mpuOn || m_fault.has_value());
}

/// Space for the FP registers at `frame`; they are written when the handler first uses the FPU (Armv7-M ARM, B1.5.7).
void Machine::reserveLazyFpState(Address frame) {
    const Nvic& nvic = m_scs.nvic();
    const int priority = nvic.executionPriority(masks());
    const auto ready = [&](unsigned number) { return nvic.enabled(number) && nvic.groupPriority(number) < priority; };
    std::uint32_t fpccr = m_scs.fpccr() & 0xC0000000U;
    fpccr |= kFpccrLspact | (privileged() ? 0 : kFpccrUser) | (m_exception == 0 ? kFpccrThread : 0);
    fpccr |= priority > -1 ? kFpccrHfrdy : 0;
    fpccr |= ready(exception::kMemManage) ? kFpccrMmrdy : 0;
    fpccr |= ready(exception::kBusFault) ? kFpccrBfrdy : 0;
    fpccr |= m_scs.monitorEnabled() && ready(exception::kDebugMonitor) ? kFpccrMonrdy : 0;
    m_scs.setFpccr(fpccr);
    m_scs.setFpcar(frame);
}

/// Writes the reserved FP registers; false when that faults.
bool Machine::saveLazyFpState(Address pc) {
    const AddressRange range{m_scs.fpcar(), kFpStateBytes};
    const std::string what = fmt::format(
        "the FPU instruction at 0x{:08x} could not save the interrupted FP registers to 0x{:08x}", pc, range.begin);
    if (m_mpuOn && !mpuAllowsRange(range, true, (m_scs.fpccr() & kFpccrUser) == 0)) {
        takeFault({exception::kMemManage, fault_status::kMlsperr, std::nullopt, pc, pc, what});
        return false;
    }
    if (const AddressSpace::Region* region = m_space.find(range.begin);
        region == nullptr || !region->writable || m_space.at(range.begin, range.size).empty()) {
        takeFault({exception::kBusFault, fault_status::kLsperr, std::nullopt, pc, pc, what});
        return false;
    }
    for (unsigned s = 0; s < 16; ++s) {
        m_space.setWord(range.begin + 4 * s, m_cpu.fpRegister(s));
    }
    m_space.setWord(range.begin + 64, m_cpu.read(Reg::FPSCR));
    onWatchedStore(m_space.at(range.begin, range.size));
    m_scs.setFpccr(m_scs.fpccr() & ~kFpccrLspact);
    const std::uint32_t cycles =
        m_timing->exceptionEntryCycles(true, false) - m_timing->exceptionEntryCycles(true, true);
    m_stalls[static_cast<std::size_t>(Stall::Exception)] += cycles;
    if (m_listener != nullptr) {
        m_listener->busMasterAccess("lazy FP stacking", range.begin, range.size, true, m_now);
        m_listener->exceptionStall(m_now, cycles);
    }
    m_now += cycles;
    return true;
}

/// Before an FP instruction at `pc`: saves what was stacked lazily and starts a new context (ExecuteFPCheck, Armv7-M
/// ARM, B1.5.7); false when that faults.
bool Machine::startFpContext(Address pc) {
    if ((m_scs.fpccr() & kFpccrLspact) != 0 && !saveLazyFpState(pc)) {
        return false;
    }
    if (!m_fpReady) {
        if ((m_scs.fpccr() & kFpccrAspen) != 0) {
            m_cpu.write(Reg::FPSCR, (m_cpu.read(Reg::FPSCR) & ~kFpscrDefaults) | (m_scs.fpdscr() & kFpscrDefaults));
        }
        // Left to itself the engine would clear FPSCR here.
        m_cpu.write(Reg::CONTROL, m_cpu.read(Reg::CONTROL) | kControlFpca);
    }
    updateStrictness();
    return true;
}

/// MRS, MSR and CPS of an M0+, whose CONTROL.nPRIV the engine does not know; those it does know are left to it while
/// privileged (Armv6-M ARM, B5.2: unprivileged writes are ignored, reads are zero).
void Machine::moveStatus(const DecodedInsn& insn) {
    constexpr unsigned kControlNumber = 20;
    if (insn.size == 2) {
        return; // CPS: only seen here while unprivileged, when it does nothing
    }
    const unsigned special = insn.opcode & 0xFFU;
    CoreRegisters registers = m_cpu.registers();
    if (insn.opcode >> 16 == 0xF3EFU) { // MRS
        const unsigned rd = insn.opcode >> 8 & 0xFU;
        std::uint32_t value = special < 8 ? m_cpu.read(Reg::XPSR) & ((special & 4U) != 0 ? 0U : 0xF0000000U) : 0;
        if (special == kControlNumber) {
            value = (m_cpu.read(Reg::CONTROL) & kControlSpsel) | (m_unprivileged ? kControlNpriv : 0);
        }
        (rd == 14 ? registers.lr : registers.r[rd % 13]) = value;
        m_cpu.setRegisters(registers);
        return;
    }
    const unsigned rn = insn.opcode >> 16 & 0xFU;
    const std::uint32_t value = rn == 14 ? registers.lr : registers.r[rn % 13];
    if (special < 4) {
        m_cpu.write(Reg::XPSR, (registers.xpsr & ~0xF0000000U) | (value & 0xF0000000U));
    } else if (special == kControlNumber && privileged()) {
        m_cpu.write(Reg::CONTROL, value & kControlSpsel);
        m_unprivileged = (value & kControlNpriv) != 0;
    }
}

} // namespace simprof
