// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/collector.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace simprof {

namespace {

constexpr std::size_t kMaxSpans = 100'000; ///< kept of each kind; beyond it the shortest go
constexpr std::size_t kMaxFrames = 4096;   ///< deeper recursion is folded
constexpr std::size_t kUnwindLimit = 256;
constexpr std::uint16_t kStackPointerBit = 1U << 13;
constexpr std::uint32_t kControlSpsel = 2;
constexpr std::uint64_t kComputingMultiplies =
    64; ///< a gap with as many multiplications is an inlined layer, not dispatch

bool multiplies(const DecodedInsn& insn) {
    switch (insn.kind) {
    case InsnClass::Mul:
    case InsnClass::Mac:
    case InsnClass::MulLong:
    case InsnClass::MacLong:
    case InsnClass::FpMul:
    case InsnClass::FpMac: return true;
    default: return false;
    }
}

} // namespace

Collector::Collector(Machine& machine, Recogniser* recogniser, Options options)
    : m_machine(machine)
    , m_recogniser(recogniser)
    , m_options(std::move(options))
    , m_shadow(machine.memory())
    , m_layers(m_options.layerCount)
    , m_layerCalls(m_options.layerCount)
    , m_hertz(static_cast<double>(machine.coreClock())) {
    choose();
}

/// The owner of what is neither a layer nor inside an inference: the handler that runs, or the application.
Tally& Collector::base() {
    if (!m_suspended.empty()) {
        return m_exceptions[m_suspended.back().exception].tally;
    }
    return m_inferences.empty() && !m_inInference ? m_startUp : m_between;
}

// ---- who owns what runs now ----------------------------------------------------------------------------------------

void Collector::choose() {
    m_accessor = kOutside;
    if (m_frames.empty()) {
        m_tally = &base();
    } else if (const Frame& top = m_frames.back(); top.layer >= 0) {
        m_tally = &m_layers[static_cast<std::size_t>(top.layer)];
        m_accessor = static_cast<AccessorId>(top.layer + 1);
    } else {
        m_tally = top.inInference ? &m_gap : &base();
    }
    m_node = m_frames.empty() ? 0 : m_frames.back().node;
    // A layer's own frames hold no tensors; its callers' may.
    m_shadow.setStack(m_lowestSp, m_accessor == kOutside ? m_machine.initialSp() : m_layerSp);
}

void Collector::learn(const Block& block) {
    if (block.id >= m_facts.size()) {
        m_facts.resize(std::max<std::size_t>(block.id + 1, m_facts.size() * 2));
    }
    BlockFacts& facts = m_facts[block.id];
    facts.known = true;
    facts.multiplies = static_cast<std::uint32_t>(std::count_if(block.insns.begin(), block.insns.end(), multiplies));
    facts.movesSp = std::any_of(block.insns.begin(), block.insns.end(),
                                [](const DecodedInsn& insn) { return (insn.writes & kStackPointerBit) != 0; });
}

void Collector::blockRetired(const BlockEvent& event) {
    if (m_frames.empty()) {
        pushFrame(event.block.begin, 0, event.start);
        choose();
    }
    BlockFacts& facts = factsOf(event.block);
    if (m_options.memory && !event.accesses.empty()) {
        m_shadow.access(event.accesses, facts.traffic, m_accessor, event.start, *m_tally);
    }
    if (facts.movesSp) {
        noteStack();
    }
    if (event.block.end != BlockEnd::FallThrough) {
        follow(event, facts);
    }
}

/// All of it belongs to the owner of now: whatever changes the owner settles before.
void Collector::costSettled(const Block& block, const BlockCost& cost, std::uint64_t times) {
    const std::uint64_t instructions = times * block.insns.size();
    const std::uint64_t multiplies = times * factsOf(block).multiplies;
    Tally& tally = *m_tally;
    tally.cycles += times * cost.cycles;
    tally.instructions += instructions;
    tally.multiplies += multiplies;
    for (std::size_t i = 0; i < kStallCount; ++i) {
        tally.stalls[i] += times * cost.stalls[i];
    }
    CallTreeNode& node = m_tree[m_node];
    node.self += times * cost.cycles;
    node.instructions += instructions;
    node.multiplies += multiplies;
}

void Collector::noteStack() {
    const Address sp = m_machine.cpu().read(Reg::SP);
    if (sp < m_lowestSp && (!m_suspended.empty() || (m_machine.cpu().read(Reg::CONTROL) & kControlSpsel) == 0)) {
        m_lowestSp = sp;
        m_shadow.setStack(m_lowestSp, m_accessor == kOutside ? m_machine.initialSp() : m_layerSp);
    }
}

// ---- calls and returns ---------------------------------------------------------------------------------------------

bool Collector::isFunctionStart(Address address) const {
    return m_callTargets.contains(address) || m_options.functionStarts.contains(address);
}

void Collector::follow(const BlockEvent& event, BlockFacts& facts) {
    const Block& block = event.block;
    const Cycles at = event.start + event.cycles;
    const bool isCall = block.end == BlockEnd::Call || block.end == BlockEnd::IndirectCall;
    if (event.next == block.fallThrough() && (!isCall || block.conditionalEnd)) {
        return; // not taken
    }
    switch (block.end) {
    case BlockEnd::Call:
    case BlockEnd::IndirectCall: call(event, false); break;
    case BlockEnd::Return: unwindTo(event.next, at); break;
    case BlockEnd::IndirectBranch:
        if (!unwindTo(event.next, at) && isFunctionStart(event.next) && event.next != m_frames.back().entry) {
            call(event, true);
        }
        break;
    case BlockEnd::Branch:
    case BlockEnd::CondBranch: {
        const auto known = static_cast<std::uint32_t>(m_callTargets.size() + 1);
        if (facts.plainBranchAt == known) {
            return;
        }
        if (isFunctionStart(event.next) && event.next != m_frames.back().entry) {
            call(event, true);
        } else {
            facts.plainBranchAt = known;
        }
        break;
    }
    case BlockEnd::FallThrough:
    case BlockEnd::Exception: break;
    }
}

void Collector::pushFrame(Address entry, Address returnAddress, Cycles at) {
    Frame frame;
    frame.entry = entry;
    frame.returnAddress = returnAddress;
    frame.start = at;
    std::int32_t parent = 0;
    if (!m_frames.empty()) {
        const Frame& caller = m_frames.back();
        frame.layer = caller.layer;
        frame.inInference = caller.inInference;
        parent = caller.node;
    }
    if (frame.layer < 0 && !frame.inInference) {
        frame.entryKnown = true;
        frame.entryOwner = &base();
        frame.outsideAtEntry = base();
    }
    frame.node = m_tree.child(parent, entry, returnAddress, frame.layer);
    ++m_tree[frame.node].calls;
    if (m_frames.size() < kMaxFrames) {
        m_frames.push_back(frame);
    }
}

void Collector::call(const BlockEvent& event, bool tail) {
    m_machine.settle();
    const Cycles at = event.start + event.cycles;
    const Address returnAddress = tail ? m_frames.back().returnAddress : event.block.fallThrough();
    if (!tail) {
        m_callTargets.insert(event.next);
    }
    std::optional<LayerCall> layer;
    if (m_recogniser != nullptr && m_frames.back().layer < 0) {
        const bool indirect = event.block.end == BlockEnd::IndirectCall || event.block.end == BlockEnd::IndirectBranch;
        CallSite site{event.block.fallThrough(), event.next, indirect, m_frames.back().entry, 0, 0};
        if (m_recogniser->wantsArguments(indirect)) {
            site.r0 = m_machine.cpu().read(Reg::R0);
            site.r1 = m_machine.cpu().read(Reg::R1);
        }
        layer = m_recogniser->layerOf(site);
    }
    if (!layer) {
        pushFrame(event.next, returnAddress, at);
    } else {
        if (layer->wasPreparation) {
            dropInferences();
        }
        beginLayer(*layer, at);
        // The callee works for the layer, its caller does not.
        const std::size_t host = m_frames.size() - 1;
        const std::int32_t before = std::exchange(m_frames[host].layer, layer->layer);
        pushFrame(event.next, returnAddress, at);
        m_frames[host].layer = before;
        m_frames.back().startsLayer = true;
    }
    m_frames.back().tailCall = tail;
    choose();
}

void Collector::keepCallSpan(const Frame& frame, Cycles at) {
    if (at - frame.start < m_minimumSpan) {
        return;
    }
    m_callSpans.push_back(
        {frame.entry, static_cast<std::uint16_t>(m_frames.size() - 1), frame.start, at - frame.start});
    if (m_callSpans.size() >= 2 * kMaxSpans) {
        std::vector<Cycles> lengths;
        for (const RawCallSpan& span : m_callSpans) {
            lengths.push_back(span.cycles);
        }
        std::nth_element(lengths.begin(), lengths.begin() + kMaxSpans, lengths.end());
        m_minimumSpan = lengths[kMaxSpans] + 1;
        std::erase_if(m_callSpans, [this](const RawCallSpan& span) { return span.cycles < m_minimumSpan; });
    }
}

void Collector::popFrame(Cycles at) {
    const Frame frame = m_frames.back();
    keepCallSpan(frame, at);
    m_frames.pop_back();
    if (frame.startsLayer) {
        endLayer(at);
    }
    if (frame.hostsInference && m_inInference) {
        giveGapToSpan(at);
        endInference(at);
    }
}

/// Pops to the frame that returns to `next`; false when none does.
bool Collector::unwindTo(Address next, Cycles at) {
    const std::size_t depth = std::min(m_frames.size(), kUnwindLimit);
    for (std::size_t i = 0; i < depth; ++i) {
        if (m_frames[m_frames.size() - 1 - i].returnAddress != next) {
            continue;
        }
        m_machine.settle();
        std::size_t pops = i + 1;
        // A function that was reached by a tail call returns for its caller as well.
        while (pops < m_frames.size() && m_frames[m_frames.size() - pops].tailCall) {
            ++pops;
        }
        for (std::size_t k = 0; k < pops; ++k) {
            popFrame(at);
        }
        if (m_frames.empty()) {
            pushFrame(next, 0, at);
        }
        choose();
        return true;
    }
    return false;
}

// ---- layers and inferences -----------------------------------------------------------------------------------------

void Collector::beginLayer(const LayerCall& layer, Cycles at) {
    if (layer.startsInference || !m_inInference) {
        if (m_inInference) {
            flushGap(m_between);
            endInference(m_lastLayerEnd);
        }
        beginInference(m_frames.back(), at);
    }
    if (layer.layer >= m_layers.size()) {
        m_layers.resize(layer.layer + 1U);
        m_layerCalls.resize(layer.layer + 1U);
    }
    if (m_options.onLayer) {
        m_options.onLayer();
    }
    ++m_layerCalls[layer.layer];
    const bool first = m_open.spans.empty();
    m_open.spans.push_back({layer.layer, at, 0});
    m_layerCyclesAtStart = m_layers[layer.layer].cycles;
    if (!first) {
        giveGapToSpan(m_lastLayerEnd);
    }
    m_layerSp = std::min(m_machine.cpu().read(Reg::SP), m_machine.initialSp());
    m_stackSamples.emplace_back(at, m_machine.initialSp() - m_layerSp);
}

void Collector::endLayer(Cycles at) {
    if (!m_open.spans.empty()) {
        Span& span = m_open.spans.back();
        span.cycles = m_layers[static_cast<std::size_t>(span.layer)].cycles - m_layerCyclesAtStart;
    }
    m_lastLayerEnd = at;
}

void Collector::beginInference(Frame& host, Cycles at) {
    m_open = Inference{static_cast<std::uint32_t>(m_inferences.size()), at, 0, 0, {}};
    m_hostStart = at;
    m_beforeOwner = nullptr;
    if (host.entryKnown && host.entryOwner == &base() && !host.hasHosted && m_frames.size() > 1) {
        m_hostStart = host.start;
        m_beforeOwner = &base();
        m_beforeFirstLayer = base();
        m_beforeFirstLayer -= host.outsideAtEntry;
    }
    host.hostsInference = true;
    host.hasHosted = true;
    host.inInference = true;
    m_inInference = true;
    if (m_options.memory && m_inferences.empty()) {
        m_shadow.startLog(at);
    }
}

/// What the host does around a layer is the dispatch of that layer, unless it computes: then it is a layer that was
/// inlined.
bool Collector::isDispatch(const Tally& work) { return work.multiplies < kComputingMultiplies; }

/// Gives the gap to the newest span, which reaches back to `from` or on to it.
void Collector::giveGapToSpan(Cycles from) {
    if (m_open.spans.empty() || !isDispatch(m_gap)) {
        flushGap(m_unattributed);
        return;
    }
    Span& span = m_open.spans.back();
    span.startCycle = std::min(span.startCycle, from);
    span.cycles += span.cycles != 0 ? m_gap.cycles : 0; // an open span gets its cycles when it ends
    flushGap(m_layers[static_cast<std::size_t>(span.layer)]);
}

void Collector::flushGap(Tally& to) {
    to += m_gap;
    m_gap = {};
}

void Collector::endInference(Cycles at) {
    Cycles inLayers = 0;
    for (const Span& span : m_open.spans) {
        inLayers += span.cycles;
    }
    // What the host did before its first layer belongs to the inference, unless the host is the whole application.
    if (m_beforeOwner != nullptr && m_beforeFirstLayer.cycles * 4 <= inLayers) {
        *m_beforeOwner -= m_beforeFirstLayer;
        m_open.startCycle = m_hostStart;
        Span& first = m_open.spans.front();
        if (isDispatch(m_beforeFirstLayer)) {
            m_layers[static_cast<std::size_t>(first.layer)] += m_beforeFirstLayer;
            first.startCycle = m_hostStart;
            first.cycles += m_beforeFirstLayer.cycles;
        } else {
            m_unattributed += m_beforeFirstLayer;
        }
    }
    m_open.cycles = at - m_open.startCycle;
    m_inferences.push_back(std::move(m_open));
    m_open = {};
    m_inInference = false;
    for (Frame& frame : m_frames) {
        frame.inInference = frame.hostsInference = false;
    }
    if (m_shadow.logging()) {
        m_memoryLog = m_shadow.takeLog();
    }
    choose();
    if (m_options.onInferenceDone) {
        m_options.onInferenceDone();
    }
}

void Collector::dropInferences() {
    Tally sinceEntry;
    const bool known = !m_frames.empty() && m_frames.back().entryKnown && m_frames.back().entryOwner == &base();
    if (known) {
        sinceEntry = base();
        sinceEntry -= m_frames.back().outsideAtEntry;
    }
    for (Tally& layer : m_layers) {
        m_startUp += layer;
        layer = {};
    }
    for (Tally* tally : {&m_unattributed, &m_between, &m_gap}) {
        m_startUp += *tally;
        *tally = {};
    }
    std::fill(m_layerCalls.begin(), m_layerCalls.end(), 0);
    m_inferences.clear();
    m_memoryLog.reset();
    m_stackSamples.clear();
    m_tree.forgetLayers();
    m_inInference = false;
    m_open = {};
    for (Frame& frame : m_frames) {
        frame.inInference = frame.hostsInference = frame.hasHosted = frame.entryKnown = frame.startsLayer = false;
        frame.layer = -1;
    }
    if (known) {
        m_frames.back().entryKnown = true;
        m_frames.back().entryOwner = &base();
        m_frames.back().outsideAtEntry = base();
        m_frames.back().outsideAtEntry -= sinceEntry;
    }
    choose();
}

// ---- exceptions, sleep, devices ------------------------------------------------------------------------------------

void Collector::exceptionEntered(unsigned number, Address returnAddress, Address sp, Cycles start,
                                 std::uint32_t cycles) {
    m_machine.settle();
    ExceptionTally& exception = m_exceptions[number];
    ++exception.entries;
    if (sp == 0 && !m_suspended.empty()) {
        m_suspended.back().exception = number; // tail-chained: the interrupted context stays
        m_suspended.back().start = start;
    } else {
        m_suspended.push_back({number, sp, returnAddress, start, std::move(m_frames)});
    }
    m_frames.clear();
    exception.tally.cycles += cycles;
    exception.tally.stalls[static_cast<std::size_t>(Stall::Exception)] += cycles;
    m_tree[0].self += cycles;
    choose();
    if (sp != 0) {
        noteStack();
    }
}

void Collector::exceptionReturned(unsigned number, Address, Address sp, Cycles start, std::uint32_t cycles,
                                  bool tailChained) {
    m_machine.settle();
    ExceptionTally& exception = m_exceptions[number];
    exception.tally.cycles += cycles;
    exception.tally.stalls[static_cast<std::size_t>(Stall::Exception)] += cycles;
    m_tree[0].self += cycles;
    if (m_suspended.empty()) {
        return;
    }
    SuspendedContext& context = m_suspended.back();
    if (m_exceptionSpans.size() < kMaxSpans) {
        m_exceptionSpans.push_back({number, context.start, start + cycles - context.start});
    }
    m_frames.clear();
    if (tailChained) {
        choose();
        return;
    }
    if (context.sp == sp || m_suspended.size() > 1) {
        m_frames = std::move(context.frames);
    } else {
        // Another thread goes on.
        m_otherThreads[context.sp] = std::move(context.frames);
        if (const auto other = m_otherThreads.find(sp); other != m_otherThreads.end()) {
            m_frames = std::move(other->second);
            m_otherThreads.erase(other);
        }
    }
    m_suspended.pop_back();
    choose();
    if (m_options.onThreadMode && m_suspended.empty()) {
        m_options.onThreadMode(start + cycles);
    }
}

void Collector::exceptionStall(Cycles, std::uint32_t cycles) {
    m_tally->cycles += cycles;
    m_tally->stalls[static_cast<std::size_t>(Stall::Exception)] += cycles;
    m_tree[m_node].self += cycles;
}

void Collector::slept(Cycles start, Cycles cycles, bool deep) {
    m_sleep.cycles += cycles;
    m_sleep.stalls[static_cast<std::size_t>(Stall::Sleep)] += cycles;
    m_tree[0].self += cycles;
    if (m_sleepSpans.size() < kMaxSpans) {
        m_sleepSpans.push_back({deep ? "stop" : "sleep", start, cycles, 0});
    }
}

void Collector::busMasterAccess(std::string_view, Address address, std::uint32_t size, bool write, Cycles at) {
    if (m_options.memory) {
        m_shadow.busMaster(address, size, write, at);
    }
}

void Collector::clockChanged(std::uint64_t hertz, Cycles) {
    m_machine.settle();
    const auto settle = [this](Tally& tally) { tally.settleTime(m_hertz); };
    std::for_each(m_layers.begin(), m_layers.end(), settle);
    for (Tally* tally : {&m_startUp, &m_between, &m_unattributed, &m_sleep, &m_gap}) {
        settle(*tally);
    }
    for (auto& [number, exception] : m_exceptions) {
        settle(exception.tally);
    }
    m_hertz = static_cast<double>(hertz);
}

std::vector<Address> Collector::openCalls() const {
    std::vector<Address> calls;
    const auto add = [&calls](const FrameStack& frames) {
        for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
            if (frame->returnAddress != 0 && !frame->tailCall) {
                calls.push_back(frame->returnAddress);
            }
        }
    };
    add(m_frames);
    for (auto context = m_suspended.rbegin(); context != m_suspended.rend(); ++context) {
        calls.push_back(context->returnAddress);
        add(context->frames);
    }
    return calls;
}

void Collector::finish() {
    m_machine.settle();
    const Cycles now = m_machine.now();
    while (!m_suspended.empty()) {
        SuspendedContext context = std::move(m_suspended.back());
        m_suspended.pop_back();
        if (m_exceptionSpans.size() < kMaxSpans) {
            m_exceptionSpans.push_back({context.exception, context.start, now - context.start});
        }
        m_frames = std::move(context.frames);
    }
    if (m_inInference) {
        const bool inLayer =
            std::any_of(m_frames.begin(), m_frames.end(), [](const Frame& frame) { return frame.startsLayer; });
        if (inLayer) {
            endLayer(now);
        }
        flushGap(m_between);
        m_options.onInferenceDone = nullptr;
        endInference(inLayer ? now : m_lastLayerEnd);
    }
    while (!m_frames.empty()) {
        keepCallSpan(m_frames.back(), now);
        m_frames.pop_back();
    }
    clockChanged(m_machine.coreClock(), now);
    std::sort(m_callSpans.begin(), m_callSpans.end(), [](const RawCallSpan& a, const RawCallSpan& b) {
        return std::tie(a.start, a.depth, a.entry, a.cycles) < std::tie(b.start, b.depth, b.entry, b.cycles);
    });
    std::sort(m_exceptionSpans.begin(), m_exceptionSpans.end(), [](const ExceptionSpan& a, const ExceptionSpan& b) {
        return std::tie(a.startCycle, a.number) < std::tie(b.startCycle, b.number);
    });
}

} // namespace simprof
