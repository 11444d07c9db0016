// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/cycle_time.h"
#include "profiler/collect/tally.h"
#include "profiler/report/escape.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simprof {
namespace {

TEST(Numbers, ReadTheSameEverywhere) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(18446744073709551615u), "18,446,744,073,709,551,615");
    EXPECT_EQ(signedGrouped(-1234), "-1,234");
    EXPECT_EQ(signedGrouped(1234), "+1,234");
    EXPECT_EQ(signedGrouped(INT64_MIN), "-9,223,372,036,854,775,808");
    EXPECT_EQ(fixed(1234.567, 2), "1,234.57");
    EXPECT_EQ(fixed(-0.001, 1), "0.0");
    EXPECT_EQ(signedFixed(1234.5, 1), "+1,234.5");
    EXPECT_EQ(signedFixed(-0.5, 2), "-0.50");
    EXPECT_EQ(changeText(0.914), "+0.91");
    EXPECT_EQ(changeText(-250), "-250.00");
    EXPECT_EQ(changeText(0), "+0.00");
    EXPECT_EQ(changeText(0.0001), "<+0.01");
    EXPECT_EQ(changeText(-0.0001), ">-0.01");
    EXPECT_EQ(changeText(100, true), "new");
    EXPECT_EQ(threeDigits(0.01234), "0.0123");
    EXPECT_EQ(threeDigits(12.345), "12.3");
    EXPECT_EQ(humanTime(0.5), "500 ns");
    EXPECT_EQ(humanTime(17034.6), "17.0 ms");
    EXPECT_EQ(humanTime(2.5e6), "2.50 s");
    EXPECT_EQ(humanEnergy(5733.85), "5.73 mJ");
    EXPECT_EQ(humanFrequency(216'000'000), "216 MHz");
    EXPECT_EQ(humanFrequency(32'768), "32.768 kHz");
    EXPECT_EQ(humanCount(2'656'768), "2.66 M");
    EXPECT_EQ(percentText(1, 1'000'000), "<0.1");
    EXPECT_EQ(percentText(0, 0), "0.0");
    EXPECT_EQ(hexAddress(0x2000), "0x00002000");
    EXPECT_EQ(shapeText({1, 25, 5, 64}), "1x25x5x64");
}

TEST(Tally, CyclesThatMoveAwayAfterTheyWereTimedTakeTheirTimeAlong) {
    Tally tally;
    tally.cycles = 240;
    tally.settleTime(24e6);
    EXPECT_DOUBLE_EQ(tally.nanoseconds, 10'000);
    tally.cycles = 216;
    tally.settleTime(24e6);
    EXPECT_DOUBLE_EQ(tally.nanoseconds, 9'000);
}

TEST(Numbers, FunctionTitlesLoseTheirParameters) {
    const std::pair<const char*, const char*> rows[] = {
        {"main", "main"},
        {"a::f(int, b<c>)", "a::f"},
        {"tflite::(anonymous namespace)::Eval(TfLiteContext*, TfLiteNode*)", "tflite::(anonymous namespace)::Eval"},
        {"f(void (*)(int)) const", "f"},
        {"operator()(int)", "operator()"},
        {"a::(anonymous namespace)", "a::(anonymous namespace)"},
        {"odd)", "odd)"},
    };
    for (const auto& [name, title] : rows) {
        EXPECT_EQ(shortName(name, Short::Function), title) << name;
    }
}

TEST(Names, FunctionsLoseScopesAndArguments) {
    const std::tuple<const char*, const char*, const char*> rows[] = {
        {"memcpy", "memcpy", "memcpy"},
        {"tflite::(anonymous namespace)::ConvEval(TfLiteContext*, TfLiteNode*)", "tflite::ConvEval", "ConvEval"},
        {"tflite::MicroInterpreter::Invoke()", "tflite::MicroInterpreter::Invoke", "Invoke"},
        {"a::run<b::C, int>(x::Y*)", "a::run", "run<b::C, int>"},
        {"void a::run<b::C, int>(x::Y*)", "a::run", "run<b::C, int>"},
        {"(anonymous namespace)::f()", "f", "f"},
        {"a::S::operator()(int) const", "a::S::operator()", "operator()"},
        {"a::S::operator bool() const", "a::S::operator bool", "operator bool"},
    };
    for (const auto& [name, scoped, bare] : rows) {
        EXPECT_EQ(shortName(name, Short::ScopedFunction), scoped);
        EXPECT_EQ(shortName(name, Short::BareFunction), bare);
    }
}

TEST(Names, TensorsAndLayers) {
    EXPECT_EQ(shortName("a/b/Relu;a/b/BiasAdd", Short::Tensor), "a/b/Relu");
    EXPECT_EQ(shortName("a/b/Relu;a/b/BiasAdd", Short::TensorEnd), "b/Relu");
    EXPECT_EQ(shortName("input", Short::TensorEnd), "input");
    EXPECT_EQ(shortName(";x", Short::Tensor), ";x") << "nothing would be left";
    EXPECT_EQ(layerTitle(3, "CONV_2D", "a/Relu;a/BiasAdd"), "layer 3 CONV_2D a/Relu");
    EXPECT_EQ(layerTitle(3, "", ""), "layer 3");
}

TEST(Escape, RemovesWhatTerminalsObey) {
    EXPECT_EQ(plain("a\x1b[31mb\x07\tc\nd\x7f"), "a[31mb c d");
    EXPECT_EQ(plain("\xc2\x9b"
                    "31m\u202E\u2066x\u200B"),
              "31mx")
        << "C1 controls, overrides, invisible characters";
    EXPECT_EQ(plain("\xff\xc0"), "\uFFFD\uFFFD");
    EXPECT_EQ(plainLines("a\nb\r\n"), "a\nb \n");
}

TEST(Escape, EachFormatHasItsOwn) {
    EXPECT_EQ(escapeHtml("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    EXPECT_EQ(escapeMarkdown("a|b_c*[x](y)<z>@me"), "a\\|b\\_c\\*\\[x\\](y)&lt;z&gt;&#64;me");
    EXPECT_EQ(escapeCsv("=1+2"), "'=1+2");
    EXPECT_EQ(escapeCsv("@x,y\"z"), "\"'@x,y\"\"z\"");
    EXPECT_EQ(escapeCsv("plain"), "plain");
    EXPECT_EQ(escapeWorkflow("50 %\n::error::x"), "50 %25%0A::error::x");
    EXPECT_EQ(escapeWorkflowProperty("a:b,c\n"), "a%3Ab%2Cc ");
}

TEST(Escape, ShortensByColumnsNotBytes) {
    EXPECT_EQ(shorten("abcdefghij", 7), "abc…hij");
    EXPECT_EQ(shorten("äöüäöüäöü", 5), "äö…öü");
    EXPECT_EQ(shortenLeft("a/long/path.c", 8), "…/path.c");
    EXPECT_EQ(displayWidth("日本"), 4u);
    EXPECT_EQ(shorten("日本日本日本", 7), "日…本") << "half a character does not fit";
}

TEST(Timeline, FollowsTheClock) {
    Profile profile;
    profile.board.clockHz = 100'000'000;
    profile.clocks = {{0, 10'000'000}, {1000, 100'000'000}};
    const CycleTime time(profile);
    EXPECT_DOUBLE_EQ(time.microseconds(500), 50);
    EXPECT_DOUBLE_EQ(time.microseconds(1000), 100);
    EXPECT_DOUBLE_EQ(time.microseconds(1100), 101);
    EXPECT_DOUBLE_EQ(CycleTime(Profile{}).microseconds(7), 7) << "without any clock a cycle counts as a microsecond";
}

} // namespace
} // namespace simprof
