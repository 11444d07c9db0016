// SPDX-License-Identifier: GPL-2.0-or-later
// What was executed in, the kind of code out.
#include "profiler/analysis/code_class.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace simprof {
namespace {

/// Instructions by source file.
CodeClass classOf(std::vector<std::pair<std::string, std::uint64_t>> files) {
    std::vector<FunctionInfo> functions;
    for (auto& [file, instructions] : files) {
        functions.push_back({.name = "f", .file = file, .instructions = instructions});
    }
    return classOfFunctions(functions);
}

TEST(CodeClass, WithoutANetworkTheFilesOfTheInstructionsSay) {
    EXPECT_EQ(classOf({{"keccak.S", 80}, {"main.c", 20}}), CodeClass::Assembly);
    EXPECT_EQ(classOf({{"keccak.S", 40}, {"ntt.s", 39}, {"main.c", 21}}), CodeClass::Mixed);
    EXPECT_EQ(classOf({{"memcpy.S", 19}, {"main.cpp", 81}}), CodeClass::C);
    EXPECT_EQ(classOf({{"gf.asm", 90}, {"", 100}, {"main.c", 10}}), CodeClass::Assembly);
}

TEST(CodeClass, WithoutALineTableItIsUnknown) {
    EXPECT_EQ(classOf({{"", 100}}), CodeClass::Unknown);
    EXPECT_EQ(classOf({{"", 60}, {"main.c", 40}}), CodeClass::Unknown);
    EXPECT_EQ(classOf({}), CodeClass::Unknown);
}

TEST(CodeClass, OfANetworkWhatItsLayersMultiply) {
    EXPECT_EQ(classOfLayers({.integer = 1000, .real = 10}), CodeClass::Int8Network);
    EXPECT_EQ(classOfLayers({.integer = 100, .real = 1000}), CodeClass::FloatNetwork);
    EXPECT_EQ(classOfLayers({}), CodeClass::Int8Network);
}

TEST(CodeClass, WithoutAnFpuTheCompilersRoutinesMultiply) {
    EXPECT_TRUE(isSoftMultiply("__aeabi_fmul"));
    EXPECT_TRUE(isSoftMultiply("__wrap___aeabi_fmul"));
    EXPECT_TRUE(isSoftMultiply("__mulsf3"));
    EXPECT_FALSE(isSoftMultiply("__aeabi_fadd"));
    EXPECT_FALSE(isSoftMultiply("multiply"));
}

} // namespace
} // namespace simprof
