// SPDX-License-Identifier: GPL-2.0-or-later
/// The memory and the instructions of sample_profile.h.
#pragma once
#include "profiler/profile.h"
#include "tests/support/sample_network.h"

#include <algorithm>
#include <string>
#include <vector>

namespace simprof::test::detail {

inline void addLiveCurve(Profile& profile) {
    ProfileMemory& memory = profile.memory;
    std::vector<std::pair<Cycles, std::int64_t>> steps;
    for (const TensorLife& tensor : memory.tensors) {
        if (tensor.kind != TensorKind::Persistent) {
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
    for (const Span& s : profile.inferences[0].spans) {
        LayerInfo& layer = profile.layers[static_cast<std::size_t>(s.layer)];
        for (const auto& [cycle, bytes] : memory.live) {
            if (cycle >= s.startCycle && cycle < s.startCycle + s.cycles) {
                layer.sramPeakBytes = std::max(layer.sramPeakBytes, bytes);
            }
        }
        memory.stackSamples.emplace_back(s.startCycle, 312);
        memory.stackSamples.emplace_back(s.startCycle + 60, s.layer % 2 == 0 ? 1'144 : 964);
    }
}

inline void addTensors(Profile& profile, const std::vector<SampleLayer>& rows, Address arena) {
    ProfileMemory& memory = profile.memory;
    const auto& spans = profile.inferences[0].spans;
    const Cycles begin = profile.inferences[0].startCycle;
    const Cycles end = begin + profile.inferences[0].cycles;
    const auto count = static_cast<std::int32_t>(rows.size());
    memory.tensors.push_back({"input_1",
                              {1, 49, 10, 1},
                              arena + 8'000,
                              490,
                              begin - 4'000,
                              spans[0].startCycle + spans[0].cycles,
                              -1,
                              {0},
                              TensorKind::Input});
    for (std::int32_t i = 0; i < count; ++i) {
        const SampleLayer& row = rows[static_cast<std::size_t>(i)];
        const Span& made = spans[static_cast<std::size_t>(i)];
        Bytes size = 1;
        for (const std::int32_t dimension : row.shape) {
            size *= static_cast<Bytes>(dimension);
        }
        const bool last = i + 1 == count;
        const Bytes half = size / 2;
        const Cycles died =
            last ? end
                 : spans[static_cast<std::size_t>(i) + 1].startCycle + spans[static_cast<std::size_t>(i) + 1].cycles;
        memory.tensors.push_back({row.name, row.shape, arena + (i % 2 == 0 ? 0 : 8'000), size, made.startCycle + 200,
                                  died, i, last ? std::vector<std::int32_t>{} : std::vector<std::int32_t>{i + 1},
                                  last ? TensorKind::Output : TensorKind::Tensor});
        if (std::string(row.op) == "CONV_2D") { // written from the front to the back
            const Cycles born = made.startCycle + 200;
            memory.tensors.back().parts = {{0, half, born, died - 100},
                                           {half, size - half, born + made.cycles / 2, died}};
        }
        if (row.scratch != 0) {
            memory.tensors.push_back({"scratch of layer " + std::to_string(i),
                                      {},
                                      arena + 16'000,
                                      row.scratch,
                                      made.startCycle + 100,
                                      made.startCycle + made.cycles,
                                      i,
                                      {i},
                                      TensorKind::Scratch});
        }
    }
    memory.tensors.push_back(
        {"persistent", {}, arena + 32'768 - 3'856, 3'856, 20'000, end, -1, {}, TensorKind::Persistent});
    addLiveCurve(profile);
}

inline void addSampleMemory(Profile& profile, const std::vector<SampleLayer>& rows) {
    ProfileMemory& memory = profile.memory;
    constexpr Address kArena = 0x20011000;
    memory.regions = {{"flash (AXI)", MemoryKind::Flash, 0x08000000, 1'048'576, 152'344, 0, 119'020},
                      {"DTCM", MemoryKind::Dtcm, 0x20000000, 65'536, 0, 6'912, 6'400},
                      {"SRAM1", MemoryKind::Sram, 0x20010000, 245'760, 0, 21'376, 20'992},
                      {"SRAM2", MemoryKind::Sram, 0x2004C000, 16'384, 0, 0, 0}};
    memory.arena = Arena{kArena, 32'768, 22'160, 18'304, 0, 22'160, ArenaSource::Allocator};
    memory.stack = {0x2000F000, 0x20010000, 4'096, 1'144, ""};
    memory.heap = {0, 0, 0};
    memory.staticBytes = 3'276;
    memory.sram = {{SramUse::Tensors, 16'000},   {SramUse::Scratch, 2'304}, {SramUse::PersistentArena, 3'856},
                   {SramUse::Stack, 1'144},      {SramUse::Heap, 0},        {SramUse::StaticData, 3'276},
                   {SramUse::Untouched, 301'100}};
    memory.inference = 0;
    if (!profile.inferences.empty()) {
        addTensors(profile, rows, kArena);
    }
}

/// The inner loop of the function that costs most.
inline void addSampleInstructions(Profile& profile) {
    constexpr const char* kText[] = {"push {r4, r5, r6, lr}", "ldr r3, [r0], #4", "ldr r4, [r1], #4",
                                     "smlad r6, r3, r4, r6",  "subs r2, #1",      "bne.n 0x8000fb2",
                                     "pop {r4, r5, r6, pc}"};
    const FunctionInfo& function = profile.functions[0];
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
        profile.instructions.push_back(instruction);
        address += i == 1 || i == 2 || i == 3 ? 4 : 2;
    }
}

} // namespace simprof::test::detail
