// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/json/reader.h"

#include "profiler/json/text.h"
#include "sim_core/error.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace simprof {
namespace {

constexpr std::size_t kMaximumDepth = 64;
constexpr std::size_t kMaximumText = std::size_t{1} << 31;
constexpr std::uint32_t kMaximumCount = (1u << 28) - 1;

bool isDigit(char c) { return c >= '0' && c <= '9'; }

int hexDigit(char c) {
    if (isDigit(c)) {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::uint32_t hexWord(std::string_view text) {
    std::uint32_t value = 0;
    for (const char c : text.substr(0, 4)) {
        value = value << 4 | static_cast<std::uint32_t>(hexDigit(c));
    }
    return value;
}

/// The number at the beginning of `text`; it was checked by the parser.
std::string_view numberAt(std::string_view text) {
    std::size_t length = 0;
    while (length < text.size() &&
           (isDigit(text[length]) || std::string_view("+-.eE").find(text[length]) != std::string_view::npos)) {
        ++length;
    }
    return text.substr(0, length);
}

template<class T>
std::optional<T> convert(std::string_view number) {
    T value{};
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc{} || end != number.data() + number.size()) {
        return std::nullopt;
    }
    return value;
}

} // namespace

/// Turns text into tokens, without recursion.
class JsonParser {
public:
    JsonParser(std::string_view text, std::vector<JsonDocument::Token>& tokens)
        : m_text(text)
        , m_tokens(tokens) {}

    void parse() {
        skipSpace();
        value();
        while (!m_open.empty()) {
            member();
        }
        skipSpace();
        if (m_at != m_text.size()) {
            fail("nothing more");
        }
    }

private:
    struct Open {
        std::uint32_t token = 0;
        std::uint32_t count = 0;
        bool object = false;
    };

    [[noreturn]] void fail(const char* expected) const {
        const std::string_view before = m_text.substr(0, std::min(m_at, m_text.size()));
        std::size_t line = 1;
        std::size_t lineStart = 0;
        for (std::size_t i = 0; i < before.size(); ++i) {
            if (before[i] == '\n') {
                ++line;
                lineStart = i + 1;
            }
        }
        const char* found = m_at >= m_text.size() ? ", but the text ends there" : "";
        throw Error(fmt::format("not valid JSON: line {}, column {}: expected {}{}", line,
                                before.size() - lineStart + 1, expected, found));
    }

    bool atEnd() const { return m_at >= m_text.size(); }
    char peek() const { return atEnd() ? '\0' : m_text[m_at]; }

    void skipSpace() {
        while (!atEnd() &&
               (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\t' || m_text[m_at] == '\r')) {
            ++m_at;
        }
    }

    std::uint32_t add(JsonType type) {
        const auto index = static_cast<std::uint32_t>(m_tokens.size());
        JsonDocument::Token token;
        token.offset = static_cast<std::uint32_t>(m_at);
        token.next = index + 1;
        token.type = type;
        m_tokens.push_back(token);
        return index;
    }

    /// The next member of the innermost open container, or its closing bracket.
    void member() {
        Open& open = m_open.back();
        skipSpace();
        const char closing = open.object ? '}' : ']';
        if (peek() == closing) {
            ++m_at;
            m_tokens[open.token].next = static_cast<std::uint32_t>(m_tokens.size());
            m_tokens[open.token].count = open.count;
            m_open.pop_back();
            return;
        }
        if (open.count > 0) {
            if (peek() != ',') {
                fail(open.object ? "',' or '}'" : "',' or ']'");
            }
            ++m_at;
            skipSpace();
        }
        open.count += open.object ? 2 : 1;
        if (open.count >= kMaximumCount) {
            fail("fewer values");
        }
        if (open.object) {
            if (peek() != '"') {
                fail("a key in quotes");
            }
            string();
            skipSpace();
            if (peek() != ':') {
                fail("':'");
            }
            ++m_at;
            skipSpace();
        }
        value();
    }

    void value() {
        switch (peek()) {
        case '{':
        case '[': container(); return;
        case '"': string(); return;
        case 't': word("true", JsonType::True); return;
        case 'f': word("false", JsonType::False); return;
        case 'n': word("null", JsonType::Null); return;
        default: number();
        }
    }

    void container() {
        if (m_open.size() >= kMaximumDepth) {
            fail("fewer than 64 levels of nesting");
        }
        const bool object = peek() == '{';
        m_open.push_back({add(object ? JsonType::Object : JsonType::Array), 0, object});
        ++m_at;
    }

    void word(std::string_view text, JsonType type) {
        if (m_text.substr(m_at, text.size()) != text) {
            fail("a value");
        }
        add(type);
        m_at += text.size();
    }

    void string() {
        add(JsonType::String);
        ++m_at;
        while (peek() != '"') {
            if (atEnd() || static_cast<unsigned char>(m_text[m_at]) < 0x20) {
                fail("the string's closing quote");
            }
            if (m_text[m_at++] == '\\') {
                escape();
            }
        }
        ++m_at;
    }

    void escape() {
        if (atEnd() || std::string_view("\"\\/bfnrtu").find(m_text[m_at]) == std::string_view::npos) {
            fail("an escape such as \\n");
        }
        if (m_text[m_at++] != 'u') {
            return;
        }
        for (int i = 0; i < 4; ++i) {
            if (atEnd() || hexDigit(m_text[m_at]) < 0) {
                fail("four hexadecimal digits");
            }
            ++m_at;
        }
    }

    void digits() {
        if (!isDigit(peek())) {
            fail("a digit");
        }
        while (isDigit(peek())) {
            ++m_at;
        }
    }

    void number() {
        if (peek() != '-' && !isDigit(peek())) {
            fail("a value");
        }
        add(JsonType::Number);
        if (peek() == '-') {
            ++m_at;
        }
        if (peek() == '0') {
            ++m_at;
        } else {
            digits();
        }
        if (peek() == '.') {
            ++m_at;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            ++m_at;
            if (peek() == '+' || peek() == '-') {
                ++m_at;
            }
            digits();
        }
    }

    std::string_view m_text;
    std::vector<JsonDocument::Token>& m_tokens;
    std::vector<Open> m_open;
    std::size_t m_at = 0;
};

JsonDocument::JsonDocument(std::string_view text)
    : m_text(text) {
    if (text.size() > kMaximumText) {
        throw Error("a JSON text of more than 2 GiB is not read");
    }
    m_tokens.reserve(text.size() / 8);
    JsonParser(text, m_tokens).parse();
}

const char* jsonTypeName(JsonType type) {
    constexpr const char* kNames[] = {"null", "false", "true", "a number", "a string", "an array", "an object"};
    return kNames[static_cast<std::size_t>(type)];
}

JsonType JsonValue::type() const { return m_document->m_tokens[m_index].type; }

bool JsonValue::isInteger() const {
    return type() == JsonType::Number &&
           numberAt(m_document->m_text.substr(m_document->m_tokens[m_index].offset)).find_first_of(".eE") ==
               std::string_view::npos;
}

std::optional<std::uint64_t> JsonValue::asUnsigned() const {
    if (type() != JsonType::Number) {
        return std::nullopt;
    }
    return convert<std::uint64_t>(numberAt(m_document->m_text.substr(m_document->m_tokens[m_index].offset)));
}

std::optional<std::int64_t> JsonValue::asSigned() const {
    if (type() != JsonType::Number) {
        return std::nullopt;
    }
    return convert<std::int64_t>(numberAt(m_document->m_text.substr(m_document->m_tokens[m_index].offset)));
}

std::optional<double> JsonValue::asDouble() const {
    if (type() != JsonType::Number) {
        return std::nullopt;
    }
    const auto value = convert<double>(numberAt(m_document->m_text.substr(m_document->m_tokens[m_index].offset)));
    return value && std::isfinite(*value) ? value : std::nullopt;
}

bool JsonValue::equals(std::string_view literal) const {
    const std::string_view rest = m_document->m_text.substr(m_document->m_tokens[m_index].offset + 1);
    return type() == JsonType::String && rest.starts_with(literal) && rest[literal.size()] == '"';
}

std::string JsonValue::asString() const {
    std::string out;
    std::string_view rest = m_document->m_text.substr(m_document->m_tokens[m_index].offset + 1);
    while (rest.front() != '"') {
        if (rest.front() != '\\') {
            const std::size_t run = rest.find_first_of("\"\\");
            for (std::string_view plain = rest.substr(0, run); !plain.empty();) {
                const CodePoint point = decodeUtf8(plain);
                appendUtf8(out, point.value);
                plain.remove_prefix(point.length);
            }
            rest.remove_prefix(run);
            continue;
        }
        const char kind = rest[1];
        rest.remove_prefix(2);
        if (kind != 'u') {
            constexpr std::string_view kFrom = "bfnrt";
            constexpr std::string_view kTo = "\b\f\n\r\t";
            const std::size_t which = kFrom.find(kind);
            out += which == std::string_view::npos ? kind : kTo[which];
            continue;
        }
        std::uint32_t value = hexWord(rest);
        rest.remove_prefix(4);
        if (value >= 0xD800 && value < 0xDC00 && rest.starts_with("\\u")) {
            const std::uint32_t low = hexWord(rest.substr(2));
            if (low >= 0xDC00 && low < 0xE000) {
                value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
                rest.remove_prefix(6);
            }
        }
        appendUtf8(out, value >= 0xD800 && value < 0xE000 ? 0xFFFD : value);
    }
    return out;
}

JsonValue JsonValue::first() const { return {*m_document, m_index + 1}; }

JsonValue JsonValue::next() const { return {*m_document, m_document->m_tokens[m_index].next}; }

bool JsonValue::isEndOf(JsonValue container) const { return m_index >= m_document->m_tokens[container.m_index].next; }

std::size_t JsonValue::count() const { return m_document->m_tokens[m_index].count; }

} // namespace simprof
