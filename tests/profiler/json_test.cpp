// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/json/reader.h"
#include "profiler/json/writer.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simprof {
namespace {

std::string errorOf(const std::string& text) {
    try {
        JsonDocument document{text};
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

std::string stringOf(const std::string& json) { return JsonDocument(json).root().asString(); }

std::string quoted(std::string_view text) {
    std::string out;
    appendJsonString(out, text);
    return out;
}

TEST(JsonReader, AcceptsWhatTheGrammarAllows) {
    for (const char* text : {"{}", "[]", " [1, -0, 2.5e-3, \"\", null, true, false] ", "{\"a\": {\"b\": [[]]}}",
                             "\"\\u0041\"", "0", "-1E+2"}) {
        EXPECT_EQ(errorOf(text), "") << text;
    }
}

TEST(JsonReader, NamesThePlaceOfTheFirstError) {
    const std::pair<const char*, const char*> rows[] = {
        {"", "line 1, column 1: expected a value, but the text ends there"},
        {"{\"a\" 1}", "line 1, column 6: expected ':'"},
        {"[1,\n 2,]", "line 2, column 4: expected a value"},
        {"[1 2]", "line 1, column 4: expected ',' or ']'"},
        {"{\"a\": 1", "line 1, column 8: expected ',' or '}', but the text ends there"},
        {"{a: 1}", "line 1, column 2: expected a key in quotes"},
        {"\"abc", "line 1, column 5: expected the string's closing quote, but the text ends there"},
        {"\"\n\"", "line 1, column 2: expected the string's closing quote"},
        {"\"\\x\"", "line 1, column 3: expected an escape"},
        {"\"\\u00g0\"", "line 1, column 6: expected four hexadecimal digits"},
        {"01", "line 1, column 2: expected nothing more"},
        {"1.", "line 1, column 3: expected a digit"},
        {"+1", "line 1, column 1: expected a value"},
        {"nul", "line 1, column 1: expected a value"},
        {"NaN", "line 1, column 1: expected a value"},
    };
    for (const auto& [text, message] : rows) {
        EXPECT_THAT(errorOf(text), testing::HasSubstr(message)) << text;
    }
}

TEST(JsonReader, DeepNestingIsRefusedWithoutRecursion) {
    EXPECT_THAT(errorOf(std::string(10'000'000, '[')), testing::HasSubstr("64 levels"));
    EXPECT_EQ(errorOf(std::string(64, '[') + std::string(64, ']')), "");
}

TEST(JsonReader, DecodesStrings) {
    EXPECT_EQ(stringOf(R"("a\"\\\/\b\f\n\r\tz")"), "a\"\\/\b\f\n\r\tz");
    EXPECT_EQ(stringOf(R"("\u00e9\u20ac\ud83d\ude00")"), "é€😀");
    EXPECT_EQ(stringOf(R"("\ud83d!")"), "\uFFFD!") << "half of a surrogate pair";
    EXPECT_EQ(stringOf("\"\xff\""), "\uFFFD");
}

TEST(JsonReader, NumbersThatDoNotFitAreNoNumbers) {
    const auto root = [](const char* text) { return JsonDocument(text); };
    EXPECT_EQ(root("18446744073709551615").root().asUnsigned(), 18446744073709551615u);
    EXPECT_EQ(root("18446744073709551616").root().asUnsigned(), std::nullopt);
    EXPECT_EQ(root("-1").root().asUnsigned(), std::nullopt);
    EXPECT_EQ(root("1.0").root().asUnsigned(), std::nullopt);
    EXPECT_EQ(root("1e999").root().asDouble(), std::nullopt);
    EXPECT_EQ(root("-2.5e1").root().asDouble(), -25);
}

TEST(JsonReader, CountsAndSkipsValues) {
    const std::string text = R"([[1, 2], {"a": [3]}, 4])";
    const JsonDocument document(text);
    const JsonValue root = document.root();
    EXPECT_EQ(root.count(), 3u);
    EXPECT_EQ(root.first().count(), 2u);
    EXPECT_EQ(root.first().next().type(), JsonType::Object);
    EXPECT_EQ(root.first().next().next().asUnsigned(), 4u);
    EXPECT_TRUE(root.first().next().next().next().isEndOf(root));
}

TEST(JsonWriter, WritesControlCharactersAndBrokenUtf8AsValidText) {
    EXPECT_EQ(quoted("a\"\\\n\x1b[31m\x7f"), R"("a\"\\\n\u001b[31m\u007f")");
    EXPECT_EQ(quoted("é€😀"), "\"é€😀\"");
    EXPECT_EQ(quoted("\xc0\xaf\xed\xa0\x80"), "\"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\"") << "overlong form, surrogate";
    EXPECT_EQ(quoted("\xc2\x9b"), R"("\u009b")") << "C1 control";
}

TEST(JsonWriter, LaysContainersOutInlineOrInLines) {
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Lines);
    json.member("a", 1);
    json.key("b");
    json.beginArray();
    json.value(0.1);
    json.value(-3);
    json.null();
    json.endArray();
    json.key("c");
    json.beginArray(JsonWriter::Layout::Lines);
    json.endArray();
    json.endObject();
    EXPECT_EQ(json.take(), "{\n \"a\": 1,\n \"b\": [0.1, -3, null],\n \"c\": []\n}\n");
}

} // namespace
} // namespace simprof
