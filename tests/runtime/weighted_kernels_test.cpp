// SPDX-License-Identifier: GPL-2.0-or-later
// The kernels with weights against the quantised mathematics in double precision, and against each other.
#include <cmath>
#include <ostream>

#include <gtest/gtest.h>

#include "test_support.h"

namespace simprof::runtime {
namespace {

struct Shape {
    const char* name;
    std::int32_t height, width, depth, channels;
    std::int32_t kernelHeight, kernelWidth, stride, dilation;
    Padding padding;

    friend std::ostream& operator<<(std::ostream& out, const Shape& shape) { return out << shape.name; }
};

/// Everything a weighted kernel reads, made by rule from a shape; factors differ from channel to channel.
class Layer {
public:
    Layer(const Shape& shape, bool depthwise)
        : m_depthwise(depthwise)
        , m_numbers(shape.depth * 31U + shape.channels) {
        Window& window = params.window;
        window = {shape.height,
                  shape.width,
                  shape.depth,
                  0,
                  0,
                  shape.channels,
                  shape.kernelHeight,
                  shape.kernelWidth,
                  shape.stride,
                  shape.stride,
                  shape.dilation,
                  shape.dilation,
                  0,
                  0};
        window.outputHeight = outputSize(shape, shape.height, shape.kernelHeight);
        window.outputWidth = outputSize(shape, shape.width, shape.kernelWidth);
        window.padTop = paddingBefore(shape.padding, shape.height, window.outputHeight, shape.kernelHeight,
                                      shape.stride, shape.dilation);
        window.padLeft = paddingBefore(shape.padding, shape.width, window.outputWidth, shape.kernelWidth, shape.stride,
                                       shape.dilation);
        params.inputOffset = 128;
        params.outputOffset = -7;
        params.range = {-100, 120};
        const std::int32_t taps = shape.kernelHeight * shape.kernelWidth * (depthwise ? 1 : shape.depth);
        input = m_numbers.bytes(static_cast<std::size_t>(shape.height) * shape.width * shape.depth);
        filter = m_numbers.bytes(static_cast<std::size_t>(taps) * shape.channels);
        for (std::int32_t channel = 0; channel < shape.channels; ++channel) {
            bias.push_back(m_numbers.between(-20000, 20000));
            reals.push_back(m_numbers.between(50, 200) / (10000.0 * std::sqrt(taps)));
            const Multiplier factor = quantizeMultiplier(reals.back());
            m_fractions.push_back(factor.fraction);
            m_shifts.push_back(factor.shift);
        }
        params.fractions = m_fractions.data();
        params.shifts = m_shifts.data();
    }

    std::size_t outputBytes() const {
        return static_cast<std::size_t>(params.window.outputHeight) * params.window.outputWidth *
               params.window.outputDepth;
    }

    template<typename Kernels>
    std::vector<std::int8_t> run(const std::int32_t* biasOrNull) const {
        std::vector<std::int8_t> output(outputBytes(), 99);
        if (m_depthwise) {
            Kernels::depthwiseConv(params, input.data(), filter.data(), biasOrNull, output.data());
        } else {
            std::vector<std::uint32_t> scratch((Kernels::convScratchBytes(params) + 3) / 4);
            Kernels::conv(params, input.data(), filter.data(), biasOrNull, output.data(), scratch.data());
        }
        return output;
    }

    /// The real value of an output element before rounding, offset and clamping; from the definition, tap by tap.
    double real(std::int32_t y, std::int32_t x, std::int32_t channel, bool withBias) const {
        const Window& w = params.window;
        double sum = withBias ? bias[channel] : 0;
        for (std::int32_t ky = 0; ky < w.kernelHeight; ++ky) {
            for (std::int32_t kx = 0; kx < w.kernelWidth; ++kx) {
                const std::int32_t iy = y * w.strideHeight - w.padTop + ky * w.dilationHeight;
                const std::int32_t ix = x * w.strideWidth - w.padLeft + kx * w.dilationWidth;
                if (iy < 0 || iy >= w.inputHeight || ix < 0 || ix >= w.inputWidth) {
                    continue;
                }
                const std::int32_t pixel = (iy * w.inputWidth + ix) * w.inputDepth;
                if (m_depthwise) {
                    const std::int32_t from = pixel + channel / (w.outputDepth / w.inputDepth);
                    sum += filter[(ky * w.kernelWidth + kx) * w.outputDepth + channel] *
                           static_cast<double>(input[from] + params.inputOffset);
                    continue;
                }
                for (std::int32_t c = 0; c < w.inputDepth; ++c) {
                    sum += filter[((channel * w.kernelHeight + ky) * w.kernelWidth + kx) * w.inputDepth + c] *
                           static_cast<double>(input[pixel + c] + params.inputOffset);
                }
            }
        }
        return sum * reals[channel];
    }

    ConvParams params{};
    std::vector<std::int8_t> input, filter;
    std::vector<std::int32_t> bias;
    std::vector<double> reals;

private:
    static std::int32_t outputSize(const Shape& shape, std::int32_t input, std::int32_t kernel) {
        const std::int32_t reach = (kernel - 1) * shape.dilation + 1;
        return shape.padding == Padding::Same ? (input + shape.stride - 1) / shape.stride
                                              : (input - reach) / shape.stride + 1;
    }

    bool m_depthwise;
    test::Sequence m_numbers;
    std::vector<std::int32_t> m_fractions, m_shifts;
};

void expectNearReal(const Layer& layer, const std::vector<std::int8_t>& output, bool withBias) {
    const Window& w = layer.params.window;
    std::size_t index = 0;
    int inRange = 0;
    for (std::int32_t y = 0; y < w.outputHeight; ++y) {
        for (std::int32_t x = 0; x < w.outputWidth; ++x) {
            for (std::int32_t channel = 0; channel < w.outputDepth; ++channel, ++index) {
                const double real = layer.real(y, x, channel, withBias) + layer.params.outputOffset;
                const double clamped = std::fmin(std::fmax(real, layer.params.range.low), layer.params.range.high);
                ASSERT_LE(std::fabs(output[index] - clamped), 1.0) << y << "," << x << "," << channel;
                inRange += real == clamped ? 1 : 0;
            }
        }
    }
    EXPECT_GT(inRange, static_cast<int>(index) / 4) << "the case clamps too much to say anything";
}

constexpr Shape kConvShapes[] = {
    {"pointwise", 4, 5, 8, 6, 1, 1, 1, 1, Padding::Same},
    {"pointwise_odd_depth_and_pixels", 3, 3, 7, 5, 1, 1, 1, 1, Padding::Same},
    {"pointwise_stride_2", 6, 6, 16, 4, 1, 1, 2, 1, Padding::Same},
    {"rgb_3x3_stride_2", 9, 9, 3, 8, 3, 3, 2, 1, Padding::Same},
    {"3x3_same", 6, 5, 8, 7, 3, 3, 1, 1, Padding::Same},
    {"3x3_valid", 6, 5, 4, 2, 3, 3, 1, 1, Padding::Valid},
    {"one_channel_10x4", 20, 10, 1, 6, 10, 4, 2, 1, Padding::Same},
    {"dilated", 9, 9, 4, 3, 3, 3, 1, 2, Padding::Same},
    {"dilated_odd_depth", 9, 8, 3, 4, 3, 3, 1, 3, Padding::Same},
    {"window_greater_than_image", 2, 2, 4, 4, 5, 5, 1, 1, Padding::Same},
    {"one_pixel_one_tap", 1, 1, 1, 16, 1, 1, 1, 1, Padding::Valid},
};

constexpr Shape kDepthwiseShapes[] = {
    {"3x3", 6, 5, 8, 8, 3, 3, 1, 1, Padding::Same},
    {"3x3_stride_2", 7, 7, 12, 12, 3, 3, 2, 1, Padding::Same},
    {"3x3_valid", 7, 6, 4, 4, 3, 3, 1, 1, Padding::Valid},
    {"odd_depth", 5, 5, 7, 7, 3, 3, 1, 1, Padding::Same},
    {"less_than_four", 5, 5, 3, 3, 3, 3, 1, 1, Padding::Same},
    {"multiplier_8", 10, 6, 1, 8, 5, 4, 2, 1, Padding::Same},
    {"multiplier_2", 5, 5, 4, 8, 3, 3, 1, 1, Padding::Same},
    {"dilated", 9, 9, 4, 4, 3, 3, 1, 2, Padding::Same},
    {"1x3_row", 4, 9, 5, 5, 1, 3, 1, 1, Padding::Same},
};

class Conv : public ::testing::TestWithParam<Shape> {};
class DepthwiseConv : public ::testing::TestWithParam<Shape> {};

void checkLayer(const Layer& layer) {
    const auto plain = layer.run<PlainKernels>(layer.bias.data());
    expectNearReal(layer, plain, true);
    EXPECT_EQ(layer.run<DspKernels>(layer.bias.data()), plain);
    const auto unbiased = layer.run<PlainKernels>(nullptr);
    expectNearReal(layer, unbiased, false);
    EXPECT_EQ(layer.run<DspKernels>(nullptr), unbiased);
}

TEST_P(Conv, IsTheQuantisedConvolution) { checkLayer(Layer(GetParam(), false)); }
INSTANTIATE_TEST_SUITE_P(Shapes, Conv, ::testing::ValuesIn(kConvShapes),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_P(DepthwiseConv, IsTheQuantisedConvolution) { checkLayer(Layer(GetParam(), true)); }
INSTANTIATE_TEST_SUITE_P(Shapes, DepthwiseConv, ::testing::ValuesIn(kDepthwiseShapes),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(FullyConnected, IsTheQuantisedProduct) {
    for (const std::int32_t depth : {1, 3, 4, 10, 64}) {
        for (const std::int32_t outputs : {1, 2, 7}) {
            for (const std::int32_t factorStep : {0, 1}) {
                test::Sequence numbers(static_cast<std::uint32_t>(depth * 10 + outputs));
                constexpr std::int32_t kRows = 2;
                const auto input = numbers.bytes(static_cast<std::size_t>(kRows * depth));
                const auto weights = numbers.bytes(static_cast<std::size_t>(depth * outputs));
                std::vector<std::int32_t> bias, fractions, shifts;
                std::vector<double> reals;
                for (std::int32_t i = 0; i < outputs; ++i) {
                    bias.push_back(numbers.between(-3000, 3000));
                    reals.push_back(numbers.between(50, 200) / (10000.0 * std::sqrt(depth)));
                    fractions.push_back(quantizeMultiplier(reals.back()).fraction);
                    shifts.push_back(quantizeMultiplier(reals.back()).shift);
                }
                const FullyConnectedParams params{
                    kRows, depth, outputs, 5, 3, {-128, 127}, fractions.data(), shifts.data(), factorStep};
                std::vector<std::int8_t> plain(static_cast<std::size_t>(kRows * outputs)), dsp(plain.size());
                PlainKernels::fullyConnected(params, input.data(), weights.data(), bias.data(), plain.data(), nullptr);
                std::vector<std::uint32_t> scratch(DspKernels::fullyConnectedScratchBytes(params) / 4);
                DspKernels::fullyConnected(params, input.data(), weights.data(), bias.data(), dsp.data(),
                                           scratch.data());
                EXPECT_EQ(plain, dsp) << depth << " to " << outputs;
                for (std::int32_t i = 0; i < kRows * outputs; ++i) {
                    double sum = bias[i % outputs];
                    for (std::int32_t k = 0; k < depth; ++k) {
                        sum +=
                            static_cast<double>(input[i / outputs * depth + k] + 5) * weights[i % outputs * depth + k];
                    }
                    const double real = sum * reals[factorStep ? i % outputs : 0] + 3;
                    ASSERT_LE(std::fabs(plain[i] - std::fmin(std::fmax(real, -128), 127)), 1.0)
                        << depth << " to " << outputs << ", element " << i;
                }
            }
        }
    }
}

} // namespace
} // namespace simprof::runtime
