// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/file_descriptor.h"
#include "sim_core/units.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace simprof {

/// Which files of the host a firmware may open, and how much it may write to them.
struct HostFileLimits {
    std::optional<std::filesystem::path> root; ///< the folder that holds them; without it there are none
    Bytes quota = Bytes{64} << 20;             ///< written in all; gaps of sparse files and new files count
};

/// Regular files below one folder, opened by a firmware that nobody trusts: no name leads out of the folder, no link is
/// followed, nothing waits, and what is written has a limit.
class HostFiles {
public:
    explicit HostFiles(HostFileLimits limits);

    /// Opens the file `name` in one of the twelve modes of fopen() ("r", "rb", "r+" …, "a+b"): its index, the lowest
    /// that is free; nothing, and error(), when it may not or cannot be opened.
    std::optional<std::size_t> open(std::string_view name, std::uint32_t mode);
    bool isOpen(std::size_t file) const { return file < m_files.size() && m_files[file]; }
    void close(std::size_t file);

    /// These take open files. The number of bytes that were written or read.
    std::size_t write(std::size_t file, std::string_view data);
    std::size_t read(std::size_t file, std::span<std::byte> to);
    bool seek(std::size_t file, std::uint32_t position);
    std::optional<std::uint64_t> size(std::size_t file);

    /// The error number of the newest failure.
    int error() const { return m_error; }
    /// Whether the quota has refused something.
    bool exhausted() const { return m_exhausted; }
    Bytes quota() const { return m_limits.quota; }

private:
    FileDescriptor openFile(std::string_view name, int flags);
    FileDescriptor openIn(int folder, const char* name, int flags);
    FileDescriptor refuse(int error);
    bool charge(Bytes bytes);

    HostFileLimits m_limits;
    std::vector<FileDescriptor> m_files;
    Bytes m_written = 0;
    bool m_exhausted = false;
    int m_error = 0;
};

} // namespace simprof
