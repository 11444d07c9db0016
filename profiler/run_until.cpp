// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/run_until.h"

#include "profiler/profile_run.h"
#include "profiler/report/suggest.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"
#include "sim_core/error.h"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace simprof {
namespace {

constexpr double kShortestTime = 1e-9; ///< seconds
constexpr double kLongestTime = 1e9;   ///< seconds; nanoseconds are counted in 64 bits

template<class T>
std::optional<T> number(std::string_view text, int base = 10) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// "20ms", "1.5s", "0.5": seconds.
std::optional<double> seconds(std::string_view text) {
    static constexpr auto kUnits = std::to_array<std::pair<std::string_view, double>>(
        {{"ns", 1e-9}, {"us", 1e-6}, {"µs", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"", 1}});
    for (const auto& [unit, factor] : kUnits) {
        if (!text.ends_with(unit)) {
            continue;
        }
        text.remove_suffix(unit.size());
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        const double time = value * factor;
        return error == std::errc{} && end == text.data() + text.size() && time >= kShortestTime && time <= kLongestTime
                   ? std::optional(time)
                   : std::nullopt;
    }
    return std::nullopt;
}

/// Whether a function's name without parameters is `text`, or ends in it behind "::".
bool isShortFor(const std::string& text, const std::string& name) {
    const std::string title = shortName(name, Short::Function);
    return title == text || title.ends_with("::" + text);
}

} // namespace

void parseUntil(const std::string& text, RunOptions& options) {
    const std::size_t colon = text.find(':');
    const bool isSymbol = colon == std::string::npos || text.compare(colon, 2, "::") == 0;
    const std::string key = text.substr(0, colon);
    const std::string value = isSymbol ? "" : text.substr(colon + 1);
    const auto bad = [&text](const char* what) { return Error(fmt::format("--until {}: {}", text, what)); };
    if (text == "exit") {
        options.untilExit = true;
    } else if (isSymbol) {
        options.untilSymbol = text;
    } else if (key == "inferences") {
        options.untilInferences = number<std::uint32_t>(value);
        if (options.untilInferences.value_or(0) == 0) {
            throw bad("the number of inferences is a whole number from 1 on");
        }
    } else if (key == "cycles") {
        options.untilCycles = number<Cycles>(value);
        if (options.untilCycles.value_or(0) == 0) {
            throw bad("the number of cycles is a whole number from 1 on");
        }
    } else if (key == "time") {
        options.untilSeconds = seconds(value);
        if (!options.untilSeconds) {
            throw bad("the time is simulated time from 1 ns on, such as time:20ms or time:1.5s");
        }
    } else {
        throw Error(fmt::format("there is no '--until {}:'{}: it is one of inferences:N, cycles:N, time:T, exit, a "
                                "symbol or an address",
                                key, didYouMean(key, {"inferences", "cycles", "time"})));
    }
}

Address symbolAddress(const SymbolTable& symbols, const std::string& text, const std::string& firmware,
                      const std::string& option, const std::string& orElse) {
    if (const Symbol* symbol = symbols.find(text)) {
        return symbol->begin;
    }
    if (text.starts_with("0x") || text.starts_with("0X")) {
        if (const auto address = number<Address>(std::string_view(text).substr(2), 16)) {
            return *address;
        }
        throw Error(fmt::format("{} {}: an address is 0x and up to eight hexadecimal digits", option, text));
    }
    const Symbol* found = nullptr;
    std::vector<std::string> names;
    std::set<std::string> meant;
    for (const Symbol& symbol : symbols.symbols()) {
        if (symbol.kind != Symbol::Kind::Function) {
            continue;
        }
        names.push_back(shortName(symbol.name, Short::Function));
        if (isShortFor(text, symbol.name)) {
            found = &symbol;
            meant.insert(symbol.name);
        }
    }
    if (meant.size() > 1) {
        throw Error(fmt::format("{} {}: give more of the name, it may be {}", option, text, fmt::join(meant, ", ")));
    }
    if (found == nullptr) {
        throw Error(fmt::format("{} {}: {} has no such symbol{}; give {}", option, text, firmware,
                                didYouMean(text, names), orElse));
    }
    return found->begin;
}

} // namespace simprof
