// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/annotate.h"
#include "sim_core/error.h"
#include "tests/support/golden.h"
#include "tests/support/sample_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simprof {
namespace {

using test::expectGolden;
using test::sampleProfile;

TEST(Annotate, SourceAndInstructions) {
    const Profile profile = sampleProfile();
    const auto found = findFunctions(profile, "arm_nn_mat_mult_nt_t_s8");
    ASSERT_EQ(found.size(), 1u);
    const Annotation annotation =
        annotateFunction(profile, found[0], [](const std::string& file) -> std::optional<std::vector<std::string>> {
            std::vector<std::string> lines(60, "    acc = smlad(a, b, acc); // " + file.substr(file.rfind('/') + 1));
            return lines;
        });
    expectGolden("annotate.txt", annotationText(annotation, {}) + "\n" + annotationJson(annotation));
}

TEST(Annotate, FindsFunctionsByNameTitleScopeAndAddress) {
    const Profile profile = sampleProfile();
    const auto nameOf = [&](const char* symbol) {
        const auto found = findFunctions(profile, symbol);
        return found.size() == 1 ? profile.functions[found[0]].name : std::to_string(found.size()) + " found";
    };
    EXPECT_EQ(nameOf("main"), "main");
    EXPECT_EQ(nameOf("ConvEval"), "tflite::(anonymous namespace)::ConvEval(TfLiteContext*, TfLiteNode*)");
    EXPECT_EQ(nameOf("tflite::MicroInterpreter::Invoke"), "tflite::MicroInterpreter::Invoke()");
    EXPECT_EQ(nameOf("0x08000201"), "Reset_Handler");
    EXPECT_EQ(nameOf("nothing"), "0 found");
    EXPECT_THROW(
        annotateFunction(profile, findFunctions(profile, "main")[0], [](const std::string&) { return std::nullopt; }),
        Error);
}

} // namespace
} // namespace simprof
