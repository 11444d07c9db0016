// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/uart/script_attachment.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace simprof {
namespace {

constexpr std::size_t kMostUnread = 1U << 16; ///< what no step asks for is forgotten beyond this
constexpr std::size_t kTail = 400;            ///< characters
constexpr unsigned kTailLines = 5;
constexpr std::uint64_t kLookEvery = 500'000'000; ///< simulated nanoseconds

void keepLast(std::string& text, std::size_t most) {
    if (text.size() > 2 * most) {
        text.erase(0, text.size() - most);
    }
}

} // namespace

void ScriptAttachment::connect(SerialPort& port, const std::string& uart, const AttachmentHost& host) {
    m_port = &port;
    m_uart = uart;
    m_host = host;
    m_next = 0;
    m_timedOut = false;
    m_unread.clear();
    m_tail.clear();
    m_alarm.connect(*host.services);
    port.attach(*this);
    advance();
}

void ScriptAttachment::byteSent(std::byte byte, std::uint64_t) {
    const char c = static_cast<char>(byte);
    m_unread += c;
    m_tail += c;
    keepLast(m_unread, kMostUnread);
    keepLast(m_tail, kTail);
    if (!done() && m_steps[m_next].kind == ScriptStep::Kind::Expect && m_unread.ends_with(m_steps[m_next].text)) {
        m_alarm.cancel();
        m_unread.clear();
        ++m_next;
        advance();
    }
}

bool ScriptAttachment::take(const std::string& text) {
    const std::size_t at = m_unread.find(text);
    if (at == std::string::npos) {
        return false;
    }
    m_unread.erase(0, at + text.size());
    return true;
}

void ScriptAttachment::advance() {
    const std::uint64_t now = m_host.services->nowNanoseconds();
    while (!done()) {
        const ScriptStep& step = m_steps[m_next];
        if (step.kind == ScriptStep::Kind::Send) {
            m_port->receive(std::as_bytes(std::span(step.text)));
        } else if (step.kind == ScriptStep::Kind::Wait) {
            waitUntil(now + step.nanoseconds, [this] {
                ++m_next;
                advance();
            });
            return;
        } else if (!take(step.text)) {
            waitUntil(now + step.nanoseconds, [this] {
                m_timedOut = true;
                m_host.stop("");
            });
            return;
        }
        ++m_next;
    }
    if (std::ranges::any_of(m_steps, [](const ScriptStep& step) { return step.kind != ScriptStep::Kind::Send; })) {
        m_host.stop(fmt::format("the script {} is done", m_name));
    } // one that only sends is input and ends nothing
}

/// A script that waits is no firmware that hangs, however long.
void ScriptAttachment::waitUntil(std::uint64_t nanoseconds, std::function<void()> then) {
    m_host.alive();
    const std::uint64_t next = m_host.services->nowNanoseconds() + kLookEvery;
    if (next >= nanoseconds) {
        m_alarm.set(nanoseconds, std::move(then));
        return;
    }
    m_alarm.set(next, [this, nanoseconds, then = std::move(then)] { waitUntil(nanoseconds, then); });
}

std::string ScriptAttachment::lastLines() const {
    std::size_t begin = m_tail.size();
    for (unsigned lines = 0; begin > 0; --begin) {
        if (m_tail[begin - 1] == '\n' && begin != m_tail.size() && ++lines == kTailLines) {
            break;
        }
    }
    return escaped(std::string_view(m_tail).substr(begin));
}

std::optional<std::string> ScriptAttachment::failure() {
    if (done()) {
        return std::nullopt;
    }
    const ScriptStep& step = m_steps[m_next];
    std::string what = fmt::format("the script {} did not get past line {}", m_name, step.line);
    if (step.kind == ScriptStep::Kind::Expect) {
        what = fmt::format("the script {}, line {}, expects '{}', which {}", m_name, step.line, escaped(step.text),
                           m_timedOut ? fmt::format("did not come within {:g} simulated seconds",
                                                    static_cast<double>(step.nanoseconds) * 1e-9)
                                      : std::string("did not come before the run ended"));
    }
    return what + (m_tail.empty() ? fmt::format("; {} sent nothing", m_uart)
                                  : fmt::format("; the last that {} sent is '{}'", m_uart, lastLines()));
}

} // namespace simprof
