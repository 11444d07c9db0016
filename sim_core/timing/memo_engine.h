// SPDX-License-Identifier: GPL-2.0-or-later
/// Runs a core's exact timeline once per distinct situation of a block and remembers the answer.
#pragma once
#include "sim_core/timing/timeline.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <memory>
#include <unordered_map>
#include <utility>

namespace simprof {

/// `Model` is one core with its memories:
///   State            trivially copyable without padding that matters: operator==, hash()
///   Plan             what it keeps per block; plan(block)
///   observe<update>(block, plan, accesses, next, situation) -> signature of everything in the situation but `taken`;
///                    the plan may keep what holds until the next time
///   describe(plan, state, situation)  what observe left to be filled in for simulate
///   flushed(state)   the state after the pipeline was emptied
///   forgetCode(state) drops code that the state holds buffered
///   enter(state, plan)  a block's exit state as the next block sees it: what cannot matter to it is dropped
///   simulate(block, plan, state, situation, result)
///   commit(block, plan, footprint)   what the caches learn from an execution
template<class Model>
class MemoEngine : public CoreTiming {
public:
    template<class... Tables>
    explicit MemoEngine(const McuDesc& mcu, const Tables&... tables)
        : m_model(mcu, tables...) {}

    void addBlock(const Block& block) override {
        if (block.id >= m_records.size()) {
            m_records.resize(block.id + 1);
        }
        Record& record = m_records[block.id];
        dropMemos(record);
        record = Record{};
        record.plan = m_model.plan(block);
        record.known = true;
        record.settled.assign(block.insns.size(), {});
    }

    Cycles retire(const Block& block, const Accesses& accesses, Address next) override {
        if (m_remembered > kMostRemembered) {
            startAnew();
        }
        Record& record = m_records[block.id];
        assert(record.known);
        const bool taken = next != block.fallThrough();
        const std::uint32_t state = enter(block, record);
        m_situation.taken = taken;
        const std::uint64_t signature = m_model.template observe<true>(block, record.plan, accesses, next, m_situation);
        const Key key{std::uint64_t{state} << 1 | (taken ? 1u : 0u), signature};
        Memo*& recent = record.recent[KeyHash{}(key) % kRecent];
        if (!recent || !(recent->key == key)) {
            Memo* known = record.find(key);
            if (!known) {
                known = &simulate(block, record, key); // may empty `recent`
            }
            recent = known;
        }
        Memo& memo = *recent;
        count(memo, 1);
        m_model.commit(block, record.plan, memo.footprint);
        m_exit = &memo;
        return memo.cost.cycles;
    }

    /// The pipeline need not be the same each time: it goes on from state to state while what the caches hold stays.
    void repeatLast(std::uint64_t times) override {
        assert(m_exit);
        const Block& block = *m_exit->block;
        const Record& record = m_records[block.id];
        while (times != 0) {
            const std::uint32_t state = enter(block, record);
            Memo* const next =
                record.find({std::uint64_t{state} << 1 | (m_exit->key.state & 1U), m_exit->key.signature});
            const std::uint64_t here = next == nullptr || next == m_exit ? times : 1;
            m_exit = next != nullptr ? next : m_exit;
            count(*m_exit, here);
            times -= here;
        }
    }

    void settle() override {
        for (Memo* memo : m_pending) {
            handOver(*memo);
        }
        m_pending.clear();
        m_retired.clear();
    }

    Cycles cyclesBefore(const Block& block, std::span<const Access> done) const override {
        // Reading the caches without teaching them is what observe<false> does; it changes nothing that can be seen.
        auto& model = const_cast<Model&>(m_model);
        auto& record = const_cast<Record&>(m_records[block.id]);
        Situation situation;
        situation.taken = block.end != BlockEnd::FallThrough;
        model.template observe<false>(block, record.plan, done, block.fallThrough(), situation);
        const typename Model::State state = m_model.enter(exitState(), record.plan);
        model.describe(record.plan, state, situation);
        const std::size_t slot = slotBehind(block, done);
        for (std::size_t i = slot; i < situation.codes.size(); ++i) {
            situation.codes[i] = 0;
        }
        TimelineResult<typename Model::State> result;
        model.simulate(block, record.plan, state, situation, result);
        const std::int32_t start =
            slot < result.accessStart.size() ? result.accessStart[slot] : static_cast<std::int32_t>(result.cycles);
        return static_cast<Cycles>(std::max(start, 0));
    }

    void flushPipeline() override { setState(Model::flushed(exitState())); }

    void setMemory(const std::string& timing, const MemorySettings& settings) override {
        if (m_model.setMemory(timing, settings)) {
            forget();
        }
    }
    void setL1(const L1Settings& settings) override {
        if (m_model.setL1(settings)) {
            forget();
        }
    }
    void setCachePolicies(std::vector<CachePolicy> policies) override {
        if (m_model.setCachePolicies(std::move(policies))) {
            forget();
        }
    }
    void invalidateCaches(bool instruction, bool data) override {
        m_model.invalidateCaches(instruction, data);
        if (instruction) {
            typename Model::State state = exitState();
            Model::forgetCode(state);
            setState(state);
        }
    }

    std::uint32_t exceptionEntryCycles(bool fpFrame, bool lazy) const override {
        return m_model.exceptionEntry(fpFrame && !lazy);
    }
    std::uint32_t exceptionReturnCycles(bool fpFrame) const override { return m_model.exceptionReturn(fpFrame); }
    std::uint32_t tailChainCycles() const override { return m_model.tailChain(); }

    std::vector<Cycles> instructionCycles(const Block& block) const override {
        std::vector<Cycles> cycles;
        for (const auto& stalls : instructionStalls(block)) {
            Cycles sum = 0;
            for (const Cycles c : stalls) {
                sum += c;
            }
            cycles.push_back(sum);
        }
        return cycles;
    }

    std::vector<std::array<Cycles, kStallCount>> instructionStalls(const Block& block) const override {
        if (block.id >= m_records.size() || !m_records[block.id].known) {
            return std::vector<std::array<Cycles, kStallCount>>(block.insns.size());
        }
        Record record;
        record.settled = m_records[block.id].settled;
        for (const auto& memo : m_records[block.id].memos) {
            charge(record, *memo);
        }
        return record.settled;
    }

    std::vector<std::string> assumptions() const override { return m_model.assumptions(); }

private:
    struct Key {
        std::uint64_t state = 0;
        std::uint64_t signature = 0;
        bool operator==(const Key&) const = default;
    };
    /// A block that followed, and the state in which it was entered.
    struct Successor {
        std::uint32_t block = ~0u;
        std::uint32_t version = 0;
        std::uint32_t state = 0;
    };
    struct Memo {
        Key key;
        std::uint64_t pending = 0; ///< executions that the sink was not told of yet
        std::uint32_t owner = 0;   ///< of those
        BlockCost cost;
        std::array<Successor, 2> successors{};
        std::uint64_t count = 0; ///< executions handed over
        const Block* block = nullptr;
        typename Model::State exit{};
        typename Model::Footprint footprint;
        std::vector<Charge> charges;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const {
            return static_cast<std::size_t>(mixHash(key.signature, key.state));
        }
    };
    struct StateHash {
        std::size_t operator()(const typename Model::State& state) const {
            return static_cast<std::size_t>(state.hash());
        }
    };
    static constexpr std::size_t kRecent = 8;
    struct Record {
        typename Model::Plan plan{};
        bool known = false;
        std::array<Memo*, kRecent> recent{}; ///< by hash of the key
        std::vector<std::unique_ptr<Memo>> memos;
        std::unordered_map<Key, Memo*, KeyHash> index; ///< used once there are more than a few
        std::vector<std::array<Cycles, kStallCount>> settled;

        Memo* find(const Key& key) const {
            if (memos.size() <= kLinear) {
                for (const auto& memo : memos) {
                    if (memo->key == key) {
                        return memo.get();
                    }
                }
                return nullptr;
            }
            const auto found = index.find(key);
            return found == index.end() ? nullptr : found->second;
        }
    };
    static constexpr std::size_t kLinear = 6;
    static constexpr std::size_t kMemosPerBlock = 4096;     ///< then the counts are settled and the block starts anew
    static constexpr std::size_t kMostRemembered = 200'000; ///< memos and states of all blocks; then all start anew

    std::uint32_t intern(const typename Model::State& state) {
        const auto [found, inserted] = m_stateIds.try_emplace(state, static_cast<std::uint32_t>(m_states.size()));
        if (inserted) {
            m_states.push_back(state);
            ++m_remembered;
        }
        return found->second;
    }

    const typename Model::State& exitState() const { return m_exit ? m_exit->exit : m_flushed; }

    /// The next block finds this, whatever ran last.
    void setState(const typename Model::State& state) {
        m_flushed = state;
        m_exit = nullptr;
    }

    std::uint32_t enter(const Block& block, const Record& record) {
        if (!m_exit) {
            return intern(m_model.enter(m_flushed, record.plan));
        }
        Successor& successor = m_exit->successors[block.id % m_exit->successors.size()];
        if (successor.block != block.id || successor.version != block.version) {
            successor = {block.id, block.version, intern(m_model.enter(m_exit->exit, record.plan))};
        }
        return successor.state;
    }

    /// An execution with this outcome came so many `times`.
    void count(Memo& memo, std::uint64_t times) {
        if (memo.pending == 0) {
            memo.owner = m_owner;
            m_pending.push_back(&memo);
        } else if (memo.owner != m_owner) {
            handOver(memo);
            memo.owner = m_owner;
        }
        memo.pending += times;
    }

    void handOver(Memo& memo) {
        const std::uint64_t times = std::exchange(memo.pending, 0);
        memo.count += times;
        m_sink->addCost(*memo.block, memo.cost, times, memo.owner);
    }

    static void charge(Record& record, const Memo& memo) {
        for (const Charge& charge : memo.charges) {
            record.settled[charge.insn][static_cast<std::size_t>(charge.stall)] += static_cast<Cycles>(
                static_cast<std::int64_t>(charge.cycles) * static_cast<std::int64_t>(memo.count + memo.pending));
        }
    }

    void dropMemos(Record& record) {
        if (record.memos.empty()) {
            return; // most blocks, where the MPU is set up again and again
        }
        if (m_exit) { // may be one of those that go
            m_flushed = m_exit->exit;
            m_exit = nullptr;
        }
        for (auto& memo : record.memos) {
            charge(record, *memo);
            if (memo->pending != 0) {
                m_retired.push_back(std::move(memo)); // until settled
            }
        }
        record.memos.clear();
        record.index.clear();
        record.recent = {};
    }

    /// What was remembered holds no longer; what was counted stays.
    void forget() {
        for (Record& record : m_records) {
            dropMemos(record);
        }
    }

    /// Forgets everything but what was counted, which does not change any answer.
    void startAnew() {
        setState(exitState());
        settle();
        forget();
        m_states.clear();
        m_stateIds.clear();
        m_remembered = 0;
    }

    Memo& simulate(const Block& block, Record& record, const Key& key) {
        if (record.memos.size() >= kMemosPerBlock) {
            dropMemos(record);
        }
        m_result.clear();
        const typename Model::State& state = m_states[key.state >> 1];
        m_model.describe(record.plan, state, m_situation);
        m_model.simulate(block, record.plan, state, m_situation, m_result);
        auto memo = std::make_unique<Memo>();
        memo->key = key;
        memo->block = &block;
        memo->cost.cycles = m_result.cycles;
        for (const Charge& charge : m_result.charges) {
            memo->cost.stalls[static_cast<std::size_t>(charge.stall)] += static_cast<std::uint32_t>(charge.cycles);
        }
        memo->charges = m_result.charges;
        memo->footprint = Model::footprint(m_result);
        memo->exit = m_result.exit;
        Memo& reference = *memo;
        record.memos.push_back(std::move(memo));
        ++m_remembered;
        if (record.memos.size() == kLinear + 1) {
            for (const auto& each : record.memos) {
                record.index.emplace(each->key, each.get());
            }
        } else if (record.memos.size() > kLinear) {
            record.index.emplace(key, &reference);
        }
        return reference;
    }

    Model m_model;
    std::vector<Record> m_records;
    std::vector<Memo*> m_pending;                 ///< those whose `pending` is not 0, in order of first execution
    std::vector<std::unique_ptr<Memo>> m_retired; ///< pending ones that hold no longer
    std::vector<typename Model::State> m_states;
    std::unordered_map<typename Model::State, std::uint32_t, StateHash> m_stateIds;
    std::size_t m_remembered = 0; ///< memos made and states met since everything was forgotten
    Memo* m_exit = nullptr;       ///< what the block before was; null: m_flushed holds
    typename Model::State m_flushed{};
    Situation m_situation;
    TimelineResult<typename Model::State> m_result;
};

} // namespace simprof
