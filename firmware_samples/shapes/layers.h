// SPDX-License-Identifier: GPL-2.0-or-later
// Kernels and two small networks, which the programs of this folder run each in another way. Nothing describes them in
// the image. Multiply-accumulates by hand: first 8*8*4 * 9 = 2304, second 6*6*4 * 9*4 = 5184, dense 10 * 36 = 360.
#pragma once

#include "bsp/board.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace shapes {

using Values = const std::int8_t*;

/// `count` weights that look like some.
template<std::size_t count>
constexpr std::array<std::int8_t, count> weights(std::uint32_t seed) {
    std::array<std::int8_t, count> values{};
    for (std::int8_t& value : values) {
        seed = seed * 1664525 + 1013904223;
        value = static_cast<std::int8_t>(static_cast<std::int32_t>(seed >> 26) - 32);
    }
    return values;
}

constexpr std::int8_t scaled(std::int32_t sum) {
    const std::int32_t value = sum >> 6;
    return static_cast<std::int8_t>(value < -128 ? -128 : value > 127 ? 127 : value);
}

/// 3x3 kernels over a square of `side`, without padding.
[[gnu::noinline]] inline void conv(Values in, Values kernels, std::int8_t* out, int side, int from, int to) {
    for (int y = 0; y < side - 2; ++y) {
        for (int x = 0; x < side - 2; ++x) {
            Values kernel = kernels;
            for (int channel = 0; channel < to; ++channel) {
                std::int32_t sum = 0;
                for (int ky = 0; ky < 3; ++ky) {
                    Values row = in + ((y + ky) * side + x) * from;
                    for (int i = 0; i < 3 * from; ++i) {
                        sum += row[i] * *kernel++;
                    }
                }
                *out++ = scaled(sum);
            }
        }
    }
}

/// Greatest of 2x2.
[[gnu::noinline]] inline void pool(Values in, std::int8_t* out, int side, int channels) {
    for (int y = 0; y + 1 < side; y += 2) {
        for (int x = 0; x + 1 < side; x += 2) {
            for (int channel = 0; channel < channels; ++channel) {
                Values at = in + (y * side + x) * channels + channel;
                const std::int8_t upper = at[0] > at[channels] ? at[0] : at[channels];
                at += side * channels;
                const std::int8_t lower = at[0] > at[channels] ? at[0] : at[channels];
                *out++ = upper > lower ? upper : lower;
            }
        }
    }
}

[[gnu::noinline]] inline void dense(Values in, Values matrix, std::int8_t* out, int from, int to) {
    for (int row = 0; row < to; ++row) {
        std::int32_t sum = 0;
        for (int i = 0; i < from; ++i) {
            sum += in[i] * *matrix++;
        }
        out[row] = scaled(sum);
    }
}

inline constexpr auto kFirst = weights<9 * 4>(1);
inline constexpr auto kSecond = weights<9 * 4 * 4>(2);
inline constexpr auto kDense = weights<36 * 10>(3);

inline std::int8_t input[10 * 10];
inline std::int8_t first[8 * 8 * 4];
inline std::int8_t second[6 * 6 * 4];
inline std::int8_t pooled[3 * 3 * 4];
inline std::int8_t scores[10];

/// The `number`-th picture.
[[gnu::noinline]] inline void takePicture(std::uint32_t number) {
    for (std::size_t i = 0; i < sizeof input; ++i) {
        input[i] = static_cast<std::int8_t>((i * 37 + number * 11) % 61);
    }
}

[[gnu::noinline]] inline std::size_t best(Values values, std::size_t count) {
    std::size_t at = 0;
    for (std::size_t i = 1; i < count; ++i) {
        at = values[i] > values[at] ? i : at;
    }
    return at;
}

/// The whole program: `run` sees three pictures.
template<typename Run>
[[noreturn]] void showThreePictures(Run run) {
    boardInit();
    for (std::uint32_t picture = 0; picture < 3; ++picture) {
        takePicture(picture);
        run();
        printUnsigned(best(scores, 10));
        print("\n");
    }
    consoleFlush();
    boardExit(0);
}

} // namespace shapes
