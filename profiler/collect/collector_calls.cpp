// SPDX-License-Identifier: GPL-2.0-or-later
// The call stack of the firmware, as its branches show it.
#include "profiler/collect/collector.h"

#include <algorithm>
#include <utility>

namespace simprof {

namespace {

constexpr std::size_t kMaxFrames = 4096; ///< deeper recursion is folded
constexpr std::size_t kUnwindLimit = 256;

} // namespace

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

void Collector::pushFrame(Address entry, Address returnAddress, Cycles at, bool indirect) {
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
    m_tree[frame.node].indirect |= indirect;
    if (m_frames.size() < kMaxFrames) {
        m_frames.push_back(frame);
    }
}

void Collector::call(const BlockEvent& event, bool tail) {
    if (!insideLayer()) {
        m_machine.settle();
    }
    const Cycles at = event.start + event.cycles;
    const Address returnAddress = tail ? m_frames.back().returnAddress : event.block.fallThrough();
    if (!tail) {
        m_callTargets.insert(event.next);
    }
    const bool indirect = event.block.end == BlockEnd::IndirectCall || event.block.end == BlockEnd::IndirectBranch;
    std::optional<LayerCall> layer;
    if (m_recogniser != nullptr && !insideLayer()) {
        CallSite site{event.block.fallThrough(), event.next, indirect, m_frames.back().entry, 0, 0};
        if (m_recogniser->wantsArguments(indirect)) {
            site.r0 = m_machine.cpu().read(Reg::R0);
            site.r1 = m_machine.cpu().read(Reg::R1);
        }
        layer = m_recogniser->layerOf(site);
    }
    if (!layer) {
        pushFrame(event.next, returnAddress, at, indirect);
    } else {
        if (layer->wasPreparation) {
            dropInferences();
        }
        beginLayer(*layer, at);
        // The callee works for the layer, its caller does not.
        const std::size_t host = m_frames.size() - 1;
        const std::int32_t before = std::exchange(m_frames[host].layer, layer->layer);
        pushFrame(event.next, returnAddress, at, indirect);
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
    if (m_callSpans.size() >= 2 * kMaxSpans) { // the shortest go
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
    const Frame& frame = m_frames.back();
    keepCallSpan(frame, at);
    const bool endsLayer = frame.startsLayer, endsInference = frame.hostsInference && m_inInference;
    m_frames.pop_back();
    if (endsLayer) {
        endLayer(at);
    }
    if (endsInference) {
        inlineGap(at);
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
        std::size_t pops = i + 1;
        // A function that was reached by a tail call returns for its caller as well.
        while (pops < m_frames.size() && m_frames[m_frames.size() - pops].tailCall) {
            ++pops;
        }
        if (pops == m_frames.size() || m_frames[m_frames.size() - 1 - pops].layer < 0) {
            m_machine.settle();
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
        add(context->context.frames);
    }
    return calls;
}

} // namespace simprof
