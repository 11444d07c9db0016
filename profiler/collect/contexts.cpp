// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/contexts.h"

#include <algorithm>

namespace simprof {

namespace {

/// More than a core can nest: handlers that were entered before went by a reset, or a firmware that plays with them.
constexpr std::size_t kMostNested = 272;
constexpr std::size_t kMostThreads = 1024;
constexpr std::size_t kMostFrames = 65'536; ///< of all that are interrupted, and of all that wait

} // namespace

void addReturnAddresses(const FrameStack& frames, std::vector<Address>& calls) {
    for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
        if (frame->returnAddress != 0 && !frame->tailCall) {
            calls.push_back(frame->returnAddress);
        }
    }
}

bool addStackMarks(const FrameStack& frames, StackPathBuilder& builder) {
    return std::all_of(frames.rbegin(), frames.rend(), [&builder](const Frame& frame) {
        return builder.add({StackHolder::Kind::Function, frame.entry}, frame.sp);
    });
}

bool layerIsOpen(const FrameStack& frames, const Ledger& ledger, std::int32_t network) {
    return std::ranges::any_of(frames, [&](const Frame& frame) {
        return frame.startsLayer && frame.layer != kNoRow && ledger[frame.layer].key.network == network;
    });
}

void Contexts::enter(RowId handler, Address returnAddress, Address sp, Cycles start, FrameStack& frames) {
    if (sp == 0 && !m_suspended.empty()) {
        m_suspended.back().handler = handler; // tail-chained: what was interrupted stays
        m_suspended.back().start = start;
    } else {
        m_suspended.push_back({handler, sp, returnAddress, start, std::move(frames)});
        std::size_t held = 0;
        for (const Suspended& each : m_suspended) {
            held += each.frames.size();
        }
        while (m_suspended.size() > kMostNested || (held > kMostFrames && m_suspended.size() > 1)) {
            held -= m_suspended.front().frames.size();
            m_suspended.erase(m_suspended.begin());
        }
    }
    frames.clear();
}

std::optional<Contexts::Left> Contexts::leave(Address sp, Address returnAddress, bool tailChained, FrameStack& frames) {
    if (m_suspended.empty()) {
        return std::nullopt;
    }
    Suspended& suspended = m_suspended.back();
    Left left{suspended.start, m_thread, !tailChained && m_suspended.size() == 1};
    frames.clear();
    if (tailChained) {
        return left;
    }
    if (suspended.sp == sp || m_suspended.size() > 1) {
        frames = std::move(suspended.frames);
    } else {
        switchThread(suspended, sp, returnAddress, frames, left);
    }
    m_suspended.pop_back();
    return left;
}

std::optional<std::pair<RowId, Cycles>> Contexts::abandon(FrameStack& frames) {
    if (m_suspended.empty()) {
        return std::nullopt;
    }
    Suspended suspended = std::move(m_suspended.back());
    m_suspended.pop_back();
    frames = std::move(suspended.frames);
    return std::pair(suspended.handler, suspended.start);
}

/// What functions took since they were called does not grow while their thread waits: of those that wait, atEntry holds
/// what they took; this changes one form into the other.
void Contexts::turnAround(FrameStack& frames) const {
    for (Frame& frame : frames) {
        if (frame.entryOwner != kNoRow) {
            Tally now = m_ledger[frame.entryOwner].tally;
            now -= frame.atEntry;
            frame.atEntry = now;
        }
    }
}

/// Another thread goes on than the one that was interrupted.
void Contexts::switchThread(Suspended& left, Address sp, Address returnAddress, FrameStack& frames, Left& how) {
    turnAround(left.frames);
    const auto [place, isNew] = m_waiting.try_emplace({left.sp, left.returnAddress});
    if (!isNew) {
        m_freeThreads.push_back(place->second.thread); // ended: another one waits in its place
    }
    place->second = {std::move(left.frames), m_thread};
    limitWaiting(place);
    bool whereItWas = false;
    const auto other = waitingAt(sp, returnAddress, whereItWas);
    if (other == m_waiting.end()) {
        how.isNew = true;
        m_thread = newThread();
        return;
    }
    frames = std::move(other->second.frames);
    m_thread = other->second.thread;
    turnAround(frames);
    m_waiting.erase(other);
    how.behindCall = !whereItWas;
}

/// Forgets threads but `newest` when more wait than any RTOS has.
void Contexts::limitWaiting(WaitingThreads::iterator newest) {
    constexpr std::size_t kFew = 64;
    if (m_waiting.size() <= kFew) {
        return;
    }
    std::size_t held = 0;
    for (const auto& [key, waiting] : m_waiting) {
        held += waiting.frames.size();
    }
    for (auto thread = m_waiting.begin(); m_waiting.size() > kMostThreads || held > kMostFrames;) {
        if (thread == newest) {
            ++thread;
        }
        if (thread == m_waiting.end()) {
            return;
        }
        held -= thread->second.frames.size();
        m_freeThreads.push_back(thread->second.thread);
        thread = m_waiting.erase(thread);
    }
}

ThreadId Contexts::newThread() {
    if (m_freeThreads.empty()) {
        return m_threads++;
    }
    const ThreadId thread = m_freeThreads.back();
    m_freeThreads.pop_back();
    return thread;
}

/// The waiting thread that goes on with this stack pointer, at this address or behind a call that returns to it.
Contexts::WaitingThreads::iterator Contexts::waitingAt(Address sp, Address returnAddress, bool& whereItWas) {
    const auto exact = m_waiting.find({sp, returnAddress});
    whereItWas = exact != m_waiting.end();
    if (whereItWas) {
        return exact;
    }
    const auto end = m_waiting.upper_bound({sp, ~Address{}});
    const auto found = std::find_if(m_waiting.lower_bound({sp, 0}), end, [&](const auto& waiting) {
        return std::ranges::any_of(waiting.second.frames,
                                   [&](const Frame& frame) { return frame.returnAddress == returnAddress; });
    });
    return found == end ? m_waiting.end() : found;
}

bool Contexts::layerWaits(std::int32_t network) const {
    return std::ranges::any_of(
        m_waiting, [&](const auto& waiting) { return layerIsOpen(waiting.second.frames, m_ledger, network); });
}

void Contexts::addStackMarks(StackPathBuilder& builder) const {
    for (auto suspended = m_suspended.rbegin(); suspended != m_suspended.rend(); ++suspended) {
        if (!builder.add({StackHolder::Kind::Exception}, suspended->sp) ||
            !simprof::addStackMarks(suspended->frames, builder)) {
            return;
        }
    }
}

void Contexts::addOpenCalls(std::vector<Address>& calls) const {
    for (auto suspended = m_suspended.rbegin(); suspended != m_suspended.rend(); ++suspended) {
        calls.push_back(suspended->returnAddress);
        addReturnAddresses(suspended->frames, calls);
    }
}

} // namespace simprof
