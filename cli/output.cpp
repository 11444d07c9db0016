// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output.h"

#include "profiler/report/escape.h"
#include "sim_core/error.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace simprof::cli {
namespace {

/// 0 or the error number.
int writeAll(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

/// Whether both names lead to one regular file, there already or not; devices may be shared.
bool sameFile(const std::string& a, const std::string& b) {
    namespace fs = std::filesystem;
    if (a.empty() || b.empty()) {
        return false;
    }
    std::error_code ignored;
    if (fs::exists(a, ignored) && fs::exists(b, ignored)) {
        return fs::is_regular_file(a, ignored) && fs::equivalent(a, b, ignored);
    }
    return !fs::exists(a, ignored) && fs::weakly_canonical(a, ignored) == fs::weakly_canonical(b, ignored);
}

} // namespace

void reserveStandardStreams() {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) {
            // The lowest number that is free is taken; the wrong direction keeps reading and writing an error.
            static_cast<void>(::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY));
        }
    }
}

void print(std::string_view text) {
    static bool closed = false;
    if (closed) {
        return;
    }
    const int error = writeAll(STDOUT_FILENO, text);
    if (error == EPIPE) {
        closed = true;
    } else if (error != 0) {
        throw Error(fmt::format("cannot write to standard output: {}", std::strerror(error)));
    }
}

void complain(std::string_view text) { printError(fmt::format("simprof: {}\n", plain(text))); }

void printError(std::string_view text) { static_cast<void>(writeAll(STDERR_FILENO, text)); }

TextStyle outputStyle(bool noColour) {
    TextStyle style;
    if (::isatty(STDOUT_FILENO) == 0) {
        return style;
    }
    style.colour = !noColour && environment("NO_COLOR").empty() && environment("TERM") != "dumb";
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        style.width = std::max<unsigned>(size.ws_col, 60);
    }
    return style;
}

void refuseOverwriting(const std::vector<std::string>& inputs, const std::vector<OutputFile>& outputs) {
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const auto& [option, path] = outputs[i];
        for (const std::string& input : inputs) {
            if (sameFile(path, input)) {
                throw Error(fmt::format("{} '{}' would overwrite what is read here: name another file", option, path));
            }
        }
        for (std::size_t k = 0; k < i; ++k) {
            if (sameFile(path, outputs[k].path)) {
                throw Error(fmt::format("{} and {} both name '{}': two outputs take two files", outputs[k].option,
                                        option, path));
            }
        }
    }
}

bool inGithubWorkflow() { return environment("GITHUB_ACTIONS") == "true"; }

void appendStepSummary(std::string_view markdown) {
    const std::string path(environment("GITHUB_STEP_SUMMARY"));
    if (path.empty()) {
        return;
    }
    const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    const int error = fd < 0 ? errno : writeAll(fd, markdown);
    if (fd >= 0) {
        ::close(fd);
    }
    if (error != 0) {
        complain(fmt::format("cannot write the step summary '{}': {}", path, std::strerror(error)));
    }
}

} // namespace simprof::cli
