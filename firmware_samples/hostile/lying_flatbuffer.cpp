// SPDX-License-Identifier: GPL-2.0-or-later
// Carries what looks like networks and is none: marks at every multiple of sixteen, and one whose tables point into
// each other, with vectors of four thousand million elements.
#include <cstdint>

namespace {

struct Lie {
    std::uint32_t root;
    char mark[4];
    std::uint32_t words[2];
};

template<unsigned count>
struct Lies {
    Lie lies[count];
    constexpr Lies()
        : lies() {
        for (unsigned i = 0; i < count; ++i) {
            lies[i] = {8 + i % 3 * 4, {'T', 'F', 'L', '3'}, {i % 2 == 0 ? 0xFFFFFFFFU : 8U, 0x7FFFFFFFU}};
        }
    }
};

__attribute__((used, aligned(16))) const Lies<4096> kLies;

} // namespace

int main() {
    const auto* volatile lies = &kLies;
    return lies->lies[0].mark[0] == 'T' ? 0 : 1;
}
