// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/clock.h"

namespace simprof {

namespace {

/// Products of cycles and clocks do not fit 64 bits.
__extension__ using Wide = unsigned __int128;

constexpr Wide kSecond = 1'000'000'000U;

/// Listens to a machine nobody measures.
class Nobody final : public EventListener {
    void blockRetired(const BlockEvent&) override {}
    void exceptionEntered(unsigned, Address, Address, Cycles, std::uint32_t) override {}
    void exceptionReturned(unsigned, Address, Address, Cycles, std::uint32_t, bool) override {}
    void exceptionStall(Cycles, std::uint32_t) override {}
    void slept(Cycles, Cycles, bool) override {}
};

Nobody nobody; // without state

std::uint64_t nanosecondsOf(Cycles cycles, Hertz hertz) {
    return static_cast<std::uint64_t>(static_cast<Wide>(cycles) * kSecond / hertz);
}

} // namespace

Clock::Clock(Hertz hertz, OtherClock other)
    : m_other(other)
    , m_present{0, 0, counted(hertz)}
    , m_clocks{{0, counted(hertz)}}
    , m_nanoseconds{0}
    , m_listener(&nobody) {}

void Clock::setListener(EventListener* listener) { m_listener = listener != nullptr ? listener : &nobody; }

std::uint64_t Clock::nanosecondsAt(Cycles cycle) const {
    if (cycle >= m_present.since) {
        return m_present.nanoseconds + nanosecondsOf(cycle - m_present.since, m_present.hertz);
    }
    std::size_t i = m_clocks.size() - 1;
    while (i > 0 && m_clocks[i].first > cycle) {
        --i;
    }
    const Cycles passed = cycle - m_clocks[i].first;
    if (m_changesLeftOut != 0 && i + 1 == m_clocks.size()) { // among those left out
        const Wide nanoseconds = m_present.nanoseconds - m_nanoseconds[i];
        return m_nanoseconds[i] +
               static_cast<std::uint64_t>(nanoseconds * passed / (m_present.since - m_clocks[i].first));
    }
    return m_nanoseconds[i] + nanosecondsOf(passed, m_clocks[i].second);
}

Cycles Clock::cycleAt(std::uint64_t nanoseconds) const {
    return m_present.since +
           (nanoseconds > m_present.nanoseconds ? cyclesOf(nanoseconds - m_present.nanoseconds) : Cycles{0});
}

Cycles Clock::cyclesOf(std::uint64_t nanoseconds) const {
    return static_cast<Cycles>((static_cast<Wide>(nanoseconds) * hertz() + kSecond - 1) / kSecond);
}

void Clock::setHertz(Hertz hertz, Cycles at) {
    hertz = counted(hertz);
    if (hertz == 0 || hertz == this->hertz()) {
        return;
    }
    m_present = {at, nanosecondsAt(at), hertz};
    if (m_clocks.back().first == at) {
        m_clocks.back().second = hertz;
    } else if (m_clocks.size() < kMostChanges) {
        m_clocks.emplace_back(at, hertz);
        m_nanoseconds.push_back(m_present.nanoseconds);
    } else {
        ++m_changesLeftOut;
    }
    m_listener->clockChanged(hertz, at, at - m_now);
}

void Clock::addCost(const Block& block, const BlockCost& cost, std::uint64_t times, std::uint32_t owner) {
    m_instructions += times * block.insns.size();
    for (std::size_t i = 0; i < kStallCount; ++i) {
        m_stalls[i] += times * cost.stalls[i];
    }
    m_listener->costSettled(block, cost, times, owner);
}

} // namespace simprof
