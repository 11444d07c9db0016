// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/fields/struct_reader.h"

#include "profiler/json/writer.h"
#include "sim_core/error.h"

namespace simprof {

std::optional<JsonValue> StructReader::find(const char* key) {
    if (m_hint.isEndOf(m_object) || !m_hint.equals(key)) {
        m_hint = m_object.first();
        while (!m_hint.isEndOf(m_object) && !m_hint.equals(key)) {
            m_hint = m_hint.next().next();
        }
        if (m_hint.isEndOf(m_object)) {
            return std::nullopt;
        }
    }
    const JsonValue value = m_hint.next();
    m_hint = value.next();
    return value;
}

void StructReader::fail(const std::string& what) const {
    std::string path;
    for (const Step& step : m_path) {
        if (step.key == nullptr) {
            path += fmt::format("[{}]", step.index);
        } else {
            path += path.empty() ? "" : ".";
            path += step.key;
        }
    }
    throw Error(fmt::format("{} {}", path, what));
}

void StructReader::failUnknown(JsonValue value, const std::string& known) const {
    constexpr std::size_t kMostShown = 40; // a hostile file may hold any text
    std::string quoted;
    appendJsonString(quoted, value.asString().substr(0, kMostShown));
    fail(fmt::format("is {}, but it is one of {}", quoted, known));
}

void StructReader::expect(JsonValue value, JsonType type) const {
    if (value.type() != type) {
        fail(fmt::format("is {} where {} is expected", jsonTypeName(value.type()), jsonTypeName(type)));
    }
}

void StructReader::read(JsonValue value, double& content) {
    expect(value, JsonType::Number);
    const auto number = value.asDouble();
    if (!number || !(*number >= 0 && *number < kLargestAmount)) {
        fail("is no amount from 0 to 1e18");
    }
    content = *number;
}

void StructReader::read(JsonValue value, std::string& content) {
    expect(value, JsonType::String);
    content = value.asString();
}

void StructReader::read(JsonValue value, std::array<Cycles, kStallCount>& stalls) {
    expect(value, JsonType::Object);
    for (JsonValue key = value.first(); !key.isEndOf(value); key = key.next().next()) {
        for (std::size_t i = 0; i < kStallCount; ++i) {
            if (key.equals(kStallNames[i])) {
                m_path.push_back({kStallNames[i], 0});
                read(key.next(), stalls[i]);
                m_path.pop_back();
            }
        }
    }
}

void StructReader::read(JsonValue value, std::pair<Cycles, Bytes>& sample) {
    expect(value, JsonType::Array);
    if (value.count() != 2) {
        fail("is not a pair of cycle and bytes");
    }
    read(value.first(), sample.first);
    read(value.first().next(), sample.second);
}

} // namespace simprof
