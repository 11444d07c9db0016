// SPDX-License-Identifier: GPL-2.0-or-later
// Samples with another network in place of their own.
#include "profiler/network_swap.h"
#include "profiler/profile_run.h"
#include "profiler/run/network_choice.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace simprof {
namespace {

using testing::HasSubstr;

const std::filesystem::path kFirmware = SIMPROF_BINARY_DIR "/firmware";

class SwapSamples : public testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(kFirmware / "kws-nucleo-l4r5zi.elf")) {
            GTEST_SKIP() << "no firmware samples are built";
        }
    }

    static FirmwareImage sample(const std::string& name) {
        return readFirmware(kFirmware / (name + ".elf"), std::nullopt);
    }

    /// The file of the network that a sample holds.
    static std::string networkOf(const std::string& name) {
        const FirmwareImage image = sample(name);
        const NetworkImage network = chooseNetworks(image, std::nullopt).inImage.at(0);
        const std::span<const std::byte> bytes = image.bytesAt(network.address, network.network.usedBytes);
        std::string path = testing::TempDir() + "swap-" + name + ".tflite";
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return path;
    }

    static std::string refusal(const std::string& firmware, const std::string& what) {
        try {
            replaceNetwork(sample(firmware), what);
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    }
};

/// What it printed, without the name that is compiled in.
std::string outputs(const Profile& profile) {
    std::istringstream lines(profile.console);
    std::string line, all;
    while (std::getline(lines, line)) {
        all += line.substr(line.find(' ')) + "\n";
    }
    return all;
}

TEST_F(SwapSamples, AnInterpreterRunsAnotherNetworkAsTheFirmwareBuiltWithIt) {
    for (const char* other : {"kws-nucleo-l4r5zi", "sine-nucleo-l4r5zi"}) { // behind the image, and in place
        const FirmwareImage swapped = replaceNetwork(sample("vww-nucleo-l4r5zi"), networkOf(other));
        EXPECT_EQ(swapped.segments.size(), sample("vww-nucleo-l4r5zi").segments.size());
        const Profile profile = profileRun(swapped, {}), built = profileRun(sample(other), {});
        EXPECT_EQ(outputs(profile), outputs(built)) << other;
        ASSERT_EQ(profile.layers.size(), built.layers.size());
        for (std::size_t i = 0; i < built.layers.size(); ++i) {
            EXPECT_EQ(profile.layers[i].op, built.layers[i].op);
            EXPECT_EQ(profile.layers[i].macs, built.layers[i].macs);
        }
        EXPECT_THAT(profile.firmware.changed, HasSubstr("is replaced by swap-" + std::string(other)));
    }
}

TEST_F(SwapSamples, ALargerNetworkLiesBehindTheImage) {
    const FirmwareImage swapped = replaceNetwork(sample("sine-nucleo-l4r5zi"), networkOf("kws-nucleo-l4r5zi"));
    const std::vector<NetworkImage> found = chooseNetworks(swapped, std::nullopt).inImage;
    EXPECT_TRUE(std::ranges::any_of(found, [](const NetworkImage& network) {
        return network.network.operators.size() == 13; // keyword spotting
    }));
    EXPECT_THAT(swapped.changed, HasSubstr("whose CONV_2D, DEPTHWISE_CONV_2D"));
}

TEST_F(SwapSamples, WhatCannotBeReplacedIsSaid) {
    const std::string kws = networkOf("kws-nucleo-l4r5zi");
    EXPECT_THAT(refusal("cascade-nucleo-l4r5zi", kws), HasSubstr("holds 2 networks: say which, as in 1=NEW.tflite"));
    EXPECT_EQ(refusal("cascade-nucleo-l4r5zi", "2=" + kws), "");
    EXPECT_THAT(refusal("kws-nucleo-l4r5zi", "2=" + kws), HasSubstr("holds 1 network, there is no number 2"));
    EXPECT_THAT(refusal("kws-nucleo-l4r5zi-aot", kws), HasSubstr("holds no TFLite flatbuffer"));
    EXPECT_THAT(refusal("kws-nucleo-l4r5zi", (kFirmware / "kws-nucleo-l4r5zi.elf").string()),
                HasSubstr("--replace-model '"));
    EXPECT_THAT(refusal("kws-nucleo-l4r5zi", "missing.tflite"), HasSubstr("missing.tflite"));
}

} // namespace
} // namespace simprof
