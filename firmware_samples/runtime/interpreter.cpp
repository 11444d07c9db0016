// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/interpreter.h"

#include "runtime/memory_planner.h"

namespace simprof::runtime {
namespace {

constexpr IntArray kScalarShape{0, {0}};
constexpr std::size_t kAlignment = 16;
constexpr std::int16_t kUnused = -1;

std::size_t aligned(std::size_t bytes) { return (bytes + kAlignment - 1) & ~(kAlignment - 1); }

} // namespace

Interpreter::Interpreter(const std::uint8_t* model, Registrations registrations, std::uint8_t* arena,
                         std::size_t arenaBytes)
    : m_model(model)
    , m_registrations(registrations)
    , m_arena(arena, arenaBytes) {}

Status Interpreter::allocate() {
    if (!m_model.isValid()) {
        return Status::BadModel;
    }
    m_context.model = &m_model;
    m_context.arena = &m_arena;
    Status status = readTensors();
    if (status == Status::Ok) {
        status = readOperators();
    }
    if (status == Status::Ok) {
        status = prepare();
    }
    return status == Status::Ok ? planMemory() : status;
}

Status Interpreter::readTensors() {
    const std::int32_t count = m_model.tensorCount();
    m_context.tensors = m_arena.allocatePersistent<EvalTensor>(static_cast<std::size_t>(count));
    if (!m_context.tensors) {
        return Status::ArenaTooSmall;
    }
    for (std::int32_t i = 0; i < count; ++i) {
        const TensorView tensor = m_model.tensor(i);
        const IntArray* shape = tensor.shape().asIntArray();
        const FlatVector data = m_model.constantData(tensor);
        m_context.tensors[i] = {data.size() > 0 ? const_cast<std::uint8_t*>(data.data()) : nullptr,
                                shape ? shape : &kScalarShape, tensor.type()};
    }
    return Status::Ok;
}

Status Interpreter::readOperators() {
    const std::int32_t count = m_model.operatorCount();
    m_nodes = m_arena.allocatePersistent<NodeAndRegistration>(static_cast<std::size_t>(count));
    if (!m_nodes) {
        return Status::ArenaTooSmall;
    }
    for (std::int32_t i = 0; i < count; ++i) {
        const OperatorView op = m_model.operatorAt(i);
        m_context.currentNode = i;
        m_nodes[i] = {{op.inputs().asIntArray(), op.outputs().asIntArray(), op.options().address(), nullptr},
                      find(m_model.builtinCode(op))};
        if (!m_nodes[i].registration || op.outputs().size() != 1 || op.inputs().size() < 1) {
            return Status::UnsupportedOperator;
        }
    }
    return Status::Ok;
}

const Registration* Interpreter::find(BuiltinOperator code) const {
    for (std::int32_t i = 0; i < m_registrations.count; ++i) {
        if (m_registrations.entries[i].code == code) {
            return &m_registrations.entries[i];
        }
    }
    return nullptr;
}

Status Interpreter::prepare() {
    const std::int32_t count = m_model.operatorCount();
    // No operator asks for more than two buffers. The head of the arena is free until memory is planned.
    const std::size_t bytes = 2 * static_cast<std::size_t>(count) * sizeof(ScratchRequest);
    m_context.requests = reinterpret_cast<ScratchRequest*>(m_arena.base());
    m_context.requestCount = 0;
    for (std::int32_t i = 0; i < count; ++i) {
        if (bytes > m_arena.headRoom()) {
            return Status::ArenaTooSmall;
        }
        m_context.currentNode = i;
        const Status status = m_nodes[i].registration->prepare(&m_context, &m_nodes[i].node);
        if (status != Status::Ok) {
            return status;
        }
    }
    return Status::Ok;
}

Status Interpreter::planMemory() {
    const auto requests = static_cast<std::size_t>(m_context.requestCount);
    const auto most = requests + static_cast<std::size_t>(m_model.tensorCount());
    m_context.scratch = m_arena.allocatePersistent<void*>(requests);
    const std::size_t requestBytes = aligned(requests * sizeof(ScratchRequest));
    m_planningBytes = requestBytes + most * (sizeof(PlannedBuffer) + sizeof(std::int16_t));
    if ((requests > 0 && !m_context.scratch) || m_planningBytes > m_arena.headRoom()) {
        return Status::ArenaTooSmall;
    }
    auto* const buffers = reinterpret_cast<PlannedBuffer*>(m_arena.base() + requestBytes);
    auto* const order = reinterpret_cast<std::int16_t*>(buffers + most);
    const std::int32_t count = collectBuffers(buffers);
    m_plannedBytes = planGreedily(buffers, count, order);
    if (m_plannedBytes > m_arena.headRoom()) {
        return Status::ArenaTooSmall;
    }
    for (std::int32_t i = 0; i < count; ++i) {
        *buffers[i].owner = m_arena.base() + buffers[i].offset;
    }
    m_context.requests = nullptr;
    return Status::Ok;
}

/// Every tensor that is computed, from the operator that writes it through the last one that reads it, then the scratch
/// buffers. The graph's inputs live from step 0, operator i is step i + 1, the graph's outputs live to the end.
std::int32_t Interpreter::collectBuffers(PlannedBuffer* buffers) {
    const std::int32_t tensors = m_model.tensorCount();
    const auto steps = static_cast<std::int16_t>(m_model.operatorCount());
    const std::int32_t* const planned = m_model.offlineOffsets();
    for (std::int32_t i = 0; i < tensors; ++i) {
        buffers[i] = {0, kUnused, kUnused, planned ? planned[i] : kAnywhere, &m_context.tensors[i].data};
    }
    const auto use = [&](std::int32_t tensor, std::int16_t step) {
        if (tensor >= 0) {
            PlannedBuffer& buffer = buffers[tensor];
            buffer.first = buffer.first == kUnused ? step : buffer.first;
            buffer.last = step;
        }
    };
    for (std::int32_t i = 0; i < m_model.inputs().size(); ++i) {
        use(m_model.inputs().at<std::int32_t>(i), 0);
    }
    for (std::int16_t step = 1; step <= steps; ++step) {
        const Node& node = m_nodes[step - 1].node;
        for (std::int32_t i = 0; i < node.inputs->size; ++i) {
            use(node.inputs->data[i], step);
        }
        use(node.outputs->data[0], step);
    }
    for (std::int32_t i = 0; i < m_model.outputs().size(); ++i) {
        use(m_model.outputs().at<std::int32_t>(i), steps);
    }
    std::int32_t count = 0;
    for (std::int32_t i = 0; i < tensors; ++i) {
        const EvalTensor& tensor = m_context.tensors[i];
        if (!tensor.data && buffers[i].first != kUnused) {
            buffers[count] = buffers[i];
            buffers[count++].size = static_cast<std::int32_t>(aligned(tensorBytes(tensor)));
        }
    }
    for (std::int32_t i = 0; i < m_context.requestCount; ++i) {
        const ScratchRequest& request = m_context.requests[i];
        const auto step = static_cast<std::int16_t>(request.node + 1);
        buffers[count++] = {static_cast<std::int32_t>(aligned(static_cast<std::size_t>(request.bytes))), step, step,
                            kAnywhere, &m_context.scratch[i]};
    }
    return count;
}

Status Interpreter::invoke() {
    const std::int32_t count = m_model.operatorCount();
    for (std::int32_t i = 0; i < count; ++i) {
        m_context.currentNode = i;
        const Status status = m_nodes[i].registration->invoke(&m_context, &m_nodes[i].node);
        if (status != Status::Ok) {
            return status;
        }
    }
    return Status::Ok;
}

std::size_t Interpreter::neededBytes() const {
    const std::size_t requests = 2 * static_cast<std::size_t>(m_model.operatorCount()) * sizeof(ScratchRequest);
    std::size_t head = m_plannedBytes > m_planningBytes ? m_plannedBytes : m_planningBytes;
    head = head > requests ? head : requests;
    return head + persistentBytes();
}

} // namespace simprof::runtime
