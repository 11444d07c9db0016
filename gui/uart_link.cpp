// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/uart_link.h"

#include <QSocketNotifier>

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace simprof::gui {

namespace {

constexpr int kRetryMilliseconds = 30;

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

} // namespace

UartLink::UartLink(QObject* parent)
    : QObject(parent) {
    m_retry.setInterval(kRetryMilliseconds);
    connect(&m_retry, &QTimer::timeout, this, &UartLink::tryToConnect);
}

UartLink::~UartLink() {
    const QSignalBlocker quiet(this);
    close();
}

std::uint16_t UartLink::freePort() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    std::uint16_t port = 0;
    if (fd >= 0 && ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
        port = ntohs(address.sin_port);
    }
    if (fd >= 0) {
        ::close(fd);
    }
    return port;
}

void UartLink::open(std::uint16_t port) {
    close();
    m_port = port;
    m_retry.start();
}

void UartLink::tryToConnect() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(m_port);
    // On loopback this answers at once, yes or no.
    if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        if (fd >= 0) {
            ::close(fd);
        }
        return;
    }
    m_retry.stop();
    m_socket = fd;
    m_notifier = std::make_unique<QSocketNotifier>(fd, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &UartLink::drain);
    Q_EMIT opened();
}

void UartLink::drain() {
    char buffer[4096];
    const ssize_t got = ::recv(m_socket, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        close();
    }
}

bool UartLink::send(const QByteArray& bytes) {
    qsizetype done = 0;
    while (m_socket >= 0 && done < bytes.size()) {
        const ssize_t sent =
            ::send(m_socket, bytes.constData() + done, static_cast<std::size_t>(bytes.size() - done), MSG_NOSIGNAL);
        if (sent <= 0) {
            close();
            return false;
        }
        done += sent;
    }
    return m_socket >= 0;
}

void UartLink::close() {
    m_retry.stop();
    if (m_notifier) {
        m_notifier->setEnabled(false);
        m_notifier.release()->deleteLater(); // it may be the one that is telling us
    }
    if (m_socket >= 0) {
        ::close(m_socket);
        m_socket = -1;
        Q_EMIT closed();
    }
}

} // namespace simprof::gui
