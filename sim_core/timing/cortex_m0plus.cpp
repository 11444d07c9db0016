// SPDX-License-Identifier: GPL-2.0-or-later
/// Cortex-M0+ and M0: the table of the technical reference manuals on one 32-bit bus.
///
/// A word is fetched when the first instruction of the word before it executes; a data transfer of the same cycle goes
/// first. A branch to an odd halfword fetches two words back to back. In the cycle in which a taken branch executes no
/// sequential fetch goes out. With wait states fetches and data hold each other up; at zero wait they never do.
#include "sim_core/timing/flash_core.h"
#include "sim_core/timing/memo_engine.h"

namespace simprof {
namespace {

/// The rows in which the two cores and their build options differ (Arm DDI 0484C table 3-1; DDI 0432C table 3-1).
struct CoreTable {
    int takenBranch, branchWithLink, branchExchange, popPcExtra, status, entry, exit;
};
constexpr CoreTable kM0Plus = {
    .takenBranch = 2, .branchWithLink = 3, .branchExchange = 2, .popPcExtra = 1, .status = 3, .entry = 15, .exit = 13};
constexpr CoreTable kM0 = {
    .takenBranch = 3, .branchWithLink = 4, .branchExchange = 3, .popPcExtra = 2, .status = 4, .entry = 16, .exit = 14};

/// The pipeline between blocks; times are relative to the first cycle in which the next block's first instruction could
/// execute.
struct M0State {
    bool redirected = true;           ///< a branch was taken (or the core starts): no word is there
    std::int16_t target = -2;         ///< address phase of the target's fetch, when redirected
    std::int16_t busNext = -2;        ///< next free address phase
    std::int8_t words = 0;            ///< words asked for, from the one with the block's first instruction
    std::int16_t arrival[2] = {0, 0}; ///< their last data cycles
    PortState port;

    bool operator==(const M0State&) const = default;
    std::uint64_t hash() const {
        std::uint64_t h = mixHash(static_cast<std::uint64_t>(redirected), static_cast<std::uint16_t>(target));
        h = mixHash(h, static_cast<std::uint16_t>(busNext) | static_cast<std::uint64_t>(words) << 16);
        h = mixHash(h, static_cast<std::uint16_t>(arrival[0]) |
                           static_cast<std::uint64_t>(static_cast<std::uint16_t>(arrival[1])) << 16);
        return port.hash(h);
    }
};

/// One block's timeline.
class M0Timeline {
public:
    M0Timeline(const CoreDesc& core, const CoreTable& table, const Block& block, const FlashFront& front,
               const FetchPlan& plan, const Situation& situation, const M0State& state, TimelineResult<M0State>& result)
        : m_core(core)
        , m_table(table)
        , m_block(block)
        , m_situation(situation)
        , m_port(front.system(plan.system), front.dataSystem(), plan, situation, state.port)
        , m_result(result)
        , m_unitBytes(plan.system < 0 ? 4 : front.system(plan.system)->row->unitBytes)
        , m_busNext(state.busNext) {
        m_base = block.begin & ~3u;
        if (state.redirected) {
            request(std::max<int>(state.target, m_busNext));
            if (block.begin & 2) {
                request(m_busNext);
            }
        } else {
            for (int i = 0; i < state.words; ++i) {
                m_arrivals.push_back(state.arrival[i]);
            }
            if (state.words == 0) {
                request(m_busNext);
            }
        }
    }

    void run() {
        for (std::size_t i = 0; i < m_block.insns.size(); ++i) {
            step(i);
        }
        finish();
    }

private:
    /// Asks for the next word; its address phase is at `at` or when the bus is free.
    void request(int at) {
        at = std::max(at, m_busNext);
        const Address word = m_base + 4 * static_cast<Address>(m_arrivals.size());
        const int wait = m_port.fetch(at, static_cast<int>(word / m_unitBytes - m_block.begin / m_unitBytes));
        m_arrivals.push_back(at + 1 + wait);
        m_busNext = at + 1 + wait;
    }

    std::size_t wordOf(Address address) const { return (address - m_base) / 4; }

    void step(std::size_t i) {
        const DecodedInsn& d = m_block.insns[i];
        const Address address = m_block.begin + d.offset, lastHalf = address + d.size - 2u;
        while (m_arrivals.size() <= wordOf(lastHalf)) {
            request(m_busNext);
        }
        const int start = std::max(m_time, m_arrivals[wordOf(lastHalf)] + 1);
        m_result.charge(i, Stall::Fetch, start - m_time);
        const bool last = i + 1 == m_block.insns.size();
        const bool taken = last && leaves(d);
        const bool wantsWord = (address & 2) == 0 || (lastHalf & 2) == 0;
        m_time = start;
        execute(i, d, start, taken);
        if (wantsWord && !taken && m_arrivals.size() == wordOf(lastHalf) + 1) {
            request(std::max(start, m_busNext));
        }
    }

    bool leaves(const DecodedInsn& d) const {
        switch (d.kind) {
        case InsnClass::Branch:
        case InsnClass::Call:
        case InsnClass::IndirectBranch:
        case InsnClass::IndirectCall: return true;
        case InsnClass::CondBranch: return m_situation.taken;
        default: return d.loadsPc;
        }
    }

    void branch(std::size_t i, int start, int cycles) {
        m_result.charge(i, Stall::Issue, 1);
        m_result.charge(i, Stall::BranchRefill, cycles - 1);
        m_time = start + cycles;
        m_target = m_time - 2;
    }

    void execute(std::size_t i, const DecodedInsn& d, int start, bool taken) {
        int cycles = 1;
        Stall extra = Stall::MultiCycle;
        switch (d.kind) {
        case InsnClass::Branch: return branch(i, start, m_table.takenBranch);
        case InsnClass::CondBranch:
            if (taken) {
                return branch(i, start, m_table.takenBranch);
            }
            break;
        case InsnClass::Call: return branch(i, start, m_table.branchWithLink);
        case InsnClass::IndirectBranch:
        case InsnClass::IndirectCall: return branch(i, start, m_table.branchExchange);
        case InsnClass::Mul: cycles = static_cast<int>(m_core.mulCycles); break;
        case InsnClass::StatusMove:
            cycles = d.size == 4 ? m_table.status : 1; // CPS takes 1
            break;
        case InsnClass::Barrier: cycles = m_table.status; break;
        case InsnClass::Hint:
            cycles = 2; // WFI, WFE: 2 beside the sleep (DDI 0484C table 3-1 note)
            break;
        default:
            if (d.accessCount != 0) {
                return access(i, d, start);
            }
        }
        m_result.charge(i, Stall::Issue, 1);
        m_result.charge(i, extra, cycles - 1);
        m_time = start + cycles;
    }

    /// Loads and stores: an address cycle, then a data cycle each; further words follow back to back.
    void access(std::size_t i, const DecodedInsn& d, int start) {
        int data = start; // last data cycle so far
        int waits = 0, contention = 0;
        bool ioPort = true;
        for (unsigned n = 0; n < d.accessCount; ++n) {
            const std::uint8_t code = m_situation.codes[m_slot++];
            const auto dataClass = static_cast<DataClass>(code & access_code::kClassMask);
            int at = n == 0 ? start : data;
            if (code != access_code::kAbsent && dataClass == DataClass::IoPort) {
                m_result.accessStart.push_back(at);
                data = at + 1;
                continue;
            }
            ioPort = false;
            if (m_busNext > at) {
                contention += m_busNext - at;
                at = m_busNext;
            }
            m_result.accessStart.push_back(at);
            const int wait = code == access_code::kAbsent ? 0 : m_port.read(at, dataClass, n > 0);
            waits += wait;
            data = at + 1 + wait;
            m_busNext = data;
        }
        const int multiple = static_cast<int>(d.accessCount);
        const int own = ioPort ? multiple : multiple + 1;
        m_result.charge(i, Stall::Issue, 1);
        m_result.charge(i, Stall::LoadStore, own - 1);
        m_result.charge(i, Stall::CacheMiss, waits);
        m_result.charge(i, Stall::BusContention, contention);
        m_time = start + own + waits + contention;
        if (d.loadsPc) { // POP {…, PC}: 3+N for N others on M0+, 4+N on M0
            m_result.charge(i, Stall::BranchRefill, m_table.popPcExtra);
            m_time += m_table.popPcExtra;
            m_target = m_time - 2;
        }
    }

    void finish() {
        M0State& exit = m_result.exit;
        m_result.cycles = static_cast<std::uint32_t>(m_time);
        m_result.footprint = m_port.footprint();
        const auto relative = [this](int t) { return static_cast<std::int16_t>(std::max(t - m_time, -8)); };
        const bool redirected = m_situation.taken || m_target != kNoTarget;
        exit = M0State{};
        exit.redirected = redirected;
        exit.busNext = relative(m_busNext);
        exit.port = m_port.exit(m_time, exit.redirected);
        if (redirected) {
            exit.target = m_target == kNoTarget ? std::int16_t{-2} : relative(m_target);
            exit.busNext = std::max(exit.busNext, exit.target);
            return;
        }
        exit.target = 0;
        const Address next = m_block.fallThrough();
        const std::size_t first = wordOf(next);
        for (std::size_t w = first; w < m_arrivals.size() && exit.words < 2; ++w) {
            exit.arrival[static_cast<std::size_t>(exit.words++)] = relative(m_arrivals[w]);
        }
    }

    static constexpr int kNoTarget = -1000000;
    const CoreDesc& m_core;
    const CoreTable& m_table;
    const Block& m_block;
    const Situation& m_situation;
    FlashPort m_port;
    TimelineResult<M0State>& m_result;
    Address m_base = 0;
    std::uint32_t m_unitBytes;
    std::vector<int> m_arrivals; ///< last data cycle of each word asked for, from the block's first
    int m_busNext;
    int m_time = 0;
    int m_target = kNoTarget;
    std::size_t m_slot = 0;
};

/// The core with its memories, for the memo engine.
class CortexM0 : public FlashCore<M0State, false> {
public:
    CortexM0(const McuDesc& mcu, const CoreTable& table)
        : FlashCore(mcu)
        , m_core(mcu.core)
        , m_table(table) {}

    /// The fetch is at most two words ahead of what executes.
    Plan plan(const Block& block) {
        Plan plan{m_front.plan(block, 8), {}};
        plan.targetUnit = -1; // no speculative fetch
        return plan;
    }

    void simulate(const Block& block, const Plan& plan, const State& state, const Situation& situation,
                  TimelineResult<State>& result) {
        M0Timeline(m_core, m_table, block, m_front, plan, situation, state, result).run();
    }

    std::uint32_t exceptionEntry(bool) const { return static_cast<std::uint32_t>(m_table.entry); }
    std::uint32_t exceptionReturn(bool) const { return static_cast<std::uint32_t>(m_table.exit); }
    std::uint32_t tailChain() const { return 6; }

private:
    CoreDesc m_core;
    CoreTable m_table;
};

} // namespace

std::unique_ptr<CoreTiming> makeCortexM0Timing(const McuDesc& mcu) {
    return std::make_unique<MemoEngine<CortexM0>>(mcu, kM0);
}

std::unique_ptr<CoreTiming> makeCortexM0PlusTiming(const McuDesc& mcu) {
    return std::make_unique<MemoEngine<CortexM0>>(mcu, kM0Plus);
}

} // namespace simprof
