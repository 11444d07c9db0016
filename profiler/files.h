// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace simprof {

/// Hears how many bytes of how many are read (0: nobody knows how many); false ends the reading.
using ReadProgress = std::function<bool(std::size_t bytes, std::size_t whole)>;

/// The whole content of a file, or what was read when `goOn` ended it; throws Error that says why it cannot be read.
std::string readFile(const std::filesystem::path& path, const ReadProgress& goOn = {});

/// Replaces the file's content whole or not at all (a temporary file beside it, then a rename); a terminal, pipe or
/// other device is written directly. Throws Error that says why it cannot be written.
void writeFile(const std::filesystem::path& path, std::string_view content);

/// Throws what writeFile would throw for want of a folder or of rights; for use before long work.
void ensureWritable(const std::filesystem::path& path);

} // namespace simprof
