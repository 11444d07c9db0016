// SPDX-License-Identifier: GPL-2.0-or-later
/// The declared fields of a struct (profiler/fields/field.h) as a value, for its JSON schema and its documents.
#pragma once
#include "profiler/fields/field.h"
#include "sim_core/timing/core_timing.h"
#include "sim_core/units.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace simprof {

/// What kind of value a field holds.
struct ValueInfo {
    enum class Kind : std::uint8_t { Unsigned, Signed, Real, Text, Choice, Struct, Sample };
    Kind kind = Kind::Text;
    bool list = false;              ///< any number of them
    bool nullable = false;          ///< or null
    std::vector<std::string> names; ///< of a Choice
    std::string structure;          ///< name of a Struct
};

/// One field as it was declared.
struct FieldInfo {
    std::string key;
    ValueInfo value;
    Unit unit = Unit::None;
    Need need = Need::Required;
    std::string sentence;
};

/// A struct as it was declared.
struct StructInfo {
    std::string name;
    std::string sentence;
    Form form = Form::Object;
    std::vector<FieldInfo> fields;
};

/// The visitor that notes each field it is shown, and the structs found in the fields.
class StructDescriber {
public:
    /// The struct T and all that it holds: T first, each once, in the order in which they are met.
    template<class T>
    static std::vector<StructInfo> describe() {
        std::vector<StructInfo> all;
        add<T>(all);
        return all;
    }

    template<class T>
    void operator()(const char* key, const T& content, Unit unit, Need need, const char* sentence) {
        m_fields.push_back({key, valueOf(content), unit, need, sentence});
    }

private:
    explicit StructDescriber(std::vector<StructInfo>& all)
        : m_all(all) {}

    template<class T>
    static void add(std::vector<StructInfo>& all) {
        static_assert(kStructure<T>.name != nullptr, "a struct of a file has a row kStructure");
        if (std::ranges::find(all, kStructure<T>.name, &StructInfo::name) != all.end()) {
            return;
        }
        const std::size_t at = all.size();
        all.push_back({kStructure<T>.name, kStructure<T>.sentence, kStructure<T>.form, {}});
        StructDescriber describer(all);
        const T empty{};
        fieldsOf(describer, empty);
        all[at].fields = std::move(describer.m_fields);
    }

    template<class T>
    ValueInfo valueOf(const T&) {
        ValueInfo value;
        if constexpr (Named<T>) {
            value.kind = ValueInfo::Kind::Choice;
            for (const auto& row : namesOf(T{})) {
                value.names.emplace_back(row.name);
            }
        } else if constexpr (std::is_class_v<T>) {
            value.kind = ValueInfo::Kind::Struct;
            value.structure = kStructure<T>.name;
            add<T>(m_all);
        } else if constexpr (std::is_integral_v<T>) {
            value.kind = std::is_signed_v<T> ? ValueInfo::Kind::Signed : ValueInfo::Kind::Unsigned;
        } else {
            value.kind = ValueInfo::Kind::Real;
        }
        return value;
    }
    ValueInfo valueOf(const std::string&) { return {}; }
    ValueInfo valueOf(const std::array<Cycles, kStallCount>&);
    ValueInfo valueOf(const std::pair<Cycles, Bytes>&) {
        ValueInfo value;
        value.kind = ValueInfo::Kind::Sample;
        return value;
    }
    template<class T>
    ValueInfo valueOf(const std::optional<T>&) {
        ValueInfo value = valueOf(T{});
        value.nullable = true;
        return value;
    }
    template<class T>
    ValueInfo valueOf(const std::vector<T>&) {
        ValueInfo value = valueOf(T{});
        value.list = true;
        return value;
    }

    std::vector<StructInfo>& m_all;
    std::vector<FieldInfo> m_fields;
};

} // namespace simprof
