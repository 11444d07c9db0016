// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace simprof {

/// The name under which a source file is reported: relative to the folder that the program was compiled in, or to the
/// nearest folder that both share, without a trace of where on the host that was. Of files from elsewhere (a
/// toolchain's library) only the last two parts remain.
std::string reportedSourcePath(const std::string& path, const std::string& compilationFolder);

/// Finds the text of source files under folders that the user names (`--source-root`).
class SourceFinder {
public:
    explicit SourceFinder(std::vector<std::filesystem::path> roots)
        : m_roots(std::move(roots)) {}

    /// The lines of a file named as reportedSourcePath does. The whole name is tried under each root first, then
    /// without its leading folders one by one; nothing when it is not found, not readable or larger than 16 MiB.
    std::optional<std::vector<std::string>> lines(const std::string& file) const;

private:
    std::vector<std::filesystem::path> m_roots;
};

} // namespace simprof
