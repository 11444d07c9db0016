// SPDX-License-Identifier: GPL-2.0-or-later
// What may be a network, from what its layers read and wrote.
#include "profiler/runtimes/plausible.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

std::optional<std::string> verdict(std::span<const Tally> layers, const MemoryLog& log, std::uint64_t inferences,
                                   bool inHandler = false, bool expected = false) {
    return plausibilityOf(layers, &log, inferences, inHandler ? "ran in an exception handler" : "", expected).objection;
}

using testing::HasSubstr;
using testing::Optional;

Tally layer(std::uint64_t multiplies, Bytes constants) {
    Tally tally;
    tally.multiplies = tally.macs = multiplies;
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

TEST(Plausible, BeyondDoubtWhenAllFeedEachOther) {
    const std::vector<Tally> layers(5, layer(1000, 500));
    const Plausibility once = plausibilityOf(layers, nullptr, 2);
    EXPECT_FALSE(once.beyondDoubt) << "nothing is known of its data";
    MemoryLog log = chain(5, false);
    for (AccessorId who = 1; who <= 5; ++who) {
        log.constants[who] = {{0x1000U * who, 0x1000U * who + 500, 0, 0}};
    }
    const Plausibility whole = plausibilityOf(layers, &log, 2);
    EXPECT_TRUE(whole.beyondDoubt);
    EXPECT_EQ(whole.shown,
              "5 of them multiply constants, 5 with constants of their own, and 4 read what an earlier one "
              "wrote; 15.6 multiplications for each byte handed on");
    log.flows.erase({2, 3});
    EXPECT_FALSE(plausibilityOf(layers, &log, 2).beyondDoubt);
}

TEST(Plausible, LayersThatFeedEachOther) {
    const std::vector<Tally> layers(5, layer(1000, 500));
    EXPECT_EQ(verdict(layers, chain(5, false), 2), std::nullopt);
}

TEST(Plausible, CallsThatShareADriversStateFeedNobody) {
    const std::vector<Tally> layers(5, layer(1000, 500));
    EXPECT_THAT(verdict(layers, chain(5, true), 2), Optional(HasSubstr("do not hand data")));
    EXPECT_THAT(verdict(layers, MemoryLog{}, 2), Optional(HasSubstr("do not hand data")));
}

TEST(Plausible, ALayerInPlaceAmongOthers) {
    MemoryLog log = chain(5, false);
    log.lives[{3, 4}] = {{0x200, 0x220, 0, 0}}; // where layer 2 wrote
    log.flows.erase({3, 4});
    log.flows[{3, 4}] = {{0x200, 0x220, 0, 0}};
    EXPECT_EQ(verdict(std::vector<Tally>(5, layer(1000, 500)), log, 2), std::nullopt);
}

TEST(Plausible, WeightsInRamAreConstants) {
    const std::vector<Tally> layers(3, layer(1000, 4));
    MemoryLog log = chain(3, false);
    EXPECT_THAT(verdict(layers, log, 2), Optional(HasSubstr("does not multiply constants")));
    for (AccessorId who = 1; who <= 3; ++who) {
        log.flows[{kOutside, who}] = {{0x1000, 0x1040, 0, 0}};
    }
    EXPECT_EQ(verdict(layers, log, 2), std::nullopt);
}

TEST(Plausible, WithoutMultiplicationsThereIsNoNetwork) {
    EXPECT_THAT(verdict(std::vector<Tally>(3, layer(4, 500)), chain(3, false), 2),
                Optional(HasSubstr("does not multiply constants")));
}

/// The chain with constants: layer n reads `bytes` from 0x8000000 on, with `own` from a place of its own.
MemoryLog weighted(AccessorId count, bool own, Address bytes = 200) {
    MemoryLog log = chain(count, false);
    for (AccessorId who = 1; who <= count; ++who) {
        const Address begin = own ? 0x8000000 + Address{0x1000} * who : 0x8000000;
        log.constants[who] = {{begin, begin + bytes, 0, 0}};
    }
    return log;
}

TEST(Plausible, StepsOfACipherShareItsTables) {
    const std::vector<Tally> layers(4, layer(1000, 500));
    EXPECT_EQ(verdict(layers, weighted(4, true), 2), std::nullopt);
    EXPECT_THAT(verdict(layers, weighted(4, false), 2), Optional(HasSubstr("share their constants")));
}

TEST(Plausible, TablesAreMadeElementByElement) {
    // 32 bytes a layer and inference.
    EXPECT_THAT(verdict(std::vector<Tally>(4, layer(64, 500)), weighted(4, true), 2),
                Optional(HasSubstr("element by element")));
    EXPECT_EQ(verdict(std::vector<Tally>(4, layer(96, 500)), weighted(4, true), 2), std::nullopt);
}

TEST(Plausible, WhatRanOnceHasToBeBeyondDoubt) {
    const std::vector<Tally> many(4, layer(1000, 500)), few(4, layer(100, 500));
    EXPECT_EQ(verdict(many, weighted(4, true), 1), std::nullopt);
    EXPECT_THAT(verdict(few, weighted(4, true), 1), Optional(HasSubstr("ran once")));
    EXPECT_THAT(verdict(many, weighted(4, true, 40), 1), Optional(HasSubstr("ran once")));
    EXPECT_EQ(verdict(many, weighted(4, true, 40), 2), std::nullopt);
    std::vector<Tally> drawing = many; // multiplies to find places in a picture
    for (Tally& tally : drawing) {
        tally.macs = 0;
    }
    EXPECT_THAT(verdict(drawing, weighted(4, true), 1), Optional(HasSubstr("ran once")));
    EXPECT_EQ(verdict(drawing, weighted(4, true), 2), std::nullopt);
    std::vector<Tally> waiting = many; // for a device, most of the time
    waiting[2].cycles = 4'000'000;
    EXPECT_THAT(verdict(waiting, weighted(4, true), 1), Optional(HasSubstr("ran once")));
}

TEST(Plausible, WhatRanInAnExceptionHandlerHasToBeBeyondDoubt) {
    const std::vector<Tally> many(4, layer(1000, 500)), few(4, layer(100, 500));
    EXPECT_EQ(verdict(many, weighted(4, true), 2, true), std::nullopt);
    EXPECT_THAT(verdict(few, weighted(4, true), 2, true), Optional(HasSubstr("exception handler")));
    EXPECT_EQ(verdict(few, weighted(4, true), 2, false), std::nullopt);
}

TEST(Plausible, WhereANetworkIsExpectedLayersMayShareWeightsAndGoElementByElement) {
    const std::vector<Tally> layers(4, layer(64, 500));
    EXPECT_EQ(verdict(layers, weighted(4, false), 2, false, true), std::nullopt);
    EXPECT_EQ(verdict(layers, weighted(4, true), 2, false, true), std::nullopt);
    EXPECT_THAT(verdict(layers, weighted(4, true), 1, false, true), Optional(HasSubstr("ran once")));
    EXPECT_THAT(verdict(std::vector<Tally>(5, layer(64, 500)), chain(5, true), 2, false, true),
                Optional(HasSubstr("do not hand data")));
}

} // namespace
} // namespace simprof
