// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/stack_watch.h"

#include <algorithm>
#include <utility>

namespace simprof {

void StackWatch::reach(Address sp, bool process) {
    if (ownStack() != nullptr) {
        m_threads[*m_thread]->lowest = sp;
    } else if (process && m_thread) {
        begin(*m_thread, sp);
    } else {
        m_mainLowest = sp;
    }
}

void StackWatch::changeOver(bool process) {
    if (m_thread && *m_thread < m_threads.size() && m_threads[*m_thread]) {
        m_threads[*m_thread]->inUse = process;
    }
}

bool StackWatch::interrupted(Address sp) {
    const bool deeper = ownStack() != nullptr && isDeeper(sp);
    if (deeper) {
        reach(sp, true);
    }
    return deeper;
}

void StackWatch::hold(StackPath path) {
    auto kept = std::make_shared<const StackPath>(std::move(path));
    if (ownStack() != nullptr) {
        m_threads[*m_thread]->path = std::move(kept);
    } else {
        m_mainPath = std::move(kept);
    }
}

void StackWatch::begin(std::uint32_t thread, std::optional<Address> top) {
    if (thread >= m_threads.size()) {
        m_threads.resize(thread + 1);
    }
    m_threads[thread] = top ? std::optional(ThreadStack{*top, *top}) : std::nullopt;
    m_thread = thread;
}

Bytes StackWatch::beginLayer(Address sp) {
    m_layerTop = std::min(sp, top());
    return top() - m_layerTop;
}

} // namespace simprof
