// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace simprof::test {

/// The same numbers from the same seed everywhere (SplitMix64, as published by Steele, Lea and Flood, 2014).
class Random {
public:
    explicit Random(std::uint64_t seed)
        : m_state(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (m_state += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    /// A number below limit, which is not 0.
    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }

private:
    std::uint64_t m_state;
};

/// A damaged copy of a file: one to four numbers of 1, 2 or 4 bytes overwritten by random or extreme values, or the end
/// cut off.
inline std::vector<std::byte> mutated(std::vector<std::byte> file, Random& random) {
    constexpr std::array<std::uint32_t, 10> kExtremes = {0,      1,          4,          0x7f,       0xff,
                                                         0xfff1, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff};
    if (random.below(16) == 0) {
        file.resize(random.below(file.size()) + 1);
    }
    const std::size_t count = 1 + random.below(4);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t size = std::size_t{1} << random.below(3);
        std::size_t offset = random.below(file.size());
        if (random.below(2) == 0) { // fields of headers are aligned
            offset -= offset % size;
        }
        const std::uint32_t value = random.below(2) == 0 ? kExtremes[random.below(kExtremes.size())]
                                                         : static_cast<std::uint32_t>(random.next());
        for (std::size_t byte = 0; byte < size && offset + byte < file.size(); ++byte) {
            file[offset + byte] = static_cast<std::byte>(value >> (8 * byte));
        }
    }
    return file;
}

} // namespace simprof::test
