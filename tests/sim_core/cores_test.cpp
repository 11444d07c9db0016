// SPDX-License-Identifier: GPL-2.0-or-later
// A core is one row: what the row says is what the machine does, also for a core that no table lists.
#include "sim_core/cores.h"
#include "tests/sim_core/tiny_machine.h"

#include <set>

namespace simprof {
namespace {

using test::TinyMachine;

TEST(Cores, NamesAreFoundAndDiffer) {
    std::set<std::string> names;
    for (const CoreKind* core : kCores) {
        EXPECT_EQ(findCore(core->name), core);
        EXPECT_TRUE(names.insert(core->name).second) << core->name;
        EXPECT_FALSE(core->rules.empty()) << core->name;
    }
    EXPECT_EQ(findCore("Cortex-M33"), nullptr);
}

/// A core of its own: all that adding one takes, with the timing of one that is there.
constexpr CoreKind kToy = {.name = "Toy-M",
                           .attributeName = "Toy-M",
                           .architecture = Architecture::V7EM,
                           .fpu = FpuVersion::None,
                           .cpuid = 0x410FF0F0,
                           .engine = EngineModel::CortexM4,
                           .hasUnprivileged = true,
                           .vtorMask = 0xFFFFF000,
                           .ccrReset = 0x200,
                           .ccrWritable = 0x10,
                           .clidr = 0,
                           .ctr = 0,
                           .peakMacsPerCycle = 4,
                           .makeTiming = makeCortexM4Timing,
                           .rules = core_rules::kCortexM4};

constexpr const char* kReadsItself = R"toy(
Reset:
    f04f 5700 | mov r7, #0x20000000
    4807      | ldr r0, =0xE000ED00
    6801      | ldr r1, [r0]
    6039      | str r1, [r7]
    f04f 31ff | mov r1, #0xFFFFFFFF
    6081      | str r1, [r0, #8]
    6881      | ldr r1, [r0, #8]
    6079      | str r1, [r7, #4]
    f04f 31ff | mov r1, #0xFFFFFFFF
    6141      | str r1, [r0, #20]
    6941      | ldr r1, [r0, #20]
    60b9      | str r1, [r7, #8]
end:
    e7fe      | b end
    bf00      | nop
    bf00      | nop
    ed00 e000 | .ltorg
)toy";

TEST(Cores, ACoreIsOneRow) {
    TinyMachine toy(&kToy, kReadsItself);
    toy.runTo();
    EXPECT_EQ(toy.results(3), "410ff0f0 fffff000 210");
    TinyMachine m4(&kCortexM4, kReadsItself);
    m4.runTo();
    EXPECT_EQ(m4.results(3), "410fc241 ffffff80 31b");
    EXPECT_EQ(toy.machine().now(), m4.machine().now()) << "the timing that the row names";
}

} // namespace
} // namespace simprof
