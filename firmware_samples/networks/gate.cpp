// SPDX-License-Identifier: GPL-2.0-or-later
// Runs a network with subgraphs: what CALL_ONCE begins with, and the two bodies of an IF. A variable keeps what was
// assigned to it for all inferences. Four inferences; in the third one the condition is false.
// It has two arenas: SIMPROF_TENSOR_BYTES for tensors and scratch, SIMPROF_ARENA_BYTES for what lives for ever.
#include <cstring>

#include "bsp/board.h"
#include "runtime/operators/operators.h"

extern "C" const unsigned char networkModel[]; // 16-byte aligned

namespace {

using namespace simprof::runtime;

constexpr auto kIf = static_cast<BuiltinOperator>(118);
constexpr auto kCallOnce = static_cast<BuiltinOperator>(129);
constexpr auto kVarHandle = static_cast<BuiltinOperator>(142);
constexpr auto kReadVariable = static_cast<BuiltinOperator>(143);
constexpr auto kAssignVariable = static_cast<BuiltinOperator>(144);
constexpr std::int32_t kMostGraphs = 4;
constexpr std::int32_t kMostRequests = 2; ///< of one operator

/// One subgraph of a model, as the operators see a model of one.
class GraphView : public ModelView {
public:
    GraphView() = default;
    GraphView(const std::uint8_t* file, std::int32_t graph) {
        m_model = FlatTable(file + loadScalar<std::uint32_t>(file));
        m_graph = FlatTable(m_model.vector(2).target(graph));
    }
    std::int32_t graphs() const { return m_model.vector(2).size(); }
};

struct NodeAndRegistration {
    Node node;
    const Registration* registration;
};

/// A subgraph in use.
struct Graph {
    GraphView view;
    Context context{};
    NodeAndRegistration* nodes = nullptr;
};

/// Places tensors and scratch from the bottom of a memory on, each at a multiple of 16.
class Places {
public:
    Places(std::uint8_t* memory, std::size_t bytes)
        : m_bottom(memory)
        , m_end(memory + bytes)
        , m_used(memory)
        , m_temporary(memory) {}

    void* allocate(std::size_t bytes) {
        std::uint8_t* const place = m_used;
        const std::size_t taken = (bytes + 15) & ~std::size_t{15};
        if (taken > static_cast<std::size_t>(m_end - m_used)) {
            return nullptr;
        }
        m_used = m_temporary = place + taken;
        return place;
    }

private:
    std::uint8_t* m_bottom;
    std::uint8_t* m_end;
    std::uint8_t* m_used;
    std::uint8_t* m_temporary; ///< behind what lives for a moment; nothing does here
};

/// What lives for ever lies between `lowest` and `end`; this object is the first of it.
struct Persistent {
    std::uint8_t* bottom;
    std::uint8_t* end;
    std::uint8_t* lowest;
};

alignas(16) std::uint8_t persistentArena[SIMPROF_ARENA_BYTES];
alignas(16) std::uint8_t tensorArena[SIMPROF_TENSOR_BYTES];
Graph graphs[kMostGraphs];
void* scratch[kMostGraphs * 4 * kMostRequests];
std::int8_t* variable = nullptr; ///< what ASSIGN_VARIABLE keeps
bool hasRun = false;             ///< CALL_ONCE

[[gnu::noinline, gnu::noclone]] Status invoke(Graph& graph) {
    const std::int32_t count = graph.view.operatorCount();
    for (std::int32_t i = 0; i < count; ++i) {
        const Status status = graph.nodes[i].registration->invoke(&graph.context, &graph.nodes[i].node);
        if (status != Status::Ok) {
            return status;
        }
    }
    return Status::Ok;
}

Status prepareNothing(Context*, Node*) { return Status::Ok; }

Status invokeCallOnce(Context*, Node* node) {
    if (hasRun) {
        return Status::Ok;
    }
    hasRun = true;
    return invoke(graphs[FlatTable(node->options).scalar<std::int32_t>(0, 0)]);
}

Status invokeIf(Context* context, Node* node) {
    const bool chosen = *bytesOf(context->input(node, 0)) != 0;
    Graph& body = graphs[FlatTable(node->options).scalar<std::int32_t>(chosen ? 0 : 1, 0)];
    const EvalTensor* input = context->input(node, 1);
    std::memcpy(body.context.tensors[body.view.inputs().at<std::int32_t>(0)].data, input->data, tensorBytes(*input));
    const Status status = invoke(body);
    const EvalTensor* output = context->output(node);
    std::memcpy(output->data, body.context.tensors[body.view.outputs().at<std::int32_t>(0)].data, tensorBytes(*output));
    return status;
}

Status prepareAssignVariable(Context* context, Node* node) {
    if (variable == nullptr) {
        variable = static_cast<std::int8_t*>(context->arena->allocatePersistent(tensorBytes(*context->input(node, 1))));
    }
    return variable != nullptr ? Status::Ok : Status::ArenaTooSmall;
}

Status invokeAssignVariable(Context* context, Node* node) {
    const EvalTensor* value = context->input(node, 1);
    std::memcpy(variable, value->data, tensorBytes(*value));
    return Status::Ok;
}

Status invokeReadVariable(Context* context, Node* node) {
    const EvalTensor* value = context->output(node);
    std::memcpy(value->data, variable, tensorBytes(*value));
    return Status::Ok;
}

constexpr Registration kOwn[] = {{kIf, prepareNothing, invokeIf},
                                 {kCallOnce, prepareNothing, invokeCallOnce},
                                 {kVarHandle, prepareNothing, prepareNothing},
                                 {kReadVariable, prepareNothing, invokeReadVariable},
                                 {kAssignVariable, prepareAssignVariable, invokeAssignVariable}};

const Registration* find(BuiltinOperator code) {
    for (const Registration& own : kOwn) {
        if (own.code == code) {
            return &own;
        }
    }
    const Registrations known = nativeRegistrations();
    for (std::int32_t i = 0; i < known.count; ++i) {
        if (known.entries[i].code == code) {
            return &known.entries[i];
        }
    }
    return nullptr;
}

/// Gives each tensor of the subgraph a place of its own, and prepares its operators.
[[gnu::noinline, gnu::noclone]] Status prepare(Graph& graph, Arena& persistent, Places& planned) {
    const std::int32_t tensors = graph.view.tensorCount();
    const std::int32_t operators = graph.view.operatorCount();
    Context& context = graph.context;
    context = {&graph.view,
               persistent.allocatePersistent<EvalTensor>(static_cast<std::size_t>(tensors)),
               &persistent,
               scratch,
               nullptr,
               0,
               0};
    graph.nodes = persistent.allocatePersistent<NodeAndRegistration>(static_cast<std::size_t>(operators));
    if (context.tensors == nullptr || graph.nodes == nullptr) {
        return Status::ArenaTooSmall;
    }
    for (std::int32_t i = 0; i < tensors; ++i) {
        const TensorView tensor = graph.view.tensor(i);
        const FlatVector data = graph.view.constantData(tensor);
        EvalTensor& made = context.tensors[i];
        made = {const_cast<std::uint8_t*>(data.data()), tensor.shape().asIntArray(), tensor.type()};
        if (data.size() == 0) {
            const std::size_t bytes = made.type == TensorType::Int8 ? tensorBytes(made) : 1;
            made.data = planned.allocate(bytes);
        }
    }
    static std::int32_t requests = 0;
    for (std::int32_t i = 0; i < operators; ++i) {
        const OperatorView op = graph.view.operatorAt(i);
        NodeAndRegistration& made = graph.nodes[i];
        made = {{op.inputs().asIntArray(), op.outputs().asIntArray(), op.options().address(), nullptr},
                find(graph.view.builtinCode(op))};
        ScratchRequest asked[kMostRequests];
        context.requests = asked - requests; // numbers go on from one subgraph to the next
        context.requestCount = requests;
        const Status status = made.registration != nullptr ? made.registration->prepare(&context, &made.node)
                                                           : Status::UnsupportedOperator;
        if (status != Status::Ok) {
            return status;
        }
        for (; requests < context.requestCount; ++requests) {
            scratch[requests] = planned.allocate(static_cast<std::size_t>(context.requests[requests].bytes));
        }
    }
    return Status::Ok;
}

void check(Status status, const char* what) {
    if (status != Status::Ok) {
        print(what);
        print(" failed\n");
        consoleFlush();
        boardExit(1);
    }
}

} // namespace

int main() {
    boardInit();
    Arena persistent(persistentArena, sizeof persistentArena);
    auto* whole = persistent.allocatePersistent<Persistent>();
    static Places planned(tensorArena, sizeof tensorArena);
    const std::int32_t count = GraphView(networkModel, 0).graphs();
    for (std::int32_t i = 0; i < count && i < kMostGraphs; ++i) {
        graphs[i].view = GraphView(networkModel, i);
        check(prepare(graphs[i], persistent, planned), "prepare");
    }
    *whole = {persistentArena, persistentArena + sizeof persistentArena, persistentArena + persistent.headRoom()};
    for (unsigned round = 0; round < 4; ++round) {
        const auto tensorOf = [](const FlatVector& list, std::int32_t index) {
            return bytesOf(&graphs[0].context.tensors[list.at<std::int32_t>(index)]);
        };
        for (unsigned i = 0; i < 8; ++i) {
            tensorOf(graphs[0].view.inputs(), 0)[i] = static_cast<std::int8_t>(7 * i + round);
        }
        *tensorOf(graphs[0].view.inputs(), 1) = round == 2 ? 0 : 1;
        check(invoke(graphs[0]), "invoke");
    }
    print("done\n");
    consoleFlush();
    boardExit(0);
}
