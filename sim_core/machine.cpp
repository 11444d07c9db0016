// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/machine.h"

#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace simprof {

namespace {

/// Products of cycles and clocks do not fit 64 bits.
__extension__ using Wide = unsigned __int128;

constexpr Address kPpbBase = 0xE0000000;
constexpr std::uint32_t kPpbSize = 0x00100000;
constexpr Address kDeviceBase = 0x40000000;
constexpr std::uint32_t kDeviceSize = 0x20000000;
constexpr std::uint32_t kPage = 4096;
/// EXC_RETURN values start here; no code can.
constexpr Address kExcReturn = 0xFFFFFFE0;
/// Interrupt numbers of the engine (measured).
constexpr std::uint32_t kEngineSvc = 2, kEngineBkpt = 7;

} // namespace

const char* haltKindName(HaltReason::Kind kind) {
    switch (kind) {
    case HaltReason::Kind::Exit: return "exit";
    case HaltReason::Kind::Until: return "until";
    case HaltReason::Kind::Fault: return "fault";
    case HaltReason::Kind::Lockup: return "lockup";
    case HaltReason::Kind::WaitsForever: return "waits-forever";
    case HaltReason::Kind::Limit: return "limit";
    case HaltReason::Kind::Cancelled: return "cancelled";
    }
    return "";
}

Machine::Machine(const BoardDesc& board, const FirmwareImage& image, MachineOptions options)
    : m_board(board)
    , m_mcu(*board.mcu)
    , m_v7(m_mcu.core.kind == CoreKind::CortexM4 || m_mcu.core.kind == CoreKind::CortexM7)
    , m_options(std::move(options))
    , m_space(m_mcu)
    , m_cpu(m_mcu.core, *this)
    , m_blocks(m_space, m_mcu.core)
    , m_timing(makeCoreTiming(m_mcu))
    , m_scs(m_mcu.core, *this)
    , m_semihosting(
          *this, m_options.console ? m_options.console : [](std::string_view) {}, m_options.semihostingRoot) {
    m_clocks.emplace_back(0, m_mcu.resetClock);
    m_clockNanoseconds.push_back(0);
    m_timing->setSink(*this);
    m_space.load(image);
    mapDevices();
    buildPeripherals(m_options.peripherals);
    mapMemories(image);

    // The core starts at the board's vector table; an image that was linked behind a boot loader starts at its own.
    m_vectorTable = board.vectorTable;
    if (!board.startsInRom && !image.segments.empty() && !image.wordAt(board.vectorTable)) {
        const Address first = image.segments.front().address;
        const AddressSpace::Region* region = m_space.find(first);
        const bool aliased = region != nullptr && m_space.word(board.vectorTable) == m_space.word(first);
        m_vectorTable = aliased ? board.vectorTable : first;
    }
    reset();
    if (!m_space.word(m_vectorTable + 4)) {
        throw Error(fmt::format("{}: no vector table at 0x{:08x}, where {} starts; name another board with --board",
                                image.name, m_vectorTable, board.title));
    }
}

Machine::~Machine() = default;

void Machine::buildPeripherals(const PeripheralFactory& factory) {
    const AddressRange devices{kDeviceBase, kDeviceSize};
    const AddressRange ppb{kPpbBase, kPpbSize};
    std::vector<Address> pages;
    for (const PeripheralDesc& desc : m_mcu.peripherals) {
        m_devices.push_back({desc.range, &desc, factory ? factory(desc, m_board, *this) : nullptr});
        if (devices.contains(desc.range.begin) || ppb.contains(desc.range.begin)) {
            continue;
        }
        // Devices elsewhere (SIO, FICR …) get pages of their own.
        for (std::uint64_t page = desc.range.begin / kPage * kPage; page < desc.range.end(); page += kPage) {
            const auto address = static_cast<Address>(page);
            if (m_space.find(address) == nullptr) {
                pages.push_back(address);
            }
        }
    }
    mapDevicePages(std::move(pages));
    std::sort(m_devices.begin(), m_devices.end(),
              [](const MappedPeripheral& a, const MappedPeripheral& b) { return a.range.begin < b.range.begin; });
}

void Machine::reset() {
    m_scheduler.clear();
    m_scs.reset();
    for (MappedPeripheral& device : m_devices) {
        if (device.device) {
            device.device->reset();
        }
    }
    if (coreClock() != m_mcu.resetClock) {
        setCoreClock(m_mcu.resetClock);
    }
    m_scs.setVtor(m_vectorTable);
    m_cpu.write(Reg::XPSR, 1U << 24 | exception::kHardFault); // handler mode, so that CONTROL may be written
    m_cpu.write(Reg::PRIMASK, 0);
    if (m_v7) {
        m_cpu.write(Reg::BASEPRI, 0);
        m_cpu.write(Reg::FAULTMASK, 0);
    }
    m_cpu.write(Reg::CONTROL, 0);
    m_cpu.write(Reg::XPSR, 1U << 24);
    m_cpu.write(Reg::CONTROL, 0);
    m_initialSp = m_space.word(m_vectorTable).value_or(0) & ~3U;
    m_resetHandler = m_space.word(m_vectorTable + 4).value_or(0);
    m_cpu.write(Reg::MSP, m_initialSp);
    m_cpu.write(Reg::LR, 0xFFFFFFFF);
    m_pc = m_resetHandler & ~1U;
    m_exception = 0;
    m_unprivileged = m_eventRegister = false;
    m_itState = 0;
    m_current = m_candidate = nullptr;
    m_passOnce = m_previous = nullptr;
    m_timing->flushPipeline();
    m_timing->setL1(m_scs.l1());
    updateStrictness();
}

std::string Machine::exceptionName(unsigned number) const {
    static constexpr std::array<const char*, 16> kNames = {"thread",       "Reset",       "NMI",         "HardFault",
                                                           "MemManage",    "BusFault",    "UsageFault",  "reserved 7",
                                                           "reserved 8",   "reserved 9",  "reserved 10", "SVCall",
                                                           "DebugMonitor", "reserved 13", "PendSV",      "SysTick"};
    if (number < kNames.size()) {
        return kNames[number];
    }
    const unsigned irq = number - exception::kFirstIrq;
    if (irq < m_mcu.irqNames.size() && !m_mcu.irqNames[irq].empty()) {
        return m_mcu.irqNames[irq];
    }
    return fmt::format("IRQ{}", irq);
}

// ---- time ----------------------------------------------------------------------------------------------------------

Cycles Machine::now() const {
    if (m_inMmio && m_current != nullptr) {
        const auto done = m_cpu.accesses();
        return m_now + m_timing->cyclesBefore(m_current->block, done.first(done.empty() ? 0 : done.size() - 1));
    }
    return m_now;
}

std::uint64_t Machine::nanosecondsAt(Cycles cycle) const {
    std::size_t i = m_clocks.size() - 1;
    while (i > 0 && m_clocks[i].first > cycle) {
        --i;
    }
    const auto passed = static_cast<Wide>(cycle - m_clocks[i].first) * 1'000'000'000U;
    return m_clockNanoseconds[i] + static_cast<std::uint64_t>(passed / m_clocks[i].second);
}

void Machine::setCoreClock(Hertz hertz) {
    if (hertz == 0 || hertz == coreClock()) {
        return;
    }
    const Cycles at = now();
    const std::uint64_t nanoseconds = nanosecondsAt(at);
    if (m_clocks.back().first == at) {
        m_clocks.back().second = hertz;
    } else {
        m_clocks.emplace_back(at, hertz);
        m_clockNanoseconds.push_back(nanoseconds);
    }
    if (m_listener != nullptr) {
        m_listener->clockChanged(hertz, at, at - m_now);
    }
}

EventId Machine::scheduleAt(Cycles at, std::function<void()> action) {
    const EventId id = m_scheduler.schedule(std::max(at, m_now), std::move(action));
    m_deadline = std::min(m_deadline, m_scheduler.next());
    return id;
}

EventId Machine::scheduleAfter(std::uint64_t nanoseconds, std::function<void()> action) {
    constexpr Wide kSecond = 1'000'000'000U;
    const auto cycles = (static_cast<Wide>(nanoseconds) * coreClock() + kSecond - 1) / kSecond; // never before its time
    return scheduleAt(now() + static_cast<Cycles>(cycles), std::move(action));
}

// ---- running -------------------------------------------------------------------------------------------------------

void Machine::retire(Address next) {
    BlockRecord& record = *m_current;
    m_current = nullptr;
    const Block& block = record.block;
    const std::span<const Access> made = m_cpu.accesses();
    const Accesses accesses(made, m_cpu.accessesAreAligned() ? record.pattern.numberOf(made, block.slots.size()) : 0);
    const Cycles cycles = m_timing->retire(block, accesses, next);
    if (m_listener != nullptr) {
        m_listener->blockRetired({block, m_now, cycles, accesses, next});
    }
    m_now += cycles;
    m_itState = next == block.fallThrough() ? block.itStateAtEnd : 0;
    m_recheck |= record.changesMasks;
    m_eventRegister |= record.sendsEvent;
    m_previous = &record;
    m_cpu.clearAccesses();
}

void Machine::addCost(const Block& block, const BlockCost& cost, std::uint64_t times, std::uint32_t owner) {
    m_blocks.count(block, times, times * cost.cycles);
    m_instructions += times * block.insns.size();
    for (std::size_t i = 0; i < kStallCount; ++i) {
        m_stalls[i] += times * cost.stalls[i];
    }
    if (m_listener != nullptr) {
        m_listener->costSettled(block, cost, times, owner);
    }
}

BlockRecord& Machine::decoded(Address begin, std::uint32_t size, std::uint8_t itState) {
    bool isNew = false;
    BlockRecord& record = m_blocks.find(begin, size, itState, isNew);
    if (isNew) {
        m_timing->addBlock(record.block);
        if (!record.fixed) {
            m_cpu.watchStores(m_space.at(begin, size));
        }
    }
    return record;
}

/// The block of these bytes in the IT state in force. Most blocks are followed by the same one each time.
BlockRecord& Machine::blockAt(Address begin, std::uint32_t size) {
    if (m_previous != nullptr && m_previous->successor != nullptr) {
        BlockRecord& likely = *m_previous->successor;
        if (likely.block.begin == begin && likely.block.size == size && likely.block.itStateAtBegin == m_itState &&
            likely.fixed) {
            return likely;
        }
    }
    BlockRecord& record = decoded(begin, size, m_itState);
    if (m_previous != nullptr) {
        m_previous->successor = &record;
    }
    return record;
}

/// The running block ended before `end`: only what is before it counts.
void Machine::retireHead(Address end) {
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

void Machine::onBlock(Address begin, std::uint32_t size) {
    if (m_current != nullptr) {
        retire(begin);
    }
    BlockRecord& record = blockAt(begin, size);
    const bool look = m_recheck || m_now >= m_deadline || (record.checks & m_strictMask) != 0 || record.idleLoop ||
                      (m_mpuOn && record.fetchEpoch != m_fetchEpoch) || begin == m_until;
    // Nothing can be resumed inside an IT block; a block that was looked at runs.
    if (look && m_itState == 0 && !m_passAll && m_passOnce != &record) {
        m_pc = begin;
        m_candidate = &record;
        m_stopped = true;
        m_cpu.stop();
        return;
    }
    m_passOnce = nullptr;
    m_current = &record;
}

void Machine::halt(HaltReason::Kind kind, std::string what) {
    if (!m_halt) {
        m_halt = HaltReason{kind, m_pc, 0, std::move(what), m_firstFault};
    }
}

void Machine::requestStop(std::string why) {
    m_stopRequest = std::move(why);
    m_recheck = true;
}

void Machine::requestReset(std::string reason) {
    m_resetRequest = std::move(reason);
    m_recheck = true;
}

void Machine::reportEvent(std::string text) { m_events.emplace_back(now(), std::move(text)); }

void Machine::checkLimits() {
    if (m_stopRequest) {
        halt(HaltReason::Kind::Until, *m_stopRequest);
    }
    if (m_limits.cancel != nullptr && m_limits.cancel->load(std::memory_order_relaxed)) {
        halt(HaltReason::Kind::Cancelled, "by request; what was measured so far is kept");
    }
    if (m_until && m_pc == *m_until) {
        halt(HaltReason::Kind::Until, fmt::format("reached 0x{:08x}", m_pc));
    }
    if (m_now >= m_limits.cycles) {
        if (m_limits.cyclesAreTheGoal) {
            halt(HaltReason::Kind::Until, fmt::format("reached cycle {}", m_limits.cycles));
        } else if (m_firstFault && m_exception >= exception::kHardFault && m_exception <= exception::kUsageFault) {
            halt(HaltReason::Kind::Fault, m_firstFault->what);
        } else {
            halt(HaltReason::Kind::Limit,
                 fmt::format("still running after {} cycles; raise the limit with --until cycles:N", m_now));
        }
    }
    if (m_limits.progress && m_now >= m_nextProgress) {
        m_nextProgress = m_now + m_limits.progressEvery;
        m_limits.progress();
    }
}

HaltReason Machine::run(const RunLimits& limits) {
    m_limits = limits;
    m_until = limits.until ? std::optional(*limits.until & ~1U) : std::nullopt;
    m_halt.reset();
    m_nextProgress = m_now + m_limits.progressEvery;
    while (!m_halt) {
        step();
    }
    settle();
    HaltReason result = *m_halt;
    const bool faulted = result.kind == HaltReason::Kind::Fault || result.kind == HaltReason::Kind::Lockup;
    result.pc = faulted && result.fault ? result.fault->pc : m_pc;
    return result;
}

void Machine::step() {
    m_scheduler.runDue(m_now);
    if (m_resetRequest) {
        m_events.emplace_back(m_now, *m_resetRequest);
        m_resetRequest.reset();
        reset();
    }
    checkLimits();
    if (m_halt) {
        return;
    }
    m_recheck = false;
    updateStrictness();
    if (m_bootRom.size != 0) {
        leaveBootRom();
    }
    if (m_pc >= kExcReturn) {
        returnFromException(m_pc); // what is pending is tail-chained there
        return;
    }
    if (m_itState == 0 && takePending()) {
        return;
    }
    if (m_recheck) {
        return; // an exception entry faulted
    }
    const Cycles horizon =
        m_limits.cancel != nullptr || m_limits.progress ? m_now + m_limits.progressEvery : Scheduler::kNever;
    m_deadline = std::min({m_scheduler.next(), m_limits.cycles, horizon});
    if (BlockRecord* const candidate = std::exchange(m_candidate, nullptr);
        candidate != nullptr && candidate->block.begin == m_pc && m_itState == candidate->block.itStateAtBegin) {
        if (!mayRun(*candidate)) {
            return;
        }
        m_passOnce = candidate;
    }
    m_stopped = false;
    const CpuExit exit = m_cpu.run(m_pc);
    if (m_fault) {
        finishFaultedBlock();
    } else if (!m_stopped) {
        handleExit(exit);
    } else if (!m_cpu.thumb()) {
        m_candidate = nullptr;
        jumpFault(m_pc, jumpSource());
    }
}

/// The last instruction that ran.
Address Machine::jumpSource() const {
    return m_previous == nullptr ? m_pc : m_previous->block.begin + m_previous->block.insns.back().offset;
}

void Machine::handleExit(const CpuExit& exit) {
    m_pc = exit.kind == CpuExit::Kind::FetchFault ? exit.address & ~1U : m_cpu.read(Reg::PC) & ~1U;
    const BlockRecord* const ran = m_current;
    const bool inside = ran != nullptr && m_pc >= ran->block.begin && m_pc < ran->block.fallThrough();
    if (exit.kind == CpuExit::Kind::InvalidState || (exit.kind == CpuExit::Kind::Undefined && inside)) {
        retireHead(inside ? m_pc : ran != nullptr ? ran->block.begin : 0);
    } else if (ran != nullptr) {
        retire(m_pc);
    }
    switch (exit.kind) {
    case CpuExit::Kind::Stopped: break;
    case CpuExit::Kind::Interrupt:
        if (m_pc >= kExcReturn) {
            break;
        }
        if (exit.number == kEngineSvc) {
            supervisorCall(m_pc);
        } else if (exit.number == kEngineBkpt) {
            breakpoint(m_pc);
        } else {
            jumpFault(m_pc, jumpSource());
        }
        break;
    case CpuExit::Kind::Halted: waitForInterrupt(); break;
    case CpuExit::Kind::Undefined: {
        constexpr std::uint32_t kWfe = 0xBF20, kYield = 0xBF10;
        const std::uint32_t last = !inside && ran != nullptr ? ran->block.insns.back().opcode : 0;
        if (last == kWfe) {
            waitForEvent();
        } else if (last != kYield) {
            takeFault({exception::kUsageFault,
                       fault_status::kUndefinstr,
                       {},
                       m_pc,
                       m_pc,
                       fmt::format("undefined instruction at 0x{:08x}", m_pc)});
        }
        break;
    }
    case CpuExit::Kind::InvalidState: jumpFault(m_pc, jumpSource()); break;
    case CpuExit::Kind::FetchFault:
        if (m_pc < kExcReturn) {
            jumpFault(m_pc, jumpSource());
        }
        break;
    case CpuExit::Kind::ReadFault:
    case CpuExit::Kind::WriteFault:
        takeFault({exception::kBusFault, fault_status::kPreciserr | fault_status::kBfarvalid, exit.address, m_pc, m_pc,
                   fmt::format("bus fault at 0x{:08x}", exit.address)});
        break;
    }
}

} // namespace simprof
