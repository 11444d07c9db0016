// SPDX-License-Identifier: GPL-2.0-or-later
// Who took what: rows in, rows out.
#include "profiler/collect/ledger.h"
#include "tests/support/ledger_text.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace simprof {
namespace {

using test::ledgerText;

struct Taken {
    LedgerKey key;
    Cycles cycles;
    std::uint64_t count = 0;
};

Ledger ledgerOf(std::initializer_list<Taken> rows) {
    Ledger ledger;
    for (const Taken& taken : rows) {
        LedgerRow& row = ledger[ledger.row(taken.key)];
        row.tally.cycles += taken.cycles;
        row.count += taken.count;
    }
    return ledger;
}

TEST(Ledger, OwnersOfAllKindsAreRows) {
    const Ledger ledger = ledgerOf({{{OwnerKind::Layer, 1, 0}, 7, 1},
                                    {{OwnerKind::Exception, -1, -1, 15}, 12, 2},
                                    {{OwnerKind::Layer, 0, 1}, 30, 3},
                                    {{OwnerKind::Sleep}, 100},
                                    {{OwnerKind::Layer, 0, 0}, 20, 3},
                                    {{OwnerKind::Exception, -1, -1, 11}, 5, 1},
                                    {{OwnerKind::StartUp}, 9}});
    EXPECT_EQ(ledgerText(ledger), "start-up: 9 cycles\n"
                                  "sleep: 100 cycles\n"
                                  "interrupt 11: 5 cycles x1\n"
                                  "interrupt 15: 12 cycles x2\n"
                                  "layer 0.0: 20 cycles x3\n"
                                  "layer 0.1: 30 cycles x3\n"
                                  "layer 1.0: 7 cycles x1\n");
    EXPECT_EQ(ledger.sum(OwnerKind::Layer).cycles, 57U);
}

TEST(Ledger, SameKeysAreOneRow) {
    Ledger ledger;
    const RowId thread1 = ledger.row({OwnerKind::Gap, 0, -1, -1, 1});
    EXPECT_NE(thread1, ledger.row({OwnerKind::Gap, 0, -1, -1, 2}));
    EXPECT_EQ(thread1, ledger.row({OwnerKind::Gap, 0, -1, -1, 1}));
    EXPECT_EQ(ledger[thread1].key.thread, 1);
}

TEST(Ledger, ALayerMakesRoomForThoseBeforeIt) {
    Ledger ledger;
    ledger[ledger.layer(0, 2)].count = 1;
    ASSERT_EQ(ledger.of(OwnerKind::Layer).size(), 3U);
    EXPECT_EQ(ledgerText(ledger), "layer 0.2: 0 cycles x1\n");
}

TEST(Ledger, OutsideInferencesIsTheHandlerOrTheApplication) {
    Ledger ledger;
    const RowId handler = ledger.exception(15);
    EXPECT_EQ(ledger.outside({}), Ledger::kStartUp);
    EXPECT_EQ(ledger.outside(handler), handler);
    ledger.beginInferences();
    EXPECT_EQ(ledger.outside({}), Ledger::kBetween);
    EXPECT_EQ(ledger.outside(handler), handler);
    ledger.dropInferences(0);
    EXPECT_EQ(ledger.outside({}), Ledger::kStartUp);
}

TEST(Ledger, DroppedInferencesWereStartUp) {
    Ledger ledger = ledgerOf({{{OwnerKind::StartUp}, 1},
                              {{OwnerKind::Between}, 2},
                              {{OwnerKind::Unattributed}, 4},
                              {{OwnerKind::Sleep}, 8},
                              {{OwnerKind::Gap, 0}, 16},
                              {{OwnerKind::Exception, -1, -1, 15}, 32, 1},
                              {{OwnerKind::Layer, 0, 0}, 64, 5}});
    ledger.dropInferences(0);
    EXPECT_EQ(ledgerText(ledger), "start-up: 87 cycles\n"
                                  "sleep: 8 cycles\n"
                                  "interrupt 15: 32 cycles x1\n");
}

TEST(Ledger, PartsOfLayersBecomeLayers) {
    Ledger ledger = ledgerOf({{{OwnerKind::Layer, 0, 0}, 1, 9}, // a copy of weights for part 2
                              {{OwnerKind::Layer, 0, 1}, 10, 2},
                              {{OwnerKind::Layer, 0, 2}, 100, 3},
                              {{OwnerKind::Layer, 0, 3}, 1000, 4}, // no layer's
                              {{OwnerKind::Layer, 1, 0}, 5, 1}});
    ledger.renumberLayers(0, {{1, 0, 1, -1}, {1, 2}});
    EXPECT_EQ(ledgerText(ledger), "unattributed: 1000 cycles\n"
                                  "layer 0.0: 10 cycles x2\n"
                                  "layer 0.1: 101 cycles x3\n"
                                  "layer 1.0: 5 cycles x1\n");
}

TEST(Ledger, TimeIsThatOfTheClockInForce) {
    Ledger ledger = ledgerOf({{{OwnerKind::StartUp}, 40}, {{OwnerKind::Layer, 0, 0}, 10}});
    ledger.settleTime(4e6);
    ledger[Ledger::kStartUp].tally.cycles += 80;
    ledger.settleTime(80e6);
    EXPECT_DOUBLE_EQ(ledger.sum(OwnerKind::StartUp).nanoseconds, 10'000 + 1000);
    EXPECT_DOUBLE_EQ(ledger.sum(OwnerKind::Layer).nanoseconds, 2500);
}

} // namespace
} // namespace simprof
