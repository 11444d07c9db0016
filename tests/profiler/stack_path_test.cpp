// SPDX-License-Identifier: GPL-2.0-or-later
// Who holds a stack: frames in progress in, innermost first, names and sizes out, outermost first.
#include "profiler/collect/stack_frames.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

namespace simprof {
namespace {

/// Frames as "ENTRY SP" or "irq SP", innermost first; the stack from 4000 down to 3f00.
std::string held(const std::string& frames) {
    StackPathBuilder builder(0x4000, 0x3F00, 7);
    std::istringstream lines(frames);
    std::string entry, sp;
    while (lines >> entry >> sp) {
        const StackHolder holder = entry == "irq" ? StackHolder{StackHolder::Kind::Exception}
                                                  : StackHolder{StackHolder::Kind::Function,
                                                                static_cast<Address>(std::stoul(entry, nullptr, 16))};
        if (!builder.add(holder, static_cast<Address>(std::stoul(sp, nullptr, 16)))) {
            break;
        }
    }
    std::string text;
    Bytes sum = 0;
    for (const StackFrame& frame : namedFrames(builder.finish(), 0x4000, SymbolTable())) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", frame.function, frame.bytes);
        sum += frame.bytes;
    }
    EXPECT_EQ(sum, 0x100U);
    return text;
}

TEST(StackPath, EachFunctionHoldsWhatLiesBetweenItsCallAndTheNext) {
    EXPECT_EQ(held("10 3f40 20 3fc0 30 4000"), "sub_00000030 64, sub_00000020 128, sub_00000010 64");
}

TEST(StackPath, AFunctionThatHoldsNothingIsLeftOut) {
    EXPECT_EQ(held("10 3f00 20 3f80 30 4000"), "sub_00000030 128, sub_00000020 128");
}

TEST(StackPath, AnExceptionsRegistersLieBetweenTheHandlerAndWhatItInterrupted) {
    EXPECT_EQ(held("10 3f20 irq 3f40 20 4000"), "sub_00000020 192, [exception frame] 32, sub_00000010 32");
}

TEST(StackPath, FramesOnAnotherStackHoldNothingOfThisOne) {
    EXPECT_EQ(held("10 3f80 20 3e00 30 4000"), "sub_00000030 128, sub_00000010 128");
    EXPECT_EQ(held("10 3f80 20 5000 30 4000"), "sub_00000030 128, sub_00000010 128");
}

TEST(StackPath, WhoChangedOverToTheStackHoldsItsTop) {
    EXPECT_EQ(held("10 3f80 20 5000 30 5100"), "sub_00000020 128, sub_00000010 128");
    EXPECT_EQ(held("10 5000"), "sub_00000010 256");
    EXPECT_EQ(held(""), ""
                        "[unknown] 256");
}

TEST(StackPath, OfADeepRecursionTheInnermostCallsAreKept) {
    StackPathBuilder builder(0x40000, 0x3F00, 7);
    unsigned added = 0;
    while (builder.add({StackHolder::Kind::Function, 0x10}, 0x3F08 + 8 * added)) {
        ++added;
    }
    const StackPath path = builder.finish();
    EXPECT_EQ(added, StackPath::kMostMarks - 1);
    EXPECT_EQ(path.marks.size(), StackPath::kMostMarks);
    EXPECT_EQ(namedFrames(path, 0x40000, SymbolTable()).front(),
              (StackFrame{"[outer functions]", 0x40000 - 0x3F00 - 8 * (StackPath::kMostMarks - 1)}));
}

} // namespace
} // namespace simprof
