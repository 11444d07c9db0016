// SPDX-License-Identifier: GPL-2.0-or-later
// Networks without a description, called in the ways in which runtimes call their layers: layers, multiply-accumulates
// and inferences are those counted by hand (firmware_samples/shapes).
#include "profiler/profile_run.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

namespace simprof {
namespace {

struct Shape {
    const char* name;
    const char* networks; ///< inferences of each
    const char* layers;   ///< "network MACs" of each
};

// Scaling by shifts multiplies nothing; indices may be computed by multiplications on the way.
constexpr Shape kShapes[] = {
    {"loop", "3", "0 2304, 0 5184, 0 0, 0 360"},        {"switch", "3", "0 2304, 0 5184, 0 0, 0 360"},
    {"table", "3", "0 2304, 0 5184, 0 0, 0 360"},       {"two", "8, 2", "0 600, 0 12, 1 2304, 1 5184, 1 0, 1 360"},
    {"recurrent", "4", "0 0, 0 576, 0 576, 0 0, 0 24"},
};
constexpr const char* kBoards[] = {"nucleo-l4r5zi", "stm32f746g-disco", "nucleo-g0b1re"};

class ShapeSamples : public testing::TestWithParam<std::tuple<Shape, const char*, const char*>> {};

TEST_P(ShapeSamples, ShowTheirLayers) {
    const auto& [shape, board, variant] = GetParam();
    const std::filesystem::path file =
        fmt::format("{}/firmware/shape-{}-{}{}.elf", SIMPROF_BINARY_DIR, shape.name, board, variant);
    if (!std::filesystem::exists(file)) {
        GTEST_SKIP() << "firmware samples were not built";
    }
    const Profile profile = profileRun(readFirmware(file, std::nullopt), {});
    std::vector<std::string> networks, layers;
    for (const ProfileNetwork& network : profile.networks) {
        EXPECT_EQ(network.recogniser, "spine");
        networks.push_back(fmt::format("{}", network.inferences));
    }
    for (const LayerInfo& layer : profile.layers) {
        layers.push_back(fmt::format("{} {}", layer.network, layer.macs));
        EXPECT_EQ(layer.macsBy, MacSource::Instructions);
    }
    EXPECT_EQ(fmt::format("{}", fmt::join(networks, ", ")), shape.networks) << profile.network.why;
    EXPECT_EQ(fmt::format("{}", fmt::join(layers, ", ")), shape.layers);
    EXPECT_EQ(profile.totals.attributedPercent, 100);
    EXPECT_EQ(profile.totals.code, CodeClass::Int8Network);
}

INSTANTIATE_TEST_SUITE_P(All, ShapeSamples,
                         testing::Combine(testing::ValuesIn(kShapes), testing::ValuesIn(kBoards),
                                          testing::Values("", "-stripped")),
                         [](const auto& each) {
                             std::string name = fmt::format("{}_{}{}", std::get<0>(each.param).name,
                                                            std::get<1>(each.param), std::get<2>(each.param));
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

} // namespace
} // namespace simprof
