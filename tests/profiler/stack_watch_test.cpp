// SPDX-License-Identifier: GPL-2.0-or-later
// How deep stacks are, as event tapes: stack pointers, exceptions and threads in, depths out.
#include "profiler/collect/stack_watch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

namespace simprof {
namespace {

/// Plays a tape with hexadecimal numbers and returns the depths after each line: "main 100" for 0x100 bytes of the main
/// stack, which begins at 4000, then those of the running thread's own.
///   sp AT           the stack pointer moved; `psp` after the change to the process stack
///   back, forth     the thread changes over to the main stack, to its own again
///   irq PSP         a handler begins, the thread's frame lies at PSP
///   thread N        thread N goes on; `new N TOP`: begins on a stack of its own, `new N`: on the main stack
///   layer SP        a layer begins: its depth
std::string play(const std::string& tape) {
    StackWatch stacks(0x4000);
    std::string text;
    std::istringstream lines(tape);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string what;
        std::uint32_t first = 0;
        std::uint32_t second = 0;
        words >> what >> std::hex >> first >> second;
        if ((what == "sp" || what == "psp") && stacks.isDeeper(first)) {
            stacks.reach(first, what == "psp");
        } else if (what == "back" || what == "forth") {
            stacks.changeOver(what == "forth");
        } else if (what == "irq") {
            stacks.interrupted(first);
            stacks.run(std::nullopt);
        } else if (what == "thread") {
            stacks.run(first);
        } else if (what == "new") {
            stacks.begin(first, second != 0 ? std::optional<Address>(second) : std::nullopt);
        } else if (what == "layer") {
            text += fmt::format("layer {:x}, ", stacks.beginLayer(first));
        }
        text += stacks.mainLowest() == 0xFFFFFFFF ? "main ?" : fmt::format("main {:x}", 0x4000 - stacks.mainLowest());
        text += stacks.own() ? fmt::format(", own {:x}\n", stacks.own()->top - stacks.own()->lowest) : "\n";
    }
    return text;
}

TEST(StackWatch, TheMainStackKeepsItsDepth) {
    EXPECT_EQ(play("sp 4000\nsp 3f00\nsp 3f80\nirq 0\nsp 3e00\nthread 0\nsp 3e80\n"), "main 0\n"
                                                                                      "main 100\n"
                                                                                      "main 100\n"
                                                                                      "main 100\n"
                                                                                      "main 200\n"
                                                                                      "main 200\n"
                                                                                      "main 200\n");
}

TEST(StackWatch, TheStartUpCodeMayChangeOverToTheProcessStack) {
    EXPECT_EQ(play("sp 3ff0\npsp 2000\npsp 1fc0\npsp 1fe0\n"), "main 10\n"
                                                               "main 10, own 0\n"
                                                               "main 10, own 40\n"
                                                               "main 10, own 40\n");
}

TEST(StackWatch, TheStartUpCodeMayChangeBackToTheMainStack) {
    EXPECT_EQ(play("sp 3ff0\npsp 2000\npsp 1fc0\nback\nsp 3fe0\nforth\npsp 1fb0\n"), "main 10\n"
                                                                                     "main 10, own 0\n"
                                                                                     "main 10, own 40\n"
                                                                                     "main 10, own 40\n"
                                                                                     "main 20, own 40\n"
                                                                                     "main 20, own 40\n"
                                                                                     "main 20, own 50\n");
}

TEST(StackWatch, AnExceptionPutsItsFrameOnTheThreadsStackAndRunsOnTheMainStack) {
    EXPECT_EQ(play("sp 4000\nnew 1 2000\npsp 1f80\nirq 1f60\nsp 3fc0\nthread 1\nirq 1f90\nthread 1\n"),
              "main 0\n"
              "main 0, own 0\n"
              "main 0, own 80\n"
              "main 0\n"
              "main 40\n"
              "main 40, own a0\n"
              "main 40\n"
              "main 40, own a0\n");
}

TEST(StackWatch, EachThreadHasItsOwn) {
    EXPECT_EQ(play("new 1 2000\npsp 1f00\nnew 2 3000\npsp 2fc0\nthread 1\nthread 2\nnew 1 1800\nnew 3\n"),
              "main ?, own 0\n"
              "main ?, own 100\n"
              "main ?, own 0\n"
              "main ?, own 40\n"
              "main ?, own 100\n"
              "main ?, own 40\n"
              "main ?, own 0\n"
              "main ?\n");
}

TEST(StackWatch, DepthOfALayerIsThatOfItsOwnStack) {
    EXPECT_EQ(play("sp 3f00\nlayer 3f80\nnew 1 2000\nlayer 1fe0\nlayer 2008\n"), "main 100\n"
                                                                                 "layer 80, main 100\n"
                                                                                 "main 100, own 0\n"
                                                                                 "layer 20, main 100, own 0\n"
                                                                                 "layer 0, main 100, own 0\n");
}

} // namespace
} // namespace simprof
