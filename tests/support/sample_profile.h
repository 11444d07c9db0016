// SPDX-License-Identifier: GPL-2.0-or-later
/// A made-up but consistent profile of a keyword-spotting network on an STM32F746G-DISCO, for tests of everything that
/// derives from a profile: its sums add up, its spans nest, its tensors overlay each other as a ping-pong arena does.
#pragma once
#include "profiler/profile.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

namespace simprof::test {

struct SampleOptions {
    std::uint32_t inferences = 2;
    int slowLayer = -1; ///< this layer takes slowPercent more cycles
    unsigned slowPercent = 1;
    std::size_t callSpans = 0; ///< at least so many calls in the flame chart, for tests of speed
};

namespace detail {

struct SampleLayer {
    const char* op;
    const char* name;
    std::vector<std::int32_t> shape;
    std::uint64_t macs;
    Cycles cycles; ///< of one inference
    int eval;      ///< functions
    int kernel;
    Bytes scratch;
};

// Indices into sampleFunctions().
enum SampleFunction : int {
    kReset,
    kMain,
    kInvoke,
    kSubgraph,
    kConvEval,
    kDepthwiseEval,
    kPoolEval,
    kReshapeEval,
    kFullyEval,
    kSoftmaxEval,
    kConvolve,
    kMatMult,
    kDepthwise,
    kPool,
    kFully,
    kSoftmax,
    kMemcpy,
    kSysTick
};

inline std::vector<FunctionInfo> sampleFunctions() {
    struct Row {
        const char* name;
        const char* file;
        std::uint32_t line;
    };
    constexpr Row kRows[] = {
        {"Reset_Handler", "startup/startup_stm32f746xx.c", 61},
        {"main", "src/main.cc", 88},
        {"tflite::MicroInterpreter::Invoke()", "tflite/micro/micro_interpreter.cc", 287},
        {"tflite::MicroInterpreterGraph::InvokeSubgraph(int)", "tflite/micro/micro_interpreter_graph.cc", 194},
        {"tflite::(anonymous namespace)::ConvEval(TfLiteContext*, TfLiteNode*)",
         "tflite/micro/kernels/cmsis_nn/conv.cc", 260},
        {"tflite::(anonymous namespace)::DepthwiseEval(TfLiteContext*, TfLiteNode*)",
         "tflite/micro/kernels/cmsis_nn/depthwise_conv.cc", 301},
        {"tflite::(anonymous namespace)::AverageEval(TfLiteContext*, TfLiteNode*)",
         "tflite/micro/kernels/cmsis_nn/pooling.cc", 210},
        {"tflite::EvalReshapeReference(TfLiteContext*, TfLiteNode*)", "tflite/micro/kernels/reshape.cc", 41},
        {"tflite::(anonymous namespace)::FullyConnectedEval(TfLiteContext*, TfLiteNode*)",
         "tflite/micro/kernels/cmsis_nn/fully_connected.cc", 188},
        {"tflite::(anonymous namespace)::SoftmaxEval(TfLiteContext*, TfLiteNode*)",
         "tflite/micro/kernels/cmsis_nn/softmax.cc", 97},
        {"arm_convolve_s8", "cmsis_nn/Source/ConvolutionFunctions/arm_convolve_s8.c", 47},
        {"arm_nn_mat_mult_nt_t_s8", "cmsis_nn/Source/NNSupportFunctions/arm_nn_mat_mult_nt_t_s8.c", 51},
        {"arm_depthwise_conv_s8_opt", "cmsis_nn/Source/ConvolutionFunctions/arm_depthwise_conv_s8_opt.c", 44},
        {"arm_avgpool_s8", "cmsis_nn/Source/PoolingFunctions/arm_avgpool_s8.c", 135},
        {"arm_fully_connected_s8", "cmsis_nn/Source/FullyConnectedFunctions/arm_fully_connected_s8.c", 45},
        {"arm_softmax_s8", "cmsis_nn/Source/SoftmaxFunctions/arm_softmax_s8.c", 39},
        {"memcpy", "", 0},
        {"SysTick_Handler", "src/main.cc", 31},
    };
    std::vector<FunctionInfo> functions;
    Address address = 0x08000200;
    for (const Row& row : kRows) {
        FunctionInfo function;
        function.name = row.name;
        function.address = address;
        function.file = row.file;
        function.line = row.line;
        functions.push_back(function);
        address += 0x140;
    }
    return functions;
}

inline std::vector<SampleLayer> sampleLayers() {
    std::vector<SampleLayer> layers = {
        {"CONV_2D", "conv2d/Relu", {1, 25, 5, 64}, 320'000, 611'840, kConvEval, kConvolve, 1'280}};
    const std::vector<std::int32_t> shape = {1, 25, 5, 64};
    constexpr const char* kDepthwiseNames[] = {"depthwise_conv2d/Relu", "depthwise_conv2d_1/Relu",
                                               "depthwise_conv2d_2/Relu", "depthwise_conv2d_3/Relu"};
    constexpr const char* kPointwiseNames[] = {"conv2d_1/Relu", "conv2d_2/Relu", "conv2d_3/Relu", "conv2d_4/Relu"};
    for (std::size_t block = 0; block < 4; ++block) {
        layers.push_back({"DEPTHWISE_CONV_2D", kDepthwiseNames[block], shape, 72'000, 288'411 + block, kDepthwiseEval,
                          kDepthwise, 2'304});
        layers.push_back({"CONV_2D", kPointwiseNames[block], shape, 512'000, 466'903 - block, kConvEval, kMatMult, 0});
    }
    layers.push_back({"AVERAGE_POOL_2D", "average_pooling2d/AvgPool", {1, 1, 1, 64}, 0, 40'216, kPoolEval, kPool, 256});
    layers.push_back({"RESHAPE", "flatten/Reshape", {1, 64}, 0, 412, kReshapeEval, kMemcpy, 0});
    layers.push_back({"FULLY_CONNECTED", "dense/BiasAdd", {1, 12}, 768, 2'038, kFullyEval, kFully, 0});
    layers.push_back({"SOFTMAX", "Identity", {1, 12}, 0, 3'127, kSoftmaxEval, kSoftmax, 0});
    return layers;
}

inline StallSums sampleStalls(Cycles cycles) {
    StallSums stalls{};
    const auto share = [&](Stall stall, Cycles percent) {
        stalls[static_cast<std::size_t>(stall)] = cycles * percent / 100;
    };
    share(Stall::Fetch, 6);
    share(Stall::LoadStore, 17);
    share(Stall::AddressDependency, 7);
    share(Stall::BranchRefill, 5);
    share(Stall::MultiCycle, 2);
    share(Stall::CacheMiss, 9);
    stalls[0] = cycles - std::accumulate(stalls.begin(), stalls.end(), Cycles{0});
    return stalls;
}

/// Follows the time line and fills everything that adds up.
class SampleBuilder {
public:
    explicit SampleBuilder(const SampleOptions& options)
        : m_options(options)
        , m_rows(sampleLayers()) {
        if (options.slowLayer >= 0) {
            auto& cycles = m_rows[static_cast<std::size_t>(options.slowLayer)].cycles;
            cycles += cycles * options.slowPercent / 100;
        }
    }

    Profile build() {
        describe();
        addLayers();
        runAll();
        addTotals();
        addMemory();
        addInstructions();
        return m_profile;
    }

private:
    static constexpr double kMegahertz = 216;
    static constexpr double kMicrowattsRunning = 0.102 * 3.3 * 1e6;

    static double us(Cycles cycles) { return static_cast<double>(cycles) / kMegahertz; }
    static double uj(Cycles cycles) { return us(cycles) * kMicrowattsRunning * 1e-6; }

    void describe() {
        Profile& p = m_profile;
        p.toolVersion = "0.1.0";
        p.firmware = {"kws-stm32f746g-disco.elf", std::string(60, '5') + "c0de", "elf", 0x08000200};
        p.board = {"stm32f746g-disco",
                   "STM32F746NG",
                   "Cortex-M7",
                   216'000'000,
                   "chosen for the initial stack pointer 0x20050000 and code at 0x08000000",
                   "LDO 3.3 V",
                   {"flash: 7 wait states, prefetch and ART on (FLASH_ACR)", "L1 caches: instructions and data on",
                    "HSE: 25 MHz crystal of the board"}};
        p.halt = {"exit", "the firmware ended with exit code 0", 0x08000344, 0, std::nullopt};
        p.network = {"tflm", "calls of (context, node) with node->inputs in the flatbuffer",
                     "flatbuffer at 0x0800A3C0 in flash", "kws", 13};
        p.functions = sampleFunctions();
        p.clocks = {{0, 16'000'000}, {9'000, 216'000'000}};
        p.console = "kws: yes (score 117)\nkws: no (score 98)\n";
        p.peripherals = {{"LTDC", 0x40016818, "unmodelled", 3, 0x08000B12, "LTDC_SRCR written"},
                         {"RCC", 0x40023800, "poll satisfied", 1, 0x08000A20, "RCC_CR.PLLRDY read until set"}};
    }

    void addLayers() {
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            const SampleLayer& row = m_rows[i];
            LayerInfo layer;
            layer.id = static_cast<std::int32_t>(i);
            layer.name = row.name;
            layer.op = row.op;
            layer.inputs = {i == 0 ? "input_1" : m_rows[i - 1].name};
            layer.outputs = {row.name};
            layer.shape = row.shape;
            layer.macs = row.macs;
            layer.kernel = m_profile.functions[static_cast<std::size_t>(row.kernel)].name;
            layer.scratchBytes = row.scratch;
            m_profile.layers.push_back(layer);
        }
    }

    /// A node of the call tree; made when it is first needed.
    std::int32_t node(std::int32_t parent, int function, std::int32_t layer) {
        auto& tree = m_profile.callTree;
        for (std::size_t i = 0; i < tree.size(); ++i) {
            if (tree[i].parent == parent && tree[i].function == function && tree[i].layer == layer) {
                return static_cast<std::int32_t>(i);
            }
        }
        CallNode added;
        added.parent = parent;
        added.function = function;
        added.layer = layer;
        tree.push_back(added);
        return static_cast<std::int32_t>(tree.size() - 1);
    }

    void spend(std::int32_t at, Cycles cycles) {
        m_profile.callTree[static_cast<std::size_t>(at)].selfCycles += cycles;
        auto& function =
            m_profile.functions[static_cast<std::size_t>(m_profile.callTree[static_cast<std::size_t>(at)].function)];
        function.selfCycles += cycles;
        function.instructions += cycles * 7 / 10;
        for (std::int32_t up = at; up >= 0; up = m_profile.callTree[static_cast<std::size_t>(up)].parent) {
            m_profile.callTree[static_cast<std::size_t>(up)].inclusiveCycles += cycles;
        }
        m_now += cycles;
    }

    void call(std::int32_t at) {
        ++m_profile.callTree[static_cast<std::size_t>(at)].calls;
        ++m_profile.functions[static_cast<std::size_t>(m_profile.callTree[static_cast<std::size_t>(at)].function)]
              .calls;
    }

    void span(int function, std::uint16_t depth, Cycles start, Cycles cycles) {
        m_profile.callSpans.push_back({function, depth, start, cycles});
    }

    void owner(const char* name, Cycles cycles) {
        auto& owners = m_profile.owners;
        auto found = std::find_if(owners.begin(), owners.end(), [&](const Owner& o) { return o.name == name; });
        if (found == owners.end()) {
            owners.push_back({name, 0, 0, 0, 0, {}});
            found = owners.end() - 1;
        }
        found->cycles += cycles;
    }

    void runAll() {
        const std::int32_t reset = node(-1, kReset, -1);
        const std::int32_t main = node(reset, kMain, -1);
        call(reset);
        call(main);
        spend(reset, 9'000);
        spend(main, 61'417);
        owner("[start-up]", m_now);
        for (std::uint32_t i = 0; i < m_options.inferences; ++i) {
            runInference(i, main);
            const Cycles between = 12'400;
            spend(main, between);
            owner("[between inferences]", between);
        }
        span(kReset, 0, 0, m_now);
        span(kMain, 1, 9'000, m_now - 9'000);
        std::stable_sort(m_profile.callSpans.begin(), m_profile.callSpans.end(),
                         [](const CallSpan& a, const CallSpan& b) {
                             return std::pair(a.startCycle, a.depth) < std::pair(b.startCycle, b.depth);
                         });
        m_profile.power = {{"run", 0, m_now, kMicrowattsRunning}};
    }

    void runInference(std::uint32_t index, std::int32_t main) {
        const std::int32_t invoke = node(main, kInvoke, -1);
        const std::int32_t subgraph = node(invoke, kSubgraph, -1);
        call(invoke);
        call(subgraph);
        Inference inference;
        inference.index = index;
        inference.startCycle = m_now;
        const Cycles start = m_now;
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            spend(subgraph, 38);
            owner("[unattributed]", 38);
            inference.spans.push_back(runLayer(i, subgraph));
        }
        inference.cycles = m_now - start;
        inference.energyUj = uj(inference.cycles);
        span(kInvoke, 2, start, inference.cycles);
        span(kSubgraph, 3, start, inference.cycles);
        m_profile.inferences.push_back(inference);
    }

    Span runLayer(std::size_t i, std::int32_t subgraph) {
        const SampleLayer& row = m_rows[i];
        const auto id = static_cast<std::int32_t>(i);
        const std::int32_t eval = node(subgraph, row.eval, id);
        const std::int32_t kernel = node(eval, row.kernel, id);
        call(eval);
        call(kernel);
        const Cycles start = m_now;
        spend(eval, 120);
        if (i == 1) {
            interrupt();
        }
        const Cycles kernelStart = m_now;
        spend(kernel, row.cycles - 120);
        span(row.eval, 4, start, m_now - start);
        addKernelSpans(row, kernelStart);
        LayerInfo& layer = m_profile.layers[i];
        ++layer.calls;
        layer.cycles += row.cycles;
        layer.flashReadBytes += row.macs / 125;
        layer.sramReadBytes += 8'000;
        layer.sramWriteBytes += 8'000;
        return {id, start, row.cycles};
    }

    void addKernelSpans(const SampleLayer& row, Cycles start) {
        const std::size_t spans = m_options.inferences * m_rows.size();
        const std::size_t pieces = std::max<std::size_t>(1, m_options.callSpans / std::max<std::size_t>(1, spans));
        const Cycles each = std::max<Cycles>(1, (m_now - start) / pieces);
        for (std::size_t i = 0; i < pieces; ++i) {
            span(row.kernel, 5, start + i * each, i + 1 < pieces || pieces > 1 ? each : m_now - start);
        }
    }

    void interrupt() {
        const Cycles cycles = 96;
        const std::int32_t handler = node(-1, kSysTick, -1);
        m_profile.exceptionSpans.push_back({15, m_now, cycles});
        call(handler);
        spend(handler, cycles);
        owner("[interrupt SysTick]", cycles);
    }

    void addTotals() {
        Profile& p = m_profile;
        p.totals.cycles = m_now;
        p.totals.instructions = m_now * 7 / 10;
        p.totals.timeUs = us(m_now);
        p.totals.energyUj = uj(m_now);
        p.totals.energyBandPercent = 15;
        p.totals.stalls = sampleStalls(m_now);
        Cycles inside = 0;
        Cycles owned = 0;
        for (const Inference& inference : p.inferences) {
            inside += inference.cycles;
        }
        for (LayerInfo& layer : p.layers) {
            owned += layer.cycles;
            layer.instructions = layer.cycles * 7 / 10;
            layer.timeUs = us(layer.cycles);
            layer.energyUj = uj(layer.cycles);
            layer.stalls = sampleStalls(layer.cycles);
            layer.macsPerCycle =
                layer.cycles == 0 ? 0
                                  : static_cast<double>(layer.macs * layer.calls) / static_cast<double>(layer.cycles);
        }
        for (Owner& o : p.owners) {
            o.instructions = o.cycles * 7 / 10;
            o.timeUs = us(o.cycles);
            o.energyUj = uj(o.cycles);
            o.stalls = sampleStalls(o.cycles);
        }
        p.totals.attributedPercent = inside == 0 ? 0 : 100.0 * static_cast<double>(owned) / static_cast<double>(inside);
        p.exceptions = {{15, "SysTick", p.exceptionSpans.size(), 96 * p.exceptionSpans.size(), 14}};
        sortFunctions();
    }

    void sortFunctions() {
        auto& functions = m_profile.functions;
        for (std::size_t f = 0; f < functions.size(); ++f) {
            functions[f].stalls = sampleStalls(functions[f].selfCycles);
            for (const CallNode& n : m_profile.callTree) {
                functions[f].inclusiveCycles += n.function == static_cast<int>(f) ? n.inclusiveCycles : 0;
            }
        }
        std::vector<std::int32_t> order(functions.size());
        std::iota(order.begin(), order.end(), 0);
        const auto at = [&](std::int32_t f) -> const FunctionInfo& { return functions[static_cast<std::size_t>(f)]; };
        std::stable_sort(order.begin(), order.end(),
                         [&](auto a, auto b) { return at(a).selfCycles > at(b).selfCycles; });
        std::vector<std::int32_t> position(functions.size());
        std::vector<FunctionInfo> sorted;
        for (const std::int32_t f : order) {
            position[static_cast<std::size_t>(f)] = static_cast<std::int32_t>(sorted.size());
            sorted.push_back(at(f));
        }
        functions = sorted;
        for (CallNode& n : m_profile.callTree) {
            n.function = position[static_cast<std::size_t>(n.function)];
        }
        for (CallSpan& s : m_profile.callSpans) {
            s.function = position[static_cast<std::size_t>(s.function)];
        }
    }

    void addMemory() {
        ProfileMemory& memory = m_profile.memory;
        constexpr Address kArena = 0x20011000;
        memory.regions = {{"flash (AXI)", "flash", 0x08000000, 1'048'576, 152'344, 0, 119'020},
                          {"DTCM", "dtcm", 0x20000000, 65'536, 0, 6'912, 6'400},
                          {"SRAM1", "sram", 0x20010000, 245'760, 0, 21'376, 20'992},
                          {"SRAM2", "sram", 0x2004C000, 16'384, 0, 0, 0}};
        memory.arena = Arena{kArena, 32'768, 22'160, 18'304, 0};
        memory.stack = {0x2000F000, 0x20010000, 4'096, 1'144, ""};
        memory.heap = {0, 0, 0};
        memory.staticBytes = 3'276;
        memory.sram = {{"tensors", 16'000}, {"scratch", 2'304},     {"persistent arena", 3'856}, {"stack", 1'144},
                       {"heap", 0},         {"static data", 3'276}, {"untouched", 301'100}};
        memory.inference = 0;
        if (!m_profile.inferences.empty()) {
            addTensors(kArena);
        }
    }

    void addTensors(Address arena) {
        ProfileMemory& memory = m_profile.memory;
        const auto& spans = m_profile.inferences[0].spans;
        const Cycles begin = m_profile.inferences[0].startCycle;
        const Cycles end = begin + m_profile.inferences[0].cycles;
        const auto count = static_cast<std::int32_t>(m_rows.size());
        memory.tensors.push_back({"input_1",
                                  {1, 49, 10, 1},
                                  arena + 8'000,
                                  490,
                                  begin - 4'000,
                                  spans[0].startCycle + spans[0].cycles,
                                  -1,
                                  {0},
                                  "input"});
        for (std::int32_t i = 0; i < count; ++i) {
            const SampleLayer& row = m_rows[static_cast<std::size_t>(i)];
            const Span& made = spans[static_cast<std::size_t>(i)];
            Bytes size = 1;
            for (const std::int32_t dimension : row.shape) {
                size *= static_cast<Bytes>(dimension);
            }
            const bool last = i + 1 == count;
            const Cycles died = last ? end
                                     : spans[static_cast<std::size_t>(i) + 1].startCycle +
                                           spans[static_cast<std::size_t>(i) + 1].cycles;
            memory.tensors.push_back(
                {row.name, row.shape, arena + (i % 2 == 0 ? 0 : 8'000), size, made.startCycle + 200, died, i,
                 last ? std::vector<std::int32_t>{} : std::vector<std::int32_t>{i + 1}, last ? "output" : "tensor"});
            if (row.scratch != 0) {
                memory.tensors.push_back({"scratch of layer " + std::to_string(i),
                                          {},
                                          arena + 16'000,
                                          row.scratch,
                                          made.startCycle + 100,
                                          made.startCycle + made.cycles,
                                          i,
                                          {i},
                                          "scratch"});
            }
        }
        memory.tensors.push_back({"persistent", {}, arena + 32'768 - 3'856, 3'856, 20'000, end, -1, {}, "persistent"});
        addLiveCurve();
    }

    void addLiveCurve() {
        ProfileMemory& memory = m_profile.memory;
        std::vector<std::pair<Cycles, std::int64_t>> steps;
        for (const TensorLife& tensor : memory.tensors) {
            if (tensor.kind != "persistent") {
                steps.emplace_back(tensor.bornCycle, static_cast<std::int64_t>(tensor.sizeBytes));
                steps.emplace_back(tensor.diedCycle, -static_cast<std::int64_t>(tensor.sizeBytes));
            }
        }
        std::sort(steps.begin(), steps.end());
        std::int64_t live = 0;
        memory.arena->peakLiveBytes = 0;
        for (const auto& [cycle, change] : steps) {
            live += change;
            if (!memory.live.empty() && memory.live.back().first == cycle) {
                memory.live.back().second = static_cast<Bytes>(live);
            } else {
                memory.live.emplace_back(cycle, static_cast<Bytes>(live));
            }
        }
        for (const auto& [cycle, bytes] : memory.live) {
            if (bytes > memory.arena->peakLiveBytes) {
                memory.arena->peakLiveBytes = bytes;
                memory.arena->peakCycle = cycle;
            }
        }
        for (const Span& s : m_profile.inferences[0].spans) {
            LayerInfo& layer = m_profile.layers[static_cast<std::size_t>(s.layer)];
            for (const auto& [cycle, bytes] : memory.live) {
                if (cycle >= s.startCycle && cycle < s.startCycle + s.cycles) {
                    layer.sramPeakBytes = std::max(layer.sramPeakBytes, bytes);
                }
            }
            memory.stackSamples.emplace_back(s.startCycle, 312);
            memory.stackSamples.emplace_back(s.startCycle + 60, s.layer % 2 == 0 ? 1'144 : 964);
        }
    }

    /// The inner loop of the function that costs most.
    void addInstructions() {
        constexpr const char* kText[] = {"push {r4, r5, r6, lr}", "ldr r3, [r0], #4", "ldr r4, [r1], #4",
                                         "smlad r6, r3, r4, r6",  "subs r2, #1",      "bne.n 0x8000fb2",
                                         "pop {r4, r5, r6, pc}"};
        const FunctionInfo& function = m_profile.functions[0];
        Address address = function.address;
        for (std::size_t i = 0; i < std::size(kText); ++i) {
            InstructionInfo instruction;
            instruction.address = address;
            instruction.text = kText[i];
            instruction.function = 0;
            instruction.file = function.file;
            instruction.line = function.line + static_cast<std::uint32_t>(i / 2);
            const bool inLoop = i > 0 && i + 1 < std::size(kText);
            instruction.executions = inLoop ? 128'000 : 250;
            instruction.cycles = instruction.executions * (i == 1 || i == 5 ? 2 : 1);
            instruction.stalls = sampleStalls(instruction.cycles);
            m_profile.instructions.push_back(instruction);
            address += i == 1 || i == 2 || i == 3 ? 4 : 2;
        }
    }

    SampleOptions m_options;
    std::vector<SampleLayer> m_rows;
    Profile m_profile;
    Cycles m_now = 0;
};

} // namespace detail

/// The sample; equal options give equal profiles.
inline Profile sampleProfile(const SampleOptions& options = {}) {
    return detail::SampleBuilder(options).build();
}

} // namespace simprof::test
