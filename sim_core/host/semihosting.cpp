// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/host/semihosting.h"

#include <algorithm>
#include <array>
#include <utility>

namespace simprof {

namespace {

enum Operation : std::uint32_t {
    kSysOpen = 0x01,
    kSysClose = 0x02,
    kSysWriteC = 0x03,
    kSysWrite0 = 0x04,
    kSysWrite = 0x05,
    kSysRead = 0x06,
    kSysReadC = 0x07,
    kSysIsError = 0x08,
    kSysIsTty = 0x09,
    kSysSeek = 0x0A,
    kSysFlen = 0x0C,
    kSysClock = 0x10,
    kSysTime = 0x11,
    kSysErrno = 0x13,
    kSysGetCmdline = 0x15,
    kSysHeapInfo = 0x16,
    kSysExit = 0x18,
    kSysExitExtended = 0x20,
    kSysElapsed = 0x30,
    kSysTickFreq = 0x31,
};
constexpr std::uint32_t kError = 0xFFFFFFFF;
constexpr std::uint32_t kConsoleIn = 1, kConsoleOut = 2, kConsoleErr = 3, kFirstFile = 4;
constexpr std::uint32_t kApplicationExit = 0x20026; ///< ADP_Stopped_ApplicationExit
constexpr std::uint32_t kMaxText = 1 << 20;         ///< a single transfer is cut here: firmware is untrusted

} // namespace

Semihosting::Semihosting(SemihostingHost& host, Console console, HostFileLimits files)
    : m_host(host)
    , m_console(std::move(console))
    , m_files(std::move(files)) {}

std::uint32_t Semihosting::word(Address address) const {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i) {
        value |= static_cast<std::uint32_t>(m_host.peek(address + i).value_or(0)) << (8 * i);
    }
    return value;
}

std::string Semihosting::text(Address address, std::uint32_t length) const {
    std::string result;
    for (std::uint32_t i = 0; i < std::min(length, kMaxText); ++i) {
        const auto byte = m_host.peek(address + i);
        if (!byte) {
            break;
        }
        result.push_back(static_cast<char>(*byte));
    }
    return result;
}

std::optional<std::size_t> Semihosting::file(std::uint32_t handle) const {
    return handle >= kFirstFile && m_files.isOpen(handle - kFirstFile) ? std::optional<std::size_t>(handle - kFirstFile)
                                                                       : std::nullopt;
}

std::uint32_t Semihosting::open(Address block) {
    const std::string name = text(word(block), word(block + 8));
    const std::uint32_t mode = word(block + 4);
    if (name == ":tt") {
        return mode < 4 ? kConsoleIn : mode < 8 ? kConsoleOut : kConsoleErr;
    }
    const auto opened = m_files.open(name, mode);
    noteQuota();
    return opened ? kFirstFile + static_cast<std::uint32_t>(*opened) : kError;
}

void Semihosting::noteQuota() {
    if (m_files.exhausted() && !std::exchange(m_notedQuota, true)) {
        m_host.reportEvent("semihosting: the firmware has used up the " + std::to_string(m_files.quota()) +
                           " bytes it may write to files of the host; later writes fail (--semihosting-quota)");
    }
}

std::uint32_t Semihosting::writeFile(Address block) {
    const std::uint32_t handle = word(block);
    const std::uint32_t length = word(block + 8);
    const std::string data = text(word(block + 4), length);
    if (handle == kConsoleOut || handle == kConsoleErr) {
        m_console(data);
        return 0;
    }
    const auto out = file(handle);
    if (!out) {
        return length;
    }
    const auto written = static_cast<std::uint32_t>(m_files.write(*out, data));
    noteQuota();
    return length - written;
}

std::uint32_t Semihosting::readFile(Address block) {
    const Address target = word(block + 4);
    const std::uint32_t length = word(block + 8);
    const auto in = file(word(block));
    if (!in) {
        return length;
    }
    std::array<std::byte, 4096> buffer{};
    std::uint32_t done = 0;
    while (done < std::min(length, kMaxText)) {
        const auto piece = std::min<std::size_t>(std::min(length, kMaxText) - done, buffer.size());
        const std::size_t got = m_files.read(*in, std::span(buffer).first(piece));
        for (std::size_t i = 0; i < got; ++i) {
            if (!m_host.poke(target + done, std::to_integer<std::uint8_t>(buffer[i]))) {
                return length - done;
            }
            ++done;
        }
        if (got < piece) {
            break;
        }
    }
    return length - done;
}

std::optional<std::uint32_t> Semihosting::call(std::uint32_t operation, std::uint32_t parameter) {
    switch (operation) {
    case kSysOpen: return open(parameter);
    case kSysClose:
        if (const auto closing = file(word(parameter))) {
            m_files.close(*closing);
        }
        return 0;
    case kSysWriteC: m_console(text(parameter, 1)); return 0;
    case kSysWrite0: {
        std::string line;
        for (Address at = parameter; line.size() < kMaxText; ++at) {
            const auto byte = m_host.peek(at);
            if (!byte || *byte == 0) {
                break;
            }
            line.push_back(static_cast<char>(*byte));
        }
        m_console(line);
        return 0;
    }
    case kSysWrite: return writeFile(parameter);
    case kSysRead: return readFile(parameter);
    case kSysReadC: return kError;
    case kSysIsError: return (word(parameter) & 0x80000000U) != 0 ? 1 : 0;
    case kSysIsTty: return word(parameter) < kFirstFile ? 1 : 0;
    case kSysSeek: {
        const auto seeking = file(word(parameter));
        return seeking && m_files.seek(*seeking, word(parameter + 4)) ? 0 : kError;
    }
    case kSysFlen: {
        const auto measured = file(word(parameter));
        return measured ? static_cast<std::uint32_t>(m_files.size(*measured).value_or(kError)) : kError;
    }
    case kSysClock: return static_cast<std::uint32_t>(m_host.nowNanoseconds() / 10'000'000); // centiseconds since start
    case kSysTime:
        return static_cast<std::uint32_t>(m_host.nowNanoseconds() / 1'000'000'000); // simulated: no host clock
    case kSysErrno: return static_cast<std::uint32_t>(m_files.error());
    case kSysElapsed: {
        const std::uint64_t ticks = m_host.nowNanoseconds() / 1000;
        for (unsigned i = 0; i < 8; ++i) {
            m_host.poke(parameter + i, static_cast<std::uint8_t>(ticks >> (8 * i)));
        }
        return 0;
    }
    case kSysTickFreq: return 1'000'000;
    case kSysHeapInfo: // all zero: the application uses its own linker symbols
        for (unsigned i = 0; i < 16; ++i) {
            m_host.poke(word(parameter) + i, 0);
        }
        return 0;
    case kSysExit: m_exitCode = parameter == kApplicationExit ? 0 : 1; return std::nullopt;
    case kSysExitExtended:
        m_exitCode = word(parameter) == kApplicationExit ? static_cast<int>(word(parameter + 4)) : 1;
        return std::nullopt;
    default: return kError;
    }
}

} // namespace simprof
