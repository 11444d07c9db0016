// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/scheduler.h"

#include <gtest/gtest.h>

#include <string>

namespace simprof::test {

namespace {

/// A scheduler whose events write their names.
struct Recorder {
    Scheduler scheduler;
    std::string text;
    EventId at(Cycles cycle, char name) {
        return scheduler.schedule(cycle, [this, name] { text += name; });
    }
};

} // namespace

TEST(Scheduler, EarliestFirst) {
    Recorder r;
    r.at(30, 'c'), r.at(10, 'a'), r.at(20, 'b');
    r.scheduler.runDue(20);
    EXPECT_EQ(r.text, "ab");
    EXPECT_EQ(r.scheduler.next(), 30U);
}

TEST(Scheduler, EventsOfOneCycleKeepTheirOrder) {
    Recorder r;
    r.at(10, 'a'), r.at(10, 'b'), r.at(10, 'c');
    r.scheduler.runDue(10);
    EXPECT_EQ(r.text, "abc");
}

TEST(Scheduler, CancelledEventsDoNotRun) {
    Recorder r;
    const EventId b = (r.at(10, 'a'), r.at(10, 'b'));
    r.scheduler.cancel(b);
    r.scheduler.cancel(b);
    r.scheduler.cancel(EventId::None);
    r.scheduler.runDue(10);
    EXPECT_EQ(r.text, "a");
}

TEST(Scheduler, AnEventMayScheduleAnotherForNow) {
    Recorder r;
    r.scheduler.schedule(10, [&] { r.at(10, 'x'); });
    r.scheduler.runDue(10);
    EXPECT_EQ(r.text, "x");
}

TEST(Scheduler, NothingLeft) {
    Recorder r;
    r.at(10, 'a');
    r.scheduler.clear();
    EXPECT_EQ(r.scheduler.next(), Scheduler::kNever);
    r.scheduler.runDue(10);
    EXPECT_EQ(r.text, "");
}

} // namespace simprof::test
