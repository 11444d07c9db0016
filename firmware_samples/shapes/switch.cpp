// SPDX-License-Identifier: GPL-2.0-or-later
// A loop with a switch: all layers of a kind are called from one place; a callback follows each.
#include "shapes/layers.h"

namespace {

using namespace shapes;

/// The model as a file: a byte for each field, weights behind.
constexpr std::uint8_t kModel[] = {0, 10, 1, 4, 0, 8, 4, 4, 1, 6, 4, 4, 2, 36, 36, 10};
constexpr Values kWeights[] = {kFirst.data(), kSecond.data(), nullptr, kDense.data()};

volatile std::uint32_t layersDone;

void countLayer() { layersDone = layersDone + 1; }

[[gnu::noinline]] void runModel(void (*done)()) {
    Values in = input;
    std::int8_t* const outputs[] = {first, second, pooled, scores};
    for (std::size_t i = 0; i < 4; ++i) {
        const std::uint8_t* record = kModel + 4 * i;
        std::int8_t* out = outputs[i];
        switch (record[0]) {
        case 0: conv(in, kWeights[i], out, record[1], record[2], record[3]); break;
        case 1: pool(in, out, record[1], record[2]); break;
        default: dense(in, kWeights[i], out, record[2], record[3]); break;
        }
        done();
        in = out;
    }
}

} // namespace

int main() {
    showThreePictures([] { runModel(countLayer); });
}
