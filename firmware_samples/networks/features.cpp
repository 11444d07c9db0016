// SPDX-License-Identifier: GPL-2.0-or-later
// Signal processing in front of a network: samples are taken, windowed, transformed by a table of constants and
// quantised to the network's input, four times. Features are computeFeatures and the three functions that it calls;
// takeSamples makes the raw data, and lookAt reads the result.
#include <array>

#include "bsp/board.h"
#include "networks/network.h"

namespace {

using simprof::networks::NetworkEnds;

constexpr std::size_t kSamples = 256;
constexpr std::size_t kTaps = 16;
constexpr std::size_t kBands = 13;
constexpr std::size_t kMostFeatures = 512;

/// `count` coefficients that look like some.
template<std::size_t count>
constexpr std::array<std::int16_t, count> coefficients(std::uint32_t seed) {
    std::array<std::int16_t, count> values{};
    for (std::int16_t& value : values) {
        seed = seed * 1664525 + 1013904223;
        value = static_cast<std::int16_t>(seed >> 20);
    }
    return values;
}

constexpr auto kWindow = coefficients<kSamples>(1);
constexpr auto kFilters = coefficients<kBands * kTaps>(2);

std::int16_t samples[kSamples];
std::int16_t windowed[kSamples];
std::int32_t spectrum[kMostFeatures];

[[gnu::noinline]] void takeSamples(std::uint32_t seed) {
    for (std::int16_t& sample : samples) {
        seed = seed * 1664525 + 1013904223;
        sample = static_cast<std::int16_t>(seed >> 19);
    }
}

[[gnu::noinline]] void applyWindow() {
    for (std::size_t i = 0; i < kSamples; ++i) {
        windowed[i] = static_cast<std::int16_t>(samples[i] * kWindow[i] >> 12);
    }
}

[[gnu::noinline]] void transform(std::size_t count) {
    std::size_t band = 0; // of the feature; Cortex-M0+ divides by a function
    for (std::size_t i = 0; i < count; ++i) {
        const std::int16_t* filter = &kFilters[band * kTaps];
        band = band + 1 == kBands ? 0 : band + 1;
        std::int32_t sum = 0;
        for (std::size_t k = 0; k < kTaps; ++k) {
            sum += windowed[(3 * i + k) % kSamples] * filter[k];
        }
        spectrum[i] = sum;
    }
}

[[gnu::noinline]] void quantise(std::int8_t* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const std::int32_t value = spectrum[i] >> 18;
        out[i] = static_cast<std::int8_t>(value < -128 ? -128 : value > 127 ? 127 : value);
    }
}

[[gnu::noinline]] void computeFeatures(const NetworkEnds& ends) {
    applyWindow();
    transform(ends.inputBytes);
    quantise(ends.input, ends.inputBytes);
    asm volatile("" ::: "memory"); // no tail call
}

[[gnu::noinline]] void lookAt(const NetworkEnds& ends) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < ends.outputBytes; ++i) {
        sum = sum * 31 + static_cast<std::uint8_t>(ends.output[i]);
    }
    printHex(sum);
    print("\n");
}

} // namespace

int main() {
    boardInit();
    NetworkEnds ends{};
    if (simprof::networks::networkPrepare(ends).what != nullptr || ends.inputBytes > kMostFeatures) {
        boardExit(1);
    }
    for (std::uint32_t round = 0; round < 4; ++round) {
        takeSamples(round);
        computeFeatures(ends);
        if (simprof::networks::networkInvoke().what != nullptr) {
            boardExit(1);
        }
        lookAt(ends);
    }
    consoleFlush();
    boardExit(0);
}
