// SPDX-License-Identifier: GPL-2.0-or-later
/// Qt strings of the numbers that the command line prints (profiler/text): never formatted here a second
/// way.
#pragma once
#include "profiler/profile.h"
#include "profiler/text/names.h"
#include "profiler/text/numbers.h"

#include <QString>

#include <string>

namespace simprof::gui {

inline QString qt(const std::string& text) { return QString::fromStdString(text); }
inline QString count(std::uint64_t number) { return qt(grouped(number)); }
inline QString bytesText(Bytes bytes) { return qt(grouped(bytes)) + QStringLiteral(" B"); }
inline QString timeText(double microseconds) { return qt(humanTime(microseconds)); }
inline QString energyText(double microjoules) { return qt(humanEnergy(microjoules)); }
inline QString addressText(Address address) { return qt(hexAddress(address)); }
/// "12.3 %".
inline QString shareText(double part, double whole) { return qt(percentText(part, whole)) + QStringLiteral(" %"); }
/// A power: "12.3 µW", "4.56 mW".
inline QString powerText(double microwatts) { return qt(humanPower(microwatts)); }
/// The same of a span of time, of which nothing may be known.
inline QString powerText(const std::optional<double>& microwatts) {
    return microwatts ? powerText(*microwatts) : QStringLiteral("unknown power");
}
/// A size for axes and tiles, powers of 1024: "18.3 KiB", "640 B".
inline QString sizeText(Bytes bytes) {
    const auto number = static_cast<double>(bytes);
    return bytes < 1024          ? qt(grouped(bytes)) + QStringLiteral(" B")
           : bytes < 1024 * 1024 ? qt(threeDigits(number / 1024)) + QStringLiteral(" KiB")
                                 : qt(threeDigits(number / (1024 * 1024))) + QStringLiteral(" MiB");
}

/// A C++ function's name without namespaces and arguments: "ConvEval".
inline QString functionText(const FunctionInfo& function) { return qt(shortName(function.name, Short::BareFunction)); }
/// A layer by its number and operator: "3  CONV_2D".
inline QString layerText(const LayerInfo& layer) {
    return QStringLiteral("%1  %2").arg(layer.id).arg(qt(layer.op.empty() ? layer.name : layer.op));
}

} // namespace simprof::gui
