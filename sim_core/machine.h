// SPDX-License-Identifier: GPL-2.0-or-later
/// A whole simulated microcontroller: core, memories, private peripheral bus, devices, time.
#pragma once
#include "sim_core/clock.h"
#include "sim_core/event_log.h"
#include "sim_core/exceptions/access_guard.h"
#include "sim_core/exceptions/core.h"
#include "sim_core/exceptions/exception_unit.h"
#include "sim_core/exceptions/fp_context.h"
#include "sim_core/exceptions/sleep.h"
#include "sim_core/executor.h"
#include "sim_core/host/semihosting.h"
#include "sim_core/left_out.h"
#include "sim_core/memory/bus.h"
#include "sim_core/memory/engine_map.h"
#include "sim_core/peripheral.h"
#include "sim_core/run_control.h"
#include "sim_core/scheduler.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace simprof {

/// How a machine is put together.
struct MachineOptions {
    PeripheralFactory peripherals;                              ///< none: all device registers are unmodelled
    std::function<void(std::string_view)> console;              ///< semihosting and ITM port 0 text
    std::function<void(unsigned port, std::string_view)> trace; ///< other ITM ports
    HostFileLimits hostFiles;                                   ///< what semihosting may open and write
    TimingChanges timing{};                                     ///< what the run is timed as if
};

/// Runs one firmware image on one board: puts the parts together, and lets them step.
class Machine final {
public:
    /// Loads the image; throws Error when it does not fit. `board` must outlive the machine.
    Machine(const BoardDesc& board, const FirmwareImage& image, MachineOptions options);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    /// At most one listener, nullptr for none; set before run().
    void setListener(EventListener* listener) { m_clock.setListener(listener); }
    HaltReason run(const RunLimits& limits);
    /// Lets devices go on behind the end of a run while `busy` says so, for at most so much simulated time: a UART
    /// sends what the firmware gave it. For everybody else the run ended where it did. Returns what requestStop() was
    /// given meanwhile, which ends it, as a reset by a device does.
    std::optional<std::string> letDevicesFinish(const std::function<bool()>& busy, std::uint64_t nanoseconds);
    /// The firmware made progress: a limit that is no goal moves to `cycles` from now.
    void moveLimit(Cycles cycles) { m_control.moveLimit(m_clock.now(), cycles); }
    /// Ends the run at the next block boundary (from a listener or a progress call).
    void requestStop(std::string why, HaltReason::Kind kind = HaltReason::Kind::Until) {
        m_control.requestStop(std::move(why), kind);
    }

    const BoardDesc& board() const { return m_board; }
    Cpu& cpu() { return m_executor.cpu(); }
    CoreTiming& timing() { return *m_timing; }
    const AddressSpace& memory() const { return m_space; }
    const BlockTable& blocks() const { return m_executor.blocks(); }
    const std::map<Address, RetiredInsn>& retired() const { return m_executor.retired(); }
    SystemControl& systemControl() { return m_scs; }
    /// The machine as peripherals and bus masters see it.
    MachineServices& services();
    Peripheral* peripheral(std::string_view name) const { return m_bus.peripheral(name); }
    /// Memory and time as a debugger sees them, without the core noticing.
    SemihostingHost& debugPort();
    std::optional<std::uint8_t> peek(Address address) const { return m_bus.peek(address); }
    bool poke(Address address, std::uint8_t value) { return m_bus.poke(address, value); }

    /// The current cycle; exact also in the middle of a block that reads a device.
    Cycles now() const { return m_executor.exactNow(); }
    std::uint64_t nowNanoseconds() const { return m_clock.nanosecondsAt(now()); }
    /// Simulated nanoseconds up to `cycle`: the sum of cycles at the clock then in force.
    std::uint64_t nanosecondsAt(Cycles cycle) const { return m_clock.nanosecondsAt(cycle); }
    Hertz coreClock() const { return m_clock.hertz(); }
    const std::vector<std::pair<Cycles, Hertz>>& clocks() const { return m_clock.clocks(); }
    /// What the firmware has programmed the power controller to, now, and each time it changed.
    const PowerSetting& power() const;
    const std::vector<PowerChange>& powerChanges() const;
    /// Calls `action` after this much simulated time at the present clock.
    EventId scheduleAfter(std::uint64_t nanoseconds, std::function<void()> action);
    /// Instructions executed so far.
    std::uint64_t instructions() {
        settle();
        return m_clock.instructions();
    }
    /// Tells the listener where the cycles of the blocks retired since the last call went.
    void settle() { m_timing->settle(); }
    /// The listener gets the costs of blocks that retire from now on with this number.
    void setCostOwner(std::uint32_t owner) { m_timing->setOwner(owner); }

    /// As the vector table says.
    Address initialSp() const { return m_initialSp; }
    Address resetHandler() const { return m_resetHandler; }
    std::string exceptionName(unsigned number) const { return m_core.exceptionName(number); }
    const std::map<Address, UnmodelledRegister>& unmodelled() const { return m_bus.unmodelled(); }
    /// What peripherals and resets reported, each with its cycle.
    const std::vector<EventLog::Event>& events() const;
    void reportEvent(std::string text);
    /// What came too often to be kept.
    std::vector<LeftOut> leftOut() const;

private:
    class Host;

    void reset();
    void setClock(Hertz hertz);
    void step();
    void handle(const ExecutorExit& exit);
    void breakpoint();
    void idle();

    const BoardDesc& m_board;
    AddressSpace m_space;
    std::unique_ptr<CoreTiming> m_timing;
    Clock m_clock;
    Scheduler m_scheduler;
    RunControl m_control;
    std::unique_ptr<Host> m_host;
    SystemControl m_scs;
    Executor m_executor;
    Core m_core;
    Bus m_bus;
    EngineMap m_map;
    AccessGuard m_guard;
    FpContext m_fp;
    ExceptionUnit m_exceptions;
    Sleep m_sleep;
    Semihosting m_semihosting;
    Address m_vectorTable = 0;
    Address m_initialSp = 0;
    Address m_resetHandler = 0;
};

} // namespace simprof
