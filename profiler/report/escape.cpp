// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/report/escape.h"

#include "profiler/json/text.h"

#include <fmt/format.h>
#include <vector>

namespace simprof {
namespace {

bool isControl(std::uint32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

/// Marks that reorder or hide what stands around them.
bool isInvisible(std::uint32_t c) {
    return c == 0xAD || c == 0x61C || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || c == 0x2028 || c == 0x2029 || (c >= 0xFFF9 && c <= 0xFFFB) ||
           (c >= 0xE0000 && c <= 0xE007F);
}

/// Columns of a code point; the wide blocks of East Asian scripts and emoji.
std::size_t widthOf(std::uint32_t c) {
    if ((c >= 0x300 && c <= 0x36F) || (c >= 0xFE00 && c <= 0xFE0F)) {
        return 0;
    }
    const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
                      (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                      (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
    return wide ? 2 : 1;
}

template<class Keep>
std::string filtered(std::string_view text, Keep keep) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const CodePoint point = decodeUtf8(text);
        text.remove_prefix(point.length);
        if (isControl(point.value) && !keep(point.value)) {
            if (point.value == '\n' || point.value == '\r' || point.value == '\t') {
                out += ' ';
            }
        } else if (!isInvisible(point.value)) {
            appendUtf8(out, point.value);
        }
    }
    return out;
}

/// plain(text) with each character that `replacement` knows replaced.
template<class Replacement>
std::string replaced(std::string_view text, Replacement replacement) {
    std::string out;
    for (const char c : plain(text)) {
        if (const char* instead = replacement(c)) {
            out += instead;
        } else {
            out += c;
        }
    }
    return out;
}

/// The first `headWidth` and the last `tailWidth` columns of a line that is longer, with an ellipsis between them.
std::string shortenTo(std::string_view line, std::size_t headWidth, std::size_t tailWidth) {
    std::vector<std::pair<std::string_view, std::size_t>> glyphs;
    while (!line.empty()) {
        const CodePoint point = decodeUtf8(line);
        glyphs.emplace_back(line.substr(0, point.length), widthOf(point.value));
        line.remove_prefix(point.length);
    }
    std::string out;
    std::size_t used = 0;
    for (std::size_t i = 0; i < glyphs.size() && used + glyphs[i].second <= headWidth; ++i) {
        out += glyphs[i].first;
        used += glyphs[i].second;
    }
    out += "…";
    used = 0;
    std::size_t last = glyphs.size();
    for (; last > 0 && used + glyphs[last - 1].second <= tailWidth; --last) {
        used += glyphs[last - 1].second;
    }
    for (std::size_t i = last; i < glyphs.size(); ++i) {
        out += glyphs[i].first;
    }
    return out;
}

} // namespace

std::string plain(std::string_view text) {
    return filtered(text, [](std::uint32_t) { return false; });
}

std::string plainLines(std::string_view text) {
    return filtered(text, [](std::uint32_t c) { return c == '\n' || c == '\t'; });
}

std::string escapeHtml(std::string_view text) {
    std::string out;
    for (const char c : plainLines(text)) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string escapeMarkdown(std::string_view text) {
    return replaced(text, [](char c) -> const char* {
        switch (c) {
        case '&': return "&amp;";
        case '<': return "&lt;";
        case '>': return "&gt;";
        case '|': return "\\|";
        case '\\': return "\\\\";
        case '`': return "\\`";
        case '*': return "\\*";
        case '_': return "\\_";
        case '[': return "\\[";
        case ']': return "\\]";
        case '#': return "\\#";
        case '!': return "\\!";
        case '~': return "\\~";
        case '@': return "&#64;"; // no user is notified by a firmware's symbol
        default: return nullptr;
        }
    });
}

std::string escapeCsv(std::string_view text) {
    std::string field = plain(text);
    if (!field.empty() && std::string_view("=+-@").find(field.front()) != std::string_view::npos) {
        field.insert(field.begin(), '\'');
    }
    if (field.find_first_of(",\";") == std::string::npos && !field.starts_with(' ') && !field.ends_with(' ')) {
        return field;
    }
    std::string out = "\"";
    for (const char c : field) {
        out += c;
        if (c == '"') {
            out += '"';
        }
    }
    return out + '"';
}

std::string escapeWorkflow(std::string_view text) {
    std::string out;
    for (const char c : plainLines(text)) {
        out += c == '%' ? "%25" : c == '\n' ? "%0A" : std::string(1, c);
    }
    return out;
}

std::string escapeWorkflowProperty(std::string_view text) {
    std::string out;
    for (const char c : escapeWorkflow(plain(text))) {
        out += c == ':' ? "%3A" : c == ',' ? "%2C" : std::string(1, c);
    }
    return out;
}

std::size_t displayWidth(std::string_view line) {
    std::size_t width = 0;
    while (!line.empty()) {
        const CodePoint point = decodeUtf8(line);
        width += widthOf(point.value);
        line.remove_prefix(point.length);
    }
    return width;
}

std::string shorten(std::string_view line, std::size_t width) {
    if (displayWidth(line) <= width) {
        return std::string(line);
    }
    return width == 0 ? "" : shortenTo(line, width / 2, width - 1 - width / 2);
}

std::string shortenLeft(std::string_view line, std::size_t width) {
    if (displayWidth(line) <= width) {
        return std::string(line);
    }
    return width == 0 ? "" : shortenTo(line, 0, width - 1);
}

} // namespace simprof
