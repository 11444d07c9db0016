// SPDX-License-Identifier: GPL-2.0-or-later
/// Cortex-M7: a dual-issue, strictly in-order scoreboard. An instruction issues in cycle c; addresses, shifted operands
/// and bit fields are read at c, ALU operands and multiplicands at c+1, accumulators at c+2, store data at c+3.
/// docs/TIMING.md lists the rules with their sources.
#include "sim_core/timing/axi_front.h"
#include "sim_core/timing/branch_predictor.h"
#include "sim_core/timing/cortex_m7_ops.h"
#include "sim_core/timing/cortex_m7_state.h"
#include "sim_core/timing/cortex_m7_units.h"
#include "sim_core/timing/memo_engine.h"

namespace simprof {
namespace {

constexpr int kFlags = 15; ///< index of the flags in M7State::ready

/// Cycles that are not pairing rules.
struct CoreTable {
    int mispredict = 8, mispredictEarlyFlags = 6, earlyFlags = 3;
    int loadToAddress = 1; ///< beyond the load's latency of 2, when its result makes an address
    int misalignedLoad = 3;
    int storeToLoadBuffers = 2; ///< line-fill buffers that stores may occupy
    int exceptionEntry = 12, exceptionReturn = 12, tailChain = 6, fpFrame = 9;
};
constexpr CoreTable kTable;

class M7Timeline {
public:
    M7Timeline(const Block& block, const AxiFront& front, const M7FetchPlan& plan, const Situation& situation,
               const M7State& state, TimelineResult<M7State>& result)
        : m_block(block)
        , m_plan(plan)
        , m_situation(situation)
        , m_state(state)
        , m_result(result)
        , m_fp(state)
        , m_memory(front.systems(), state) {
        for (std::size_t r = 0; r < m_ready.size(); ++r) {
            m_ready[r] = state.ready[r];
        }
    }

    void run() {
        for (std::size_t i = 0; i < m_block.insns.size(); ++i) {
            step(i, m_block.insns[i]);
        }
        finish();
    }

private:
    /// Can the instruction join the one that issued in the cycle before?
    bool pairs(const M7Op& op) const {
        const std::uint16_t older = m_older.bits, younger = op.slotBits;
        if (!(older & M7Slot::Open) || op.alone) {
            return false;
        }
        const auto both = [&](std::uint16_t bit) { return (older & bit) && (younger & bit); };
        const auto mixed = [&](std::uint16_t a, std::uint16_t b) {
            return ((older & a) && (younger & b)) || ((older & b) && (younger & a));
        };
        if (both(M7Slot::Multiply) || both(M7Slot::Store) || both(M7Slot::Branch) || both(M7Slot::FpArithmetic) ||
            both(M7Slot::FpMove)) {
            return false;
        }
        if (mixed(M7Slot::Multiply, M7Slot::Store) || mixed(M7Slot::FpMac, M7Slot::FpMove)) {
            return false;
        }
        if (younger & M7Slot::BitOrDsp) { // the older slot only
            return false;
        }
        if (both(M7Slot::InlineShift) || mixed(M7Slot::InlineShift, M7Slot::EarlyShifter)) {
            return false;
        }
        if ((older & M7Slot::ShiftInsn) && (younger & M7Slot::InlineShift)) {
            return false;
        }
        if (both(M7Slot::Load) && m_sameBank) {
            return false;
        }
        return true;
    }

    /// The first cycle in which all operands are there in time.
    int operandsReady(const DecodedInsn& d, const M7Op& op) const {
        int at = -8;
        const auto need = [&](std::uint32_t mask, int offset) {
            forEachBit(mask & 0x7FFF, [&](std::size_t r) { at = std::max(at, m_ready[r] - offset); });
        };
        need(op.early & ~op.address, 0);
        forEachBit(op.address & 0x7FFF, [&](std::size_t r) {
            at = std::max(at, m_ready[r] + (m_loaded >> r & 1 ? kTable.loadToAddress : 0));
        });
        need(op.late, 1);
        forEachBit(op.multiplicand & 0x7FFF,
                   [&](std::size_t r) { at = std::max(at, m_ready[r] - (m_loaded >> r & 1 ? 0 : 1)); });
        need(op.accumulator, 2);
        need(op.storeData, 3);
        if (d.readsFlags && !(op.slotBits & M7Slot::Branch)) {
            at = std::max(at, m_ready[kFlags] - 1);
        }
        if (d.usesFpu) {
            at = std::max(at, m_fp.operandsReady(d));
        }
        return at;
    }

    /// Lines that this instruction is the first to need.
    void fetch(std::size_t i, const DecodedInsn& d) {
        if (m_plan.system < 0) {
            return;
        }
        const auto last =
            static_cast<int>((m_block.begin + d.offset + d.size - 1u) / L1Cache::kLineBytes - m_plan.firstLine);
        for (; m_lastLine < last; ++m_lastLine) {
            if (!m_situation.unitMissing(static_cast<unsigned>(m_lastLine + 1))) {
                continue;
            }
            const int wait = m_memory.latency(static_cast<std::size_t>(m_plan.system), m_next, true);
            m_result.charge(i, Stall::Fetch, wait);
            m_next += wait;
            m_older.bits = 0;
        }
    }

    void step(std::size_t i, const DecodedInsn& d) {
        fetch(i, d);
        const M7Op op = describeM7(d);
        m_sameBank = d.accessCount != 0 && m_slot < m_situation.codes.size() &&
                     m_situation.codes[m_slot] != access_code::kAbsent && (m_situation.codes[m_slot] & kM7SameBank);
        const int operands = operandsReady(d, op);
        const bool younger = pairs(op) && operands <= m_next - 1;
        int at = younger ? m_next - 1 : m_next;
        if (!younger && operands > at) {
            m_result.charge(i, d.usesFpu && d.accessCount == 0 ? Stall::MultiCycle : Stall::AddressDependency,
                            operands - at);
            at = operands;
        }
        if (younger) {
            m_older.bits = 0;
        } else {
            m_result.charge(i, Stall::Issue, 1);
            m_result.charge(i, d.accessCount != 0 ? Stall::LoadStore : Stall::MultiCycle, op.cycles - 1);
            m_next = at + op.cycles;
            const bool open = !op.alone && (op.cycles == 1 || (op.slotBits & M7Slot::FpArithmetic));
            m_older.bits = open ? static_cast<std::uint16_t>(op.slotBits | M7Slot::Open) : std::uint16_t{0};
        }
        if (younger && op.cycles > 1) { // a multi-cycle FP instruction as the younger
            m_result.charge(i, Stall::MultiCycle, op.cycles - 1);
            m_next += op.cycles - 1;
        }
        const int waits = dataWaits(i, d, at);
        results(d, op, at, waits, younger);
        leave(i, d, at);
    }

    /// Cache misses and misalignment of the instruction's accesses; stalls everything behind.
    int dataWaits(std::size_t i, const DecodedInsn& d, int at) {
        int waits = 0;
        for (unsigned n = 0; n < d.accessCount; ++n) {
            const std::uint8_t code = m_situation.codes[m_slot++];
            const int when = at + static_cast<int>(n / 2) + waits;
            m_result.accessStart.push_back(when);
            if (code == access_code::kAbsent) {
                continue;
            }
            const std::size_t memory = code >> kM7MemoryShift;
            int wait = 0;
            switch (static_cast<M7Access>(code & access_code::kClassMask)) {
            case M7Access::Hit: break;
            case M7Access::ReadMiss: wait = m_memory.latency(memory, when, true); break;
            case M7Access::Uncached: wait = m_memory.latency(memory, when, false); break;
            case M7Access::WriteMiss: wait = m_memory.backgroundFill(memory, when); break;
            }
            m_result.charge(i, Stall::CacheMiss, wait);
            waits += wait;
            if ((code & access_code::kMisalignedMask) && !d.store) {
                m_result.charge(i, Stall::LoadStore, kTable.misalignedLoad);
                waits += kTable.misalignedLoad;
            }
        }
        m_next += waits; // the whole pipeline waits, a partner with it
        return waits;
    }

    void results(const DecodedInsn& d, const M7Op& op, int at, int waits, bool younger) {
        int latency = op.latency;
        bool early = false;
        if ((op.earlyAlu && !younger) || op.earlyShift) {
            early = true;
            forEachBit(d.reads & 0x7FFF, [&](std::size_t r) { early = early && m_ready[r] <= at; });
            if (d.readsFlags) {
                early = false;
            }
        }
        if (early) {
            latency = 1;
        }
        const auto base = static_cast<std::uint32_t>(d.baseWriteBack >= 0 ? 1u << d.baseWriteBack : 0u);
        const bool isLoad = d.accessCount != 0 && !d.store;
        int nth = 0;
        forEachBit(d.writes & 0x7FFF & ~base, [&](std::size_t r) {
            m_ready[r] = at + latency + waits + (d.accessCount > 1 ? nth / 2 : 0);
            ++nth;
            m_loaded = static_cast<std::uint16_t>(isLoad ? m_loaded | 1u << r : m_loaded & ~(1u << r));
        });
        if (base != 0) {
            m_ready[static_cast<std::size_t>(d.baseWriteBack)] = at + 1;
            m_loaded = static_cast<std::uint16_t>(m_loaded & ~base);
        }
        if (d.setsFlags) {
            m_ready[kFlags] = at + 2;
            m_flagsSet = at;
        }
        if (d.usesFpu) {
            m_fp.results(d, op, at + waits);
        }
    }

    void leave(std::size_t i, const DecodedInsn& d, int at) {
        if (i + 1 != m_block.insns.size()) {
            return;
        }
        if (m_situation.mispredicted) {
            const bool direct = m_block.end == BlockEnd::CondBranch;
            const int penalty =
                direct && at - m_flagsSet >= kTable.earlyFlags ? kTable.mispredictEarlyFlags : kTable.mispredict;
            m_result.charge(i, Stall::BranchRefill, penalty);
            m_next += penalty;
            m_older.bits = 0;
        }
        (void)d;
        if (m_situation.taken) {
            m_older.bits = 0;
        }
    }

    void finish() {
        M7State& exit = m_result.exit;
        exit = M7State{};
        exit.older = m_older;
        const int floor = m_older.bits != 0 ? -1 : 0;
        const auto relative = [&](int t) { return static_cast<std::int8_t>(std::clamp(t - m_next, floor, 120)); };
        for (std::size_t r = 0; r < m_ready.size(); ++r) {
            exit.ready[r] = relative(m_ready[r]);
            if (m_loaded >> r & 1 && m_ready[r] + kTable.loadToAddress - m_next > floor) {
                exit.loaded |= static_cast<std::uint16_t>(1u << r);
            }
        }
        exit.flagsSet = static_cast<std::int16_t>(std::clamp(m_flagsSet - m_next, -4, 0));
        m_fp.leave(exit, relative);
        m_memory.leave(exit, m_next);
        m_result.cycles = static_cast<std::uint32_t>(m_next);
    }

    const Block& m_block;
    const M7FetchPlan& m_plan;
    const Situation& m_situation;
    const M7State& m_state;
    TimelineResult<M7State>& m_result;
    std::array<int, 16> m_ready{};
    M7FpResults m_fp;
    M7MemoryPorts m_memory;
    int m_next = 0; ///< next free issue cycle
    M7Slot m_older = m_state.older;
    std::uint16_t m_loaded = m_state.loaded;
    int m_flagsSet = m_state.flagsSet;
    int m_lastLine = -1;
    bool m_sameBank = false;
    std::size_t m_slot = 0;
};

/// The core with its memories, for the memo engine.
class CortexM7 {
public:
    using State = M7State;
    using Plan = M7Plan;
    struct Footprint {};

    explicit CortexM7(const McuDesc& mcu)
        : m_front(mcu) {}

    Plan plan(const Block& block) const { return {m_front.plan(block), {}}; }

    template<bool update>
    std::uint64_t observe(const Block& block, Plan& plan, const Accesses& accesses, Address next,
                          Situation& situation) {
        std::uint64_t signature = m_front.observeFetch<update>(plan, situation);
        if (const std::uint64_t data = m_front.observeData<update>(block, plan.data, accesses); data != 0) {
            signature = mixHash(signature, data);
        }
        situation.mispredicted = update && !m_predictor.predict(block, next);
        return situation.mispredicted ? mixHash(signature, hash_of::kMispredict) : signature;
    }

    /// Of what is fetched observe did it.
    void describe(const Plan& plan, const State&, Situation& situation) const { situation.codes = plan.data.codes; }
    static State flushed(const State&) { return {}; }
    static void forgetCode(State&) {}

    State enter(const State& exit, const Plan&) const { return exit; }

    void simulate(const Block& block, const Plan& plan, const State& state, const Situation& situation,
                  TimelineResult<State>& result) {
        M7Timeline(block, m_front, plan, situation, state, result).run();
    }

    static Footprint footprint(const TimelineResult<State>&) { return {}; }
    void commit(const Block&, const Plan&, const Footprint&) {}

    bool setMemory(const std::string& timing, const MemorySettings& settings) { return m_front.set(timing, settings); }
    bool setL1(const L1Settings& settings) { return m_front.setL1(settings); }
    bool setCachePolicies(std::vector<CachePolicy> policies) {
        m_front.setPolicies(std::move(policies));
        return true;
    }
    void invalidateCaches(bool instruction, bool data) { m_front.invalidate(instruction, data); }

    std::uint32_t exceptionEntry(bool fpFrame) const {
        return static_cast<std::uint32_t>(kTable.exceptionEntry + (fpFrame ? kTable.fpFrame : 0));
    }
    std::uint32_t exceptionReturn(bool fpFrame) const {
        return static_cast<std::uint32_t>(kTable.exceptionReturn + (fpFrame ? kTable.fpFrame : 0));
    }
    std::uint32_t tailChain() const { return static_cast<std::uint32_t>(kTable.tailChain); }
    std::vector<std::string> assumptions() const { return m_front.assumptions(); }

private:
    AxiFront m_front;
    BranchPredictor m_predictor;
};

} // namespace

std::unique_ptr<CoreTiming> makeCortexM7Timing(const McuDesc& mcu) {
    return std::make_unique<MemoEngine<CortexM7>>(mcu);
}

} // namespace simprof
