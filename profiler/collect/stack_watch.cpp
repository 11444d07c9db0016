// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/stack_watch.h"

#include <algorithm>

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

void StackWatch::interrupted(Address sp) {
    if (ownStack() != nullptr && isDeeper(sp)) {
        reach(sp, true);
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
