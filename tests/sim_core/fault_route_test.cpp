// SPDX-License-Identifier: GPL-2.0-or-later
/// Escalation of faults by the architecture's rules alone (Armv7-M ARM, B1.5.13).
#include "sim_core/exceptions/fault.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace simprof::test {

namespace {

/// "UsageFault", "HardFault forced", "lock-up": where a UsageFault of priority `own`, if enabled, goes when the core
/// executes at `priority`.
std::string route(std::optional<std::uint8_t> own, int priority, bool v7 = true,
                  unsigned wanted = exception::kUsageFault) {
    CoreDesc core;
    Nvic nvic(core);
    if (own) {
        nvic.setEnabled(wanted, true);
        nvic.setPriority(wanted, *own);
    }
    const FaultRoute route = routeFault(wanted, priority, nvic, v7);
    const std::string name = route.exception == 0                       ? "lock-up"
                             : route.exception == exception::kHardFault ? "HardFault"
                             : route.exception == wanted                ? "UsageFault"
                                                                        : "another";
    return name + (route.forced ? " forced" : "");
}

} // namespace

TEST(FaultRoute, EnabledAndUrgentEnough) { EXPECT_EQ(route(0x40, Nvic::kIdlePriority), "UsageFault"); }

TEST(FaultRoute, NotEnabled) { EXPECT_EQ(route({}, Nvic::kIdlePriority), "HardFault forced"); }

TEST(FaultRoute, OfTheSamePriorityAsWhatRuns) { EXPECT_EQ(route(0x40, 0x40), "HardFault forced"); }

TEST(FaultRoute, UnderPrimask) { EXPECT_EQ(route(0x00, 0), "HardFault forced"); }

TEST(FaultRoute, InHardFault) { EXPECT_EQ(route(0x00, -1), "lock-up"); }

TEST(FaultRoute, InNmi) { EXPECT_EQ(route({}, -2), "lock-up"); }

TEST(FaultRoute, HardFaultItselfIsNotForced) {
    EXPECT_EQ(route({}, Nvic::kIdlePriority, true, exception::kHardFault), "HardFault");
}

TEST(FaultRoute, HardFaultInHardFault) { EXPECT_EQ(route({}, -1, true, exception::kHardFault), "lock-up"); }

TEST(FaultRoute, Armv6HasHardFaultAlone) { EXPECT_EQ(route(0x40, Nvic::kIdlePriority, false), "HardFault"); }

TEST(FaultRoute, Armv6LocksUp) { EXPECT_EQ(route(0x40, -1, false), "lock-up"); }

} // namespace simprof::test
