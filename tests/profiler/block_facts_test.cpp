// SPDX-License-Identifier: GPL-2.0-or-later
// Multiply-accumulates of a block, counted by the mix of its instructions.
#include "profiler/collect/block_facts.h"
#include "tests/sim_core/tiny_machine.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

/// Of a listing's only block.
BlockFacts factsOf(const std::string& lines) {
    const test::Listing listing("Reset:\n" + lines + "    4770      | bx lr\n");
    const FirmwareImage image = listing.image();
    const auto code = std::span(image.segments.front().bytes).subspan(test::kCode - test::kFlash);
    CoreDesc core;
    core.kind = &kCortexM7;
    core.fpu = true;
    Block block = decodeBlock(test::kCode, code, core);
    block.version = 1;
    BlockFactsTable table;
    return table.of(block);
}

/// "multiplications, multiply-accumulates".
std::string counted(const std::string& lines) {
    const BlockFacts facts = factsOf(lines);
    return fmt::format("{}, {}", facts.multiplies, facts.macs);
}

/// How far below its end the stack pointer was.
std::uint32_t dip(const std::string& lines) {
    const BlockFacts facts = factsOf(lines);
    EXPECT_TRUE(facts.movesSp);
    return facts.dip;
}

TEST(BlockFacts, MultiplyAccumulates) {
    EXPECT_EQ(counted("    fb01 3302 | mla r3, r1, r2, r3\n"), "1, 1");
    EXPECT_EQ(counted("    fb21 3302 | smlad r3, r1, r2, r3\n"), "1, 2");
    EXPECT_EQ(counted("    fb11 3302 | smlabb r3, r1, r2, r3\n"), "1, 1");
    EXPECT_EQ(counted("    fbc1 34c2 | smlald r3, r4, r1, r2\n"), "1, 2");
    EXPECT_EQ(counted("    eea0 0a81 | vfma.f32 s0, s1, s2\n"), "1, 1");
}

TEST(BlockFacts, ProductsThatAreAddedUp) {
    EXPECT_EQ(counted("    4351      | muls r1, r2\n    185b      | adds r3, r3, r1\n"), "1, 1");
    EXPECT_EQ(counted("    ee20 0a81 | vmul.f32 s0, s1, s2\n    ee31 1a80 | vadd.f32 s2, s3, s0\n"), "1, 0");
    EXPECT_EQ(counted("    ee20 0a81 | vmul.f32 s0, s1, s2\n    ee71 1a80 | vadd.f32 s3, s3, s0\n"), "1, 1");
}

TEST(BlockFacts, SumsThatMoveFromRegisterToRegister) {
    EXPECT_EQ(counted("    fb21 4302 | smlad r3, r1, r2, r4\n"), "1, 2") << "never an address";
    EXPECT_EQ(counted("    fb01 5402 | mla r4, r1, r2, r5\n    fb03 4607 | mla r6, r3, r7, r4\n"), "2, 2");
    EXPECT_EQ(counted("    fb01 f102 | mul.w r1, r1, r2\n    fb03 f304 | mul.w r3, r3, r4\n"
                      "    eb01 0503 | add.w r5, r1, r3\n"),
              "2, 2")
        << "two by two";
    EXPECT_EQ(counted("    4351      | muls r1, r2\n    4608      | mov r0, r1\n    181b      | adds r3, r3, r0\n"),
              "1, 1");
}

TEST(BlockFacts, SumsKeptInMemory) {
    EXPECT_EQ(counted("    9c02      | ldr r4, [sp, #8]\n    fb01 4402 | mla r4, r1, r2, r4\n"
                      "    9402      | str r4, [sp, #8]\n"),
              "1, 1");
    EXPECT_EQ(counted("    4351      | muls r1, r2\n    9c02      | ldr r4, [sp, #8]\n    1909      | adds r1, r1, r4\n"
                      "    9102      | str r1, [sp, #8]\n"),
              "1, 1")
        << "code that is not optimised";
    EXPECT_EQ(counted("    f853 cf04 | ldr.w r12, [r3, #4]!\n    fb10 c202 | smlabb r2, r0, r2, r12\n"
                      "    601a      | str r2, [r3]\n"),
              "1, 1")
        << "where the base is now";
    EXPECT_EQ(counted("    9c02      | ldr r4, [sp, #8]\n    fb01 4502 | mla r5, r1, r2, r4\n"
                      "    9503      | str r5, [sp, #12]\n"),
              "1, 0")
        << "elsewhere";
}

TEST(BlockFacts, AddressesAndScalingAreNone) {
    EXPECT_EQ(counted("    fb01 5402 | mla r4, r1, r2, r5\n    fb03 4607 | mla r6, r3, r7, r4\n"
                      "    6833      | ldr r3, [r6]\n"),
              "2, 0")
        << "an index of two dimensions";
    EXPECT_EQ(counted("    fb01 3402 | mla r4, r1, r2, r3\n"), "1, 0") << "an index";
    EXPECT_EQ(counted("    fb01 3312 | mls r3, r1, r2, r3\n"), "1, 0") << "a remainder";
    EXPECT_EQ(counted("    fb81 3402 | smull r3, r4, r1, r2\n"), "1, 0") << "a result is scaled";
    EXPECT_EQ(counted("    fbc1 3402 | smlal r3, r4, r1, r2\n"), "1, 0") << "and rounded";
    EXPECT_EQ(counted("    4351      | muls r1, r2\n    600b      | str r3, [r1]\n"), "1, 0");
    EXPECT_EQ(counted("    fb01 f602 | mul.w r6, r1, r2\n    fb03 6604 | mla r6, r3, r4, r6\n"
                      "    fba1 3503 | umull r3, r5, r1, r3\n    442e      | add r6, r5\n"),
              "3, 0")
        << "a product of 64 bits";
}

TEST(BlockFacts, TheStackPointerMayBeDeeperInBetween) {
    EXPECT_EQ(dip("    b510      | push {r4, lr}\n    bc30      | pop {r4, r5}\n"), 8U);
    EXPECT_EQ(dip("    b510      | push {r4, lr}\n    b0b1      | sub sp, #196\n    b031      | add sp, #196\n"
                  "    e8bd 4010 | ldmia sp!, {r4, lr}\n"),
              204U);
    EXPECT_EQ(dip("    e92d 4ff0 | stmdb sp!, {r4-r11, lr}\n    ed2d 8b04 | vpush {d8-d9}\n"
                  "    ecbd 8b04 | vpop {d8-d9}\n    e8bd 4ff0 | ldmia sp!, {r4-r11, lr}\n"),
              52U);
    EXPECT_EQ(dip("    f5ad 7dca | sub.w sp, sp, #404\n    f50d 7dca | add.w sp, sp, #404\n"), 404U);
    EXPECT_EQ(dip("    f5ad 5d80 | sub.w sp, sp, #4096\n    f50d 5d80 | add.w sp, sp, #4096\n"), 4096U);
    EXPECT_EQ(dip("    f2ad 3de9 | subw sp, sp, #1001\n    f20d 3de9 | addw sp, sp, #1001\n"), 1001U);
    EXPECT_EQ(dip("    f84d 0d08 | str r0, [sp, #-8]!\n    f85d 0b08 | ldr r0, [sp], #8\n"), 8U);
    EXPECT_EQ(dip("    b510      | push {r4, lr}\n"), 0U) << "deepest at its end";
}

TEST(BlockFacts, BehindAnUnknownMoveTheStackPointerIsUnknown) {
    EXPECT_EQ(dip("    b510      | push {r4, lr}\n    46bd      | mov sp, r7\n    bc30      | pop {r4, r5}\n"), 8U);
    EXPECT_EQ(dip("    b510      | push {r4, lr}\n    f380 8809 | msr psp, r0\n"), 0U);
    EXPECT_EQ(dip("    b510      | push {r4, lr}\n    f380 8814 | msr control, r0\n"), 0U);
    EXPECT_FALSE(factsOf("    f3ef 8009 | mrs r0, psp\n").movesSp);
}

} // namespace
} // namespace simprof
