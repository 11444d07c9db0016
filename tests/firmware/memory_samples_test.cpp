// SPDX-License-Identifier: GPL-2.0-or-later
// Heap and stacks of samples whose figures are counted by hand (firmware_samples/core/allocations.cpp, stacks.cpp,
// firmware_samples/shapes/stack.cpp).
#include "profiler/profile_run.h"
#include "tests/firmware/sample_run.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace simprof {
namespace {

std::optional<Profile> profileOf(const std::string& sample) {
    const std::filesystem::path file = test::samplePath(sample);
    return std::filesystem::exists(file) ? std::optional(profileRun(readFirmware(file, std::nullopt), {}))
                                         : std::nullopt;
}

/// "name bytes" of the last `count` frames.
std::string innermost(const std::vector<StackFrame>& frames, std::size_t count) {
    std::string text;
    for (std::size_t i = frames.size() - std::min(count, frames.size()); i < frames.size(); ++i) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", frames[i].function, frames[i].bytes);
    }
    return text;
}

Bytes sum(const std::vector<StackFrame>& frames) {
    return std::accumulate(frames.begin(), frames.end(), Bytes{0},
                           [](Bytes bytes, const StackFrame& frame) { return bytes + frame.bytes; });
}

class MemorySamples : public testing::TestWithParam<const char*> {
protected:
    std::string sample(const char* name) const { return fmt::format("{}-{}", name, GetParam()); }
};

TEST_P(MemorySamples, TheHeapIsWhatWasAllocated) {
    const auto profile = profileOf(sample("allocations"));
    if (!profile) {
        GTEST_SKIP() << "firmware samples were not built";
    }
    const HeapUse& heap = profile->memory.heap;
    std::vector<std::string> callers;
    for (const HeapCaller& c : heap.callers) {
        callers.push_back(fmt::format("{} {}: {} B in {}, peak {} in {}, left {} in {}, failed {}", c.function,
                                      c.allocations, c.bytes, c.allocations, c.peakBytes, c.peakBlocks, c.leftBytes,
                                      c.leftBlocks, c.failed));
    }
    EXPECT_EQ(fmt::format("{}", fmt::join(callers, "\n")),
              "(anonymous namespace)::growList() 2: 440 B in 2, peak 400 in 1, left 0 in 0, failed 0\n"
              "(anonymous namespace)::makeObjects() 2: 164 B in 2, peak 164 in 2, left 0 in 0, failed 0\n"
              "(anonymous namespace)::takeBuffers() 2: 220 B in 2, peak 120 in 1, left 120 in 1, failed 0\n"
              "(anonymous namespace)::startTasks() 2: 80 B in 2, peak 80 in 2, left 0 in 0, failed 0\n"
              "(anonymous namespace)::askForTooMuch() 0: 0 B in 0, peak 0 in 0, left 0 in 0, failed 1");
    EXPECT_EQ(heap.peakBytes, 764U);
    std::vector<Bytes> live;
    for (const auto& [at, bytes] : heap.live) {
        live.push_back(bytes);
    }
    EXPECT_EQ(live, (std::vector<Bytes>{100, 220, 260, 220, 620, 520, 620, 684, 732, 764, 732, 684, 620, 520, 120}));
    EXPECT_EQ(heap.blocks.size(), 8U);
    const auto atPeak = [&heap](const HeapBlock& block) {
        return block.bornCycle <= heap.peakCycle && (block.diedCycle == 0 || block.diedCycle > heap.peakCycle);
    };
    EXPECT_EQ(std::ranges::count_if(heap.blocks, atPeak), 6);
    EXPECT_EQ(heap.whyNone, "");
}

TEST_P(MemorySamples, AStrippedImageSaysWhyItsAllocationsAreNotKnown) {
    const auto profile = profileOf(sample("allocations") + "-stripped");
    if (!profile) {
        GTEST_SKIP() << "firmware samples were not built";
    }
    EXPECT_TRUE(profile->memory.heap.callers.empty());
    EXPECT_EQ(profile->memory.heap.whyNone, "the image has no symbols, and allocators are known by their names");
}

TEST_P(MemorySamples, EachStackHasItsDeepestUse) {
    const auto profile = profileOf(sample("stacks"));
    if (!profile) {
        GTEST_SKIP() << "firmware samples were not built";
    }
    const StackUse& stack = profile->memory.stack;
    EXPECT_EQ(innermost(stack.frames, 2), "hold400 400, hold200 200");
    EXPECT_EQ(sum(stack.frames), stack.highWaterBytes);
    ASSERT_EQ(profile->threads.size(), 2U);
    std::vector<std::string> threads;
    for (const ThreadInfo& thread : profile->threads) {
        threads.push_back(fmt::format("{} B: {}", thread.stackHighWaterBytes, innermost(thread.stackFrames, 9)));
    }
    std::ranges::sort(threads);
    EXPECT_EQ(threads, (std::vector<std::string>{"40 B: secondThread 8, [exception frame] 32",
                                                 "608 B: firstThread 8, hold400 400, hold200 200"}));
}

TEST_P(MemorySamples, EachLayerHasItsDeepestUseOfTheStack) {
    const auto profile = profileOf(sample("shape-stack"));
    if (!profile) {
        GTEST_SKIP() << "firmware samples were not built";
    }
    ASSERT_EQ(profile->layers.size(), 3U);
    EXPECT_EQ(profile->layers[0].stackBytes, 208U);
    EXPECT_EQ(innermost(profile->layers[0].stackFrames, 9), "firstLayer 8, hold200 200");
    EXPECT_EQ(profile->layers[1].stackBytes, 608U);
    EXPECT_EQ(innermost(profile->layers[1].stackFrames, 9), "secondLayer 8, hold400 400, hold200 200");
    EXPECT_EQ(sum(profile->layers[2].stackFrames), profile->layers[2].stackBytes);
    EXPECT_EQ(innermost(profile->memory.stack.frames, 3), "secondLayer 8, hold400 400, hold200 200");
    EXPECT_EQ(sum(profile->memory.stack.frames), profile->memory.stack.highWaterBytes);
}

TEST_P(MemorySamples, TensorsMayLieOnTheStack) {
    const auto profile = profileOf(sample("shape-stack-pool"));
    if (!profile) {
        GTEST_SKIP() << "firmware samples were not built";
    }
    const ProfileMemory& memory = profile->memory;
    const Address bottom = memory.stack.top - static_cast<Address>(memory.stack.highWaterBytes);
    std::vector<std::string> onStack;
    Bytes tensors = 0;
    for (const TensorLife& tensor : memory.tensors) {
        if (tensor.address >= bottom && tensor.address < memory.stack.top && tensor.kind == TensorKind::Tensor) {
            onStack.push_back(fmt::format("{} at {}, {} to {}", tensor.sizeBytes, tensor.address - memory.arena->base,
                                          tensor.writer, fmt::join(tensor.readers, ", ")));
            tensors += tensor.sizeBytes;
            EXPECT_LT(tensor.bornCycle, tensor.diedCycle);
        }
    }
    EXPECT_EQ(fmt::format("{}", fmt::join(onStack, "; ")), "256 at 0, 0 to 1; 144 at 256, 1 to 2; 36 at 400, 2 to 3");
    ASSERT_TRUE(memory.arena);
    EXPECT_EQ(memory.arena->sizeBytes, 436U);
    Bytes all = 0;
    for (const SramOwner& owner : memory.sram) { // each byte has one owner
        all += owner.bytes;
        if (owner.use == SramUse::Stack) {
            EXPECT_EQ(owner.bytes, memory.stack.highWaterBytes - tensors);
        }
    }
    Bytes sram = 0;
    for (const MemoryRegion& region : memory.regions) {
        sram += region.kind == MemoryKind::Sram ? region.sizeBytes : 0;
    }
    EXPECT_EQ(all, sram);
}

TEST_P(MemorySamples, SignalProcessingInFrontOfTheNetworkIsAnOwner) {
    const auto profile = profileOf(sample("features"));
    if (!profile) {
        GTEST_SKIP() << "firmware samples were not built";
    }
    Cycles sum = 0;
    const Owner* features = nullptr;
    for (const Owner& owner : profile->owners) {
        sum += owner.cycles;
        features = owner.name == "[features]" ? &owner : features;
        EXPECT_EQ(std::accumulate(owner.stalls.begin(), owner.stalls.end(), Cycles{0}), owner.cycles) << owner.name;
    }
    for (const LayerInfo& layer : profile->layers) {
        sum += layer.cycles;
    }
    EXPECT_EQ(sum, profile->totals.cycles);
    ASSERT_NE(features, nullptr);
    const auto isOne = [](const std::string& name) {
        return std::ranges::any_of(std::array{"applyWindow(", "transform(", "quantise(", "computeFeatures("},
                                   [&name](const char* each) { return name.find(each) != std::string::npos; });
    };
    Cycles cycles = 0;
    std::uint64_t instructions = 0, calls = 0;
    for (const FunctionInfo& function : profile->functions) {
        if (isOne(function.name)) {
            cycles += function.selfCycles;
            instructions += function.instructions;
            calls += function.calls;
        }
    }
    EXPECT_EQ(calls, 16U);
    EXPECT_EQ(features->cycles, cycles);
    EXPECT_EQ(features->instructions, instructions);
    EXPECT_EQ(features->functions.size(), 4U);
    EXPECT_TRUE(std::ranges::all_of(features->functions, isOne));
    EXPECT_EQ(std::ranges::count(profile->owners, std::string("[start-up]"), &Owner::name), 1);
    EXPECT_EQ(std::ranges::count(profile->owners, std::string("[between inferences]"), &Owner::name), 1);
}

INSTANTIATE_TEST_SUITE_P(Boards, MemorySamples, testing::Values("nucleo-l4r5zi", "nucleo-g0b1re"),
                         [](const auto& each) {
                             std::string name = each.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

} // namespace
} // namespace simprof
