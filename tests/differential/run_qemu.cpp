// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/differential/run.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

namespace simprof::differential {

bool haveQemu() { return std::system("command -v qemu-system-arm >/dev/null") == 0; }

Outcome runQemu(const Target& target, const GuestImage& image) {
    const std::string stem =
        (std::filesystem::temp_directory_path() / fmt::format("simprof-differential-{}", getpid())).string();
    const std::filesystem::path binary = stem + ".bin", written = stem + ".out";
    std::ofstream(binary, std::ios::binary)
        .write(reinterpret_cast<const char*>(image.bytes.data()), static_cast<std::streamsize>(image.bytes.size()));
    // Into a file: QEMU drops what a pipe does not take at once.
    const std::string command =
        fmt::format("exec timeout 120 qemu-system-arm -M {} -display none -serial none -monitor none -nodefaults "
                    "-semihosting-config enable=on,target=native -device loader,file={},addr=0,force-raw=on "
                    "</dev/null >{}",
                    target.machine, binary.string(), written.string());
    Outcome outcome;
    if (const int status = std::system(command.c_str()); status != 0) {
        outcome.end = fmt::format("qemu-system-arm ended with status {}", status);
    }
    std::ifstream in(written, std::ios::binary);
    outcome.output.assign(std::istreambuf_iterator<char>(in), {});
    std::filesystem::remove(binary);
    std::filesystem::remove(written);
    return outcome;
}

} // namespace simprof::differential
