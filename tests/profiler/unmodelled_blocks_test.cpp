// SPDX-License-Identifier: GPL-2.0-or-later
// Registers without a model: one line a block, however many of them were touched.
#include "profiler/analysis/unmodelled_blocks.h"

#include "profiler/analysis/finding_rules.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace simprof {
namespace {

PeripheralNote touched(const std::string& peripheral, Address address, std::uint64_t count,
                       NoteKind kind = NoteKind::Unmodelled) {
    return {peripheral, address, kind, count, 0x0800'0100, fmt::format("{} reads, 0 writes, first at main", count)};
}

std::string rowsOf(const std::vector<PeripheralNote>& notes) {
    Profile profile;
    profile.peripherals = notes;
    std::string text;
    for (const PeripheralNote& row : notesByBlock(profile)) {
        text += fmt::format("{} {:08x} x{}: {}\n", row.peripheral, row.address, row.count, row.what);
    }
    return text;
}

TEST(UnmodelledBlocks, TakeOneLine) {
    EXPECT_EQ(
        rowsOf({touched("TIM2.CR1", 0x4000'0000, 2), touched("TIM2.SR", 0x4000'0010, 5),
                touched("unknown at 0x40012000", 0x4001'2000, 1), touched("unknown at 0x40012ffc", 0x4001'2FFC, 3),
                touched("unknown at 0x40013000", 0x4001'3000, 1)}),
        "TIM2 40000000 x7: 2 registers up to 0x40000010; the first: 2 reads, 0 writes, first at main\n"
        "unknown at 0x40012000 40012000 x4: 2 registers up to 0x40012ffc; the first: 1 reads, 0 writes, first at "
        "main\n"
        "unknown at 0x40013000 40013000 x1: 1 reads, 0 writes, first at main\n");
}

TEST(UnmodelledBlocks, KeepGuessesAndEventsApart) {
    EXPECT_EQ(rowsOf({touched("USB", 0x4000'5C00, 1), touched("USB", 0x4000'5C04, 2, NoteKind::PollSatisfied),
                      touched("", 0, 1, NoteKind::Event), touched("", 0, 1, NoteKind::Event)}),
              "USB 40005c00 x1: 1 reads, 0 writes, first at main\n"
              "USB 40005c04 x2: 2 reads, 0 writes, first at main\n"
              " 00000000 x1: 1 reads, 0 writes, first at main\n"
              " 00000000 x1: 1 reads, 0 writes, first at main\n");
}

TEST(UnmodelledBlocks, UsbIsWhereTextMayGoUnseen) {
    Profile profile;
    EXPECT_TRUE(findUsb(profile).empty());
    profile.peripherals = {touched("USB_OTG_FS", 0x5000'0000, 1)};
    ASSERT_EQ(findUsb(profile).size(), 1U);
    EXPECT_EQ(findUsb(profile).front().target, "USB_OTG_FS");
}

} // namespace
} // namespace simprof
