// SPDX-License-Identifier: GPL-2.0-or-later
// What may be a network, from what its layers read and wrote.
#include "profiler/runtimes/plausible.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

using testing::HasSubstr;
using testing::Optional;

Tally layer(std::uint64_t multiplies, Bytes constants) {
    Tally tally;
    tally.multiplies = multiplies;
    tally.flashRead = constants;
    return tally;
}

/// Each of `count` layers reads what the one before it wrote; `changing`: and writes to the same place.
MemoryLog chain(AccessorId count, bool changing) {
    MemoryLog log;
    for (AccessorId who = 1; who <= count; ++who) {
        const Address own = changing ? 0x100 : Address{0x100} * who;
        log.lives[{who, static_cast<AccessorId>(who + 1)}] = {{own, own + 32, 0, 0}};
        if (who < count) {
            log.flows[{who, static_cast<AccessorId>(who + 1)}] = {{own, own + 32, 0, 0}};
        }
    }
    return log;
}

TEST(Plausible, LayersThatFeedEachOther) {
    const std::vector<Tally> layers(5, layer(1000, 500));
    EXPECT_EQ(implausibleNetwork(layers, chain(5, false)), std::nullopt);
}

TEST(Plausible, CallsThatShareADriversStateFeedNobody) {
    const std::vector<Tally> layers(5, layer(1000, 500));
    EXPECT_THAT(implausibleNetwork(layers, chain(5, true)), Optional(HasSubstr("do not hand data")));
    EXPECT_THAT(implausibleNetwork(layers, MemoryLog{}), Optional(HasSubstr("do not hand data")));
}

TEST(Plausible, ALayerInPlaceAmongOthers) {
    MemoryLog log = chain(5, false);
    log.lives[{3, 4}] = {{0x200, 0x220, 0, 0}}; // where layer 2 wrote
    log.flows.erase({3, 4});
    log.flows[{3, 4}] = {{0x200, 0x220, 0, 0}};
    EXPECT_EQ(implausibleNetwork(std::vector<Tally>(5, layer(1000, 500)), log), std::nullopt);
}

TEST(Plausible, WeightsInRamAreConstants) {
    const std::vector<Tally> layers(3, layer(1000, 4));
    MemoryLog log = chain(3, false);
    EXPECT_THAT(implausibleNetwork(layers, log), Optional(HasSubstr("does not multiply constants")));
    for (AccessorId who = 1; who <= 3; ++who) {
        log.flows[{kOutside, who}] = {{0x1000, 0x1040, 0, 0}};
    }
    EXPECT_EQ(implausibleNetwork(layers, log), std::nullopt);
}

TEST(Plausible, WithoutMultiplicationsThereIsNoNetwork) {
    EXPECT_THAT(implausibleNetwork(std::vector<Tally>(3, layer(4, 500)), chain(3, false)),
                Optional(HasSubstr("does not multiply constants")));
}

} // namespace
} // namespace simprof
