// SPDX-License-Identifier: GPL-2.0-or-later
// An allocator that hands out a new address each time, for ever, and never takes one back; each size is another one.
#include "bsp/board.h"

namespace {

volatile std::uint32_t g_sink;

} // namespace

extern "C" [[gnu::noinline]] void* malloc(std::size_t size) {
    static std::uint32_t next = 0;
    next += size;
    return reinterpret_cast<void*>(next);
}

namespace {

template<unsigned number>
[[gnu::noinline]] void take() {
    g_sink = reinterpret_cast<std::uintptr_t>(malloc(number + 4));
}

template<unsigned first, unsigned count>
void takeAll() {
    if constexpr (count == 1) {
        take<first>();
    } else {
        takeAll<first, count / 2>();
        takeAll<first + count / 2, count - count / 2>();
    }
}

} // namespace

int main() {
    boardInit();
    for (;;) {
        takeAll<0, 2048>();
    }
}
