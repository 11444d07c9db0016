// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/network/network.h"

#include "profiler/network/macs.h"
#include "sim_core/error.h"

#include <tflite_generated.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include <fmt/format.h>

namespace simprof {
namespace {

constexpr std::size_t kMaxRank = 8;
constexpr std::uint64_t kMaxElements = std::numeric_limits<std::int32_t>::max();
constexpr flatbuffers::uoffset_t kMaxTables = 200'000;
constexpr flatbuffers::uoffset_t kMostSubgraphs = 256;

/// Throws the one kind of error this reader has.
[[noreturn]] void corrupt(const std::string& what) {
    throw Error("the .tflite network is corrupt: " + what + "; use the file as its converter wrote it");
}

/// Text from a file that nobody vouches for: anything but printable ASCII becomes '?'.
std::string printable(const flatbuffers::String* text) {
    std::string result = text ? text->str() : std::string();
    std::ranges::replace_if(
        result, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
    return result;
}

/// Bits of one element; 0 where elements have no fixed size.
unsigned elementBits(tflite::TensorType type) {
    using enum tflite::TensorType;
    switch (type) {
    case INT2: return 2;
    case INT4:
    case UINT4: return 4;
    case INT8:
    case UINT8:
    case BOOL:
    case FLOAT8_E4M3FN:
    case FLOAT8_E5M2: return 8;
    case INT16:
    case UINT16:
    case FLOAT16:
    case BFLOAT16: return 16;
    case INT32:
    case UINT32:
    case FLOAT32: return 32;
    case INT64:
    case UINT64:
    case FLOAT64:
    case COMPLEX64: return 64;
    case COMPLEX128: return 128;
    case STRING:
    case RESOURCE:
    case VARIANT: return 0;
    }
    return 0;
}

/// Turns one verified FlatBuffer into a Network, checking what the FlatBuffers verifier cannot know.
class Reader {
public:
    Reader(const tflite::Model& model, std::span<const std::byte> file)
        : m_model(model)
        , m_file(file)
        , m_elementsLeft(4 * file.size()) {}

    Network read() {
        if (m_model.version() != 3) {
            corrupt(fmt::format("format version {} instead of 3", m_model.version()));
        }
        if (!m_model.subgraphs() || m_model.subgraphs()->size() == 0) {
            corrupt("it has no subgraph");
        }
        if (!m_model.buffers()) {
            corrupt("it has no buffers");
        }
        findCompression();
        if (m_model.subgraphs()->size() > kMostSubgraphs) {
            corrupt(fmt::format("it has {} subgraphs", m_model.subgraphs()->size()));
        }
        const tflite::SubGraph& graph = *m_model.subgraphs()->Get(0);
        if (!graph.tensors() || !graph.operators()) {
            corrupt("its subgraph has no tensors or no operators");
        }
        m_network.description = printable(m_model.description());
        for (const tflite::SubGraph* one : *m_model.subgraphs()) {
            readSubgraph(*one);
        }
        m_network.inputs = m_network.subgraphs.front().inputs;
        m_network.outputs = m_network.subgraphs.front().outputs;
        readOperators(0);
        return std::move(m_network);
    }

private:
    using Indices = flatbuffers::Vector<std::int32_t>;

    template<typename T>
    std::uint32_t offsetOf(const T* inFile) const {
        return static_cast<std::uint32_t>(reinterpret_cast<const std::byte*>(inFile) - m_file.data());
    }

    template<typename T>
    std::optional<std::uint32_t> offsetOrNone(const T* inFile) const {
        return inFile ? std::optional(offsetOf(inFile)) : std::nullopt;
    }

    /// Vectors may be shared, so a small file can describe a huge network: what is copied is bounded by the file's
    /// size.
    template<typename T>
    std::vector<T> copy(const flatbuffers::Vector<T>* vector) {
        if (!vector || vector->size() == 0) {
            return {};
        }
        if (vector->size() > m_elementsLeft) {
            corrupt("its vectors overlap");
        }
        m_elementsLeft -= vector->size();
        std::vector<T> result(vector->size());
        // The verifier does not check that 64-bit elements are aligned.
        std::memcpy(result.data(), vector->Data(), result.size() * sizeof(T));
        return result;
    }

    std::string copyText(const flatbuffers::String* text) {
        if (text && text->size() > m_elementsLeft) {
            corrupt("its names overlap");
        }
        m_elementsLeft -= text ? text->size() : 0;
        return printable(text);
    }

    /// Compressed constants are smaller than their shapes say.
    void findCompression() {
        if (!m_model.metadata()) {
            return;
        }
        for (const tflite::Metadata* entry : *m_model.metadata()) {
            m_compressed = m_compressed || (entry->name() && entry->name()->string_view() == "COMPRESSION_METADATA");
        }
    }

    void readSubgraph(const tflite::SubGraph& source) {
        Subgraph graph;
        graph.firstTensor = static_cast<std::uint32_t>(m_network.tensors.size());
        if (source.tensors()) {
            graph.tensorCount = source.tensors()->size();
            for (const tflite::Tensor* tensor : *source.tensors()) {
                m_network.tensors.push_back(readTensor(*tensor, m_network.tensors.size()));
            }
        }
        graph.inputs = tensorIndices(source.inputs(), graph, 0, "the list of inputs");
        graph.outputs = tensorIndices(source.outputs(), graph, 0, "the list of outputs");
        m_network.subgraphs.push_back(std::move(graph));
    }

    NetworkTensor readTensor(const tflite::Tensor& source, std::size_t index) {
        NetworkTensor tensor;
        tensor.name = copyText(source.name());
        tensor.type = tflite::EnumNameTensorType(source.type());
        if (tensor.type.empty()) {
            corrupt(fmt::format("tensor {} has the unknown element type {}", index, static_cast<int>(source.type())));
        }
        tensor.isVariable = source.is_variable();
        tensor.shape = copy(source.shape());
        tensor.shapeOffset = offsetOrNone(source.shape());
        if (tensor.shape.size() > kMaxRank) {
            corrupt(fmt::format("tensor {} has {} dimensions", index, tensor.shape.size()));
        }
        tensor.elements = 1;
        for (const std::int32_t dimension : tensor.shape) {
            if (dimension < 0) {
                corrupt(fmt::format("tensor {} has the negative dimension {}", index, dimension));
            }
            tensor.elements *= static_cast<std::uint64_t>(dimension);
            if (tensor.elements > kMaxElements) {
                corrupt(fmt::format("tensor {} has more than 2^31 elements", index));
            }
        }
        tensor.bytes = (tensor.elements * elementBits(source.type()) + 7) / 8;
        readConstant(source, index, tensor);
        readQuantization(source, index, tensor);
        return tensor;
    }

    void readConstant(const tflite::Tensor& source, std::size_t index, NetworkTensor& tensor) const {
        const auto& buffers = *m_model.buffers();
        if (source.buffer() >= buffers.size()) {
            corrupt(fmt::format("tensor {} names buffer {} of {}", index, source.buffer(), buffers.size()));
        }
        const auto* data = buffers.Get(source.buffer())->data();
        if (!data || data->size() == 0) {
            return;
        }
        const bool dense = tensor.bytes != 0 && !source.sparsity() && !m_compressed;
        if (dense && data->size() != tensor.bytes) {
            corrupt(fmt::format("tensor {} has {} bytes of data but its shape needs {}", index, data->size(),
                                tensor.bytes));
        }
        tensor.constant = FileRange{offsetOf(data->Data()), data->size()};
    }

    void readQuantization(const tflite::Tensor& source, std::size_t index, NetworkTensor& tensor) {
        if (!source.quantization()) {
            return;
        }
        tensor.scale = copy(source.quantization()->scale());
        tensor.zeroPoint = copy(source.quantization()->zero_point());
        tensor.quantizedDimension = source.quantization()->quantized_dimension();
        if (!std::ranges::all_of(tensor.scale, [](float scale) { return std::isfinite(scale); })) {
            corrupt(fmt::format("tensor {} has a scale that is no number", index));
        }
        if (tensor.scale.size() > 1) {
            const auto dimension = static_cast<std::size_t>(tensor.quantizedDimension);
            const auto channels = static_cast<std::int64_t>(tensor.scale.size());
            const bool inRange = tensor.quantizedDimension >= 0 && dimension < tensor.shape.size();
            if (!inRange || channels != tensor.shape[dimension]) {
                // Older converters give a bias the dimension of its filter.
                const auto found = std::ranges::find(tensor.shape, channels);
                if (tensor.quantizedDimension < 0 || found == tensor.shape.end()) {
                    corrupt(fmt::format("tensor {} has {} scales, which is not its number of channels", index,
                                        tensor.scale.size()));
                }
                tensor.quantizedDimension = static_cast<std::int32_t>(found - tensor.shape.begin());
            }
        }
        if (tensor.zeroPoint.size() > std::max<std::size_t>(1, tensor.scale.size())) {
            corrupt(fmt::format("tensor {} has more zero points than scales", index));
        }
    }

    /// Indices into Network::tensors of those that `source` counts from the subgraph's first one; `lowest` is -1 where
    /// an index may be left out.
    std::vector<std::int32_t> tensorIndices(const Indices* source, const Subgraph& graph, std::int32_t lowest,
                                            const std::string& where) {
        std::vector<std::int32_t> indices = copy(source);
        const auto count = static_cast<std::int64_t>(graph.tensorCount);
        for (std::int32_t& index : indices) {
            if (index < lowest || index >= count) {
                corrupt(fmt::format("{} names tensor {} of {}", where, index, count));
            }
            index += index < 0 ? 0 : static_cast<std::int32_t>(graph.firstTensor);
        }
        return indices;
    }

    /// Of a subgraph, and behind each those of the subgraphs that it is the first to name.
    void readOperators(std::uint32_t subgraph) {
        const auto* operators = m_model.subgraphs()->Get(subgraph)->operators();
        for (flatbuffers::uoffset_t place = 0; operators && place < operators->size(); ++place) {
            const tflite::Operator* source = operators->Get(place);
            const Subgraph& graph = m_network.subgraphs[subgraph];
            NetworkOperator op;
            op.index = static_cast<std::uint32_t>(m_network.operators.size());
            op.subgraph = subgraph;
            op.place = place;
            nameOperator(source->opcode_index(), op);
            const std::string where = fmt::format("operator {} ({})", op.index, op.name);
            op.inputs = tensorIndices(source->inputs(), graph, -1, where);
            op.outputs = tensorIndices(source->outputs(), graph, 0, where);
            op.bodies = bodiesOf(*source, where);
            op.inputsOffset = offsetOrNone(source->inputs());
            op.outputsOffset = offsetOrNone(source->outputs());
            const MacCount count = macsOf(op, m_network.tensors);
            if (count.wrong != nullptr) {
                corrupt(fmt::format("{} {}", where, count.wrong));
            }
            op.macs = count.macs;
            const std::vector<std::uint32_t> bodies = op.bodies;
            const std::uint32_t caller = op.index;
            m_network.operators.push_back(std::move(op));
            for (const std::uint32_t body : bodies) {
                if (body != 0 && !m_network.subgraphs[body].caller) {
                    m_network.subgraphs[body].caller = caller;
                    readOperators(body);
                }
            }
        }
    }

    std::vector<std::uint32_t> bodiesOf(const tflite::Operator& op, const std::string& where) const {
        std::vector<std::int32_t> named;
        if (const auto* choice = op.builtin_options_as_IfOptions()) {
            named = {choice->then_subgraph_index(), choice->else_subgraph_index()};
        } else if (const auto* loop = op.builtin_options_as_WhileOptions()) {
            named = {loop->cond_subgraph_index(), loop->body_subgraph_index()};
        } else if (const auto* once = op.builtin_options_as_CallOnceOptions()) {
            named = {once->init_subgraph_index()};
        }
        std::vector<std::uint32_t> bodies;
        for (const std::int32_t subgraph : named) {
            if (subgraph < 0 || static_cast<std::size_t>(subgraph) >= m_network.subgraphs.size()) {
                corrupt(fmt::format("{} names subgraph {} of {}", where, subgraph, m_network.subgraphs.size()));
            }
            bodies.push_back(static_cast<std::uint32_t>(subgraph));
        }
        return bodies;
    }

    void nameOperator(std::uint32_t opcodeIndex, NetworkOperator& op) {
        const auto* codes = m_model.operator_codes();
        if (!codes || opcodeIndex >= codes->size()) {
            corrupt(fmt::format("operator {} names operator code {} of {}", op.index, opcodeIndex,
                                codes ? codes->size() : 0));
        }
        const tflite::OperatorCode& code = *codes->Get(opcodeIndex);
        op.builtinCode = std::max(static_cast<std::int32_t>(code.builtin_code()),
                                  static_cast<std::int32_t>(code.deprecated_builtin_code()));
        const auto builtin = static_cast<tflite::BuiltinOperator>(op.builtinCode);
        if (builtin == tflite::BuiltinOperator::CUSTOM && code.custom_code()) {
            op.name = copyText(code.custom_code());
        } else {
            op.name = tflite::EnumNameBuiltinOperator(builtin);
        }
        if (op.name.empty()) {
            op.name = fmt::format("OPERATOR_{}", op.builtinCode);
        }
    }

    const tflite::Model& m_model;
    std::span<const std::byte> m_file;
    std::uint64_t m_elementsLeft;
    bool m_compressed = false;
    Network m_network;
};

} // namespace

Network readNetwork(std::span<const std::byte> file) {
    constexpr std::size_t kAlignment = alignof(flatbuffers::uoffset_t);
    if (reinterpret_cast<std::uintptr_t>(file.data()) % kAlignment != 0) {
        std::vector<flatbuffers::uoffset_t> aligned(file.size() / kAlignment + 1);
        std::memcpy(aligned.data(), file.data(), file.size());
        return readNetwork(std::as_bytes(std::span(aligned)).first(file.size()));
    }
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(file.data());
    if (file.size() < 8 || !tflite::ModelBufferHasIdentifier(bytes)) {
        throw Error(
            "this is not a .tflite network: the letters TFL3 are missing at byte 4; name a TensorFlow Lite file");
    }
    if (file.size() >= FLATBUFFERS_MAX_BUFFER_SIZE) {
        throw Error("the .tflite network is larger than 2 GB, which its format does not allow");
    }
    flatbuffers::Verifier::Options options;
    options.max_tables = kMaxTables;
    flatbuffers::Verifier verifier(bytes, file.size(), options);
    if (!tflite::VerifyModelBuffer(verifier)) {
        corrupt("an offset in it points to where it cannot");
    }
    Network network = Reader(*tflite::GetModel(bytes), file).read();
    network.usedBytes = static_cast<std::uint32_t>(verifier.GetComputedSize());
    return network;
}

} // namespace simprof
