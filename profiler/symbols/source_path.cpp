// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/symbols/source_path.h"

#include <algorithm>
#include <fstream>
#include <system_error>

namespace simprof {
namespace {

using Parts = std::vector<std::string>;

constexpr std::uintmax_t kLargestSource = 16 << 20;

/// The parts of a path with '.' and '..' resolved as far as they can be; a leading '/' or drive is no part. Both kinds
/// of slash count: compilers on Windows write either.
Parts partsOf(const std::string& path) {
    Parts parts;
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find_first_of("/\\", begin), path.size());
        const std::string part = path.substr(begin, end - begin);
        begin = end + 1;
        if (part == "..") {
            if (!parts.empty()) {
                parts.pop_back();
            }
        } else if (!part.empty() && part != ".") {
            parts.push_back(part);
        }
    }
    return parts;
}

bool isAbsolute(const std::string& path) {
    const bool drive = path.size() > 2 && path[1] == ':' && (path[2] == '/' || path[2] == '\\');
    return drive || (!path.empty() && (path[0] == '/' || path[0] == '\\'));
}

std::string joined(const Parts& parts, std::size_t first) {
    std::string text;
    for (std::size_t i = first; i < parts.size(); ++i) {
        text += (i == first ? "" : "/") + parts[i];
    }
    return text;
}

std::optional<std::vector<std::string>> readLines(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error) || std::filesystem::file_size(path, error) > kLargestSource ||
        error) {
        return std::nullopt;
    }
    std::ifstream stream(path);
    if (!stream) {
        return std::nullopt;
    }
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) {
        if (!line.empty() && line.back() == '\r') {
            line.pop_back();
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

} // namespace

std::string reportedSourcePath(const std::string& path, const std::string& compilationFolder) {
    const Parts parts = partsOf(path);
    if (parts.empty()) {
        return "";
    }
    if (!isAbsolute(path)) {
        return joined(parts, 0);
    }
    const Parts folder = isAbsolute(compilationFolder) ? partsOf(compilationFolder) : Parts{};
    const auto differ = std::mismatch(parts.begin(), parts.end() - 1, folder.begin(), folder.end());
    const auto shared = static_cast<std::size_t>(differ.first - parts.begin());
    // One shared part, such as "home" or "usr", says only that both are on the same machine.
    if (shared >= 2 || (shared == 1 && folder.size() == 1)) {
        return joined(parts, shared);
    }
    return joined(parts, parts.size() > 2 ? parts.size() - 2 : 0);
}

std::optional<std::vector<std::string>> SourceFinder::lines(const std::string& file) const {
    const Parts parts = partsOf(file);
    for (std::size_t skipped = 0; skipped < parts.size(); ++skipped) {
        for (const std::filesystem::path& root : m_roots) {
            if (auto text = readLines(root / joined(parts, skipped))) {
                return text;
            }
        }
    }
    return std::nullopt;
}

} // namespace simprof
