// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/decode/decoder.h"

#include <gtest/gtest.h>

#include <random>
#include <string_view>

namespace simprof {
namespace {

CoreDesc coreOf(const CoreKind* kind) {
    CoreDesc core;
    core.kind = kind;
    core.fpu = kind == &kCortexM4 || kind == &kCortexM7;
    core.doublePrecision = kind == &kCortexM7;
    return core;
}

/// "4b01 f8d0 1004": halfwords.
std::vector<std::byte> bytesOf(std::string_view hex) {
    std::vector<std::byte> code;
    for (std::size_t i = 0; i + 4 <= hex.size(); i += 5) {
        const auto half = static_cast<unsigned>(std::stoul(std::string(hex.substr(i, 4)), nullptr, 16));
        code.push_back(static_cast<std::byte>(half & 0xFF));
        code.push_back(static_cast<std::byte>(half >> 8));
    }
    return code;
}

Block decode(std::string_view hex, const CoreKind* kind = &kCortexM7, std::uint8_t itState = 0,
             Address at = 0x08000000) {
    return decodeBlock(at, bytesOf(hex), coreOf(kind), itState);
}

constexpr std::uint16_t r(auto... n) { return static_cast<std::uint16_t>(((1u << n) | ... | 0u)); }

struct InsnRow {
    const char* name;
    const char* hex;
    InsnClass kind;
    std::uint16_t reads, writes;
    unsigned accesses = 0, size = 0;
};

TEST(Decoder, KindsAndRegisters) {
    using K = InsnClass;
    const InsnRow rows[] = {
        {"LSL r0,r1,#2", "0088", K::Shift, r(1), r(0)},
        {"MOVS r0,r1", "0008", K::Alu, r(1), r(0)},
        {"ADDS r0,r1,r2", "1888", K::Alu, r(1, 2), r(0)},
        {"CMP r3,#1", "2b01", K::Alu, r(3), 0},
        {"RORS r1,r2", "41d1", K::Shift, r(1, 2), r(1)},
        {"MULS r0,r1", "4348", K::Mul, r(0, 1), r(0)},
        {"MOV r8,r1", "4688", K::Alu, r(1), r(8)},
        {"BX r3", "4718", K::IndirectBranch, r(3), r(15)},
        {"BLX r3", "4798", K::IndirectCall, r(3), r(14, 15)},
        {"LDR r0,[pc,#4]", "4801", K::Load, 0, r(0), 1, 4},
        {"LDRSH r0,[r1,r2]", "5e88", K::Load, r(1, 2), r(0), 1, 2},
        {"STRB r0,[r1,#3]", "70c8", K::Store, r(0, 1), 0, 1, 1},
        {"STR r0,[sp,#8]", "9002", K::Store, r(0, 13), 0, 1, 4},
        {"UXTB r0,r1", "b2c8", K::Extend, r(1), r(0)},
        {"PUSH {r4,lr}", "b510", K::StoreMultiple, r(4, 13, 14), r(13), 2, 4},
        {"POP {r4,pc}", "bd10", K::LoadMultiple, r(13), r(4, 13, 15), 2, 4},
        {"CBZ r3", "b103", K::CondBranch, r(3), r(15)},
        {"LDM r0!,{r1,r2}", "c806", K::LoadMultiple, r(0), r(0, 1, 2), 2, 4},
        {"LDM r0,{r0,r1}", "c803", K::LoadMultiple, r(0), r(0, 1), 2, 4},
        {"SVC", "df00", K::Svc, 0, 0},
        {"LDRD r0,r1,[r2],#8", "e8f2 0102", K::LoadPair, r(2), r(0, 1, 2), 2, 4},
        {"STREX r0,r1,[r2]", "e842 1000", K::StoreExclusive, r(1, 2), r(0), 1, 4},
        {"TBB [r0,r1]", "e8d0 f001", K::TableBranch, r(0, 1), r(15), 1, 1},
        {"ADD r0,r1,r2,LSL #3", "eb01 00c2", K::AluShifted, r(1, 2), r(0)},
        {"LSR r0,r1,#3 (.W)", "ea4f 00d1", K::Shift, r(1), r(0)},
        {"MVN r0,r1", "ea6f 0001", K::Alu, r(1), r(0)},
        {"TST r1,#1", "f011 0f01", K::Alu, r(1), 0},
        {"PKHBT r0,r1,r2", "eac1 0002", K::Dsp, r(1, 2), r(0)},
        {"MOVW r0", "f240 0001", K::Alu, 0, r(0)},
        {"MOVT r0", "f2c0 0001", K::Alu, r(0), r(0)},
        {"BFI r0,r1,#0,#8", "f361 0007", K::Bitfield, r(0, 1), r(0)},
        {"BFC r0,#0,#8", "f36f 0007", K::Bitfield, r(0), r(0)},
        {"SSAT r0,#8,r1", "f301 0007", K::Saturate, r(1), r(0)},
        {"LDR r0,[r1,#-4]!", "f851 0d04", K::Load, r(1), r(0, 1), 1, 4},
        {"LDR r0,[r1,r2,LSL #2]", "f851 0022", K::Load, r(1, 2), r(0), 1, 4},
        {"LDRSB r0,[r1,#1]", "f991 0001", K::Load, r(1), r(0), 1, 1},
        {"PLD [r0]", "f890 f000", K::Preload, r(0), 0},
        {"UXTAB r0,r1,r2", "fa51 f082", K::ExtendAdd, r(1, 2), r(0)},
        {"UXTB r0,r2,ROR #8", "fa5f f092", K::Extend, r(2), r(0)},
        {"SMLAD r0,r1,r2,r3", "fb21 3002", K::Mac, r(1, 2, 3), r(0)},
        {"SMUAD r0,r1,r2", "fb21 f002", K::Mul, r(1, 2), r(0)},
        {"SMULL r0,r1,r2,r3", "fb82 0103", K::MulLong, r(2, 3), r(0, 1)},
        {"UMAAL r0,r1,r2,r3", "fbe2 0163", K::MacLong, r(0, 1, 2, 3), r(0, 1)},
        {"SDIV r0,r1,r2", "fb91 f0f2", K::Divide, r(1, 2), r(0)},
        {"MRS r0,PRIMASK", "f3ef 8010", K::StatusMove, 0, r(0)},
        {"DMB", "f3bf 8f5f", K::Barrier, 0, 0},
        {"VLDR d0,[r1]", "ed91 0b00", K::FpLoad, r(1), 0, 1, 8},
        {"VLDM r0!,{s0-s3}", "ecb0 0a04", K::FpLoadMultiple, r(0), r(0), 4, 4},
        {"VPUSH {d8-d9}", "ed2d 8b04", K::FpStoreMultiple, r(13), r(13), 2, 8},
        {"VMOV s0,r1", "ee00 1a10", K::FpMoveCore, r(1), 0},
        {"VMOV r0,r1,d2", "ec51 0b12", K::FpMoveCore, 0, r(0, 1)},
        {"VFMA.F32", "eea0 0a81", K::FpMac, 0, 0},
        {"VSQRT.F32", "eeb1 0ac1", K::FpSqrt, 0, 0},
    };
    for (const InsnRow& row : rows) {
        const Block block = decode(row.hex);
        ASSERT_EQ(block.insns.size(), 1u) << row.name;
        const DecodedInsn& d = block.insns[0];
        EXPECT_EQ(d.kind, row.kind) << row.name;
        EXPECT_EQ(d.reads, row.reads) << row.name;
        EXPECT_EQ(d.writes, row.writes) << row.name;
        EXPECT_EQ(d.accessCount, row.accesses) << row.name;
        EXPECT_EQ(d.accessSize, row.size) << row.name;
        EXPECT_FALSE(d.undefinedOnCore) << row.name;
    }
}

TEST(Decoder, FpRegistersAreSinglePrecisionSets) {
    const DecodedInsn fma = decode("eea0 0a81").insns[0]; // VFMA.F32 s0,s1,s2
    EXPECT_EQ(fma.fpWrites, 1u);
    EXPECT_EQ(fma.fpReads, 7u);
    EXPECT_EQ(fma.fpAccumulators, 1u);
    const DecodedInsn add = decode("ee31 0b02").insns[0]; // VADD.F64 d0,d1,d2
    EXPECT_TRUE(add.doublePrecision);
    EXPECT_EQ(add.fpWrites, 3u);
    EXPECT_EQ(add.fpReads, 0x3Cu);
}

TEST(Decoder, WhatACoreLacksIsUndefinedOnIt) {
    struct Row {
        const char* name;
        const char* hex;
        bool m0, m4, m7;
    };
    const Row rows[] = {
        {"BL", "f000 f800", false, false, false},
        {"DSB", "f3bf 8f4f", false, false, false},
        {"MSR", "f380 8810", false, false, false},
        {"MOVW", "f240 0001", true, false, false},
        {"CBZ", "b103", true, false, false},
        {"IT", "bf08", true, false, false},
        {"B.W", "f000 b800", true, false, false},
        {"LDREX", "e851 0f00", true, false, false},
        {"SDIV", "fb91 f0f2", true, false, false},
        {"VADD.F32", "ee30 0a81", true, false, false},
        {"VADD.F64", "ee31 0b02", true, true, false},
        {"VSEL", "fe00 0a81", true, true, false},
        {"UDF", "de00", true, true, true},
        {"UDF.W", "f7f0 a000", true, true, true},
        {"LDA (Armv8-M)", "e8d0 0faf", true, true, true},
        {"SG (Armv8-M)", "e97f e97f", true, true, true},
        {"MVE VADD", "ef22 0844", true, true, true},
        {"BLX to Arm", "f000 e800", true, true, true},
        {"SETEND", "b650", true, true, true},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(decode(row.hex, &kCortexM0Plus).undefinedOnCore, row.m0) << row.name;
        EXPECT_EQ(decode(row.hex, &kCortexM4).undefinedOnCore, row.m4) << row.name;
        EXPECT_EQ(decode(row.hex, &kCortexM7).undefinedOnCore, row.m7) << row.name;
    }
}

/// Armv7E-M has them, Armv7-M does not.
TEST(Decoder, TheDspExtensionIsUndefinedWhereACoreLacksIt) {
    struct Row {
        const char* name;
        const char* hex;
        bool dsp;
    };
    const Row rows[] = {
        {"smlad r0, r1, r2, r3", "fb21 3002", true},
        {"smlabb r0, r1, r2, r3", "fb11 3002", true},
        {"smulbt r0, r1, r2", "fb11 f012", true},
        {"smmul r0, r1, r2", "fb51 f002", true},
        {"usad8 r0, r1, r2", "fb71 f002", true},
        {"smlald r0, r1, r2, r3", "fbc2 01c3", true},
        {"smlalbb r0, r1, r2, r3", "fbc2 0183", true},
        {"umaal r0, r1, r2, r3", "fbe2 0163", true},
        {"sadd8 r0, r1, r2", "fa81 f002", true},
        {"sel r0, r1, r2", "faa1 f082", true},
        {"pkhbt r0, r1, r2", "eac1 0002", true},
        {"sxtb16 r0, r1", "fa2f f081", true},
        {"sxtab r0, r1, r2", "fa41 f082", true},
        {"qadd r0, r1, r2", "fa82 f081", true},
        {"ssat16 r0, #8, r1", "f321 0007", true},
        {"usat16 r0, #8, r1", "f3a1 0008", true},
        {"mul.w r8, r1, r2", "fb01 f802", false},
        {"mla r0, r1, r2, r3", "fb01 3002", false},
        {"mls r0, r1, r2, r3", "fb01 3012", false},
        {"smull r0, r1, r2, r3", "fb82 0103", false},
        {"smlal r0, r1, r2, r3", "fbc2 0103", false},
        {"umlal r0, r1, r2, r3", "fbe2 0103", false},
        {"ssat r0, #8, r1", "f301 0007", false},
        {"usat r0, #8, r1, asr #3", "f3a1 00c8", false},
        {"sxtb.w r8, r1", "fa4f f881", false},
        {"uxth.w r8, r1", "fa1f f881", false},
        {"clz r0, r1", "fab1 f081", false},
        {"rbit r0, r1", "fa91 f0a1", false},
        {"sdiv r0, r1, r2", "fb91 f0f2", false},
        {"rev.w r8, r1", "fa91 f881", false},
    };
    CoreDesc core;
    core.dsp = false;
    for (const Row& row : rows) {
        const std::vector<std::byte> code = bytesOf(row.hex);
        EXPECT_EQ(decodeBlock(0x08000000, code, core).undefinedOnCore, row.dsp) << row.name;
        EXPECT_FALSE(decodeBlock(0x08000000, code, CoreDesc{}).undefinedOnCore) << row.name;
    }
}

TEST(Decoder, BlockEnds) {
    struct Row {
        const char* name;
        const char* hex;
        BlockEnd end;
        Address target;
    };
    const Row rows[] = {
        {"B", "e7fe", BlockEnd::Branch, 0x08000000},
        {"B.W forwards", "f000 b802", BlockEnd::Branch, 0x08000008},
        {"BNE", "d1fd", BlockEnd::CondBranch, 0x07FFFFFE},
        {"BEQ.W", "f000 8002", BlockEnd::CondBranch, 0x08000008},
        {"CBNZ", "b90b", BlockEnd::CondBranch, 0x08000006},
        {"BL", "f7ff fffe", BlockEnd::Call, 0x08000000},
        {"BLX", "4798", BlockEnd::IndirectCall, 0},
        {"BX lr", "4770", BlockEnd::Return, 0},
        {"BX r3", "4718", BlockEnd::IndirectBranch, 0},
        {"MOV pc,lr", "46f7", BlockEnd::Return, 0},
        {"MOV pc,r3", "469f", BlockEnd::IndirectBranch, 0},
        {"POP {pc}", "bd00", BlockEnd::Return, 0},
        {"LDR pc,[sp],#4", "f85d fb04", BlockEnd::Return, 0},
        {"LDR pc,[r0,r1]", "f850 f001", BlockEnd::IndirectBranch, 0},
        {"LDMIA sp!,{r4,pc}", "e8bd 8010", BlockEnd::Return, 0},
        {"TBH", "e8d0 f011", BlockEnd::IndirectBranch, 0},
        {"SVC", "df01", BlockEnd::Exception, 0},
        {"BKPT", "beab", BlockEnd::Exception, 0},
        {"WFI", "bf30", BlockEnd::Exception, 0},
        {"SEV", "bf40", BlockEnd::FallThrough, 0},
        {"NOP", "bf00", BlockEnd::FallThrough, 0},
        {"UDF", "de01", BlockEnd::Exception, 0},
    };
    for (const Row& row : rows) {
        const Block block = decode(row.hex);
        EXPECT_EQ(block.end, row.end) << row.name;
        EXPECT_EQ(block.target, row.target) << row.name;
    }
}

TEST(Decoder, ItBlocksCrossBlocks) {
    const Block first = decode("bf06 3001", &kCortexM4); // ITTE EQ; ADDEQ
    EXPECT_TRUE(first.insns[1].predicated);
    EXPECT_FALSE(first.insns[1].setsFlags);
    EXPECT_EQ(first.insns[1].condition, 0);
    EXPECT_TRUE(first.endsInsideIt);
    const Block second = decode("3001 3001 3001", &kCortexM4, first.itStateAtEnd);
    EXPECT_EQ(second.insns[0].condition, 0);
    EXPECT_EQ(second.insns[1].condition, 1);
    EXPECT_FALSE(second.insns[2].predicated);
    EXPECT_TRUE(second.insns[2].setsFlags);
    EXPECT_FALSE(second.endsInsideIt);
    const Block branch = decode("bf18 e7fe", &kCortexM4); // IT NE; BNE
    EXPECT_EQ(branch.end, BlockEnd::CondBranch);
    EXPECT_TRUE(branch.conditionalEnd);
}

TEST(Decoder, AlignmentRules) {
    EXPECT_FALSE(decode("6808", &kCortexM4).insns[0].alignedOnly); // LDR
    EXPECT_TRUE(decode("6808", &kCortexM0Plus).insns[0].alignedOnly);
    EXPECT_TRUE(decode("c806", &kCortexM4).insns[0].alignedOnly);      // LDM
    EXPECT_TRUE(decode("e9d2 0100", &kCortexM4).insns[0].alignedOnly); // LDRD
    EXPECT_TRUE(decode("ed91 0a00", &kCortexM4).insns[0].alignedOnly); // VLDR
    EXPECT_TRUE(decode("bf00 f851 0022", &kCortexM4).insns[1].unaligned);
}

TEST(Decoder, AnyBytesDecodeToTheirLength) {
    std::mt19937 random(7);
    for (int round = 0; round < 20000; ++round) {
        std::vector<std::byte> code(random() % 24);
        for (std::byte& byte : code) {
            byte = static_cast<std::byte>(random());
        }
        const Block block = decodeBlock(0x20000000 + 2 * (random() % 8), code, coreOf(kCores[random() % 4]),
                                        static_cast<std::uint8_t>(random()));
        std::size_t bytes = 0, slots = 0;
        for (const DecodedInsn& d : block.insns) {
            EXPECT_EQ(d.offset, bytes);
            bytes += d.size;
            slots += d.accessCount;
        }
        EXPECT_GE(bytes, code.size());
        EXPECT_LE(bytes, code.size() + 1);
        EXPECT_EQ(block.slots.size(), slots);
    }
}

TEST(Disassembler, KeepsTheItStateAndNamesWhatItCannotRead) {
    const auto lines = disassemble(0x100, bytesOf("bf08 3001 de00 f7f0 a000"));
    ASSERT_GE(lines.size(), 3u);
    EXPECT_EQ(lines[0].text, "it eq");
    EXPECT_EQ(lines[1].text, "addeq r0, #1");
    EXPECT_EQ(lines[1].address, 0x102u);
    const auto data = disassemble(0, bytesOf("ffff ffff"));
    EXPECT_EQ(data[0].text.substr(0, 8), ".hword 0");
}

} // namespace
} // namespace simprof
