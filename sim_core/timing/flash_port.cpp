// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/timing/flash_port.h"

#include <algorithm>
#include <utility>

namespace simprof {

FlashPort::FlashPort(const FlashSystem* code, const FlashSystem* data, const FetchPlan& plan,
                     const Situation& situation, const PortState& state)
    : m_system(code)
    , m_data(data)
    , m_plan(plan)
    , m_situation(situation)
    , m_buffer(state.buffer)
    , m_jumped(state.jumped) {
    if (state.current != PortState::kNone) {
        m_current = state.current;
    }
    if (state.prefetch != PortState::kNone) {
        m_prefetch = state.prefetch;
    }
    m_busyUntil = state.busy;
    m_prefetching = state.prefetching;
}

void FlashPort::startPrefetch(int at, int unit) {
    if (!m_system->settings.prefetch || m_busyUntil >= at || m_prefetch == unit || m_current == unit) {
        return;
    }
    if (!m_situation.unitMissing(static_cast<unsigned>(unit))) {
        return;
    }
    m_prefetch = unit;
    m_prefetchStart = at;
    m_prefetching = true;
    m_busyUntil = at + static_cast<int>(m_system->missWaits());
}

int FlashPort::fetch(int at, int unit) {
    if (!m_system) {
        return 0;
    }
    const bool branch = std::exchange(m_jumped, false);
    m_lastUnit = std::max(m_lastUnit, unit);
    if (unit == m_current) {
        return 0;
    }
    const FlashRow& row = *m_system->row;
    const int waits = static_cast<int>(m_system->missWaits());
    const int store = waits != 0 ? static_cast<int>(row.prefetchStore) : 0;
    const int data = at + 1; // the array is asked in the data phase
    int wait = 0;
    if (unit == m_prefetch) {
        wait = std::max(0, m_busyUntil + store - data);
        m_prefetch = kNone;
        if (unit < 64 && !row.prefetchFills) {
            m_fromPrefetch |= std::uint64_t{1} << unit;
        }
    } else if (!m_situation.unitMissing(static_cast<unsigned>(unit))) {
        if (row.prefetchForgets) {
            m_prefetch = kNone;
        }
        if (branch) {
            wait = waits != 0 ? 0 : static_cast<int>(row.branchHitWaitsAtZero);
            if (row.prefetchHoldsBranches && m_prefetching) {
                wait = std::max(wait, m_busyUntil + store - data);
            }
        }
    } else {
        wait = std::max(0, m_busyUntil + 1 - data) + waits;
        if (branch && waits != 0) {
            wait += static_cast<int>(row.branchMissWaits);
        }
        m_busyUntil = data + wait;
        m_prefetching = false;
        m_prefetch = kNone;
    }
    m_current = unit;
    startPrefetch(data + wait + (waits != 0 ? static_cast<int>(row.prefetchStart) : 1), unit + 1);
    return wait;
}

int FlashPort::fetchSpeculatively(int at, int unit, bool missing) {
    if (!m_system || unit == m_current) {
        return 0;
    }
    m_jumped = true; // what follows comes back from there
    const FlashRow& row = *m_system->row;
    const int waits = static_cast<int>(m_system->missWaits()),
              store = waits != 0 ? static_cast<int>(row.prefetchStore) : 0;
    const int data = at + 1;
    int wait = 0;
    if (unit == m_prefetch) {
        wait = std::max(0, m_busyUntil + store - data);
    } else if (!missing) {
        if (row.prefetchHoldsBranches && m_prefetching) {
            wait = std::max(0, m_busyUntil + store - data);
        }
    } else {
        wait = std::max(0, m_busyUntil + 1 - data) + waits;
        m_busyUntil = data + wait;
        m_prefetching = false;
        m_prefetch = kNone;
        m_speculationFilled = true;
    }
    m_current = unit;
    return wait;
}

int FlashPort::read(int at, DataClass dataClass, bool behindRead) {
    if (!m_data || dataClass == DataClass::ZeroWait || dataClass == DataClass::IoPort ||
        dataClass == DataClass::FlashBuffer) {
        return 0;
    }
    const int waits = static_cast<int>(m_data->missWaits());
    if (dataClass == DataClass::FlashHit) {
        return behindRead || waits == 0 ? 0 : static_cast<int>(m_data->row->dataHitWaits);
    }
    const int data = at + 1;
    bool delay = false;
    if (m_prefetch != kNone && m_busyUntil >= data) {                    // data reads pre-empt a prefetch
        delay = m_data->row->prefetchForgets || m_prefetchStart >= data; // it starts anew behind them
        if (!delay) {
            m_prefetch = kNone;
        }
        m_busyUntil = std::min(m_busyUntil, std::max(m_prefetchStart, data) - 1);
    }
    const int wait = std::max(0, m_busyUntil + 1 - data) + waits;
    m_busyUntil = data + wait;
    m_prefetching = delay;
    if (delay) {
        m_prefetchStart = m_busyUntil + 1;
        m_busyUntil = m_prefetchStart + waits;
    }
    return wait;
}

/// What commitFetch does, on the buffer.
FetchLines FlashPort::bufferAfter() const {
    FetchLines buffer = m_buffer;
    if (!m_system || !m_system->buffers() || !m_system->caching()) {
        return buffer;
    }
    for (unsigned i = 0; i < static_cast<unsigned>(m_lastUnit + 1); ++i) {
        buffer.use(m_plan.firstUnit + i, *m_system->row, i >= 64 || !(m_fromPrefetch >> i & 1));
    }
    if (m_speculationFilled) {
        buffer.use(static_cast<std::uint32_t>(m_plan.targetUnit), *m_system->row, true);
    }
    return buffer;
}

PortState FlashPort::exit(int end, bool branched) const {
    PortState state;
    state.buffer = bufferAfter();
    state.jumped = branched || m_jumped;
    const auto first = static_cast<std::int32_t>(m_plan.firstUnit);
    if (m_current != kNone) {
        state.current = m_current + first;
    }
    if (m_prefetch != kNone) {
        state.prefetch = m_prefetch + first;
    }
    state.busy = static_cast<std::int16_t>(std::max<int>(PortState::kLongIdle, m_busyUntil - end));
    state.prefetching = m_prefetching && state.busy > PortState::kLongIdle;
    return state;
}

} // namespace simprof
