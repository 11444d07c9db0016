// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/host/host_files.h"
#include "sim_core/units.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace simprof {

/// What semihosting calls need from the machine.
class SemihostingHost {
public:
    virtual ~SemihostingHost() = default;
    virtual std::optional<std::uint8_t> peek(Address address) const = 0;
    virtual bool poke(Address address, std::uint8_t value) = 0;
    virtual std::uint64_t nowNanoseconds() const = 0;
    /// The user gets to read `text`.
    virtual void reportEvent(std::string text) { (void)text; }
};

/// The semihosting operations of Arm's "Semihosting for AArch32 and AArch64": console, clock, exit, and files below one
/// directory.
class Semihosting {
public:
    using Console = std::function<void(std::string_view)>;
    Semihosting(SemihostingHost& host, Console console, HostFileLimits files);
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
    std::optional<std::size_t> file(std::uint32_t handle) const;
    void noteQuota();

    SemihostingHost& m_host;
    Console m_console;
    HostFiles m_files; ///< by handle - kFirstFile
    bool m_notedQuota = false;
    int m_exitCode = 0;
};

} // namespace simprof
