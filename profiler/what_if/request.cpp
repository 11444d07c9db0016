// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/what_if/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>

namespace simprof {

namespace {

constexpr auto kThings = std::to_array<std::string_view>({"weights", "arena", "stack", "vectors"});
constexpr auto kPrefixes = std::to_array<std::string_view>({"fn:", "weights:", "tensor:"});
constexpr auto kSettings = std::to_array<std::string_view>(
    {"wait-states", "icache", "dcache", "prefetch", "clock", "icache-size", "dcache-size"});

/// A number and the unit behind it, by a table of factors.
struct Factor {
    std::string_view name;
    double factor;
};

std::optional<double> quantity(const std::string& text, std::span<const Factor> units) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view name(end, static_cast<std::size_t>(text.data() + text.size() - end));
    const auto unit = std::ranges::find(units, name, &Factor::name);
    if (error != std::errc{} || unit == units.end() || !(number >= 0)) {
        return std::nullopt;
    }
    return number * unit->factor;
}

} // namespace

Error WhatIfRequest::refused(std::string_view why) const { return Error(fmt::format("--what-if {}: {}", text, why)); }

std::vector<WhatIfRequest> parseRequests(const std::vector<std::string>& texts) {
    std::vector<WhatIfRequest> requests;
    for (const std::string& text : texts) {
        const std::size_t equals = text.rfind('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
            throw Error(
                fmt::format("--what-if takes SELECT=CHANGE such as fn:conv*=itcm or clock=80MHz, not '{}'", text));
        }
        if (text.starts_with("shift=")) {
            throw Error(fmt::format(
                "--what-if {} prints a table of its own: it is for 'simprof FIRMWARE' alone, without -o", text));
        }
        WhatIfRequest request{text, text.substr(0, equals), text.substr(equals + 1)};
        if (!placesSomething(request) && std::ranges::count(kSettings, request.select) == 0) {
            throw request.refused(
                fmt::format("'{}' is neither fn:GLOB, weights, weights:N, tensor:NAME, arena, stack, vectors or "
                            "0xA..0xB, which can be placed, nor a setting: {}",
                            request.select, fmt::join(kSettings, ", ")));
        }
        requests.push_back(std::move(request));
    }
    return requests;
}

bool placesSomething(const WhatIfRequest& request) {
    const std::string_view select = request.select;
    return std::ranges::count(kThings, select) != 0 || select.starts_with("0x") ||
           std::ranges::any_of(kPrefixes, [&](std::string_view prefix) {
               return select.starts_with(prefix) && select.size() > prefix.size();
           });
}

Address addressOf(const WhatIfRequest& request) {
    Address address = 0;
    const char* const last = request.change.data() + request.change.size();
    const auto [end, error] = std::from_chars(request.change.data() + std::string_view("0x").size(), last, address, 16);
    if (error != std::errc{} || end != last) {
        throw request.refused(fmt::format("'{}' is no address such as 0x20010000", request.change));
    }
    return address;
}

bool switchOf(const WhatIfRequest& request) {
    if (request.change != "on" && request.change != "off") {
        throw request.refused(fmt::format("it takes on or off, not '{}'", request.change));
    }
    return request.change == "on";
}

unsigned countOf(const WhatIfRequest& request) {
    constexpr unsigned kMost = 15; // LATENCY has four bits at most (RM0385 3.7.1)
    unsigned number = 0;
    const char* const last = request.change.data() + request.change.size();
    const auto [end, error] = std::from_chars(request.change.data(), last, number);
    if (error != std::errc{} || end != last || number > kMost) {
        throw request.refused(fmt::format("it takes a number from 0 to {}, not '{}'", kMost, request.change));
    }
    return number;
}

Hertz hertzOf(const WhatIfRequest& request) {
    constexpr auto kUnits = std::to_array<Factor>({{"", 1}, {"Hz", 1}, {"kHz", 1e3}, {"MHz", 1e6}, {"GHz", 1e9}});
    const auto hertz = quantity(request.change, kUnits);
    if (!hertz || !(*hertz >= 1) || *hertz > 1e10) {
        throw request.refused(fmt::format("it takes a frequency such as 80MHz, not '{}'", request.change));
    }
    return static_cast<Hertz>(std::llround(*hertz));
}

Bytes sizeOf(const WhatIfRequest& request) {
    constexpr auto kUnits = std::to_array<Factor>(
        {{"", 1}, {"B", 1}, {"K", 1024}, {"KB", 1024}, {"KiB", 1024}, {"M", 1048576}, {"MiB", 1048576}});
    const auto bytes = quantity(request.change, kUnits);
    if (!bytes || *bytes > 1e9) {
        throw request.refused(fmt::format("it takes a size such as 16K, not '{}'", request.change));
    }
    return static_cast<Bytes>(*bytes);
}

} // namespace simprof
