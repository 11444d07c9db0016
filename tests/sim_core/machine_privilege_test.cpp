// SPDX-License-Identifier: GPL-2.0-or-later
// Unprivileged code: what it may not write, read or reach.
#include "tests/sim_core/tiny_machine.h"

namespace simprof {
namespace {

using test::TinyMachine;

constexpr const char* kUnprivilegedWrites = R"m0p(
Reset:
    4f1d      | ldr r7, =0x20000000
    2001      | movs r0, #1
    f380 8810 | msr primask, r0
    2101      | movs r1, #1
    f381 8814 | msr control, r1
    f3bf 8f6f | isb
    f3ef 8214 | mrs r2, control
    603a      | str r2, [r7]
    f3ef 8210 | mrs r2, primask
    607a      | str r2, [r7, #4]
    f3ef 8208 | mrs r2, msp
    60ba      | str r2, [r7, #8]
    2000      | movs r0, #0
    f380 8810 | msr primask, r0
    b662      | cpsie i
    f380 8814 | msr control, r0
    f380 8808 | msr msp, r0
    2000      | movs r0, #0
    3801      | subs r0, #1
    f3ef 8200 | mrs r2, apsr
    60fa      | str r2, [r7, #12]
    f3ef 8214 | mrs r2, control
    613a      | str r2, [r7, #16]
    480d      | ldr r0, =0xE000ED04
there:
    6802      | ldr r2, [r0]
    e014      | b end
HardFault:
    f3ef 8210 | mrs r2, primask
    617a      | str r2, [r7, #20]
    f3ef 8214 | mrs r2, control
    61ba      | str r2, [r7, #24]
    2000      | movs r0, #0
    f380 8814 | msr control, r0
    b662      | cpsie i
    f3ef 8214 | mrs r2, control
    61fa      | str r2, [r7, #28]
    f3ef 8210 | mrs r2, primask
    623a      | str r2, [r7, #32]
    9a06      | ldr r2, [sp, #24]
    627a      | str r2, [r7, #36]
    4a04      | ldr r2, =end+1
    9206      | str r2, [sp, #24]
    4770      | bx lr
end:
    e7fe      | b end
    0000 0000 2000 ed04 e000 0175 0800 | .ltorg
)m0p";

TEST(MachinePrivilege, UnprivilegedWritesAreIgnoredAndHandlersArePrivileged) {
    for (const CoreKind* core : {&kCortexM0Plus, &kCortexM4}) {
        TinyMachine tiny(core, kUnprivilegedWrites);
        tiny.runTo();
        EXPECT_EQ(tiny.results(10), fmt::format("1 0 0 80000000 1 1 1 0 0 {:x}", tiny.at("there"))) << core->name;
    }
}

TEST(MachinePrivilege, M0HasNoUnprivilegedMode) {
    TinyMachine tiny(&kCortexM0, R"m0(
Reset:
    4f05      | ldr r7, =0x20000000
    2101      | movs r1, #1
    f381 8814 | msr control, r1
    f3ef 8214 | mrs r2, control
    603a      | str r2, [r7]
    b672      | cpsid i
    f3ef 8210 | mrs r2, primask
    607a      | str r2, [r7, #4]
end:
    e7fe      | b end
    0000 2000 | .ltorg
)m0");
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), "0 1");
}

TEST(MachinePrivilege, StirWhenCcrAllowsIt) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4809      | ldr r0, =0xE000E100
    2101      | movs r1, #1
    6001      | str r1, [r0]
    4809      | ldr r0, =0xE000ED14
    6801      | ldr r1, [r0]
    f041 0102 | orr r1, r1, #2
    6001      | str r1, [r0]
    2101      | movs r1, #1
    f381 8814 | msr control, r1
    2100      | movs r1, #0
    4805      | ldr r0, =0xE000EF00
    6001      | str r1, [r0]
    e7ff      | b next
next:
    e002      | b end
IRQ0:
    2001      | movs r0, #1
    6038      | str r0, [r7]
    4770      | bx lr
end:
    e7fe      | b end
    e100 e000 ed14 e000 ef00 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(1), "1");
}

/// An MPU set-up, then one access; answers "ok" or the fault's status bits and address.
std::string accessWithMpu(std::uint32_t rasr, std::uint32_t ctrl, Address address, bool write, bool unprivileged) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    e7ff      | b access
access:
    b10a      | cbz r2, load
    6008      | str r0, [r1]
    e000      | b end
load:
    6808      | ldr r0, [r1]
end:
    e7fe      | b end
)m4");
    tiny.runTo("access");
    Machine& machine = tiny.machine();
    const auto scs = [&](Address at, std::uint32_t value) { machine.systemControl().write(at, 4, value); };
    const auto region = [&](unsigned number, std::uint32_t base, std::uint32_t attributes) {
        scs(0xE000ED98, number);
        scs(0xE000ED9C, base);
        scs(0xE000EDA0, attributes);
    };
    region(0, test::kFlash, 6U << 24 | 15U << 1 | 1U); // flash: 64 KiB, read-only for all
    region(1, test::kSram + 0x1000, rasr);
    region(2, test::kSram + 0x3000, 3U << 24 | 11U << 1 | 1U); // the stack
    scs(0xE000ED94, ctrl);
    machine.cpu().write(Reg::CONTROL, unprivileged ? 1 : 0);
    CoreRegisters registers = machine.cpu().registers();
    registers.r[1] = address;
    registers.r[2] = write ? 1 : 0;
    machine.cpu().setRegisters(registers);
    const HaltReason halt = tiny.run();
    if (!halt.fault) {
        return "ok";
    }
    std::string text;
    for (const std::string& bit : halt.fault->status) {
        text += bit.substr(5) + " ";
    }
    return text + fmt::format("{:x}", halt.fault->address.value_or(0));
}

TEST(MachinePrivilege, MpuRegionsSubregionsAndBackground) {
    constexpr std::uint32_t k256 = 7U << 1 | 1U, kFull = 3U << 24, kPrivOnly = 1U << 24, kUserReads = 2U << 24,
                            kReadOnly = 6U << 24;
    constexpr Address at = test::kSram + 0x1000;
    struct Row {
        std::uint32_t rasr, ctrl;
        Address address;
        bool write, unprivileged;
        const char* want;
    };
    const Row rows[] = {
        {kFull | k256, 5, at, true, true, "ok"},
        {kFull | k256, 5, at + 0x100, true, false, "ok"},                                // background map, privileged
        {kFull | k256, 5, at + 0x100, true, true, "DACCVIOL MMARVALID FORCED 20001100"}, // not for unprivileged code
        {kFull | k256, 5, at + 0xFE, false, true, "DACCVIOL MMARVALID FORCED 20001101"}, // the end of an unaligned load
        {kPrivOnly | k256, 5, at, true, false, "ok"},
        {kPrivOnly | k256, 5, at, false, true, "DACCVIOL MMARVALID FORCED 20001000"},
        {kUserReads | k256, 5, at, false, true, "ok"},
        {kUserReads | k256, 5, at, true, true, "DACCVIOL MMARVALID FORCED 20001000"},
        {kReadOnly | k256, 5, at, true, false, "DACCVIOL MMARVALID FORCED 20001000"},
        {kReadOnly | k256 | 1U << 9, 5, at + 0x20, true, false, "ok"}, // subregion 1 is off: background
        {kReadOnly | k256 | 1U << 9, 5, at + 0x40, true, false, "DACCVIOL MMARVALID FORCED 20001040"},
        {kReadOnly | k256, 4, at, true, false, "ok"}, // MPU off
    };
    for (const Row& row : rows) {
        EXPECT_EQ(accessWithMpu(row.rasr, row.ctrl, row.address, row.write, row.unprivileged), row.want) << fmt::format(
            "rasr {:x} ctrl {} at {:x} {}", row.rasr, row.ctrl, row.address, row.write ? "write" : "read");
    }
}

TEST(MachinePrivilege, MasksOfUnprivilegedThreadsAreSeen) {
    // The thread masks itself, then gives up privilege: the interrupt stays masked until the handler unmasks.
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    480e      | ldr r0, =0xE000E100
    2101      | movs r1, #1
    6001      | str r1, [r0]
    2040      | movs r0, #0x40
    f380 8811 | msr basepri, r0
    480c      | ldr r0, =0xE000E400
    2180      | movs r1, #0x80
    7001      | strb r1, [r0]
    2101      | movs r1, #1
    f381 8814 | msr control, r1
    480a      | ldr r0, =0x40001000
    2101      | movs r1, #1
    6001      | str r1, [r0]
    e7ff      | b next
next:
    6839      | ldr r1, [r7]
    6079      | str r1, [r7, #4]
    df00      | svc #0
end:
    e7fe      | b end
SVCall:
    2000      | movs r0, #0
    f380 8811 | msr basepri, r0
    4770      | bx lr
IRQ0:
    2101      | movs r1, #1
    6039      | str r1, [r7]
    4804      | ldr r0, =0x40001004
    6001      | str r1, [r0]
    4770      | bx lr
    0000 e100 e000 e400 e000 1000 4000 1004 4000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), "1 0");
    EXPECT_EQ(tiny.trace(), "+SVCall 12 -SVCall ~0 +IRQ0 ~6 -IRQ0 10");
}

TEST(MachinePrivilege, AHandlerReadsControlWithSpselClear) {
    for (const CoreKind* core : {&kCortexM0Plus, &kCortexM4}) {
        TinyMachine tiny(core, R"m0p(
Reset:
    4f0a      | ldr r7, =0x20000000
    480b      | ldr r0, =0x20002000
    f380 8809 | msr psp, r0
    2003      | movs r0, #3
    f380 8814 | msr control, r0
    f3bf 8f6f | isb
    df00      | svc #0
    f3ef 8014 | mrs r0, control
    6078      | str r0, [r7, #4]
    e006      | b end
SVCall:
    f3ef 8014 | mrs r0, control
    6038      | str r0, [r7]
    f3ef 8009 | mrs r0, psp
    60b8      | str r0, [r7, #8]
    4770      | bx lr
end:
    e7fe      | b end
    0000 2000 2000 2000 | .ltorg
)m0p");
        tiny.runTo();
        EXPECT_EQ(tiny.results(3), "1 3 20001fe0") << core->name;
    }
}

/// Region 0 lets only privileged code read SRAM: LDR may, LDRT at `there` may not, nor may it read the system control
/// space.
TEST(MachinePrivilege, LdrtHasTheRightsOfUnprivilegedCode) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4811      | ldr r0, =0xE000ED24
    f44f 3140 | mov r1, #0x30000
    6001      | str r1, [r0]
    4810      | ldr r0, =0xE000ED9C
    4911      | ldr r1, =0x20000010
    6001      | str r1, [r0]
    4911      | ldr r1, =0x0100001B
    6041      | str r1, [r0, #4]
    2105      | movs r1, #5
    f840 1c08 | str r1, [r0, #-8]
    f3bf 8f4f | dsb
    f3bf 8f6f | isb
    e7ff      | b body
body:
    683a      | ldr r2, [r7]
there:
    f857 2e00 | ldrt r2, [r7]
    480b      | ldr r0, =0xE000ED08
scs:
    f850 2e00 | ldrt r2, [r0]
    e009      | b end
MemManage:
    9906      | ldr r1, [sp, #24]
    6039      | str r1, [r7]
    3104      | adds r1, #4
    9106      | str r1, [sp, #24]
    4770      | bx lr
BusFault:
    9906      | ldr r1, [sp, #24]
    6079      | str r1, [r7, #4]
    3104      | adds r1, #4
    9106      | str r1, [sp, #24]
    4770      | bx lr
end:
    e7fe      | b end
    0000 ed24 e000 ed9c e000 0010 2000 001b 0100 ed08 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(2), fmt::format("{:x} {:x}", tiny.at("there"), tiny.at("scs")));
}

} // namespace
} // namespace simprof
