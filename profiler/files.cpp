// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/files.h"

#include "sim_core/error.h"
#include "sim_core/host/new_file.h"

#include <cstring>
#include <fmt/format.h>

namespace simprof {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
    throw Error(fmt::format("cannot write '{}': {}", path.string(), std::strerror(error)));
}

} // namespace

void writeFile(const std::filesystem::path& path, std::string_view content) {
    NewFile file(path);
    if (file.error() == 0) {
        file.write(content);
        file.finish();
    }
    if (file.error() != 0) {
        fail(path, file.error());
    }
}

void ensureWritable(const std::filesystem::path& path) {
    if (const int error = whyNotWritable(path); error != 0) {
        fail(path, error);
    }
}

} // namespace simprof
