// SPDX-License-Identifier: GPL-2.0-or-later
// Runs a .tflite in place: the graph is read from the model each time, every kernel is reached through one call site.
#pragma once

#include "runtime/graph.h"

namespace simprof::runtime {

struct PlannedBuffer;

/// One network in one arena.
class Interpreter {
public:
    /// `model` and `arena` must be 16-byte aligned and outlive the interpreter.
    Interpreter(const std::uint8_t* model, Registrations registrations, std::uint8_t* arena, std::size_t arenaBytes);

    /// Reads the graph, prepares every operator once and plans the memory; call once, before invoke().
    Status allocate();

    /// One inference on what input() holds. The input's memory may be used for other tensors meanwhile.
    [[gnu::noinline, gnu::noclone]] Status invoke();

    EvalTensor& input() { return m_context.tensors[m_model.inputs().at<std::int32_t>(0)]; }
    EvalTensor& output() { return m_context.tensors[m_model.outputs().at<std::int32_t>(0)]; }
    QuantizationView inputQuantization() const {
        return m_model.tensor(m_model.inputs().at<std::int32_t>(0)).quantization();
    }
    QuantizationView outputQuantization() const {
        return m_model.tensor(m_model.outputs().at<std::int32_t>(0)).quantization();
    }

    /// The operator at which allocate() or invoke() stopped.
    std::int32_t failedOperator() const { return m_context.currentNode; }
    /// Bytes of planned tensors and scratch.
    std::size_t plannedBytes() const { return m_plannedBytes; }
    /// Bytes that live for ever.
    std::size_t persistentBytes() const { return m_arena.size() - m_arena.headRoom(); }
    /// Bytes of the arena without which allocate() would have failed.
    std::size_t neededBytes() const;

    const ModelView& model() const { return m_model; }
    const Context& context() const { return m_context; }
    const Node& node(std::int32_t index) const { return m_nodes[index].node; }

private:
    struct NodeAndRegistration {
        Node node;
        const Registration* registration;
    };

    Status readTensors();
    Status readOperators();
    [[gnu::noinline, gnu::noclone]] Status prepare();
    Status planMemory();
    std::int32_t collectBuffers(PlannedBuffer* buffers);
    const Registration* find(BuiltinOperator code) const;

    ModelView m_model;
    Registrations m_registrations;
    Arena m_arena;
    Context m_context{};
    NodeAndRegistration* m_nodes = nullptr;
    std::size_t m_plannedBytes = 0;
    std::size_t m_planningBytes = 0;
};

} // namespace simprof::runtime
