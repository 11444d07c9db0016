// SPDX-License-Identifier: GPL-2.0-or-later
// The scheduler by itself: events at cycles in, the order in which they run out.
#include "sim_core/scheduler.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>

namespace simprof {
namespace {

/// Carries out `tape`: "a@10" schedules event a, "-a" cancels it, "run=10" runs what is due, "next" and "clear". What
/// ran and what `next` said comes back in order. Event "m" schedules "n" five cycles later, "s" schedules "t" for its
/// own cycle, "k" cancels "a".
std::string order(const std::string& tape) {
    Scheduler scheduler;
    std::map<std::string, EventId> ids;
    std::string text;
    const auto say = [&text](const std::string& word) { text += (text.empty() ? "" : " ") + word; };
    std::istringstream words(tape);
    for (std::string word; words >> word;) {
        if (const auto at = word.find('@'); at != std::string::npos) {
            const std::string name = word.substr(0, at);
            const Cycles cycle = std::stoull(word.substr(at + 1));
            ids[name] = scheduler.schedule(cycle, [&, name, cycle] {
                say(name);
                if (name == "m") {
                    scheduler.schedule(cycle + 5, [&] { say("n"); });
                } else if (name == "s") {
                    scheduler.schedule(cycle, [&] { say("t"); });
                } else if (name == "k") {
                    scheduler.cancel(ids["a"]);
                }
            });
        } else if (word.starts_with('-')) {
            scheduler.cancel(ids[word.substr(1)]);
        } else if (word.starts_with("run=")) {
            scheduler.runDue(std::stoull(word.substr(4)));
        } else if (word == "clear") {
            scheduler.clear();
        } else {
            say(scheduler.next() == Scheduler::kNever ? "never" : std::to_string(scheduler.next()));
        }
    }
    return text;
}

struct SchedulerRow {
    const char* name;
    const char* tape;
    const char* order;
};

class SchedulerTable : public testing::TestWithParam<SchedulerRow> {};

TEST_P(SchedulerTable, Order) { EXPECT_EQ(order(GetParam().tape), GetParam().order); }

constexpr SchedulerRow kRows[] = {
    {"Nothing", "next run=100", "never"},
    {"EarliestFirst", "a@30 b@10 c@20 next run=30 next", "10 b c a never"},
    {"OnlyWhatIsDue", "a@10 b@11 run=10 next run=11", "a 11 b"},
    {"AtItsOwnCycle", "a@10 run=9 run=10", "a"},
    {"OneCycleInOrderOfScheduling", "b@10 a@10 c@10 run=10", "b a c"},
    {"LateIsStillInOrder", "a@10 b@5 run=100", "b a"},
    {"InThePast", "run=50 a@10 next run=50", "10 a"},
    {"Cancelled", "a@10 b@20 -a next run=20", "20 b"},
    {"CancelledWithoutBeing", "-a a@10 run=10", "a"},
    {"CancelledTwice", "a@10 -a -a b@10 run=10", "b"},
    {"CancelledAfterItRan", "a@10 run=10 b@20 -a run=20", "a b"},
    {"AnEventSchedulesAnotherThatIsDue", "m@10 a@12 run=20", "m a n"},
    {"AnEventSchedulesAnotherForNow", "s@10 b@10 run=10", "s b t"},
    {"AnEventSchedulesALaterOne", "m@10 run=14 next run=15", "m 15 n"},
    {"AnEventCancelsAnother", "k@10 a@10 b@10 run=10", "k b"},
    {"Cleared", "a@10 b@20 clear next run=20 c@30 run=30", "never c"},
};
INSTANTIATE_TEST_SUITE_P(Scheduler, SchedulerTable, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

} // namespace
} // namespace simprof
