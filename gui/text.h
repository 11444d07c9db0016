// SPDX-License-Identifier: GPL-2.0-or-later
/// Qt strings of the numbers that the command line prints (profiler/report/numbers.h): never formatted here a second
/// way.
#pragma once
#include "profiler/report/numbers.h"

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
inline QString powerText(double microwatts) {
    return microwatts < 1000  ? qt(threeDigits(microwatts)) + QStringLiteral(" µW")
           : microwatts < 1e6 ? qt(threeDigits(microwatts / 1000)) + QStringLiteral(" mW")
                              : qt(threeDigits(microwatts / 1e6)) + QStringLiteral(" W");
}
/// A size for axes and tiles, powers of 1024: "18.3 KiB", "640 B".
inline QString sizeText(Bytes bytes) {
    const auto number = static_cast<double>(bytes);
    return bytes < 1024          ? qt(grouped(bytes)) + QStringLiteral(" B")
           : bytes < 1024 * 1024 ? qt(threeDigits(number / 1024)) + QStringLiteral(" KiB")
                                 : qt(threeDigits(number / (1024 * 1024))) + QStringLiteral(" MiB");
}

/// The end of a tensor's name, which tells it from the others: of "a/b/Relu;a/b/BiasAdd" "b/BiasAdd".
QString shortTensorName(const QString& name);
/// A C++ function's name without namespaces and arguments: "ConvEval".
QString shortName(const QString& name);

} // namespace simprof::gui
