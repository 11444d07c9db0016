// SPDX-License-Identifier: GPL-2.0-or-later
// Calls two functions in an order that never repeats, 24 calls deep: each path through them is a new one. In the end it
// recurses without end.
#include <cstdint>

namespace {

std::uint32_t g_random = 1;
volatile std::uint32_t g_sink;

std::uint32_t next() {
    g_random ^= g_random << 13;
    g_random ^= g_random >> 17;
    g_random ^= g_random << 5;
    return g_random;
}

void left(unsigned depth);
void right(unsigned depth);

void go(unsigned depth) {
    (next() & 1U) != 0 ? left(depth) : right(depth);
    g_sink = depth;
}
__attribute__((noinline)) void left(unsigned depth) {
    if (depth > 0) {
        go(depth - 1);
        g_sink = 1;
    }
}
__attribute__((noinline)) void right(unsigned depth) {
    if (depth > 0) {
        go(depth - 1);
        g_sink = 2;
    }
}

__attribute__((noinline)) std::uint32_t forever(std::uint32_t depth) {
    g_sink = depth;
    return g_sink == ~0U ? 0 : forever(depth + 1) + g_sink;
}

} // namespace

int main() {
    for (int round = 0; round < 50'000; ++round) {
        go(24);
    }
    return static_cast<int>(forever(0));
}
