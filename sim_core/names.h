// SPDX-License-Identifier: GPL-2.0-or-later
/// Enumerations that files spell out. Beside such an enumeration lies one table of names, `namesOf(Enum)`, from which
/// its values are written, read, listed in messages and published in schemas.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace simprof {

/// One value of an enumeration and its name.
template<class Enum>
struct NameRow {
    Enum value;
    const char* name;
};

/// An enumeration with a table of names.
template<class Enum>
concept Named = std::is_enum_v<Enum> && requires(Enum value) {
    namesOf(value);
};

/// The name of a value; "" for a value without a row.
template<Named Enum>
constexpr const char* nameOf(Enum value) {
    for (const auto& row : namesOf(value)) {
        if (row.value == value) {
            return row.name;
        }
    }
    return "";
}

/// The value of that name, or nothing.
template<Named Enum>
constexpr std::optional<Enum> valueNamed(std::string_view name) {
    for (const auto& row : namesOf(Enum{})) {
        if (name == row.name) {
            return row.value;
        }
    }
    return std::nullopt;
}

/// All names, as messages list them: "run, sleep, stop".
template<Named Enum>
std::string listOfNames() {
    std::string list;
    for (const auto& row : namesOf(Enum{})) {
        list += list.empty() ? "" : ", ";
        list += row.name;
    }
    return list;
}

} // namespace simprof
