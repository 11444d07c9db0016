// SPDX-License-Identifier: GPL-2.0-or-later
/// Cortex-M4: a three-word fetch buffer and a three-stage pipeline as a small timeline.
///
/// A fetch has its address phase in cycle a, its data arrive in a+1 (plus wait states); the instruction that takes a
/// word's last halfword enters decode at the earliest a cycle after that, which frees the place, and executes a cycle
/// later. docs/TIMING.md lists the rules with their sources.
#include "sim_core/timing/cortex_m4_state.h"
#include "sim_core/timing/cortex_m4_units.h"
#include "sim_core/timing/flash_core.h"
#include "sim_core/timing/memo_engine.h"

namespace simprof {
namespace {

/// Cycles that are not pipeline rules (Arm DDI 0439D 3.3, tables 3-1 and 7-1; 100166).
struct CoreTable {
    int divide = 6; ///< SDIV, UDIV take 2…12 with the operands; the mean over quotients of up to 16 bits
    int statusMove = 2, barrier = 2, hint = 1;
    int loadBehindStore = 1; ///< any load right behind a single store waits so long (J; UOV and BIKE on L4R5)
    int fpMac = 3, fpDivide = 14, fpMovePair = 2;
    int registerBranch = 3, immediateBranch = 2, loadPcRefill = 2, tableBranchRefill = 2;
    int exceptionEntry = 12, exceptionReturn = 10, tailChain = 6, fpFrame = 17;
};
constexpr CoreTable kTable;

class M4Timeline {
public:
    M4Timeline(const Block& block, const FlashFront& front, const FetchPlan& plan, const Situation& situation,
               const M4State& state, TimelineResult<M4State>& result)
        : m_block(block)
        , m_plan(plan)
        , m_situation(situation)
        , m_port(front.system(plan.system), front.dataSystem(), plan, situation, state.port)
        , m_state(state)
        , m_result(result)
        , m_unitBytes(plan.system < 0 ? 4 : front.system(plan.system)->row->unitBytes)
        , m_base(block.begin & ~3u)
        , m_busNext(state.busNext) {
        m_decodePrevious = state.decodeFloor;
        for (int i = 0; i < state.words; ++i) {
            m_arrivals.push_back(state.arrival[i]);
        }
        if (state.redirected) {
            request(state.busNext);
        }
    }

    void run() {
        for (std::size_t i = 0; i < m_block.insns.size(); ++i) {
            step(i, m_block.insns[i]);
        }
        finish();
    }

private:
    static constexpr int kBufferWords = 3;
    static constexpr int kNever = 1 << 20;

    /// When the place for word `index` became free: the word three before it was taken by decode.
    int placeFree(std::size_t index) const {
        if (index >= kBufferWords) {
            return m_freed.size() > index - kBufferWords ? m_freed[index - kBufferWords] : kNever;
        }
        return m_state.redirected ? -100 : m_state.freed[index];
    }

    /// Address phase of the next word, were it asked for now.
    int nextAddressPhase() const {
        const int place = placeFree(m_arrivals.size());
        if (place == kNever) {
            return kNever;
        }
        // A fetch that had stopped for want of a place starts again a cycle after it got one.
        return place > m_busNext ? place + 1 : m_busNext;
    }

    void request(int at) {
        const Address word = m_base + 4 * static_cast<Address>(m_arrivals.size());
        const int wait = m_port.fetch(at, static_cast<int>(word / m_unitBytes - m_block.begin / m_unitBytes));
        m_busNext = at + 1 + wait;
        m_arrivals.push_back(m_busNext);
    }

    /// Issues every fetch whose address phase lies before `limit`.
    void pump(int limit) {
        for (int at = nextAddressPhase(); at < limit; at = nextAddressPhase()) {
            request(at);
        }
    }

    std::size_t wordOf(Address address) const { return (address - m_base) / 4; }

    void step(std::size_t i, const DecodedInsn& d) {
        const Address address = m_block.begin + d.offset, lastHalf = address + d.size - 2u;
        while (m_arrivals.size() <= wordOf(lastHalf)) {
            request(std::min(nextAddressPhase(), kNever));
        }
        const int arrived = m_arrivals[wordOf(lastHalf)] + 1;
        if (d.kind == InsnClass::It && foldsIt(i, arrived)) {
            free(lastHalf, m_decodePrevious);
            ++m_result.folded;
            return;
        }
        const int decode = std::max(m_decodePrevious, arrived);
        free(lastHalf, decode);
        const bool pairs = pairsWithLoad(d);
        int ready = pairs ? m_time - 1 : m_time;
        int start = std::max(ready, decode + 1);
        int fetchWait = std::max(0, start - m_time);
        m_result.charge(i, Stall::Fetch, fetchWait);
        const int dependency = dependencyWait(d, start);
        m_result.charge(i, dependency > 0 && d.usesFpu && !d.accessCount ? Stall::MultiCycle : Stall::AddressDependency,
                        dependency);
        start += dependency;
        // In a pair the load before has already been charged the cycle in which this one starts.
        execute(i, d, start, std::max(0, m_time - start));
    }

    /// IT costs nothing when it waits in the buffer while a 16-bit instruction before it enters decode (100166, 3.3.1
    /// note).
    bool foldsIt(std::size_t i, int arrived) const {
        return i > 0 && m_block.insns[i - 1].size == 2 && arrived <= m_decodePrevious && m_previousSingle;
    }

    void free(Address lastHalf, int decode) {
        const std::size_t whole = (lastHalf + 2 - m_base) / 4;
        while (m_freed.size() < whole) {
            m_freed.push_back(decode);
        }
    }

    /// LDR directly behind LDR, and STR with immediate offset behind a single LDR, overlap its last cycle unless they
    /// need its result for the address. Behind a run of loads the store does not (ML-KEM's Keccak on the board, 2.7 %;
    /// single pairs: J, and AES bitsliced).
    bool pairsWithLoad(const DecodedInsn& d) const {
        if (!m_loads.before() || (d.addressRegs & m_loads.loaded()) || d.accessCount == 0) {
            return false;
        }
        const std::uint8_t code = m_situation.codes[m_slot];
        if (code != access_code::kAbsent && (code & kOtherMemory)) {
            return false;
        }
        if (d.kind == InsnClass::Load) {
            return !d.loadsPc;
        }
        return d.kind == InsnClass::Store && !d.registerOffset && !m_loads.run();
    }

    int dependencyWait(const DecodedInsn& d, int start) const {
        int wait = 0;
        if (d.addressRegs & m_computed) { // made by the data-processing instruction or store just before
            wait = std::max(wait, m_time + 1 - start);
        }
        // A load's address phase waits for the data phase of the store before.
        if (m_loads.storeBefore() && d.accessCount != 0 && !d.store) {
            wait = std::max(wait, m_time + kTable.loadBehindStore - start);
        }
        if (d.usesFpu) {
            wait = std::max(wait, m_fp.wait(d, start));
        }
        return wait;
    }

    struct Cost {
        int own = 1; ///< cycles without waits
        Stall reason = Stall::MultiCycle;
    };

    Cost ownCycles(const DecodedInsn& d) const {
        switch (d.kind) {
        case InsnClass::Divide: return {kTable.divide, Stall::MultiCycle};
        case InsnClass::StatusMove: return {d.size == 4 ? kTable.statusMove : 1, Stall::MultiCycle};
        case InsnClass::Barrier: return {kTable.barrier, Stall::MultiCycle};
        case InsnClass::FpMac: return {kTable.fpMac, Stall::MultiCycle};
        case InsnClass::FpMoveCore:
            return {d.reads && (d.reads & (d.reads - 1)) ? kTable.fpMovePair
                    : d.writes & (d.writes - 1)          ? kTable.fpMovePair
                                                         : 1,
                    Stall::MultiCycle};
        case InsnClass::Load:
        case InsnClass::LoadExclusive:
        case InsnClass::StoreExclusive: return {2, Stall::LoadStore};
        case InsnClass::Store: return {d.registerOffset ? 2 : 1, Stall::LoadStore};
        case InsnClass::TableBranch: return {2, Stall::LoadStore};
        case InsnClass::LoadPair:
        case InsnClass::StorePair:
        case InsnClass::LoadMultiple:
        case InsnClass::StoreMultiple:
        case InsnClass::FpLoad:
        case InsnClass::FpStore:
        case InsnClass::FpLoadMultiple:
        case InsnClass::FpStoreMultiple: return {1 + static_cast<int>(d.words()), Stall::LoadStore};
        default: return {};
        }
    }

    /// Extra cycles of memory and misalignment; notes when each access starts. False: the access did not happen.
    bool dataWaits(const DecodedInsn& d, int start, int& waits, int& misaligned) {
        bool present = d.accessCount == 0;
        int at = start;
        for (unsigned n = 0; n < d.accessCount; ++n) {
            const std::uint8_t code = m_situation.codes[m_slot++];
            m_result.accessStart.push_back(at);
            if (code == access_code::kAbsent) {
                continue;
            }
            present = true;
            const auto dataClass = static_cast<DataClass>(code & access_code::kClassMask);
            if (dataClass == DataClass::FlashMiss || dataClass == DataClass::FlashHit ||
                dataClass == DataClass::FlashBuffer) {
                pump(at);
            }
            const int wait = d.store ? 0 : m_port.read(at, dataClass, n > 0 || m_flashReadBefore);
            m_flashReadBefore = !d.store && dataClass != DataClass::ZeroWait;
            const int extra = (code & access_code::kMisalignedMask) >> access_code::kMisalignedShift;
            waits += wait;
            misaligned += extra;
            at += 1 + wait + extra;
        }
        if (d.accessCount == 0) {
            m_flashReadBefore = false;
        }
        return present;
    }

    /// A conditional branch in decode asks for its target before it knows whether it is taken.
    void speculate(int decode) {
        pump(decode);
        const int at = std::max(decode, m_busNext);
        const int wait = m_plan.targetUnit < 0
                             ? 0
                             : m_port.fetchSpeculatively(at, static_cast<int>(m_plan.targetUnit - m_plan.firstUnit),
                                                         m_situation.targetMissing);
        m_busNext = at + 1 + wait;
    }

    void execute(std::size_t i, const DecodedInsn& d, int start, int overlap) {
        if (d.kind == InsnClass::CondBranch && !m_situation.taken) {
            speculate(start - 1);
        }
        Cost cost = ownCycles(d);
        int waits = 0, misaligned = 0;
        const bool present = dataWaits(d, start, waits, misaligned);
        if (!present) {
            cost.own = 1; // predicated out
        }
        const int own = cost.own - overlap;
        m_result.charge(i, Stall::Issue, std::min(own, 1));
        m_result.charge(i, cost.reason, std::max(own - 1, 0) + (cost.reason == Stall::LoadStore ? misaligned : 0));
        m_result.charge(i, Stall::CacheMiss, waits);
        const int end = start + cost.own + waits + misaligned;
        m_decodePrevious = start; // the next one enters decode when this one executes
        m_time = end;
        if (cost.own > 1 && !d.accessCount) {
            m_decodePrevious = start;
        }
        remember(d, start, end, present);
        if (const int refill = refillCycles(d);
            refill > 0 && (m_situation.taken || d.loadsPc || d.kind == InsnClass::TableBranch) && present) {
            m_result.charge(i, Stall::BranchRefill, refill);
            m_time += refill;
            m_redirected = true;
        }
    }

    void remember(const DecodedInsn& d, int start, int end, bool present) {
        m_loads.note(d, present);
        m_computed = d.accessCount == 0 ? d.writes : m_loads.storeBefore() ? M4Loads::writtenBack(d) : std::uint16_t{0};
        m_previousSingle = d.accessCount == 0;
        if (d.usesFpu) {
            m_fp.note(d, start, end, kTable.fpDivide);
        }
    }

    /// Refill after the instruction's own cycles, were it to leave the block.
    static int refillCycles(const DecodedInsn& d) {
        switch (d.kind) {
        case InsnClass::Branch:
        case InsnClass::CondBranch:
        case InsnClass::Call: return kTable.immediateBranch - 1;
        case InsnClass::IndirectBranch:
        case InsnClass::IndirectCall: return kTable.registerBranch - 1;
        case InsnClass::TableBranch: return kTable.tableBranchRefill;
        default: return d.loadsPc ? kTable.loadPcRefill : 0;
        }
    }

    void finish() {
        M4State& exit = m_result.exit;
        exit = M4State{};
        const auto relative = [this](int t) { return static_cast<std::int16_t>(std::clamp(t - m_time, -8, 1000)); };
        exit.redirected = m_situation.taken || m_redirected;
        if (exit.redirected) {
            // The target's address phase; a fetch that is already on the bus cannot be withdrawn.
            const int target = m_time - 3;
            pump(target);
            exit.busNext = relative(std::max(target, m_busNext));
            exit.decodeFloor = -8;
        } else {
            pump(m_time);
            exit.busNext = relative(m_busNext);
            exit.decodeFloor = relative(m_decodePrevious);
            const std::size_t first = wordOf(m_block.fallThrough());
            for (std::size_t w = first; w < m_arrivals.size(); ++w) {
                exit.arrival[static_cast<std::size_t>(exit.words++)] = relative(m_arrivals[w]);
            }
            for (std::size_t k = 0; k < kBufferWords; ++k) {
                const std::size_t index = first + k;
                exit.freed[k] = static_cast<int>(k) < exit.words
                                    ? std::int16_t{-8}
                                    : relative(placeFree(index) == kNever ? m_time + 900 : placeFree(index));
            }
            m_loads.leave(exit);
            exit.computed = m_computed;
            exit.flashReadBefore = m_flashReadBefore;
        }
        m_fp.leave(exit, m_time, relative);
        exit.port = m_port.exit(m_time, exit.redirected);
        m_result.cycles = static_cast<std::uint32_t>(m_time);
        m_result.footprint = m_port.footprint();
    }

    const Block& m_block;
    const FetchPlan& m_plan;
    const Situation& m_situation;
    FlashPort m_port;
    const M4State& m_state;
    TimelineResult<M4State>& m_result;
    std::uint32_t m_unitBytes;
    Address m_base;
    std::vector<int> m_arrivals; ///< by word from m_base: the cycle in which its data arrive
    std::vector<int> m_freed;    ///< by word: when decode took its last halfword
    int m_busNext;               ///< next free address phase
    int m_time = 0;              ///< earliest start of the next instruction
    int m_decodePrevious = 0;    ///< earliest cycle in which the next instruction can enter decode
    std::size_t m_slot = 0;
    bool m_redirected = false;
    bool m_previousSingle = false;
    M4Loads m_loads{m_state};
    M4FpResults m_fp{m_state};
    bool m_flashReadBefore = m_state.flashReadBefore;
    std::uint16_t m_computed = m_state.computed; ///< registers that an access right behind must wait for
};

/// The core with its memories, for the memo engine.
class CortexM4 : public FlashCore<M4State, true> {
public:
    explicit CortexM4(const McuDesc& mcu)
        : FlashCore(mcu) {}

    Plan plan(const Block& block) { return {m_front.plan(block, 12), {}}; }

    void simulate(const Block& block, const Plan& plan, const State& state, const Situation& situation,
                  TimelineResult<State>& result) {
        M4Timeline(block, m_front, plan, situation, state, result).run();
    }

    std::uint32_t exceptionEntry(bool fpFrame) const {
        return static_cast<std::uint32_t>(kTable.exceptionEntry + (fpFrame ? kTable.fpFrame : 0));
    }
    std::uint32_t exceptionReturn(bool fpFrame) const {
        return static_cast<std::uint32_t>(kTable.exceptionReturn + (fpFrame ? kTable.fpFrame : 0));
    }
    std::uint32_t tailChain() const { return static_cast<std::uint32_t>(kTable.tailChain); }
};

} // namespace

std::unique_ptr<CoreTiming> makeCortexM4Timing(const McuDesc& mcu) {
    return std::make_unique<MemoEngine<CortexM4>>(mcu);
}

} // namespace simprof
