// SPDX-License-Identifier: GPL-2.0-or-later
// Each core runs its own instructions and faults on the others', whatever the engine below would accept.
#include "tests/sim_core/tiny_machine.h"

namespace simprof {
namespace {

using test::TinyMachine;

struct Row {
    const char* text;
    const char* code; ///< halfwords; r0…r3 hold 0x20000100, the FPU is on
    const char* m0;   ///< M0 and M0+: "ok" or how it ends
    const char* m4;
    const char* m7;
};

std::string outcome(const CoreKind* core, const std::string& code, bool doublePrecision) {
    TinyMachine tiny(core,
                     "Reset:\n4802\n0001\n0002\n0003\ne002\nbf00\n0100 2000\n46c0\n" + code + "\nbf00\nend:\ne7fe\n",
                     [&](McuDesc& mcu) { mcu.core.doublePrecision = doublePrecision; });
    tiny.machine().systemControl().write(0xE000ED88, 4, 0x00F00000);
    const HaltReason halt = tiny.run();
    if (halt.kind == HaltReason::Kind::Until) {
        return "ok";
    }
    std::string text = halt.fault ? halt.fault->exception : nameOf(halt.kind);
    for (std::size_t i = 0; halt.fault && i < halt.fault->status.size(); ++i) {
        text += " " + halt.fault->status[i].substr(5);
    }
    return text;
}

constexpr const char* kUndef = "HardFault UNDEFINSTR FORCED";
constexpr const char* kNocp = "HardFault NOCP FORCED";
constexpr const char* kHard = "HardFault";

TEST(MachineEngine, CoresRunTheirOwnInstructions) {
    const Row rows[] = {
        // Thumb of all cores
        {"adds r0, r1, r2", "1888", "ok", "ok", "ok"},
        {"muls r0, r1", "4348", "ok", "ok", "ok"},
        {"rev r0, r1", "ba08", "ok", "ok", "ok"},
        {"dmb", "f3bf 8f5f", "ok", "ok", "ok"},
        {"mrs r0, primask", "f3ef 8010", "ok", "ok", "ok"},
        {"udf #0", "de00", kHard, kUndef, kUndef},
        // Armv7-M
        {"cbz r1, next", "b101", kHard, "ok", "ok"},
        {"it ne", "bf18", kHard, "ok", "ok"},
        {"movw r0, #1", "f240 0001", kHard, "ok", "ok"},
        {"udiv r0, r1, r2", "fbb1 f0f2", kHard, "ok", "ok"},
        {"smull r0, r1, r2, r3", "fb82 0103", kHard, "ok", "ok"},
        {"ldrd r0, r1, [r2]", "e9d2 0100", kHard, "ok", "ok"},
        {"ldrex r0, [r1]", "e851 0f00", kHard, "ok", "ok"},
        {"clz r0, r1", "fab1 f081", kHard, "ok", "ok"},
        {"ubfx r0, r1, #3, #4", "f3c1 00c3", kHard, "ok", "ok"},
        {"mrs r0, basepri", "f3ef 8011", "ok", "ok", "ok"}, // reads as zero where there is none
        // Armv7E-M
        {"smlad r0, r1, r2, r3", "fb21 3002", kHard, "ok", "ok"},
        {"sadd8 r0, r1, r2", "fa81 f002", kHard, "ok", "ok"},
        {"pkhbt r0, r1, r2", "eac1 0002", kHard, "ok", "ok"},
        {"smmla r0, r1, r2, r3", "fb51 3002", kHard, "ok", "ok"},
        {"qadd r0, r1, r2", "fa82 f081", kHard, "ok", "ok"},
        // FPv4-SP and FPv5
        {"vadd.f32 s0, s1, s2", "ee30 0a81", kHard, "ok", "ok"},
        {"vfma.f32 s0, s1, s2", "eea0 0a81", kHard, "ok", "ok"},
        {"vsqrt.f32 s0, s1", "eeb1 0ae0", kHard, "ok", "ok"},
        {"vldr d0, [r0]", "ed90 0b00", kHard, "ok", "ok"},
        {"vmov d0, r0, r1", "ec41 0b10", kHard, "ok", "ok"},
        {"vcvtb.f32.f16 s0, s1", "eeb2 0a60", kHard, "ok", "ok"},
        {"vsel.f32 s0, s1, s2", "fe00 0a81", kHard, kUndef, "ok"},
        {"vmaxnm.f32 s0, s1, s2", "fe80 0a81", kHard, kUndef, "ok"},
        {"vrinta.f32 s0, s1", "feb8 0a60", kHard, kUndef, "ok"},
        {"vadd.f64 d0, d1, d2", "ee31 0b02", kHard, kUndef, "ok"},
        {"vcvt.f64.f32 d0, s0", "eeb7 0ac0", kHard, kUndef, "ok"},
        // none of them
        {"mcr p15, 0, r0, c1, c0, 0", "ee01 0f10", kHard, kNocp, kNocp},
        {"sg (Armv8-M)", "e97f e97f", kHard, kUndef, kUndef},
        {"bxj r0 (Armv7-A)", "f3c0 8f00", kHard, kUndef, kUndef},
        {"smc #0 (Armv7-A)", "f7f0 8000", kHard, kUndef, kUndef},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(outcome(&kCortexM0, row.code, false), row.m0) << "M0: " << row.text;
        EXPECT_EQ(outcome(&kCortexM0Plus, row.code, false), row.m0) << "M0+: " << row.text;
        EXPECT_EQ(outcome(&kCortexM4, row.code, false), row.m4) << "M4: " << row.text;
        EXPECT_EQ(outcome(&kCortexM7, row.code, true), row.m7) << "M7: " << row.text;
    }
}

TEST(MachineEngine, DoublePrecisionOnlyWhereTheM7HasIt) {
    EXPECT_EQ(outcome(&kCortexM7, "ee31 0b02", false), kUndef); // vadd.f64
    EXPECT_EQ(outcome(&kCortexM7, "fe00 0a81", false), "ok");   // vsel.f32
}

TEST(MachineEngine, FpuInstructionsFaultUntilCpacrAllowsThem) {
    TinyMachine tiny(&kCortexM4, "Reset:\nee30 0a81\nend:\ne7fe\n");
    EXPECT_EQ(tiny.run().fault.value().status, (std::vector<std::string>{"CFSR.NOCP", "HFSR.FORCED"}));
    TinyMachine doublePrecision(&kCortexM4, "Reset:\nee31 0b02\nend:\ne7fe\n"); // vadd.f64, which it has not
    EXPECT_EQ(doublePrecision.run().fault.value().status, (std::vector<std::string>{"CFSR.NOCP", "HFSR.FORCED"}));
    TinyMachine without(&kCortexM4, "Reset:\nee30 0a81\nend:\ne7fe\n", [](McuDesc& mcu) { mcu.core.fpu = false; });
    without.machine().systemControl().write(0xE000ED88, 4, 0x00F00000);
    EXPECT_EQ(without.run().fault.value().status, (std::vector<std::string>{"CFSR.NOCP", "HFSR.FORCED"}));
}

TEST(MachineEngine, HintsGoOn) {
    for (const CoreKind* core : {&kCortexM0, &kCortexM4}) {
        TinyMachine tiny(core, R"m0(
Reset:
    46c0      | nop
    bf10      | yield
    bf40      | sev
    bf20      | wfe
    bf10      | yield
    2007      | movs r0, #7
end:
    e7fe      | b end
)m0");
        tiny.runTo();
        EXPECT_EQ(tiny.machine().cpu().registers().r[0], 7U);
    }
}

TEST(MachineEngine, AnFpInstructionThatNamesD16OrHigherIsUndefinedAndStartsNoContext) {
    for (const char* const code : {"eef7 dbe5", "ee71 0b02", "edd0 0b00", "ec40 1b30"}) {
        // vcvt.f32.f64 s27, d21; vadd.f64 d16, d1, d2; vldr d16, [r0]; vmov d16, r1, r0
        // HardFault: ldr r7, =0x20000000; str lr, [r7]; ldr r0, =0xE000ED28; ldr r1, [r0]; str r1, [r7, #4]
        TinyMachine tiny(&kCortexM7,
                         "Reset:\n" + std::string(code) +
                             "\ne7fe\nHardFault:\nf04f 5700\nf8c7 e000\n4802\n6801\n6079\n"
                             "done:\ne7fe\nbf00\ned28 e000\n",
                         [](McuDesc& mcu) { mcu.core.doublePrecision = true; });
        tiny.machine().systemControl().write(0xE000ED88, 4, 0x00F00000);
        tiny.runTo("done");
        EXPECT_EQ(tiny.results(2), "fffffff9 10000") << code;
    }
}

TEST(MachineEngine, AnIsbInsideAnItBlockKeepsItsConditions) {
    // The engine begins anew behind ISB, and forgets that it is inside of an IT block.
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    2101      | movs r1, #1
    2202      | movs r2, #2
    4289      | cmp r1, r1
    bf06      | itte eq
    f3bf 8f6f | isbeq
    3101      | addeq r1, #1
    3201      | addne r2, #1
    bf15      | itete ne
    f3bf 8f6f | isbne
    f3bf 8f6f | isbeq
    3101      | addne r1, #1
    3201      | addeq r2, #1
    e887 0006 | stm r7, {r1, r2}
end:
    e7fe      | b end
              | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), "2 3");
}

} // namespace
} // namespace simprof
