// SPDX-License-Identifier: GPL-2.0-or-later
/// Writes a struct with declared fields (profiler/fields/field.h) as JSON.
#pragma once
#include "profiler/fields/field.h"
#include "profiler/json/writer.h"
#include "sim_core/timing/core_timing.h"
#include "sim_core/units.h"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace simprof {

/// The visitor that writes each field it is shown.
class StructWriter {
public:
    explicit StructWriter(JsonWriter& json)
        : m_json(json) {}

    template<class T>
    void operator()(const char* key, const T& content, Unit, Need need, const char*) {
        if (need == Need::IfAny && content == T{}) {
            return;
        }
        if (!m_asArray) {
            m_json.key(key);
        }
        write(content);
    }

private:
    template<class T>
    void write(const T& content) {
        if constexpr (Named<T>) {
            m_json.value(nameOf(content));
        } else if constexpr (!std::is_class_v<T>) {
            m_json.value(content);
        } else if constexpr (kWrittenAsArray<T>) {
            m_json.beginArray();
            m_asArray = true;
            fieldsOf(*this, content);
            m_asArray = false;
            m_json.endArray();
        } else {
            ++m_depth;
            m_json.beginObject(m_depth <= 1 ? JsonWriter::Layout::Lines : JsonWriter::Layout::Inline);
            fieldsOf(*this, content);
            m_json.endObject();
            --m_depth;
        }
    }
    void write(const std::string& content) { m_json.value(content); }
    void write(const std::array<Cycles, kStallCount>& stalls) {
        m_json.beginObject();
        for (std::size_t i = 0; i < kStallCount; ++i) {
            if (stalls[i] != 0) {
                m_json.member(kStallNames[i], stalls[i]);
            }
        }
        m_json.endObject();
    }
    void write(const std::pair<Cycles, Bytes>& sample) {
        m_json.beginArray();
        m_json.value(sample.first);
        m_json.value(sample.second);
        m_json.endArray();
    }
    template<class T>
    void write(const std::optional<T>& content) {
        if (content) {
            write(*content);
        } else {
            m_json.null();
        }
    }
    template<class T>
    void write(const std::vector<T>& contents) {
        m_json.beginArray(std::is_class_v<T> && !std::is_same_v<T, std::string> ? JsonWriter::Layout::Lines
                                                                                : JsonWriter::Layout::Inline);
        ++m_depth;
        for (const T& content : contents) {
            write(content);
        }
        --m_depth;
        m_json.endArray();
    }

    JsonWriter& m_json;
    unsigned m_depth = 0;
    bool m_asArray = false;
};

} // namespace simprof
