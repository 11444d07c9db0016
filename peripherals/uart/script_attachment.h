// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/uart/alarm.h"
#include "peripherals/uart/attachments.h"
#include "peripherals/uart/serial_script.h"

namespace simprof {

/// Plays a script: depends on nothing but what the firmware sends and on simulated time.
class ScriptAttachment final : public SerialAttachment, private SerialSink {
public:
    /// `name` is how messages call the script.
    ScriptAttachment(std::string name, std::vector<ScriptStep> steps)
        : m_name(std::move(name))
        , m_steps(std::move(steps)) {}

    void connect(SerialPort& port, const std::string& uart, const AttachmentHost& host) override;
    bool done() const override { return m_next == m_steps.size(); }
    std::optional<std::string> failure() override;

private:
    void byteSent(std::byte byte, std::uint64_t nanoseconds) override;
    void lineReset() override { m_alarm.arm(); }
    void advance();
    void waitUntil(std::uint64_t nanoseconds, std::function<void()> then);
    bool take(const std::string& text);
    std::string lastLines() const;

    std::string m_name;
    std::vector<ScriptStep> m_steps;
    SerialPort* m_port = nullptr;
    std::string m_uart;
    AttachmentHost m_host;
    Alarm m_alarm;
    std::size_t m_next = 0;
    bool m_timedOut = false;
    std::string m_unread; ///< what came after the last match
    std::string m_tail;   ///< the end of everything that came
};

} // namespace simprof
