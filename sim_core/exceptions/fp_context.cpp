// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/exceptions/fp_context.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace simprof {

namespace {

constexpr std::uint32_t kFpscrDefaults = 0x07C00000; ///< AHP, DN, FZ, RMode: those that FPDSCR sets
constexpr std::uint32_t kFpStateBytes = 68;
constexpr unsigned kSavedRegisters = 16;

} // namespace

void FpContext::reserve(Address frame) {
    SystemControl& scs = m_core.scs;
    const int priority = m_core.priority();
    const auto ready = [&](unsigned number) {
        return scs.nvic().enabled(number) && scs.nvic().groupPriority(number) < priority;
    };
    std::uint32_t value = scs.fpccr() & (fpccr::kLspen | fpccr::kAspen);
    value |= fpccr::kLspact | (m_core.privileged() ? 0 : fpccr::kUser);
    value |= m_core.state.exception == 0 ? fpccr::kThread : 0;
    value |= priority > -1 ? fpccr::kHfrdy : 0;
    value |= ready(exception::kMemManage) ? fpccr::kMmrdy : 0;
    value |= ready(exception::kBusFault) ? fpccr::kBfrdy : 0;
    value |= scs.monitorEnabled() && ready(exception::kDebugMonitor) ? fpccr::kMonrdy : 0;
    scs.setFpccr(value);
    scs.setFpcar(frame);
}

void FpContext::save(Address frame) {
    for (unsigned s = 0; s < kSavedRegisters; ++s) {
        m_space.setWord(frame + 4 * s, m_core.cpu.fpRegister(s));
    }
    m_space.setWord(frame + 4 * kSavedRegisters, m_core.cpu.read(Reg::FPSCR));
}

void FpContext::restore(std::span<const std::uint32_t> words) {
    SystemControl& scs = m_core.scs;
    if ((scs.fpccr() & fpccr::kLspact) != 0) {
        scs.setFpccr(scs.fpccr() & ~fpccr::kLspact); // never used: the registers still hold the thread's values
        return;
    }
    for (unsigned s = 0; s < kSavedRegisters; ++s) {
        m_core.cpu.setFpRegister(s, words[s]);
    }
    m_core.cpu.write(Reg::FPSCR, words[kSavedRegisters]);
}

std::optional<Fault> FpContext::saveLazily(Address pc) {
    SystemControl& scs = m_core.scs;
    const AddressRange range{scs.fpcar(), kFpStateBytes};
    const std::string what = fmt::format(
        "the FPU instruction at 0x{:08x} could not save the interrupted FP registers to 0x{:08x}", pc, range.begin);
    if (!m_guard.mpuAllowsRange(range, true, (scs.fpccr() & fpccr::kUser) == 0)) {
        return faultAt(pc, exception::kMemManage, fault_status::kMlsperr, what);
    }
    if (!m_space.isWritable(range)) {
        return faultAt(pc, exception::kBusFault, fault_status::kLsperr, what);
    }
    save(range.begin);
    m_bus.bytesChanged(m_space.at(range.begin, range.size));
    scs.setFpccr(scs.fpccr() & ~fpccr::kLspact);
    const std::uint32_t cycles = m_timing.exceptionEntryCycles(true, false) - m_timing.exceptionEntryCycles(true, true);
    m_clock.listener().busMasterAccess("lazy FP stacking", range.begin, range.size, true, m_clock.now());
    const Cycles start = m_clock.now();
    m_clock.spend(Stall::Exception, cycles);
    m_clock.listener().exceptionStall(start, cycles);
    return std::nullopt;
}

void FpContext::keepForUndo(Address pc) {
    const SystemControl& scs = m_core.scs;
    m_started = Started{
        pc,          0, (m_core.cpu.read(Reg::CONTROL) & control::kFpca) != 0, m_core.cpu.read(Reg::FPSCR), scs.fpccr(),
        scs.fpcar(), {}};
    if ((scs.fpccr() & fpccr::kLspact) != 0) {
        const auto bytes = m_space.at(m_started->frame, kFpStateBytes);
        m_started->bytes.assign(bytes.begin(), bytes.end());
    }
}

void FpContext::undoStart(Address pc) {
    const std::optional<Started> started = std::exchange(m_started, std::nullopt);
    if (!started || started->at != m_clock.now() || pc >= started->pc) {
        return;
    }
    if (!started->bytes.empty()) {
        const auto bytes = m_space.at(started->frame, kFpStateBytes);
        std::ranges::copy(started->bytes, bytes.begin());
        m_bus.bytesChanged(bytes);
    }
    m_core.scs.setFpccr(started->fpccr);
    m_core.cpu.write(Reg::FPSCR, started->fpscr);
    m_core.setFpca(started->fpca);
    m_guard.update();
}

std::optional<Fault> FpContext::start(Address pc) {
    SystemControl& scs = m_core.scs;
    keepForUndo(pc);
    if ((scs.fpccr() & fpccr::kLspact) != 0) {
        if (std::optional<Fault> fault = saveLazily(pc)) {
            return fault;
        }
    }
    if (!m_core.state.fpReady) {
        if ((scs.fpccr() & fpccr::kAspen) != 0) {
            m_core.cpu.write(Reg::FPSCR,
                             (m_core.cpu.read(Reg::FPSCR) & ~kFpscrDefaults) | (scs.fpdscr() & kFpscrDefaults));
        }
        // Left to itself the engine would clear FPSCR here.
        m_core.setFpca(true);
    }
    m_guard.update();
    m_started->at = m_clock.now();
    return std::nullopt;
}

} // namespace simprof
