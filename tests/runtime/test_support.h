// SPDX-License-Identifier: GPL-2.0-or-later
// Shared by the tests of the runtime.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "runtime/kernels/kernels.h"

namespace simprof::runtime::test {

/// The same numbers every time: a linear congruential generator (Numerical Recipes' constants), upper bits first.
class Sequence {
public:
    explicit Sequence(std::uint32_t seed)
        : m_state(seed * 2654435761U + 12345U) {}

    std::uint32_t next() {
        m_state = m_state * 1664525U + 1013904223U;
        const std::uint32_t high = m_state >> 16;
        m_state = m_state * 1664525U + 1013904223U;
        return (high << 16) | (m_state >> 16);
    }
    /// A number in [low, high].
    std::int32_t between(std::int32_t low, std::int32_t high) {
        return low + static_cast<std::int32_t>(next() % static_cast<std::uint32_t>(high - low + 1));
    }
    std::vector<std::int8_t> bytes(std::size_t count) {
        std::vector<std::int8_t> result(count);
        for (std::int8_t& byte : result) {
            byte = static_cast<std::int8_t>(between(-128, 127));
        }
        return result;
    }

private:
    std::uint32_t m_state;
};

struct Free {
    void operator()(void* memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<std::uint8_t, Free>;

inline Memory alignedMemory(std::size_t bytes) {
    return Memory(static_cast<std::uint8_t*>(std::aligned_alloc(16, (bytes + 15) & ~std::size_t{15})));
}

/// A file, 16-byte aligned; null if it cannot be read.
inline Memory readAligned(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (!file || bytes.empty()) {
        return nullptr;
    }
    Memory memory = alignedMemory(bytes.size());
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(memory.get()));
    return memory;
}

/// FNV-1a, 32 bits.
inline std::uint32_t fnv1a32(const void* data, std::size_t count) {
    std::uint32_t hash = 0x811C9DC5U;
    for (std::size_t i = 0; i < count; ++i) {
        hash = (hash ^ static_cast<const std::uint8_t*>(data)[i]) * 16777619U;
    }
    return hash;
}

inline void fillRamp(void* data, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        static_cast<std::uint8_t*>(data)[i] = static_cast<std::uint8_t>((i * 7 + 3) & 0xFF);
    }
}

} // namespace simprof::runtime::test
