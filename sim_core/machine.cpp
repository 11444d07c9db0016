// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/machine.h"

#include "sim_core/error.h"
#include "sim_core/image/vector_table.h"
#include "sim_core/machine_host.h"
#include "sim_core/timing/changed_timing.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace simprof {

namespace {

constexpr unsigned kSemihostingBkpt = 0xBEAB;

} // namespace

// Parts refer to each other, some before they are constructed; none uses another in its constructor but those above it.
Machine::Machine(const BoardDesc& board, const FirmwareImage& image, MachineOptions options)
    : m_board(board)
    , m_space(*board.mcu)
    , m_timing(makeCoreTiming(*board.mcu, options.timing))
    , m_clock(board.mcu->resetClock, options.timing.clock)
    , m_host(std::make_unique<Host>(*this, options))
    , m_scs(board.mcu->core, *m_host)
    , m_executor(m_core, board.mcu->core, {m_space, m_bus, m_map, m_guard, m_fp, *m_timing, m_clock, m_control})
    , m_core{*board.mcu, board.mcu->core.kind->isV7(), m_executor.cpu(), m_scs, {}}
    , m_bus(*board.mcu, m_space, m_scs, m_executor)
    , m_map(m_executor.cpu(), m_space)
    , m_guard(m_core, m_space)
    , m_fp(m_core, m_guard, m_space, m_executor, *m_timing, m_clock)
    , m_exceptions(m_core, {m_guard, m_fp, m_space, m_executor, *m_timing, m_clock, m_scheduler, m_control})
    , m_sleep(m_core, m_bus, m_clock, m_scheduler, m_control)
    , m_semihosting(
          *m_host, options.console ? options.console : [](std::string_view) {}, options.hostFiles) {
    m_space.load(image);
    for (const PeripheralDesc& desc : board.mcu->peripherals) {
        m_bus.addDevice(desc, options.peripherals ? options.peripherals(desc, board, *m_host) : nullptr);
    }
    m_map.apply(planMapping(m_space.regions(), image, board));
    m_vectorTable = startTable(image, board);
    reset();
    if (!m_space.word(m_vectorTable + 4)) {
        throw Error(fmt::format("{}: no vector table at 0x{:08x}, where {} starts; name another board with --board",
                                image.name, m_vectorTable, board.title));
    }
}

Machine::~Machine() = default;

void Machine::reset() {
    m_scheduler.clear();
    m_scs.reset();
    m_bus.resetDevices();
    setClock(m_board.mcu->resetClock);
    m_scs.setVtor(m_vectorTable);
    m_initialSp = m_space.word(m_vectorTable).value_or(0) & ~3U;
    m_resetHandler = m_space.word(m_vectorTable + 4).value_or(0);
    m_core.reset(m_resetHandler & ~1U, m_initialSp);
    m_executor.reset();
    m_timing->setL1(m_scs.l1());
    m_guard.update();
}

void Machine::setClock(Hertz hertz) {
    m_clock.setHertz(hertz, now());
    m_control.clockChanged(m_clock);
}

// ---- running -------------------------------------------------------------------------------------------------------

HaltReason Machine::run(const RunLimits& limits) {
    m_control.begin(limits, m_clock);
    m_executor.stopsChanged();
    while (!m_control.halted()) {
        step();
    }
    settle();
    HaltReason result = *m_control.halted();
    result.fault = m_exceptions.firstFault();
    const bool faulted = result.kind == HaltReason::Kind::Fault || result.kind == HaltReason::Kind::Lockup;
    result.pc = faulted && result.fault ? result.fault->pc : m_core.state.pc;
    return result;
}

std::optional<std::string> Machine::letDevicesFinish(const std::function<bool()>& busy, std::uint64_t nanoseconds) {
    constexpr Cycles kHandOver = 100; // from one device to the next, as DMA that feeds a UART; a few cycles each
    constexpr unsigned kMostEvents = 1'000'000; // a timer may have one every few cycles
    const Clock end = m_clock;
    m_clock.setListener(nullptr);
    const Cycles last = m_clock.now() + m_clock.cyclesOf(nanoseconds);
    Cycles lastBusy = m_clock.now();
    for (unsigned events = 0; events < kMostEvents && !m_control.interrupted(); ++events) {
        const bool isBusy = busy();
        lastBusy = isBusy ? m_clock.now() : lastBusy;
        const Cycles next = m_scheduler.next();
        if (next > last || (!isBusy && next > lastBusy + kHandOver)) {
            break;
        }
        m_clock.passBlock(std::max(next, m_clock.now()) - m_clock.now());
        m_scheduler.runDue(m_clock.now());
    }
    m_clock = end;
    m_control.takeReset();
    return m_control.takeStop();
}

/// One look at everything that may have changed, then the engine until somebody asks for the next.
void Machine::step() {
    const Address& pc = m_core.state.pc;
    m_scheduler.runDue(m_clock.now());
    if (std::optional<std::string> reason = m_control.takeReset()) {
        reportEvent(std::move(*reason));
        reset();
    }
    m_control.check(pc, m_clock.now(), m_exceptions.handledFault());
    if (m_control.halted()) {
        return;
    }
    m_control.looked();
    m_guard.update();
    m_map.executes(pc);
    if (pc >= kExcReturn) { // what is pending is tail-chained there
        if (m_exceptions.leave(pc, m_executor.lastInstruction())) {
            m_sleep.waitForInterrupt();
        }
        return;
    }
    if (m_core.state.itState == 0 && m_exceptions.takePending()) {
        return;
    }
    if (m_control.mustLook()) {
        return; // an exception entry faulted
    }
    m_control.setDeadline(m_clock.now(), m_scheduler.next());
    handle(m_executor.run());
}

void Machine::handle(const ExecutorExit& exit) {
    switch (exit.kind) {
    case ExecutorExit::Kind::Look: break;
    case ExecutorExit::Kind::Fault: m_exceptions.takeFault(*exit.fault); break;
    case ExecutorExit::Kind::Jump: m_exceptions.jumpFault(exit.target, m_executor.lastInstruction()); break;
    case ExecutorExit::Kind::SupervisorCall: m_exceptions.supervisorCall(m_core.state.pc); break;
    case ExecutorExit::Kind::Breakpoint: breakpoint(); break;
    case ExecutorExit::Kind::WaitForInterrupt: m_sleep.waitForInterrupt(); break;
    case ExecutorExit::Kind::WaitForEvent: m_sleep.waitForEvent(); break;
    case ExecutorExit::Kind::Idle: idle(); break;
    }
}

/// BKPT, where semihosting lives.
void Machine::breakpoint() {
    Address& pc = m_core.state.pc;
    const auto code = m_space.at(pc, 2);
    const unsigned opcode =
        code.empty() ? 0 : std::to_integer<unsigned>(code[0]) | std::to_integer<unsigned>(code[1]) << 8;
    if (opcode != kSemihostingBkpt) {
        m_exceptions.breakpoint(pc, opcode & 0xFFU);
        return;
    }
    Cpu& cpu = m_executor.cpu();
    const auto result = m_semihosting.call(cpu.read(Reg::R0), cpu.read(Reg::R1));
    if (!result) {
        const int status = m_semihosting.exitCode();
        m_control.halt(HaltReason::Kind::Exit, fmt::format("the firmware exited with code {}", status), status);
        return;
    }
    cpu.write(Reg::R0, *result);
    pc += 2;
}

/// A branch to itself: nothing changes until the next event, so the engine need not run it.
void Machine::idle() {
    if (m_sleep.nextEvent() != Scheduler::kNever && m_sleep.anyInterruptCanCome(m_core.masks())) {
        m_executor.idle();
        return;
    }
    if (const FaultReport* fault = m_exceptions.handledFault()) {
        m_control.halt(HaltReason::Kind::Fault, fault->what);
    } else {
        m_control.halt(HaltReason::Kind::WaitsForever,
                       fmt::format("branches to itself at 0x{:08x} and nothing is left that could interrupt it: {}",
                                   m_core.state.pc, m_sleep.whyNoInterrupt(m_core.masks())));
    }
}

} // namespace simprof
