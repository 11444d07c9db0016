// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/host/new_file.h"

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace simprof {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBuffer = 1 << 16;
constexpr unsigned kMostTemporaries = 1000; ///< of one file
constexpr std::string_view kPart = ".part";

fs::path temporaryName(const fs::path& target, unsigned number) {
    fs::path name = target;
    name += "." + std::to_string(number);
    name += kPart;
    return name;
}

/// Whether `name` is the temporary name of a file called `target`.
bool isTemporaryOf(std::string_view name, std::string_view target) {
    if (!name.starts_with(target) || !name.ends_with(kPart) || name.size() < target.size() + 2 + kPart.size()) {
        return false;
    }
    const std::string_view number = name.substr(target.size(), name.size() - target.size() - kPart.size());
    unsigned value = 0;
    const auto [end, error] = std::from_chars(number.data() + 1, number.data() + number.size(), value);
    return number.front() == '.' && error == std::errc{} && end == number.data() + number.size();
}

/// Removes what killed runs left of `target`. Who writes holds a lock, which goes with the process.
void removeStale(const fs::path& target) {
    std::error_code error;
    const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        if (!isTemporaryOf(entry->path().filename().native(), target.filename().native())) {
            continue;
        }
        const FileDescriptor stale(::open(entry->path().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        struct stat status {};
        if (stale && ::fstat(stale.get(), &status) == 0 && S_ISREG(status.st_mode) &&
            ::flock(stale.get(), LOCK_EX | LOCK_NB) == 0) {
            ::unlink(entry->path().c_str());
        }
    }
}

} // namespace

NewFile::NewFile(const fs::path& path) {
    struct stat status {};
    const bool exists = ::stat(path.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) {
        fail(EISDIR);
    } else if (exists && !S_ISREG(status.st_mode)) {
        m_file = FileDescriptor(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    } else if (exists && ::access(path.c_str(), W_OK) != 0) {
        fail(errno);
    } else {
        std::error_code ignored;
        m_target = exists ? fs::canonical(path, ignored) : path;
        removeStale(m_target);
        openBeside(exists ? status.st_mode & 0777 : 0666);
    }
    if (!m_file) {
        fail(errno);
    }
}

NewFile::~NewFile() {
    if (!m_temporary.empty()) {
        ::unlink(m_temporary.c_str());
    }
}

/// Opens a new file beside the target under a name that is free, and locks it.
void NewFile::openBeside(mode_t permissions) {
    for (unsigned number = 0; number < kMostTemporaries; ++number) {
        const fs::path name = temporaryName(m_target, number);
        FileDescriptor file(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions));
        if (!file) {
            if (errno == EEXIST) {
                continue;
            }
            return;
        }
        struct stat status {};
        ::flock(file.get(), LOCK_EX); // others hold it for a moment only
        if (::fstat(file.get(), &status) == 0 && status.st_nlink != 0) {
            m_file = std::move(file);
            m_temporary = name;
            return;
        } // taken for a stale one before it was locked
    }
    errno = EEXIST;
}

void NewFile::write(std::string_view bytes) {
    m_buffer += bytes;
    if (m_buffer.size() >= kBuffer) {
        flush();
    }
}

void NewFile::flush() {
    std::string_view rest = m_buffer;
    while (!rest.empty() && m_error == 0) {
        const ssize_t written = ::write(m_file.get(), rest.data(), rest.size());
        if (written >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            fail(errno);
        }
    }
    m_buffer.clear();
}

void NewFile::finish() {
    flush();
    // The name first: the lock goes with the descriptor.
    if (m_error == 0 && !m_temporary.empty()) {
        if (::rename(m_temporary.c_str(), m_target.c_str()) == 0) {
            m_temporary.clear();
        } else {
            fail(errno);
        }
    }
    if (!m_file.close()) {
        fail(errno);
    }
}

int whyNotWritable(const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) {
        return S_ISDIR(status.st_mode) ? EISDIR : ::access(path.c_str(), W_OK) != 0 ? errno : 0;
    }
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    return ::access(folder.c_str(), W_OK | X_OK) != 0 ? errno : 0;
}

} // namespace simprof
