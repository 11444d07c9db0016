// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/collector.h"

#include <algorithm>
#include <utility>

namespace simprof {

namespace {

constexpr std::size_t kMaxStackSamples = 10'000; ///< kept, the first ones
constexpr std::uint32_t kControlSpsel = 2;
/// The owner's number, instead of a node, of a block that begins a context: its frame comes when it has retired.
constexpr std::uint32_t kFirstOfContext = ~0U;

} // namespace

Collector::Collector(Machine& machine, Recogniser* recogniser, Options options)
    : m_machine(machine)
    , m_recogniser(recogniser)
    , m_options(std::move(options))
    , m_shadow(machine.memory())
    , m_stacks(machine.initialSp())
    , m_calls(m_recording.tree, m_recording.ledger, std::move(m_options.functionStarts))
    , m_layers(m_recording, m_calls, m_shadow, recogniser, m_options.onInferenceDone)
    , m_layerStacks(m_recording, m_calls)
    , m_heap(std::move(m_options.allocators))
    , m_hertz(static_cast<double>(machine.coreClock())) {
    if (m_options.byteLives) {
        m_shadow.keepByteLives();
    }
    m_calls.setSp(machine.initialSp());
    choose();
}

// ---- blocks --------------------------------------------------------------------------------------------------------

void Collector::blockRetired(const BlockEvent& event) {
    if (m_calls.empty()) {
        m_calls.begin(event.block.begin, event.start);
        choose();
    }
    BlockFacts& facts = m_facts.of(event.block);
    if (!event.accesses.empty()) {
        m_shadow.access(event.accesses, facts.traffic, m_owner.accessor, event.start,
                        m_recording.ledger[m_owner.row].tally);
    }
    if (facts.changesStack && m_calls.thread()) {
        m_stacks.changeOver(onProcessStack());
    }
    if (facts.movesSp) {
        noteStack(event.start + event.cycles, facts.dip);
    }
    if (event.block.end != BlockEnd::FallThrough) {
        follow(event, facts);
    }
}

/// `owner` is the node of the call tree. All of it belongs to m_owner: whatever changes that settles before.
void Collector::costSettled(const Block& block, const BlockCost& cost, std::uint64_t times, std::uint32_t owner) {
    const std::uint64_t instructions = times * block.insns.size();
    const BlockFacts& facts = m_facts.of(block);
    const std::uint64_t multiplies = times * facts.multiplies;
    Tally& tally = m_recording.ledger[m_owner.row].tally;
    tally.cycles += times * cost.cycles;
    tally.instructions += instructions;
    tally.multiplies += multiplies;
    tally.macs += times * facts.macs;
    for (std::size_t i = 0; i < kStallCount; ++i) {
        tally.stalls[i] += times * cost.stalls[i];
    }
    const std::int32_t index = owner == kFirstOfContext ? m_node : static_cast<std::int32_t>(owner);
    if (m_recogniser != nullptr && (m_owner.row == Ledger::kBetween || m_owner.row == Ledger::kStartUp)) {
        m_layers.gaps().add(m_owner.row == Ledger::kStartUp, index, cost, times, instructions, multiplies);
    }
    CallTreeNode& node = m_recording.tree[index];
    node.self += times * cost.cycles;
    node.instructions += instructions;
    node.multiplies += multiplies;
}

void Collector::follow(const BlockEvent& event, BlockFacts& facts) {
    const CallTracker::Step step = m_calls.stepOf(event, facts);
    switch (step.kind) {
    case CallTracker::Step::Kind::None: break;
    case CallTracker::Step::Kind::Call:
    case CallTracker::Step::Kind::TailCall: call(event, step.kind); break;
    case CallTracker::Step::Kind::Return: unwind(step, event.next, event.start + event.cycles); break;
    }
}

std::optional<LayerCall> Collector::layerOf(const BlockEvent& event) {
    if (m_recogniser == nullptr || (m_calls.insideLayer() && !m_layers.mayNest())) {
        return std::nullopt;
    }
    const bool indirect = event.block.end == BlockEnd::IndirectCall || event.block.end == BlockEnd::IndirectBranch;
    CallSite site{event.block.fallThrough(), event.next, indirect, m_calls.top().entry, !m_calls.top().hasHosted, {}};
    if (m_recogniser->wantsArguments(site)) {
        site.arguments = arguments();
        site.foundR1 = indirect && !m_calls.thread() && site.arguments[1] == m_r1AtEntry;
    } else if (m_calls.insideLayer()) {
        return std::nullopt;
    }
    if (m_calls.insideLayer()) {
        const LedgerKey& key = m_recording.ledger[m_calls.top().layer].key;
        site.network = key.network;
        site.layer = key.layer;
    }
    return m_recogniser->layerOf(site);
}

void Collector::call(const BlockEvent& event, CallTracker::Step::Kind kind) {
    const bool inside = m_calls.insideLayer();
    if (!inside) { // other calls within a layer change the node of the call tree, but no owner
        m_machine.settle();
    }
    RowId row = kNoRow;
    if (const std::optional<LayerCall> layer = layerOf(event)) {
        m_machine.settle();
        const Cycles at = event.start + event.cycles;
        for (const std::int32_t network : layer->prepared) {
            m_layers.drop(network);
        }
        row = m_layers.begin(*layer, at);
        if (!inside) {
            sampleStack(at);
        }
        if (m_options.onLayer) {
            m_options.onLayer();
        }
    }
    m_calls.call(event, kind, row);
    if (const Allocator* allocator = m_heap.at(event.next)) {
        callAllocator(*allocator, event.start + event.cycles);
    }
    choose();
    if (m_awaited == event.next) {
        m_awaited.reset();
        m_options.onAwaitedCall();
    }
}

/// A layer begins: what callers have on the stack may hold tensors.
void Collector::sampleStack(Cycles at) {
    m_stacks.setMainTop(m_machine.initialSp());
    const Bytes depth = m_stacks.beginLayer(m_machine.cpu().read(Reg::SP));
    if (m_recording.stackSamples.size() < kMaxStackSamples) {
        m_recording.stackSamples.emplace_back(at, depth);
    }
}

/// Of allocators that call each other the outermost one counts.
void Collector::callAllocator(const Allocator& allocator, Cycles at) {
    HeapCall& call = m_calls.top().heap;
    if (call.kind == HeapCall::Kind::None) {
        call = m_heap.called(allocator, arguments(), at);
    }
}

std::array<std::uint32_t, 4> Collector::arguments() const {
    std::array<std::uint32_t, 4> values{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = m_machine.cpu().read(static_cast<Reg>(static_cast<std::size_t>(Reg::R0) + i));
    }
    return values;
}

void Collector::unwind(const CallTracker::Step& step, Address next, Cycles at) {
    if (m_calls.leavesLayer(step)) {
        m_machine.settle();
    }
    for (std::size_t i = 0; i < step.frames; ++i) {
        const HeapCall heap = m_calls.top().heap;
        const bool hasResult = m_calls.top().returnAddress == next;
        m_layers.ended(m_calls.pop(at), at);
        if (hasResult && (heap.kind == HeapCall::Kind::Allocate || heap.kind == HeapCall::Kind::Reallocate)) {
            const Address caller = m_calls.empty() ? 0 : m_calls.top().entry;
            m_heap.returned(heap, m_machine.cpu().read(Reg::R0), caller, at);
        }
    }
    if (m_calls.empty()) {
        m_calls.begin(next, at);
    }
    choose();
}

// ---- owners and stacks ---------------------------------------------------------------------------------------------

void Collector::choose() {
    m_owner = m_layers.owner();
    m_node = m_calls.node();
    if (m_layers.gaps().logging() && (m_owner.row == Ledger::kBetween || m_owner.row == Ledger::kStartUp)) {
        m_owner.accessor = m_layers.gaps().accessor(m_node);
        m_layers.gaps().check(m_machine.now());
    }
    m_layerStacks.run(m_calls.empty() ? kNoRow : m_calls.top().layer);
    m_machine.setCostOwner(m_calls.empty() ? kFirstOfContext : static_cast<std::uint32_t>(m_node));
    setStack();
}

void Collector::setStack() {
    if (m_layers.gaps().logging() && m_owner.accessor != kOutside &&
        !m_calls.empty()) { // buffers may lie in the frames of callers
        m_shadow.setStack(m_stacks.lowest(), std::max(m_stacks.lowest(), std::min(m_calls.top().sp, m_stacks.top())));
        return;
    }
    // A layer's own frames hold no tensors; its callers' may.
    const bool inLayer = m_owner.accessor != kOutside && m_owner.accessor < kHostAfter;
    m_stacks.setMainTop(m_machine.initialSp());
    m_shadow.setStack(m_stacks.lowest(), inLayer ? m_stacks.layerTop() : m_stacks.top());
}

bool Collector::onProcessStack() { return (m_machine.cpu().read(Reg::CONTROL) & kControlSpsel) != 0; }

/// The stack pointer has moved, on its way `dip` bytes deeper than where it is.
void Collector::noteStack(Cycles at, std::uint32_t dip) {
    const Address sp = m_machine.cpu().read(Reg::SP);
    m_calls.setSp(sp);
    deepen(sp, at);
    if (dip != 0 && dip <= sp) {
        deepen(sp - dip, at);
    }
}

void Collector::deepen(Address sp, Cycles at) {
    if (m_stacks.isDeeper(sp)) {
        m_stacks.reach(sp, m_calls.thread() && onProcessStack());
        m_stacks.hold(m_calls.stackPath(m_stacks.top(), sp, at));
        setStack();
    }
    if (m_layerStacks.isDeeper(sp)) {
        m_layerStacks.reach(sp, at);
    }
}

void Collector::charge(RowId row, std::int32_t node, Stall reason, Cycles cycles) {
    Tally& tally = m_recording.ledger[row].tally;
    tally.cycles += cycles;
    tally.stalls[static_cast<std::size_t>(reason)] += cycles;
    m_recording.tree[node].self += cycles;
}

// ---- exceptions, sleep, devices ------------------------------------------------------------------------------------

void Collector::keepSpan(RowId handler, Cycles start, Cycles end) {
    const auto number = static_cast<std::uint32_t>(m_recording.ledger[handler].key.exception);
    m_interruptions.addException({number, start, end - start});
}

void Collector::exceptionEntered(unsigned number, Address returnAddress, Address sp, Cycles start,
                                 std::uint32_t cycles) {
    m_machine.settle();
    m_r1AtEntry = m_machine.cpu().read(Reg::R1);
    const RowId row = m_recording.ledger.exception(number);
    ++m_recording.ledger[row].count;
    if (m_stacks.own()) {
        const Address lowest = m_machine.cpu().read(Reg::PSP);
        if (m_stacks.interrupted(lowest)) {
            m_stacks.hold(m_calls.stackPath(m_stacks.top(), lowest, start, sp));
        }
    }
    m_calls.enterHandler(row, returnAddress, sp, start);
    m_stacks.run(std::nullopt);
    charge(row, 0, Stall::Exception, cycles);
    choose();
    if (sp != 0) {
        noteStack(start + cycles);
    } else {
        m_calls.setSp(m_machine.cpu().read(Reg::SP));
    }
}

void Collector::exceptionReturned(unsigned number, Address returnAddress, Address sp, Cycles start,
                                  std::uint32_t cycles, bool tailChained) {
    m_machine.settle();
    const RowId row = m_recording.ledger.exception(number);
    charge(row, 0, Stall::Exception, cycles);
    m_calls.setSp(m_machine.cpu().read(Reg::SP));
    const Cycles end = start + cycles;
    const auto left = m_calls.leaveHandler(sp, returnAddress, tailChained, start);
    if (!left) {
        return;
    }
    keepSpan(row, left->entered, end);
    if (left->toThread) {
        threadGoesOn(*left, sp, returnAddress, end);
    }
    choose();
}

void Collector::threadGoesOn(const Contexts::Left& left, Address sp, Address returnAddress, Cycles at) {
    m_stacks.run(left.thread);
    const ThreadSwitch change{at, m_stacks.own()};
    if (left.isNew) {
        m_stacks.begin(*m_calls.thread(), onProcessStack() ? std::optional(sp) : std::nullopt);
    }
    m_stacks.run(m_calls.thread());
    const CallTracker::Step step = left.behindCall ? m_calls.returnTo(returnAddress) : CallTracker::Step{};
    if (step.kind == CallTracker::Step::Kind::Return) {
        unwind(step, returnAddress, at);
    }
    if (m_options.onThreadSwitch) {
        m_options.onThreadSwitch(change);
    }
}

/// As entries and returns, it is time of the owner and of no function.
void Collector::exceptionStall(Cycles, std::uint32_t cycles) { charge(m_owner.row, 0, Stall::Exception, cycles); }

void Collector::slept(Cycles start, Cycles cycles, bool deep) {
    charge(Ledger::kSleep, 0, Stall::Sleep, cycles);
    const PowerSetting& power = m_machine.power();
    m_interruptions.addSleep(
        {deep ? power.deep : PowerState::Sleep, start, cycles, 0, deep ? power.deepMode : power.run});
}

void Collector::busMasterAccess(std::string_view, Address address, std::uint32_t size, bool write, Cycles at) {
    m_shadow.busMaster(address, size, write, at);
}

void Collector::clockChanged(std::uint64_t hertz, Cycles, Cycles begun) {
    m_machine.settle();
    m_recording.ledger.settleTime(m_hertz);
    const double after = static_cast<double>(hertz);
    m_recording.ledger[m_owner.row].tally.nanoseconds +=
        static_cast<double>(begun) * (1e9 / m_hertz - 1e9 / after); // it is settled at the new clock
    m_hertz = after;
}

std::vector<LeftOut> Collector::leftOut() const {
    std::uint64_t lives = 0;
    for (const auto& [network, log] : m_recording.memoryLogs) {
        lives += log.bytesLeftOut;
    }
    return {{kInferencesLeftOut, m_recording.inferencesSeen() - m_recording.inferences.size()},
            {"calls in the call tree", m_recording.tree.callsLeftOut()},
            {kCallsLeftOut, m_calls.spansLeftOut()},
            {"exceptions in the timeline", m_interruptions.exceptionsLeftOut()},
            {"sleeps in the timeline", m_interruptions.sleepsLeftOut()},
            {"lives of bytes", lives},
            {"blocks of the heap", m_recording.heap.blocksLeftOut},
            {"blocks of the heap of which it is not known when they were freed", m_recording.heap.untracked}};
}

void Collector::finish() {
    m_machine.settle();
    const Cycles now = m_machine.now();
    while (const auto handler = m_calls.abandonHandler(now)) {
        keepSpan(handler->first, handler->second, now);
    }
    m_stacks.run(m_calls.thread());
    m_layers.finish(now);
    m_recording.heap = m_heap.take();
    m_recording.features = findFeatures(m_recording);
    m_calls.closeAll(now);
    clockChanged(m_machine.coreClock(), now, 0);
    m_interruptions.sort();
}

} // namespace simprof
