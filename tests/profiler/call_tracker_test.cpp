// SPDX-License-Identifier: GPL-2.0-or-later
// Call stacks as event tapes: ends of blocks and exceptions in, calls out.
#include "profiler/collect/call_tracker.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

namespace simprof {
namespace {

/// Plays a tape: one event a line, 10 cycles each, all numbers hexadecimal.
///   bl FROM TO      the block of 4 bytes at FROM calls TO; `blx` through a register, `layer` for layer 0
///   ret FROM TO     returns to TO; `bx` is a jump through a register
///   b FROM TO       branches to TO
///   irq NUMBER AT SP    interrupts the code at AT; SP 0: tail-chained
///   iret AT SP          returns from the handler
///   chain               leaves a handler for the next one, which follows at once
class Player {
public:
    explicit Player(std::set<Address> functionStarts = {})
        : m_calls(m_tree, m_ledger, std::move(functionStarts)) {}

    void play(const std::string& tape) {
        std::istringstream lines(tape);
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::string what;
            Address first = 0;
            Address second = 0;
            Address third = 0;
            words >> what >> std::hex >> first >> second >> third;
            if (what == "irq") {
                m_calls.enterHandler(m_ledger.exception(first), second, third, m_now);
            } else if (what == "iret") {
                const auto left = m_calls.leaveHandler(second, first, false, m_now);
                ASSERT_TRUE(left) << line;
                m_threads += left->toThread ? fmt::format("{}{}{} ", *m_calls.thread(), left->isNew ? " new" : "",
                                                          left->behindCall ? " behind its call" : "")
                                            : "";
                unwind(left->behindCall ? m_calls.returnTo(first) : CallTracker::Step{}, first);
            } else if (what == "chain") {
                ASSERT_TRUE(m_calls.leaveHandler(0, 0, true, m_now)) << line;
            } else {
                block(what, first, second);
            }
            m_now += 10;
        }
    }

    /// Functions in progress by entry, outermost first.
    std::string open() const {
        std::string text;
        for (std::int32_t node = m_calls.node(); node > 0; node = m_tree.nodes()[node].parent) {
            text = fmt::format("{:x}{}{}", m_tree.nodes()[node].entry, text.empty() ? "" : " ", text);
        }
        return text;
    }
    /// "200 x2 from 104" for two calls that return to 104, deeper ones indented; "layer 0" for whom, "*": through a
    /// register.
    std::string tree(std::int32_t parent = 0, unsigned depth = 0) const {
        std::string text;
        for (std::size_t i = 1; i < m_tree.nodes().size(); ++i) {
            const CallTreeNode& node = m_tree.nodes()[i];
            if (node.parent == parent) {
                text +=
                    fmt::format("{:{}}{:x} x{} from {:x}{}{}\n", "", 2 * depth, node.entry, node.calls, node.site,
                                node.indirect ? " *" : "", node.layer >= 0 ? fmt::format(" layer {}", node.layer) : "");
                text += tree(static_cast<std::int32_t>(i), depth + 1);
            }
        }
        return text;
    }
    /// "200 @10+30 /1" for a call from cycle 10 on that took 30 cycles at depth 1.
    std::string spans() {
        m_calls.closeAll(m_now);
        std::string text;
        for (const RawCallSpan& span : m_calls.spans()) {
            text += fmt::format("{:x} @{}+{} /{}\n", span.entry, span.start, span.cycles, span.depth);
        }
        return text;
    }
    CallTracker& calls() { return m_calls; }
    void restoresReturnIn(Address block, bool restores) { m_facts[block].restoresReturn = restores; }
    /// Which thread went on after each handler.
    const std::string& threads() const { return m_threads; }

private:
    void block(const std::string& what, Address from, Address to) {
        static const std::map<std::string, BlockEnd> kEnds = {
            {"bl", BlockEnd::Call},    {"layer", BlockEnd::Call},        {"blx", BlockEnd::IndirectCall},
            {"ret", BlockEnd::Return}, {"bx", BlockEnd::IndirectBranch}, {"b", BlockEnd::Branch}};
        Block block;
        block.begin = from;
        block.size = 4;
        block.end = kEnds.at(what);
        if (m_calls.empty()) {
            m_calls.begin(from, m_now);
        }
        const BlockEvent event{block, m_now, 10, Accesses({}, 0), to};
        const CallTracker::Step step = m_calls.stepOf(event, m_facts[from]);
        if (step.kind == CallTracker::Step::Kind::Call || step.kind == CallTracker::Step::Kind::TailCall) {
            m_calls.call(event, step.kind, what == "layer" ? m_ledger.layer(0, 0) : kNoRow);
        } else {
            unwind(step, to);
        }
    }
    void unwind(const CallTracker::Step& step, Address next) {
        for (std::size_t i = 0; i < step.frames; ++i) {
            m_calls.pop(m_now + 10);
        }
        if (m_calls.empty()) {
            m_calls.begin(next, m_now + 10);
        }
    }

    Ledger m_ledger;
    CallTree m_tree;
    CallTracker m_calls;
    std::map<Address, BlockFacts> m_facts;
    Cycles m_now = 0;
    std::string m_threads;
};

TEST(CallTracker, CallsAndReturns) {
    Player player;
    player.play("bl 100 200\nbl 200 300\nret 300 204\nret 204 104\nbl 100 200\nblx 108 300\n");
    EXPECT_EQ(player.open(), "100 200 300");
    EXPECT_EQ(player.tree(), "100 x1 from 0\n"
                             "  200 x2 from 104\n"
                             "    300 x1 from 204\n"
                             "    300 x1 from 10c *\n");
    EXPECT_EQ(player.spans(), "100 @0+60 /0\n"
                              "200 @10+30 /1\n"
                              "300 @20+10 /2\n"
                              "200 @50+10 /1\n");
}

TEST(CallTracker, AReturnSkipsFunctionsThatDoNotComeBack) {
    Player player;
    player.play("bl 100 200\nbl 200 300\nbl 300 400\nret 400 104\n"); // longjmp
    EXPECT_EQ(player.open(), "100");
    player.play("ret 104 900\n"); // to nobody
    EXPECT_EQ(player.open(), "100");
}

TEST(CallTracker, ABranchBehindTheReturnAddressLeavesTheFunction) {
    for (const bool restores : {false, true}) {
        Player player;
        player.restoresReturnIn(0x204, restores);
        player.play("bl 100 200\nb 204 300\nret 300 104\n");
        EXPECT_EQ(player.tree(), restores ? "100 x1 from 0\n"
                                            "  200 x1 from 104\n"
                                            "    300 x1 from 104\n"
                                          : "100 x1 from 0\n"
                                            "  200 x1 from 104\n");
    }
}

TEST(CallTracker, AJumpToAFunctionIsACallForItsCaller) {
    for (const bool symbols : {false, true}) {
        Player player(symbols ? std::set<Address>{0x300} : std::set<Address>{});
        player.play("bl 100 200\nb 200 300\n");
        EXPECT_EQ(player.open(), symbols ? "100 200 300" : "100 200");
        player.play("ret 300 104\n");
        EXPECT_EQ(player.open(), "100") << "returns for its caller as well";
    }
    Player player;
    player.play("bl 100 200\nb 200 300\nret 300 104\nbl 104 300\nret 300 108\nbl 108 200\nb 200 300\n");
    EXPECT_EQ(player.open(), "100 200 300") << "a function from its first call on";
    player.play("b 300 300\n");
    EXPECT_EQ(player.open(), "100 200 300") << "a loop is no call";
}

TEST(CallTracker, WhatLedToATailCallBelongsToIt) {
    Player player({0x300});
    player.play("bl 100 200\n"
                "bx 200 300\n"); // the second one is known to be a function
    EXPECT_EQ(player.open(), "100 200 300");
    EXPECT_EQ(player.calls().top().start, 20U);
    EXPECT_EQ(player.calls().top().called, 10U) << "where no symbol says so it is one function";
}

TEST(CallTracker, CalleesOfALayerWorkForIt) {
    Player player;
    player.play("bl 100 200\nlayer 200 300\nbl 300 400\n");
    EXPECT_TRUE(player.calls().insideLayer());
    EXPECT_TRUE(player.calls().anyLayerIsOpen(0));
    player.play("ret 400 304\nret 304 204\nbl 204 400\n");
    EXPECT_FALSE(player.calls().insideLayer());
    EXPECT_FALSE(player.calls().anyLayerIsOpen(0));
    EXPECT_EQ(player.tree(), "100 x1 from 0\n"
                             "  200 x1 from 104\n"
                             "    300 x1 from 204 layer 0\n"
                             "      400 x1 from 304 layer 0\n"
                             "    400 x1 from 208\n");
}

TEST(CallTracker, HandlersHaveCallsOfTheirOwn) {
    Player player;
    player.play("bl 100 200\nirq f 204 1000\nbl 800 900\nirq 10 904 f80\nbl a00 b00\n");
    EXPECT_EQ(player.open(), "a00 b00");
    EXPECT_EQ(player.calls().openCalls(), (std::vector<Address>{0xA04, 0x904, 0x804, 0x204, 0x104}));
    player.play("iret 904 f80\n");
    EXPECT_EQ(player.open(), "800 900");
    player.play("chain\nirq b 0 0\nbl c00 d00\n");
    EXPECT_EQ(player.open(), "c00 d00");
    player.play("iret 204 1000\n");
    EXPECT_EQ(player.open(), "100 200");
    EXPECT_EQ(player.threads(), "0 ");
}

TEST(CallTracker, ThreadsGoOnWhereTheyWere) {
    Player player;
    player.play("bl 100 200\nirq e 204 1000\niret 500 2000\nbl 500 600\nirq e 604 1f80\niret 204 1000\n");
    EXPECT_EQ(player.open(), "100 200");
    player.play("irq e 208 1000\niret 604 1f80\n");
    EXPECT_EQ(player.open(), "500 600");
    EXPECT_EQ(player.threads(), "1 new 0 1 ");
}

TEST(CallTracker, AThreadMayGoOnBehindItsCall) {
    Player player;
    player.play("bl 100 200\nirq b 204 1000\niret 500 2000\nbl 500 600\nirq b 604 2000\niret 104 1000\n");
    EXPECT_EQ(player.open(), "100");
    EXPECT_EQ(player.threads(), "1 new 0 behind its call ");
}

TEST(CallTracker, EachCallIsASpanOrCounted) {
    Player player;
    player.play("bl 100 200\nirq f 204 1000\nbl 800 900\nirq 10 904 f80\nbl a00 b00\niret 904 f80\nret 900 804\n"
                "iret 204 1000\nret 204 104\nirq b 104 1000\niret 500 2000\nbl 500 600\n");
    EXPECT_EQ(player.spans(), "200 @10+80 /1\n800 @20+50 /0\n900 @30+40 /1\na00 @40+10 /0\n500 @110+10 /0\n");
    EXPECT_EQ(player.calls().spansLeftOut(), 3U) << "100 waits in its thread, b00 and 600 took no cycle";
}

TEST(CallTracker, NumbersOfThreadsThatEndedAreUsedAgain) {
    Player player;
    for (int i = 0; i < 3; ++i) { // always another thread on the same stack, interrupted at the same place
        player.play("irq b 204 1000\niret 500 2000\nbl 500 600\nirq b 604 2000\niret 204 1000\n");
    }
    EXPECT_EQ(player.threads(), "1 new 0 2 new 0 1 new 0 ");
}

TEST(CallTracker, WhatAFunctionTookStandsStillWhileItsThreadWaits) {
    Ledger ledger;
    CallTree tree;
    CallTracker calls(tree, ledger, {});
    const auto take = [&](Cycles cycles) { ledger[Ledger::kStartUp].tally.cycles += cycles; };
    calls.begin(0x100, 0);
    take(5);
    calls.enterHandler(ledger.exception(14), 0x104, 0x1000, 5);
    EXPECT_TRUE(calls.leaveHandler(0x2000, 0x500, false, 5)->isNew);
    calls.begin(0x500, 5);
    take(100);
    EXPECT_EQ(calls.takenSinceEntry()->cycles, 100U);
    calls.enterHandler(ledger.exception(14), 0x504, 0x2000, 105);
    EXPECT_EQ(calls.takenSinceEntry(), std::nullopt) << "a handler has begun no function yet";
    EXPECT_FALSE(calls.leaveHandler(0x1000, 0x104, false, 105)->isNew);
    take(7);
    EXPECT_EQ(calls.takenSinceEntry()->cycles, 12U);
}

TEST(CallSpans, TheLongestAreKept) {
    CallSpans spans;
    for (Cycles cycles = 1; cycles <= 250'000; ++cycles) {
        spans.keep({0x100, 0, 1000 * cycles, cycles});
    }
    spans.sort();
    EXPECT_LT(spans.all().size(), 200'000U);
    EXPECT_EQ(spans.all().back().cycles, 250'000U);
    EXPECT_EQ(spans.all().front().cycles, 250'000U - spans.all().size() + 1) << "no longer one was dropped";
}

TEST(CallSpans, AreTheSameKindOfSetHoweverManyCallsThereAre) {
    for (const Cycles inferences : {3'000U, 20'000U, 35'000U}) {
        CallSpans spans;
        for (Cycles at = 0; at < inferences; ++at) { // most calls are equal ones
            for (const Cycles cycles : {7U, 7U, 7U, 50U, 50U, 90U}) {
                spans.keep({0x100, 0, 1000 * at, cycles});
            }
        }
        spans.sort();
        EXPECT_EQ(spans.all().size(), std::min<std::size_t>(6 * inferences, CallSpans::kRoom));
        const auto of = [&](Cycles cycles) { return std::ranges::count(spans.all(), cycles, &RawCallSpan::cycles); };
        EXPECT_EQ(of(90), static_cast<std::ptrdiff_t>(inferences)) << "the longest";
        const auto room = static_cast<std::ptrdiff_t>(CallSpans::kRoom - inferences);
        EXPECT_EQ(of(50), std::min<std::ptrdiff_t>(2 * static_cast<std::ptrdiff_t>(inferences), room));
        const Cycles first = static_cast<Cycles>((of(50) + 1) / 2); // inferences of which they stay
        EXPECT_TRUE(std::ranges::all_of(spans.all(), [first](const RawCallSpan& span) {
            return span.cycles != 50 || span.start < 1000 * first;
        })) << "of equal ones the first";
    }
}

} // namespace
} // namespace simprof
