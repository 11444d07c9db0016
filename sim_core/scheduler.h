// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/peripheral.h"
#include "sim_core/units.h"

#include <functional>
#include <limits>
#include <map>
#include <unordered_map>

namespace simprof {

/// Callbacks at absolute cycles; events of one cycle run in the order in which they were scheduled.
class Scheduler {
public:
    static constexpr Cycles kNever = std::numeric_limits<Cycles>::max();

    EventId schedule(Cycles at, std::function<void()> action) {
        const EventId id{++m_last};
        m_queue.emplace(Key{at, id}, std::move(action));
        m_times.emplace(id, at);
        return id;
    }

    void cancel(EventId id) {
        if (const auto found = m_times.find(id); found != m_times.end()) {
            m_queue.erase(Key{found->second, id});
            m_times.erase(found);
        }
    }

    /// Cycle of the next event, or kNever.
    Cycles next() const { return m_queue.empty() ? kNever : m_queue.begin()->first.at; }

    /// Runs all events due at `now` or before, earliest first.
    void runDue(Cycles now) {
        while (!m_queue.empty() && m_queue.begin()->first.at <= now) {
            auto node = m_queue.extract(m_queue.begin());
            m_times.erase(node.key().id);
            node.mapped()();
        }
    }

    void clear() {
        m_queue.clear();
        m_times.clear();
    }

private:
    struct Key {
        Cycles at = 0;
        EventId id = EventId::None;
        auto operator<=>(const Key&) const = default;
    };
    std::map<Key, std::function<void()>> m_queue;
    std::unordered_map<EventId, Cycles> m_times;
    std::uint64_t m_last = 0;
};

} // namespace simprof
