// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/serial.h"
#include "profiler/profile.h"
#include "sim_core/machine.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// All ways of text out of a firmware besides the console: the other UARTs, ITM ports ("ITM1") and RTT buffers
/// ("RTT1"). Counts what comes where nobody watches.
class Channels {
public:
    /// `watched`: channels that somebody watches.
    Channels(const BoardDesc& board, std::set<std::string> watched);
    ~Channels();
    Channels(const Channels&) = delete;
    Channels& operator=(const Channels&) = delete;

    /// Listens to the UARTs of a machine that has not run yet; it must not send once this is gone.
    void attach(Machine& machine);
    /// The channel "ITM1" to "ITM31" or "RTT1" to "RTT15"; nullptr for other names. It sends nothing back.
    SerialPort* named(const std::string& name);
    /// The firmware sent this by number `number` of "ITM" or "RTT".
    void send(std::string_view kind, unsigned number, std::string_view text, std::uint64_t nanoseconds);
    /// UARTs with a character on the line.
    bool sending() const;
    /// By name; those that sent nothing are left out.
    std::vector<UnwatchedText> unwatched() const;

private:
    class Port;
    class Counter;
    void count(const std::string& name, SerialPort& port);

    const BoardDesc& m_board;
    std::set<std::string> m_watched;
    std::vector<const SerialPort*> m_uarts;
    std::map<std::string, std::unique_ptr<Port>> m_ports; ///< that are no peripherals
    std::map<std::string, std::unique_ptr<Counter>> m_counters;
};

} // namespace simprof
