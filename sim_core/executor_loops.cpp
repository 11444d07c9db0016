// SPDX-License-Identifier: GPL-2.0-or-later
/// Blocks that branch to themselves until an event comes: once all executions are alike they need not be run.
#include "sim_core/executor.h"

#include <algorithm>
#include <utility>

namespace simprof {

namespace {

/// Executions alike after which all others are: caches have settled after two, counters of two bits after four.
constexpr unsigned kSettled = 16;

/// But for the PC, which is not exact inside a callback.
bool equal(const CoreRegisters& a, const CoreRegisters& b) {
    return a.r == b.r && a.sp == b.sp && a.lr == b.lr && a.xpsr == b.xpsr;
}

} // namespace

/// `block`, at `cycles` each, goes on until a block boundary at which something is due.
void Executor::repeatUntilDue(const Block& block, Cycles cycles) {
    Clock& clock = m_parts.clock;
    const RunControl& control = m_parts.control;
    if (cycles == 0 || control.isDue(clock.now()) || control.deadline() == Scheduler::kNever) {
        return;
    }
    const Cycles times = (control.deadline() - clock.now() - 1) / cycles + 1;
    m_parts.timing.repeatLast(times);
    clock.listener().blockRetired({block, clock.now(), times * cycles, {}, block.begin});
    clock.passBlock(times * cycles);
}

void Executor::idle() {
    Clock& clock = m_parts.clock;
    BlockRecord& record = *std::exchange(m_candidate, nullptr);
    unsigned same = 0;
    Cycles cycles = 0;
    while (!m_parts.control.isDue(clock.now())) {
        m_current = &record;
        const Cycles before = clock.now();
        retire(record.block.begin);
        same = clock.now() - before == cycles ? same + 1 : 0;
        cycles = clock.now() - before;
        if (same >= kSettled) {
            repeatUntilDue(record.block, cycles);
        }
    }
}

/// Retires a block that only loads and goes on with itself. An execution that began and ended with the same registers,
/// and loaded what no load changes, is like all that follow it up to the next event.
void Executor::retirePoll() {
    const Block& block = m_current->block;
    const bool steady = std::ranges::all_of(
        m_cpu.accesses(), [this](const Access& access) { return m_parts.bus.isSteady(access.address); });
    const bool again = m_current == m_previous;
    const Cycles before = m_parts.clock.now();
    retire(block.begin);
    const Cycles cycles = m_parts.clock.now() - before;
    m_poll.same = steady && again && cycles == m_poll.cycles ? m_poll.same + 1 : 0;
    m_poll.cycles = cycles;
    if (m_poll.same < kSettled) {
        return;
    }
    const CoreRegisters registers = m_cpu.registers();
    if (m_poll.same > kSettled && equal(registers, m_poll.registers)) {
        repeatUntilDue(block, cycles);
    }
    m_poll.same = m_poll.same > kSettled ? 0 : m_poll.same;
    m_poll.registers = registers;
}

} // namespace simprof
