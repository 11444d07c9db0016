// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference_run.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include <tflite_generated.h>

namespace simprof::test {
namespace {

using tflite::ActivationFunctionType;
using tflite::BuiltinOperator;

class Run {
public:
    explicit Run(const tflite::Model& model)
        : m_model(model)
        , m_graph(*model.subgraphs()->Get(0))
        , m_values(m_graph.tensors()->size()) {
        for (std::uint32_t i = 0; i < m_values.size(); ++i) {
            const auto* data = model.buffers()->Get(tensor(i).buffer())->data();
            if (data) {
                m_values[i].resize(data->size());
                std::memcpy(m_values[i].data(), data->data(), data->size());
            }
        }
    }

    TensorValues operator()(const std::vector<std::int8_t>& input) {
        m_values[at(m_graph.inputs()->Get(0))] = input;
        for (const tflite::Operator* op : *m_graph.operators()) {
            step(*op);
        }
        return std::move(m_values);
    }

private:
    static std::uint32_t at(std::int32_t index) { return static_cast<std::uint32_t>(index); }
    const tflite::Tensor& tensor(std::uint32_t index) const { return *m_graph.tensors()->Get(index); }
    int dim(std::uint32_t index, unsigned axis) const { return tensor(index).shape()->Get(axis); }
    double scale(std::uint32_t index) const { return tensor(index).quantization()->scale()->Get(0); }
    int zero(std::uint32_t index) const { return static_cast<int>(tensor(index).quantization()->zero_point()->Get(0)); }
    double real(std::uint32_t index, std::size_t i) const { return scale(index) * (m_values[index][i] - zero(index)); }
    std::int32_t int32(std::uint32_t index, std::size_t i) const {
        std::int32_t value = 0;
        std::memcpy(&value, m_values[index].data() + 4 * i, 4);
        return value;
    }

    void put(std::uint32_t out, double value, ActivationFunctionType activation) {
        if (activation == ActivationFunctionType::RELU || activation == ActivationFunctionType::RELU6) {
            value = std::max(value, 0.0);
        }
        if (activation == ActivationFunctionType::RELU6) {
            value = std::min(value, 6.0);
        }
        const double q = std::floor(value / scale(out) + 0.5) + zero(out);
        m_values[out].push_back(static_cast<std::int8_t>(std::clamp(q, -128.0, 127.0)));
    }

    void step(const tflite::Operator& op) {
        const auto code = m_model.operator_codes()->Get(op.opcode_index())->builtin_code();
        const std::uint32_t in = at(op.inputs()->Get(0));
        const std::uint32_t out = at(op.outputs()->Get(0));
        m_values[out].clear();
        switch (code) {
        case BuiltinOperator::CONV_2D: {
            const auto& o = *op.builtin_options_as_Conv2DOptions();
            convolve(op, false, o.stride_h(), o.stride_w(), o.padding(), o.fused_activation_function());
            break;
        }
        case BuiltinOperator::DEPTHWISE_CONV_2D: {
            const auto& o = *op.builtin_options_as_DepthwiseConv2DOptions();
            convolve(op, true, o.stride_h(), o.stride_w(), o.padding(), o.fused_activation_function());
            break;
        }
        case BuiltinOperator::FULLY_CONNECTED:
            fullyConnected(op, op.builtin_options_as_FullyConnectedOptions()->fused_activation_function());
            break;
        case BuiltinOperator::ADD:
            for (std::size_t i = 0; i < m_values[in].size(); ++i) {
                put(out, real(in, i) + real(at(op.inputs()->Get(1)), i),
                    op.builtin_options_as_AddOptions()->fused_activation_function());
            }
            break;
        case BuiltinOperator::PAD: pad(in, at(op.inputs()->Get(1)), out); break;
        case BuiltinOperator::RESHAPE: m_values[out] = m_values[in]; break;
        case BuiltinOperator::AVERAGE_POOL_2D:
        case BuiltinOperator::MEAN: average(in, out); break;
        case BuiltinOperator::SOFTMAX: softmax(in, out); break;
        default: throw std::runtime_error("operator without reference");
        }
    }

    void convolve(const tflite::Operator& op, bool depthwise, int strideH, int strideW, tflite::Padding padding,
                  ActivationFunctionType activation) {
        const std::uint32_t in = at(op.inputs()->Get(0)), filter = at(op.inputs()->Get(1));
        const std::uint32_t bias = at(op.inputs()->Get(2)), out = at(op.outputs()->Get(0));
        const int h = dim(in, 1), w = dim(in, 2), inputs = dim(in, 3), kh = dim(filter, 1), kw = dim(filter, 2);
        const int oh = dim(out, 1), ow = dim(out, 2), channels = dim(out, 3);
        const bool same = padding == tflite::Padding::SAME;
        const int top = same ? std::max(0, (oh - 1) * strideH + kh - h) / 2 : 0;
        const int left = same ? std::max(0, (ow - 1) * strideW + kw - w) / 2 : 0;
        const int depth = depthwise ? 1 : inputs;
        for (int pixel = 0; pixel < oh * ow; ++pixel) {
            const int y0 = pixel / ow * strideH - top, x0 = pixel % ow * strideW - left;
            for (int c = 0; c < channels; ++c) {
                std::int64_t sum = int32(bias, static_cast<std::size_t>(c));
                for (int tap = 0; tap < kh * kw; ++tap) {
                    const int y = y0 + tap / kw, x = x0 + tap % kw;
                    if (y < 0 || y >= h || x < 0 || x >= w) {
                        continue;
                    }
                    for (int i = 0; i < depth; ++i) {
                        const int value = (y * w + x) * inputs + (depthwise ? c : i);
                        const int weight = depthwise ? tap * channels + c : (c * kh * kw + tap) * inputs + i;
                        sum += (m_values[in][at(value)] - zero(in)) * m_values[filter][at(weight)];
                    }
                }
                const double scaling = scale(in) * tensor(filter).quantization()->scale()->Get(at(c));
                put(out, static_cast<double>(sum) * scaling, activation);
            }
        }
    }

    void fullyConnected(const tflite::Operator& op, ActivationFunctionType activation) {
        const std::uint32_t in = at(op.inputs()->Get(0)), filter = at(op.inputs()->Get(1));
        const std::uint32_t bias = at(op.inputs()->Get(2)), out = at(op.outputs()->Get(0));
        const std::size_t count = m_values[in].size();
        for (std::size_t c = 0; c < at(dim(filter, 0)); ++c) {
            std::int64_t sum = int32(bias, c);
            for (std::size_t i = 0; i < count; ++i) {
                sum += (m_values[in][i] - zero(in)) * m_values[filter][c * count + i];
            }
            put(out, static_cast<double>(sum) * scale(in) * scale(filter), activation);
        }
    }

    void pad(std::uint32_t in, std::uint32_t amounts, std::uint32_t out) {
        const int top = int32(amounts, 2), left = int32(amounts, 4);
        for (int i = 0; i < dim(out, 1) * dim(out, 2) * dim(out, 3); ++i) {
            const int channel = i % dim(out, 3), pixel = i / dim(out, 3);
            const int y = pixel / dim(out, 2) - top, x = pixel % dim(out, 2) - left;
            const bool inside = y >= 0 && y < dim(in, 1) && x >= 0 && x < dim(in, 2);
            m_values[out].push_back(inside ? m_values[in][at((y * dim(in, 2) + x) * dim(in, 3) + channel)]
                                           : static_cast<std::int8_t>(zero(in)));
        }
    }

    /// Over the whole image.
    void average(std::uint32_t in, std::uint32_t out) {
        const std::size_t channels = at(dim(in, 3)), pixels = m_values[in].size() / channels;
        for (std::size_t c = 0; c < channels; ++c) {
            double sum = 0;
            for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
                sum += real(in, pixel * channels + c);
            }
            put(out, sum / static_cast<double>(pixels), ActivationFunctionType::NONE);
        }
    }

    void softmax(std::uint32_t in, std::uint32_t out) {
        double total = 0;
        const int highest = *std::ranges::max_element(m_values[in]);
        for (const std::int8_t value : m_values[in]) {
            total += std::exp(scale(in) * (value - highest));
        }
        for (const std::int8_t value : std::vector(m_values[in])) {
            put(out, std::exp(scale(in) * (value - highest)) / total, ActivationFunctionType::NONE);
        }
    }

    const tflite::Model& m_model;
    const tflite::SubGraph& m_graph;
    TensorValues m_values;
};

} // namespace

TensorValues runReference(std::span<const std::byte> file, const std::vector<std::int8_t>& input) {
    return Run(*tflite::GetModel(file.data()))(input);
}

} // namespace simprof::test
