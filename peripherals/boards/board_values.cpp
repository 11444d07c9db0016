// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/board_values.h"

#include "sim_core/mcu_family_names.h"

#include <fmt/format.h>

#include <charconv>

namespace simprof {
namespace {

std::optional<unsigned> hexDigit(char c) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(&c, &c + 1, value, 16);
    return error == std::errc{} && end == &c + 1 ? std::optional(value) : std::nullopt;
}

} // namespace

std::vector<std::string_view> coreNames() {
    std::vector<std::string_view> names;
    for (const CoreKind* core : kCores) {
        names.emplace_back(core->name);
    }
    return names;
}

const char* coreChoices() {
    static const std::string kText = [] {
        std::vector<std::string_view> names = coreNames();
        const std::string_view last = names.back();
        names.pop_back();
        return fmt::format("{} or {}", fmt::join(names, ", "), last);
    }();
    return kText.c_str();
}

const char* mcuFamilyHelp() {
    static const std::string kText = "some behaviours differ by family: " + listOfNames<McuFamily>();
    return kText.c_str();
}

std::string bytesAsHex(const std::vector<std::uint8_t>& bytes) {
    std::size_t used = bytes.size();
    while (used > 0 && bytes[used - 1] == 0) {
        --used;
    }
    std::string out;
    for (std::size_t i = 0; i < used; ++i) {
        out += fmt::format("{:02x}", bytes[i]);
    }
    return out;
}

std::optional<std::vector<std::uint8_t>> bytesFromHex(std::string_view text) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = hexDigit(text[i]);
        const auto low = i + 1 < text.size() ? hexDigit(text[i + 1]) : std::nullopt;
        if (!high || !low) {
            return std::nullopt;
        }
        bytes.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
    }
    return bytes;
}

std::optional<std::int64_t> numberFrom(std::string_view text) {
    std::int64_t scale = 1;
    if (text.ends_with('K') || text.ends_with('M')) {
        scale = text.ends_with('K') ? 1024 : 1024 * 1024;
        text.remove_suffix(1);
    }
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    if (hexadecimal) {
        text.remove_prefix(2);
    }
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal ? 16 : 10);
    const bool good = error == std::errc{} && end == text.data() + text.size() && value <= (std::int64_t{1} << 40) &&
                      value >= -(std::int64_t{1} << 40);
    return good ? std::optional(value * scale) : std::nullopt;
}

} // namespace simprof
