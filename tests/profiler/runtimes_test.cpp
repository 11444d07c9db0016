// SPDX-License-Identifier: GPL-2.0-or-later
// A runtime is one row: a toy one, which no other file knows, is looked for, found and described.
#include "profiler/run/search.h"
#include "tests/sim_core/tiny_machine.h"

#include <gmock/gmock.h>

namespace simprof {
namespace {

/// Runs two functions in turn, twice.
constexpr const char* kFirmware = R"m4(
Reset:
    f000 f803 | bl invoke
    f000 f801 | bl invoke
end:
    e7fe      | b end
invoke:
    b500      | push {lr}
    f000 f803 | bl first
    f000 f803 | bl second
    bd00      | pop {pc}
first:
    4348      | muls r0, r1
    4770      | bx lr
second:
    4348      | muls r0, r1
    4348      | muls r0, r1
    4770      | bx lr
)m4";

const test::Listing& listing() {
    static const test::Listing kListing(kFirmware);
    return kListing;
}

class ToyRecogniser final : public Recogniser {
public:
    std::optional<LayerCall> layerOf(const CallSite& call) override {
        if (call.callee == listing().at("first")) {
            return LayerCall{0, 0, true};
        }
        return call.callee == listing().at("second") ? std::optional(LayerCall{1, 0, false}) : std::nullopt;
    }
    Evidence evidence(std::int32_t) const override {
        return {"both functions ran", "a listing", "toy network", "", NetworkState::Ran};
    }
    void describe(std::int32_t, std::int32_t number, std::span<const std::string>, LayerInfo& layer) const override {
        layer.name = number == 0 ? "first" : "second";
    }
};

Candidates lookForToy(const FirmwareFacts& facts) {
    if (!facts.networks.empty()) {
        return {{}, "a toy has no flatbuffer"};
    }
    return {{{[](const AddressSpace&) { return std::make_unique<ToyRecogniser>(); }}}, ""};
}

/// Never runs, and says so after the calls of a pass were seen.
Candidates lookForNothing(const FirmwareFacts& facts) {
    return {{}, fmt::format("{} paths of calls and no layers", facts.calls().nodes().size() - 1)};
}

constexpr Runtime kToy{"toy", lookForToy};
constexpr Runtime kNothing{"nothing", lookForNothing};

Profile profileWith(std::initializer_list<Runtime> known) {
    RunOptions options;
    options.boardName = "nucleo-l4r5zi";
    options.untilSymbol = fmt::format("0x{:08x}", listing().at("end"));
    return profileRun(listing().image(), options, {known.begin(), known.size()});
}

TEST(Runtimes, AnotherOneIsARow) {
    const Profile profile = profileWith({kToy});
    const ProfileNetwork expected{"toy", "both functions ran", "a listing", "toy network",         2,
                                  "",    NetworkState::Ran,    2,           profile.network.cycles};
    EXPECT_EQ(profile.network, expected);
    std::string layers;
    for (const LayerInfo& layer : profile.layers) {
        layers += fmt::format("{} x{}: {} instructions\n", layer.name, layer.calls, layer.instructions);
    }
    // Each with the call that leads to it; the host's push and pop belong to the first and the second.
    EXPECT_EQ(layers, "first x2: 8 instructions\n"
                      "second x2: 10 instructions\n");
    EXPECT_EQ(profile.inferences.size(), 2U);
}

TEST(Runtimes, ThoseBeforeItSayWhyTheyAreNot) {
    const Profile found = profileWith({kNothing, kToy});
    EXPECT_EQ(found.network.recogniser, "toy");
    EXPECT_EQ(found.network.why, "7 paths of calls and no layers; both functions ran");
    EXPECT_EQ(found.inferences.size(), 2U);
    const Profile none = profileWith({kNothing});
    const ProfileNetwork expected{"none", "7 paths of calls and no layers", "", "", 0, "", NetworkState::Unused};
    EXPECT_EQ(none.network, expected);
    EXPECT_THAT(none.layers, testing::IsEmpty());
}

TEST(Runtimes, WithoutAnyThereIsAProfileStill) {
    const Profile profile = profileWith({});
    EXPECT_EQ(profile.network.recogniser, "none");
    ASSERT_EQ(profile.owners.size(), 1U);
    EXPECT_EQ(profile.owners.front().name, "[unattributed]");
    EXPECT_EQ(profile.owners.front().cycles, profile.totals.cycles);
}

TEST(Runtimes, BuiltInOnesHaveNamesOfTheirOwn) {
    std::vector<std::string> names;
    for (const Runtime& runtime : runtimes()) {
        names.emplace_back(runtime.name);
    }
    EXPECT_THAT(names, testing::ElementsAre("tflm", "spine"));
}

} // namespace
} // namespace simprof
