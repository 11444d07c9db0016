// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

namespace simprof {

/// Hears how many bytes of how many are read (0: nobody knows how many); false ends the reading.
using ReadProgress = std::function<bool(std::size_t bytes, std::size_t whole)>;

/// The whole content of a file, or what was read when `goOn` ended it; throws Error that says why it cannot be read.
std::string readFile(const std::filesystem::path& path, const ReadProgress& goOn = {});

/// The same of a file that people write or a microcontroller's maker gives away: of more than 64 MiB it reads nothing.
std::string readSmallFile(const std::filesystem::path& path);

/// Whether there is something to read at `path`: a file, a pipe, a device, but no folder.
bool isSomeFile(const std::filesystem::path& path);

} // namespace simprof
