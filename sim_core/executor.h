// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/clock.h"
#include "sim_core/decode/block_table.h"
#include "sim_core/engine/cpu.h"
#include "sim_core/exceptions/access_guard.h"
#include "sim_core/exceptions/core.h"
#include "sim_core/exceptions/fault.h"
#include "sim_core/exceptions/fp_context.h"
#include "sim_core/memory/bus.h"
#include "sim_core/memory/engine_map.h"
#include "sim_core/run_control.h"
#include "sim_core/timing/core_timing.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>

namespace simprof {

/// Why the executor came back.
struct ExecutorExit {
    enum class Kind : std::uint8_t {
        Look,             ///< at a block boundary, because somebody asked for it
        Fault,            ///< `fault` is to be taken
        Jump,             ///< execution went to `target`, where it cannot continue
        SupervisorCall,   ///< SVC; the core's pc is behind it
        Breakpoint,       ///< BKPT at the core's pc
        WaitForInterrupt, ///< WFI; the core's pc is behind it
        WaitForEvent,     ///< WFE
        Idle,             ///< a block that branches to itself comes next
    };
    Kind kind = Kind::Look;
    std::optional<Fault> fault = {};
    Address target = 0;
};

/// What one instruction took in blocks that are not kept any more.
struct RetiredInsn {
    std::uint64_t executions = 0;
    std::array<Cycles, kStallCount> stalls{};
};

/// Runs blocks on the engine, one after the other, and accounts for each when it has retired: the hot path.
class Executor final : private CpuClient, private CostSink, public BusCore {
public:
    /// What blocks act on besides the core.
    struct Parts {
        const AddressSpace& space;
        Bus& bus;
        EngineMap& map;
        AccessGuard& guard;
        FpContext& fp;
        CoreTiming& timing;
        Clock& clock;
        RunControl& control;
    };
    /// `core`, which refers to cpu(), and the parts need not be constructed yet, but for `space` and `timing`.
    Executor(Core& core, const CoreDesc& desc, const Parts& parts);

    /// Runs from the core's pc until the engine stops.
    ExecutorExit run();
    /// Executes the block of ExecutorExit::Idle until the deadline or until something changes: all its executions are
    /// the same once the pipeline has settled.
    void idle();
    /// Forgets what ran; the pipeline is empty.
    void reset();
    /// The run's stops are others than before.
    void stopsChanged();

    Cpu& cpu() { return m_cpu; }
    const BlockTable& blocks() const { return m_blocks; }
    /// By address; of code that changed since. Not among blocks().
    const std::map<Address, RetiredInsn>& retired() const { return m_retired; }
    /// The current cycle; exact also in the middle of a block that reads a device.
    Cycles exactNow() const;
    /// The last instruction that ran.
    Address lastInstruction() const;

    // BusCore
    Address currentPc() const override;
    std::uint32_t currentBlock() const override { return m_current != nullptr ? m_current->block.id : 0; }
    void bytesChanged(std::span<const std::byte> bytes) override;
    void programmed(AddressRange range) override;

private:
    // CpuClient
    void onBlock(Address begin, std::uint32_t size) override;
    void onCheckedAccess(Address address, unsigned size, bool write) override;
    bool onFirstUse(Address address) override { return m_parts.map.firstUse(address); }
    void onUnmapped(Address address, unsigned size, bool write) override;
    bool onReadOnlyStore(Address address, unsigned size, std::uint32_t value) override;
    void onWatchedStore(std::span<const std::byte> bytes) override { bytesChanged(bytes); }
    std::uint32_t onMmioRead(Address address, unsigned size) override;
    void onMmioWrite(Address address, unsigned size, std::uint32_t value) override;
    // CostSink
    void addCost(const Block& block, const BlockCost& cost, std::uint64_t times, std::uint32_t owner) override;

    class DeviceAccess;
    void retire(Address next);
    // executor_loops.cpp
    void retirePoll();
    void repeatUntilDue(const Block& block, Cycles cycles);
    void retireHead(Address end);
    void keepCosts(const Block& block);
    BlockRecord& decoded(Address begin, std::uint32_t size, std::uint8_t itState);
    BlockRecord& blockAt(Address begin, std::uint32_t size);
    bool mayUse(Address address, bool write);
    ExecutorExit engineExit(const CpuExit& exit);
    ExecutorExit finishFault();
    // executor_checks.cpp
    std::optional<ExecutorExit> lookAt(BlockRecord& record);
    std::optional<ExecutorExit> lookAtInstructions(const Block& block);
    std::optional<ExecutorExit> runHead(const Block& block, Address from, Address until);
    std::optional<ExecutorExit> runToNearest(const Block& block, const DecodedInsn& insn);
    void moveStatus(const DecodedInsn& insn, Address pc);
    void alignStackIn(const Block& block);

    Core& m_core;
    Parts m_parts;
    Cpu m_cpu;
    BlockTable m_blocks;
    std::map<Address, RetiredInsn> m_retired;
    BlockRecord* m_current = nullptr;        ///< the block that is running
    BlockRecord* m_previous = nullptr;       ///< the one that was retired last
    BlockRecord* m_candidate = nullptr;      ///< the block at the core's pc, before which onBlock stopped the engine
    const BlockRecord* m_passOnce = nullptr; ///< a block that was looked at and may run
    bool m_passAll = false;                  ///< the head of a block runs up to a checked instruction
    bool m_inDevice = false;                 ///< the running block reads or writes a device
    /// A block that branched to itself again and again.
    struct Poll {
        Cycles cycles = 0;
        unsigned same = 0;       ///< executions in a row that took as long as the one before
        CoreRegisters registers; ///< behind the last one, once there were enough
    } m_poll;
    /// How far into the running block this access to a device is, once somebody has asked.
    mutable std::optional<Cycles> m_intoBlock;
};

} // namespace simprof
