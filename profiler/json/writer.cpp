// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/json/writer.h"

#include "profiler/json/text.h"

#include <cassert>
#include <charconv>
#include <cmath>
#include <utility>

namespace simprof {
namespace {

bool isPlain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

void appendEscape(std::string& out, std::uint32_t value) {
    constexpr char kHex[] = "0123456789abcdef";
    switch (value) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default:
        out += "\\u00";
        out += kHex[value >> 4];
        out += kHex[value & 15];
    }
}

} // namespace

void appendJsonString(std::string& out, std::string_view text) {
    out += '"';
    std::size_t i = 0;
    while (i < text.size()) {
        std::size_t run = i;
        while (run < text.size() && isPlain(text[run])) {
            ++run;
        }
        out.append(text, i, run - i);
        i = run;
        if (i == text.size()) {
            break;
        }
        const CodePoint point = decodeUtf8(text.substr(i));
        const bool control = point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0);
        if (control || point.value == '"' || point.value == '\\') {
            appendEscape(out, point.value);
        } else {
            appendUtf8(out, point.value);
        }
        i += point.length;
    }
    out += '"';
}

void JsonWriter::key(std::string_view name) {
    separate();
    appendJsonString(m_out, name);
    m_out += ": ";
    m_afterKey = true;
}

void JsonWriter::value(std::string_view text) {
    separate();
    appendJsonString(m_out, text);
}

void JsonWriter::value(bool flag) {
    separate();
    m_out += flag ? "true" : "false";
}

void JsonWriter::value(double number) {
    assert(std::isfinite(number));
    separate();
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::isfinite(number) ? number : 0.0).ptr;
    m_out.append(buffer, end);
}

void JsonWriter::null() {
    separate();
    m_out += "null";
}

void JsonWriter::integer(std::uint64_t number) {
    separate();
    char buffer[24];
    m_out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
}

void JsonWriter::integer(std::int64_t number) {
    separate();
    char buffer[24];
    m_out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
}

std::string JsonWriter::take() {
    assert(m_levels.empty());
    m_out += '\n';
    return std::exchange(m_out, {});
}

void JsonWriter::open(char bracket, Layout layout) {
    separate();
    m_out += bracket;
    m_levels.push_back({layout == Layout::Lines, true});
}

void JsonWriter::close(char bracket) {
    assert(!m_levels.empty() && !m_afterKey);
    const Level level = m_levels.back();
    m_levels.pop_back();
    if (level.lines && !level.empty) {
        indent(m_levels.size());
    }
    m_out += bracket;
}

void JsonWriter::separate() {
    if (m_afterKey) {
        m_afterKey = false;
        return;
    }
    if (m_levels.empty()) {
        return;
    }
    Level& level = m_levels.back();
    if (!level.empty) {
        m_out += level.lines ? "," : ", ";
    }
    if (level.lines) {
        indent(m_levels.size());
    }
    level.empty = false;
}

void JsonWriter::indent(std::size_t depth) {
    m_out += '\n';
    m_out.append(depth, ' ');
}

} // namespace simprof
