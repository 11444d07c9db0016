// SPDX-License-Identifier: GPL-2.0-or-later
/// What is said of a command line: its help, and what is wrong with it.
#pragma once
#include <CLI/CLI.hpp>

#include <string>

namespace simprof::cli {

/// Examples and exit codes, below the options.
std::string helpFooter(const char* examples);

/// One sentence about a command line that the parser refused, with where to read on.
std::string usageError(const CLI::App& app, const CLI::ParseError& error);

/// Throws Error for what the parser lets through: empty values, and options in front of a verb, which would be lost.
void checkUsage(const CLI::App& app);

} // namespace simprof::cli
