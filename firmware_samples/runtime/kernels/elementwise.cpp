// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstring>

#include "runtime/kernels/kernels.h"

namespace simprof::runtime {

void add(const AddParams& caller, const std::int8_t* first, const std::int8_t* second, std::int8_t* output) {
    const AddParams params = caller;       // a copy: output bytes may alias the caller's
    constexpr std::int32_t kHeadroom = 20; // bits by which inputs are raised before scaling
    for (std::int32_t i = 0; i < params.count; ++i) {
        const std::int32_t a = shiftLeft(first[i] + params.firstOffset, kHeadroom);
        const std::int32_t b = shiftLeft(second[i] + params.secondOffset, kHeadroom);
        const std::int32_t sum = multiplyByQuantized(a, params.first.fraction, params.first.shift) +
                                 multiplyByQuantized(b, params.second.fraction, params.second.shift);
        const std::int32_t scaled =
            multiplyByQuantized(sum, params.output.fraction, params.output.shift) + params.outputOffset;
        output[i] = static_cast<std::int8_t>(clamp(scaled, params.range.low, params.range.high));
    }
}

void mean(const MeanParams& params, const std::int8_t* input, std::int8_t* output, std::int32_t* sums) {
    const std::int32_t depth = params.depth;
    const std::int32_t start = -params.inputZeroPoint * params.pixels;
    for (std::int32_t channel = 0; channel < depth; ++channel) {
        sums[channel] = start;
    }
    for (std::int32_t pixel = 0; pixel < params.pixels; ++pixel) {
        for (std::int32_t channel = 0; channel < depth; ++channel) {
            sums[channel] += *input++;
        }
    }
    for (std::int32_t channel = 0; channel < depth; ++channel) {
        const std::int32_t scaled =
            multiplyByQuantized(sums[channel], params.output.fraction, params.output.shift) + params.outputZeroPoint;
        output[channel] = static_cast<std::int8_t>(clamp(scaled, -128, 127));
    }
}

void pad(const PadParams& params, const std::int8_t* input, std::int8_t* output) {
    const std::int32_t* size = params.output;
    // In order, so that the output may lie over what has been read of the input.
    std::int8_t* written = output;
    const auto fillTo = [&](std::int8_t* end) {
        std::memset(written, params.value, static_cast<std::size_t>(end - written));
        written = end;
    };
    const auto run = static_cast<std::size_t>(params.input[3]);
    for (std::int32_t n = 0; n < params.input[0]; ++n) {
        for (std::int32_t y = 0; y < params.input[1]; ++y) {
            for (std::int32_t x = 0; x < params.input[2]; ++x, input += run) {
                const std::int32_t row = (n + params.before[0]) * size[1] + y + params.before[1];
                fillTo(output + (row * size[2] + x + params.before[2]) * size[3] + params.before[3]);
                std::memcpy(written, input, run);
                written += run;
            }
        }
    }
    fillTo(output + size[0] * size[1] * size[2] * size[3]);
}

void copy(const std::int8_t* input, std::int8_t* output, std::size_t bytes) { std::memcpy(output, input, bytes); }

} // namespace simprof::runtime
