// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace simprof::test {

/// The whole file; empty when it cannot be read.
inline std::vector<std::byte> readFile(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const auto* first = reinterpret_cast<const std::byte*>(text.data());
    return {first, first + text.size()};
}

/// A network of this project, made by the build.
inline std::filesystem::path ownNetwork(const std::string& name) {
    return std::filesystem::path(SIMPROF_BINARY_DIR) / "models" / (name + ".tflite");
}

/// A trained network that stands beside the project; it may be absent.
inline std::filesystem::path realNetwork(const std::string& file) {
    return std::filesystem::path(SIMPROF_SOURCE_DIR) / "../shared/models" / file;
}

} // namespace simprof::test
