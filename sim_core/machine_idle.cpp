// SPDX-License-Identifier: GPL-2.0-or-later
/// Waiting: WFI, WFE, branches to themselves; and breakpoints, where semihosting lives.
#include "sim_core/machine.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof {

namespace {
constexpr std::uint16_t kSemihostingBkpt = 0xBEAB;
} // namespace

void Machine::breakpoint(Address pc) {
    const auto code = m_space.at(pc, 2);
    const unsigned opcode =
        code.empty() ? 0 : std::to_integer<unsigned>(code[0]) | std::to_integer<unsigned>(code[1]) << 8;
    if (opcode != kSemihostingBkpt) {
        // Without a debugger BKPT escalates to HardFault (Armv7-M ARM, C1.4).
        m_scs.addFaultStatus(0, m_v7 ? fault_status::kHfsrDebugevt : 0, std::nullopt);
        const Fault fault{exception::kHardFault,
                          0,
                          std::nullopt,
                          pc,
                          pc,
                          fmt::format("breakpoint {} at 0x{:08x} and no debugger", opcode & 0xFFU, pc)};
        if (m_scs.nvic().executionPriority(masks()) < 0) {
            lockup(fault);
            return;
        }
        noteFault(exception::kHardFault, fault);
        enterException(exception::kHardFault, pc, false, pc);
        return;
    }
    const auto result = m_semihosting.call(m_cpu.read(Reg::R0), m_cpu.read(Reg::R1));
    if (!result) {
        halt(HaltReason::Kind::Exit, fmt::format("the firmware exited with code {}", m_semihosting.exitCode()));
        m_halt->exitCode = m_semihosting.exitCode();
        return;
    }
    m_cpu.write(Reg::R0, *result);
    m_pc = pc + 2;
}

void Machine::sleepUntil(const std::function<bool()>& awake, const std::function<bool()>& canWake,
                         const char* instruction) {
    const Cycles start = m_now;
    const bool deep = m_scs.sleepDeep() && !awake();
    const auto tellDevices = [this](bool asleep) {
        for (MappedPeripheral& device : m_devices) {
            if (device.device) {
                device.device->deepSleep(asleep);
            }
        }
    };
    if (deep) {
        tellDevices(true);
    }
    while (!awake()) {
        const Cycles next = std::min(m_scheduler.next(), m_limits.cycles);
        if (m_scheduler.next() == Scheduler::kNever || !canWake()) {
            halt(HaltReason::Kind::WaitsForever,
                 fmt::format("waits in {} at 0x{:08x} and nothing is left that could wake it", instruction, m_pc));
            break;
        }
        m_now = std::max(m_now, next);
        m_scheduler.runDue(m_now);
        if (m_resetRequest || m_stopRequest || m_now >= m_limits.cycles ||
            (m_limits.cancel != nullptr && m_limits.cancel->load(std::memory_order_relaxed))) {
            break;
        }
    }
    if (deep) {
        tellDevices(false);
    }
    if (m_now != start) {
        m_stalls[static_cast<std::size_t>(Stall::Sleep)] += m_now - start;
        if (m_listener != nullptr) {
            m_listener->slept(start, m_now - start, m_scs.sleepDeep());
        }
    }
    m_recheck = true;
}

void Machine::waitForInterrupt() {
    const auto unmasked = [this] { // WFI also ends for an interrupt that only PRIMASK holds back
        PriorityMasks now = masks();
        now.primask = false;
        return now;
    };
    sleepUntil([this] { return m_scs.nvic().wakesUp(masks()); }, [&] { return anyInterruptCanCome(unmasked()); },
               "WFI");
}

void Machine::waitForEvent() {
    const auto awake = [this] {
        m_eventRegister |= m_scs.nvic().takeRose() && m_scs.sevOnPend();
        return m_eventRegister || m_scs.nvic().preempting(masks()).has_value();
    };
    if (!awake()) {
        sleepUntil(
            awake, [] { return true; }, "WFE"); // events also come from devices
    }
    m_eventRegister = false;
}

/// Could SysTick or an external interrupt still preempt what runs now under these masks?
bool Machine::anyInterruptCanCome(const PriorityMasks& masks) const {
    const Nvic& nvic = m_scs.nvic();
    const int priority = nvic.executionPriority(masks);
    const auto preempts = [&](unsigned number) {
        return nvic.enabled(number) && nvic.groupPriority(number) < priority;
    };
    for (unsigned number = exception::kFirstIrq; number < exception::kFirstIrq + nvic.irqCount(); ++number) {
        if (preempts(number)) {
            return true;
        }
    }
    return (m_scs.sysTickComes() && preempts(exception::kSysTick)) ||
           (nvic.pending(exception::kPendSv) && preempts(exception::kPendSv));
}

/// A branch to itself: nothing changes until the next event, so the engine need not run it.
bool Machine::spinIdle(BlockRecord& record) {
    if (m_scheduler.next() == Scheduler::kNever || !anyInterruptCanCome(masks())) {
        if (m_firstFault && m_exception >= exception::kHardFault && m_exception <= exception::kUsageFault) {
            halt(HaltReason::Kind::Fault, m_firstFault->what);
        } else {
            halt(HaltReason::Kind::WaitsForever,
                 fmt::format("branches to itself at 0x{:08x} and nothing is left that could interrupt it",
                             record.block.begin));
        }
        return false;
    }
    constexpr unsigned kSettled = 16; // executions at one cost, after which all others cost the same
    unsigned same = 0;
    Cycles cycles = 1;
    while (m_now < m_deadline && !m_recheck) {
        if (same >= kSettled && (m_deadline - m_now) / cycles > 1) {
            repeat(record, cycles, (m_deadline - m_now) / cycles);
            continue;
        }
        m_current = &record;
        const Cycles before = m_now;
        retire(record.block.begin);
        same = m_now - before == cycles ? same + 1 : 0;
        cycles = std::max<Cycles>(m_now - before, 1);
    }
    return false;
}

/// The block that was retired last, a branch to itself, runs `times` more at `cycles` each.
void Machine::repeat(BlockRecord& record, Cycles cycles, std::uint64_t times) {
    m_timing->repeatLast(times);
    if (m_listener != nullptr) {
        m_listener->blockRetired({record.block, m_now, times * cycles, {}, record.block.begin});
    }
    m_now += times * cycles;
}

} // namespace simprof
