// SPDX-License-Identifier: GPL-2.0-or-later
// Measured cases in, the sentence of a run's report out.
#include "profiler/analysis/measured_band.h"

#include <gtest/gtest.h>

#include <array>

namespace simprof {
namespace {

constexpr MeasuredCase measured(std::string_view board, CodeClass code, double simulated, bool fitted) {
    return {"", board, code, "", "", 1000, simulated, fitted, ""};
}

constexpr std::array kCases = {
    measured("nucleo-l4r5zi", CodeClass::Int8Network, 1004, true),
    measured("nucleo-l4r5zi", CodeClass::Int8Network, 981, true),
    measured("nucleo-l4r5zi", CodeClass::Int8Network, 990, false),
    measured("nucleo-l4r5zi", CodeClass::Int8Network, 1003, false),
    measured("nucleo-l4r5zi", CodeClass::Int8Network, 1021.1, false),
    measured("nucleo-l4r5zi", CodeClass::Assembly, 1010, false),
    measured("stm32f407-disco", CodeClass::Assembly, 950, true),
    measured("stm32f407-disco", CodeClass::C, 970, true),
    measured("stm32f746g-disco", CodeClass::FloatNetwork, 1050, true),
};

std::string sentence(CodeClass code, std::string_view board, std::string_view core) {
    return sentenceOf(measuredBand(kCases, code, board, core));
}

TEST(MeasuredBand, OfThatKindOnThatBoard) {
    EXPECT_EQ(sentence(CodeClass::Int8Network, "nucleo-l4r5zi", "Cortex-M4"),
              "int8 networks on this board: 3 unseen cases within 2.2 % (median 1.0 %), 2 fitted within 1.9 %");
    EXPECT_EQ(sentence(CodeClass::Assembly, "nucleo-l4r5zi", "Cortex-M4"),
              "assembly on this board: one unseen case within 1.0 %");
}

TEST(MeasuredBand, OfTheCoreWhereTheBoardHasNoUnseenCase) {
    EXPECT_EQ(sentence(CodeClass::Assembly, "stm32f407-disco", "Cortex-M4"),
              "assembly on boards with a Cortex-M4: one unseen case within 1.0 %, 1 fitted within 5.0 %");
    EXPECT_EQ(sentence(CodeClass::Int8Network, "a board from a file", "Cortex-M4"),
              "int8 networks on boards with a Cortex-M4: 3 unseen cases within 2.2 % (median 1.0 %), 2 fitted within "
              "1.9 %");
}

TEST(MeasuredBand, FittedCasesAloneAreNoBandOfUnseenOnes) {
    EXPECT_EQ(sentence(CodeClass::C, "stm32f407-disco", "Cortex-M4"),
              "C on this board: no unseen case, 1 fitted within 3.0 %");
    EXPECT_EQ(sentence(CodeClass::FloatNetwork, "nucleo-h7a3zi-q", "Cortex-M7"),
              "float networks on boards with a Cortex-M7: no unseen case, 1 fitted within 5.0 %");
}

TEST(MeasuredBand, NotMeasured) {
    EXPECT_EQ(sentence(CodeClass::FloatNetwork, "nucleo-l4r5zi", "Cortex-M4"),
              "float networks on a Cortex-M4: not measured");
    EXPECT_EQ(sentence(CodeClass::C, "nucleo-g0b1re", "Cortex-M0+"), "C on a Cortex-M0+: not measured");
}

TEST(MeasuredBand, ARunOfUnknownKindMayBeAnyOfThem) {
    EXPECT_EQ(sentence(CodeClass::Unknown, "stm32f407-disco", "Cortex-M4"),
              "code of all kinds on boards with a Cortex-M4: 4 unseen cases within 2.2 % (median 1.0 %), 4 fitted "
              "within 5.0 %");
}

} // namespace
} // namespace simprof
