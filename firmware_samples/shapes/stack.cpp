// SPDX-License-Identifier: GPL-2.0-or-later
// Layers whose use of the stack is counted by hand: the first one holds 8 bytes and calls hold200 (200); the second
// one 8, hold400 (400), and that hold200; the third one what the compiler likes.
#include "core/stack_holders.h"
#include "shapes/layers.h"

using namespace shapes;

extern "C" {

[[gnu::noinline]] void computeFirst() { conv(input, kFirst.data(), first, 10, 1, 4); }
[[gnu::noinline]] void computeSecond() { conv(first, kSecond.data(), second, 8, 4, 4); }

[[gnu::naked, gnu::noinline]] void firstLayer() {
    asm volatile("push {r4, lr}\n"
                 "bl computeFirst\n"
                 "bl hold200\n"
                 "pop {r4, pc}\n");
}

[[gnu::naked, gnu::noinline]] void secondLayer() {
    asm volatile("push {r4, lr}\n"
                 "bl computeSecond\n"
                 "bl hold400\n"
                 "pop {r4, pc}\n");
}

} // extern "C"

namespace {

[[gnu::noinline]] void infer() {
    firstLayer();
    secondLayer();
    dense(second, kDense.data(), scores, 36, 10);
    asm volatile("" ::: "memory"); // no tail call
}

} // namespace

int main() { showThreePictures(infer); }
