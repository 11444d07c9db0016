// SPDX-License-Identifier: GPL-2.0-or-later
/// A plan added to a .tflite file: what was there stays as it was.
#include "profiler/network/offline_plan.h"

#include "profiler/network/network.h"
#include "sim_core/error.h"
#include "tests/profiler/network_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>

namespace simprof {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::int32_t> someOffsets(std::size_t tensors) {
    std::vector<std::int32_t> offsets(tensors);
    std::iota(offsets.begin(), offsets.end(), kPlannedOnline);
    return offsets;
}

void expectSameNetwork(const Network& now, const Network& before, std::uint32_t moved) {
    ASSERT_EQ(now.tensors.size(), before.tensors.size());
    ASSERT_EQ(now.operators.size(), before.operators.size());
    EXPECT_EQ(now.description, before.description);
    EXPECT_EQ(now.inputs, before.inputs);
    for (std::size_t i = 0; i < now.tensors.size(); ++i) {
        EXPECT_EQ(now.tensors[i].name, before.tensors[i].name);
        EXPECT_EQ(now.tensors[i].shape, before.tensors[i].shape);
        EXPECT_EQ(now.tensors[i].scale, before.tensors[i].scale);
        ASSERT_EQ(now.tensors[i].constant.has_value(), before.tensors[i].constant.has_value());
        if (now.tensors[i].constant) {
            EXPECT_EQ(now.tensors[i].constant->offset, before.tensors[i].constant->offset + moved);
        }
    }
    for (std::size_t i = 0; i < now.operators.size(); ++i) {
        EXPECT_EQ(now.operators[i].name, before.operators[i].name);
        EXPECT_EQ(now.operators[i].inputs, before.operators[i].inputs);
    }
}

TEST(OfflinePlan, IsAddedInFrontOfTheFile) {
    std::vector<std::filesystem::path> files;
    for (const char* name : {"sine", "kws", "ad", "mobilenetv2"}) {
        files.push_back(test::ownNetwork(name));
    }
    for (const char* name : {"kws_ref_model.tflite", "vww_96_int8.tflite", "hello_world_int8.tflite"}) {
        files.push_back(test::realNetwork(name));
    }
    for (const std::filesystem::path& path : files) {
        const std::vector<std::byte> file = test::readFile(path);
        if (file.empty()) {
            continue; // not there
        }
        SCOPED_TRACE(path.filename());
        const Network before = readNetwork(file);
        EXPECT_THAT(offlinePlanOf(file), IsEmpty());
        const std::vector<std::int32_t> offsets = someOffsets(before.tensors.size());
        const std::vector<std::byte> planned = withOfflinePlan(file, offsets);
        const std::size_t moved = planned.size() - before.usedBytes;
        EXPECT_EQ(moved % 64, 0U);
        EXPECT_TRUE(std::equal(planned.begin() + static_cast<std::ptrdiff_t>(moved), planned.end(), file.begin()));
        expectSameNetwork(readNetwork(planned), before, static_cast<std::uint32_t>(moved));
        EXPECT_EQ(offlinePlanOf(planned), offsets);

        // Once more: the newer plan replaces the older one.
        std::vector<std::int32_t> others = offsets;
        others[0] = 4096;
        EXPECT_EQ(offlinePlanOf(withOfflinePlan(planned, others)), others);
    }
}

TEST(OfflinePlan, BadInputIsOneSentence) {
    const std::vector<std::byte> file = test::readFile(test::ownNetwork("sine"));
    try {
        withOfflinePlan(file, someOffsets(3));
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("a plan of 3 tensors does not fit a network of "));
    }
    EXPECT_THROW(withOfflinePlan({}, {}), Error);
    EXPECT_THROW(offlinePlanOf(std::span(file).first(40)), Error);
}

} // namespace
} // namespace simprof
