// SPDX-License-Identifier: GPL-2.0-or-later
// One row for each field of a toy gives its writer, its reader, its schema and its documents.
#include "profiler/fields/publish.h"
#include "profiler/fields/struct_reader.h"
#include "profiler/fields/struct_writer.h"
#include "sim_core/error.h"
#include "tests/support/schema_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simprof {
namespace test {

enum class Mood : std::uint8_t { Calm, Wild };
constexpr std::array<NameRow<Mood>, 2> kMoods = {{{Mood::Calm, "calm"}, {Mood::Wild, "wild"}}};
constexpr std::span<const NameRow<Mood>> namesOf(Mood) { return kMoods; }

struct Step {
    std::int32_t parent = -1;
    Cycles cycle = 0;
    bool operator==(const Step&) const = default;
};

struct Toy {
    std::string name;
    Mood mood = Mood::Calm;
    std::optional<Address> base;
    std::vector<Step> steps;
    double timeUs = 0;
    bool operator==(const Toy&) const = default;
};

template<class Visitor, Is<Step> T>
void fieldsOf(Visitor& visit, T& step) {
    visit("parent", step.parent, Unit::IndexOrNone, Need::Required, "step before it");
    visit("cycle", step.cycle, Unit::Cycle, Need::Required, "its beginning");
}

template<class Visitor, Is<Toy> T>
void fieldsOf(Visitor& visit, T& toy) {
    visit("name", toy.name, Unit::None, Need::Required, "of the toy");
    visit("mood", toy.mood, Unit::None, Need::Required, "how it feels");
    visit("base", toy.base, Unit::Location, Need::Required, "where it lies");
    visit("steps", toy.steps, Unit::None, Need::Required, "in order of time");
    visit("time_us", toy.timeUs, Unit::Microseconds, Need::Optional, "of all steps");
}

} // namespace test

template<>
inline constexpr Structure kStructure<test::Step>{"step", "One step.", Form::Array};
template<>
inline constexpr Structure kStructure<test::Toy>{"toy", "A toy."};

namespace {

using test::Mood;
using test::Toy;

std::string written(const Toy& toy) {
    JsonWriter json;
    StructWriter writer(json);
    json.beginObject();
    fieldsOf(writer, toy);
    json.endObject();
    return json.take();
}

Toy read(const std::string& text) {
    const JsonDocument document(text);
    StructReader reader(document.root());
    Toy toy;
    fieldsOf(reader, toy);
    return toy;
}

std::string refusal(const std::string& text) {
    try {
        read(text);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

const Toy kToy{"top", Mood::Wild, 0x20000000, {{-1, 5}, {0, 9}}, 1.5};
constexpr const char* kText = R"({"name": "top", "mood": "wild", "base": 536870912, "steps": [
  [-1, 5],
  [0, 9]
 ], "time_us": 1.5}
)";

TEST(Fields, AreWritten) { EXPECT_EQ(written(kToy), kText); }

TEST(Fields, AreRead) {
    EXPECT_EQ(read(kText), kToy);
    EXPECT_EQ(read(written({})), Toy{});
    EXPECT_EQ(read(R"({"steps": [], "base": null, "mood": "calm", "name": "", "later": {}})"), Toy{});
    EXPECT_EQ(refusal(R"({"name": "top"})"), "mood is missing");
    EXPECT_EQ(refusal(R"({"name": "top", "mood": "sad"})"), "mood is \"sad\", but it is one of calm, wild");
    EXPECT_EQ(refusal(R"({"name": "top", "mood": "calm", "base": 1, "steps": [[0]]})"), "steps[0].cycle is missing");
}

TEST(Fields, AreTablesInTheDocuments) {
    EXPECT_EQ(markdownTables(StructDescriber::describe<Toy>()), R"(### toy

A toy.

| key | type | unit | |
| --- | --- | --- | --- |
| `name` | text |  | of the toy |
| `mood` | `calm`, `wild` |  | how it feels |
| `base` | whole number or null | 32-bit address | where it lies |
| `steps` | list of `step` |  | in order of time |
| `time_us` (optional) | number | microseconds | of all steps |

### step

One step. Written as an array of these columns:

| key | type | unit | |
| --- | --- | --- | --- |
| `parent` | whole number | index or -1 | step before it |
| `cycle` | whole number | core cycle since reset | its beginning |

)");
}

constexpr const char* kSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "toy", "description": "A toy.", "type": "object",
  "required": ["schema", "name", "mood", "base", "steps"],
  "properties": {
    "schema": {"const": "toy/1"},
    "name": {"type": "string", "description": "of the toy"},
    "mood": {"enum": ["calm", "wild"], "description": "how it feels"},
    "base": {"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 0, "maximum": 4294967295}],
             "description": "where it lies (32-bit address)"},
    "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}, "description": "in order of time"},
    "time_us": {"type": "number", "minimum": 0, "description": "of all steps (microseconds)"}},
  "$defs": {"step": {
    "type": "array", "description": "One step.",
    "prefixItems": [
      {"type": "integer", "minimum": -1, "description": "parent: step before it (index or -1)"},
      {"type": "integer", "minimum": 0, "description": "cycle: its beginning (core cycle since reset)"}],
    "items": false, "minItems": 2, "maxItems": 2}}})json";

TEST(Fields, AreASchema) {
    const auto schema = nlohmann::json::parse(jsonSchema(StructDescriber::describe<Toy>(), "toy", "toy/1"));
    EXPECT_EQ(schema, nlohmann::json::parse(kSchema));
    test::SchemaCheck check(schema);
    auto document = nlohmann::json::parse(kText);
    document["schema"] = "toy/1";
    EXPECT_THAT(check.errors(document), testing::IsEmpty());
    document["mood"] = "sad";
    EXPECT_THAT(check.errors(document), testing::ElementsAre("$.mood: is none of the allowed values"));
}

TEST(Fields, EveryNameReadsBackAsItsValue) {
    for (const auto& [value, name] : test::kMoods) {
        EXPECT_STREQ(nameOf(value), name);
        EXPECT_EQ(valueNamed<Mood>(name), value);
    }
    EXPECT_EQ(valueNamed<Mood>("Calm"), std::nullopt);
    EXPECT_EQ(listOfNames<Mood>(), "calm, wild");
}

} // namespace
} // namespace simprof
