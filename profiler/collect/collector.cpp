// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/collector.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace simprof {

namespace {

constexpr std::uint16_t kStackPointerBit = 1U << 13;
constexpr std::uint32_t kControlSpsel = 2;

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
        if (top.inInference && !m_open.spans.empty() && m_recogniser != nullptr && m_recogniser->mayInline()) {
            m_accessor = static_cast<AccessorId>(kHostAfter + m_open.spans.back().layer);
        }
    }
    m_node = m_frames.empty() ? 0 : m_frames.back().node;
    m_machine.setCostOwner(m_frames.empty() ? kFirstOfContext : static_cast<std::uint32_t>(m_node));
    setStack();
}

void Collector::setStack() {
    // A layer's own frames hold no tensors; its callers' may.
    const bool inLayer = m_accessor != kOutside && m_accessor < kHostAfter;
    m_shadow.setStack(m_threadStack ? m_threadStack->lowest : m_lowestSp, inLayer ? m_layerSp : stackTop());
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

/// `owner` is the node of the call tree. All of it belongs to m_tally: whatever changes that settles before.
void Collector::costSettled(const Block& block, const BlockCost& cost, std::uint64_t times, std::uint32_t owner) {
    const std::uint64_t instructions = times * block.insns.size();
    const std::uint64_t multiplies = times * factsOf(block).multiplies;
    Tally& tally = *m_tally;
    tally.cycles += times * cost.cycles;
    tally.instructions += instructions;
    tally.multiplies += multiplies;
    for (std::size_t i = 0; i < kStallCount; ++i) {
        tally.stalls[i] += times * cost.stalls[i];
    }
    CallTreeNode& node = m_tree[owner == kFirstOfContext ? m_node : static_cast<std::int32_t>(owner)];
    node.self += times * cost.cycles;
    node.instructions += instructions;
    node.multiplies += multiplies;
}

void Collector::noteStack() {
    const Address sp = m_machine.cpu().read(Reg::SP);
    if (m_threadStack) {
        if (sp < m_threadStack->lowest) {
            m_threadStack->lowest = sp;
            setStack();
        }
    } else if (sp < m_lowestSp) {
        if (m_suspended.empty() && (m_machine.cpu().read(Reg::CONTROL) & kControlSpsel) != 0) {
            m_threadStack = ThreadStack{sp, sp}; // the start-up code changed over to the process stack
        } else {
            m_lowestSp = sp;
        }
        setStack();
    }
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
        if (m_threadStack) {
            m_threadStack->lowest = std::min(m_threadStack->lowest, m_machine.cpu().read(Reg::PSP)); // with the frame
            if (m_options.onThreadStack) {
                m_options.onThreadStack(*m_threadStack);
            }
        }
        m_suspended.push_back({number, sp, returnAddress, start, {std::move(m_frames), m_threadStack}});
        m_threadStack.reset();
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

void Collector::exceptionReturned(unsigned number, Address returnAddress, Address sp, Cycles start,
                                  std::uint32_t cycles, bool tailChained) {
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
    bool returned = false;
    if (context.sp == sp || m_suspended.size() > 1) {
        m_frames = std::move(context.context.frames);
        m_threadStack = context.context.stack;
    } else {
        returned = switchThread(context, sp, returnAddress);
    }
    m_suspended.pop_back();
    if (returned) {
        unwindTo(returnAddress, start + cycles);
    }
    choose();
    if (m_options.onThreadMode && m_suspended.empty()) {
        m_options.onThreadMode(start + cycles);
    }
}

/// Another thread goes on than the one that was interrupted. What it counts from its functions' beginnings stands
/// still meanwhile: the snapshots hold what they had used, not what all threads had. True when it goes on behind a call
/// of its own, as behind a system call that ends for the function that made it.
bool Collector::switchThread(SuspendedContext& left, Address sp, Address returnAddress) {
    const auto turnAround = [](FrameStack& frames) {
        for (Frame& frame : frames) {
            if (frame.entryKnown) {
                Tally now = *frame.entryOwner;
                now -= frame.outsideAtEntry;
                frame.outsideAtEntry = now;
            }
        }
    };
    turnAround(left.context.frames);
    m_otherThreads[{left.sp, left.returnAddress}] = std::move(left.context);
    auto other = m_otherThreads.find({sp, returnAddress});
    const bool whereItWas = other != m_otherThreads.end();
    if (!whereItWas) {
        other = std::find_if(m_otherThreads.lower_bound({sp, 0}), m_otherThreads.upper_bound({sp, ~Address{}}),
                             [&](const auto& context) {
                                 return std::ranges::any_of(context.second.frames, [&](const Frame& frame) {
                                     return frame.returnAddress == returnAddress;
                                 });
                             });
        if (other == m_otherThreads.upper_bound({sp, ~Address{}})) {
            other = m_otherThreads.end();
        }
    }
    if (other != m_otherThreads.end()) {
        m_frames = std::move(other->second.frames);
        m_threadStack = other->second.stack;
        turnAround(m_frames);
        m_otherThreads.erase(other);
        return !whereItWas;
    }
    if ((m_machine.cpu().read(Reg::CONTROL) & kControlSpsel) != 0) {
        m_threadStack = ThreadStack{sp, sp};
    }
    return false;
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
        m_sleepSpans.push_back({deep ? PowerState::Stop : PowerState::Sleep, start, cycles, 0});
    }
}

void Collector::busMasterAccess(std::string_view, Address address, std::uint32_t size, bool write, Cycles at) {
    if (m_options.memory) {
        m_shadow.busMaster(address, size, write, at);
    }
}

void Collector::clockChanged(std::uint64_t hertz, Cycles, Cycles begun) {
    m_machine.settle();
    const auto settle = [this](Tally& tally) { tally.settleTime(m_hertz); };
    std::for_each(m_layers.begin(), m_layers.end(), settle);
    for (Tally* tally : {&m_startUp, &m_between, &m_unattributed, &m_sleep, &m_gap}) {
        settle(*tally);
    }
    for (auto& [number, exception] : m_exceptions) {
        settle(exception.tally);
    }
    const double after = static_cast<double>(hertz);
    m_tally->nanoseconds +=
        static_cast<double>(begun) * (1e9 / m_hertz - 1e9 / after); // it is settled at the new clock
    m_hertz = after;
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
        m_frames = std::move(context.context.frames);
        m_threadStack = context.context.stack;
    }
    if (m_threadStack && m_options.onThreadStack) {
        m_options.onThreadStack(*m_threadStack);
    }
    if (m_inInference) {
        const auto layerIsOpen = [](const FrameStack& frames) {
            return std::any_of(frames.begin(), frames.end(), [](const Frame& frame) { return frame.startsLayer; });
        };
        const bool inLayer =
            layerIsOpen(m_frames) || std::any_of(m_otherThreads.begin(), m_otherThreads.end(),
                                                 [&](const auto& other) { return layerIsOpen(other.second.frames); });
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
    clockChanged(m_machine.coreClock(), now, 0);
    std::sort(m_callSpans.begin(), m_callSpans.end(), [](const RawCallSpan& a, const RawCallSpan& b) {
        return std::tie(a.start, a.depth, a.entry, a.cycles) < std::tie(b.start, b.depth, b.entry, b.cycles);
    });
    std::sort(m_exceptionSpans.begin(), m_exceptionSpans.end(), [](const ExceptionSpan& a, const ExceptionSpan& b) {
        return std::tie(a.startCycle, a.number) < std::tie(b.startCycle, b.number);
    });
}

} // namespace simprof
