// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/uart/serial_script.h"

#include "sim_core/error.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace simprof {
namespace {

constexpr double kLongestSeconds = 1e6;

class ScriptParser {
public:
    explicit ScriptParser(std::string_view name)
        : m_name(name) {}

    void line(std::string_view line) {
        ++m_line;
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        const std::size_t begin = line.find_first_not_of(" \t");
        if (begin == std::string_view::npos || line[begin] == '#') {
            return;
        }
        line.remove_prefix(begin);
        const std::size_t space = line.find(' ');
        const std::string_view key = line.substr(0, space);
        const std::string_view rest = space == std::string_view::npos ? "" : line.substr(space + 1);
        if (key == "send") {
            steps.push_back({ScriptStep::Kind::Send, m_line, text(rest), 0});
        } else if (key == "expect") {
            steps.push_back({ScriptStep::Kind::Expect, m_line, text(rest), nanoseconds(m_timeout)});
        } else if (key == "wait") {
            steps.push_back({ScriptStep::Kind::Wait, m_line, "",
                             nanoseconds(number(rest, "wait takes simulated milliseconds, such as wait 20") / 1e3)});
        } else if (key == "timeout") {
            m_timeout = number(rest, "timeout takes simulated seconds, such as timeout 2.5");
        } else {
            fail(fmt::format(
                "'{}' is no command; there are send TEXT, expect TEXT, wait MILLISECONDS and timeout SECONDS", key));
        }
    }

    std::vector<ScriptStep> steps;

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw Error(fmt::format("{}:{}: {}", m_name, m_line, what));
    }

    static std::uint64_t nanoseconds(double seconds) { return static_cast<std::uint64_t>(seconds * 1e9); }

    double number(std::string_view text, const char* what) const {
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0) || value > kLongestSeconds) {
            fail(what);
        }
        return value;
    }

    std::string text(std::string_view raw) const {
        if (raw.empty()) {
            fail("a text is missing");
        }
        std::string result;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            if (raw[i] != '\\') {
                result += raw[i];
                continue;
            }
            const char letter = ++i < raw.size() ? raw[i] : '\0';
            switch (letter) {
            case 'r': result += '\r'; break;
            case 'n': result += '\n'; break;
            case 't': result += '\t'; break;
            case '\\': result += '\\'; break;
            case 'x':
                result += hexadecimal(raw.substr(std::min(i + 1, raw.size()), 2));
                i += 2;
                break;
            default: fail("a backslash is followed by r, n, t, x with two digits, or another backslash");
            }
        }
        return result;
    }

    char hexadecimal(std::string_view digits) const {
        unsigned value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (digits.size() != 2 || error != std::errc{} || end != digits.data() + 2) {
            fail("\\x is followed by two hexadecimal digits");
        }
        return static_cast<char>(value);
    }

    std::string_view m_name;
    unsigned m_line = 0;
    double m_timeout = kDefaultExpectSeconds;
};

} // namespace

std::vector<ScriptStep> parseScript(std::string_view text, std::string_view name) {
    ScriptParser parser(name);
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        parser.line(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    if (parser.steps.empty()) {
        throw Error(
            fmt::format("{}: the script is empty; it needs lines such as 'expect ready' and 'send go\\r'", name));
    }
    return std::move(parser.steps);
}

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\r') {
            result += "\\r";
        } else if (c == '\n') {
            result += "\\n";
        } else if (c == '\\') {
            result += "\\\\";
        } else if (byte < 0x20 || byte > 0x7E) {
            result += fmt::format("\\x{:02x}", byte);
        } else {
            result += c;
        }
    }
    return result;
}

} // namespace simprof
