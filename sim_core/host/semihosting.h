// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/units.h"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// What semihosting calls need from the machine.
class SemihostingHost {
public:
    virtual ~SemihostingHost() = default;
    virtual std::optional<std::uint8_t> peek(Address address) const = 0;
    virtual bool poke(Address address, std::uint8_t value) = 0;
    virtual std::uint64_t nowNanoseconds() const = 0;
};

/// The semihosting operations of Arm's "Semihosting for AArch32 and AArch64": console, clock, exit, and files below one
/// directory.
class Semihosting {
public:
    using Console = std::function<void(std::string_view)>;
    /// Without `root` no host file can be opened.
    Semihosting(SemihostingHost& host, Console console, std::optional<std::filesystem::path> root);
    ~Semihosting();
    Semihosting(const Semihosting&) = delete;
    Semihosting& operator=(const Semihosting&) = delete;

    /// Carries out `operation` (R0) with `parameter` (R1); returns the new R0, or nothing when the firmware asked to
    /// exit.
    std::optional<std::uint32_t> call(std::uint32_t operation, std::uint32_t parameter);
    int exitCode() const { return m_exitCode; }

private:
    std::uint32_t word(Address address) const;
    std::string text(Address address, std::uint32_t length) const;
    std::uint32_t open(Address block);
    std::uint32_t writeFile(Address block);
    std::uint32_t readFile(Address block);
    std::FILE* file(std::uint32_t handle) const;

    SemihostingHost& m_host;
    Console m_console;
    std::optional<std::filesystem::path> m_root;
    std::vector<std::FILE*> m_files; ///< handle - kFirstFile
    int m_exitCode = 0;
    std::uint32_t m_errno = 0;
};

} // namespace simprof
