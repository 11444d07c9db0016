// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/network/macs.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace simprof {
namespace {

/// An operator with its tensors.
class Operands {
public:
    Operands(const NetworkOperator& op, std::span<const NetworkTensor> tensors)
        : m_op(op)
        , m_tensors(tensors) {}
    /// Null for an optional input that is not there.
    const NetworkTensor* input(std::size_t position) const { return at(m_op.inputs, position); }
    const NetworkTensor* output() const { return at(m_op.outputs, 0); }
    std::size_t outputs() const { return m_op.outputs.size(); }

private:
    const NetworkTensor* at(const std::vector<std::int32_t>& list, std::size_t position) const {
        return position < list.size() && list[position] >= 0 ? &m_tensors[static_cast<std::size_t>(list[position])]
                                                             : nullptr;
    }
    const NetworkOperator& m_op;
    std::span<const NetworkTensor> m_tensors;
};

/// One dimension; 0 when there is no such one.
std::uint64_t dimension(const NetworkTensor& tensor, std::size_t index) {
    return index < tensor.shape.size() && tensor.shape[index] > 0 ? static_cast<std::uint64_t>(tensor.shape[index]) : 0;
}

std::uint64_t last(const NetworkTensor& tensor) {
    return tensor.shape.empty() ? 0 : dimension(tensor, tensor.shape.size() - 1);
}

/// Each output value adds up what the filter holds for its channel.
MacCount filtered(const Operands& operands, std::size_t rank, std::size_t channelDimension) {
    const NetworkTensor* filter = operands.input(1);
    const NetworkTensor* output = operands.output();
    if (operands.input(0) == nullptr || filter == nullptr || output == nullptr || operands.outputs() != 1) {
        return {0, "lacks an input, a filter or an output"};
    }
    if (filter->shape.size() != rank || output->shape.empty() || (rank > 2 && output->shape.size() != rank)) {
        return {0, "has a filter or an output with the wrong number of dimensions"};
    }
    const std::uint64_t channels = dimension(*filter, channelDimension);
    if (channels == 0 || output->elements % channels != 0 || (rank > 2 && last(*output) != channels)) {
        return {0, "has a filter that does not fit its output"};
    }
    return {output->elements * (filter->elements / channels)};
}

/// Filter: output channels, rows, columns, input channels.
MacCount convolution(const Operands& operands) { return filtered(operands, 4, 0); }
/// Filter: 1, rows, columns, output channels.
MacCount depthwise(const Operands& operands) { return filtered(operands, 4, 3); }
/// Filter: depth, rows, columns, input channels, output channels.
MacCount convolution3d(const Operands& operands) { return filtered(operands, 5, 4); }
/// Filter: output channels, inputs.
MacCount fullyConnected(const Operands& operands) { return filtered(operands, 2, 0); }

/// Inputs: output shape, filter (output channels, rows, columns, input channels), data. Each value of the data is
/// multiplied with the whole filter of its channel.
MacCount transposedConvolution(const Operands& operands) {
    const NetworkTensor* filter = operands.input(1);
    const NetworkTensor* data = operands.input(2);
    const std::uint64_t channels = filter == nullptr ? 0 : last(*filter);
    return {data == nullptr || channels == 0 ? 0 : data->elements * (filter->elements / channels)};
}

/// Both matrices' last two dimensions are multiplied; the inner one is the data's that is not the output's.
MacCount matrixProduct(const Operands& operands) {
    const NetworkTensor* data = operands.input(0);
    const NetworkTensor* output = operands.output();
    if (data == nullptr || output == nullptr || data->shape.size() < 2 || output->shape.size() < 2) {
        return {};
    }
    const std::size_t row = data->shape.size() - 2;
    const bool transposed = dimension(*data, row) != dimension(*output, output->shape.size() - 2);
    return {output->elements * dimension(*data, transposed ? row : row + 1)};
}

/// Data, feature weights (filters, inputs), time weights (filters, memory): all of both for each row of the data.
MacCount svdf(const Operands& operands) {
    const NetworkTensor* data = operands.input(0);
    const NetworkTensor* features = operands.input(1);
    const NetworkTensor* times = operands.input(2);
    if (data == nullptr || features == nullptr || times == nullptr || last(*data) == 0) {
        return {};
    }
    return {data->elements / last(*data) * (features->elements + times->elements)};
}

/// All matrices among the inputs [first, end) for each time step of the data.
std::uint64_t steps(const Operands& operands, std::size_t first, std::size_t end) {
    const NetworkTensor* data = operands.input(0);
    std::uint64_t weights = 0;
    for (std::size_t position = first; position < end; ++position) {
        const NetworkTensor* matrix = operands.input(position);
        weights += matrix != nullptr && matrix->shape.size() == 2 ? matrix->elements : 0;
    }
    return data == nullptr || last(*data) == 0 ? 0 : data->elements / last(*data) * weights;
}

/// Inputs 1 to 4 multiply the data, 5 to 8 the output of the step before, 16 is the projection.
MacCount lstm(const Operands& operands) { return {steps(operands, 1, 9) + steps(operands, 16, 17)}; }
/// Inputs 1 and 2 multiply the data and the state.
MacCount rnn(const Operands& operands) { return {steps(operands, 1, 3)}; }

constexpr std::int32_t kCustom = 32; ///< NetworkOperator::builtinCode of operators with names of their own

struct Rule {
    std::string_view op;
    MacCount (*count)(const Operands&);
};

/// Operators that add up products; the layouts are those of the operators' documentation in TensorFlow Lite.
constexpr auto kRules = std::to_array<Rule>({
    {"CONV_2D", convolution},
    {"DEPTHWISE_CONV_2D", depthwise},
    {"CONV_3D", convolution3d},
    {"FULLY_CONNECTED", fullyConnected},
    {"TRANSPOSE_CONV", transposedConvolution},
    {"BATCH_MATMUL", matrixProduct},
    {"SVDF", svdf},
    {"LSTM", lstm},
    {"UNIDIRECTIONAL_SEQUENCE_LSTM", lstm},
    {"RNN", rnn},
    {"UNIDIRECTIONAL_SEQUENCE_RNN", rnn},
});

} // namespace

MacCount macsOf(const NetworkOperator& op, std::span<const NetworkTensor> tensors) {
    const auto rule = std::ranges::find(kRules, op.name, &Rule::op);
    return rule == kRules.end() || op.builtinCode == kCustom ? MacCount{} : rule->count({op, tensors});
}

} // namespace simprof
