// SPDX-License-Identifier: GPL-2.0-or-later
/// Reads a struct with declared fields (profiler/fields/field.h) from JSON.
#pragma once
#include "profiler/fields/field.h"
#include "profiler/json/reader.h"
#include "sim_core/timing/core_timing.h"
#include "sim_core/units.h"

#include <array>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace simprof {

/// The visitor that fills each field it is shown; throws Error that names the path of the first key that is missing or
/// mistyped. Keys may come in any order; it is fastest when they come in that of the fields.
class StructReader {
public:
    explicit StructReader(JsonValue root)
        : m_object(root)
        , m_hint(root.first()) {}

    template<class T>
    void operator()(const char* key, T& content, Unit, Need need, const char*) {
        m_path.push_back({key, 0});
        if (m_asArray) {
            if (m_hint.isEndOf(m_object)) {
                fail("is missing");
            }
            const JsonValue value = std::exchange(m_hint, m_hint.next());
            read(value, content);
        } else if (const auto value = find(key)) {
            read(*value, content);
        } else if (need == Need::Required) {
            fail("is missing");
        }
        m_path.pop_back();
    }

private:
    /// Times, energies and shares above this are no measurements; with it every table keeps its columns.
    static constexpr double kLargestAmount = 1e18;

    struct Step {
        const char* key = nullptr; ///< null: an element of an array
        std::size_t index = 0;
    };

    /// The value of `key` in the object that is being read.
    std::optional<JsonValue> find(const char* key);
    [[noreturn]] void fail(const std::string& what) const;
    [[noreturn]] void failUnknown(JsonValue value, const std::string& known) const;
    void expect(JsonValue value, JsonType type) const;

    template<class T>
    void read(JsonValue value, T& content) {
        if constexpr (Named<T>) {
            expect(value, JsonType::String);
            const auto named = valueNamed<T>(value.asString());
            if (!named) {
                failUnknown(value, listOfNames<T>());
            }
            content = *named;
        } else if constexpr (std::is_integral_v<T>) {
            expect(value, JsonType::Number);
            std::conditional_t<std::is_signed_v<T>, std::optional<std::int64_t>, std::optional<std::uint64_t>> number;
            if constexpr (std::is_signed_v<T>) {
                number = value.asSigned();
            } else {
                number = value.asUnsigned();
            }
            if (!number || !std::in_range<T>(*number)) {
                fail(fmt::format("is no whole number from {} to {}", std::numeric_limits<T>::min(),
                                 std::numeric_limits<T>::max()));
            }
            content = static_cast<T>(*number);
        } else {
            expect(value, kWrittenAsArray<T> ? JsonType::Array : JsonType::Object);
            const auto outer = std::make_tuple(m_object, m_hint, m_asArray);
            m_object = value;
            m_hint = value.first();
            m_asArray = kWrittenAsArray<T>;
            fieldsOf(*this, content);
            std::tie(m_object, m_hint, m_asArray) = outer;
        }
    }
    void read(JsonValue value, double& content);
    void read(JsonValue value, std::string& content);
    void read(JsonValue value, std::array<Cycles, kStallCount>& stalls);
    void read(JsonValue value, std::pair<Cycles, Bytes>& sample);
    template<class T>
    void read(JsonValue value, std::optional<T>& content) {
        content.reset();
        if (value.type() != JsonType::Null) {
            read(value, content.emplace());
        }
    }
    template<class T>
    void read(JsonValue value, std::vector<T>& contents) {
        expect(value, JsonType::Array);
        contents.clear();
        contents.reserve(value.count());
        m_path.push_back({});
        for (JsonValue element = value.first(); !element.isEndOf(value); element = element.next()) {
            m_path.back().index = contents.size();
            read(element, contents.emplace_back());
        }
        m_path.pop_back();
    }

    JsonValue m_object;
    JsonValue m_hint; ///< the key (or element) expected next
    bool m_asArray = false;
    std::vector<Step> m_path;
};

} // namespace simprof
