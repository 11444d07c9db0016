// SPDX-License-Identifier: GPL-2.0-or-later
// Multiply-accumulates of a block, counted by the mix of its instructions.
#include "profiler/collect/block_facts.h"
#include "tests/sim_core/tiny_machine.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

/// "multiplications, multiply-accumulates" of a listing's only block.
std::string counted(const std::string& lines) {
    const test::Listing listing("Reset:\n" + lines + "    4770      | bx lr\n");
    const FirmwareImage image = listing.image();
    const auto code = std::span(image.segments.front().bytes).subspan(test::kCode - test::kFlash);
    CoreDesc core;
    core.kind = &kCortexM7;
    core.fpu = true;
    Block block = decodeBlock(test::kCode, code, core);
    block.version = 1;
    BlockFactsTable table;
    const BlockFacts& facts = table.of(block);
    return fmt::format("{}, {}", facts.multiplies, facts.macs);
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

TEST(BlockFacts, AddressesAndScalingAreNone) {
    EXPECT_EQ(counted("    fb01 3402 | mla r4, r1, r2, r3\n"), "1, 0") << "an index";
    EXPECT_EQ(counted("    fb01 3312 | mls r3, r1, r2, r3\n"), "1, 0") << "a remainder";
    EXPECT_EQ(counted("    fb81 3402 | smull r3, r4, r1, r2\n"), "1, 0") << "a result is scaled";
    EXPECT_EQ(counted("    fbc1 3402 | smlal r3, r4, r1, r2\n"), "1, 0") << "and rounded";
    EXPECT_EQ(counted("    4351      | muls r1, r2\n    600b      | str r3, [r1]\n"), "1, 0");
}

} // namespace
} // namespace simprof
