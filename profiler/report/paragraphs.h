// SPDX-License-Identifier: GPL-2.0-or-later
/// Headings and paragraphs of the text report.
#pragma once
#include "profiler/report/table.h"

#include <string>

namespace simprof {

/// A title on a line of its own, with a blank line above it.
std::string heading(const TextStyle& style, const std::string& title, const std::string& note = "");

/// A paragraph beside a label, wrapped to the line's width; a label is shorter than its column.
std::string labelled(const TextStyle& style, const std::string& label, const std::string& text,
                     std::size_t labelWidth = 10);

} // namespace simprof
