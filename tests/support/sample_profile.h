// SPDX-License-Identifier: GPL-2.0-or-later
/// A made-up but consistent profile of a keyword-spotting network on an STM32F746G-DISCO, for tests of everything that
/// derives from a profile: its sums add up, its spans nest, its tensors overlay each other as a ping-pong arena does.
#pragma once
#include "profiler/analysis/findings.h"
#include "profiler/profile.h"
#include "tests/support/sample_memory.h"
#include "tests/support/sample_network.h"

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
        addSampleMemory(m_profile, m_rows);
        addSampleInstructions(m_profile);
        m_profile.findings = makeFindings(m_profile);
        return m_profile;
    }

private:
    static constexpr double kMegahertz = 216;
    static constexpr double kMicrowattsRunning = 0.102 * 3.3 * 1e6;

    static double us(Cycles cycles) { return static_cast<double>(cycles) / kMegahertz; }
    static double uj(Cycles cycles) { return us(cycles) * kMicrowattsRunning * 1e-6; }

    void describe() {
        Profile& p = m_profile;
        p.tool.version = "0.1.0";
        p.firmware = {"kws-stm32f746g-disco.elf", std::string(60, '5') + "c0de", FirmwareImage::Format::Elf,
                      0x08000200};
        p.board = {"stm32f746g-disco",
                   "STM32F746NG",
                   "Cortex-M7",
                   216'000'000,
                   "chosen for the initial stack pointer 0x20050000 and code at 0x08000000",
                   "LDO 3.3 V",
                   {"flash: 7 wait states, prefetch and ART on (FLASH_ACR)", "L1 caches: instructions and data on",
                    "HSE: 25 MHz crystal of the board"},
                   216'000'000,
                   SupplyFigures{3.3, 472, 0, 290, 100, "a data sheet"}};
        p.halt = {HaltReason::Kind::Exit, "the firmware ended with exit code 0", 0x08000344, 0, std::nullopt};
        p.network = {"tflm", "calls of (context, node) with node->inputs in the flatbuffer",
                     "flatbuffer at 0x0800A3C0 in flash", "kws", 13};
        p.functions = sampleFunctions();
        p.clocks = {{0, 16'000'000}, {9'000, 216'000'000}};
        p.console = "kws: yes (score 117)\nkws: no (score 98)\n";
        p.prints = {{30'000, 24'000, 0, 21}, {58'000, 9'000, 21, 18}};
        p.peripherals = {{"LTDC", 0x40016818, NoteKind::Unmodelled, 3, 0x08000B12, "LTDC_SRCR written"},
                         {"RCC", 0x40023800, NoteKind::PollSatisfied, 1, 0x08000A20, "RCC_CR.PLLRDY read until set"}};
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
        m_profile.power = {{PowerState::Run, 0, 9'000, kMicrowattsRunning * 16 / kMegahertz},
                           {PowerState::Run, 9'000, m_now - 9'000, kMicrowattsRunning}};
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
        p.totals.code = CodeClass::Int8Network;
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
        p.network.state = p.layers.empty() ? NetworkState::Unused : NetworkState::Ran;
        p.network.inferences = p.inferences.size();
        for (const LayerInfo& layer : p.layers) {
            p.network.cycles += layer.cycles;
        }
        p.networks.assign(p.layers.empty() ? 0 : 1, p.network);
        p.exceptions = {{15, "SysTick", p.exceptionSpans.size(), 96 * p.exceptionSpans.size()}};
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

    SampleOptions m_options;
    std::vector<SampleLayer> m_rows;
    Profile m_profile;
    Cycles m_now = 0;
};

} // namespace detail

/// An unaligned load that nobody recovers from.
inline ProfileFault sampleFault() {
    ProfileFault fault;
    fault.exception = "HardFault";
    fault.status = {"CFSR.UNALIGNED", "HFSR.FORCED"};
    fault.cfsr = 0x01000000;
    fault.hfsr = 0x40000000;
    fault.address = 0x20000001;
    fault.pc = 0x08000400;
    fault.registers.assign(17, 7);
    fault.callStack = {"read(int)+0x10 (src/main.cc:90)", "main+0x22 (src/main.cc:120)"};
    fault.what = "unaligned word load from 0x20000001";
    return fault;
}

/// The sample; equal options give equal profiles.
inline Profile sampleProfile(const SampleOptions& options = {}) { return detail::SampleBuilder(options).build(); }

} // namespace simprof::test
