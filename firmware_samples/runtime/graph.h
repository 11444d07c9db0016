// SPDX-License-Identifier: GPL-2.0-or-later
// What an operator sees of the graph while it is prepared and run. Shapes and lists of tensors stay in the model.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/model.h"

namespace simprof::runtime {

enum class Status : std::int32_t {
    Ok,
    BadModel,            ///< not a TensorFlow Lite model with one subgraph
    UnsupportedOperator, ///< no kernel, or a shape, type or option that the kernel does not take
    ArenaTooSmall,
};

/// A tensor at run time: its bytes, its shape vector in the model, its type.
struct EvalTensor {
    void* data;
    const IntArray* dims;
    TensorType type;
};

/// An operator at run time: its input and output lists in the model, its options there, what prepare() kept for
/// invoke().
struct Node {
    const IntArray* inputs;
    const IntArray* outputs;
    const std::uint8_t* options;
    void* userData;
};

/// Memory of one network: planned tensors and scratch grow from the bottom, what lives for ever from the top downwards.
class Arena {
public:
    Arena(std::uint8_t* base, std::size_t size);

    /// `bytes` for ever; null when full.
    void* allocatePersistent(std::size_t bytes);
    template<typename T>
    T* allocatePersistent(std::size_t count = 1) {
        return static_cast<T*>(allocatePersistent(count * sizeof(T)));
    }
    std::uint8_t* base() const { return m_base; }
    /// Bytes between the bottom and what lives for ever.
    std::size_t headRoom() const { return m_tail; }
    std::size_t size() const { return m_size; }

private:
    std::uint8_t* m_base;
    std::size_t m_size;
    std::size_t m_tail;
};

/// Memory an operator needs only while it runs.
struct ScratchRequest {
    std::int32_t bytes;
    std::int32_t node;
};

/// Handed to every operator.
struct Context {
    const ModelView* model;
    EvalTensor* tensors;
    Arena* arena;
    void** scratch;           ///< by index of request; filled before the first run
    ScratchRequest* requests; ///< while preparing
    std::int32_t requestCount;
    std::int32_t currentNode;

    /// Index under which scratch() finds `bytes` of memory during invoke(); call in prepare().
    std::int32_t requestScratch(std::size_t bytes) {
        requests[requestCount] = {static_cast<std::int32_t>(bytes), currentNode};
        return requestCount++;
    }
    void* scratchAt(std::int32_t index) const { return scratch[index]; }

    EvalTensor* input(const Node* node, std::int32_t index) const { return &tensors[node->inputs->data[index]]; }
    /// Input `index`, or null where the operator has none.
    EvalTensor* optionalInput(const Node* node, std::int32_t index) const {
        return index < node->inputs->size && node->inputs->data[index] >= 0 ? input(node, index) : nullptr;
    }
    EvalTensor* output(const Node* node) const { return &tensors[node->outputs->data[0]]; }
    QuantizationView inputQuantization(const Node* node, std::int32_t index) const {
        return model->tensor(node->inputs->data[index]).quantization();
    }
    QuantizationView outputQuantization(const Node* node) const {
        return model->tensor(node->outputs->data[0]).quantization();
    }
};

/// The code of one operator. prepare() runs once, before memory is planned; invoke() once an inference.
struct Registration {
    BuiltinOperator code;
    Status (*prepare)(Context* context, Node* node);
    Status (*invoke)(Context* context, Node* node);
};

/// A table of operators.
struct Registrations {
    const Registration* entries;
    std::int32_t count;
};

/// Elements of a tensor with this shape; 1 for a scalar.
std::int32_t elementCount(const IntArray* dims);

/// Bytes of a tensor; 0 for a type that the runtime does not know.
std::size_t tensorBytes(const EvalTensor& tensor);

} // namespace simprof::runtime
