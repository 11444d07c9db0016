// SPDX-License-Identifier: GPL-2.0-or-later
// The NVIC by itself: what is asked of it in words, what it answers in words.
#include "sim_core/ppb/nvic.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace simprof {
namespace {

/// Carries out `tape` word by word and returns what each `?` showed: the exception that is pending first, the one that
/// preempts, the priority in force, and "wakes" when WFI would end.
std::string answers(unsigned priorityBits, const std::string& tape) {
    CoreDesc core;
    core.nvicPriorityBits = priorityBits;
    core.irqCount = 32;
    Nvic nvic(core);
    PriorityMasks masks;
    std::string text;
    std::istringstream words(tape);
    const auto number = [&words] {
        std::string word;
        words >> word;
        return static_cast<unsigned>(std::stoul(word, nullptr, 0));
    };
    for (std::string word; words >> word;) {
        if (word == "enable") {
            nvic.setEnabled(number(), true);
        } else if (word == "prio") {
            const unsigned exception = number();
            nvic.setPriority(exception, static_cast<std::uint8_t>(number()));
        } else if (word == "group") {
            nvic.setPriorityGrouping(number());
        } else if (word == "pend") {
            nvic.setPending(number());
        } else if (word == "clear") {
            nvic.clearPending(number());
        } else if (word == "high") {
            nvic.setLevel(number(), true);
        } else if (word == "low") {
            nvic.setLevel(number(), false);
        } else if (word == "enter") {
            nvic.activate(number());
        } else if (word == "leave") {
            nvic.deactivate(number());
        } else if (word == "basepri") {
            masks.basepri = static_cast<std::uint8_t>(number());
        } else if (word == "primask") {
            masks.primask = true;
        } else if (word == "faultmask") {
            masks.faultmask = true;
        } else if (word == "reset") {
            nvic.reset();
        } else if (word == "rose") {
            text += fmt::format("{}rose {}", text.empty() ? "" : "; ", nvic.takeRose() ? "yes" : "no");
        } else if (word == "?") {
            const auto preempting = nvic.preempting(masks);
            text += fmt::format("{}first {} preempts {} at {}{}", text.empty() ? "" : "; ", nvic.highestPending(),
                                preempting ? std::to_string(*preempting) : "none", nvic.executionPriority(masks),
                                nvic.wakesUp(masks) ? " wakes" : "");
        } else {
            ADD_FAILURE() << "no word " << word;
        }
    }
    return text;
}

struct NvicRow {
    const char* name;
    unsigned priorityBits;
    const char* tape;
    const char* answers;
};

class NvicTable : public testing::TestWithParam<NvicRow> {};

TEST_P(NvicTable, Answers) { EXPECT_EQ(answers(GetParam().priorityBits, GetParam().tape), GetParam().answers); }

constexpr NvicRow kRows[] = {
    {"Idle", 4, "?", "first 0 preempts none at 256"},
    {"PendingAndDisabled", 4, "pend 16 ?", "first 0 preempts none at 256"},
    {"PendingAndEnabled", 4, "enable 16 pend 16 ?", "first 16 preempts 16 at 256 wakes"},
    {"Cleared", 4, "enable 16 pend 16 clear 16 ?", "first 0 preempts none at 256"},
    {"SystemExceptionsAreEnabled", 4, "pend 15 ? pend 14 ? pend 11 ? pend 2 ?",
     "first 15 preempts 15 at 256 wakes; first 14 preempts 14 at 256 wakes; first 11 preempts 11 at 256 wakes; "
     "first 2 preempts 2 at 256 wakes"},
    {"ConfigurableFaultsAreNot", 4, "pend 4 pend 5 pend 6 ?", "first 0 preempts none at 256"},
    {"EqualPrioritiesByNumber", 4, "enable 16 enable 17 pend 17 pend 16 ?", "first 16 preempts 16 at 256 wakes"},
    {"LowerValueFirst", 4, "enable 16 enable 17 prio 16 0x40 prio 17 0x20 pend 16 pend 17 ?",
     "first 17 preempts 17 at 256 wakes"},
    {"UnimplementedBitsReadZero", 2, "enable 16 prio 16 0x7F pend 16 enter 16 ?", "first 0 preempts none at 64"},
    {"PreemptsWhatIsLessUrgent", 4, "enable 16 prio 15 0x40 prio 16 0x20 enter 15 pend 16 ?",
     "first 16 preempts 16 at 64 wakes"},
    {"NotWhatIsAsUrgent", 4, "enable 16 prio 15 0x40 prio 16 0x40 enter 15 pend 16 ?", "first 16 preempts none at 64"},
    {"MostUrgentOfTheActiveCounts", 4, "prio 15 0x40 prio 16 0x20 enter 15 enter 16 ? leave 16 ?",
     "first 0 preempts none at 32; first 0 preempts none at 64"},
    {"SubpriorityDoesNotPreempt", 4, "group 5 enable 16 prio 15 0x70 prio 16 0x40 enter 15 pend 16 ?",
     "first 16 preempts none at 64"},
    {"GroupPriorityDoes", 4, "group 4 enable 16 prio 15 0x70 prio 16 0x40 enter 15 pend 16 ?",
     "first 16 preempts 16 at 96 wakes"},
    {"SubpriorityChoosesAmongThePending", 4, "group 5 enable 16 enable 17 prio 16 0x70 prio 17 0x40 pend 16 pend 17 ?",
     "first 17 preempts 17 at 256 wakes"},
    {"GroupSevenHasOneGroup", 4, "group 7 enable 16 prio 15 0xF0 prio 16 0 enter 15 pend 16 ?",
     "first 16 preempts none at 0"},
    {"Basepri", 4, "enable 16 prio 16 0x40 pend 16 basepri 0x40 ? basepri 0x50 ? basepri 0 ?",
     "first 16 preempts none at 64; first 16 preempts 16 at 80 wakes; first 16 preempts 16 at 256 wakes"},
    {"PrimaskWakesWithoutPreempting", 4, "enable 16 pend 16 primask ?", "first 16 preempts none at 0 wakes"},
    {"NmiThroughPrimask", 4, "pend 2 primask ?", "first 2 preempts 2 at 0 wakes"},
    {"FaultmaskHoldsHardFault", 4, "pend 3 faultmask ? pend 2 ?",
     "first 3 preempts none at -1; first 2 preempts 2 at -1 wakes"},
    {"HardFaultOverAnyPriority", 4, "prio 16 0 enter 16 pend 3 ?", "first 3 preempts 3 at 0 wakes"},
    {"HardFaultNotOverNmi", 4, "enter 2 pend 3 ?", "first 3 preempts none at -2"},
    {"EnteringEndsPending", 4, "enable 16 pend 16 enter 16 leave 16 ?", "first 0 preempts none at 256"},
    {"PendedWhileActiveComesAgain", 4, "enable 16 pend 16 enter 16 pend 16 ? leave 16 ?",
     "first 16 preempts none at 0; first 16 preempts 16 at 256 wakes"},
    {"ALevelThatStaysComesAgain", 4, "enable 16 high 0 enter 16 leave 16 ?", "first 16 preempts 16 at 256 wakes"},
    {"ALevelThatFellDoesNot", 4, "enable 16 high 0 enter 16 low 0 leave 16 ?", "first 0 preempts none at 256"},
    {"ALevelThatFellStaysPending", 4, "enable 16 high 0 low 0 ?", "first 16 preempts 16 at 256 wakes"},
    {"ResetKeepsLevels", 4, "enable 16 high 0 clear 16 prio 16 0x40 reset enable 16 ? enter 16 ?",
     "first 16 preempts 16 at 256 wakes; first 0 preempts none at 0"},
    {"RoseOnceForEachTimeItBecomesPending", 4, "rose pend 16 rose rose pend 16 rose clear 16 pend 16 rose",
     "rose no; rose yes; rose no; rose no; rose yes"},
};
INSTANTIATE_TEST_SUITE_P(Nvic, NvicTable, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

} // namespace
} // namespace simprof
