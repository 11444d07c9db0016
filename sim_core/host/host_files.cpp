// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/host/host_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <utility>

namespace simprof {

namespace {

constexpr std::size_t kMaxOpen = 64;       ///< at once
constexpr std::size_t kLongestName = 4096; ///< PATH_MAX of Linux
constexpr std::size_t kMostFolders = 64;
constexpr Bytes kNewFile = 4096; ///< what an empty file takes of the quota: names and inodes are not free

/// By the modes of SYS_OPEN ("Semihosting for AArch32 and AArch64", 7.12); "b" makes no difference.
constexpr std::array kModes = {O_RDONLY,
                               O_RDWR,
                               O_WRONLY | O_CREAT | O_TRUNC,
                               O_RDWR | O_CREAT | O_TRUNC,
                               O_WRONLY | O_CREAT | O_APPEND,
                               O_RDWR | O_CREAT | O_APPEND};

/// Neither follows a link nor waits for the other end of a pipe.
constexpr int kCarefully = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

/// The names between the slashes, without those that lead nowhere.
std::vector<std::string> componentsOf(std::string_view name) {
    std::vector<std::string> components;
    while (!name.empty()) {
        const std::size_t slash = std::min(name.find('/'), name.size());
        const std::string_view component = name.substr(0, slash);
        name.remove_prefix(std::min(slash + 1, name.size()));
        if (!component.empty() && component != ".") {
            components.emplace_back(component);
        }
    }
    return components;
}

} // namespace

HostFiles::HostFiles(HostFileLimits limits)
    : m_limits(std::move(limits)) {}

FileDescriptor HostFiles::refuse(int error) {
    m_error = error;
    return {};
}

bool HostFiles::charge(Bytes bytes) {
    if (bytes > m_limits.quota - m_written) {
        m_exhausted = true;
        m_error = ENOSPC;
        return false;
    }
    m_written += bytes;
    return true;
}

std::optional<std::size_t> HostFiles::open(std::string_view name, std::uint32_t mode) {
    const auto free = std::ranges::find_if(m_files, [](const FileDescriptor& file) { return !file; });
    const auto index = static_cast<std::size_t>(free - m_files.begin());
    if (!m_limits.root || mode / 2 >= kModes.size() || name.empty() || name.find('\0') != std::string_view::npos) {
        m_error = EACCES;
        return std::nullopt;
    }
    if (index >= kMaxOpen) {
        m_error = EMFILE;
        return std::nullopt;
    }
    FileDescriptor opened = openFile(name, kModes[mode / 2]);
    if (!opened) {
        return std::nullopt;
    }
    if (free == m_files.end()) {
        m_files.emplace_back();
    }
    m_files[index] = std::move(opened);
    return index;
}

/// Walks from the root one folder at a time, so that nothing but the root's own folders is ever looked into: what
/// openat2() with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS does, on every kernel.
FileDescriptor HostFiles::openFile(std::string_view name, int flags) {
    const std::vector<std::string> components = componentsOf(name);
    if (name.size() >= kLongestName || components.size() > kMostFolders) {
        return refuse(ENAMETOOLONG);
    }
    if (components.empty() || components.back() == "..") {
        return refuse(EACCES);
    }
    std::vector<FileDescriptor> folders;
    folders.emplace_back(::open(m_limits.root->c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (std::size_t i = 0; folders.back(); ++i) {
        if (i + 1 == components.size()) {
            return openIn(folders.back().get(), components[i].c_str(), flags);
        }
        if (components[i] != "..") {
            folders.emplace_back(
                ::openat(folders.back().get(), components[i].c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        } else if (folders.size() > 1) {
            folders.pop_back();
        } else {
            return refuse(EACCES);
        }
    }
    return refuse(errno == ENOENT ? ENOENT : EACCES);
}

/// Opens the regular file `name` of a folder. Looks before and after it opens: opening a device may already do
/// something. A file with a second name may be reachable from outside the root, so it is not written to.
FileDescriptor HostFiles::openIn(int folder, const char* name, int flags) {
    struct stat status {};
    if (::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
        if (!S_ISREG(status.st_mode)) {
            return refuse(EACCES);
        }
    } else if (errno != ENOENT) {
        return refuse(errno);
    } else if ((flags & O_CREAT) != 0 && !charge(kNewFile)) {
        return {};
    }
    FileDescriptor file(::openat(folder, name, (flags & ~O_TRUNC) | kCarefully, 0666));
    if (!file || ::fstat(file.get(), &status) != 0) {
        return refuse(errno);
    }
    const bool writes = (flags & O_ACCMODE) != O_RDONLY;
    if (!S_ISREG(status.st_mode) || (writes && status.st_nlink > 1)) {
        return refuse(EACCES);
    }
    if ((flags & O_TRUNC) != 0 && ::ftruncate(file.get(), 0) != 0) {
        return refuse(errno);
    }
    return file;
}

void HostFiles::close(std::size_t file) {
    if (isOpen(file)) {
        m_files[file].close();
    }
}

std::size_t HostFiles::write(std::size_t file, std::string_view data) {
    const int fd = m_files[file].get();
    struct stat status {};
    const off_t position = ::lseek(fd, 0, SEEK_CUR);
    if (position < 0 || ::fstat(fd, &status) != 0) {
        m_error = errno;
        return 0;
    }
    const bool appends = (::fcntl(fd, F_GETFL) & O_APPEND) != 0;
    const auto gap = static_cast<Bytes>(appends ? 0 : std::max<off_t>(position - status.st_size, 0));
    const Bytes left = m_limits.quota - m_written;
    if (gap + data.size() > left) {
        data = data.substr(0, left > gap ? left - gap : 0);
        m_exhausted = true;
        m_error = ENOSPC;
    }
    std::size_t done = 0;
    while (done < data.size()) {
        const ssize_t written = ::write(fd, data.data() + done, data.size() - done);
        if (written > 0) {
            done += static_cast<std::size_t>(written);
        } else if (written == 0 || errno != EINTR) {
            m_error = errno;
            break;
        }
    }
    m_written += done > 0 ? gap + done : 0;
    return done;
}

std::size_t HostFiles::read(std::size_t file, std::span<std::byte> to) {
    std::size_t done = 0;
    while (done < to.size()) {
        const ssize_t got = ::read(m_files[file].get(), to.data() + done, to.size() - done);
        if (got > 0) {
            done += static_cast<std::size_t>(got);
        } else if (got == 0) {
            break;
        } else if (errno != EINTR) {
            m_error = errno;
            break;
        }
    }
    return done;
}

bool HostFiles::seek(std::size_t file, std::uint32_t position) {
    if (::lseek(m_files[file].get(), static_cast<off_t>(position), SEEK_SET) < 0) {
        m_error = errno;
        return false;
    }
    return true;
}

std::optional<std::uint64_t> HostFiles::size(std::size_t file) {
    struct stat status {};
    if (::fstat(m_files[file].get(), &status) != 0) {
        m_error = errno;
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(status.st_size);
}

} // namespace simprof
