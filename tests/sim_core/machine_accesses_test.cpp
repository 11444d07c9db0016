// SPDX-License-Identifier: GPL-2.0-or-later
// Each data access is recorded once, in program order, with its instruction; what did not happen is not recorded.
#include "tests/sim_core/tiny_machine.h"

namespace simprof {
namespace {

using test::TinyMachine;

/// "r4@20000100 of +2": a load of 4 bytes by the instruction 2 bytes behind the block's begin.
std::string accessesFrom(TinyMachine& tiny, const std::string& label) {
    tiny.machine().systemControl().write(0xE000ED88, 4, 0x00F00000); // CPACR: the FPU is on
    tiny.runTo(label);
    tiny.events().accesses.clear();
    tiny.runTo();
    std::string text = "\n";
    for (const Access& access : tiny.events().accesses) {
        text += fmt::format("{}{}@{:x} of +{}\n", access.write ? "w" : "r", access.size, access.address, access.insn);
    }
    return text;
}

TEST(MachineAccesses, OfAllKindsOfInstructions) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    4f0d      | ldr r7, =0x20000100
    e7ff      | b body
body:
    6838      | ldr r0, [r7]
    7178      | strb r0, [r7, #5]
    f9b7 1006 | ldrsh r1, [r7, #6]
    e9c7 0102 | strd r0, r1, [r7, #8]
    e9d7 2302 | ldrd r2, r3, [r7, #8]
    463e      | mov r6, r7
    c607      | stm r6!, {r0, r1, r2}
    e936 0003 | ldmdb r6!, {r0, r1}
    b481      | push {r0, r7}
    bc81      | pop {r0, r7}
    ed97 0a01 | vldr s0, [r7, #4]
    ed87 1b04 | vstr d1, [r7, #16]
    ed2d 0a03 | vpush {s0, s1, s2}
    ecbd 0a03 | vpop {s0, s1, s2}
    5838      | ldr r0, [r7, r0]
    4802      | ldr r0, [pc, #8]
end:
    e7fe      | b end
    0000 0100 2000 | .ltorg
)m4");
    EXPECT_EQ(accessesFrom(tiny, "body"), R"(
r4@20000100 of +0
w1@20000105 of +2
r2@20000106 of +4
w4@20000108 of +8
w4@2000010c of +8
r4@20000108 of +12
r4@2000010c of +12
w4@20000100 of +18
w4@20000104 of +18
w4@20000108 of +18
r4@20000104 of +20
r4@20000108 of +20
w4@20003ff8 of +24
w4@20003ffc of +24
r4@20003ff8 of +26
r4@20003ffc of +26
r4@20000104 of +28
w8@20000110 of +32
w4@20003ff4 of +36
w4@20003ff8 of +36
w4@20003ffc of +36
r4@20003ff4 of +40
r4@20003ff8 of +40
r4@20003ffc of +40
r4@20000100 of +44
r4@800013c of +46
)");
}

/// The engine loads once more for a STREX that stores, to compare.
TEST(MachineAccesses, PredicatedOutAndFailedOnesAreAbsent) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    4f07      | ldr r7, =0x20000100
    e7ff      | b body
body:
    42bf      | cmp r7, r7
    bf15      | itete ne
    6838      | ldrne r0, [r7]
    6878      | ldreq r0, [r7, #4]
    60b8      | strne r0, [r7, #8]
    60f8      | streq r0, [r7, #12]
    e857 1f00 | ldrex r1, [r7]
    e847 1200 | strex r2, r1, [r7]
    e847 1200 | strex r2, r1, [r7]
    6938      | ldr r0, [r7, #16]
end:
    e7fe      | b end
    0100 2000 | .ltorg
)m4");
    EXPECT_EQ(accessesFrom(tiny, "body"), R"(
r4@20000104 of +6
w4@2000010c of +10
r4@20000100 of +12
r4@20000100 of +16
w4@20000100 of +16
r4@20000110 of +24
)");
}

TEST(MachineAccesses, UnalignedOnesAndThoseAcrossPagesAreOne) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    4f05      | ldr r7, =0x200003FE
    e7ff      | b body
body:
    6838      | ldr r0, [r7]
    6038      | str r0, [r7]
    f8b7 0001 | ldrh r0, [r7, #1]
    f857 0c01 | ldr r0, [r7, #-1]
    f827 0c01 | strh r0, [r7, #-1]
end:
    e7fe      | b end
    0000 03fe 2000 | .ltorg
)m4");
    EXPECT_EQ(accessesFrom(tiny, "body"), R"(
r4@200003fe of +0
w4@200003fe of +2
r2@200003ff of +4
r4@200003fd of +8
w2@200003fd of +12
)");
}

TEST(MachineAccesses, TheFaultingInstructionIsKnownBehindSkippedOnes) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    4f04      | ldr r7, =0x20000101
    f04f 5640 | ldr r6, =0x30000000
    42bf      | cmp r7, r7
    bf18      | it ne
    e9d7 0100 | ldrdne r0, r1, [r7]
    6838      | ldr r0, [r7]
there:
    6830      | ldr r0, [r6]
end:
    e7fe      | b end
    0101 2000 | .ltorg
)m4");
    const HaltReason halt = tiny.run();
    ASSERT_EQ(halt.kind, HaltReason::Kind::Fault) << halt.what;
    EXPECT_EQ(halt.fault->pc, tiny.at("there"));
    EXPECT_EQ(halt.fault->status, (std::vector<std::string>{"CFSR.PRECISERR", "CFSR.BFARVALID", "HFSR.FORCED"}));
}

} // namespace
} // namespace simprof
