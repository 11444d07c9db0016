// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/json/text.h"

namespace simprof {

CodePoint decodeUtf8(std::string_view text) {
    constexpr CodePoint kInvalid{0xFFFD, 1};
    const auto byteAt = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byteAt(0);
    if (lead < 0x80) {
        return {lead, 1};
    }
    const unsigned length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) {
        return kInvalid;
    }
    std::uint32_t value = lead & (0x7Fu >> length);
    for (unsigned i = 1; i < length; ++i) {
        if ((byteAt(i) & 0xC0) != 0x80) {
            return kInvalid;
        }
        value = value << 6 | (byteAt(i) & 0x3Fu);
    }
    constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < kSmallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return kInvalid;
    }
    return {value, length};
}

void appendUtf8(std::string& out, std::uint32_t value) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (value < 0x80) {
        put(value);
    } else if (value < 0x800) {
        put(0xC0 | value >> 6);
        put(0x80 | (value & 0x3F));
    } else if (value < 0x10000) {
        put(0xE0 | value >> 12);
        put(0x80 | (value >> 6 & 0x3F));
        put(0x80 | (value & 0x3F));
    } else {
        put(0xF0 | value >> 18);
        put(0x80 | (value >> 12 & 0x3F));
        put(0x80 | (value >> 6 & 0x3F));
        put(0x80 | (value & 0x3F));
    }
}

} // namespace simprof
