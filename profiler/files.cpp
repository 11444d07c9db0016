// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/files.h"

#include "sim_core/error.h"

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

/// A file descriptor that is closed when it goes.
class Descriptor {
public:
    explicit Descriptor(int fd)
        : m_fd(fd) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int get() const { return m_fd; }
    bool close() {
        const int fd = m_fd;
        m_fd = -1;
        return fd < 0 || ::close(fd) == 0;
    }

private:
    int m_fd;
};

/// 0 or the error number.
int writeAll(int fd, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return errno;
        }
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

void writeDirectly(const std::filesystem::path& path, std::string_view content) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (file.get() < 0) {
        fail("write", path, errno);
    }
    if (const int error = writeAll(file.get(), content); error != 0) {
        fail("write", path, error);
    }
}

/// Opens a new file beside `target` under a name that is free.
int openBeside(const std::filesystem::path& target, mode_t mode, std::filesystem::path& temporary) {
    for (unsigned attempt = 0; attempt < 1000; ++attempt) {
        temporary = target;
        temporary += fmt::format(".{}-{}.part", ::getpid(), attempt);
        const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (fd >= 0 || errno != EEXIST) {
            return fd;
        }
    }
    return -1;
}

/// No profile, budget or network is longer; a device may have no end.
constexpr std::size_t kLongestFile = std::size_t{4} << 30;
constexpr std::size_t kLongestStream = std::size_t{256} << 20;

[[noreturn]] void failTooLong(const std::filesystem::path& path, std::size_t limit) {
    throw Error(
        fmt::format("'{}' is longer than {} MiB: it is nothing that simprof reads", path.string(), limit >> 20));
}

} // namespace

std::string readFile(const std::filesystem::path& path) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
        fail("read", path, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        fail("read", path, EISDIR);
    }
    const std::size_t limit = S_ISREG(status.st_mode) ? kLongestFile : kLongestStream;
    std::string content;
    if (S_ISREG(status.st_mode)) {
        if (static_cast<std::size_t>(status.st_size) > limit) {
            failTooLong(path, limit);
        }
        content.reserve(static_cast<std::size_t>(status.st_size) + 1);
    }
    constexpr std::size_t kChunk = std::size_t{1} << 20;
    for (;;) {
        const std::size_t had = content.size();
        content.resize(had + kChunk);
        const ssize_t got = ::read(file.get(), content.data() + had, kChunk);
        content.resize(had + static_cast<std::size_t>(got > 0 ? got : 0));
        if (got < 0 && errno != EINTR) {
            fail("read", path, errno);
        }
        if (got == 0) {
            return content;
        }
        if (content.size() > limit) {
            failTooLong(path, limit);
        }
    }
}

void writeFile(const std::filesystem::path& path, std::string_view content) {
    struct stat status {};
    const bool exists = ::stat(path.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) {
        fail("write", path, EISDIR);
    }
    if (exists && !S_ISREG(status.st_mode)) {
        writeDirectly(path, content);
        return;
    }
    if (exists && ::access(path.c_str(), W_OK) != 0) {
        fail("write", path, errno);
    }
    std::error_code ignored;
    const std::filesystem::path target =
        exists ? std::filesystem::canonical(path, ignored) : path; // a link stays a link
    std::filesystem::path temporary;
    Descriptor file(openBeside(target, exists ? status.st_mode & 0777 : 0666, temporary));
    if (file.get() < 0) {
        fail("write", path, errno);
    }
    int error = writeAll(file.get(), content);
    if (!file.close() && error == 0) {
        error = errno;
    }
    if (error == 0 && ::rename(temporary.c_str(), target.c_str()) != 0) {
        error = errno;
    }
    if (error != 0) {
        ::unlink(temporary.c_str());
        fail("write", path, error);
    }
}

void ensureWritable(const std::filesystem::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) {
        if (S_ISDIR(status.st_mode)) {
            fail("write", path, EISDIR);
        }
        if (::access(path.c_str(), W_OK) != 0) {
            fail("write", path, errno);
        }
        return;
    }
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
        fail("write", path, errno);
    }
}

} // namespace simprof
