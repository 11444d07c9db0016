// SPDX-License-Identifier: GPL-2.0-or-later
/// Pseudo-terminals, TCP and the terminal: the only file of the peripherals that talks to the operating system's
/// devices.
#include "peripherals/uart/live_attachment.h"
#include "sim_core/error.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <termios.h>
#include <thread>
#include <unistd.h>

namespace simprof {
namespace {

constexpr std::chrono::milliseconds kReopen{
    2000}; ///< tools such as stty open a pseudo-terminal, close it, and the client comes after

/// A file descriptor that is closed with its owner.
class Descriptor {
public:
    explicit Descriptor(int fd = -1)
        : m_fd(fd) {}
    ~Descriptor() { reset(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    void reset(int fd = -1) {
        if (m_fd >= 0) {
            ::close(m_fd);
        }
        m_fd = fd;
    }
    int get() const { return m_fd; }

private:
    int m_fd;
};

Error systemError(const std::string& what) { return Error(fmt::format("{}: {}", what, std::strerror(errno))); }

void doNotBlock(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

/// What poll() says of `fd` after at most `patience`.
short events(int fd, short wanted, std::chrono::milliseconds patience) {
    pollfd request{fd, wanted, 0};
    return ::poll(&request, 1, static_cast<int>(patience.count())) > 0 ? request.revents : short{0};
}

/// Reads what is there; `end` is set when the other side will send no more.
std::vector<std::byte> readSome(int fd, std::size_t most, bool& end) {
    std::vector<std::byte> bytes(most);
    const ssize_t got = ::read(fd, bytes.data(), bytes.size());
    end = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

class PtyChannel final : public HostChannel {
public:
    PtyChannel()
        : m_master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        if (m_master.get() < 0 || ::grantpt(m_master.get()) != 0 || ::unlockpt(m_master.get()) != 0) {
            throw systemError("no pseudo-terminal can be had");
        }
        const char* const name = ::ptsname(m_master.get());
        m_name = name != nullptr ? name : "";
        // Raw: what a UART carries is no text with line ends to mend. The settings stay when the client opens it.
        const Descriptor client(::open(m_name.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
        termios settings{};
        if (client.get() >= 0 && ::tcgetattr(client.get(), &settings) == 0) {
            ::cfmakeraw(&settings);
            ::tcsetattr(client.get(), TCSANOW, &settings);
        }
        doNotBlock(m_master.get());
    }

    void open(const std::string& uart, const AttachmentHost& host) override {
        host.announce(fmt::format("{} is {}", uart, m_name));
        // Nobody there shows as hung up; wait for the client so that it misses nothing.
        while (hungUp() && !(host.cancel != nullptr && host.cancel->load())) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }

    Input read(std::size_t most, std::chrono::milliseconds patience) override {
        if (most == 0) {
            std::this_thread::sleep_for(patience);
            return {};
        }
        const short seen = events(m_master.get(), POLLIN, patience);
        Input input;
        if ((seen & POLLIN) != 0) {
            bool end = false;
            input.bytes = readSome(m_master.get(), most, end);
        } else if ((seen & POLLHUP) != 0) {
            const auto giveUp = std::chrono::steady_clock::now() + kReopen;
            while (hungUp() && !input.hungUp) {
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
                input.hungUp = std::chrono::steady_clock::now() > giveUp;
            }
        }
        return input;
    }

    std::size_t write(std::string_view bytes) override {
        const ssize_t done = ::write(m_master.get(), bytes.data(), bytes.size());
        return done > 0 ? static_cast<std::size_t>(done) : 0;
    }

private:
    bool hungUp() const { return (events(m_master.get(), POLLIN, std::chrono::milliseconds(0)) & POLLHUP) != 0; }

    Descriptor m_master;
    std::string m_name;
};

class TcpChannel final : public HostChannel {
public:
    explicit TcpChannel(std::uint16_t port)
        : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const int on = 1;
        ::setsockopt(m_listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::bind(m_listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
            ::listen(m_listener.get(), 1) != 0) {
            throw systemError(fmt::format("cannot listen on port {} of this computer", port));
        }
        socklen_t size = sizeof address;
        ::getsockname(m_listener.get(), reinterpret_cast<sockaddr*>(&address), &size);
        m_port = ntohs(address.sin_port); // port 0 lets the system choose
    }

    void open(const std::string& uart, const AttachmentHost& host) override {
        host.announce(fmt::format("{} waits for a client on 127.0.0.1:{}", uart, m_port));
        while (m_client.get() < 0 && !(host.cancel != nullptr && host.cancel->load())) {
            if (events(m_listener.get(), POLLIN, std::chrono::milliseconds(100)) != 0) {
                m_client.reset(::accept4(m_listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
            }
        }
    }

    Input read(std::size_t most, std::chrono::milliseconds patience) override {
        if (most == 0) {
            std::this_thread::sleep_for(patience);
            return {};
        }
        Input input;
        if (m_client.get() >= 0 && events(m_client.get(), POLLIN, patience) != 0) {
            input.bytes = readSome(m_client.get(), most, input.hungUp);
        }
        return input;
    }

    std::size_t write(std::string_view bytes) override {
        const ssize_t done = m_client.get() < 0 ? 0 : ::send(m_client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        return done > 0 ? static_cast<std::size_t>(done) : 0;
    }

private:
    Descriptor m_listener;
    Descriptor m_client;
    std::uint16_t m_port = 0;
};

/// Standard input, key by key when it is a terminal.
class TerminalChannel final : public HostChannel {
public:
    ~TerminalChannel() override {
        if (m_changed) {
            ::tcsetattr(STDIN_FILENO, TCSANOW, &m_before);
        }
    }

    void open(const std::string&, const AttachmentHost&) override {
        if (::tcgetattr(STDIN_FILENO, &m_before) != 0) {
            return; // a file or a pipe
        }
        termios keys = m_before;
        keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO); // the firmware echoes; Ctrl-C still ends the run
        keys.c_iflag &= ~static_cast<tcflag_t>(ICRNL);         // Enter is a carriage return, as on a serial line
        m_changed = ::tcsetattr(STDIN_FILENO, TCSANOW, &keys) == 0;
    }

    Input read(std::size_t most, std::chrono::milliseconds patience) override {
        if (most == 0) {
            std::this_thread::sleep_for(patience);
            return {};
        }
        Input input;
        if (events(STDIN_FILENO, POLLIN, patience) != 0) {
            input.bytes = readSome(STDIN_FILENO, most, input.ended);
        }
        return input;
    }

    std::size_t write(std::string_view bytes) override { return bytes.size(); } // shown by AttachmentHost::print

private:
    termios m_before{};
    bool m_changed = false;
};

} // namespace

std::unique_ptr<HostChannel> makePtyChannel() { return std::make_unique<PtyChannel>(); }
std::unique_ptr<HostChannel> makeTcpChannel(std::uint16_t port) { return std::make_unique<TcpChannel>(port); }
std::unique_ptr<HostChannel> makeTerminalChannel() { return std::make_unique<TerminalChannel>(); }

} // namespace simprof
