// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/file_descriptor.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace simprof {

/// A file of the host that gets its name only when it is whole: it is written beside its place, as NAME.N.part, and
/// renamed in the end. What a run that was killed left there is removed by the next one that writes the same file. A
/// terminal, pipe or other device is written directly.
class NewFile {
public:
    /// Where `path` is a link, the file it leads to is replaced. See error().
    explicit NewFile(const std::filesystem::path& path);
    ~NewFile();
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    void write(std::string_view bytes);
    /// The file is whole and takes its name, unless there was an error; without this nothing is left behind.
    void finish();
    /// The error number of the first failure, 0: none. What was written counts from finish() on.
    int error() const { return m_error; }

private:
    void openBeside(mode_t permissions);
    void flush();
    void fail(int error) { m_error = m_error != 0 ? m_error : error; }

    std::filesystem::path m_target;
    std::filesystem::path m_temporary; ///< empty: a device, or finished
    FileDescriptor m_file;
    std::string m_buffer;
    int m_error = 0;
};

/// The error number for which no file can be written at `path`, for want of a folder or of rights; 0: it can.
int whyNotWritable(const std::filesystem::path& path);

} // namespace simprof
