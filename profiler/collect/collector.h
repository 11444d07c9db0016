// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/block_facts.h"
#include "profiler/collect/call_tracker.h"
#include "profiler/collect/heap_watch.h"
#include "profiler/collect/interruptions.h"
#include "profiler/collect/layer_stacks.h"
#include "profiler/collect/layer_watch.h"
#include "profiler/collect/memory_shadow.h"
#include "profiler/collect/recording.h"
#include "profiler/collect/stack_watch.h"
#include "profiler/profile.h"
#include "sim_core/event_listener.h"
#include "sim_core/machine.h"

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace simprof {

/// Listens to a machine and hands each event to the parts that give cycles, accesses and calls to their owners.
class Collector final : public EventListener {
public:
    struct Options {
        std::set<Address> functionStarts;        ///< known from symbols: jumps to them are tail calls
        std::map<Address, Allocator> allocators; ///< known from symbols, by entry
        std::function<void(std::int32_t network, Cycles inLayers)>
            onInferenceDone;                 ///< interrupts meanwhile not counted
        std::function<void()> onLayer;       ///< a layer begins
        std::function<void()> onAwaitedCall; ///< see awaitCall()
        std::function<void(const ThreadSwitch&)> onThreadSwitch;
        bool byteLives = false; ///< memory logs hold them
    };

    Collector(Machine& machine, Recogniser* recogniser, Options options);

    void blockRetired(const BlockEvent& event) override;
    void costSettled(const Block& block, const BlockCost& cost, std::uint64_t times, std::uint32_t owner) override;
    void exceptionEntered(unsigned number, Address returnAddress, Address sp, Cycles start,
                          std::uint32_t cycles) override;
    void exceptionReturned(unsigned number, Address returnAddress, Address sp, Cycles start, std::uint32_t cycles,
                           bool tailChained) override;
    void exceptionStall(Cycles start, std::uint32_t cycles) override;
    void slept(Cycles start, Cycles cycles, bool deep) override;
    void busMasterAccess(std::string_view master, Address address, std::uint32_t size, bool write, Cycles at) override;
    void clockChanged(std::uint64_t hertz, Cycles at, Cycles begun) override;
    /// Ends what is open; call once after the run.
    void finish();
    /// Options::onAwaitedCall comes once, when this function has been called the next time.
    void awaitCall(std::optional<Address> entry) { m_awaited = entry; }

    // what was collected
    Recording& recording() { return m_recording; }
    const Recording& recording() const { return m_recording; }
    const CallTracker& calls() const { return m_calls; }
    const StackWatch& stacks() const { return m_stacks; }
    const MemoryShadow& shadow() const { return m_shadow; }
    const std::vector<ExceptionSpan>& exceptionSpans() const { return m_interruptions.exceptions(); }
    const std::vector<PowerSpan>& sleepSpans() const { return m_interruptions.sleeps(); }
    /// What came too often to be kept.
    std::vector<LeftOut> leftOut() const;

private:
    void follow(const BlockEvent& event, BlockFacts& facts);
    std::optional<LayerCall> layerOf(const BlockEvent& event);
    void call(const BlockEvent& event, CallTracker::Step::Kind kind);
    void unwind(const CallTracker::Step& step, Address next, Cycles at);
    void threadGoesOn(const Contexts::Left& left, Address sp, Address returnAddress, Cycles at);
    void noteStack(Cycles at, std::uint32_t dip = 0);
    void deepen(Address sp, Cycles at);
    void sampleStack(Cycles at);
    void callAllocator(const Allocator& allocator, Cycles at);
    void choose();
    void setStack();
    bool onProcessStack();
    std::array<std::uint32_t, 4> arguments() const;
    void charge(RowId row, std::int32_t node, Stall reason, Cycles cycles);
    void keepSpan(RowId handler, Cycles start, Cycles end);

    Machine& m_machine;
    Recogniser* m_recogniser;
    Options m_options;
    Recording m_recording;
    MemoryShadow m_shadow;
    StackWatch m_stacks;
    CallTracker m_calls;
    LayerWatch m_layers;
    LayerStacks m_layerStacks;
    HeapWatch m_heap;
    BlockFactsTable m_facts;
    Interruptions m_interruptions;
    LayerWatch::Owner m_owner; ///< of what runs now
    std::int32_t m_node = 0;   ///< of the call tree
    double m_hertz = 0;        ///< of the core clock
    std::optional<Address> m_awaited;
    std::uint32_t m_r1AtEntry = 0; ///< of the newest handler
};

} // namespace simprof
