// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/quantize.h"

#include <cmath>
#include <cstring>

namespace simprof::runtime {

Multiplier quantizeMultiplier(double real) {
    // Straight from the bits of the double: sign 1, exponent 11 (bias 1023), mantissa 52 with a hidden one.
    std::uint64_t bits = 0;
    std::memcpy(&bits, &real, sizeof bits);
    const auto exponent = static_cast<std::int32_t>((bits >> 52) & 0x7FFU);
    if (exponent == 0) {
        return {0, 0};
    }
    const std::uint64_t mantissa = (bits & ((std::uint64_t{1} << 52) - 1)) | (std::uint64_t{1} << 52);
    auto fraction = static_cast<std::uint32_t>((mantissa + (std::uint64_t{1} << 21)) >> 22);
    std::int32_t shift = exponent - 1022;
    if (fraction == 0x80000000U) {
        fraction >>= 1;
        ++shift;
    }
    if (shift < -31) {
        return {0, 0};
    }
    return {static_cast<std::int32_t>(fraction), shift};
}

namespace {

std::int32_t quantized(float real, const QuantizationView& output) {
    return output.zeroPoint() + static_cast<std::int32_t>(std::round(real / output.scale()));
}

} // namespace

ClampRange activationRange(Activation activation, const QuantizationView& output) {
    ClampRange range{-128, 127};
    switch (activation) {
    case Activation::None: break;
    case Activation::Relu: range.low = quantized(0.0F, output); break;
    case Activation::Relu6:
        range.low = quantized(0.0F, output);
        range.high = quantized(6.0F, output);
        break;
    case Activation::ReluN1To1:
        range.low = quantized(-1.0F, output);
        range.high = quantized(1.0F, output);
        break;
    }
    return {range.low < -128 ? -128 : range.low, range.high > 127 ? 127 : range.high};
}

std::int32_t paddingBefore(Padding padding, std::int32_t input, std::int32_t output, std::int32_t window,
                           std::int32_t stride, std::int32_t dilation) {
    if (padding == Padding::Valid) {
        return 0;
    }
    const std::int32_t reach = (output - 1) * stride + (window - 1) * dilation + 1;
    return reach > input ? (reach - input) / 2 : 0;
}

} // namespace simprof::runtime
