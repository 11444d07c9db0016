// SPDX-License-Identifier: GPL-2.0-or-later
/// Names come from firmware and are not trusted: each format has its escape, and all begin with plain().
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace simprof {

/// One line that no terminal obeys: control characters, line breaks and direction overrides become spaces or go; valid
/// UTF-8.
std::string plain(std::string_view text);

/// The same for text of several lines: line breaks and tabs stay.
std::string plainLines(std::string_view text);

/// Text or attribute value of HTML, SVG and XML.
std::string escapeHtml(std::string_view text);

/// Text of Markdown, inside a table too.
std::string escapeMarkdown(std::string_view text);

/// A field of CSV, quoted where needed; a text that a spreadsheet would take for a formula gets a leading apostrophe.
std::string escapeCsv(std::string_view text);

/// The message of a GitHub workflow command; its line breaks stay.
std::string escapeWorkflow(std::string_view text);
/// A property of a GitHub workflow command, such as its title.
std::string escapeWorkflowProperty(std::string_view text);

/// Columns that a terminal needs for one line.
std::size_t displayWidth(std::string_view line);

/// `line` cut at its beginning to at most `width` columns, with an ellipsis; for paths.
std::string shortenLeft(std::string_view line, std::size_t width);

/// `line` cut in its middle to at most `width` columns, with an ellipsis.
std::string shorten(std::string_view line, std::size_t width);

} // namespace simprof
