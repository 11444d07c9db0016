// SPDX-License-Identifier: GPL-2.0-or-later
// A table of nodes, each with a pointer to its kernel, called with a context and the node.
#include "shapes/layers.h"

namespace {

using namespace shapes;

struct Context {
    std::uint32_t nodesRun;
};

struct Node {
    void (*run)(Context&, const Node&);
    Values in;
    Values weights;
    std::int8_t* out;
    std::int16_t size;
    std::int16_t from;
    std::int16_t to;
};

void runConv(Context& context, const Node& node) {
    ++context.nodesRun;
    conv(node.in, node.weights, node.out, node.size, node.from, node.to);
}
void runPool(Context& context, const Node& node) {
    ++context.nodesRun;
    pool(node.in, node.out, node.size, node.from);
}
void runDense(Context& context, const Node& node) {
    ++context.nodesRun;
    dense(node.in, node.weights, node.out, node.from, node.to);
}

constexpr Node kNodes[] = {{runConv, input, kFirst.data(), first, 10, 1, 4},
                           {runConv, first, kSecond.data(), second, 8, 4, 4},
                           {runPool, second, nullptr, pooled, 6, 4, 4},
                           {runDense, pooled, kDense.data(), scores, 36, 36, 10}};

Context context;

[[gnu::noinline]] void runModel() {
    for (const Node& node : kNodes) {
        node.run(context, node);
        asm volatile("" ::: "memory"); // no tail call of the last one
    }
}

} // namespace

int main() { showThreePictures(runModel); }
