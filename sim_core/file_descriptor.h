// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <unistd.h>
#include <utility>

namespace simprof {

/// An open file of the host that is closed when its owner goes.
class FileDescriptor {
public:
    FileDescriptor() = default;
    /// Takes over what open() returned; negative: no file.
    explicit FileDescriptor(int fd)
        : m_fd(fd) {}
    ~FileDescriptor() { close(); }
    FileDescriptor(FileDescriptor&& other) noexcept
        : m_fd(std::exchange(other.m_fd, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;

    int get() const { return m_fd; }
    explicit operator bool() const { return m_fd >= 0; }
    /// False when what was written did not arrive; errno says why.
    bool close() {
        const int fd = std::exchange(m_fd, -1);
        return fd < 0 || ::close(fd) == 0;
    }

private:
    int m_fd = -1;
};

} // namespace simprof
