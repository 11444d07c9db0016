// SPDX-License-Identifier: GPL-2.0-or-later
/// `simprof energy` as a user meets it.
#include "peripherals/boards.h"
#include "profiler/energy/energy.h"
#include "tests/cli/cli_program.h"

#include <nlohmann/json.hpp>

namespace simprof {
namespace {

using nlohmann::json;
using namespace test;
using testing::AllOf;
using testing::HasSubstr;

class EnergyVerb : public Cli {
protected:
    /// A profile whose energy is that of its board.
    std::string profile(const std::string& name = "p.simprof") {
        Profile sample = sampleProfile();
        addEnergy(sample, chooseSupply(*findBoard(sample.board.name), ""), {});
        return m_folder.write(name, toJson(sample));
    }
};

TEST_F(EnergyVerb, AnswersInTextAndJson) {
    const std::string path = profile();
    const ProgramResult text = simprof({"energy", path, "--period", "10s", "--battery", "220mAh@3V"});
    EXPECT_EQ(text.exitCode, 0) << text.error;
    EXPECT_THAT(text.output, AllOf(HasSubstr("inference"), HasSubstr("battery   lasts"), HasSubstr("STATES")));
    const json answer = json::parse(
        simprof({"energy", path, "--period", "10s", "--battery", "220mAh@3V", "--harvest", "100mW", "--format", "json"})
            .output);
    for (const char* key : {"inference_uj", "average_uw", "battery_days", "affordable_per_hour"}) {
        ASSERT_TRUE(answer.contains(key)) << key;
        EXPECT_LE(answer[key]["low"], answer[key]["value"]) << key;
        EXPECT_TRUE(answer[key].contains("high")) << key;
    }
    EXPECT_FALSE(answer["states"].empty());
    EXPECT_FALSE(answer["layers"].empty());
}

TEST_F(EnergyVerb, ComparesRuns) {
    const std::string one = profile("one.simprof"), other = profile("other.simprof");
    EXPECT_THAT(simprof({"energy", one, other, "--compare"}).output, HasSubstr("one.simprof"));
    EXPECT_THAT(refusal({"energy", one, other}), HasSubstr("2 runs: give --compare"));
    EXPECT_THAT(refusal({"energy", one, "--compare"}), HasSubstr("two runs or more"));
}

TEST_F(EnergyVerb, CalibratesAProfile) {
    const std::string path = profile();
    const json answer =
        json::parse(simprof({"energy", path, "--calibrate", "5mJ/inference", "--format", "json"}).output);
    EXPECT_NEAR(answer["inference_uj"]["value"], 5000, 1e-6);
    EXPECT_NEAR(answer["inference_uj"]["low"], 4500, 1e-6);
}

TEST_F(EnergyVerb, BadInputIsOneSentenceWithLimitAndValue) {
    const std::string path = profile();
    const auto refused = [&](std::vector<std::string> options) {
        options.insert(options.begin(), {"energy", path});
        return refusal(options);
    };
    EXPECT_THAT(refused({"--period", "1us"}), HasSubstr("longer than the period of 1.00 µs"));
    EXPECT_THAT(refused({"--period", "0s"}), HasSubstr("--period takes a time above 0 and up to 1e9 s, not '0s'"));
    EXPECT_THAT(refused({"--period", "10"}), HasSubstr("--period takes a figure with its unit"));
    EXPECT_THAT(refused({"--period", "1s", "--battery", "0mAh@3V"}),
                HasSubstr("above 0 and up to 1000 Ah, not '0mAh'"));
    EXPECT_THAT(refused({"--period", "1s", "--battery", "220mAh@99V"}), HasSubstr("up to 60 V, not '99V'"));
    EXPECT_THAT(refused({"--battery", "220mAh@3V"}), HasSubstr("--battery needs --period"));
    EXPECT_THAT(refused({"--harvest", "-1uW"}), HasSubstr("above 0 and up to 1 kW, not '-1uW'"));
    EXPECT_THAT(refused({"--storage", "1F,3V-2V"}), HasSubstr("from 3 V to 2 V: the second must be higher"));
    EXPECT_THAT(refused({"--leakage", "1uA"}), HasSubstr("--leakage says something of --storage, which is not given"));
    EXPECT_THAT(refused({"--between", "nap"}), HasSubstr("no current of 'nap'"));
    EXPECT_THAT(refused({"--format", "csv"}), HasSubstr("text, json or markdown, not 'csv'"));
    EXPECT_THAT(refused({"--calibrate", "12mA"}), HasSubstr("a running current needs its clock"));
    EXPECT_THAT(refusal({"energy", "sweep", path}), HasSubstr("a sweep runs the firmware again"));
    EXPECT_THAT(refusal({"energy"}), HasSubstr("give a firmware or a profile"));
}

} // namespace
} // namespace simprof
