// SPDX-License-Identifier: GPL-2.0-or-later
/// The other end of a live UART: a client of a pseudo-terminal or of a TCP port, in a thread of its own.
#pragma once
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <chrono>
#include <fcntl.h>
#include <functional>
#include <future>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <termios.h>
#include <thread>
#include <unistd.h>

namespace simprof::test {

/// Waits for the announcement, connects, does `talk`, hangs up.
class LiveClient {
public:
    explicit LiveClient(std::function<void(LiveClient&)> talk)
        : m_thread([this, talk = std::move(talk)] {
            if (connect(m_where.get_future().get())) {
                talk(*this);
                ::close(m_fd);
            }
        }) {}
    ~LiveClient() {
        announce("nobody announced anything");
        m_thread.join();
    }
    LiveClient(const LiveClient&) = delete;
    LiveClient& operator=(const LiveClient&) = delete;

    /// For AttachmentHost::announce.
    void announce(std::string_view text) {
        if (!m_announced) {
            m_announced = true;
            m_where.set_value(std::string(text));
        }
    }
    bool expect(std::string_view text) {
        while (heard.find(text, m_read) == std::string::npos) {
            pollfd request{m_fd, POLLIN, 0};
            char bytes[256];
            const bool ready = ::poll(&request, 1, 30'000) > 0;
            const ssize_t got = ready ? ::read(m_fd, bytes, sizeof bytes) : 0;
            if (got <= 0) {
                ADD_FAILURE() << "'" << text << "' did not come; heard: " << heard;
                return false;
            }
            heard.append(bytes, static_cast<std::size_t>(got));
        }
        m_read = heard.find(text, m_read) + text.size();
        return true;
    }
    void send(std::string_view text) {
        EXPECT_EQ(::write(m_fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }

    std::string heard;

private:
    /// "USART2 is /dev/pts/3" or "USART2 waits for a client on 127.0.0.1:4000".
    bool connect(const std::string& where) {
        const std::string target = where.substr(where.rfind(' ') + 1);
        if (target.starts_with("/dev/")) {
            m_fd = ::open(target.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
        } else if (const std::size_t colon = target.find(':'); colon != std::string::npos) {
            sockaddr_in address{};
            address.sin_family = AF_INET;
            address.sin_port = htons(static_cast<std::uint16_t>(std::stoul(target.substr(colon + 1))));
            address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            m_fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            if (::connect(m_fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
                m_fd = -1;
            }
        }
        EXPECT_GE(m_fd, 0) << where;
        return m_fd >= 0;
    }

    int m_fd = -1;
    bool m_announced = false;
    std::size_t m_read = 0;
    std::promise<std::string> m_where;
    std::thread m_thread;
};

} // namespace simprof::test
