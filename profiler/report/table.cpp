// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/table.h"

#include "profiler/report/escape.h"
#include "profiler/text/numbers.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace simprof {
namespace {

bool isEmpty(const Cell& cell) {
    const auto zero = [](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
            return true;
        } else if constexpr (std::is_same_v<T, std::string>) {
            return value.empty();
        } else {
            return value == 0;
        }
    };
    return std::visit(zero, cell.value);
}

double fractionOf(const Cell& cell) {
    const double* fraction = std::get_if<double>(&cell.value);
    return fraction == nullptr ? 0 : std::clamp(*fraction, 0.0, 1.0);
}

constexpr std::size_t kBarWidth = 8;

/// A bar of eighths of a column.
std::string drawBar(double fraction) {
    constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    auto eighths = static_cast<std::size_t>(std::lround(fraction * kBarWidth * 8));
    if (fraction > 0 && eighths == 0) {
        eighths = 1;
    }
    std::string bar;
    for (std::size_t i = 0; i < eighths / 8; ++i) {
        bar += "█";
    }
    return bar + kEighths[eighths % 8];
}

std::string pad(const std::string& text, std::size_t width, bool right) {
    const std::size_t used = displayWidth(text);
    const std::string space(used < width ? width - used : 0, ' ');
    return right ? space + text : text + space;
}

constexpr std::size_t kIndent = 2;

/// Which columns are shown, and how wide.
struct Layout {
    std::vector<std::size_t> columns; ///< indices of those shown
    std::vector<std::size_t> widths;
    std::size_t gap = 2; ///< between columns

    std::size_t total() const {
        return kIndent + std::accumulate(widths.begin(), widths.end(), std::size_t{0}) +
               (widths.empty() ? 0 : (widths.size() - 1) * gap);
    }
};

std::string shown(const Table& table, const std::vector<Cell>& row, std::size_t column) {
    if (column >= row.size()) {
        return "";
    }
    return table.columns[column].kind == Column::Kind::Bar ? drawBar(fractionOf(row[column])) : plain(row[column].text);
}

bool givesWay(const Column& column) { return column.kind == Column::Kind::Text || column.kind == Column::Kind::Path; }

/// Narrows the widest text column, again and again, but none below `narrowest`.
void shrinkText(const Table& table, Layout& layout, unsigned lineWidth, std::size_t narrowest) {
    while (layout.total() > lineWidth) {
        std::size_t* widest = nullptr;
        for (std::size_t i = 0; i < layout.columns.size(); ++i) {
            if (givesWay(table.columns[layout.columns[i]]) && (widest == nullptr || layout.widths[i] > *widest)) {
                widest = &layout.widths[i];
            }
        }
        if (widest == nullptr || *widest <= narrowest) {
            return;
        }
        --*widest;
    }
}

Layout layOut(const Table& table, unsigned lineWidth) {
    Layout layout;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        if (table.columns[c].kind == Column::Kind::Hidden) {
            continue;
        }
        std::size_t width =
            std::max(displayWidth(table.columns[c].title), table.columns[c].kind == Column::Kind::Bar ? kBarWidth : 0);
        for (const auto* rows : {&table.rows, &table.footer}) {
            for (const auto& row : *rows) {
                width = std::max(width, c < row.size() && row[c].span > 1 ? 0 : displayWidth(shown(table, row, c)));
            }
        }
        layout.columns.push_back(c);
        layout.widths.push_back(width);
    }
    // Bars go first, then text gives way, then gaps and more text.
    for (std::size_t i = layout.columns.size(); i-- > 0 && layout.total() > lineWidth;) {
        if (table.columns[layout.columns[i]].kind == Column::Kind::Bar) {
            layout.columns.erase(layout.columns.begin() + static_cast<std::ptrdiff_t>(i));
            layout.widths.erase(layout.widths.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
    const std::vector<std::size_t> wanted = layout.widths;
    shrinkText(table, layout, lineWidth, 24);
    if (layout.total() > lineWidth) {
        layout.widths = wanted;
        layout.gap = 1;
        shrinkText(table, layout, lineWidth, 12);
    }
    return layout;
}

std::string textLine(const Table& table, const Layout& layout, const std::vector<Cell>& row, const TextStyle& style) {
    std::string line(kIndent, ' ');
    for (std::size_t i = 0; i < layout.columns.size(); ++i) {
        const std::size_t c = layout.columns[i];
        const bool right = table.columns[c].kind == Column::Kind::Number;
        const std::size_t first = i;
        std::size_t width = layout.widths[i];
        while (c < row.size() && i + 1 < layout.columns.size() && layout.columns[i + 1] < c + row[c].span) {
            width += layout.gap + layout.widths[++i]; // of the columns that are shown
        }
        const std::string text = shown(table, row, c);
        std::string cell =
            pad(table.columns[c].kind == Column::Kind::Path ? shortenLeft(text, width) : shorten(text, width), width,
                right);
        if (table.columns[c].kind == Column::Kind::Bar) {
            cell = style.accent(cell);
        }
        line += (first == 0 ? "" : std::string(layout.gap, ' ')) + cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

std::string csvValue(const Cell& cell) {
    const auto write = [](const auto& value) -> std::string {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
            return "";
        } else if constexpr (std::is_same_v<T, std::string>) {
            return escapeCsv(value);
        } else if constexpr (std::is_same_v<T, Address>) {
            return hexAddress(value);
        } else {
            return fmt::format("{}", value);
        }
    };
    return std::visit(write, cell.value);
}

bool isData(const Column& column) { return column.kind != Column::Kind::Bar; }

std::string styled(const TextStyle& style, const char* code, const std::string& text) {
    return style.colour && !text.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

} // namespace

Cell Cell::name(std::string text) {
    Cell cell;
    cell.text = text;
    cell.value = std::move(text);
    return cell;
}

Cell Cell::count(std::uint64_t number) { return {number, grouped(number), 1}; }

Cell Cell::change(std::int64_t number) { return {number, signedGrouped(number), 1}; }

Cell Cell::amount(double number, int digits) { return {number, fixed(number, digits), 1}; }

Cell Cell::significant(double number) { return {number, threeDigits(number), 1}; }

Cell Cell::percent(double part, double whole) { return {percentOf(part, whole), percentText(part, whole), 1}; }

Cell Cell::address(Address address) { return {address, hexAddress(address), 1}; }

void Table::dropEmptyColumns(std::size_t keep) {
    for (std::size_t c = columns.size(); c-- > keep;) {
        if (columns[c].kind == Column::Kind::Hidden ||
            std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return !isEmpty(row[c]); }) ||
            std::any_of(footer.begin(), footer.end(), [&](const auto& row) { return !isEmpty(row[c]); })) {
            continue;
        }
        columns[c].kind = Column::Kind::Hidden;
    }
}

std::string TextStyle::bold(const std::string& text) const { return styled(*this, "1", text); }
std::string TextStyle::dim(const std::string& text) const { return styled(*this, "2", text); }
std::string TextStyle::red(const std::string& text) const { return styled(*this, "1;31", text); }
std::string TextStyle::accent(const std::string& text) const { return styled(*this, "36", text); }

std::string renderText(const Table& table, const TextStyle& style) {
    const Layout layout = layOut(table, style.width);
    std::vector<Cell> titles;
    for (const Column& column : table.columns) {
        titles.push_back(Cell::name(column.kind == Column::Kind::Bar ? "" : column.title));
    }
    std::string heading = textLine(table, layout, titles, {});
    heading.pop_back();
    std::string out = style.bold(heading) + "\n";
    for (const auto& row : table.rows) {
        out += textLine(table, layout, row, style);
    }
    if (!table.footer.empty()) {
        std::string rule;
        for (std::size_t i = 0; i < layout.total() - kIndent; ++i) {
            rule += "─";
        }
        out += std::string(kIndent, ' ') + style.dim(rule) + "\n";
    }
    for (const auto& row : table.footer) {
        out += textLine(table, layout, row, style);
    }
    return out;
}

std::string renderMarkdown(const Table& table) {
    std::string head = "|";
    std::string rule = "|";
    const auto isShown = [](const Column& column) {
        return column.kind != Column::Kind::Bar && column.kind != Column::Kind::Hidden;
    };
    for (const Column& column : table.columns) {
        if (isShown(column)) {
            head += " " + escapeMarkdown(column.title) + " |";
            rule += column.kind == Column::Kind::Number ? " ---: |" : " --- |";
        }
    }
    std::string out = head + "\n" + rule + "\n";
    const auto line = [&](const std::vector<Cell>& row, const char* mark) {
        out += "|";
        for (std::size_t c = 0; c < row.size(); ++c) {
            if (isShown(table.columns[c])) {
                const std::string text = escapeMarkdown(row[c].text);
                out += " " + (text.empty() ? "" : mark + text + mark) + " |";
            }
        }
        out += "\n";
    };
    for (const auto& row : table.rows) {
        line(row, "");
    }
    for (const auto& row : table.footer) {
        line(row, "**");
    }
    return out;
}

std::string renderCsv(const Table& table) {
    std::string out;
    const char* separator = "";
    for (const Column& column : table.columns) {
        if (isData(column)) {
            out += separator + column.key;
            separator = ",";
        }
    }
    out += "\r\n";
    for (const auto& row : table.rows) {
        separator = "";
        for (std::size_t c = 0; c < row.size(); ++c) {
            if (isData(table.columns[c])) {
                out += separator + csvValue(row[c]);
                separator = ",";
            }
        }
        out += "\r\n";
    }
    return out;
}

std::string renderHtml(const Table& table) {
    std::string out = "<div class=\"scroll\"><table>\n<thead><tr>";
    for (const Column& column : table.columns) {
        if (column.kind != Column::Kind::Hidden) {
            const char* align = column.kind == Column::Kind::Number ? " class=\"n\"" : "";
            out += fmt::format("<th scope=\"col\"{}>{}</th>", align, escapeHtml(column.title));
        }
    }
    out += "</tr></thead>\n<tbody>\n";
    const auto line = [&](const std::vector<Cell>& row) {
        out += "<tr>";
        for (std::size_t c = 0; c < row.size(); ++c) {
            const Column::Kind kind = table.columns[c].kind;
            if (kind == Column::Kind::Bar) {
                out += fmt::format("<td class=\"b\"><span class=\"bar\" style=\"width:{:.1f}%\"></span></td>",
                                   100 * fractionOf(row[c]));
            } else if (kind != Column::Kind::Hidden) {
                const auto begin = table.columns.begin() + static_cast<std::ptrdiff_t>(c);
                const auto shownColumns =
                    std::count_if(begin, begin + std::min<std::ptrdiff_t>(row[c].span, table.columns.end() - begin),
                                  [](const Column& column) { return column.kind != Column::Kind::Hidden; });
                const std::string span = shownColumns > 1 ? fmt::format(" colspan=\"{}\"", shownColumns) : "";
                out += fmt::format("<td{}{}>{}</td>", span, kind == Column::Kind::Number ? " class=\"n\"" : "",
                                   escapeHtml(row[c].text));
                c += row[c].span - 1;
            }
        }
        out += "</tr>\n";
    };
    for (const auto& row : table.rows) {
        line(row);
    }
    out += "</tbody>\n";
    if (!table.footer.empty()) {
        out += "<tfoot>\n";
        for (const auto& row : table.footer) {
            line(row);
        }
        out += "</tfoot>\n";
    }
    return out + "</table></div>\n";
}

void renderJson(const Table& table, JsonWriter& json) {
    json.beginArray(JsonWriter::Layout::Lines);
    for (const auto& row : table.rows) {
        json.beginObject();
        for (std::size_t c = 0; c < row.size(); ++c) {
            if (!isData(table.columns[c])) {
                continue;
            }
            json.key(table.columns[c].key);
            std::visit(
                [&](const auto& value) {
                    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) {
                        json.null();
                    } else {
                        json.value(value);
                    }
                },
                row[c].value);
        }
        json.endObject();
    }
    json.endArray();
}

} // namespace simprof
