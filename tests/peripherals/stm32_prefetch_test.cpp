// SPDX-License-Identifier: GPL-2.0-or-later
// FLASH_ACR of the STM32L4+: what of PRFTEN is in force, by the order of the writes (docs/ACCURACY.md).
#include "fake_machine.h"

#include <gmock/gmock.h>

namespace simprof::test {
namespace {

struct PrefetchRow {
    const char* name;
    std::vector<std::uint32_t> writes; ///< to ACR, which is 0x600 after reset
    bool prefetch;
    bool told; ///< an event says that PRFTEN has no effect
};

class LatePrefetch : public testing::TestWithParam<PrefetchRow> {};

TEST_P(LatePrefetch, HasNoEffectAndIsTold) {
    FakeMachine machine("nucleo-l4r5zi");
    for (const std::uint32_t value : GetParam().writes) {
        machine.store("FLASH", 0, value);
        EXPECT_EQ(machine.load("FLASH", 0), value);
    }
    const MemorySettings& settings = machine.memorySettings.at("stm32l4_flash");
    EXPECT_EQ(settings.prefetch, GetParam().prefetch);
    EXPECT_EQ(settings.waitStates, GetParam().writes.back() & 0xF);
    if (GetParam().told) {
        EXPECT_THAT(machine.events,
                    testing::ElementsAre(testing::HasSubstr("PRFTEN set while wait states are in force")));
    } else {
        EXPECT_THAT(machine.events, testing::IsEmpty());
    }
}

const PrefetchRow kRows[] = {
    {"BeforeWaitStates", {0x700, 0x705}, true, false},
    {"WithWaitStates", {0x705}, true, false},
    {"Never", {0x605}, false, false},
    {"BehindWaitStates", {0x605, 0x705}, false, true},
    {"BehindWaitStatesThenMore", {0x605, 0x705, 0x706}, false, true},
    {"AgainAtZero", {0x605, 0x705, 0x700, 0x705}, true, true},
};
INSTANTIATE_TEST_SUITE_P(Orders, LatePrefetch, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

} // namespace
} // namespace simprof::test
