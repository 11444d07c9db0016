// SPDX-License-Identifier: GPL-2.0-or-later
// Following the code of an image: what it needs, where it accesses devices, and where its vector table lies.
#include "sim_core/image/code_survey.h"
#include "sim_core/image/vector_table.h"

#include <gtest/gtest.h>

namespace simprof {
namespace {

constexpr Address kBase = 0x08000000;

FirmwareImage imageOf(std::initializer_list<unsigned> halfwords, Address base = kBase) {
    FirmwareImage image;
    image.name = "fw";
    ImageSegment segment;
    segment.address = segment.runAddress = base;
    for (const unsigned half : halfwords) {
        segment.bytes.push_back(static_cast<std::byte>(half));
        segment.bytes.push_back(static_cast<std::byte>(half >> 8));
    }
    segment.memorySize = segment.bytes.size();
    image.segments.push_back(segment);
    return image;
}

CodeSurvey survey(std::initializer_list<unsigned> halfwords) {
    const Address entry = kBase;
    return surveyCode(imageOf(halfwords), {&entry, 1});
}

TEST(CodeSurvey, FindsWhatTheCodeNeeds) {
    struct Row {
        const char* what;
        std::initializer_list<unsigned> code;
        std::optional<CodeNeed> need;
    };
    const Row rows[] = {
        {"adds, bl, dmb, mrs: Armv6-M", {0x3001, 0xF000, 0xF801, 0xE7FE, 0xF3BF, 0x8F5F, 0xF3EF, 0x8010, 0x4770}, {}},
        {"movw", {0xF240, 0x0001, 0x4770}, CodeNeed::Thumb2},
        {"cbz", {0xB100, 0x4770, 0x4770}, CodeNeed::Thumb2},
        {"smlad", {0xFB21, 0x3002, 0x4770}, CodeNeed::Dsp},
        {"vldmia r0, {s0-s3}", {0xEC90, 0x0A04, 0x4770}, CodeNeed::Fpu},
        {"vadd.f64 d0, d0, d1", {0xEE30, 0x0B01, 0x4770}, CodeNeed::Double},
        {"sg", {0xE97F, 0xE97F, 0x4770}, CodeNeed::ArmV8M},
        {"bxns lr", {0x4774}, CodeNeed::ArmV8M},
        {"tt r0, r1", {0xE841, 0xF000, 0x4770}, CodeNeed::ArmV8M},
        {"lda r0, [r1]", {0xE8D1, 0x0FAF, 0x4770}, CodeNeed::ArmV8M},
        {"stl r0, [r1]", {0xE8C1, 0x0FAF, 0x4770}, CodeNeed::ArmV8M},
        {"msr msplim, r0", {0xF380, 0x880A, 0x4770}, CodeNeed::ArmV8M},
        {"behind a call", {0xF000, 0xF801, 0x4770, 0xEC90, 0x0A04, 0x4770}, CodeNeed::Fpu},
    };
    for (const Row& row : rows) {
        const CodeSurvey found = survey(row.code);
        EXPECT_TRUE(found.entryIsCode) << row.what;
        for (std::size_t need = 0; need < kCodeNeeds; ++need) {
            const bool expected = row.need && static_cast<std::size_t>(*row.need) == need;
            const bool implied = row.need == CodeNeed::Double && need == static_cast<std::size_t>(CodeNeed::Fpu);
            const bool thumb2 = row.need == CodeNeed::Dsp && need == static_cast<std::size_t>(CodeNeed::Thumb2);
            EXPECT_EQ(found.needs[need].has_value(), expected || implied || thumb2) << row.what << ", need " << need;
        }
    }
}

TEST(CodeSurvey, LiteralsAreNoCode) {
    // ldr r0, [pc, #0]; bl f (does not return; the literal behind it would be vldm); f: b .
    const CodeSurvey found = survey({0x4801, 0xF000, 0xF803, 0xBF00, 0x0A04, 0xEC90, 0xE7FE});
    EXPECT_FALSE(found.need(CodeNeed::Fpu));
}

/// bl veneer; a table of bytes that would be vldm; b . - the veneer leads to RAM, whose contents come later.
TEST(CodeSurvey, BehindACallThroughAVeneerToRamMayLieATable) {
    const CodeSurvey found = survey({0xF000, 0xF804, 0xEC90, 0x0A04, 0xE7FE, 0xBF00, 0xB401, 0x4802, 0x4684, 0xBC01,
                                     0x4760, 0xBF00, 0x18ED, 0x2000});
    EXPECT_FALSE(found.need(CodeNeed::Fpu));
    EXPECT_GT(found.instructions, 4U) << "the veneer itself";
}

TEST(CodeSurvey, FollowsConstantsToDeviceRegisters) {
    // ldr r3, =0x40021000; str r0, [r3, #20] - movw/movt r2, 0x48000400; ldr r1, [r2] - movs r4, #128; lsls r4, r4,
    // #23; strh r0, [r4, #8]; bx lr
    const CodeSurvey found = survey({0x4B05, 0x6158, 0xF240, 0x4200, 0xF6C4, 0x0200, 0x6811, 0x2480, 0x05E4, 0x8120,
                                     0x4770, 0xBF00, 0x1000, 0x4002});
    EXPECT_EQ(found.accessed, (std::set<Address>{0x40000008, 0x40021014, 0x48000400}));
}

TEST(CodeSurvey, SeesWhetherResetSetsTheStackItself) {
    EXPECT_TRUE(survey({0x4801, 0x4685, 0xB500, 0xE7FE, 0x4000, 0x2000}).setsStackItself);
    EXPECT_EQ(survey({0x4801, 0x4685, 0xB500, 0xE7FE, 0x4000, 0x2000}).stackSet, 0x20004000U);
    EXPECT_FALSE(survey({0xB500, 0x4801, 0x4685, 0xE7FE, 0x4000, 0x2000}).setsStackItself) << "push first";
}

/// SP, reset at +8, b .
FirmwareImage table(Address base, std::uint32_t stack) {
    const Address reset = base + 9;
    return imageOf({stack & 0xFFFF, stack >> 16, reset & 0xFFFF, reset >> 16, 0xE7FE, 0xE7FE}, base);
}

TEST(VectorTable, IsJudgedAsAWhole) {
    const auto good = vectorTableAt(table(kBase, 0x20001003), kBase);
    ASSERT_TRUE(good);
    EXPECT_EQ(good->stack, 0x20001000U);
    EXPECT_EQ(good->reset, kBase + 8);
    EXPECT_FALSE(vectorTableAt(table(kBase, 0x50001000), kBase)) << "no RAM lies there";
    EXPECT_FALSE(vectorTableAt(imageOf({0x1000, 0x2000, 0x0008, 0x0800, 0xE7FE, 0xE7FE}), kBase)) << "no Thumb bit";
    EXPECT_FALSE(vectorTableAt(imageOf({0x1000, 0x2000, 0x0041, 0x0800, 0xE7FE, 0xE7FE}), kBase)) << "outside";
}

TEST(VectorTable, WhereABoardStarts) {
    auto mcu = std::make_shared<McuDesc>();
    mcu->memories = {{"flash", MemoryKind::Flash, {0, 0x100000}, "", {}, {}}};
    BoardDesc board;
    board.mcu = mcu;
    board.vectorTable = 0x10000;
    EXPECT_EQ(startTable(table(0x10000, 0x20001000), board), 0x10000U);
    EXPECT_EQ(startTable(table(0x26000, 0x20001000), board), 0x26000U) << "behind a boot loader it does not bring";
    FirmwareImage whole = table(0, 0x20001000); // longer than the boot loader that the board's table is behind
    whole.segments[0].bytes.resize(0x10800, std::byte{0x5A});
    whole.segments[0].memorySize = 0x10800;
    EXPECT_EQ(startTable(whole, board), 0U);
    FirmwareImage padded = table(0x20200, 0x20001000); // as a build for a boot loader with a header leaves it
    padded.segments[0].bytes.insert(padded.segments[0].bytes.begin(), 0x200, std::byte{0});
    padded.segments[0].address = padded.segments[0].runAddress = 0x20000;
    EXPECT_EQ(startTable(padded, board), 0x20200U);
    FirmwareImage signedImage = padded;
    signedImage.vectorTable = 0x20200;
    EXPECT_EQ(startTable(signedImage, board), 0x20200U);
}

} // namespace
} // namespace simprof
