// SPDX-License-Identifier: GPL-2.0-or-later
// Whether the layers that ran are those of a model that the user gave.
#include "profiler/runtimes/model_match.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

Network model(const std::vector<std::uint64_t>& macs) {
    Network network;
    for (const std::uint64_t count : macs) {
        NetworkOperator op;
        op.index = static_cast<std::uint32_t>(network.operators.size());
        op.macs = count;
        network.operators.push_back(op);
    }
    return network;
}

std::vector<Tally> layers(const std::vector<std::uint64_t>& multiplies) {
    std::vector<Tally> result;
    for (const std::uint64_t count : multiplies) {
        result.emplace_back();
        result.back().multiplies = count;
    }
    return result;
}

TEST(ModelMatch, OneLayerForEachOperator) {
    EXPECT_THAT(operatorsOf(layers({40, 300, 20}), 1, model({16, 256, 16})),
                ElementsAre(Optional(0U), Optional(1U), Optional(2U)));
}

TEST(ModelMatch, OperatorsWithoutWorkMayBeMissing) {
    EXPECT_THAT(operatorsOf(layers({2000, 8000, 60}), 2, model({1000, 0, 4000, 0, 30, 0})),
                ElementsAre(Optional(0U), Optional(2U), Optional(4U)));
}

TEST(ModelMatch, LayersWithoutWorkMayBeExtra) {
    EXPECT_THAT(operatorsOf(layers({0, 1000, 0, 4000}), 1, model({1000, 4000})),
                ElementsAre(std::nullopt, Optional(0U), std::nullopt, Optional(1U)));
}

TEST(ModelMatch, AnotherNetworkFitsNot) {
    EXPECT_THAT(operatorsOf(layers({40, 300, 20}), 1, model({320'000, 72'000, 512'000, 72'000, 768})), IsEmpty());
    EXPECT_THAT(operatorsOf(layers({40, 300, 20}), 1, model({16'000, 256'000, 16'000})), IsEmpty()) << "too large";
    EXPECT_THAT(operatorsOf(layers({300, 16, 20}), 1, model({16, 256, 16})), IsEmpty()) << "in another order";
    EXPECT_THAT(operatorsOf(layers({40, 300, 20}), 1, model({16, 256})), IsEmpty()) << "a layer without operator";
}

} // namespace
} // namespace simprof
