// SPDX-License-Identifier: GPL-2.0-or-later
// A recursion that needs more stack than was reserved and silently writes over the heap below it: what a profile's
// stack high-water mark is for.
#include "core/check.h"

#include <cstdlib>

extern "C" char _stack_limit, _heap_limit, end;

namespace {

constexpr std::uint32_t kPattern = 0x48656170; // "Heap"
volatile std::uintptr_t lowestStack = ~std::uintptr_t{0};

__attribute__((noinline)) unsigned recurse(unsigned depth) {
    volatile std::uint32_t local[8];
    for (unsigned index = 0; index < 8; ++index) {
        local[index] = depth + index;
    }
    const auto here = reinterpret_cast<std::uintptr_t>(local);
    if (here < lowestStack) {
        lowestStack = here;
    }
    unsigned sum = depth == 0 ? 0 : recurse(depth - 1);
    for (unsigned index = 0; index < 8; ++index) {
        sum += local[index];
    }
    return sum;
}

} // namespace

int main() {
    boardInit();
    // One block that reaches from the heap's start almost to its end, filled with a pattern.
    const std::size_t bytes = static_cast<std::size_t>(&_heap_limit - &end) - 64;
    auto* block = static_cast<volatile std::uint32_t*>(std::malloc(bytes));
    expectEqual("heap block allocated", block != nullptr, 1);
    const std::size_t words = bytes / 4;
    for (std::size_t word = 0; word < words; ++word) {
        block[word] = kPattern;
    }
    constexpr unsigned kDepth = 60; // frames of 40 bytes and more: at least 2400 of 1024 reserved bytes
    expectEqual("the recursion computes", recurse(kDepth), kDepth * (kDepth + 1) / 2 * 8 + (kDepth + 1) * 28);
    expectEqual("the stack passed its limit", lowestStack < reinterpret_cast<std::uintptr_t>(&_stack_limit), 1);
    std::size_t damaged = 0;
    for (std::size_t word = 0; word < words; ++word) {
        damaged += block[word] != kPattern;
    }
    expectWithin("the heap block was written over", damaged, 100, 2000);
    return finishChecks();
}
