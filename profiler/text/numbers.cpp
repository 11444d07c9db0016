// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/text/numbers.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace simprof {
namespace {

/// Puts separators into the run of digits [0, end).
std::string withSeparators(std::string digits, std::size_t end) {
    for (std::size_t at = end; at > 3;) {
        at -= 3;
        digits.insert(at, 1, ',');
    }
    return digits;
}

std::string scaled(double number, const char* small, const char* middle, const char* large) {
    if (number < 1 && number > 0) {
        return threeDigits(number * 1000) + small;
    }
    if (number < 1000) {
        return threeDigits(number) + middle;
    }
    return threeDigits(number / 1000) + large;
}

} // namespace

std::string grouped(std::uint64_t number) {
    const std::string digits = fmt::format("{}", number);
    return withSeparators(digits, digits.size());
}

std::string signedGrouped(std::int64_t number) {
    if (number == 0) {
        return "0";
    }
    const std::uint64_t size =
        number < 0 ? ~static_cast<std::uint64_t>(number) + 1 : static_cast<std::uint64_t>(number);
    return (number < 0 ? "-" : "+") + grouped(size);
}

std::string fixed(double number, int digits) {
    const std::string text = fmt::format("{:.{}f}", std::abs(number), digits);
    const bool negative = number < 0 && text.find_first_not_of("0.") != std::string::npos;
    return (negative ? "-" : "") + withSeparators(text, std::min(text.find('.'), text.size()));
}

std::string signedFixed(double number, int digits) {
    const std::string text = fixed(number, digits);
    return text.starts_with("-") ? text : "+" + text;
}

std::string changeText(double percent, bool fromNothing) {
    if (fromNothing) {
        return "new";
    }
    if (percent != 0 && std::abs(percent) < 0.005) {
        return percent > 0 ? "<+0.01" : ">-0.01";
    }
    return signedFixed(percent, 2);
}

std::string threeDigits(double number) {
    const double size = std::abs(number);
    if (size == 0) {
        return "0";
    }
    if (size < 0.001) {
        return fmt::format("{:.2g}", number);
    }
    return fixed(number, size < 0.1 ? 4 : size < 1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0);
}

std::string humanTime(double microseconds) {
    if (microseconds >= 1e6) {
        return threeDigits(microseconds / 1e6) + " s";
    }
    return scaled(microseconds, " ns", " µs", " ms");
}

std::string humanEnergy(double microjoules) {
    if (microjoules >= 1e6) {
        return threeDigits(microjoules / 1e6) + " J";
    }
    return scaled(microjoules, " nJ", " µJ", " mJ");
}

std::string humanPower(double microwatts) {
    return microwatts < 1000  ? threeDigits(microwatts) + " µW"
           : microwatts < 1e6 ? threeDigits(microwatts / 1000) + " mW"
                              : threeDigits(microwatts / 1e6) + " W";
}

std::string humanDays(double days) {
    if (days <= 0) {
        return "–";
    }
    return days < 2     ? threeDigits(days * 24) + " h"
           : days < 730 ? threeDigits(days) + " days"
                        : threeDigits(days / 365.25) + " years";
}

std::string humanFrequency(Hertz hertz) {
    const auto number = static_cast<double>(hertz);
    if (hertz >= 1'000'000) {
        return fmt::format("{} MHz", number / 1e6);
    }
    if (hertz >= 1'000) {
        return fmt::format("{} kHz", number / 1e3);
    }
    return fmt::format("{} Hz", hertz);
}

std::string percentText(double part, double whole) {
    const double percent = percentOf(part, whole);
    if (percent > 0 && percent < 0.05) {
        return "<0.1";
    }
    return fixed(percent, 1);
}

std::string hexAddress(Address address) { return fmt::format("0x{:08X}", address); }

std::string shapeText(const std::vector<std::int32_t>& shape) { return fmt::format("{}", fmt::join(shape, "x")); }

std::string humanCount(std::uint64_t count) {
    const auto number = static_cast<double>(count);
    if (count < 10'000) {
        return grouped(count);
    }
    if (count < 1'000'000) {
        return threeDigits(number / 1e3) + " k";
    }
    return count < 1'000'000'000 ? threeDigits(number / 1e6) + " M" : threeDigits(number / 1e9) + " G";
}

std::string bytesText(Bytes bytes) {
    const char* unit = "B";
    for (const char* larger : {"KiB", "MiB", "GiB"}) {
        if (bytes == 0 || bytes % 1024 != 0) {
            break;
        }
        bytes /= 1024;
        unit = larger;
    }
    return fmt::format("{} {}", grouped(bytes), unit);
}

double percentOf(double part, double whole) { return whole > 0 ? 100.0 * part / whole : 0; }

} // namespace simprof
