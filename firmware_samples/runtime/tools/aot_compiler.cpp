// SPDX-License-Identifier: GPL-2.0-or-later
// Ahead-of-time compiler: prepares a network with the interpreter's own code on this machine and writes down what it
// found as C++: weights, factors, planned addresses, one direct kernel call an operator. No model and no interpreter
// are left for the target.
//
//   simprof_aot MODEL.tflite plain|dsp OUT.cpp [NAMESPACE]
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/interpreter.h"
#include "runtime/operators/operators.h"

namespace {

using namespace simprof::runtime;

struct Free {
    void operator()(void* memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<std::uint8_t, Free>;

constexpr std::size_t kArenaBytes = 16 << 20;

Memory alignedMemory(std::size_t bytes) {
    return Memory(static_cast<std::uint8_t*>(std::aligned_alloc(16, (bytes + 15) & ~std::size_t{15})));
}

Memory readModel(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (!file || bytes.size() < 8) {
        throw std::runtime_error("cannot read the model " + path);
    }
    Memory memory = alignedMemory(bytes.size());
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(memory.get()));
    return memory;
}

/// Writes the C++ of one prepared network.
class Writer {
public:
    Writer(Interpreter& interpreter, const std::uint8_t* arena, std::string kernels)
        : m_interpreter(interpreter)
        , m_arena(arena)
        , m_kernels(std::move(kernels)) {}

    std::string write(const std::string& source, const std::string& space) {
        for (std::int32_t i = 0; i < m_interpreter.model().operatorCount(); ++i) {
            writeOperator(i);
        }
        std::ostringstream out;
        out << "// Made from " << source << " by simprof_aot with the " << m_kernels << ".\n"
            << "#include \"networks/network.h\"\n#include \"runtime/kernels/kernels.h\"\n\n"
            << "namespace simprof::networks" << (space.empty() ? "" : "::") << space << " {\nnamespace {\n\n"
            << "using namespace simprof::runtime;\n\n"
            << "alignas(16) std::int8_t memory[" << m_interpreter.plannedBytes() << "];\n\n"
            << m_data.str() << "} // namespace\n\n"
            << "Failure networkPrepare(NetworkEnds& ends) {\n    ends = {"
            << endOf(m_interpreter.input(), m_interpreter.inputQuantization()) << ",\n            "
            << endOf(m_interpreter.output(), m_interpreter.outputQuantization()) << "};\n"
            << "    return {nullptr, 0};\n}\n\n"
            << "Failure networkInvoke() {\n"
            << m_calls.str() << "    return {nullptr, 0};\n}\n\n"
            << "} // namespace simprof::networks" << (space.empty() ? "" : "::") << space << "\n";
        return out.str();
    }

private:
    const Context& context() const { return m_interpreter.context(); }

    std::string planned(const void* address) const {
        return "memory + " + std::to_string(static_cast<const std::uint8_t*>(address) - m_arena);
    }

    std::string endOf(const EvalTensor& tensor, const QuantizationView& quantization) const {
        std::ostringstream out;
        out << planned(tensor.data) << ", " << tensorBytes(tensor) << ", " << std::hexfloat << quantization.scale()
            << "F, " << std::dec << quantization.zeroPoint();
        return out.str();
    }

    template<typename T>
    std::string array(const char* type, const std::string& name, const T* values, std::size_t count) {
        m_data << "alignas(16) constexpr " << type << " " << name << "[" << count << "] = {";
        for (std::size_t i = 0; i < count; ++i) {
            m_data << (i % 32 == 0 ? "\n" : "") << static_cast<long>(values[i]) << ",";
        }
        m_data << "\n};\n\n";
        return name;
    }

    std::string words(const std::string& name, const std::int32_t* values, std::int32_t count) {
        return array("std::int32_t", name, values, static_cast<std::size_t>(count));
    }

    /// A tensor's address as an expression; constants are written down first.
    std::string tensor(std::int32_t index) {
        if (index < 0) {
            return "nullptr";
        }
        const EvalTensor& tensor = context().tensors[index];
        if (m_interpreter.model().constantData(m_interpreter.model().tensor(index)).size() == 0) {
            return planned(tensor.data);
        }
        const std::string name = "kTensor" + std::to_string(index);
        if (index >= static_cast<std::int32_t>(m_written.size())) {
            m_written.resize(static_cast<std::size_t>(index) + 1);
        }
        if (m_written[static_cast<std::size_t>(index)]) {
            return name;
        }
        m_written[static_cast<std::size_t>(index)] = true;
        if (tensor.type == TensorType::Int32) {
            return words(name, static_cast<const std::int32_t*>(tensor.data), elementCount(tensor.dims));
        }
        return array("std::int8_t", name, static_cast<const std::int8_t*>(tensor.data), tensorBytes(tensor));
    }

    std::string input(const Node& node, std::int32_t index) {
        return index < node.inputs->size ? tensor(node.inputs->data[index]) : "nullptr";
    }
    std::string output(const Node& node) { return tensor(node.outputs->data[0]); }
    std::string scratch(std::int32_t index) const { return index < 0 ? "nullptr" : planned(context().scratch[index]); }

    /// The values as text with commas between them.
    template<typename... Values>
    static std::string list(const Values&... values) {
        std::ostringstream out;
        const char* separator = "";
        ((out << separator << values, separator = ", "), ...);
        return out.str();
    }
    template<typename... Values>
    static std::string braced(const Values&... values) {
        return std::string("{").append(list(values...)).append("}");
    }
    static std::string text(const Window& w) {
        return braced(w.inputHeight, w.inputWidth, w.inputDepth, w.outputHeight, w.outputWidth, w.outputDepth,
                      w.kernelHeight, w.kernelWidth, w.strideHeight, w.strideWidth, w.dilationHeight, w.dilationWidth,
                      w.padTop, w.padLeft);
    }
    static std::string text(const ClampRange& range) { return braced(range.low, range.high); }
    static std::string text(const Multiplier& factor) { return braced(factor.fraction, factor.shift); }
    static std::string text(const std::int32_t (&values)[4]) {
        return braced(values[0], values[1], values[2], values[3]);
    }

    void params(const char* type, const std::string& name, const std::string& body) {
        m_data << "constexpr " << type << " " << name << "{" << body << "};\n\n";
    }

    void writeConv(std::int32_t index, const Node& node, bool depthwise) {
        const auto* data = static_cast<const ConvData*>(node.userData);
        const ConvParams& p = data->params;
        const std::string number = std::to_string(index);
        const std::string fractions = words("kFractions" + number, p.fractions, p.window.outputDepth);
        const std::string shifts = words("kShifts" + number, p.shifts, p.window.outputDepth);
        const std::string name = "kConv" + number;
        params("ConvParams", name,
               list(text(p.window), p.inputOffset, p.outputOffset, text(p.range), fractions, shifts));
        const std::string arguments = list(name, input(node, 0), input(node, 1), input(node, 2), output(node));
        if (depthwise) {
            call(m_kernels + "::depthwiseConv", arguments);
        } else {
            call(m_kernels + "::conv", list(arguments, scratch(data->scratch)));
        }
    }

    void writeFullyConnected(std::int32_t index, const Node& node) {
        const auto* data = static_cast<const FullyConnectedData*>(node.userData);
        const FullyConnectedParams& p = data->params;
        const std::string number = std::to_string(index);
        const std::int32_t factors = p.factorStep ? p.outputs : 1;
        const std::string fractions = words("kFractions" + number, p.fractions, factors);
        const std::string shifts = words("kShifts" + number, p.shifts, factors);
        const std::string name = "kDense" + number;
        params("FullyConnectedParams", name,
               list(p.rows, p.depth, p.outputs, p.inputOffset, p.outputOffset, text(p.range), fractions, shifts,
                    p.factorStep));
        call(m_kernels + "::fullyConnected",
             list(name, input(node, 0), input(node, 1), input(node, 2), output(node), scratch(data->scratch)));
    }

    void writePool(std::int32_t index, const Node& node, const char* kernel) {
        const auto* p = static_cast<const PoolParams*>(node.userData);
        const std::string name = "kPool" + std::to_string(index);
        params("PoolParams", name, list(text(p->window), text(p->range)));
        call(kernel, list(name, input(node, 0), output(node)));
    }

    void writeAdd(std::int32_t index, const Node& node) {
        const auto* p = static_cast<const AddParams*>(node.userData);
        const std::string name = "kAdd" + std::to_string(index);
        params("AddParams", name,
               list(p->count, p->firstOffset, p->secondOffset, p->outputOffset, text(p->first), text(p->second),
                    text(p->output), text(p->range)));
        call("add", list(name, input(node, 0), input(node, 1), output(node)));
    }

    void writeSoftmax(std::int32_t index, const Node& node) {
        const auto* p = static_cast<const SoftmaxParams*>(node.userData);
        const std::string name = "kSoftmax" + std::to_string(index);
        params("SoftmaxParams", name, list(p->rows, p->depth, text(p->input), p->minDifference));
        call("softmax", list(name, input(node, 0), output(node)));
    }

    void writeMean(std::int32_t index, const Node& node) {
        const auto* data = static_cast<const MeanData*>(node.userData);
        const MeanParams& p = data->params;
        const std::string name = "kMean" + std::to_string(index);
        params("MeanParams", name, list(p.pixels, p.depth, p.inputZeroPoint, p.outputZeroPoint, text(p.output)));
        const std::string sums = "reinterpret_cast<std::int32_t*>(" + scratch(data->sums) + ")";
        call("mean", list(name, input(node, 0), output(node), sums));
    }

    void writePad(std::int32_t index, const Node& node) {
        const auto* p = static_cast<const PadParams*>(node.userData);
        const std::string name = "kPad" + std::to_string(index);
        params("PadParams", name, list(text(p->input), text(p->before), text(p->output), +p->value));
        call("pad", list(name, input(node, 0), output(node)));
    }

    void call(const std::string& kernel, const std::string& arguments) {
        m_calls << "    " << kernel << "(" << arguments << ");\n";
    }

    void writeOperator(std::int32_t index) {
        const Node& node = m_interpreter.node(index);
        switch (m_interpreter.model().builtinCode(m_interpreter.model().operatorAt(index))) {
        case BuiltinOperator::Add: return writeAdd(index, node);
        case BuiltinOperator::AveragePool2d: return writePool(index, node, "averagePool");
        case BuiltinOperator::MaxPool2d: return writePool(index, node, "maxPool");
        case BuiltinOperator::Conv2d: return writeConv(index, node, false);
        case BuiltinOperator::DepthwiseConv2d: return writeConv(index, node, true);
        case BuiltinOperator::FullyConnected: return writeFullyConnected(index, node);
        case BuiltinOperator::Mean: return writeMean(index, node);
        case BuiltinOperator::Pad: return writePad(index, node);
        case BuiltinOperator::Reshape:
            return call("copy", list(input(node, 0), output(node), tensorBytes(*context().output(&node))));
        case BuiltinOperator::Softmax: return writeSoftmax(index, node);
        }
        throw std::logic_error("an operator that the interpreter knows and this compiler does not");
    }

    Interpreter& m_interpreter;
    const std::uint8_t* m_arena;
    std::string m_kernels;
    std::ostringstream m_data;
    std::ostringstream m_calls;
    std::vector<bool> m_written;
};

int run(const std::vector<std::string>& arguments) {
    if (arguments.size() < 3 || (arguments[1] != "plain" && arguments[1] != "dsp")) {
        std::fprintf(stderr, "usage: simprof_aot MODEL.tflite plain|dsp OUT.cpp [NAMESPACE]\n");
        return 2;
    }
    const bool dsp = arguments[1] == "dsp";
    const Memory model = readModel(arguments[0]);
    const Memory arena = alignedMemory(kArenaBytes);
    Interpreter interpreter(model.get(), dsp ? dspRegistrations() : plainRegistrations(), arena.get(), kArenaBytes);
    if (interpreter.allocate() != Status::Ok) {
        throw std::runtime_error("operator " + std::to_string(interpreter.failedOperator()) + " of " + arguments[0] +
                                 " cannot be compiled");
    }
    const std::string name = arguments[0].substr(arguments[0].find_last_of('/') + 1);
    Writer writer(interpreter, arena.get(), dsp ? "DspKernels" : "PlainKernels");
    std::ofstream out(arguments[2]);
    out << writer.write(name, arguments.size() > 3 ? arguments[3] : "");
    if (!out.flush()) {
        throw std::runtime_error("cannot write " + arguments[2]);
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "simprof_aot: %s\n", error.what());
        return 1;
    }
}
