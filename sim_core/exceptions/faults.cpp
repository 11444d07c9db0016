// SPDX-License-Identifier: GPL-2.0-or-later
/// Faults on their way to a handler, and what the report says about them.
#include "sim_core/exceptions/exception_unit.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof {

namespace fs = fault_status;

/// Sets the fault status; answers the exception to enter, or 0 after a lock-up.
unsigned ExceptionUnit::route(const Fault& fault) {
    SystemControl& scs = m_core.scs;
    if (m_core.v7) {
        scs.addFaultStatus(fault.cfsr, fault.hfsr, fault.address);
    }
    const FaultRoute route = routeFault(fault.exception, m_core.priority(), scs.nvic(), m_core.v7);
    if (route.exception == 0) {
        lockup(fault);
        return 0;
    }
    if (route.forced) {
        scs.addFaultStatus(0, fs::kHfsrForced, std::nullopt);
    }
    noteFault(route.exception, fault);
    return route.exception;
}

void ExceptionUnit::takeFault(const Fault& fault) {
    if (const unsigned number = route(fault); number != 0) {
        enter(number, fault.returnAddress, false, fault.pc);
    }
}

/// A fault that no priority is left for; the report shows it and says what the first one was.
void ExceptionUnit::lockup(const Fault& fault) {
    const std::string first = m_firstFault ? fmt::format("; the fault before it: {}", m_firstFault->what) : "";
    m_firstFault.reset();
    noteFault(exception::kHardFault, fault);
    m_firstFault->exception = "Lockup";
    m_firstFault->what += first;
    m_core.state.pc = fault.pc;
    m_parts.control.halt(
        HaltReason::Kind::Lockup,
        fmt::format("locked up in {}: {}{}", m_core.exceptionName(m_core.state.exception), fault.what, first));
}

void ExceptionUnit::noteFault(unsigned exception, const Fault& fault) {
    if (m_firstFault) {
        return;
    }
    FaultReport report;
    report.exception = m_core.exceptionName(exception);
    report.cfsr = m_core.scs.cfsr();
    report.hfsr = m_core.scs.hfsr();
    if (m_core.v7) {
        report.status = faultStatusNames(report.cfsr, report.hfsr);
        report.address = m_core.scs.faultAddress();
    }
    report.pc = fault.pc;
    report.what = fault.what;
    const CoreRegisters registers = m_core.cpu.registers();
    std::ranges::copy(registers.r, report.registers.begin());
    report.registers[13] = registers.sp;
    report.registers[14] = registers.lr;
    report.registers[15] = fault.pc;
    report.registers[16] = registers.xpsr;
    m_firstFault = std::move(report);
}

void ExceptionUnit::supervisorCall(Address after) {
    const Nvic& nvic = m_core.scs.nvic();
    const Address pc = after - 2;
    if (nvic.groupPriority(exception::kSvCall) < m_core.priority()) {
        enter(exception::kSvCall, after, false, pc);
    } else {
        takeFault({exception::kSvCall, 0, std::nullopt, pc, after,
                   fmt::format("SVC at 0x{:08x} while the priority of SVCall is not high enough", pc)});
    }
}

void ExceptionUnit::breakpoint(Address pc, unsigned number) {
    Fault fault =
        faultAt(pc, exception::kHardFault, 0, fmt::format("breakpoint {} at 0x{:08x} and no debugger", number, pc));
    fault.hfsr = fs::kHfsrDebugevt;
    takeFault(fault);
}

void ExceptionUnit::jumpFault(Address target, Address from) {
    const std::string jump = fmt::format("jump to 0x{:08x} by the instruction at 0x{:08x}", target, from);
    if (!m_core.cpu.thumb()) {
        takeFault(faultAt(target, exception::kUsageFault, fs::kInvstate, jump + ", without the Thumb bit set"));
    } else if (address_map::kDevices.contains(target) || target >= 0xA0000000U) {
        takeFault(faultAt(target, exception::kMemManage, fs::kIaccviol, jump + ", where nothing may be executed"));
    } else {
        takeFault(faultAt(target, exception::kBusFault, fs::kIbuserr, jump + ", where there is no memory"));
    }
}

} // namespace simprof
