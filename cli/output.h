// SPDX-License-Identifier: GPL-2.0-or-later
/// Standard output and standard error of the command line.
#pragma once
#include "profiler/report/table.h"

#include <string>
#include <string_view>
#include <vector>

namespace simprof::cli {

/// Occupies standard input, output and error where they are closed, so that no file that is opened takes their place.
void reserveStandardStreams();

/// Writes to standard output; throws Error when that fails. Once the reader has closed the pipe, output is dropped
/// quietly.
void print(std::string_view text);

/// Writes "simprof: text" as a line to standard error; failures are nobody's business.
void complain(std::string_view text);

/// Writes raw text to standard error.
void printError(std::string_view text);

/// Colour and width of standard output: colour only on a terminal that wants it, 120 columns where there is no
/// terminal.
TextStyle outputStyle(bool noColour);

/// Appends a section to the summary of the GitHub workflow's step, when run in one.
void appendStepSummary(std::string_view markdown);

/// A file that is written, and the option that names it.
struct OutputFile {
    std::string option;
    std::string path; ///< "" when the option was not given
};

/// Throws Error when an output is one of the inputs, or two outputs are one file.
void refuseOverwriting(const std::vector<std::string>& inputs, const std::vector<OutputFile>& outputs);

/// Whether this runs in a GitHub workflow.
bool inGithubWorkflow();

} // namespace simprof::cli
