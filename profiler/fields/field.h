// SPDX-License-Identifier: GPL-2.0-or-later
/// How a struct declares its fields, once, for its writer, its reader, its JSON schema and its documents:
///
///     template<>
///     inline constexpr Structure kStructure<Span>{"span", "One run of a layer."};
///     template<class Visitor, Is<Span> T>
///     void fieldsOf(Visitor& visit, T& span) {
///         visit("cycles", span.cycles, Unit::CycleCount, Need::Required, "interrupts in between not counted");
///     }
#pragma once
#include "sim_core/names.h"
#include "sim_core/need.h"

#include <array>
#include <concepts>
#include <cstdint>
#include <span>
#include <type_traits>

namespace simprof {

/// What the numbers of a field count.
enum class Unit : std::uint8_t {
    None,       ///< no number, or one that its sentence explains
    Location,   ///< an address
    Cycle,      ///< a moment
    CycleCount, ///< a length of time
    ByteCount,
    Microseconds,
    Microjoules,
    Microwatts,
    Frequency,
    Percent,
    Index,       ///< from 0
    IndexOrNone, ///< from 0; -1: none
};

inline constexpr std::array<NameRow<Unit>, 12> kUnits = {{{Unit::None, ""},
                                                          {Unit::Location, "32-bit address"},
                                                          {Unit::Cycle, "core cycle since reset"},
                                                          {Unit::CycleCount, "core cycles"},
                                                          {Unit::ByteCount, "bytes"},
                                                          {Unit::Microseconds, "microseconds"},
                                                          {Unit::Microjoules, "microjoules"},
                                                          {Unit::Microwatts, "microwatts"},
                                                          {Unit::Frequency, "hertz"},
                                                          {Unit::Percent, "percent"},
                                                          {Unit::Index, "index"},
                                                          {Unit::IndexOrNone, "index or -1"}}};
constexpr std::span<const NameRow<Unit>> namesOf(Unit) { return kUnits; }

/// How a struct is written.
enum class Form : std::uint8_t {
    Object,
    Array, ///< of its fields' values without their keys: there may be millions
};

/// The name and sentence of a struct in the schema and the documents.
struct Structure {
    const char* name;
    const char* sentence;
    Form form = Form::Object;
};

/// Specialised beside the fields of each struct.
template<class T>
inline constexpr Structure kStructure{nullptr, nullptr};

template<class T>
inline constexpr bool kWrittenAsArray = kStructure<std::remove_const_t<T>>.form == Form::Array;

/// T is U or const U.
template<class T, class U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

} // namespace simprof
