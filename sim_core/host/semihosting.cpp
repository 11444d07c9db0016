// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/host/semihosting.h"

#include <algorithm>
#include <array>
#include <cerrno>

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
constexpr std::size_t kMaxFiles = 64;

/// True when `path` stays below `root` after links and ".." are resolved.
bool staysBelow(const std::filesystem::path& root, const std::filesystem::path& path) {
    const auto inside =
        std::filesystem::weakly_canonical(path).lexically_relative(std::filesystem::weakly_canonical(root));
    return !inside.empty() && *inside.begin() != "..";
}

} // namespace

Semihosting::Semihosting(SemihostingHost& host, Console console, std::optional<std::filesystem::path> root)
    : m_host(host)
    , m_console(std::move(console))
    , m_root(std::move(root)) {}

Semihosting::~Semihosting() {
    for (std::FILE* open : m_files) {
        if (open != nullptr) {
            std::fclose(open);
        }
    }
}

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

std::FILE* Semihosting::file(std::uint32_t handle) const {
    return handle >= kFirstFile && handle - kFirstFile < m_files.size() ? m_files[handle - kFirstFile] : nullptr;
}

std::uint32_t Semihosting::open(Address block) {
    static constexpr std::array<const char*, 12> kModes = {"r",  "rb",  "r+", "r+b", "w",  "wb",
                                                           "w+", "w+b", "a",  "ab",  "a+", "a+b"};
    const std::string name = text(word(block), word(block + 8));
    const std::uint32_t mode = word(block + 4);
    if (name == ":tt") {
        return mode < 4 ? kConsoleIn : mode < 8 ? kConsoleOut : kConsoleErr;
    }
    if (!m_root || mode >= kModes.size() || name.empty() || m_files.size() >= kMaxFiles ||
        name.find('\0') != std::string::npos) {
        m_errno = EACCES;
        return kError;
    }
    const std::filesystem::path path = *m_root / std::filesystem::path(name).relative_path();
    std::error_code ignored;
    if (!staysBelow(*m_root, path) || std::filesystem::is_directory(path, ignored)) {
        m_errno = EACCES;
        return kError;
    }
    std::FILE* opened = std::fopen(path.c_str(), kModes[mode]);
    if (opened == nullptr) {
        m_errno = static_cast<std::uint32_t>(errno);
        return kError;
    }
    m_files.push_back(opened);
    return kFirstFile + static_cast<std::uint32_t>(m_files.size()) - 1;
}

std::uint32_t Semihosting::writeFile(Address block) {
    const std::uint32_t handle = word(block);
    const std::uint32_t length = word(block + 8);
    const std::string data = text(word(block + 4), length);
    if (handle == kConsoleOut || handle == kConsoleErr) {
        m_console(data);
        return 0;
    }
    std::FILE* out = file(handle);
    return out == nullptr ? length : length - static_cast<std::uint32_t>(std::fwrite(data.data(), 1, data.size(), out));
}

std::uint32_t Semihosting::readFile(Address block) {
    const Address target = word(block + 4);
    const std::uint32_t length = word(block + 8);
    std::FILE* in = file(word(block));
    if (in == nullptr) {
        return length;
    }
    std::uint32_t done = 0;
    for (int byte = 0; done < std::min(length, kMaxText) && (byte = std::fgetc(in)) != EOF; ++done) {
        if (!m_host.poke(target + done, static_cast<std::uint8_t>(byte))) {
            break;
        }
    }
    return length - done;
}

std::optional<std::uint32_t> Semihosting::call(std::uint32_t operation, std::uint32_t parameter) {
    switch (operation) {
    case kSysOpen: return open(parameter);
    case kSysClose: {
        const std::uint32_t handle = word(parameter);
        if (std::FILE* closing = file(handle)) {
            std::fclose(closing);
            m_files[handle - kFirstFile] = nullptr;
        }
        return 0;
    }
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
        std::FILE* seeking = file(word(parameter));
        return seeking != nullptr && std::fseek(seeking, static_cast<long>(word(parameter + 4)), SEEK_SET) == 0
                   ? 0
                   : kError;
    }
    case kSysFlen: {
        std::FILE* measured = file(word(parameter));
        if (measured == nullptr) {
            return kError;
        }
        const long position = std::ftell(measured);
        std::fseek(measured, 0, SEEK_END);
        const long size = std::ftell(measured);
        std::fseek(measured, position, SEEK_SET);
        return static_cast<std::uint32_t>(size);
    }
    case kSysClock: return static_cast<std::uint32_t>(m_host.nowNanoseconds() / 10'000'000); // centiseconds since start
    case kSysTime:
        return static_cast<std::uint32_t>(m_host.nowNanoseconds() / 1'000'000'000); // simulated: no host clock
    case kSysErrno: return m_errno;
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
