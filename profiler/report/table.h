// SPDX-License-Identifier: GPL-2.0-or-later
/// One table, made once from a profile and rendered as text, Markdown, CSV, JSON or HTML.
#pragma once
#include "profiler/json/writer.h"
#include "sim_core/units.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace simprof {

/// What a table holds at one place: the value as measured, and how people read it.
struct Cell {
    std::variant<std::monostate, std::string, std::uint64_t, std::int64_t, double, Address> value;
    std::string text;  ///< not escaped; of a bar: empty
    unsigned span = 1; ///< columns it may take; those behind it are empty then

    static Cell none() { return {}; }
    static Cell name(std::string text);
    static Cell count(std::uint64_t number);       ///< grouped digits
    static Cell change(std::int64_t number);       ///< grouped digits with their sign
    static Cell amount(double number, int digits); ///< fixed digits
    static Cell significant(double number);        ///< three digits
    static Cell percent(double part, double whole);
    static Cell address(Address address);
};

struct Column {
    enum class Kind : std::uint8_t {
        Name,   ///< left aligned
        Text,   ///< left aligned; cut in its middle when the line is too long
        Path,   ///< left aligned; cut at its beginning when the line is too long
        Number, ///< right aligned
        Bar,    ///< a double from 0 to 1, drawn; left out of CSV and JSON
        Hidden, ///< only in CSV and JSON
    };
    std::string key;   ///< with its unit: "time_us"
    std::string title; ///< for people: "ms"
    Kind kind = Kind::Number;
};

struct Table {
    std::string name; ///< "layers"
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;
    std::vector<std::vector<Cell>> footer; ///< sums; not in CSV and JSON

    /// Drops the columns whose cells are all empty or zero and that are not the `keep` first.
    void dropEmptyColumns(std::size_t keep);
};

/// Terminal colours, or none.
struct TextStyle {
    bool colour = false;
    unsigned width = 120; ///< columns
    std::string bold(const std::string& text) const;
    std::string dim(const std::string& text) const;
    std::string red(const std::string& text) const;
    std::string accent(const std::string& text) const;
};

std::string renderText(const Table& table, const TextStyle& style);
std::string renderMarkdown(const Table& table);
std::string renderCsv(const Table& table);
std::string renderHtml(const Table& table);
/// Writes an array of objects, one a row.
void renderJson(const Table& table, JsonWriter& json);

} // namespace simprof
