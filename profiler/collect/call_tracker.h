// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/block_facts.h"
#include "profiler/collect/call_tree.h"
#include "profiler/collect/contexts.h"
#include "profiler/collect/frame.h"
#include "profiler/collect/ledger.h"
#include "profiler/collect/stack_path.h"
#include "sim_core/event_listener.h"

#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace simprof {

/// One call of a function; only long ones are kept.
struct RawCallSpan {
    Address entry = 0;
    std::uint16_t depth = 0;
    Cycles start = 0;
    Cycles cycles = 0;
    bool operator==(const RawCallSpan&) const = default;
};

/// The longest calls of a run, of equal ones those that ended first; none that took no cycle.
class CallSpans {
public:
    static constexpr std::size_t kRoom = 40'000; ///< a profile of 10^10 cycles of long_run.cpp has less than 5 MB

    void keep(const RawCallSpan& span);
    /// By start; after the last call.
    void sort();
    /// After sort() kRoom at most.
    const std::vector<RawCallSpan>& all() const { return m_spans; }

private:
    void cut();

    std::vector<RawCallSpan> m_spans; ///< up to twice kRoom
    Cycles m_shortest = 1;
};

/// The call stacks of the firmware's threads and handlers, as its branches and exceptions show them.
class CallTracker {
public:
    /// `functionStarts` are known from symbols: jumps to them are tail calls. Without any, a branch behind the return
    /// address's coming back from the stack is one.
    CallTracker(CallTree& tree, const Ledger& ledger, std::set<Address> functionStarts)
        : m_tree(tree)
        , m_ledger(ledger)
        , m_contexts(ledger)
        , m_functionStarts(std::move(functionStarts)) {}

    // ---- branches

    /// What a block's end does to the call stack.
    struct Step {
        enum class Kind : std::uint8_t { None, Call, TailCall, Return };
        Kind kind = Kind::None;
        std::size_t frames = 0; ///< that return
    };
    /// `facts` are those of the block; notes in plainBranchAt the number of call targets (+1) for which its branch was
    /// found to be no call.
    Step stepOf(const BlockEvent& event, BlockFacts& facts) const;
    /// The step that returns to `next`; None when no function in progress does.
    Step returnTo(Address next) const;
    /// Carries out the call that `event` ends in, for `layer` when it runs one.
    void call(const BlockEvent& event, Step::Kind kind, RowId layer);
    /// A function in progress that nobody was seen to call.
    void begin(Address entry, Cycles at);
    /// What ended with the innermost function.
    struct Ended {
        std::optional<std::int32_t> layerOf; ///< a layer of this network
        std::optional<std::int32_t> hostOf;  ///< the function that hosted this network's open inference
    };
    Ended pop(Cycles at);

    // ---- stack pointers

    /// The stack pointer of what runs, as it is now.
    void setSp(Address sp) { m_sp = sp; }
    /// Who holds the stack in use from `top` down to `lowest`; `frame`: an exception has just pushed registers there.
    StackPath stackPath(Address top, Address lowest, Cycles at, std::optional<Address> frame = std::nullopt) const;
    /// The same for the layer that runs, from the call of the layer on.
    StackPath layerStackPath(Address lowest, Cycles at) const;
    /// Stack pointer when the layer that runs was called.
    Address layerTop() const { return layerStart()->sp; }

    // ---- exceptions and threads

    /// See Contexts.
    void enterHandler(RowId handler, Address returnAddress, Address sp, Cycles start) {
        m_contexts.enter(handler, returnAddress, sp, start, m_frames);
    }
    std::optional<Contexts::Left> leaveHandler(Address sp, Address returnAddress, bool tailChained, Cycles at);
    std::optional<std::pair<RowId, Cycles>> abandonHandler(Cycles at);
    /// The thread that runs; nothing in a handler.
    std::optional<ThreadId> thread() const { return m_contexts.thread(); }

    // ---- what runs

    bool empty() const { return m_frames.empty(); }
    std::size_t depth() const { return m_frames.size(); }
    const Frame& top() const { return m_frames.back(); }
    Frame& top() { return m_frames.back(); }
    std::int32_t node() const { return m_frames.empty() ? 0 : m_frames.back().node; }
    bool insideLayer() const { return m_frames.back().layer != kNoRow; }
    /// After `step` no function of the layer runs any more, or none at all.
    bool leavesLayer(const Step& step) const {
        if (step.frames == m_frames.size()) {
            return true;
        }
        const RowId after = m_frames[m_frames.size() - 1 - step.frames].layer;
        return after == kNoRow || after != m_frames.back().layer;
    }
    /// Is a layer of this network in progress in the running thread or in one that waits?
    bool anyLayerIsOpen(std::int32_t network) const {
        return layerIsOpen(m_frames, m_ledger, network) || m_contexts.layerWaits(network);
    }
    /// Owner of what runs outside inferences.
    RowId outside() const { return m_ledger.outside(m_contexts.handler()); }
    /// What outside() took since the innermost function was called, where that is known.
    std::optional<Tally> takenSinceEntry() const;
    void setTakenSinceEntry(const Tally& taken);
    /// The network's inference ended: its functions run no layers.
    void endInference(std::int32_t network);
    /// Nothing in progress has to do with layers of this network.
    void forgetLayers(std::int32_t network);

    /// Nodes of the call tree of the functions in progress in what runs.
    std::vector<std::int32_t> openNodes() const;
    /// Return addresses of the functions in progress, innermost first.
    std::vector<Address> openCalls() const;
    const std::set<Address>& callTargets() const { return m_callTargets; }
    /// After closeAll() sorted by start.
    const std::vector<RawCallSpan>& spans() const { return m_spans.all(); }
    /// Calls that spans() leaves out.
    std::uint64_t spansLeftOut() const { return m_callsMade - m_spans.all().size(); }
    void closeAll(Cycles at);

private:
    bool isFunctionStart(Address address) const {
        return m_callTargets.contains(address) || m_functionStarts.contains(address);
    }
    void push(Address entry, Address returnAddress, Cycles at, bool indirect);
    /// The frame that began the layer that runs.
    FrameStack::const_reverse_iterator layerStart() const;
    void closeFrames(Cycles at);
    void keepSpan(Cycles at);

    CallTree& m_tree;
    const Ledger& m_ledger;
    Contexts m_contexts;
    std::set<Address> m_functionStarts;
    std::set<Address> m_callTargets;
    FrameStack m_frames;
    CallSpans m_spans;
    std::uint64_t m_callsMade = 0;
    Address m_sp = 0;
};

} // namespace simprof
