// SPDX-License-Identifier: GPL-2.0-or-later
// The boot ROM's floating-point functions (RP2040 data sheet 2.8.3.2) by their index in the tables.
#include "peripherals/rp2040/rp2040_float.h"

#include <gtest/gtest.h>

#include <bit>

namespace simprof::test {
namespace {

std::uint32_t f(float value) { return std::bit_cast<std::uint32_t>(value); }
std::uint32_t low(double value) { return static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(value)); }
std::uint32_t high(double value) { return static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(value) >> 32); }

struct Row {
    const char* what;
    unsigned offset;
    RomRegisters in;
    std::uint32_t r0, r1;
};

TEST(Rp2040Float, SinglePrecision) {
    const Row rows[] = {
        {"1 + 2", 0x00, {f(1), f(2)}, f(3), 0},
        {"1 - 2", 0x04, {f(1), f(2)}, f(-1), 0},
        {"1.5 * 4", 0x08, {f(1.5F), f(4)}, f(6), 0},
        {"1 / 4", 0x0C, {f(1), f(4)}, f(0.25F), 0},
        {"1 / 0", 0x0C, {f(1), f(0)}, 0x7F800000, 0},
        {"sqrt 9", 0x18, {f(9)}, f(3), 0},
        {"sqrt -1", 0x18, {f(-1)}, 0xFF800000, 0},
        {"int -1.5 down", 0x1C, {f(-1.5F)}, 0xFFFFFFFE, 0},
        {"int 1e10 clamps", 0x1C, {f(1e10F)}, 0x7FFFFFFF, 0},
        {"fix 0.5, 16", 0x20, {f(0.5F), 16}, 0x8000, 0},
        {"uint -1 clamps", 0x24, {f(-1)}, 0, 0},
        {"ufix 0.5, 16", 0x28, {f(0.5F), 16}, 0x8000, 0},
        {"from int -3", 0x2C, {0xFFFFFFFD}, f(-3), 0},
        {"from fix 0x8000, 16", 0x30, {0x8000, 16}, f(0.5F), 0},
        {"from uint 2^32 - 1", 0x34, {0xFFFFFFFF}, f(4294967296.0F), 0},
        {"from ufix 0x80000000, 31", 0x38, {0x80000000, 31}, f(1), 0},
        {"cos 0", 0x3C, {f(0)}, f(1), 0},
        {"sin 0", 0x40, {f(0)}, f(0), 0},
        {"tan 0", 0x44, {f(0)}, f(0), 0},
        {"sin and cos 0", 0x48, {f(0)}, f(0), f(1)},
        {"exp 0", 0x4C, {f(0)}, f(1), 0},
        {"ln 1", 0x50, {f(1)}, f(0), 0},
        {"ln 0", 0x50, {f(0)}, 0xFF800000, 0},
        {"compare 1, 2", 0x54, {f(1), f(2)}, 0xFFFFFFFF, 0},
        {"compare 2, 1", 0x54, {f(2), f(1)}, 1, 0},
        {"compare 0, -0", 0x54, {f(0), f(-0.0F)}, 0, 0},
        {"atan2 0, 1", 0x58, {f(0), f(1)}, f(0), 0},
        {"from int64 -1", 0x5C, {0xFFFFFFFF, 0xFFFFFFFF}, f(-1), 0},
        {"from fix64 1 << 32, 32", 0x60, {0, 1, 32}, f(1), 0},
        {"from uint64 1 << 63", 0x64, {0, 0x80000000}, f(9223372036854775808.0F), 0},
        {"to int64 -0.5", 0x6C, {f(-0.5F)}, 0xFFFFFFFF, 0xFFFFFFFF},
        {"to fix64 1, 40", 0x70, {f(1), 40}, 0, 0x100},
        {"to uint64 inf", 0x74, {0x7F800000}, 0xFFFFFFFF, 0xFFFFFFFF},
        {"to double 0.1", 0x7C, {f(0.1F)}, low(static_cast<double>(0.1F)), high(static_cast<double>(0.1F))},
        {"a denormal is 0", 0x00, {1, 1}, 0, 0},
    };
    for (const Row& row : rows) {
        const RomRegisters out = romFloat(row.offset / 4, row.in);
        EXPECT_EQ(out[0], row.r0) << row.what;
        EXPECT_EQ(out[1], row.r1) << row.what;
    }
}

TEST(Rp2040Float, DoublePrecision) {
    const auto pair = [](double a, double b) { return RomRegisters{low(a), high(a), low(b), high(b)}; };
    const Row rows[] = {
        {"1 + 2", 0x00, pair(1, 2), low(3), high(3)},
        {"1 / 3", 0x0C, pair(1, 3), low(1.0 / 3), high(1.0 / 3)},
        {"sqrt 2", 0x18, pair(2, 0), 0x667F3BCD, 0x3FF6A09E},
        {"int -1.5 down", 0x1C, pair(-1.5, 0), 0xFFFFFFFE, 0},
        {"fix 0.5, 16", 0x20, {low(0.5), high(0.5), 16}, 0x8000, 0},
        {"from int -3", 0x2C, {0xFFFFFFFD}, low(-3), high(-3)},
        {"from fix 0x8000, 16", 0x30, {0x8000, 16}, low(0.5), high(0.5)},
        {"compare 2, 1", 0x54, pair(2, 1), 1, 0},
        {"from uint64", 0x64, {0, 1}, low(4294967296.0), high(4294967296.0)},
        {"to float 0.1", 0x7C, pair(0.1, 0), f(0.1F), 0},
    };
    for (const Row& row : rows) {
        const RomRegisters out = romDouble(row.offset / 4, row.in);
        EXPECT_EQ(out[0], row.r0) << row.what;
        EXPECT_EQ(out[1], row.r1) << row.what;
    }
    EXPECT_EQ(romDouble(0x48 / 4, pair(0, 0)), (RomRegisters{0, 0, low(1), high(1)})) << "sine, then cosine";
}

} // namespace
} // namespace simprof::test
