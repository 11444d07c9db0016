// SPDX-License-Identifier: GPL-2.0-or-later
// Which calls of the spine function are layers of their own, from who wrote what and who read it.
#include "profiler/runtimes/spine_layers.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

constexpr int kApplication = -1;

/// An inference as it happens: each step reads ranges, then writes ranges.
class Inference {
public:
    struct Range {
        Address begin = 0;
        Address size = 0;
    };
    explicit Inference(Range input) { write(kApplication, input); }

    Inference& step(std::uint64_t multiplies, std::vector<Range> reads, std::vector<Range> writes,
                    bool inlined = false) {
        const auto number = static_cast<int>(m_steps.size());
        m_steps.push_back({multiplies, std::exchange(m_constants, 4), inlined, 0});
        m_order.push_back(static_cast<std::uint16_t>(number));
        for (const Range& bytes : reads) {
            for (Address at = bytes.begin; at < bytes.begin + bytes.size; ++at) {
                m_log.flows[{accessor(m_writers.at(at)), accessor(number)}].push_back({at, at + 1, 0, 0});
            }
        }
        for (const Range& bytes : writes) {
            write(number, bytes);
        }
        return *this;
    }

    void calls(std::size_t step, Address function) { m_steps[step].callee = function; }
    /// What the next step reads from flash.
    Inference& constants(Bytes bytes) {
        m_constants = bytes;
        return *this;
    }

    /// By step the step whose layer it is part of, -1: none.
    std::vector<int> layers() {
        for (auto* lists : {&m_log.flows, &m_log.lives}) {
            for (auto& [key, ranges] : *lists) {
                ranges = joined(std::move(ranges));
            }
        }
        std::vector<int> result;
        for (const auto& owner : layersOfSteps(m_steps, m_order, m_log)) {
            result.push_back(owner ? *owner : -1);
        }
        return result;
    }

private:
    static AccessorId accessor(int step) { return static_cast<AccessorId>(step + 1); }
    void write(int step, Range bytes) {
        for (Address at = bytes.begin; at < bytes.begin + bytes.size; ++at) {
            m_writers[at] = step;
            m_log.lives[{accessor(step), accessor(step)}].push_back({at, at + 1, 0, 0});
        }
    }

    Bytes m_constants = 4; ///< a literal
    std::vector<SpineStep> m_steps;
    std::vector<std::uint16_t> m_order;
    MemoryLog m_log;
    std::map<Address, int> m_writers;
};

using testing::ElementsAre;
using Range = Inference::Range;

constexpr Range kInput{0x100, 16}, kA{0x200, 32}, kB{0x300, 32}, kHalfOfA{0x200, 16}, kEndOfA{0x201, 30},
    kWeights{0x800, 64}, kBias{0x900, 16}, kOutput{0xA00, 4};

TEST(SpineLayers, AreTheCallsThatHandDataToEachOther) {
    EXPECT_THAT(Inference(kInput).step(500, {kInput}, {kA}).step(500, {kA}, {kB}).step(9, {kB}, {kOutput}).layers(),
                ElementsAre(0, 1, 2));
}

TEST(SpineLayers, WhatComputesInRegistersIsPartOfTheLayerBefore) { // a product by software floating point
    EXPECT_THAT(Inference(kInput)
                    .step(500, {kInput}, {kA})
                    .step(90, {}, {})
                    .step(500, {kA}, {kB})
                    .step(9, {kB}, {kOutput})
                    .step(30, {}, {})
                    .layers(),
                ElementsAre(0, 0, 2, 3, 3));
}

TEST(SpineLayers, CopiesOfConstantsBelongToTheLayerThatReadsThem) {
    EXPECT_THAT(Inference(kInput)
                    .step(0, {}, {kWeights})
                    .step(0, {}, {kBias})
                    .step(500, {kInput, kWeights, kBias}, {kA})
                    .step(0, {}, {kWeights}) // the same buffer, for the next layer
                    .step(500, {kA, kWeights}, {kB})
                    .layers(),
                ElementsAre(2, 2, 2, 4, 4));
}

TEST(SpineLayers, WhatRearrangesCopiedConstantsPreparesToo) {
    EXPECT_THAT(Inference(kInput)
                    .step(0, {}, {kBias})
                    .step(0, {kBias}, {kWeights})
                    .step(500, {kInput, kWeights}, {kA})
                    .layers(),
                ElementsAre(2, 2, 2));
}

TEST(SpineLayers, ConstantsCopiedAheadBelongToTheirLaterReader) {
    EXPECT_THAT(
        Inference(kInput).step(0, {}, {kWeights}).step(500, {kInput}, {kA}).step(500, {kA, kWeights}, {kB}).layers(),
        ElementsAre(2, 1, 2));
}

TEST(SpineLayers, ACopyOfDataIsALayer) { // RESHAPE, PAD
    EXPECT_THAT(Inference(kInput).step(0, {kInput}, {kA}).step(500, {kA}, {kB}).layers(), ElementsAre(0, 1));
    EXPECT_THAT(Inference(kInput).step(500, {kInput}, {kA}).step(0, {kA}, {kB}).step(9, {kB}, {kOutput}).layers(),
                ElementsAre(0, 1, 2));
}

TEST(SpineLayers, AReluInPlaceEndsTheLayerBefore) {
    EXPECT_THAT(Inference(kInput).step(500, {kInput}, {kA}).step(0, {kA}, {kEndOfA}).step(500, {kA}, {kB}).layers(),
                ElementsAre(0, 0, 2));
}

TEST(SpineLayers, ASmallSoftmaxInPlaceIsALayer) {
    constexpr Inference::Range kClasses{0x2000'0f00, 10};
    EXPECT_THAT(Inference(kInput)
                    .step(500, {kInput}, {kB})
                    .step(500, {kB}, {kClasses})
                    .step(0, {kClasses}, {kClasses})
                    .layers(),
                ElementsAre(0, 1, 2));
}

TEST(SpineLayers, AddingConstantsInPlaceIsALayer) {
    EXPECT_THAT(Inference(kInput)
                    .step(500, {kInput}, {kA})
                    .step(0, {}, {kBias})
                    .step(0, {kA, kBias}, {kA}) // copied before
                    .step(500, {kA}, {kB})
                    .constants(32)
                    .step(0, {kB}, {kB}) // from flash
                    .layers(),
                ElementsAre(0, 2, 2, 3, 4));
}

TEST(SpineLayers, PoolingInPlaceIsALayer) {
    EXPECT_THAT(
        Inference(kInput).step(500, {kInput}, {kA}).step(0, {kA}, {kHalfOfA}).step(9, {kHalfOfA}, {kB}).layers(),
        ElementsAre(0, 1, 2));
}

TEST(SpineLayers, AddingAnotherTensorInPlaceIsALayer) {
    EXPECT_THAT(Inference(kInput).step(500, {kInput}, {kA}).step(500, {kA}, {kB}).step(0, {kA, kB}, {kB}).layers(),
                ElementsAre(0, 1, 2));
}

TEST(SpineLayers, WhatMultipliesInPlaceIsALayer) {
    EXPECT_THAT(Inference(kInput).step(500, {kInput}, {kA}).step(40, {kA}, {kA}).layers(), ElementsAre(0, 1));
}

TEST(SpineLayers, WhatTheSpineFunctionComputesItselfIsALayerOnlyOnTheNetworksData) {
    EXPECT_THAT(Inference(kInput).step(500, {kInput}, {kA}).step(500, {kA}, {kB}, true).layers(), ElementsAre(0, 1));
    EXPECT_THAT(
        Inference(kInput).step(500, {kInput}, {kA}).step(500, {}, {kOutput}, true).step(500, {kA}, {kB}).layers(),
        ElementsAre(0, -1, 2));
}

/// A workspace is allocated, a callback told of progress.
TEST(SpineLayers, CallsApartFromTheNetworksDataBelongToTheLayerBefore) {
    EXPECT_THAT(Inference(kInput)
                    .step(0, {}, {kBias})
                    .step(500, {kInput}, {kA})
                    .step(2, {kBias}, {kBias})
                    .step(500, {kA}, {kB})
                    .step(0, {kBias}, {kBias})
                    .layers(),
                ElementsAre(1, 1, 1, 3, 3));
}

TEST(SpineLayers, ACallbackThatLooksAtTheResultIsNone) {
    Inference inference(kInput);
    inference.step(500, {kInput}, {kA}).step(0, {}, {kBias}).step(500, {kA}, {kB}).step(0, {}, {kBias});
    inference.step(500, {kB}, {kHalfOfA}).step(0, {kHalfOfA}, {kBias});
    EXPECT_THAT(inference.layers(), ElementsAre(0, 0, 2, 2, 4, 5)) << "nothing says what they call";
    for (const std::size_t callback : {1U, 3U, 5U}) {
        inference.calls(callback, 0x500);
    }
    EXPECT_THAT(inference.layers(), ElementsAre(0, 0, 2, 2, 4, 4));
}

TEST(SpineLayers, WhoPrintsOneValueAfterTheOtherIsNone) {
    constexpr Range kFirst{kHalfOfA.begin, 4}, kSecond{kHalfOfA.begin + 4, 4}, kThree{kHalfOfA.begin + 8, 8};
    const auto inference = [] { return Inference(kInput).step(500, {kInput}, {kB}).step(500, {kB}, {kHalfOfA}); };
    EXPECT_THAT(inference().step(4, {kFirst}, {kBias}).step(4, {kSecond}, {kBias}).layers(), ElementsAre(0, 1, 1, 1));
    EXPECT_THAT(inference().step(4, {kThree}, {kBias}).layers(), ElementsAre(0, 1, 2));
}

TEST(SpineLayers, AStepOfLaterInferencesOnlyIsALayer) {
    EXPECT_THAT(layersOfSteps(std::vector<SpineStep>{{}}, {}, {}), ElementsAre(testing::Optional(0)));
}

} // namespace
} // namespace simprof
