// SPDX-License-Identifier: GPL-2.0-or-later
/// A whole simulated microcontroller: core, memories, private peripheral bus, devices, time.
#pragma once
#include "sim_core/decode/block_table.h"
#include "sim_core/engine/cpu.h"
#include "sim_core/event_listener.h"
#include "sim_core/halt_reason.h"
#include "sim_core/host/semihosting.h"
#include "sim_core/memory/address_space.h"
#include "sim_core/peripheral.h"
#include "sim_core/ppb/system_control.h"
#include "sim_core/scheduler.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace simprof {

/// How a machine is put together.
struct MachineOptions {
    PeripheralFactory peripherals;                 ///< none: all device registers are unmodelled
    std::function<void(std::string_view)> console; ///< semihosting and ITM port 0 text
    std::optional<std::filesystem::path> semihostingRoot;
};

/// When a run ends, besides exit, faults and eternal waits.
struct RunLimits {
    Cycles cycles = Scheduler::kNever; ///< at this cycle
    bool cyclesAreTheGoal = false;     ///< reaching them is --until, not a limit hit
    std::optional<Address> until;      ///< when a block starts here
    const std::atomic<bool>* cancel = nullptr;
    Cycles progressEvery = 20'000'000;
    std::function<void()> progress;
};

/// A register that no model answers for.
struct UnmodelledRegister {
    std::string peripheral;
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;
    Address firstPc = 0;
    std::uint32_t value = 0;
    bool pollSatisfied = false; ///< a loop waited on it and was let go
};

/// Runs one firmware image on one board.
class Machine final : public CpuClient,
                      public PpbHost,
                      public MachineServices,
                      public SemihostingHost,
                      public CostSink {
public:
    /// Loads the image; throws Error when it does not fit. `board` must outlive the machine.
    Machine(const BoardDesc& board, const FirmwareImage& image, MachineOptions options);
    ~Machine() override;

    /// At most one listener; set before run().
    void setListener(EventListener* listener) { m_listener = listener; }
    HaltReason run(const RunLimits& limits);
    /// The firmware got on: a limit that is no goal moves to `cycles` from now.
    void moveLimit(Cycles cycles) {
        if (!m_limits.cyclesAreTheGoal && m_limits.cycles != Scheduler::kNever) {
            m_limits.cycles = std::max(m_limits.cycles, m_now + cycles);
        }
    }
    /// Ends the run at the next block boundary (from a listener or a progress call).
    void requestStop(std::string why);

    const BoardDesc& board() const { return m_board; }
    Cpu& cpu() { return m_cpu; }
    CoreTiming& timing() { return *m_timing; }
    const AddressSpace& memory() const { return m_space; }
    const BlockTable& blocks() const { return m_blocks; }
    SystemControl& systemControl() { return m_scs; }
    /// Instructions executed so far.
    std::uint64_t instructions() {
        settle();
        return m_instructions;
    }
    /// Tells the listener where the cycles of the blocks retired since the last call went.
    void settle() { m_timing->settle(); }
    /// The costs of blocks that retire from now on are told the listener with this number.
    void setCostOwner(std::uint32_t owner) { m_timing->setOwner(owner); }
    Address initialSp() const { return m_initialSp; }
    Address resetHandler() const { return m_resetHandler; }
    const std::map<Address, UnmodelledRegister>& unmodelled() const { return m_unmodelled; }
    const std::vector<std::pair<Cycles, std::string>>& events() const { return m_events; }
    const std::vector<std::pair<Cycles, Hertz>>& clocks() const { return m_clocks; }
    std::string exceptionName(unsigned number) const;
    std::uint64_t nanosecondsAt(Cycles cycle) const;

    // MachineServices and PpbHost
    Cycles now() const override;
    std::uint64_t nowNanoseconds() const override { return nanosecondsAt(now()); }
    Hertz coreClock() const override { return m_clocks.back().second; }
    EventId scheduleAt(Cycles at, std::function<void()> action) override;
    EventId scheduleAfter(std::uint64_t nanoseconds, std::function<void()> action) override;
    void cancel(EventId id) override { m_scheduler.cancel(id); }
    void setIrq(int irq, bool level) override;
    void pulseIrq(int irq) override;
    void sendEvent() override { m_eventRegister = true; }
    void setCoreClock(Hertz hertz) override;
    void setMemory(const std::string& timing, const MemorySettings& settings) override;
    bool busRead(std::string_view master, Address address, std::span<std::byte> out) override;
    bool busWrite(std::string_view master, Address address, std::span<const std::byte> in) override;
    bool program(Address address, std::span<const std::byte> bytes) override;
    Peripheral* peripheral(std::string_view name) override;
    void reportEvent(std::string text) override;
    void requestReset(std::string reason) override;
    void exceptionsChanged() override { m_recheck = true; }
    unsigned currentException() const override { return m_exception; }
    void l1Changed() override;
    void invalidateCaches(bool instruction, bool data) override { m_timing->invalidateCaches(instruction, data); }
    void traceOutput(unsigned port, std::uint32_t value, unsigned size) override;
    Cycles cyclesBecauseOf(Stall stall) override {
        settle();
        return m_stalls[static_cast<std::size_t>(stall)];
    }
    // CostSink
    void addCost(const Block& block, const BlockCost& cost, std::uint64_t times, std::uint32_t owner) override;
    // SemihostingHost
    std::optional<std::uint8_t> peek(Address address) const override;
    bool poke(Address address, std::uint8_t value) override;
    // CpuClient
    void onBlock(Address begin, std::uint32_t size) override;
    void onCheckedAccess(Address address, unsigned size, bool write) override;
    bool onFirstUse(Address address) override;
    void onUnmapped(Address address, unsigned size, bool write) override;
    bool onReadOnlyStore(Address address, unsigned size, std::uint32_t value) override;
    void onWatchedStore(std::span<const std::byte> bytes) override;
    std::uint32_t onMmioRead(Address address, unsigned size) override;
    void onMmioWrite(Address address, unsigned size, std::uint32_t value) override;

private:
    /// A fault on its way to an exception handler.
    struct Fault {
        unsigned exception = 0;
        std::uint32_t cfsr = 0;
        std::optional<Address> address; ///< for BFAR or MMFAR
        Address pc = 0;                 ///< of the instruction that caused it
        Address returnAddress = 0;      ///< as stacked
        std::string what;
    };
    /// A fault found while a block runs; Cpu keeps the state before the faulting instruction.
    struct PendingFault {
        Fault fault;
        bool imprecise = false;
        std::size_t accesses = 0; ///< those before the faulting one
        std::vector<std::pair<Address, std::byte>> undo;
    };
    struct MappedPeripheral {
        AddressRange range;
        const PeripheralDesc* desc = nullptr;
        std::unique_ptr<Peripheral> device;
    };

    // machine_mapping.cpp
    void mapDevice(Address base, std::uint32_t size);
    void mapDevices();
    void mapDevicePages(std::vector<Address> pages);
    void leaveBootRom();
    void mapMemories(const FirmwareImage& image);
    // machine.cpp
    void buildPeripherals(const PeripheralFactory& factory);
    void reset();
    void retire(Address next);
    BlockRecord& decoded(Address begin, std::uint32_t size, std::uint8_t itState);
    BlockRecord& blockAt(Address begin, std::uint32_t size);
    void repeat(BlockRecord& record, Cycles cycles, std::uint64_t times);
    void step();
    void handleExit(const CpuExit& exit);
    void halt(HaltReason::Kind kind, std::string what);
    void checkLimits();
    // machine_devices.cpp
    MappedPeripheral* mapped(Address address);
    std::uint32_t deviceRead(Address address, unsigned size);
    void deviceWrite(Address address, unsigned size, std::uint32_t value);
    std::optional<Address> bitBandTarget(Address address, unsigned& bit) const;
    UnmodelledRegister& touchUnmodelled(Address address);
    std::uint32_t readUnmodelled(Address address, std::uint32_t value);
    void retireHead(Address end);
    Address jumpSource() const;
    // machine_exceptions.cpp
    PriorityMasks masks() const;
    bool privileged() const;
    bool takePending();
    void supervisorCall(Address after);
    void enterException(unsigned number, Address returnAddress, bool tailChained, Address cause);
    bool stackContext(unsigned& number, Address returnAddress, Address cause, std::uint32_t& cycles);
    std::uint32_t pushFrame(std::uint32_t frame, bool extended, bool lazy, Address returnAddress, std::uint32_t xpsr);
    unsigned stackingFault(unsigned number, std::uint32_t status, Address frame, Address cause);
    unsigned lateArrival(unsigned number);
    void fetchVector(unsigned number, Address returnAddress);
    // machine_exception_return.cpp
    void returnFromException(std::uint32_t excReturn);
    bool tailChain(unsigned number, std::uint32_t excReturn, std::uint32_t cycles);
    void chainFault(const Fault& fault, unsigned number, std::uint32_t excReturn);
    std::uint32_t popFrame(std::uint32_t frame, bool extended, bool asPrivileged,
                           std::array<std::uint32_t, 26>& words) const;
    void resume(std::uint32_t excReturn, const std::array<std::uint32_t, 26>& words, std::uint32_t frame);
    // machine_special.cpp
    void syncSpecialRegisters();
    void updateStrictness();
    bool startFpContext(Address pc);
    bool saveLazyFpState(Address pc);
    void reserveLazyFpState(Address frame);
    void moveStatus(const DecodedInsn& insn);
    // machine_faults.cpp
    Address accessPc() const;
    void beginFault(unsigned exception, std::uint32_t cfsr, std::optional<Address> address, std::string what);
    void finishFaultedBlock();
    void takeFault(const Fault& fault);
    void escalate(const Fault& fault);
    void lockup(const Fault& fault);
    void noteFault(unsigned exception, const Fault& fault);
    bool mpuAllows(Address address, bool write);
    bool mpuAllowsRange(AddressRange range, bool write, bool asPrivileged) const;
    void jumpFault(Address target, Address from);
    // machine_checks.cpp
    bool mayRun(BlockRecord& record);
    bool runHead(const Block& block, Address from, Address until);
    bool isChecked(const DecodedInsn& insn) const;
    bool mayExecute(const DecodedInsn& insn, Address pc);
    bool divisorIsZero(const DecodedInsn& insn) const;
    bool conditionHolds(unsigned condition) const;
    bool ppbAllows(Address address, bool write);
    // machine_idle.cpp
    void breakpoint(Address pc);
    void waitForInterrupt();
    void waitForEvent();
    void sleepUntil(const std::function<bool()>& awake, const std::function<bool()>& canWake, const char* instruction);
    bool spinIdle(BlockRecord& record);
    bool anyInterruptCanCome(const PriorityMasks& masks) const;

    const BoardDesc& m_board;
    const McuDesc& m_mcu;
    const bool m_v7; ///< Armv7-M rather than Armv6-M
    MachineOptions m_options;
    AddressSpace m_space;
    Cpu m_cpu;
    BlockTable m_blocks;
    std::unique_ptr<CoreTiming> m_timing;
    Scheduler m_scheduler;
    SystemControl m_scs;
    Semihosting m_semihosting;
    std::vector<MappedPeripheral> m_devices;
    std::vector<AddressRange> m_mapped;   ///< what the engine knows
    AddressRange m_bootRom;               ///< while it runs
    std::vector<AddressRange> m_onDemand; ///< what it is told of when it is first used
    EventListener* m_listener = nullptr;

    // time
    Cycles m_now = 0;
    Cycles m_deadline = 0; ///< nothing has to be looked at before this cycle
    std::uint64_t m_instructions = 0;
    std::array<Cycles, kStallCount> m_stalls{};
    std::vector<std::pair<Cycles, Hertz>> m_clocks;
    std::vector<std::uint64_t> m_clockNanoseconds; ///< simulated time at which each clock came into force

    // execution
    BlockRecord* m_current = nullptr;  ///< the block that is running
    BlockRecord* m_previous = nullptr; ///< the one that was retired last
    Address m_pc = 0;                  ///< where the engine is started next
    std::uint8_t m_itState = 0;
    bool m_stopped = false; ///< onBlock stopped the engine before the block at m_pc
    bool m_recheck = false; ///< exceptions, strictness or requests changed
    bool m_inMmio = false;
    std::uint8_t m_strictMask = BlockRecord::kUndefined;
    bool m_mpuOn = false;
    BlockRecord* m_candidate = nullptr;      ///< the block that onBlock stopped before
    const BlockRecord* m_passOnce = nullptr; ///< a block that was looked at and may run
    bool m_passAll = false;                  ///< the head of a block runs up to a checked instruction
    std::uint32_t m_fetchEpoch = 0;          ///< MPU set-up and privilege for which fetches are allowed
    struct MpuVerdict {
        std::uint32_t key = 0;
        std::uint32_t epoch = 0;
        bool allowed = false;
    };
    std::array<MpuVerdict, 4096> m_mpuVerdicts{}; ///< by 32-byte granule, the smallest region
    std::optional<PendingFault> m_fault;
    std::optional<Address> m_until;

    // architecture
    unsigned m_exception = 0;    ///< IPSR
    bool m_fpActive = false;     ///< CONTROL.FPCA
    bool m_fpReady = false;      ///< the engine runs FP instructions without starting a context of its own
    bool m_unprivileged = false; ///< CONTROL.nPRIV of an M0+, which the engine does not know
    bool m_eventRegister = false;
    std::optional<std::string> m_resetRequest;
    std::optional<std::string> m_stopRequest;
    std::optional<FaultReport> m_firstFault;
    std::optional<HaltReason> m_halt;
    RunLimits m_limits;
    Cycles m_nextProgress = 0;
    Address m_initialSp = 0;
    Address m_resetHandler = 0;
    Address m_vectorTable = 0;

    std::map<Address, UnmodelledRegister> m_unmodelled;
    /// The unmodelled register that is read again and again by one block.
    struct Poll {
        Address address = 0;
        std::uint32_t block = 0;
        std::uint64_t reads = 0;
    } m_poll;
    std::vector<std::pair<Cycles, std::string>> m_events;
};

} // namespace simprof
