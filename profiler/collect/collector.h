// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/call_stack.h"
#include "profiler/collect/memory_shadow.h"
#include "profiler/collect/tally.h"
#include "profiler/profile.h"
#include "profiler/runtimes/recogniser.h"
#include "sim_core/event_listener.h"
#include "sim_core/machine.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace simprof {

/// How far a thread's own stack reached down from where the thread began.
struct ThreadStack {
    Address top = 0;
    Address lowest = 0;
};

/// Listens to a machine and gives each cycle, access and call to its owner.
class Collector final : public EventListener {
public:
    struct Options {
        bool memory = true;               ///< follow SRAM byte by byte
        std::set<Address> functionStarts; ///< known from symbols: jumps to them are tail calls
        std::function<void()> onInferenceDone;
        std::function<void()> onLayer;            ///< a layer begins
        std::function<void(Cycles)> onThreadMode; ///< the core returned from an exception to Thread mode, at this cycle
        std::function<void(const ThreadStack&)> onThreadStack; ///< an exception, or the end, stops such a thread
        std::size_t layerCount = 0;                            ///< of the network, when known beforehand
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

    /// Gives what was taken for an inference back to the start-up (it was the runtime's Prepare).
    void dropInferences();
    /// Which layers are parts of which; `to`: new number by old, -1: none; `principals`: old number by new.
    struct Renumbering {
        std::vector<std::int32_t> to;
        std::vector<std::uint16_t> principals;
    };
    /// Makes layers of what were parts of layers, after finish(); a layer's calls are those of its principal.
    void renumberLayers(const Renumbering& numbers);

    // what was collected
    const std::vector<Tally>& layers() const { return m_layers; }
    const std::vector<std::uint32_t>& layerCalls() const { return m_layerCalls; }
    const Tally& startUp() const { return m_startUp; }
    const Tally& between() const { return m_between; }
    const Tally& unattributed() const { return m_unattributed; }
    const Tally& sleep() const { return m_sleep; }
    struct ExceptionTally {
        Tally tally;
        std::uint64_t entries = 0;
    };
    const std::map<unsigned, ExceptionTally>& exceptions() const { return m_exceptions; }
    const std::vector<ExceptionSpan>& exceptionSpans() const { return m_exceptionSpans; }
    const std::vector<Inference>& inferences() const { return m_inferences; }
    const std::vector<PowerSpan>& sleepSpans() const { return m_sleepSpans; }
    CallTree& tree() { return m_tree; }
    struct RawCallSpan {
        Address entry = 0;
        std::uint16_t depth = 0;
        Cycles start = 0;
        Cycles cycles = 0;
    };
    const std::vector<RawCallSpan>& callSpans() const { return m_callSpans; }
    const MemoryShadow& shadow() const { return m_shadow; }
    const std::optional<MemoryLog>& memoryLog() const { return m_memoryLog; }
    /// Return addresses of the frames now open, innermost first.
    std::vector<Address> openCalls() const;
    Address lowestSp() const { return m_lowestSp; }
    const std::vector<std::pair<Cycles, Bytes>>& stackSamples() const { return m_stackSamples; }
    const std::set<Address>& callTargets() const { return m_callTargets; }

private:
    static constexpr std::size_t kMaxSpans = 100'000; ///< kept of each kind
    using FrameStack = std::vector<Frame>;
    /// What waits to go on.
    struct Context {
        FrameStack frames;
        std::optional<ThreadStack> stack; ///< nothing on the main stack
    };
    struct SuspendedContext {
        unsigned exception = 0;
        Address sp = 0;
        Address returnAddress = 0;
        Cycles start = 0;
        Context context; ///< that was interrupted
    };

    /// What is known of a block once and for all.
    struct BlockFacts {
        bool known = false;
        bool movesSp = false;
        std::uint32_t multiplies = 0; ///< instructions that multiply
        MemoryShadow::Traffic traffic;
        std::uint32_t plainBranchAt =
            0; ///< number of call targets (+1) for which its branch was found to be no tail call
    };
    void learn(const Block& block);
    BlockFacts& factsOf(const Block& block) {
        if (block.id >= m_facts.size() || !m_facts[block.id].known) {
            learn(block);
        }
        return m_facts[block.id];
    }
    void follow(const BlockEvent& event, BlockFacts& facts);
    void call(const BlockEvent& event, bool tail);
    bool unwindTo(Address next, Cycles at);
    void popFrame(Cycles at);
    void pushFrame(Address entry, Address returnAddress, Cycles at, bool indirect = false);
    bool isFunctionStart(Address address) const;
    /// Calls and returns within a layer change the node of the call tree, but not m_tally.
    bool insideLayer() const { return m_frames.back().layer >= 0; }
    void beginLayer(const LayerCall& call, Cycles at);
    void endLayer(Cycles at);
    void beginInference(Frame& host, Cycles at);
    void endInference(Cycles at);
    void flushGap(Tally& to);
    void choose();
    void noteStack();
    void setStack();
    Address stackTop() const { return m_threadStack ? m_threadStack->top : m_machine.initialSp(); }
    bool switchThread(SuspendedContext& left, Address sp, Address returnAddress);
    void keepCallSpan(const Frame& frame, Cycles at);
    Tally& base();
    static bool isDispatch(const Tally& work);
    void giveGapToSpan(Cycles from);
    void inlineGap(Cycles at);
    void takeMemoryLog();
    Tally& layerTally(std::uint16_t layer);

    Machine& m_machine;
    Recogniser* m_recogniser;
    Options m_options;
    MemoryShadow m_shadow;
    std::optional<MemoryLog> m_memoryLog;

    CallTree m_tree;
    FrameStack m_frames;
    std::vector<SuspendedContext> m_suspended; ///< interrupted contexts, innermost last
    std::map<std::pair<Address, Address>, Context>
        m_otherThreads; ///< by stack pointer and the address where they go on
    std::set<Address> m_callTargets;
    std::vector<BlockFacts> m_facts; ///< by Block::id
    std::vector<RawCallSpan> m_callSpans;
    Cycles m_minimumSpan = 1;

    Tally* m_tally = nullptr; ///< owner of what runs now
    std::int32_t m_node = 0;  ///< of the call tree
    /// The owner's number, instead of a node, of a block that begins a context: its frame comes when it has retired.
    static constexpr std::uint32_t kFirstOfContext = ~0U;
    AccessorId m_accessor = kOutside;
    std::vector<Tally> m_layers;
    std::vector<std::uint32_t> m_layerCalls;
    Tally m_startUp, m_between, m_unattributed, m_sleep;
    Tally
        m_gap; ///< inside the inference's host but in no layer: its owner is known when the next layer or the end comes
    std::map<unsigned, ExceptionTally> m_exceptions;
    std::vector<ExceptionSpan> m_exceptionSpans;
    std::vector<PowerSpan> m_sleepSpans;

    std::vector<Inference> m_inferences;
    bool m_inInference = false;
    Inference m_open;         ///< the inference in progress
    Cycles m_hostStart = 0;   ///< when its host was called
    Tally m_beforeFirstLayer; ///< what the host used before its first layer
    Tally* m_beforeOwner = nullptr;
    Cycles m_lastLayerEnd = 0;
    std::map<std::uint16_t, std::uint16_t> m_inlinedAfter; ///< layers inlined in their host, by the layer before
    Cycles m_layerCyclesAtStart = 0;
    double m_hertz = 0;
    Address m_lowestSp = 0xFFFFFFFF; ///< of the main stack
    std::optional<ThreadStack> m_threadStack;
    Address m_layerSp = 0; ///< stack pointer when the open layer was called
    std::vector<std::pair<Cycles, Bytes>> m_stackSamples;
};

} // namespace simprof
