// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/files.h"

#include "sim_core/error.h"
#include "sim_core/file_descriptor.h"
#include "sim_core/host/new_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace simprof {
namespace {

[[noreturn]] void fail(const char* verb, const std::filesystem::path& path, int error) {
    throw Error(fmt::format("cannot {} '{}': {}", verb, path.string(), std::strerror(error)));
}

/// No profile, budget or network is longer; a device may have no end.
constexpr std::size_t kLongestFile = std::size_t{4} << 30;
constexpr std::size_t kLongestStream = std::size_t{256} << 20;

[[noreturn]] void failTooLong(const std::filesystem::path& path, std::size_t limit) {
    throw Error(
        fmt::format("'{}' is longer than {} MiB: it is nothing that simprof reads", path.string(), limit >> 20));
}

} // namespace

std::string readFile(const std::filesystem::path& path, const ReadProgress& goOn) {
    FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
        fail("read", path, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        fail("read", path, EISDIR);
    }
    const std::size_t limit = S_ISREG(status.st_mode) ? kLongestFile : kLongestStream;
    const std::size_t whole = S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0;
    if (whole > limit) {
        failTooLong(path, limit);
    }
    std::string content;
    content.reserve(whole + 1);
    constexpr std::size_t kChunk = std::size_t{1} << 20;
    for (;;) {
        const std::size_t had = content.size();
        content.resize(had + kChunk);
        const ssize_t got = ::read(file.get(), content.data() + had, kChunk);
        content.resize(had + static_cast<std::size_t>(got > 0 ? got : 0));
        if (got < 0 && errno != EINTR) {
            fail("read", path, errno);
        }
        if (got == 0 || (goOn && !goOn(content.size(), whole))) {
            return content;
        }
        if (content.size() > limit) {
            failTooLong(path, limit);
        }
    }
}

void writeFile(const std::filesystem::path& path, std::string_view content) {
    NewFile file(path);
    if (file.error() == 0) {
        file.write(content);
        file.finish();
    }
    if (file.error() != 0) {
        fail("write", path, file.error());
    }
}

void ensureWritable(const std::filesystem::path& path) {
    if (const int error = whyNotWritable(path); error != 0) {
        fail("write", path, error);
    }
}

} // namespace simprof
