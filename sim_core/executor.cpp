// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace simprof {

namespace {

/// Interrupt numbers of the engine (measured).
constexpr std::uint32_t kEngineSvc = 2, kEngineBkpt = 7;

std::vector<CodeArea> codeAreas(const AddressSpace& space) {
    std::vector<CodeArea> areas;
    for (const AddressSpace::Region& region : space.regions()) {
        areas.push_back({region.range, region.bytes, region.writable});
    }
    return areas;
}

} // namespace

Executor::Executor(Core& core, const CoreDesc& desc, const Parts& parts)
    : m_core(core)
    , m_parts(parts)
    , m_cpu(desc, *this)
    , m_blocks(codeAreas(parts.space), desc) {
    m_parts.timing.setSink(*this);
    m_blocks.setBeforeReuse([this](const Block& block) { keepCosts(block); });
}

/// What a block took is kept by instruction when the block goes.
void Executor::keepCosts(const Block& block) {
    m_parts.timing.settle();
    if (block.executions == 0) {
        return;
    }
    const auto stalls = m_parts.timing.instructionStalls(block);
    for (std::size_t i = 0; i < stalls.size(); ++i) {
        RetiredInsn& retired = m_retired[block.begin + block.insns[i].offset];
        retired.executions += block.executions;
        for (std::size_t reason = 0; reason < kStallCount; ++reason) {
            retired.stalls[reason] += stalls[i][reason];
        }
    }
}

void Executor::reset() {
    m_current = m_candidate = nullptr;
    m_passOnce = m_previous = nullptr;
    m_parts.timing.flushPipeline();
}

void Executor::stopsChanged() {
    m_blocks.forEach([this](BlockRecord& record) {
        record.checks &= static_cast<std::uint8_t>(~BlockRecord::kStop);
        record.checks |= m_parts.control.stopsAt(record.block.begin) ? BlockRecord::kStop : 0;
    });
}

Cycles Executor::exactNow() const {
    const Cycles begun = m_parts.clock.now();
    if (!m_inDevice || m_current == nullptr) {
        return begun;
    }
    if (!m_intoBlock) { // a simulation of the block, and a write to a clock controller has dozens of devices ask
        const auto done = m_cpu.accesses();
        m_intoBlock = m_parts.timing.cyclesBefore(m_current->block, done.first(done.empty() ? 0 : done.size() - 1));
    }
    return begun + *m_intoBlock;
}

Address Executor::currentPc() const {
    return m_current != nullptr ? accessPc(m_current->block, m_cpu.accesses()) : m_core.state.pc;
}

Address Executor::lastInstruction() const {
    return m_previous == nullptr ? m_core.state.pc : m_previous->block.begin + m_previous->block.insns.back().offset;
}

// ---- blocks --------------------------------------------------------------------------------------------------------

void Executor::retire(Address next) {
    BlockRecord& record = *m_current;
    m_current = nullptr;
    const Block& block = record.block;
    const std::span<const Access> made = m_cpu.accesses();
    const Accesses accesses(made, m_cpu.accessesAreAligned() ? record.pattern.numberOf(made, block.slots.size()) : 0);
    const Cycles cycles = m_parts.timing.retire(block, accesses, next);
    m_parts.clock.listener().blockRetired({block, m_parts.clock.now(), cycles, accesses, next});
    m_parts.clock.passBlock(cycles);
    m_core.state.itState = next == block.fallThrough() ? block.itStateAtEnd : 0;
    m_parts.control.lookSoon(record.changesMasks || record.looksInsideIt);
    m_core.state.eventRegister |= record.sendsEvent;
    m_core.state.monitorOpen = (m_core.state.monitorOpen && !record.closesMonitor) || record.opensMonitor;
    m_previous = &record;
    m_cpu.clearAccesses();
}

/// The running block ended before `end`: only what is before it counts.
void Executor::retireHead(Address end) {
    if (m_current == nullptr) {
        return;
    }
    const Block& block = m_current->block;
    if (end == block.begin) {
        m_current = nullptr;
        m_cpu.clearAccesses();
        return;
    }
    m_current = &decoded(block.begin, end - block.begin, block.itStateAtBegin);
    retire(end);
}

void Executor::addCost(const Block& block, const BlockCost& cost, std::uint64_t times, std::uint32_t owner) {
    m_blocks.count(block, times, times * cost.cycles);
    m_parts.clock.addCost(block, cost, times, owner);
}

BlockRecord& Executor::decoded(Address begin, std::uint32_t size, std::uint8_t itState) {
    auto found = BlockTable::Found::AsItWas;
    BlockRecord& record = m_blocks.find(begin, size, itState, found);
    if (found == BlockTable::Found::Decoded) {
        m_parts.timing.addBlock(record.block);
        record.checks |= m_parts.control.stopsAt(begin) ? BlockRecord::kStop : 0;
        if ((record.checks & BlockRecord::kMovesStack) != 0) {
            alignStackIn(record.block);
        }
    }
    if (found != BlockTable::Found::AsItWas && !record.fixed) {
        m_cpu.watchStores(m_parts.space.at(begin, size));
    }
    return record;
}

/// The block of these bytes in the IT state in force. Most blocks are followed by the same one each time.
BlockRecord& Executor::blockAt(Address begin, std::uint32_t size) {
    const std::uint8_t itState = m_core.state.itState;
    if (m_previous != nullptr && m_previous->successor != nullptr) {
        BlockRecord& likely = *m_previous->successor;
        if (likely.block.begin == begin && likely.block.size == size && likely.block.itStateAtBegin == itState &&
            likely.fixed) {
            return likely;
        }
    }
    BlockRecord& record = decoded(begin, size, itState);
    if (m_previous != nullptr) {
        m_previous->successor = &record;
    }
    return record;
}

void Executor::onBlock(Address begin, std::uint32_t size) {
    if (m_current != nullptr) {
        if (m_current->polls && m_current->block.begin == begin) {
            retirePoll();
        } else {
            retire(begin);
        }
    }
    BlockRecord& record = blockAt(begin, size);
    const bool due = m_parts.control.isDue(m_parts.clock.now()) || record.idleLoop;
    // Nothing is taken inside an IT block, but its state may have to be given back; a block that was looked at runs.
    const bool look = m_parts.guard.asksToLook(record) ||
                      (due && (m_core.state.itState == 0 || (m_previous != nullptr && m_previous->looksInsideIt)));
    if (look && !m_passAll && m_passOnce != &record) {
        m_core.state.pc = begin;
        m_candidate = &record;
        m_cpu.stop();
        return;
    }
    m_passOnce = nullptr;
    m_current = &record;
}

// ---- running -------------------------------------------------------------------------------------------------------

ExecutorExit Executor::run() {
    BlockRecord* const candidate = std::exchange(m_candidate, nullptr);
    if (candidate != nullptr && candidate->block.begin == m_core.state.pc &&
        m_core.state.itState == candidate->block.itStateAtBegin) {
        if (const auto instead = lookAt(*candidate)) {
            return *instead;
        }
        m_passOnce = candidate;
    }
    m_poll = {};
    m_core.restoreItState();
    const CpuExit exit = m_cpu.run(m_core.state.pc);
    if (m_parts.guard.faulted()) {
        return finishFault();
    }
    if (m_candidate == nullptr) {
        return engineExit(exit);
    }
    if (!m_cpu.thumb()) {
        m_candidate = nullptr;
        return {ExecutorExit::Kind::Jump, {}, m_core.state.pc};
    }
    return {};
}

ExecutorExit Executor::finishFault() {
    const Fault fault = m_parts.guard.finish(m_current != nullptr ? &m_current->block : nullptr);
    m_parts.fp.undoStart(fault.pc);
    retireHead(fault.returnAddress);
    m_candidate = nullptr;
    return {ExecutorExit::Kind::Fault, fault};
}

/// What it means that the engine came back by itself.
ExecutorExit Executor::engineExit(const CpuExit& exit) {
    using Kind = ExecutorExit::Kind;
    Address& pc = m_core.state.pc;
    pc = exit.kind == CpuExit::Kind::FetchFault ? exit.address & ~1U : m_cpu.read(Reg::PC) & ~1U;
    const BlockRecord* const ran = m_current;
    const bool inside = ran != nullptr && pc >= ran->block.begin && pc < ran->block.fallThrough();
    if (exit.kind == CpuExit::Kind::InvalidState || (exit.kind == CpuExit::Kind::Undefined && inside)) {
        retireHead(inside ? pc : ran != nullptr ? ran->block.begin : 0);
    } else if (ran != nullptr) {
        retire(pc);
    }
    switch (exit.kind) {
    case CpuExit::Kind::Stopped: break;
    case CpuExit::Kind::Interrupt:
        if (pc >= kExcReturn) {
            break;
        }
        return exit.number == kEngineSvc    ? ExecutorExit{Kind::SupervisorCall}
               : exit.number == kEngineBkpt ? ExecutorExit{Kind::Breakpoint}
                                            : ExecutorExit{Kind::Jump, {}, pc};
    case CpuExit::Kind::Halted: return {Kind::WaitForInterrupt};
    case CpuExit::Kind::Undefined: {
        constexpr std::uint32_t kWfe = 0xBF20, kYield = 0xBF10;
        const std::uint32_t last = !inside && ran != nullptr ? ran->block.insns.back().opcode : 0;
        if (last == kWfe) {
            return {Kind::WaitForEvent};
        }
        if (last == kYield) {
            break;
        }
        return {Kind::Fault, faultAt(pc, exception::kUsageFault, fault_status::kUndefinstr,
                                     fmt::format("undefined instruction at 0x{:08x}", pc))};
    }
    case CpuExit::Kind::InvalidState: return {Kind::Jump, {}, pc};
    case CpuExit::Kind::FetchFault:
        if (pc < kExcReturn) {
            return {Kind::Jump, {}, pc};
        }
        break;
    case CpuExit::Kind::ReadFault:
    case CpuExit::Kind::WriteFault:
        return {Kind::Fault, faultAt(pc, exception::kBusFault, fault_status::kPreciserr | fault_status::kBfarvalid,
                                     fmt::format("bus fault at 0x{:08x}", exit.address), exit.address)};
    }
    return {};
}

// ---- accesses ------------------------------------------------------------------------------------------------------

void Executor::onCheckedAccess(Address address, unsigned size, bool write) {
    if (m_current != nullptr) {
        m_parts.guard.checkAccess(m_current->block, {address, static_cast<std::uint8_t>(size), write});
    }
}

void Executor::onUnmapped(Address address, unsigned size, bool write) {
    if (!m_parts.guard.faulted() && m_current != nullptr) {
        m_parts.guard.unmapped(m_current->block, {address, static_cast<std::uint8_t>(size), write});
    }
}

/// False when the block is being undone, or is from now on.
bool Executor::mayUse(Address address, bool write) {
    return !m_parts.guard.faulted() && (address < address_map::kPpb.begin || m_current == nullptr ||
                                        m_parts.guard.mayUsePpb(m_current->block, address, write));
}

/// The running block reads or writes a device for as long as this lives.
class Executor::DeviceAccess {
public:
    explicit DeviceAccess(Executor& executor)
        : m_executor(executor) {
        m_executor.m_inDevice = true;
        m_executor.m_intoBlock.reset();
    }
    ~DeviceAccess() { m_executor.m_inDevice = false; }
    DeviceAccess(const DeviceAccess&) = delete;
    DeviceAccess& operator=(const DeviceAccess&) = delete;

private:
    Executor& m_executor;
};

std::uint32_t Executor::onMmioRead(Address address, unsigned size) {
    if (!mayUse(address, false)) {
        return 0;
    }
    const DeviceAccess access(*this);
    return m_parts.bus.read(address, size);
}

void Executor::onMmioWrite(Address address, unsigned size, std::uint32_t value) {
    if (mayUse(address, true)) {
        const DeviceAccess access(*this);
        m_parts.bus.write(address, size, value);
    }
}

bool Executor::onReadOnlyStore(Address address, unsigned size, std::uint32_t value) {
    if (m_parts.guard.faulted()) {
        return false;
    }
    const DeviceAccess access(*this);
    return m_parts.bus.storeToFlash(address, size, value);
}

/// The engine may have translated these bytes, and shows them at each alias. It forgets their whole pages, so that
/// stores to these need not be watched before code runs there again: a stack often lies where code ran once.
void Executor::bytesChanged(std::span<const std::byte> bytes) {
    const std::span<const std::byte> pages = m_blocks.wrote(bytes);
    if (pages.empty()) {
        return;
    }
    m_cpu.unwatchStores(pages);
    for (const AddressSpace::Region& region : m_parts.space.regions()) {
        const std::span<const std::byte> bytesHere = region.bytes;
        const std::byte* const begin = std::max(pages.data(), bytesHere.data());
        const std::byte* const end = std::min(pages.data() + pages.size(), bytesHere.data() + bytesHere.size());
        if (begin < end) {
            m_cpu.forgetCode({region.range.begin + static_cast<Address>(begin - bytesHere.data()),
                              static_cast<std::uint32_t>(end - begin)});
        }
    }
}

void Executor::programmed(AddressRange range) {
    m_blocks.forget(range);
    m_cpu.forgetCode(range);
}

} // namespace simprof
