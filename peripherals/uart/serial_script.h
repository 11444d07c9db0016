// SPDX-License-Identifier: GPL-2.0-or-later
/// Scripts that talk to a UART the way a patient user does: send this, wait for that.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// One line of a script.
struct ScriptStep {
    enum class Kind : std::uint8_t { Send, Expect, Wait };
    Kind kind = Kind::Send;
    unsigned line = 0;
    std::string text;              ///< to send or to wait for, escapes resolved
    std::uint64_t nanoseconds = 0; ///< how long to wait; of Expect: at most
    bool operator==(const ScriptStep&) const = default;
};

/// How long `expect` waits when the script names no `timeout`, in simulated seconds.
inline constexpr double kDefaultExpectSeconds = 10;

/// Parses lines of `send TEXT`, `expect TEXT`, `wait MILLISECONDS`, `timeout SECONDS` (for the `expect`s that follow),
/// empty lines and comments (#). TEXT runs to the end of the line; \r \n \t \\ \xHH are escapes. Throws Error with
/// `name` and the line.
std::vector<ScriptStep> parseScript(std::string_view text, std::string_view name);

/// The text with \r, \n and unprintable characters written as a script would write them.
std::string escaped(std::string_view text);

} // namespace simprof
