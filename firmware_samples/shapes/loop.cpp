// SPDX-License-Identifier: GPL-2.0-or-later
// One loop calls one function for each layer, which asks the layer's record what to do.
#include "shapes/layers.h"

namespace {

using namespace shapes;

enum class Kind : std::uint8_t { Conv, Pool, Dense };

struct Layer {
    Kind kind;
    std::int16_t size; ///< side, or inputs of a dense layer
    std::int16_t from;
    std::int16_t to;
    Values in;
    Values weights;
    std::int8_t* out;
};

Layer layers[] = {{Kind::Conv, 10, 1, 4, input, kFirst.data(), first},
                  {Kind::Conv, 8, 4, 4, first, kSecond.data(), second},
                  {Kind::Pool, 6, 4, 4, second, nullptr, pooled},
                  {Kind::Dense, 36, 36, 10, pooled, kDense.data(), scores}};

[[gnu::noinline]] void runLayer(const Layer& layer) {
    switch (layer.kind) {
    case Kind::Conv: return conv(layer.in, layer.weights, layer.out, layer.size, layer.from, layer.to);
    case Kind::Pool: return pool(layer.in, layer.out, layer.size, layer.from);
    case Kind::Dense: return dense(layer.in, layer.weights, layer.out, layer.from, layer.to);
    }
}

[[gnu::noinline]] void runModel() {
    for (const Layer& layer : layers) {
        runLayer(layer);
        asm volatile("" ::: "memory"); // no tail call of the last one
    }
}

} // namespace

int main() { showThreePictures(runModel); }
