// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/differential/run.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <sys/wait.h>
#include <unistd.h>

namespace simprof::differential {

namespace {

constexpr unsigned kSeconds = 120; ///< for an image; it takes a fifth of a second

std::string contentOf(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

bool haveQemu() { return std::system("command -v qemu-system-arm >/dev/null") == 0; }

Outcome runQemu(const Target& target, const GuestImage& image) {
    const std::string stem =
        (std::filesystem::temp_directory_path() / fmt::format("simprof-differential-{}", getpid())).string();
    const std::filesystem::path binary = stem + ".bin", written = stem + ".out", said = stem + ".err";
    std::ofstream(binary, std::ios::binary)
        .write(reinterpret_cast<const char*>(image.bytes.data()), static_cast<std::streamsize>(image.bytes.size()));
    // Into a file: QEMU drops what a pipe does not take at once.
    const std::string command =
        fmt::format("exec timeout {} qemu-system-arm -M {} -display none -serial none -monitor none -nodefaults "
                    "-semihosting-config enable=on,target=native -device loader,file={},addr=0,force-raw=on "
                    "</dev/null >{} 2>{}",
                    kSeconds, target.machine, binary.string(), written.string(), said.string());
    Outcome outcome;
    const int status = std::system(command.c_str());
    outcome.output = contentOf(written);
    outcome.lockedUp = status != 0 && contentOf(said).find("qemu: fatal: Lockup") != std::string::npos;
    if (status != 0 && !outcome.lockedUp) {
        constexpr int kTimedOut = 124; // of timeout
        const bool exited = WIFEXITED(status);
        outcome.end = exited && WEXITSTATUS(status) == kTimedOut
                          ? fmt::format("it ran for {} seconds", kSeconds)
                          : fmt::format("it ended with {} {}", exited ? "exit code" : "signal",
                                        exited ? WEXITSTATUS(status) : WTERMSIG(status));
    }
    for (const std::filesystem::path& file : {binary, written, said}) {
        std::filesystem::remove(file);
    }
    return outcome;
}

} // namespace simprof::differential
