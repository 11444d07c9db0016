// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/uart/alarm.h"
#include "peripherals/uart/attachments.h"
#include "peripherals/uart/new_part.h"

#include <chrono>
#include <map>

namespace simprof {

/// The host's side of a live link.
class HostChannel {
public:
    struct Input {
        std::vector<std::byte> bytes;
        bool ended = false;  ///< nothing will come any more
        bool hungUp = false; ///< the other end has gone: the run is to end
    };
    virtual ~HostChannel() = default;
    /// Called once before the first run begins; may wait for a client.
    virtual void open(const std::string& uart, const AttachmentHost& host) = 0;
    /// Waits up to `patience` for input and returns what there is, `most` bytes at most.
    virtual Input read(std::size_t most, std::chrono::milliseconds patience) = 0;
    /// Writes what it can and returns how many bytes that were.
    virtual std::size_t write(std::string_view bytes) = 0;
};

std::unique_ptr<HostChannel> makePtyChannel();
/// Listens on 127.0.0.1; throws Error when the port is taken.
std::unique_ptr<HostChannel> makeTcpChannel(std::uint16_t port);
std::unique_ptr<HostChannel> makeTerminalChannel();

/// A person or program at the other end, in real time: looked at each simulated millisecond. What comes in is recorded,
/// and repeated at the same cycles when the firmware is run again; a run that gets further than those before it talks
/// to the other end from there.
class LiveAttachment final : public SerialAttachment, private SerialSink {
public:
    /// `printsConsole`: output goes through AttachmentHost::print.
    LiveAttachment(std::unique_ptr<HostChannel> channel, bool prints)
        : m_channel(std::move(channel))
        , m_prints(prints) {}
    ~LiveAttachment() override;
    void connect(SerialPort& port, const std::string& uart, const AttachmentHost& host) override;

private:
    void byteSent(std::byte byte, std::uint64_t nanoseconds) override;
    void lineReset() override { m_alarm.arm(); }
    void look();
    HostChannel::Input input();
    void flush();

    std::unique_ptr<HostChannel> m_channel;
    bool m_prints;
    SerialPort* m_port = nullptr;
    std::string m_uart;
    AttachmentHost m_host;
    Alarm m_alarm;
    std::uint64_t m_looks = 0;
    std::uint64_t m_lived = 0; ///< looks of all runs: what came by then is repeated
    NewPart m_new;
    std::uint64_t m_lookAt = 0;
    std::uint64_t m_startSimulated = 0;
    std::chrono::steady_clock::time_point m_start;
    std::string m_output;
    std::map<std::uint64_t, HostChannel::Input> m_record; ///< by number of the look
};

} // namespace simprof
