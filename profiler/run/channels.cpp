// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/run/channels.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace simprof {

namespace {

constexpr std::size_t kLongestLine = 80; ///< that is kept
constexpr unsigned kItmPorts = 32;       ///< Armv7-M ARM, C1.7: ITM_STIM0 to ITM_STIM31 are the usual ones
constexpr unsigned kRttBuffers = 16;

/// Whether `name` is `kind` and a number from 1 on: number 0 is the console.
bool isNumbered(std::string_view name, std::string_view kind, unsigned end) {
    if (!name.starts_with(kind)) {
        return false;
    }
    const std::string_view digits = name.substr(kind.size());
    unsigned number = 0;
    const auto [behind, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc{} && behind == digits.data() + digits.size() && number > 0 && number < end;
}

} // namespace

/// A channel of the debugger, which has no line and no speed.
class Channels::Port final : public SerialPort {
public:
    double baud() const override { return 0; }
    bool sending() const override { return false; }
    void send(std::string_view text, std::uint64_t nanoseconds) {
        for (const char c : text) {
            sent(static_cast<std::byte>(c), nanoseconds);
        }
    }

private:
    void inputQueued() override { m_input.clear(); }
};

class Channels::Counter final : public SerialSink {
public:
    Bytes bytes() const { return m_bytes; }
    const std::string& firstLine() const { return m_line; }

private:
    void byteSent(std::byte byte, std::uint64_t) override {
        ++m_bytes;
        const char c = static_cast<char>(byte);
        if (m_lineEnded) {
            return;
        }
        if (c == '\n' || c == '\r') {
            m_lineEnded = !m_line.empty();
        } else {
            m_line += c;
            m_lineEnded = m_line.size() == kLongestLine;
        }
    }

    Bytes m_bytes = 0;
    std::string m_line;
    bool m_lineEnded = false;
};

Channels::Channels(const BoardDesc& board, std::set<std::string> watched)
    : m_board(board)
    , m_watched(std::move(watched)) {}

Channels::~Channels() = default;

void Channels::count(const std::string& name, SerialPort& port) {
    if (!m_watched.contains(name)) {
        port.attach(*(m_counters[name] = std::make_unique<Counter>()));
    }
}

void Channels::attach(Machine& machine) {
    for (const PeripheralDesc& desc : m_board.mcu->peripherals) {
        if (auto* port = dynamic_cast<SerialPort*>(machine.peripheral(desc.name))) {
            m_uarts.push_back(port);
            count(desc.name, *port);
        }
    }
}

SerialPort* Channels::named(const std::string& name) {
    if (!isNumbered(name, "ITM", kItmPorts) && !isNumbered(name, "RTT", kRttBuffers)) {
        return nullptr;
    }
    std::unique_ptr<Port>& port = m_ports[name];
    if (!port) {
        port = std::make_unique<Port>();
        count(name, *port);
    }
    return port.get();
}

void Channels::send(std::string_view kind, unsigned number, std::string_view text, std::uint64_t nanoseconds) {
    const std::string name = fmt::format("{}{}", kind, number);
    if (named(name) != nullptr) {
        m_ports[name]->send(text, nanoseconds);
    }
}

bool Channels::sending() const {
    return std::ranges::any_of(m_uarts, [](const SerialPort* port) { return port->sending(); });
}

std::vector<UnwatchedText> Channels::unwatched() const {
    std::vector<UnwatchedText> texts;
    for (const auto& [name, counter] : m_counters) {
        if (counter->bytes() != 0) {
            texts.push_back({name, counter->bytes(), counter->firstLine(), fmt::format("--uart {}=terminal", name)});
        }
    }
    return texts;
}

} // namespace simprof
