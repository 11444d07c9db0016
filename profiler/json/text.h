// SPDX-License-Identifier: GPL-2.0-or-later
/// UTF-8 that came from outside: firmware names, console output, tensor names. Nothing here trusts its input.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace simprof {

/// One decoded code point; an invalid byte decodes as U+FFFD of length 1.
struct CodePoint {
    std::uint32_t value = 0;
    unsigned length = 1; ///< bytes consumed
};

/// Decodes the first code point of `text`, which must not be empty; overlong forms and surrogates count as invalid.
CodePoint decodeUtf8(std::string_view text);

/// Appends `value` as UTF-8.
void appendUtf8(std::string& out, std::uint32_t value);

} // namespace simprof
