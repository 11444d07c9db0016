// SPDX-License-Identifier: GPL-2.0-or-later
/// The host's ends of UARTs: scripts, files, pseudo-terminals, TCP, the terminal.
#pragma once
#include "peripherals/serial.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// What the host's end of a UART may do to the run it takes part in.
struct AttachmentHost {
    MachineServices* services = nullptr;
    std::function<void(std::string why)> stop;        ///< ends the run
    std::function<void(std::string_view text)> print; ///< what a "terminal" shows of a UART that is not the console
    const std::atomic<bool>* cancel = nullptr;        ///< true: do not wait for clients any more
    std::function<SerialPort*(const std::string& name)> channel = [](const std::string&) {
        return nullptr;
    }; ///< a port that is no peripheral, or nullptr
    std::function<void()> alive = [] {
    }; ///< somebody is still at the other end: called twice a simulated second or more often
    std::function<void(std::string_view text)> announce = announceOnStandardError; ///< where a client finds a live link

    static void announceOnStandardError(std::string_view text);
};

/// One end. It outlives the machines it is connected to, one after the other: each gets the same input at the same
/// cycle.
class SerialAttachment {
public:
    virtual ~SerialAttachment() = default;
    /// Connects to the UART `uart` of a machine that has not run yet; what was connected before is left behind.
    virtual void connect(SerialPort& port, const std::string& uart, const AttachmentHost& host) = 0;
    /// False while it has something to say that should not be cut off by the end of a run (a script with lines left).
    virtual bool done() const { return true; }
    /// Why the run failed on its account: an expected text that never came.
    virtual std::optional<std::string> failure() { return std::nullopt; }
    /// The last run has ended. Throws Error when what the UART sent could not be kept.
    virtual void finish() {}
};

/// Makes the end named by `target`: "script:FILE", "file:OUT", "pty", "tcp:PORT" or "terminal"; throws Error when that
/// cannot be.
std::unique_ptr<SerialAttachment> makeAttachment(const std::string& target);

/// All ends of a run.
class SerialAttachments {
public:
    /// `uart` is a UART of the board, "console" or a channel; throws Error when the target cannot be made.
    void add(std::string uart, const std::string& target);
    /// Connects all ends to a machine that has not run yet; throws Error when the board has no such UART. Scripts end
    /// the run through `host.stop` when all of them are done.
    void connect(const BoardDesc& board, const AttachmentHost& host);
    /// Why the run failed, if it did: to be asked when it has ended.
    std::optional<std::string> failure();
    /// Once, after the last run: throws Error when what a UART sent could not be kept.
    void finish();

private:
    struct Row {
        std::string uart;
        std::unique_ptr<SerialAttachment> end;
    };
    std::vector<Row> m_rows;
};

} // namespace simprof
