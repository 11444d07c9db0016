// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/host/read_file.h"

#include <filesystem>
#include <string_view>

namespace simprof {

/// Replaces the file's content whole or not at all (a temporary file beside it, then a rename); a terminal, pipe or
/// other device is written directly. Throws Error that says why it cannot be written.
void writeFile(const std::filesystem::path& path, std::string_view content);

/// Throws what writeFile would throw for want of a folder or of rights; for use before long work.
void ensureWritable(const std::filesystem::path& path);

} // namespace simprof
