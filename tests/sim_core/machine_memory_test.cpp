// SPDX-License-Identifier: GPL-2.0-or-later
// Memory as the core sees it: code in RAM, bit-band, accesses across pages and of 8 bytes, reset.
#include "tests/sim_core/tiny_machine.h"

namespace simprof {
namespace {

using test::TinyMachine;

std::string accessesOf(const TinyMachine& tiny, const std::vector<Access>& accesses) {
    (void)tiny;
    std::string text;
    for (const Access& access : accesses) {
        text += fmt::format("{}{}@{:x} ", access.write ? "w" : "r", access.size, access.address);
    }
    return text;
}

TEST(MachineMemory, CodeInRamThatTheCoreRewrites) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4e0b      | ldr r6, =0x20000401
    480c      | ldr r0, =0x47702001
    f846 0c01 | str r0, [r6, #-1]
    47b0      | blx r6
    6038      | str r0, [r7]
    480a      | ldr r0, =0x47702002
    f846 0c01 | str r0, [r6, #-1]
    f3bf 8f4f | dsb
    f3bf 8f6f | isb
    47b0      | blx r6
    6078      | str r0, [r7, #4]
    47b0      | blx r6
    60b8      | str r0, [r7, #8]
    4804      | ldr r0, =0x47702001
    f846 0c01 | str r0, [r6, #-1]
    47b0      | blx r6
    60f8      | str r0, [r7, #12]
end:
    e7fe      | b end
    0000 0401 2000 2001 4770 2002 4770 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(4), "1 2 2 1");
}

TEST(MachineMemory, CodeInRamThatTheCoreRewritesAtAnotherAddress) {
    const auto withAlias = [](McuDesc& mcu) {
        mcu.memories.push_back({"SRAM again", MemoryKind::Sram, {0x21000000, test::kSramSize}, "", test::kSram, {}});
    };
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4e09      | ldr r6, =0x20000401
    4d0a      | ldr r5, =0x21000400
    480a      | ldr r0, =0x47702001
    6028      | str r0, [r5]
    47b0      | blx r6
    6038      | str r0, [r7]
    4809      | ldr r0, =0x47702002
    6028      | str r0, [r5]
    f3bf 8f4f | dsb
    f3bf 8f6f | isb
    47b0      | blx r6
    6078      | str r0, [r7, #4]
    2003      | movs r0, #3
    7028      | strb r0, [r5]
    47b0      | blx r6
    60b8      | str r0, [r7, #8]
end:
    e7fe      | b end
    0000 0401 2000 0400 2100 2001 4770 2002 4770 | .ltorg
)m4",
                     withAlias);
    tiny.runTo();
    EXPECT_EQ(tiny.results(3), "1 2 3");
}

TEST(MachineMemory, RewrittenCodeBehindAJumpThatWasTakenBefore) {
    TinyMachine tiny(&kCortexM0Plus, R"m0p(
Reset:
    2000      | movs r0, #0
    4e0b      | ldr r6, =0x20000400
    a206      | adr r2, first
    ca18      | ldm r2!, {r3, r4}
    c618      | stm r6!, {r3, r4}
    ca18      | ldm r2!, {r3, r4}
    c618      | stm r6!, {r3, r4}
    3e10      | subs r6, #16
    2504      | movs r5, #4
    4908      | ldr r1, =0x3010
    1c77      | adds r7, r6, #1
    47b8      | blx r7
    4b07      | ldr r3, =0x20000000
    6018      | str r0, [r3]
end:
    e7fe      | b end
    46c0      | .balign 4
first:
    3001      | adds r0, #1
    3d01      | subs r5, #1
    d100      | bne second
    4770      | bx lr
second:
    1e6c      | subs r4, r5, #1
    0164      | lsls r4, r4, #5
    5331      | strh r1, [r6, r4]
    e7f7      | b first
    0400 2000 3010 0000 0000 2000 | .ltorg
)m0p");
    tiny.runTo();
    EXPECT_EQ(tiny.results(1), "13"); // three times 1, then the 16 of the instruction that `second` has just written
}

TEST(MachineMemory, CodeInRamThatABusMasterRewrites) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4e04      | ldr r6, =0x20000401
    4805      | ldr r0, =0x47702001
    f846 0c01 | str r0, [r6, #-1]
    47b0      | blx r6
    e7ff      | b again
again:
    47b0      | blx r6
    6038      | str r0, [r7]
end:
    e7fe      | b end
    0000 0401 2000 2001 4770 | .ltorg
)m4");
    tiny.runTo("again");
    const std::byte code[] = {std::byte{0x02}, std::byte{0x20}};
    EXPECT_TRUE(tiny.machine().services().busWrite("DMA", 0x20000400, code));
    tiny.runTo();
    EXPECT_EQ(tiny.results(1), "2");
}

// What the engine translated fills its room several times.
TEST(MachineMemory, CodeInRamThatTheCoreRewritesAgainAndAgain) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4e06      | ldr r6, =0x20000401
    4d07      | ldr r5, =100000
    2400      | movs r4, #0
again:
    4807      | ldr r0, =0x47702000
    b2e9      | uxtb r1, r5
    4308      | orrs r0, r1
    f846 0c01 | str r0, [r6, #-1]
    47b0      | blx r6
    1824      | adds r4, r0
    3d01      | subs r5, #1
    d1f6      | bne again
    603c      | str r4, [r7]
end:
    e7fe      | b end
    0401 2000 86a0 0001 2000 4770 | .ltorg
)m4");
    EXPECT_EQ(tiny.run("end", 10'000'000).kind, HaltReason::Kind::Until);
    EXPECT_EQ(tiny.results(1), "c26f50"); // of n & 0xFF for n from 1 to 100,000
}

TEST(MachineMemory, ExclusiveStores) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    2029      | movs r0, #41
    6038      | str r0, [r7]
    e857 1f00 | ldrex r1, [r7]
    3101      | adds r1, #1
    e847 1200 | strex r2, r1, [r7]
    607a      | str r2, [r7, #4]
    e847 1200 | strex r2, r1, [r7]
    60ba      | str r2, [r7, #8]
end:
    e7fe      | b end
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(3), "2a 0 1"); // the second one has no reservation
}

TEST(MachineMemory, BitBand) {
    const char* listing = R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4806      | ldr r0, =0x22000028
    2101      | movs r1, #1
    6001      | str r1, [r0]
    6401      | str r1, [r0, #64]
    6802      | ldr r2, [r0]
    607a      | str r2, [r7, #4]
    6842      | ldr r2, [r0, #4]
    60ba      | str r2, [r7, #8]
    2100      | movs r1, #0
    6401      | str r1, [r0, #64]
    4802      | ldr r0, =0x42020204
    2101      | movs r1, #1
    6001      | str r1, [r0]
end:
    e7fe      | b end
    0028 2200 0204 4202 | .ltorg
)m4";
    TinyMachine tiny(&kCortexM4, listing, [](McuDesc& mcu) { mcu.core.bitBand = true; });
    tiny.runTo();
    EXPECT_EQ(tiny.results(3), "400 1 0");
    EXPECT_EQ(tiny.line().accesses, "r4@16 w4@16 "); // read, modify, write of bit 1 of the register at offset 16
    TinyMachine without(&kCortexM4, listing);
    EXPECT_EQ(without.run().kind, HaltReason::Kind::Fault);
}

TEST(MachineMemory, UnalignedAccessesCountOnceAlsoAcrossPages) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    4e06      | ldr r6, =0x200003F0
    4807      | ldr r0, =0x11223344
    e7ff      | b body
body:
    f8c6 000e | str r0, [r6, #14]
    f8d6 100e | ldr r1, [r6, #14]
    f8b6 200f | ldrh r2, [r6, #15]
    68f3      | ldr r3, [r6, #12]
    f8d6 400d | ldr r4, [r6, #13]
end:
    e7fe      | b end
    0000 03f0 2000 3344 1122 | .ltorg
)m4");
    tiny.runTo("body");
    tiny.events().accesses.clear();
    tiny.runTo();
    EXPECT_EQ(accessesOf(tiny, tiny.events().accesses), "w4@200003fe r4@200003fe r2@200003ff r4@200003fc r4@200003fd ");
    EXPECT_EQ(tiny.machine().cpu().registers().r[1], 0x11223344U);
    EXPECT_EQ(tiny.machine().cpu().registers().r[2], 0x2233U);
}

TEST(MachineMemory, UnalignedAccessesThatFault) {
    struct Row {
        const CoreKind* core;
        const char* name;
        std::uint16_t first, second; ///< an instruction with the address in r6, which is odd
        bool faults;
    };
    const Row rows[] = {
        {&kCortexM4, "ldr r0, [r6]", 0x6830, 0xBF00, false},
        {&kCortexM4, "strh r0, [r6]", 0x8030, 0xBF00, false},
        {&kCortexM4, "ldrd r0, r1, [r6]", 0xE9D6, 0x0100, true},
        {&kCortexM4, "strd r0, r1, [r6]", 0xE9C6, 0x0100, true},
        {&kCortexM4, "ldm r6, {r0, r1}", 0xE896, 0x0003, true},
        {&kCortexM4, "ldrex r0, [r6]", 0xE856, 0x0F00, true},
        {&kCortexM0Plus, "ldr r0, [r6]", 0x6830, 0x46C0, true},
        {&kCortexM0Plus, "ldrb r0, [r6]", 0x7830, 0x46C0, false},
        {&kCortexM0Plus, "strh r0, [r6]", 0x8030, 0x46C0, true},
    };
    for (const Row& row : rows) {
        TinyMachine tiny(row.core, fmt::format("Reset:\n4e02\n2100\n{:04x} {:04x}\nend:\ne7fe\n0000\n0101 2000\n",
                                               row.first, row.second));
        EXPECT_EQ(tiny.run().kind == HaltReason::Kind::Fault, row.faults) << row.name;
    }
}

TEST(MachineMemory, EightByteAccessesOfDevicesAreTwoWords) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    4807      | ldr r0, =0xE000ED88
    f44f 0170 | mov r1, #0xF00000
    6001      | str r1, [r0]
    4806      | ldr r0, =0x40001040
    e7ff      | b body
body:
    ed90 0b00 | vldr d0, [r0]
    ed80 0b04 | vstr d0, [r0, #16]
    e9d0 2308 | ldrd r2, r3, [r0, #32]
    ee10 4a90 | vmov r4, s1
end:
    e7fe      | b end
    0000 ed88 e000 1040 4000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.line().accesses, "r4@64 r4@68 w4@80 w4@84 r4@96 r4@100 ");
    EXPECT_EQ(tiny.machine().cpu().registers().r[4], 68U);
}

TEST(MachineMemory, DeviceRegistersThatNobodyModelsAreCountedAndDoNotFault) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    f04f 40a0 | ldr r0, =0x50000000
there:
    6007      | str r7, [r0]
    6801      | ldr r1, [r0]
    6039      | str r1, [r7]
end:
    e7fe      | b end
              | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(1), "20000000");
    const auto& unmodelled = tiny.machine().unmodelled();
    ASSERT_EQ(unmodelled.size(), 1U);
    EXPECT_EQ(unmodelled.begin()->first, 0x50000000U);
    EXPECT_EQ(unmodelled.begin()->second.reads, 1U);
    EXPECT_EQ(unmodelled.begin()->second.writes, 1U);
    EXPECT_EQ(unmodelled.begin()->second.firstPc, tiny.at("there"));
}

TEST(MachineMemory, AircrResets) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    6838      | ldr r0, [r7]
    3001      | adds r0, #1
    6038      | str r0, [r7]
    f3ef 8110 | mrs r1, primask
    6079      | str r1, [r7, #4]
    f3ef 8114 | mrs r1, control
    60b9      | str r1, [r7, #8]
    2802      | cmp r0, #2
    d00e      | beq end
    4669      | mov r1, sp
    3940      | subs r1, #64
    f381 8809 | msr psp, r1
    2103      | movs r1, #3
    f381 8814 | msr control, r1
    df00      | svc #0
SVCall:
    b672      | cpsid i
    4803      | ldr r0, =0xE000ED0C
    4904      | ldr r1, =0x05FA0004
    6001      | str r1, [r0]
    f3bf 8f4f | dsb
wait:
    e7fe      | b wait
end:
    e7fe      | b end
    0000 ed0c e000 0004 05fa | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(3), "2 0 0");
    ASSERT_EQ(tiny.machine().events().size(), 1U);
    EXPECT_EQ(tiny.machine().events()[0].text, "software reset (AIRCR.SYSRESETREQ)");
}

TEST(MachineMemory, ALocalResetResetsTheCore) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    4a05      | ldr r2, =0x20000000
    6813      | ldr r3, [r2]
    1c5c      | adds r4, r3, #1
    6014      | str r4, [r2]
    2b01      | cmp r3, #1
    d003      | beq end
    4803      | ldr r0, =0xE000ED0C
    4904      | ldr r1, =0x05FA0001
    6001      | str r1, [r0]
wait:
    e7fe      | b wait
end:
    e7fe      | b end
    bf00      | nop
    0000 2000 ed0c e000 0001 05fa | .ltorg
)m4");
    tiny.runTo();
    ASSERT_EQ(tiny.machine().events().size(), 1U);
    EXPECT_NE(tiny.machine().events()[0].text.find("AIRCR.VECTRESET"), std::string::npos);
}

TEST(MachineMemory, ByteWritesOfSetAndClearRegistersTouchNothingElse) {
    TinyMachine tiny(&kCortexM4, R"m4(
Reset:
    f04f 5700 | ldr r7, =0x20000000
    4804      | ldr r0, =0xE000E100
    f240 1101 | ldr r1, =0x0101
    6001      | str r1, [r0]
    2101      | movs r1, #1
    f880 1081 | strb r1, [r0, #0x81]
    6802      | ldr r2, [r0]
    603a      | str r2, [r7]
end:
    e7fe      | b end
    e100 e000 | .ltorg
)m4");
    tiny.runTo();
    EXPECT_EQ(tiny.results(1), "1"); // ICER byte 1 cleared IRQ 8 and left IRQ 0
}

} // namespace
} // namespace simprof
