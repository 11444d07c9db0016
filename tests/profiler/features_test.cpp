// SPDX-License-Identifier: GPL-2.0-or-later
// Which functions compute features, by the flow of data between paths of the call tree.
#include "profiler/collect/features.h"

#include "profiler/collect/recording.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace simprof {
namespace {

/// A gap between two inferences: main, at 0x10, calls all others and the network, whose input lies at 0x1000.
class Gap {
public:
    Gap() {
        m_recording.gaps.accesses.emplace();
        m_main = path(0, 0x10, 5, 0, 0);
        m_recording.gaps.open = {m_main, path(m_main, 0x18, 5, 0, 0)}; // which calls the layers
        m_recording.memoryLogs[0].flows[{kOutside, 1}] = {{0x1000, 0x1100, 0, 0}};
        for (const RowId row : {Ledger::kStartUp, Ledger::kBetween}) {
            Tally& tally = m_recording.ledger[row].tally;
            tally.cycles = tally.instructions = 1'000'000;
            tally.stalls.fill(100'000);
        }
    }
    std::int32_t main() const { return m_main; }
    /// A function that main calls, of `cycles` and so many multiplications, that reads `table` bytes of constants.
    std::int32_t path(std::int32_t parent, Address entry, Cycles cycles, std::uint64_t multiplies, Bytes table) {
        const std::int32_t node = m_recording.tree.child(parent, entry, entry + 1, -1, -1);
        m_recording.gaps.nodes.push_back(node);
        m_recording.gaps.between.resize(static_cast<std::size_t>(node) + 1);
        m_recording.gaps.between.back() = {cycles, cycles, multiplies, {cycles}};
        if (table != 0) {
            m_recording.gaps.accesses->constants[accessor(node)] = {
                {0x0800'0000, 0x0800'0000 + static_cast<Address>(table), 0, 0}};
        }
        return node;
    }
    /// `to` reads what `from` wrote; 0: nobody in the gap.
    void flow(std::int32_t from, std::int32_t to, Address begin, Address end) {
        m_recording.gaps.accesses->flows[{from == 0 ? kOutside : accessor(from), accessor(to)}] = {{begin, end, 0, 0}};
    }
    void writes(std::int32_t who, Address begin, Address end) {
        m_recording.gaps.accesses->lives[{accessor(who), accessor(who)}] = {{begin, end, 0, 0}};
    }
    /// "CYCLES: entries, the one that took most first".
    std::string features() const {
        const Features found = findFeatures(m_recording);
        std::string text = fmt::format("{}:", found.between.cycles);
        for (const Address entry : found.functions) {
            text += fmt::format(" {:x}", entry);
        }
        return text;
    }

private:
    static AccessorId accessor(std::int32_t node) { return static_cast<AccessorId>(node); }

    Recording m_recording;
    std::int32_t m_main = 0;
};

/// Samples, window, transform and quantisation, one after the other.
class Pipeline : public Gap {
public:
    explicit Pipeline(Bytes table = 512, std::uint64_t multiplies = 256) {
        const std::int32_t samples = path(main(), 0x20, 100, 300, 0);
        window = path(main(), 0x30, 200, multiplies, table);
        quantise = path(main(), 0x40, 50, 0, 0);
        flow(samples, window, 0x2000, 0x2200);
        flow(window, quantise, 0x3000, 0x3200);
        writes(quantise, 0x1000, 0x1100);
    }
    std::int32_t window = 0;
    std::int32_t quantise = 0;
};

TEST(Features, AreWhatComputesByTablesAndWhatHandsItOn) { EXPECT_EQ(Pipeline().features(), "250: 30 40"); }

TEST(Features, HaveTheirCalleesWithThem) {
    Pipeline gap;
    gap.path(gap.window, 0x50, 70, 0, 0);
    EXPECT_EQ(gap.features(), "320: 30 50 40");
}

TEST(Features, WithoutTablesOrMultiplicationsThereAreNone) {
    EXPECT_EQ(Pipeline(0).features(), "0:");
    EXPECT_EQ(Pipeline(512, 40).features(), "0:");
}

TEST(Features, WhatDoesNotLeadToTheInputIsNone) {
    Pipeline gap;
    const std::int32_t control = gap.path(gap.main(), 0x60, 900, 500, 512);
    gap.flow(0, control, 0x5000, 0x5100);
    gap.writes(control, 0x6000, 0x6100);
    EXPECT_EQ(gap.features(), "250: 30 40");
}

TEST(Features, AFunctionThatMakesTheInputFromNothingIsNone) {
    Gap gap;
    gap.writes(gap.path(gap.main(), 0x20, 100, 300, 512), 0x1000, 0x1100);
    EXPECT_EQ(gap.features(), "0:");
}

TEST(Features, DataMayPassThroughAFunctionThatCallsTheNetwork) {
    Gap gap;
    const std::int32_t transform = gap.path(gap.main(), 0x30, 200, 300, 512);
    gap.flow(0, transform, 0x2000, 0x2200);
    gap.flow(transform, gap.main(), 0x3000, 0x3100);
    gap.writes(gap.main(), 0x1000, 0x1100);
    EXPECT_EQ(gap.features(), "200: 30");
}

TEST(Features, WithoutAGapThereAreNone) { EXPECT_TRUE(findFeatures(Recording()).functions.empty()); }

} // namespace
} // namespace simprof
