// SPDX-License-Identifier: GPL-2.0-or-later
// Whole networks: real ones against published checksums, our own in three shapes against each other.
#include <cstring>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "networks/network.h"
#include "runtime/interpreter.h"
#include "runtime/operators/operators.h"
#include "test_support.h"

// The networks that the ahead-of-time compiler made for this test.
#define SIMPROF_COMPILED(name)                                                                                         \
    namespace simprof::networks::name {                                                                                \
    Failure networkPrepare(NetworkEnds& ends);                                                                         \
    Failure networkInvoke();                                                                                           \
    }
SIMPROF_COMPILED(sine_plain)
SIMPROF_COMPILED(sine_dsp)
SIMPROF_COMPILED(kws_plain)
SIMPROF_COMPILED(kws_dsp)
SIMPROF_COMPILED(ic_plain)
SIMPROF_COMPILED(ic_dsp)

namespace simprof::runtime {
namespace {

constexpr std::size_t kArenaBytes = 1 << 20;

/// A network in an arena of its own, full of rubbish at first.
class LoadedNetwork {
public:
    LoadedNetwork(const std::uint8_t* model, Registrations registrations, std::size_t arenaBytes = kArenaBytes)
        : m_arena(test::alignedMemory(arenaBytes))
        , interpreter(model, registrations, m_arena.get(), arenaBytes) {
        std::memset(m_arena.get(), 0xA5, arenaBytes);
    }

    std::uint32_t checksum(bool ramp) {
        EvalTensor& input = interpreter.input();
        std::memset(input.data, 0, tensorBytes(input));
        if (ramp) {
            test::fillRamp(input.data, tensorBytes(input));
        }
        EXPECT_EQ(interpreter.invoke(), Status::Ok) << "operator " << interpreter.failedOperator();
        return test::fnv1a32(interpreter.output().data, tensorBytes(interpreter.output()));
    }

private:
    test::Memory m_arena;

public:
    Interpreter interpreter;
};

test::Memory ourModel(const std::string& name) {
    return test::readAligned(std::string(SIMPROF_MODELS_DIR) + "/" + name + ".tflite");
}

TEST(RealNetworks, GiveThePublishedChecksums) {
    const std::string folder = std::string(SIMPROF_SOURCE_DIR) + "/../shared";
    std::ifstream truth(folder + "/truth/network_outputs.csv");
    if (!truth) {
        GTEST_SKIP() << "../shared/truth/network_outputs.csv is absent";
    }
    int rows = 0;
    for (std::string line; std::getline(truth, line);) {
        std::string model, input, checksum;
        std::istringstream fields(line);
        if (line.empty() || line[0] == '#' || line.rfind("model,", 0) == 0) {
            continue;
        }
        std::getline(fields, model, ',');
        std::getline(fields, input, ',');
        std::getline(fields, checksum, ',');
        const test::Memory bytes = test::readAligned(folder + "/models/" + model);
        if (!bytes) {
            GTEST_SKIP() << "../shared/models/" << model << " is absent";
        }
        for (const bool dsp : {false, true}) {
            LoadedNetwork run(bytes.get(), dsp ? dspRegistrations() : plainRegistrations());
            ASSERT_EQ(run.interpreter.allocate(), Status::Ok) << model;
            run.checksum(input != "ramp"); // what an inference leaves behind must not matter
            EXPECT_EQ(run.checksum(input == "ramp"), std::stoul(checksum, nullptr, 16))
                << model << ", " << input << (dsp ? ", DSP kernels" : ", plain kernels");
            ++rows;
        }
    }
    EXPECT_GE(rows, 8);
}

class OurNetworks : public ::testing::TestWithParam<const char*> {};

TEST_P(OurNetworks, GiveTheSameWithBothKernelSets) {
    const test::Memory model = ourModel(GetParam());
    ASSERT_TRUE(model);
    LoadedNetwork plain(model.get(), plainRegistrations());
    LoadedNetwork dsp(model.get(), dspRegistrations());
    ASSERT_EQ(plain.interpreter.allocate(), Status::Ok) << "operator " << plain.interpreter.failedOperator();
    ASSERT_EQ(dsp.interpreter.allocate(), Status::Ok) << "operator " << dsp.interpreter.failedOperator();
    EXPECT_EQ(plain.checksum(false), dsp.checksum(false));
    EXPECT_EQ(plain.checksum(true), dsp.checksum(true));
    EXPECT_LE(plain.interpreter.plannedBytes(), dsp.interpreter.plannedBytes());
}

TEST_P(OurNetworks, NeedExactlyTheArenaTheySay) {
    const test::Memory model = ourModel(GetParam());
    LoadedNetwork roomy(model.get(), dspRegistrations());
    ASSERT_EQ(roomy.interpreter.allocate(), Status::Ok);
    const std::size_t needed = (roomy.interpreter.neededBytes() + 7) & ~std::size_t{7};
    LoadedNetwork tight(model.get(), dspRegistrations(), needed);
    ASSERT_EQ(tight.interpreter.allocate(), Status::Ok);
    EXPECT_EQ(tight.checksum(true), roomy.checksum(true));
    for (std::size_t less = 8; less < needed; less += 16 + needed / 64) {
        LoadedNetwork small(model.get(), dspRegistrations(), needed - less);
        ASSERT_EQ(small.interpreter.allocate(), Status::ArenaTooSmall) << needed - less << " bytes";
    }
}

INSTANTIATE_TEST_SUITE_P(All, OurNetworks,
                         ::testing::Values("sine", "weather", "kws", "ad", "ic", "vww", "mobilenetv2"),
                         [](const auto& row) { return std::string(row.param); });

TEST(Interpreter, PointsIntoTheModel) {
    const test::Memory model = ourModel("kws");
    LoadedNetwork run(model.get(), plainRegistrations());
    ASSERT_EQ(run.interpreter.allocate(), Status::Ok);
    const ModelView& view = run.interpreter.model();
    for (std::int32_t i = 0; i < view.operatorCount(); ++i) {
        const OperatorView op = view.operatorAt(i);
        EXPECT_EQ(run.interpreter.node(i).inputs, op.inputs().asIntArray());
        EXPECT_EQ(run.interpreter.node(i).inputs->size, op.inputs().size());
    }
    for (std::int32_t i = 0; i < view.tensorCount(); ++i) {
        EXPECT_EQ(run.interpreter.context().tensors[i].dims, view.tensor(i).shape().asIntArray());
    }
}

TEST(Interpreter, SaysWhatItCannotRun) {
    const test::Memory model = ourModel("kws");
    model.get()[5] = 'X';
    EXPECT_EQ(LoadedNetwork(model.get(), plainRegistrations()).interpreter.allocate(), Status::BadModel);
    model.get()[5] = 'F';
    const Registrations all = plainRegistrations();
    LoadedNetwork run(model.get(), {all.entries, 2}); // add and average pool only: the first operator is a convolution
    EXPECT_EQ(run.interpreter.allocate(), Status::UnsupportedOperator);
    EXPECT_EQ(run.interpreter.failedOperator(), 0);
}

struct Compiled {
    const char* network;
    bool dsp;
    networks::Failure (*prepare)(networks::NetworkEnds&);
    networks::Failure (*invoke)();
};

TEST(AheadOfTime, GivesTheSameAsTheInterpreter) {
    const Compiled all[] = {
        {"sine", false, networks::sine_plain::networkPrepare, networks::sine_plain::networkInvoke},
        {"sine", true, networks::sine_dsp::networkPrepare, networks::sine_dsp::networkInvoke},
        {"kws", false, networks::kws_plain::networkPrepare, networks::kws_plain::networkInvoke},
        {"kws", true, networks::kws_dsp::networkPrepare, networks::kws_dsp::networkInvoke},
        {"ic", false, networks::ic_plain::networkPrepare, networks::ic_plain::networkInvoke},
        {"ic", true, networks::ic_dsp::networkPrepare, networks::ic_dsp::networkInvoke},
    };
    for (const Compiled& compiled : all) {
        const test::Memory model = ourModel(compiled.network);
        LoadedNetwork run(model.get(), compiled.dsp ? dspRegistrations() : plainRegistrations());
        ASSERT_EQ(run.interpreter.allocate(), Status::Ok);
        networks::NetworkEnds ends{};
        ASSERT_EQ(compiled.prepare(ends).what, nullptr);
        ASSERT_EQ(ends.inputBytes, tensorBytes(run.interpreter.input()));
        ASSERT_EQ(ends.outputBytes, tensorBytes(run.interpreter.output()));
        EXPECT_EQ(ends.outputScale, run.interpreter.outputQuantization().scale());
        EXPECT_EQ(ends.inputZeroPoint, run.interpreter.inputQuantization().zeroPoint());
        test::fillRamp(ends.input, ends.inputBytes);
        ASSERT_EQ(compiled.invoke().what, nullptr);
        EXPECT_EQ(test::fnv1a32(ends.output, ends.outputBytes), run.checksum(true)) << compiled.network;
    }
}

} // namespace
} // namespace simprof::runtime
