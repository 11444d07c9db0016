// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

namespace simprof {

/// When handlers ran and when the core slept: the first spans, and how many there were.
class Interruptions {
public:
    static constexpr std::size_t kMostExceptions = 20'000, kMostSleeps = 10'000;

    void addException(const ExceptionSpan& span) {
        ++m_exceptionsEnded;
        if (m_exceptions.size() < kMostExceptions) {
            m_exceptions.push_back(span);
        }
    }
    void addSleep(const PowerSpan& span) {
        ++m_slept;
        if (m_sleeps.size() < kMostSleeps) {
            m_sleeps.push_back(span);
        }
    }
    /// After the last one.
    void sort() {
        std::sort(m_exceptions.begin(), m_exceptions.end(), [](const ExceptionSpan& a, const ExceptionSpan& b) {
            return std::tie(a.startCycle, a.number) < std::tie(b.startCycle, b.number);
        });
    }

    const std::vector<ExceptionSpan>& exceptions() const { return m_exceptions; }
    const std::vector<PowerSpan>& sleeps() const { return m_sleeps; }
    std::uint64_t exceptionsLeftOut() const { return m_exceptionsEnded - m_exceptions.size(); }
    std::uint64_t sleepsLeftOut() const { return m_slept - m_sleeps.size(); }

private:
    std::vector<ExceptionSpan> m_exceptions;
    std::vector<PowerSpan> m_sleeps;
    std::uint64_t m_exceptionsEnded = 0;
    std::uint64_t m_slept = 0;
};

} // namespace simprof
