// SPDX-License-Identifier: GPL-2.0-or-later
// Which decoded access each recorded one is: slots and accesses in, the access of each slot out.
#include "sim_core/decode/match_accesses.h"

#include <gtest/gtest.h>

#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace simprof {
namespace {

/// "r4 w2": direction and bytes of each.
std::vector<AccessSlot> slotsOf(const std::string& text) {
    std::vector<AccessSlot> slots;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        slots.push_back(
            {static_cast<std::uint16_t>(slots.size()), static_cast<std::uint8_t>(word[1] - '0'), word[0] == 'w'});
    }
    return slots;
}

std::vector<Access> accessesOf(const std::string& text) {
    std::vector<Access> accesses;
    for (const AccessSlot& slot : slotsOf(text)) {
        accesses.push_back({0x20000000, slot.size, slot.write});
    }
    return accesses;
}

/// "1 - 2; 3": the number of each slot's access, and the slot behind the last.
std::string matched(const std::string& slots, const std::string& accesses) {
    Block block;
    block.slots = slotsOf(slots);
    const std::vector<Access> made = accessesOf(accesses);
    std::string text;
    matchAccesses(block, made, [&](std::size_t slot, const Access* access) {
        text += (slot == 0 ? "" : " ") + (access == nullptr ? "-" : std::to_string(access - made.data() + 1));
    });
    return text + "; " + std::to_string(slotBehind(block, made));
}

struct MatchRow {
    const char* name;
    const char* slots;
    const char* accesses;
    const char* matched;
};

class MatchTable : public testing::TestWithParam<MatchRow> {};

TEST_P(MatchTable, Slots) { EXPECT_EQ(matched(GetParam().slots, GetParam().accesses), GetParam().matched); }

constexpr MatchRow kRows[] = {
    {"Nothing", "", "", "; 0"},
    {"NothingYet", "r4 w4", "", "- -; 0"},
    {"All", "r4 w4 r1", "r4 w4 r1", "1 2 3; 3"},
    {"BlockNotDone", "r4 w4 r1", "r4", "1 - -; 1"},
    {"PredicatedAtTheBegin", "r4 w4", "w4", "- 1; 2"},
    {"PredicatedInTheMiddle", "r4 w1 r2", "r4 r2", "1 - 2; 3"},
    {"PredicatedAtTheEnd", "r4 w1 r2", "r4 w1", "1 2 -; 2"},
    {"EqualSlotsTakeTheFirst", "r4 r4 w4", "r4 w4", "1 - 2; 3"},
    {"FailedStrex", "r4 w4 r4", "r4 r4", "1 - 2; 3"},
    {"AsManyAsSlotsGoByPlace", "r4 w4", "r2 w1", "1 2; 2"},
    {"NoneFitsAndOneSlotIsLeft", "r4 r4", "w4", "- 1; 2"},
    {"NoneFits", "r4 r4 r4", "w4 r4", "- 1 2; 3"},
    {"MoreThanSlots", "r4", "r4 w4", "1; 1"},
};
INSTANTIATE_TEST_SUITE_P(MatchAccesses, MatchTable, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

/// Whatever of a block's accesses were made, in order: each is matched to a slot of its kind, none is left over.
TEST(MatchAccesses, WhatWasMadeIsMatched) {
    std::mt19937 random(1); // NOLINT: the same every time
    for (int round = 0; round < 2000; ++round) {
        Block block;
        std::vector<Access> made;
        const unsigned count = random() % 8;
        for (unsigned slot = 0; slot < count; ++slot) {
            const AccessSlot next{static_cast<std::uint16_t>(slot), static_cast<std::uint8_t>(1U << random() % 4),
                                  random() % 2 == 0};
            block.slots.push_back(next);
            if (random() % 4 != 0) {
                made.push_back({0x20000000, next.size, next.write});
            }
        }
        std::size_t seen = 0;
        matchAccesses(block, made, [&](std::size_t slot, const Access* access) {
            if (access != nullptr) {
                EXPECT_EQ(access, &made[seen]);
                EXPECT_EQ(access->size, block.slots[slot].size);
                EXPECT_EQ(access->write, block.slots[slot].write);
                ++seen;
            }
        });
        EXPECT_EQ(seen, made.size());
    }
}

} // namespace
} // namespace simprof
