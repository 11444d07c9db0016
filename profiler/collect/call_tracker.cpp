// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/call_tracker.h"

#include <algorithm>
#include <functional>
#include <tuple>

namespace simprof {

namespace {

constexpr std::size_t kMaxFrames = 4096; ///< deeper recursion is folded
constexpr std::size_t kUnwindLimit = 256;
constexpr std::size_t kMaxTargets = 10'000; ///< call targets; symbols name most functions besides

} // namespace

void CallSpans::keep(const RawCallSpan& span) {
    if (span.cycles < m_shortest) {
        return;
    }
    m_spans.push_back(span);
    if (m_spans.size() == 2 * kRoom) {
        cut();
    }
}

void CallSpans::cut() {
    std::vector<Cycles> lengths;
    for (const RawCallSpan& kept : m_spans) {
        lengths.push_back(kept.cycles);
    }
    const auto last = lengths.begin() + static_cast<std::ptrdiff_t>(kRoom - 1);
    std::nth_element(lengths.begin(), last, lengths.end(), std::greater<>());
    const Cycles shortest = *last;
    std::size_t places = kRoom; // for those of that length
    places -= static_cast<std::size_t>(std::count_if(lengths.begin(), last, [&](Cycles c) { return c > shortest; }));
    std::vector<RawCallSpan> stay;
    for (const RawCallSpan& kept : m_spans) {
        const bool equal = kept.cycles == shortest && places != 0;
        places -= equal ? 1 : 0;
        if (equal || kept.cycles > shortest) {
            stay.push_back(kept);
        }
    }
    m_spans = std::move(stay);
    m_shortest = shortest + 1;
}

void CallSpans::sort() {
    if (m_spans.size() > kRoom) {
        cut();
    }
    // They lie by their ends, an order in which quicker sorts lose their way.
    std::stable_sort(m_spans.begin(), m_spans.end(), [](const RawCallSpan& a, const RawCallSpan& b) {
        return std::tie(a.start, a.depth, a.entry, a.cycles) < std::tie(b.start, b.depth, b.entry, b.cycles);
    });
}

// ---- branches ------------------------------------------------------------------------------------------------------

CallTracker::Step CallTracker::stepOf(const BlockEvent& event, BlockFacts& facts) const {
    const Block& block = event.block;
    const bool isCall = block.end == BlockEnd::Call || block.end == BlockEnd::IndirectCall;
    if (event.next == block.fallThrough() && (!isCall || block.conditionalEnd)) {
        return {}; // not taken
    }
    const auto isTailCall = [&] { return isFunctionStart(event.next) && event.next != m_frames.back().entry; };
    switch (block.end) {
    case BlockEnd::Call:
    case BlockEnd::IndirectCall: return {Step::Kind::Call, 0};
    case BlockEnd::Return: return returnTo(event.next);
    case BlockEnd::IndirectBranch: {
        const Step step = returnTo(event.next);
        return step.kind == Step::Kind::None && isTailCall() ? Step{Step::Kind::TailCall, 0} : step;
    }
    case BlockEnd::Branch:
    case BlockEnd::CondBranch: {
        const auto known = static_cast<std::uint32_t>(m_callTargets.size() + 1);
        if (facts.plainBranchAt == known) {
            return {};
        }
        const bool leaves = facts.restoresReturn && m_functionStarts.empty() && block.end == BlockEnd::Branch &&
                            event.next != m_frames.back().entry;
        if (leaves || isTailCall()) {
            return {Step::Kind::TailCall, 0};
        }
        facts.plainBranchAt = known;
        return {};
    }
    case BlockEnd::FallThrough:
    case BlockEnd::Exception: return {};
    }
    return {};
}

CallTracker::Step CallTracker::returnTo(Address next) const {
    const std::size_t depth = std::min(m_frames.size(), kUnwindLimit);
    for (std::size_t i = 0; i < depth; ++i) {
        if (m_frames[m_frames.size() - 1 - i].returnAddress == next) {
            std::size_t frames = i + 1;
            // A function that was reached by a tail call returns for its caller as well.
            while (frames < m_frames.size() && m_frames[m_frames.size() - frames].tailCall) {
                ++frames;
            }
            return {Step::Kind::Return, frames};
        }
    }
    return {};
}

void CallTracker::push(Address entry, Address returnAddress, Cycles at, bool indirect) {
    Frame frame;
    frame.entry = entry;
    frame.returnAddress = returnAddress;
    frame.sp = m_sp;
    frame.start = frame.called = at;
    std::int32_t parent = 0;
    if (!m_frames.empty()) {
        const Frame& caller = m_frames.back();
        frame.layer = caller.layer;
        frame.network = caller.network;
        frame.heap.kind = caller.heap.kind == HeapCall::Kind::None ? HeapCall::Kind::None : HeapCall::Kind::Inside;
        parent = caller.node;
    }
    if (frame.layer == kNoRow && frame.network < 0) {
        frame.entryOwner = outside();
        frame.atEntry = m_ledger[frame.entryOwner].tally;
    }
    const LedgerKey layer = frame.layer == kNoRow ? LedgerKey{} : m_ledger[frame.layer].key;
    frame.node = m_tree.child(parent, entry, returnAddress, layer.layer, layer.network);
    ++m_callsMade;
    ++m_tree[frame.node].calls;
    m_tree[frame.node].indirect |= indirect;
    if (m_frames.size() < kMaxFrames) {
        m_frames.push_back(frame);
    }
}

void CallTracker::begin(Address entry, Cycles at) {
    push(entry, 0, at, false);
    m_tree[m_frames.back().node].handler |= !m_contexts.thread();
}

void CallTracker::call(const BlockEvent& event, Step::Kind kind, RowId layer) {
    const bool tail = kind == Step::Kind::TailCall;
    const bool indirect = event.block.end == BlockEnd::IndirectCall || event.block.end == BlockEnd::IndirectBranch;
    const Address returnAddress = tail ? m_frames.back().returnAddress : event.block.fallThrough();
    const Cycles at = event.start + event.cycles;
    if (!tail && m_callTargets.size() < kMaxTargets) {
        m_callTargets.insert(event.next);
    }
    if (layer == kNoRow) {
        push(event.next, returnAddress, at, indirect);
    } else {
        // The callee works for the layer, its caller does not.
        const std::size_t host = m_frames.size() - 1;
        const RowId before = std::exchange(m_frames[host].layer, layer);
        push(event.next, returnAddress, at, indirect);
        m_frames[host].layer = before;
        m_frames.back().startsLayer = true;
    }
    Frame& callee = m_frames.back();
    callee.tailCall = tail;
    if (tail && m_frames.size() > 1) {
        const Frame& caller = m_frames[m_frames.size() - 2];
        callee.called = caller.called;
        callee.entryOwner = caller.entryOwner;
        callee.atEntry = caller.atEntry;
    }
}

CallTracker::Ended CallTracker::pop(Cycles at) {
    keepSpan(at);
    const Frame& frame = m_frames.back();
    Ended ended;
    if (frame.startsLayer && frame.layer != kNoRow) {
        ended.layerOf = m_ledger[frame.layer].key.network;
    }
    if (frame.hostsInference) {
        ended.hostOf = frame.network;
    }
    m_frames.pop_back();
    return ended;
}

std::optional<Contexts::Left> CallTracker::leaveHandler(Address sp, Address returnAddress, bool tailChained,
                                                        Cycles at) {
    if (m_contexts.handler()) {
        closeFrames(at);
    }
    return m_contexts.leave(sp, returnAddress, tailChained, m_frames);
}

std::optional<std::pair<RowId, Cycles>> CallTracker::abandonHandler(Cycles at) {
    if (m_contexts.handler()) {
        closeFrames(at);
    }
    return m_contexts.abandon(m_frames);
}

void CallTracker::closeFrames(Cycles at) {
    while (!m_frames.empty()) {
        keepSpan(at);
        m_frames.pop_back();
    }
}

void CallTracker::keepSpan(Cycles at) {
    const Frame& frame = m_frames.back();
    m_spans.keep({frame.entry, static_cast<std::uint16_t>(m_frames.size() - 1), frame.start, at - frame.start});
}

// ---- stacks --------------------------------------------------------------------------------------------------------

StackPath CallTracker::stackPath(Address top, Address lowest, Cycles at, std::optional<Address> frame) const {
    StackPathBuilder builder(top, lowest, at);
    if (frame) {
        builder.add({StackHolder::Kind::Exception}, *frame);
    }
    if (addStackMarks(m_frames, builder)) {
        m_contexts.addStackMarks(builder);
    }
    return builder.finish();
}

FrameStack::const_reverse_iterator CallTracker::layerStart() const {
    const auto start = std::find_if(m_frames.rbegin(), m_frames.rend(), [](const Frame& f) { return f.startsLayer; });
    return start == m_frames.rend() ? start - 1 : start;
}

StackPath CallTracker::layerStackPath(Address lowest, Cycles at) const {
    const auto start = layerStart();
    StackPathBuilder builder(start->sp, lowest, at);
    for (auto frame = m_frames.rbegin(); frame <= start; ++frame) {
        if (!builder.add({StackHolder::Kind::Function, frame->entry}, frame->sp)) {
            break;
        }
    }
    return builder.finish();
}

// ---- what runs -----------------------------------------------------------------------------------------------------

std::optional<Tally> CallTracker::takenSinceEntry() const {
    if (m_frames.empty() || m_frames.back().entryOwner != outside()) {
        return std::nullopt;
    }
    Tally taken = m_ledger[outside()].tally;
    taken -= m_frames.back().atEntry;
    return taken;
}

void CallTracker::setTakenSinceEntry(const Tally& taken) {
    Frame& frame = m_frames.back();
    frame.entryOwner = outside();
    frame.atEntry = m_ledger[frame.entryOwner].tally;
    frame.atEntry -= taken;
}

void CallTracker::endInference(std::int32_t network) {
    std::int32_t outer = -1; // another network's inference may have this one inside
    for (Frame& frame : m_frames) {
        if (frame.network == network) {
            frame.network = outer;
            frame.hostsInference = false;
        }
        outer = frame.network;
    }
}

void CallTracker::forgetLayers(std::int32_t network) {
    for (Frame& frame : m_frames) {
        if (frame.layer != kNoRow && m_ledger[frame.layer].key.network == network) {
            frame.layer = kNoRow;
            frame.startsLayer = false;
        }
        frame.hasHosted = frame.hasHosted && frame.network != network;
        frame.entryOwner = kNoRow;
    }
    endInference(network);
}

std::vector<std::int32_t> CallTracker::openNodes() const {
    std::vector<std::int32_t> nodes;
    for (const Frame& frame : m_frames) {
        nodes.push_back(frame.node);
    }
    return nodes;
}

std::vector<Address> CallTracker::openCalls() const {
    std::vector<Address> calls;
    addReturnAddresses(m_frames, calls);
    m_contexts.addOpenCalls(calls);
    return calls;
}

void CallTracker::closeAll(Cycles at) {
    closeFrames(at);
    m_spans.sort();
}

} // namespace simprof
