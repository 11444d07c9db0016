// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/host/read_file.h"

#include "sim_core/error.h"
#include "sim_core/file_descriptor.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>

namespace simprof {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
    throw Error(fmt::format("cannot read '{}': {}", path.string(), std::strerror(error)));
}

/// No profile, budget or network is longer; a device may have no end.
constexpr std::size_t kLongestFile = std::size_t{4} << 30;
constexpr std::size_t kLongestStream = std::size_t{256} << 20;
constexpr std::size_t kLongestSmallFile = std::size_t{64} << 20;

[[noreturn]] void failTooLong(const std::filesystem::path& path, std::size_t limit) {
    throw Error(
        fmt::format("'{}' is longer than {} MiB: it is nothing that simprof reads", path.string(), limit >> 20));
}

std::string readUpTo(const std::filesystem::path& path, const ReadProgress& goOn, std::size_t longest) {
    FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
        fail(path, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        fail(path, EISDIR);
    }
    const std::size_t limit = S_ISREG(status.st_mode) ? longest : std::min(longest, kLongestStream);
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
            fail(path, errno);
        }
        if (got == 0 || (goOn && !goOn(content.size(), whole))) {
            return content;
        }
        if (content.size() > limit) {
            failTooLong(path, limit);
        }
    }
}

} // namespace

std::string readFile(const std::filesystem::path& path, const ReadProgress& goOn) {
    return readUpTo(path, goOn, kLongestFile);
}

std::string readSmallFile(const std::filesystem::path& path) { return readUpTo(path, {}, kLongestSmallFile); }

bool isSomeFile(const std::filesystem::path& path) {
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(path, error);
    return std::filesystem::exists(status) && !std::filesystem::is_directory(status);
}

} // namespace simprof
