// SPDX-License-Identifier: GPL-2.0-or-later
/// As much of JSON Schema (draft 2020-12) as the project's own schema files use, and stricter in one point: an object's
/// key that its schema does not name is an error, so that nothing is written that is not published.
#pragma once
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace simprof::test {

class SchemaCheck {
public:
    explicit SchemaCheck(nlohmann::json schema)
        : m_schema(std::move(schema)) {}

    /// One line for each contradiction, none when the document follows the schema.
    std::vector<std::string> errors(const nlohmann::json& document) {
        m_errors.clear();
        check(m_schema, document, "$");
        return m_errors;
    }

private:
    using Json = nlohmann::json;

    void fail(const std::string& path, const std::string& what) { m_errors.push_back(path + ": " + what); }

    static bool hasType(const Json& value, const std::string& type) {
        return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
               (type == "string" && value.is_string()) || (type == "integer" && value.is_number_integer()) ||
               (type == "number" && value.is_number()) || (type == "null" && value.is_null()) ||
               (type == "boolean" && value.is_boolean());
    }

    static bool hasAnyType(const Json& value, const Json& types) {
        if (types.is_string()) {
            return hasType(value, types);
        }
        return std::any_of(types.begin(), types.end(), [&](const Json& type) { return hasType(value, type); });
    }

    const Json& resolve(const Json& schema) const {
        if (!schema.contains("$ref")) {
            return schema;
        }
        return m_schema.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1)));
    }

    bool anyOf(const Json& alternatives, const Json& value, const std::string& path) {
        const auto before = m_errors.size();
        for (const Json& alternative : alternatives) {
            m_errors.resize(before);
            check(alternative, value, path);
            if (m_errors.size() == before) {
                return true;
            }
        }
        return false;
    }

    void check(const Json& reference, const Json& value, const std::string& path) {
        const Json& schema = resolve(reference);
        if (schema.contains("anyOf")) {
            anyOf(schema["anyOf"], value, path);
            return;
        }
        if (schema.contains("const") && schema["const"] != value) {
            fail(path, "is not the constant");
        }
        if (schema.contains("enum") &&
            std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end()) {
            fail(path, "is none of the allowed values");
        }
        if (schema.contains("type") && !hasAnyType(value, schema["type"])) {
            fail(path, "has the wrong type");
            return;
        }
        if (schema.contains("minimum") && value.is_number() && value < schema["minimum"]) {
            fail(path, "is too small");
        }
        if (schema.contains("maximum") && value.is_number() && value > schema["maximum"]) {
            fail(path, "is too large");
        }
        if (value.is_object()) {
            checkObject(schema, value, path);
        } else if (value.is_array()) {
            checkArray(schema, value, path);
        }
    }

    void checkObject(const Json& schema, const Json& value, const std::string& path) {
        for (const Json& key : schema.value("required", Json::array())) {
            if (!value.contains(key.get<std::string>())) {
                fail(path, "lacks " + key.get<std::string>());
            }
        }
        for (const auto& [key, member] : value.items()) {
            if (schema.contains("properties") && schema["properties"].contains(key)) {
                check(schema["properties"][key], member, path + "." + key);
            } else if (schema.contains("additionalProperties")) {
                check(schema["additionalProperties"], member, path + "." + key);
            } else {
                fail(path, "has the unpublished key " + key);
            }
        }
    }

    void checkArray(const Json& schema, const Json& value, const std::string& path) {
        if (value.size() < schema.value("minItems", std::size_t{0}) ||
            value.size() > schema.value("maxItems", value.size())) {
            fail(path, "has the wrong number of items");
            return;
        }
        for (std::size_t i = 0; i < value.size(); ++i) {
            const std::string at = path + "[" + std::to_string(i) + "]";
            if (schema.contains("prefixItems") && i < schema["prefixItems"].size()) {
                check(schema["prefixItems"][i], value[i], at);
            } else if (schema.contains("items") && schema["items"].is_object()) {
                check(schema["items"], value[i], at);
            }
        }
    }

    Json m_schema;
    std::vector<std::string> m_errors;
};

} // namespace simprof::test
