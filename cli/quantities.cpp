// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/quantities.h"

#include "sim_core/error.h"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <utility>

namespace simprof::cli {
namespace {

using Suffix = std::pair<std::string_view, double>;

/// A number above 0 with one of the suffixes, of which the empty one comes last.
template<std::size_t n>
std::optional<double> number(std::string_view text, const std::array<Suffix, n>& suffixes) {
    for (const auto& [suffix, factor] : suffixes) {
        if (!text.ends_with(suffix)) {
            continue;
        }
        text.remove_suffix(suffix.size());
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool whole = error == std::errc{} && end == text.data() + text.size();
        return whole && value > 0 && value * factor <= 1e15 ? std::optional(value * factor) : std::nullopt;
    }
    return std::nullopt;
}

} // namespace

Bytes parseBytes(const std::string& text, const char* option) {
    constexpr double kKibi = 1024;
    static constexpr std::array<Suffix, 7> kSuffixes = {{{"KiB", kKibi},
                                                         {"MiB", kKibi * kKibi},
                                                         {"GiB", kKibi * kKibi * kKibi},
                                                         {"K", kKibi},
                                                         {"M", kKibi * kKibi},
                                                         {"G", kKibi * kKibi * kKibi},
                                                         {"", 1}}};
    const auto bytes = number(text, kSuffixes);
    if (!bytes || *bytes < 1) {
        throw Error(fmt::format("{} takes a number of bytes such as 65536, 64KiB or 2GiB, not '{}'", option, text));
    }
    return static_cast<Bytes>(*bytes);
}

double parseDuration(const std::string& text, const char* option) {
    static constexpr std::array<Suffix, 4> kSuffixes = {{{"s", 1}, {"m", 60}, {"h", 3600}, {"", 1}}};
    const auto seconds = number(text, kSuffixes);
    if (!seconds) {
        throw Error(fmt::format("{} takes a time such as 90s, 5m or 1.5h, not '{}'", option, text));
    }
    return *seconds;
}

} // namespace simprof::cli
