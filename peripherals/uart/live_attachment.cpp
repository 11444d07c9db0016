// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/uart/live_attachment.h"

#include <fmt/format.h>

namespace simprof {
namespace {

constexpr std::uint64_t kLookEvery = 1'000'000; ///< simulated nanoseconds
constexpr std::size_t kMostAtOnce = 256;
constexpr std::size_t kMostPending = 4096;    ///< bytes on their way into the UART before the client is held off
constexpr std::size_t kMostOutput = 1U << 20; ///< bytes nobody reads before the oldest are dropped
constexpr std::chrono::milliseconds kLate{20};

} // namespace

LiveAttachment::~LiveAttachment() { flush(); }

void LiveAttachment::connect(SerialPort& port, const std::string& uart, const AttachmentHost& host) {
    const bool first = m_port == nullptr;
    m_port = &port;
    m_uart = uart;
    m_host = host;
    m_alarm.connect(*host.services);
    m_looks = 0;
    m_new.begin();
    port.attach(*this);
    if (first) {
        m_channel->open(uart, host);
        m_startSimulated = host.services->nowNanoseconds();
        m_start = std::chrono::steady_clock::now();
    }
    m_lookAt = host.services->nowNanoseconds() + kLookEvery;
    m_alarm.set(m_lookAt, [this] { look(); });
}

void LiveAttachment::byteSent(std::byte byte, std::uint64_t) {
    const char c = static_cast<char>(byte);
    if (m_prints) {
        m_host.print({&c, 1});
        return;
    }
    m_output += m_new.of({&c, 1});
    if (m_output.size() > kMostOutput) {
        m_output.erase(0, kMostOutput / 2);
    }
}

void LiveAttachment::flush() {
    while (!m_output.empty()) {
        const std::size_t written = m_channel->write(m_output);
        if (written == 0) {
            break;
        }
        m_output.erase(0, written);
    }
}

/// Simulated time does not run ahead of real time, and what it lost by heavy computing it does not catch up.
HostChannel::Input LiveAttachment::input() {
    flush();
    const auto simulated = std::chrono::nanoseconds(m_host.services->nowNanoseconds() - m_startSimulated);
    const auto real = std::chrono::steady_clock::now() - m_start;
    if (real > simulated + kLate) {
        m_start += std::chrono::duration_cast<std::chrono::steady_clock::duration>(real - simulated);
    }
    const auto ahead =
        std::max(std::chrono::milliseconds(0), std::chrono::duration_cast<std::chrono::milliseconds>(simulated - real));
    const std::size_t pending = m_port->pendingInput();
    return m_channel->read(pending < kMostPending ? kMostAtOnce : 0, ahead);
}

void LiveAttachment::look() {
    const std::uint64_t number = m_looks++;
    m_host.alive();
    HostChannel::Input now;
    if (number >= m_lived) {
        m_lived = number + 1;
        now = input();
        if (!now.bytes.empty() || now.ended || now.hungUp) {
            m_record.emplace(number, now);
        }
    } else if (const auto found = m_record.find(number); found != m_record.end()) {
        now = found->second;
    }
    if (!now.bytes.empty()) {
        m_port->receive(now.bytes);
    }
    if (now.hungUp) {
        m_host.stop(fmt::format("the other end of {} hung up", m_uart));
        return;
    }
    if (!now.ended) {
        m_lookAt += kLookEvery;
        m_alarm.set(m_lookAt, [this] { look(); });
    }
}

} // namespace simprof
