// SPDX-License-Identifier: GPL-2.0-or-later
// The MPU by itself: regions in, rights out.
#include "sim_core/ppb/mpu.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simprof {
namespace {

constexpr unsigned kOff = 0, kOn = 1, kInFaults = 2, kBackground = 4; ///< bits of MPU_CTRL

/// One region in the fields of RBAR and RASR.
struct RegionRow {
    Address base;
    unsigned sizeLog2;
    unsigned ap;
    bool xn = false;
    unsigned disabledSubregions = 0;
};

void program(Mpu& mpu, unsigned control, const std::vector<RegionRow>& regions) {
    for (unsigned number = 0; number < regions.size(); ++number) {
        const RegionRow& row = regions[number];
        mpu.write(0x0C, row.base | 0x10U | number);
        mpu.write(0x10,
                  (row.xn ? 1U << 28 : 0U) | row.ap << 24 | row.disabledSubregions << 8 | (row.sizeLog2 - 1) << 1 | 1U);
    }
    mpu.write(0x04, control);
}

/// "rwx/r--": what privileged and unprivileged code may do there.
std::string rights(const Mpu& mpu, Address address, bool belowZero) {
    std::string text;
    for (const bool privileged : {true, false}) {
        text += text.empty() ? "" : "/";
        text += mpu.allowsData(address, false, privileged, belowZero) ? 'r' : '-';
        text += mpu.allowsData(address, true, privileged, belowZero) ? 'w' : '-';
        text += mpu.allowsFetch(address, privileged, belowZero) ? 'x' : '-';
    }
    return text;
}

struct MpuRow {
    const char* name;
    unsigned control;
    std::vector<RegionRow> regions;
    Address address;
    const char* rights;
    bool belowZero = false;
};

class MpuTable : public testing::TestWithParam<MpuRow> {};

TEST_P(MpuTable, Rights) {
    Mpu mpu(8);
    program(mpu, GetParam().control, GetParam().regions);
    EXPECT_EQ(rights(mpu, GetParam().address, GetParam().belowZero), GetParam().rights);
}

const MpuRow kRows[] = {
    {"OffSram", kOff, {}, 0x20000000, "rwx/rwx"},
    {"OffPeripherals", kOff, {}, 0x40000000, "rw-/rw-"},
    {"OffExternalRam", kOff, {}, 0x60000000, "rwx/rwx"},
    {"OffExternalDevice", kOff, {}, 0xA0000000, "rw-/rw-"},
    {"NoRegionNoBackground", kOn, {}, 0x20000000, "---/---"},
    {"BackgroundIsForPrivileged", kOn | kBackground, {}, 0x20000000, "rwx/---"},
    {"BackgroundKeepsPeripheralsFromExecution", kOn | kBackground, {}, 0x40000000, "rw-/---"},
    {"PrivatePeripheralsAreAlwaysOpen", kOn, {}, 0xE000E000, "rw-/rw-"},
    {"Ap0", kOn, {{0x20000000, 12, 0}}, 0x20000000, "---/---"},
    {"Ap1", kOn, {{0x20000000, 12, 1}}, 0x20000000, "rwx/---"},
    {"Ap2", kOn, {{0x20000000, 12, 2}}, 0x20000000, "rwx/r-x"},
    {"Ap3", kOn, {{0x20000000, 12, 3}}, 0x20000000, "rwx/rwx"},
    {"Ap4IsReserved", kOn, {{0x20000000, 12, 4}}, 0x20000000, "---/---"},
    {"Ap5", kOn, {{0x20000000, 12, 5}}, 0x20000000, "r-x/---"},
    {"Ap6", kOn, {{0x20000000, 12, 6}}, 0x20000000, "r-x/r-x"},
    {"Ap7", kOn, {{0x20000000, 12, 7}}, 0x20000000, "r-x/r-x"},
    {"ExecuteNever", kOn, {{0x20000000, 12, 3, true}}, 0x20000000, "rw-/rw-"},
    {"ARegionMakesPeripheralsExecutable", kOn, {{0x40000000, 12, 3}}, 0x40000000, "rwx/rwx"},
    {"LastByte", kOn, {{0x20000000, 12, 3}}, 0x20000FFF, "rwx/rwx"},
    {"BehindTheLastByte", kOn, {{0x20000000, 12, 3}}, 0x20001000, "---/---"},
    {"BeforeTheFirstByte", kOn, {{0x20001000, 12, 3}}, 0x20000FFF, "---/---"},
    {"TheBaseIsAMultipleOfTheSize", kOn, {{0x20000800, 12, 3}}, 0x20000000, "rwx/rwx"},
    {"AllOfMemory", kOn, {{0, 32, 3}}, 0xDFFFFFFF, "rwx/rwx"},
    {"SmallestRegion", kOn, {{0x20000000, 5, 3}}, 0x20000020, "---/---"},
    {"HigherNumbersWin", kOn, {{0x20000000, 16, 3}, {0x20000000, 12, 6}}, 0x20000000, "r-x/r-x"},
    {"WhereTheHigherEndsTheLowerHolds", kOn, {{0x20000000, 16, 3}, {0x20000000, 12, 6}}, 0x20001000, "rwx/rwx"},
    {"DisabledSubregion", kOn, {{0x20000000, 12, 3, false, 0x02}}, 0x20000200, "---/---"},
    {"ItsNeighbours", kOn, {{0x20000000, 12, 3, false, 0x02}}, 0x20000400, "rwx/rwx"},
    {"DisabledSubregionShowsTheLowerRegion",
     kOn,
     {{0x20000000, 16, 6}, {0x20000000, 12, 3, false, 0x80}},
     0x20000E00,
     "r-x/r-x"},
    {"DisabledSubregionShowsTheBackground",
     kOn | kBackground,
     {{0x20000000, 12, 6, false, 0x01}},
     0x20000000,
     "rwx/---"},
    {"SmallRegionsHaveNoSubregions", kOn, {{0x20000000, 7, 3, false, 0xFF}}, 0x20000000, "rwx/rwx"},
    {"In256BytesTheyAre32", kOn, {{0x20000000, 8, 3, false, 0x02}}, 0x2000003F, "---/---"},
    {"FaultHandlersSeeNoRegions", kOn, {{0x20000000, 12, 0}}, 0x20000000, "rwx/rwx", true},
    {"UnlessHfnmiena", kOn | kInFaults, {{0x20000000, 12, 0}}, 0x20000000, "---/---", true},
};
INSTANTIATE_TEST_SUITE_P(Mpu, MpuTable, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Mpu, RegistersReadBack) {
    Mpu mpu(8);
    program(mpu, kOn | kBackground, {{0x20000000, 12, 3}, {0x08000000, 16, 6}});
    std::string text;
    for (const std::uint32_t offset : {0x00U, 0x04U, 0x08U, 0x0CU, 0x10U}) {
        text += fmt::format("{:x} ", mpu.read(offset));
    }
    mpu.write(0x08, 0); // MPU_RNR
    for (const std::uint32_t offset : {0x08U, 0x0CU, 0x10U, 0x14U, 0x18U}) {
        text += fmt::format("{:x} ", mpu.read(offset));
    }
    EXPECT_EQ(text, "800 5 1 8000001 600001f 0 20000000 3000017 20000000 3000017 ");
}

TEST(Mpu, WithoutRegionsNothingCanBeWritten) {
    Mpu mpu(0);
    program(mpu, kOn, {{0x20000000, 12, 0}});
    EXPECT_EQ(fmt::format("{} {:x} {}", mpu.read(0), mpu.read(4), rights(mpu, 0x20000000, false)), "0 0 rwx/rwx");
}

TEST(Mpu, EachChangeIsAnotherGeneration) {
    Mpu mpu(8);
    const std::uint32_t before = mpu.generation();
    program(mpu, kOn, {{0x20000000, 12, 3}});
    EXPECT_EQ(mpu.generation() - before, 3U);
}

/// TEX, C and B of a region to the policy of the caches: cacheable, write back, write allocate.
struct PolicyRow {
    unsigned tex, c, b;
    const char* policy;
};

TEST(Mpu, CachePolicies) {
    static constexpr PolicyRow kPolicies[] = {
        {0, 0, 0, "---"}, // strongly ordered
        {0, 0, 1, "---"}, // shared device
        {0, 1, 0, "c--"}, // write through
        {0, 1, 1, "cb-"}, // write back
        {1, 0, 0, "---"}, // not cacheable
        {1, 1, 1, "cba"}, // write back, write allocate
        {2, 0, 0, "---"}, // device
        {4, 0, 0, "-b-"}, // outer policy: not cacheable
        {5, 0, 1, "cba"}, // outer policy: write back, write allocate
        {6, 1, 0, "c--"}, // outer policy: write through
        {7, 1, 1, "cb-"}, // outer policy: write back
    };
    for (const PolicyRow& row : kPolicies) {
        Mpu mpu(8);
        mpu.write(0x0C, 0x20000010);
        mpu.write(0x10, 3U << 24 | row.tex << 19 | row.c << 17 | row.b << 16 | 11U << 1 | 1U);
        EXPECT_TRUE(mpu.cachePolicies().empty()) << "while the MPU is off";
        mpu.write(0x04, kOn);
        const auto policies = mpu.cachePolicies();
        ASSERT_EQ(policies.size(), 1U);
        const CachePolicy& policy = policies.front();
        EXPECT_EQ(fmt::format("{:x}+{:x} {}{}{}", policy.range.begin, policy.range.size, policy.cacheable ? 'c' : '-',
                              policy.writeBack ? 'b' : '-', policy.writeAllocate ? 'a' : '-'),
                  fmt::format("20000000+1000 {}", row.policy))
            << row.tex << row.c << row.b;
    }
}

} // namespace
} // namespace simprof
