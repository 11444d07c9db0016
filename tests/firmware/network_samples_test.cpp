// SPDX-License-Identifier: GPL-2.0-or-later
// The network samples, run whole: layers are the network's operators, every cycle has an owner, outputs are right.
#include "profiler/analysis/inference_mean.h"
#include "profiler/analysis/network_slice.h"
#include "profiler/network/network.h"
#include "profiler/profile_json.h"
#include "profiler/profile_run.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace simprof {
namespace {

const std::filesystem::path kFirmware = SIMPROF_BINARY_DIR "/firmware";
const std::filesystem::path kModels = SIMPROF_BINARY_DIR "/models";

Profile profileOf(const std::string& name) {
    return profileRun(readFirmware(kFirmware / (name + ".elf"), std::nullopt), {});
}

bool built(const std::string& name) { return std::filesystem::exists(kFirmware / (name + ".elf")); }

std::vector<std::string> operatorsOf(const std::string& network) {
    std::ifstream in(kModels / (network + ".tflite"), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    std::vector<std::string> names;
    for (const NetworkOperator& op : readNetwork(std::as_bytes(std::span(bytes))).operators) {
        names.push_back(op.name);
    }
    return names;
}

std::vector<std::string> layerOperators(const Profile& profile) {
    std::vector<std::string> names;
    for (const LayerInfo& layer : profile.layers) {
        names.push_back(layer.op);
    }
    return names;
}

void expectAllCyclesOwned(const Profile& profile) {
    Cycles sum = 0;
    StallSums stalls{};
    double time = 0;
    const auto add = [&](Cycles cycles, const StallSums& reasons, double microseconds) {
        sum += cycles;
        time += microseconds;
        Cycles explained = 0;
        for (std::size_t i = 0; i < kStallCount; ++i) {
            stalls[i] += reasons[i];
            explained += reasons[i];
        }
        EXPECT_EQ(explained, cycles);
    };
    for (const LayerInfo& layer : profile.layers) {
        add(layer.cycles, layer.stalls, layer.timeUs);
    }
    for (const Owner& owner : profile.owners) {
        add(owner.cycles, owner.stalls, owner.timeUs);
    }
    EXPECT_EQ(sum, profile.totals.cycles);
    EXPECT_NEAR(time, profile.totals.timeUs, 0.01); // a nanosecond or so for each change of the clock
    EXPECT_EQ(stalls, profile.totals.stalls);
    Cycles inFunctions = 0;
    for (const FunctionInfo& function : profile.functions) {
        inFunctions += function.selfCycles;
    }
    EXPECT_LE(inFunctions, profile.totals.cycles);
}

void expectAllBytesOwned(const Profile& profile) {
    Bytes sram = 0;
    for (const MemoryRegion& region : profile.memory.regions) {
        sram += region.kind == MemoryKind::Sram || region.kind == MemoryKind::Dtcm || region.kind == MemoryKind::Itcm
                    ? region.sizeBytes
                    : 0;
    }
    Bytes owned = 0;
    for (const SramOwner& owner : profile.memory.sram) {
        owned += owner.bytes;
    }
    EXPECT_EQ(owned, sram);
}

struct Sample {
    const char* network;
    const char* board;
};

std::string nameOf(const Sample& sample) { return std::string(sample.network) + "-" + sample.board; }

class NetworkSample : public testing::TestWithParam<Sample> {};

TEST_P(NetworkSample, layersAreTheOperators) {
    const std::string name = nameOf(GetParam());
    if (!built(name)) {
        GTEST_SKIP() << name << ".elf is not built (no Arm compiler)";
    }
    const Profile profile = profileOf(name);
    EXPECT_EQ(profile.halt.reason, HaltReason::Kind::Exit) << profile.halt.what;
    EXPECT_EQ(profile.halt.exitCode, 0);
    EXPECT_EQ(profile.board.name, GetParam().board);
    EXPECT_EQ(profile.network.recogniser, "tflm") << profile.network.why;
    EXPECT_EQ(layerOperators(profile), operatorsOf(GetParam().network));
    EXPECT_EQ(profile.inferences.size(), 2U);
    EXPECT_GE(profile.totals.attributedPercent, 99.9);
    EXPECT_EQ(profile.totals.code, CodeClass::Int8Network);
    expectAllCyclesOwned(profile);
    expectAllBytesOwned(profile);
}

INSTANTIATE_TEST_SUITE_P(All, NetworkSample,
                         testing::Values(Sample{"sine", "nucleo-l053r8"}, Sample{"weather", "nucleo-g0b1re"},
                                         Sample{"sine", "portenta-h7"}, Sample{"kws", "nucleo-g0b1re"},
                                         Sample{"kws", "nucleo-l4r5zi"}, Sample{"kws", "stm32f746g-disco"},
                                         Sample{"kws", "stm32f407-disco"}, Sample{"kws", "nucleo-h7a3zi-q"},
                                         Sample{"ad", "nucleo-l4r5zi"}, Sample{"ic", "stm32f746g-disco"},
                                         Sample{"vww", "nucleo-l4r5zi"}, Sample{"mobilenetv2", "nucleo-l4r5zi"},
                                         Sample{"sine", "microbit"}, Sample{"weather", "microbit"},
                                         Sample{"weather", "arduino-nano-33-ble"}, Sample{"vww", "arduino-nano-33-ble"},
                                         Sample{"sine", "raspberry-pi-pico"}, Sample{"ic", "raspberry-pi-pico"},
                                         Sample{"ad", "sparkfun-edge"}, Sample{"vww", "sparkfun-edge"},
                                         Sample{"weather", "portenta-h7"}, Sample{"ic", "portenta-h7"}),
                         [](const auto& parameter) {
                             std::string name = nameOf(parameter.param);
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

class SampleVariant : public testing::TestWithParam<Sample> {};

TEST_P(SampleVariant, strippedLtoAndCompiledAheadShowTheSameLayers) {
    const std::string name = nameOf(GetParam());
    if (!built(name)) {
        GTEST_SKIP() << name << ".elf is not built (no Arm compiler)";
    }
    const Profile plain = profileOf(name);
    for (const char* variant : {"-stripped", "-lto"}) {
        const Profile other = profileOf(name + variant);
        EXPECT_EQ(layerOperators(other), layerOperators(plain)) << variant;
        expectAllCyclesOwned(other);
    }
    const Profile ahead = profileOf(name + "-aot");
    EXPECT_EQ(ahead.network.recogniser, "spine") << ahead.network.why;
    EXPECT_EQ(ahead.layers.size(), plain.layers.size());
    EXPECT_GE(ahead.totals.attributedPercent, 98.7);
    expectAllCyclesOwned(ahead);
}

INSTANTIATE_TEST_SUITE_P(All, SampleVariant,
                         testing::Values(Sample{"sine", "nucleo-g0b1re"}, Sample{"kws", "nucleo-g0b1re"},
                                         Sample{"kws", "nucleo-l4r5zi"}, Sample{"kws", "stm32f746g-disco"}),
                         [](const auto& parameter) {
                             std::string name = nameOf(parameter.param);
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

TEST(NetworkSamples, strippedRunsToTheSameCycle) {
    if (!built("kws-nucleo-l4r5zi")) {
        GTEST_SKIP() << "no firmware samples are built";
    }
    EXPECT_EQ(profileOf("kws-nucleo-l4r5zi").totals.cycles, profileOf("kws-nucleo-l4r5zi-stripped").totals.cycles);
}

TEST(NetworkSamples, twoRunsGiveTheSameBytes) {
    if (!built("kws-stm32f746g-disco")) {
        GTEST_SKIP() << "no firmware samples are built";
    }
    EXPECT_EQ(toJson(profileOf("kws-stm32f746g-disco")), toJson(profileOf("kws-stm32f746g-disco")));
}

TEST(NetworkSamples, mobilenetNeedsWhatItsPadNeeds) {
    if (!built("mobilenetv2-nucleo-l4r5zi")) {
        GTEST_SKIP() << "no firmware samples are built";
    }
    const Profile profile = profileOf("mobilenetv2-nucleo-l4r5zi");
    ASSERT_TRUE(profile.memory.arena);
    EXPECT_EQ(profile.memory.arena->peakLiveBytes, 157'488U); // PAD's 76,800 bytes in and 80,688 bytes out
}

std::string stateOf(const Profile& profile) {
    std::string text;
    for (const ProfileNetwork& network : profile.networks) {
        text += fmt::format("{} {} operators, {} inferences\n", simprof::nameOf(network.state), network.operators,
                            network.inferences);
    }
    return text;
}

class TwoNetworks : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        if (!built(sample("cascade"))) {
            GTEST_SKIP() << "no firmware samples are built";
        }
    }
    static std::string sample(const std::string& name) { return name + "-" + GetParam(); }
};

TEST_P(TwoNetworks, ShowBothWithTheLayersThatEachHasAlone) {
    const Profile both = profileOf(sample("cascade"));
    EXPECT_EQ(stateOf(both), "ran 3 operators, 6 inferences\nran 13 operators, 2 inferences\n");
    expectAllCyclesOwned(both);
    expectAllBytesOwned(both);
    std::vector<std::string> expected = operatorsOf("weather");
    const std::vector<std::string> second = operatorsOf("kws");
    expected.insert(expected.end(), second.begin(), second.end());
    EXPECT_EQ(layerOperators(both), expected);
    const Profile alone = profileOf(sample("kws"));
    const Profile slice = ofNetwork(both, 1);
    for (std::size_t i = 0; i < alone.layers.size(); ++i) {
        EXPECT_EQ(slice.layers[i].instructions, alone.layers[i].instructions) << i;
        EXPECT_EQ(slice.layers[i].sramPeakBytes, alone.layers[i].sramPeakBytes) << i;
        EXPECT_EQ(slice.layers[i].scratchBytes, alone.layers[i].scratchBytes) << i;
    }
    EXPECT_EQ(slice.memory.arena->peakLiveBytes, alone.memory.arena->peakLiveBytes);
    EXPECT_EQ(slice.memory.arena->sizeBytes, alone.memory.arena->sizeBytes);
}

TEST_P(TwoNetworks, PreparedOnesDidNotRun) {
    const Profile profile = profileOf(sample("prepared"));
    EXPECT_EQ(stateOf(profile), "prepared 0 operators, 0 inferences\nprepared 0 operators, 0 inferences\n");
    EXPECT_TRUE(profile.layers.empty());
    EXPECT_TRUE(profile.inferences.empty());
    expectAllCyclesOwned(profile);
    EXPECT_THAT(profile.findings, testing::Contains(testing::Field(
                                      &Finding::text, testing::HasSubstr("AllocateTensors ran and Invoke did not"))));
}

TEST_P(TwoNetworks, AnArenaThatIsTooSmallIsSaid) {
    const Profile profile = profileOf(sample("small-arena"));
    EXPECT_EQ(stateOf(profile), "unplaced 0 operators, 0 inferences\n");
    EXPECT_TRUE(profile.layers.empty());
    EXPECT_THAT(profile.findings, testing::Contains(testing::Field(&Finding::title, "no place for the tensors")));
    // Two tensors of 25x5x64 at once.
    EXPECT_THAT(
        profile.findings,
        testing::Contains(testing::Field(
            &Finding::text, testing::HasSubstr("tensors got no place: they need at least 16000 bytes at once"))));
}

INSTANTIATE_TEST_SUITE_P(All, TwoNetworks, testing::Values("nucleo-l4r5zi", "stm32f746g-disco", "nucleo-g0b1re"),
                         [](const auto& parameter) {
                             std::string name = parameter.param;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

/// CALL_ONCE and IF, with what they run below them: four inferences, the condition false in the third.
class Subgraphs : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        if (!built(sample())) {
            GTEST_SKIP() << "no firmware samples are built";
        }
    }
    static std::string sample() { return std::string("gate-") + GetParam(); }
    static std::string layersOf(const Profile& profile) {
        std::string text;
        for (const LayerInfo& layer : profile.layers) {
            text += fmt::format("{} x{} in {}\n", layer.op, layer.calls, layer.bodyOf);
        }
        return text;
    }
};

TEST_P(Subgraphs, AreLayersBelowTheOperatorsThatRunThem) {
    const Profile profile = profileOf(sample());
    EXPECT_EQ(stateOf(profile), "ran 12 operators, 4 inferences\n");
    EXPECT_EQ(layersOf(profile), "CALL_ONCE x4 in -1\n"
                                 "VAR_HANDLE x1 in 0\n"
                                 "ASSIGN_VARIABLE x1 in 0\n"
                                 "FULLY_CONNECTED x4 in -1\n"
                                 "VAR_HANDLE x4 in -1\n"
                                 "READ_VARIABLE x4 in -1\n"
                                 "ADD x4 in -1\n"
                                 "IF x4 in -1\n"
                                 "FULLY_CONNECTED x3 in 7\n"
                                 "FULLY_CONNECTED x3 in 7\n"
                                 "FULLY_CONNECTED x1 in 7\n"
                                 "FULLY_CONNECTED x4 in -1\n");
    expectAllCyclesOwned(profile);
    expectAllBytesOwned(profile);
    Cycles inSpans = 0, inLayers = 0;
    for (const Inference& inference : profile.inferences) {
        for (const Span& span : inference.spans) {
            inSpans += span.cycles;
        }
    }
    for (const LayerInfo& layer : profile.layers) {
        inLayers += layer.cycles;
    }
    EXPECT_EQ(inSpans, inLayers) << "no cycle is in two layers";
    EXPECT_EQ(inferenceMean(profile, 0).macs, 8U * 16 + (3 * 2 + 1) * 16 * 16 / 4 + 16 * 4);
}

TEST_P(Subgraphs, AVariableLivesAcrossInferences) {
    const Profile profile = profileOf(sample());
    const auto variable = std::ranges::find(profile.memory.tensors, "variable", &TensorLife::name);
    ASSERT_NE(variable, profile.memory.tensors.end());
    EXPECT_EQ(variable->kind, TensorKind::State);
    EXPECT_EQ(variable->sizeBytes, 16U);
    EXPECT_EQ(variable->writer, 2);
    EXPECT_THAT(variable->readers, testing::ElementsAre(5));
}

TEST_P(Subgraphs, TwoArenasAreCountedTogether) {
    const Profile profile = profileOf(sample());
    ASSERT_TRUE(profile.memory.arena);
    const Arena& arena = *profile.memory.arena;
    EXPECT_EQ(arena.sizeBytes, 1024U);
    EXPECT_EQ(arena.persistentBytes, 2048U);
    EXPECT_EQ(reserved(arena), 3072U);
    // What lives for ever: the allocator; 12 bytes for each of 25 tensors, 20 for each of 12 nodes; the variable; of 5
    // fully connected operators 44 bytes and a factor and a shift of 4; of the sum 48.
    constexpr Bytes kPersistent = 12 + 25 * 12 + 12 * 20 + 16 + 5 * (44 + 8) + 48;
    // 14 tensors that are computed, of 16 bytes; the kernels for the DSP extension take two bytes a value to multiply.
    const bool dsp = std::string_view(GetParam()) == "nucleo-l4r5zi";
    EXPECT_EQ(arena.neededBytes, kPersistent + 14 * 16 + (dsp ? 16 + 4 * 32 : 0));
    EXPECT_LE(arena.peakLiveBytes, arena.usedBytes);
}

TEST_P(Subgraphs, StrippedIsTheSame) {
    const Profile plain = profileOf(sample());
    const Profile stripped = profileOf(sample() + "-stripped");
    EXPECT_EQ(layersOf(stripped), layersOf(plain));
    Arena arena = plain.memory.arena.value();
    arena.reservedBytes = 0; // of its symbol
    EXPECT_EQ(stripped.memory.arena, arena);
    EXPECT_EQ(stripped.inferences, plain.inferences);
}

INSTANTIATE_TEST_SUITE_P(All, Subgraphs, testing::Values("nucleo-l4r5zi", "nucleo-g0b1re"), [](const auto& parameter) {
    std::string name = parameter.param;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

/// A real trained network in the firmware; the console shows the output's checksum for two inputs.
TEST(TruthFirmware, outputsAreThoseOfTheReference) {
    struct Row {
        const char* network;
        const char* zeros;
        const char* ramp;
    };
    // From the checksum table of real networks that lies beside them.
    constexpr Row kRows[] = {{"kws", "0x88525258", "0xce74d061"}, {"ic", "0x84611fe7", "0xa7e29098"}};
    for (const Row& row : kRows) {
        for (const char* board : {"nucleo-l4r5zi", "stm32f746g-disco", "nucleo-g0b1re"}) {
            const std::string name = std::string("truth/truth-") + row.network + "-" + board;
            if (!built(name)) {
                GTEST_SKIP() << "../shared/models is not there, so no firmware with real networks was built";
            }
            const Profile profile = profileOf(name);
            EXPECT_THAT(profile.console, testing::AllOf(testing::HasSubstr(row.zeros), testing::HasSubstr(row.ramp)))
                << name;
        }
    }
}

} // namespace
} // namespace simprof
