// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <poll.h>
#include <pty.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace simprof::test {

/// The programs are built with AddressSanitizer, which takes memory and address space of its own.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
inline constexpr bool kSanitized = __has_feature(address_sanitizer);
#else
inline constexpr bool kSanitized = false;
#endif

/// What a program wrote, and how it ended.
struct ProgramResult {
    int exitCode = -1; ///< 128 + signal when a signal ended it
    std::string output;
    std::string error;
    long peakKib = 0; ///< most that was resident
};

/// How to start it.
struct ProgramStart {
    std::vector<std::string> environment = {}; ///< "NAME=value", before a small fixed one
    std::string outputPath = {};               ///< standard output goes to this file
    bool closeOutput = false;                  ///< nobody reads its standard output
    bool terminal = false;                     ///< standard output and error are a terminal; both are in `output`
    rlim_t addressSpace = RLIM_INFINITY;       ///< bytes, as with 'ulimit -v'
    std::function<void(pid_t)> started = {};   ///< called with its process when it runs
};

/// Files of one test, in a folder that is removed behind it.
class TestFolder {
public:
    TestFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "simprof-test-XXXXXX").string();
        m_path = ::mkdtemp(name.data());
    }
    ~TestFolder() { std::filesystem::remove_all(m_path); }
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;

    std::string path(const std::string& name) const { return (m_path / name).string(); }
    std::string write(const std::string& name, const std::string& content) const {
        std::ofstream(m_path / name, std::ios::binary) << content;
        return path(name);
    }
    std::string read(const std::string& name) const {
        std::ifstream file(m_path / name, std::ios::binary);
        return std::string((std::istreambuf_iterator<char>(file)), {});
    }
    std::size_t files() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(m_path), {}));
    }

private:
    std::filesystem::path m_path;
};

namespace detail {

[[noreturn]] inline void startProgram(const std::string& program, const std::vector<std::string>& arguments,
                                      const ProgramStart& start) {
    std::vector<std::string> words = {program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = start.environment; // the first of a name counts
    variables.insert(variables.end(), {"PATH=/usr/bin:/bin", "TERM=xterm", "LC_ALL=C.UTF-8"});
    std::vector<char*> argv;
    std::vector<char*> envp;
    for (std::string& word : words) {
        argv.push_back(word.data());
    }
    for (std::string& variable : variables) {
        envp.push_back(variable.data());
    }
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    const rlimit space{start.addressSpace, start.addressSpace};
    if (start.addressSpace != RLIM_INFINITY) {
        ::setrlimit(RLIMIT_AS, &space);
    }
    ::alarm(120); // a program that hangs is a failed test, not a hanging one
    ::execve(program.c_str(), argv.data(), envp.data());
    ::_exit(127);
}

/// Reads both until they end.
inline void readAll(int output, int error, ProgramResult& result) {
    pollfd files[2] = {{output, POLLIN, 0}, {error, POLLIN, 0}};
    std::string* texts[2] = {&result.output, &result.error};
    while (files[0].fd >= 0 || files[1].fd >= 0) {
        if (::poll(files, 2, -1) < 0) {
            continue;
        }
        for (int i = 0; i < 2; ++i) {
            if (files[i].fd < 0 || files[i].revents == 0) {
                continue;
            }
            char buffer[65536];
            const ssize_t got = ::read(files[i].fd, buffer, sizeof buffer);
            if (got > 0) {
                texts[i]->append(buffer, static_cast<std::size_t>(got));
            } else {
                ::close(files[i].fd);
                files[i].fd = -1;
            }
        }
    }
}

inline void finish(pid_t child, ProgramResult& result) {
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    result.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result.peakKib = usage.ru_maxrss;
}

} // namespace detail

/// Runs a program to its end.
inline ProgramResult runProgram(const std::string& program, const std::vector<std::string>& arguments,
                                const ProgramStart& start = {}) {
    ProgramResult result;
    if (start.terminal) {
        int terminal = -1;
        winsize size{50, 120, 0, 0};
        const pid_t child = ::forkpty(&terminal, nullptr, nullptr, &size);
        if (child == 0) {
            detail::startProgram(program, arguments, start);
        }
        detail::readAll(terminal, -1, result);
        detail::finish(child, result);
        return result;
    }
    int output[2];
    int error[2];
    if (::pipe(output) != 0 || ::pipe(error) != 0) {
        ADD_FAILURE() << "no pipes";
        return result;
    }
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(start.outputPath.empty() ? output[1] : ::open(start.outputPath.c_str(), O_WRONLY | O_CREAT, 0666),
               STDOUT_FILENO);
        ::dup2(error[1], STDERR_FILENO);
        for (const int fd : {output[0], output[1], error[0], error[1]}) {
            ::close(fd);
        }
        detail::startProgram(program, arguments, start);
    }
    ::close(output[1]);
    ::close(error[1]);
    if (start.closeOutput) {
        ::close(output[0]);
        output[0] = -1;
    }
    if (start.started) {
        start.started(child);
    }
    detail::readAll(output[0], error[0], result);
    detail::finish(child, result);
    return result;
}

} // namespace simprof::test
