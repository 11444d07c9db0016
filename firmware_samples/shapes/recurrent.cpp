// SPDX-License-Identifier: GPL-2.0-or-later
// A recurrent network: six steps in time of a cell with two gates, whose state goes on in the next inference, and a
// dense layer. By hand: each gate 6 * 8 * (4 + 8) = 576 multiply-accumulates an inference, the dense layer 3 * 8 = 24.
#include "bsp/board.h"
#include "shapes/layers.h"

namespace {

using namespace shapes;

constexpr auto kUpdate = weights<8 * 12>(6);
constexpr auto kCandidate = weights<8 * 12>(7);
constexpr auto kOut = weights<3 * 8>(8);

std::int8_t sequence[6][4];
std::int8_t joined[12]; ///< what the gates see: a step of the input and the state
std::int8_t update[8];
std::int8_t candidate[8];
std::int8_t state[8];
std::int8_t classes[3];

[[gnu::noinline]] void join(const std::int8_t* step) {
    for (std::size_t i = 0; i < 4; ++i) {
        joined[i] = step[i];
    }
    for (std::size_t i = 0; i < 8; ++i) {
        joined[4 + i] = state[i];
    }
}

[[gnu::noinline]] void blend() {
    for (std::size_t i = 0; i < 8; ++i) {
        state[i] = static_cast<std::int8_t>(state[i] + ((candidate[i] - state[i]) >> (update[i] > 0 ? 1 : 2)));
    }
}

[[gnu::noinline]] void infer() {
    for (const auto& step : sequence) {
        join(step);
        dense(joined, kUpdate.data(), update, 12, 8);
        dense(joined, kCandidate.data(), candidate, 12, 8);
        blend();
    }
    dense(state, kOut.data(), classes, 8, 3);
    asm volatile("" ::: "memory"); // no tail call
}

} // namespace

int main() {
    boardInit();
    for (std::uint32_t number = 0; number < 4; ++number) {
        for (std::size_t i = 0; i < sizeof sequence; ++i) {
            sequence[i / 4][i % 4] = static_cast<std::int8_t>((i * 29 + number * 13) % 53);
        }
        infer();
        printUnsigned(best(classes, 3));
        print("\n");
    }
    consoleFlush();
    boardExit(0);
}
