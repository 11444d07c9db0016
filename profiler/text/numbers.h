// SPDX-License-Identifier: GPL-2.0-or-later
/// Numbers for people: the same in every format, locale and terminal.
#pragma once
#include "sim_core/units.h"

#include <string>
#include <vector>

namespace simprof {

/// 1234567 -> "1,234,567".
std::string grouped(std::uint64_t number);

/// With a sign: "+1,234", "-5", "0".
std::string signedGrouped(std::int64_t number);

/// `digits` behind the point, thousands grouped: 1234.5 -> "1,234.50".
std::string fixed(double number, int digits);

/// The same with a sign: "+1,234.50".
std::string signedFixed(double number, int digits);

/// A change in percent: "+0.91", "<+0.01" where that is no change but small, "new" where there was nothing before.
std::string changeText(double percent, bool fromNothing = false);

/// As many digits as say something: 0.0123, 1.23, 12.3, 123, 1,235.
std::string threeDigits(double number);

/// "812 µs", "34.5 ms", "1.23 s".
std::string humanTime(double microseconds);

/// "812 nJ", "34.5 µJ", "1.23 mJ".
std::string humanEnergy(double microjoules);

/// "12.3 µW", "4.56 mW".
std::string humanPower(double microwatts);

/// "5.50 h", "34.2 days", "2.10 years"; "–" for none.
std::string humanDays(double days);

/// "216 MHz", "32.768 kHz".
std::string humanFrequency(Hertz hertz);

/// "12.3" for 12.3 %; "0" only when it is nothing, "<0.1" when it is little.
std::string percentText(double part, double whole);

/// "4 MiB", "1,000 B": in the largest unit that divides it.
std::string bytesText(Bytes bytes);

/// "0x08000200".
std::string hexAddress(Address address);

/// {1, 25, 5, 64} -> "1x25x5x64".
std::string shapeText(const std::vector<std::int32_t>& shape);

/// "288", "2.66 M", "1.20 G".
std::string humanCount(std::uint64_t count);

/// `part` / `whole` in percent; 0 when there is no whole.
double percentOf(double part, double whole);

} // namespace simprof
