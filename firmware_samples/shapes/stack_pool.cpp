// SPDX-License-Identifier: GPL-2.0-or-later
// A network whose activations lie in one buffer on the stack of the function that starts it. By hand: the first layer
// hands on 8 * 8 * 4 = 256 bytes, the second one 6 * 6 * 4 = 144, the third one 3 * 3 * 4 = 36.
#include "shapes/layers.h"

namespace {

using namespace shapes;

[[gnu::noinline]] void infer(std::int8_t* activations) {
    std::int8_t* const third = activations + 256 + 144;
    conv(input, kFirst.data(), activations, 10, 1, 4);
    conv(activations, kSecond.data(), activations + 256, 8, 4, 4);
    pool(activations + 256, third, 6, 4);
    dense(third, kDense.data(), scores, 36, 10);
    asm volatile("" ::: "memory"); // no tail call
}

} // namespace

int main() {
    alignas(16) std::int8_t activations[256 + 144 + 36];
    showThreePictures([&activations] { infer(activations); });
}
