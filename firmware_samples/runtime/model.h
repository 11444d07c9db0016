// SPDX-License-Identifier: GPL-2.0-or-later
// The parts of the TensorFlow Lite schema (version 3) that inference needs, by field number. The numbers are the
// positions of the fields in models/tflite.fbs; a union counts for two.
#pragma once

#include "runtime/flatbuffer.h"

namespace simprof::runtime {

enum class TensorType : std::int32_t { Float32 = 0, Int32 = 2, Int64 = 4, Int8 = 9 };

enum class BuiltinOperator : std::int32_t {
    Add = 0,
    AveragePool2d = 1,
    Conv2d = 3,
    DepthwiseConv2d = 4,
    FullyConnected = 9,
    MaxPool2d = 17,
    Reshape = 22,
    Softmax = 25,
    Pad = 34,
    Mean = 40,
};

enum class Padding : std::int8_t { Same = 0, Valid = 1 };

enum class Activation : std::int8_t { None = 0, Relu = 1, ReluN1To1 = 2, Relu6 = 3 };

/// How the integers of a tensor stand for real numbers: real = scale * (q - zeroPoint).
class QuantizationView {
public:
    explicit QuantizationView(FlatTable table)
        : m_scales(table.vector(2))
        , m_zeroPoints(table.vector(3)) {}

    std::int32_t scaleCount() const { return m_scales.size(); }
    /// Scale of `channel`, or the only one; 0 if the tensor is not quantised.
    float scale(std::int32_t channel = 0) const {
        return m_scales.size() == 0 ? 0.0F : m_scales.at<float>(m_scales.size() == 1 ? 0 : channel);
    }
    std::int32_t zeroPoint() const {
        return m_zeroPoints.size() == 0 ? 0 : static_cast<std::int32_t>(m_zeroPoints.at<std::int64_t>(0));
    }

private:
    FlatVector m_scales;
    FlatVector m_zeroPoints;
};

/// One tensor of the graph.
class TensorView {
public:
    explicit TensorView(FlatTable table)
        : m_table(table) {}

    FlatVector shape() const { return m_table.vector(0); }
    TensorType type() const { return static_cast<TensorType>(m_table.scalar<std::int8_t>(1, 0)); }
    std::uint32_t buffer() const { return m_table.scalar<std::uint32_t>(2, 0); }
    const char* name() const { return reinterpret_cast<const char*>(m_table.vector(3).data()); }
    QuantizationView quantization() const { return QuantizationView(m_table.table(4)); }

private:
    FlatTable m_table;
};

/// One operator of the graph.
class OperatorView {
public:
    explicit OperatorView(FlatTable table)
        : m_table(table) {}

    std::uint32_t opcodeIndex() const { return m_table.scalar<std::uint32_t>(0, 0); }
    FlatVector inputs() const { return m_table.vector(1); }
    FlatVector outputs() const { return m_table.vector(2); }
    FlatTable options() const { return m_table.table(4); }

private:
    FlatTable m_table;
};

/// A .tflite file with one subgraph.
class ModelView {
public:
    ModelView() = default;
    /// `file` must be 16-byte aligned and outlive the view; call isValid() before anything else.
    explicit ModelView(const std::uint8_t* file)
        : m_file(file) {
        if (isValid()) {
            m_model = FlatTable(file + loadScalar<std::uint32_t>(file));
            m_graph = FlatTable(m_model.vector(2).target(0));
        }
    }

    bool isValid() const {
        return m_file && m_file[4] == 'T' && m_file[5] == 'F' && m_file[6] == 'L' && m_file[7] == '3' &&
               FlatTable(m_file + loadScalar<std::uint32_t>(m_file)).vector(2).size() == 1;
    }
    std::int32_t tensorCount() const { return m_graph.vector(0).size(); }
    TensorView tensor(std::int32_t index) const { return TensorView(FlatTable(m_graph.vector(0).target(index))); }
    FlatVector inputs() const { return m_graph.vector(1); }
    FlatVector outputs() const { return m_graph.vector(2); }
    std::int32_t operatorCount() const { return m_graph.vector(3).size(); }
    OperatorView operatorAt(std::int32_t index) const {
        return OperatorView(FlatTable(m_graph.vector(3).target(index)));
    }

    /// The schema keeps small codes in an older 8-bit field and all codes in a newer one: the greater is meant.
    BuiltinOperator builtinCode(const OperatorView& op) const {
        const FlatTable code(m_model.vector(1).target(static_cast<std::int32_t>(op.opcodeIndex())));
        const std::int32_t old = code.scalar<std::int8_t>(0, 0);
        const std::int32_t now = code.scalar<std::int32_t>(3, 0);
        return static_cast<BuiltinOperator>(old > now ? old : now);
    }
    /// Where the tensors were planned to lie in the arena, one number each, as TensorFlow Lite Micro reads the metadata
    /// entry "OfflineMemoryAllocation" (version, subgraph, count, offsets); null when there is none that fits.
    const std::int32_t* offlineOffsets() const {
        const FlatVector entries = m_model.vector(6);
        for (std::int32_t i = 0; i < entries.size(); ++i) {
            const FlatTable entry(entries.target(i));
            const FlatVector plan =
                FlatTable(m_model.vector(4).target(static_cast<std::int32_t>(entry.scalar<std::uint32_t>(1, 0))))
                    .vector(0);
            if (isText(entry.vector(0), "OfflineMemoryAllocation") && plan.size() >= 12 &&
                reinterpret_cast<const IntArray*>(plan.data() + 8)->size == tensorCount()) {
                return reinterpret_cast<const IntArray*>(plan.data() + 8)->data;
            }
        }
        return nullptr;
    }
    /// Bytes of a constant tensor; empty for what is computed.
    FlatVector constantData(const TensorView& tensor) const {
        return FlatTable(m_model.vector(4).target(static_cast<std::int32_t>(tensor.buffer()))).vector(0);
    }

private:
    template<std::int32_t kSize>
    static bool isText(const FlatVector& text, const char (&wanted)[kSize]) {
        bool same = text.size() == kSize - 1;
        for (std::int32_t i = 0; same && i < kSize - 1; ++i) {
            same = text.at<char>(i) == wanted[i];
        }
        return same;
    }

    const std::uint8_t* m_file = nullptr;

protected:
    FlatTable m_model;
    FlatTable m_graph;
};

} // namespace simprof::runtime
