// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/fields/publish.h"

#include "profiler/json/writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace simprof {
namespace {

using Kind = ValueInfo::Kind;
using Layout = JsonWriter::Layout;

constexpr std::uint64_t kLastAddress = 0xFFFF'FFFF;

/// Writes the parts of a schema, one key a line.
class SchemaWriter {
public:
    explicit SchemaWriter(JsonWriter& json)
        : m_json(json) {}

    void structure(const StructInfo& info) {
        m_json.member("type", info.form == Form::Array ? "array" : "object");
        m_json.member("description", info.sentence);
        if (info.form == Form::Array) {
            columns(info);
        } else {
            keys(info);
        }
    }

    void keys(const StructInfo& info, const std::string& format = "") {
        m_json.key("required");
        m_json.beginArray(Layout::Lines);
        if (!format.empty()) {
            m_json.value("schema");
        }
        for (const FieldInfo& field : info.fields) {
            if (field.need == Need::Required) {
                m_json.value(field.key);
            }
        }
        m_json.endArray();
        m_json.key("properties");
        m_json.beginObject(Layout::Lines);
        if (!format.empty()) {
            m_json.key("schema");
            m_json.beginObject(Layout::Lines);
            m_json.member("const", format);
            m_json.endObject();
        }
        for (const FieldInfo& field : info.fields) {
            m_json.key(field.key);
            this->field(field, field.sentence);
        }
        m_json.endObject();
    }

private:
    void columns(const StructInfo& info) {
        m_json.key("prefixItems");
        m_json.beginArray(Layout::Lines);
        for (const FieldInfo& column : info.fields) {
            field(column, column.key + ": " + column.sentence);
        }
        m_json.endArray();
        fixedCount(info.fields.size());
    }

    void fixedCount(std::size_t count) {
        m_json.member("items", false);
        m_json.member("minItems", count);
        m_json.member("maxItems", count);
    }

    void field(const FieldInfo& field, const std::string& sentence) {
        m_json.beginObject(Layout::Lines);
        const std::string unit = nameOf(field.unit);
        m_json.member("description", unit.empty() ? sentence : fmt::format("{} ({})", sentence, unit));
        if (field.value.list) {
            m_json.member("type", "array");
            m_json.key("items");
            m_json.beginObject(Layout::Lines);
            one(field);
            m_json.endObject();
        } else if (field.value.nullable) {
            m_json.key("anyOf");
            m_json.beginArray(Layout::Lines);
            m_json.beginObject(Layout::Lines);
            m_json.member("type", "null");
            m_json.endObject();
            m_json.beginObject(Layout::Lines);
            one(field);
            m_json.endObject();
            m_json.endArray();
        } else {
            one(field);
        }
        m_json.endObject();
    }

    /// The keys that constrain one value.
    void one(const FieldInfo& field) {
        switch (field.value.kind) {
        case Kind::Text: m_json.member("type", "string"); return;
        case Kind::Real:
            m_json.member("type", "number");
            m_json.member("minimum", 0);
            return;
        case Kind::Struct: m_json.member("$ref", "#/$defs/" + field.value.structure); return;
        case Kind::Choice:
            m_json.key("enum");
            m_json.beginArray(Layout::Lines);
            for (const std::string& name : field.value.names) {
                m_json.value(name);
            }
            m_json.endArray();
            return;
        case Kind::Unsigned:
        case Kind::Signed: integer(field); return;
        case Kind::Sample: sample(); return;
        }
    }

    void integer(const FieldInfo& field) {
        m_json.member("type", "integer");
        if (field.unit == Unit::IndexOrNone) {
            m_json.member("minimum", -1);
        } else if (field.value.kind == Kind::Unsigned || field.unit == Unit::Index) {
            m_json.member("minimum", 0);
        }
        if (field.unit == Unit::Location) {
            m_json.member("maximum", kLastAddress);
        }
    }

    void sample() {
        m_json.member("type", "array");
        m_json.key("prefixItems");
        m_json.beginArray(Layout::Lines);
        for (const Unit unit : {Unit::Cycle, Unit::ByteCount}) {
            m_json.beginObject(Layout::Lines);
            m_json.member("description", nameOf(unit));
            m_json.member("type", "integer");
            m_json.member("minimum", 0);
            m_json.endObject();
        }
        m_json.endArray();
        fixedCount(2);
    }

    JsonWriter& m_json;
};

/// "whole number", "list of `span`", "`tensor`, `scratch` or null".
std::string typeText(const ValueInfo& value) {
    std::string text;
    switch (value.kind) {
    case Kind::Text: text = value.list ? "texts" : "text"; break;
    case Kind::Real: text = value.list ? "numbers" : "number"; break;
    case Kind::Unsigned:
    case Kind::Signed: text = value.list ? "whole numbers" : "whole number"; break;
    case Kind::Choice: text = fmt::format("`{}`", fmt::join(value.names, "`, `")); break;
    case Kind::Struct: text = fmt::format("`{}`", value.structure); break;
    case Kind::Sample: text = "[cycle, bytes]"; break;
    }
    return (value.list ? "list of " : "") + text + (value.nullable ? " or null" : "");
}

} // namespace

std::string jsonSchema(const std::vector<StructInfo>& structs, const std::string& title, const std::string& format) {
    JsonWriter json;
    SchemaWriter writer(json);
    json.beginObject(Layout::Lines);
    json.member("$schema", "https://json-schema.org/draft/2020-12/schema");
    json.member("title", title);
    json.member("description", structs.front().sentence);
    json.member("type", "object");
    writer.keys(structs.front(), format);
    json.key("$defs");
    json.beginObject(Layout::Lines);
    for (std::size_t i = 1; i < structs.size(); ++i) {
        json.key(structs[i].name);
        json.beginObject(Layout::Lines);
        writer.structure(structs[i]);
        json.endObject();
    }
    json.endObject();
    json.endObject();
    return json.take();
}

std::string markdownTables(const std::vector<StructInfo>& structs) {
    std::string out;
    for (const StructInfo& info : structs) {
        out += fmt::format("### {}\n\n{}{}\n\n", info.name, info.sentence,
                           info.form == Form::Array ? " Written as an array of these columns:" : "");
        out += "| key | type | unit | |\n| --- | --- | --- | --- |\n";
        for (const FieldInfo& field : info.fields) {
            out +=
                fmt::format("| `{}`{} | {} | {} | {} |\n", field.key, field.need != Need::Required ? " (optional)" : "",
                            typeText(field.value), nameOf(field.unit), field.sentence);
        }
        out += "\n";
    }
    return out;
}

} // namespace simprof
