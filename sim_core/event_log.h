// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace simprof {

/// What a run reported, in order, in bounded memory: the first of equal texts one by one, the others counted.
class EventLog {
public:
    struct Event {
        Cycles at = 0;
        std::string text;
        std::uint64_t count = 1;
        Cycles last = 0; ///< of `count`
    };
    static constexpr std::size_t kMost = 1000;    ///< events that are kept
    static constexpr std::size_t kMostEqual = 16; ///< of one text; the last of them counts on

    void add(Cycles at, std::string text) {
        const auto known = m_equal.find(text);
        if (known != m_equal.end() && (known->second.events >= kMostEqual || m_events.size() >= kMost)) {
            Event& newest = m_events[known->second.newest];
            ++newest.count;
            newest.last = at;
        } else if (m_events.size() >= kMost) {
            ++m_leftOut;
        } else {
            Equal& equal = m_equal[text];
            ++equal.events;
            equal.newest = m_events.size();
            m_events.push_back({at, std::move(text), 1, at});
        }
    }

    const std::vector<Event>& events() const { return m_events; }
    /// Events of texts that came when there was no room left.
    std::uint64_t leftOut() const { return m_leftOut; }

private:
    /// The events of one text.
    struct Equal {
        std::size_t events = 0;
        std::size_t newest = 0; ///< in m_events
    };
    std::vector<Event> m_events;
    std::map<std::string, Equal> m_equal;
    std::uint64_t m_leftOut = 0;
};

} // namespace simprof
