// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/text/quantity.h"

#include <charconv>
#include <cmath>

namespace simprof {

std::optional<double> quantityOf(std::string_view text, std::span<const UnitFactor> units) {
    for (const UnitFactor& unit : units) {
        if (!text.ends_with(unit.name)) {
            continue;
        }
        const std::string_view number = text.substr(0, text.size() - unit.name.size());
        double value = 0;
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
        if (error == std::errc{} && end == number.data() + number.size() && std::isfinite(value)) {
            return value * unit.factor;
        }
    }
    return std::nullopt;
}

std::string listOfUnits(std::span<const UnitFactor> units) {
    std::string list;
    for (const UnitFactor& unit : units) {
        list += (list.empty() ? "" : ", ") + std::string(unit.name);
    }
    return list;
}

} // namespace simprof
