// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <initializer_list>
#include <span>

namespace simprof::differential {

/// The same numbers for a seed on every machine (SplitMix64; Steele, Lea, Flood 2014).
class Random {
public:
    explicit Random(std::uint64_t seed)
        : m_state(seed) {}

    std::uint64_t next() {
        std::uint64_t z = m_state += 0x9E3779B97F4A7C15U;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
        z = (z ^ z >> 27) * 0x94D049BB133111EBU;
        return z ^ z >> 31;
    }
    std::uint32_t word() { return static_cast<std::uint32_t>(next() >> 32); }
    std::uint32_t below(std::size_t count) { return static_cast<std::uint32_t>((next() >> 32) * count >> 32); }
    bool percent(unsigned chance) { return below(100) < chance; }
    template<class T>
    const T& of(std::span<const T> choices) {
        return choices[below(choices.size())];
    }
    std::uint32_t of(std::initializer_list<std::uint32_t> choices) { return choices.begin()[below(choices.size())]; }

private:
    std::uint64_t m_state;
};

} // namespace simprof::differential
