// SPDX-License-Identifier: GPL-2.0-or-later
// Which calls that a loop makes from one place are one layer, from who wrote what and who read it.
#include "profiler/runtimes/spine_repetitions.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

using testing::ElementsAre;

constexpr std::pair<Address, Address> kLoop{0x102, 0x400}, kOther{0x122, 0x500};

/// Calls in the order of an inference.
class Calls {
public:
    /// A call that reads `constants` of flash and writes `written`, and reads what the steps in `from` wrote.
    Calls& call(std::pair<Address, Address> place, LifeRange constants, LifeRange written,
                std::vector<std::uint16_t> from, std::uint64_t multiplies = 100, std::uint32_t argument = 0) {
        const auto step = static_cast<std::uint16_t>(m_steps.size());
        const auto who = static_cast<AccessorId>(step + 1);
        m_steps.push_back({place, {argument, 7 * argument % 5, 0, 0}, multiplies});
        m_order.push_back(step);
        if (constants.end != constants.begin) {
            m_log.constants[who] = {constants};
        }
        m_log.lives[{who, who}] = {written};
        for (const std::uint16_t writer : from) {
            m_log.flows[{static_cast<AccessorId>(writer + 1), who}] = {{0x2000, 0x2010, 0, 0}};
        }
        return *this;
    }
    StepsOfLayers found() const { return repetitionsOf(m_steps, m_order, m_log); }

private:
    std::vector<CallStep> m_steps;
    std::vector<std::uint16_t> m_order;
    MemoryLog m_log;
};

LifeRange weights(Address number) { return {0x8000 + 0x100 * number, 0x8040 + 0x100 * number, 0, 0}; }
LifeRange bytes(Address number, Address size = 0x40) {
    return {0x1000 + 0x100 * number, 0x1000 + 0x100 * number + size, 0, 0};
}

TEST(SpineRepetitions, LayersOfOnePlaceHaveWeightsOfTheirOwn) {
    const auto found = Calls()
                           .call(kLoop, weights(0), bytes(0), {})
                           .call(kLoop, weights(1), bytes(1), {0})
                           .call(kLoop, weights(2), bytes(0), {1})
                           .found();
    EXPECT_THAT(found.owners, ElementsAre(0, 1, 2));
    EXPECT_FALSE(found.recurs);
}

TEST(SpineRepetitions, StepsInTimeMultiplyTheSameWeights) {
    Calls calls;
    for (std::uint16_t step = 0; step < 6; step += 2) {
        const std::vector<std::uint16_t> before =
            step == 0 ? std::vector<std::uint16_t>{} : std::vector{static_cast<std::uint16_t>(step - 1)};
        calls.call(kLoop, weights(0), bytes(step), before);
        calls.call(kOther, {}, bytes(9), {step}, 5); // what is written to the state each time
    }
    EXPECT_THAT(calls.found().owners, ElementsAre(0, 1, 0, 1, 0, 1));
    EXPECT_TRUE(calls.found().recurs);
}

/// As two pooling layers of equal shape do, with two buffers in turn.
TEST(SpineRepetitions, LayersWithoutWeightsMayWriteTheSameBytes) {
    const auto found = Calls()
                           .call(kOther, weights(0), bytes(0), {})
                           .call(kLoop, {}, bytes(1), {0}, 0)
                           .call(kOther, weights(1), bytes(0), {1})
                           .call(kLoop, {}, bytes(1), {2}, 0)
                           .found();
    EXPECT_THAT(found.owners, ElementsAre(0, 1, 2, 3));
}

TEST(SpineRepetitions, NeuronsThatGiveAnElementEachAreOneLayer) {
    Calls calls;
    for (Address neuron = 0; neuron < 4; ++neuron) {
        calls.call(kLoop, weights(neuron), {0x1000 + 4 * neuron, 0x1004 + 4 * neuron, 0, 0}, {});
    }
    calls.call(kLoop, weights(5), {0x1100, 0x1104, 0, 0}, {0, 1, 2, 3}); // the next layer has one
    EXPECT_THAT(calls.found().owners, ElementsAre(0, 0, 0, 0, 4));
    EXPECT_FALSE(calls.found().recurs);
}

TEST(SpineRepetitions, RowsAConstantDistanceApartAreOneLayer) {
    const auto rows = [](std::uint32_t distance, std::uint64_t workOfLast) {
        Calls calls;
        for (std::uint32_t row = 0; row < 4; ++row) {
            calls.call(kLoop, weights(row), bytes(row), {}, row == 3 ? workOfLast : 100, 0x3000 + distance * row);
        }
        return calls.found().owners;
    };
    EXPECT_THAT(rows(0x40, 100), ElementsAre(0, 0, 0, 0));
    EXPECT_THAT(rows(0x40, 70), ElementsAre(0, 0, 0, 3)) << "another kind of work";
    EXPECT_THAT(rows(0, 100), ElementsAre(0, 1, 2, 3)) << "nothing says that they lie in a row";
}

TEST(SpineRepetitions, TwoAreNoRow) { // branches of a network
    EXPECT_THAT(Calls().call(kLoop, weights(0), bytes(0), {}).call(kLoop, weights(1), bytes(1), {}).found().owners,
                ElementsAre(0, 1));
}

} // namespace
} // namespace simprof
