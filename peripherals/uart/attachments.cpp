// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/uart/attachments.h"

#include "peripherals/uart/live_attachment.h"
#include "peripherals/uart/new_part.h"
#include "peripherals/uart/script_attachment.h"
#include "sim_core/error.h"
#include "sim_core/host/new_file.h"
#include "sim_core/host/read_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

namespace simprof {
namespace {

/// What a UART sends, in a file.
class FileAttachment final : public SerialAttachment, private SerialSink {
public:
    explicit FileAttachment(const std::string& path)
        : m_path(path)
        , m_file(path) {
        if (m_file.error() != 0) {
            throw Error(fmt::format("--uart: '{}' cannot be written", path));
        }
    }
    void connect(SerialPort& port, const std::string&, const AttachmentHost&) override {
        m_new.begin();
        port.attach(*this);
    }
    void finish() override {
        m_file.finish();
        if (m_file.error() != 0) {
            throw Error(fmt::format("--uart: '{}' cannot be written: {}", m_path, std::strerror(m_file.error())));
        }
    }

private:
    void byteSent(std::byte byte, std::uint64_t) override {
        const char sent = static_cast<char>(byte);
        m_file.write(m_new.of({&sent, 1}));
    }

    std::string m_path;
    NewFile m_file;
    NewPart m_new;
};

std::unique_ptr<SerialAttachment> makeScript(const std::string& path) {
    if (!isSomeFile(path)) {
        throw Error(fmt::format("--uart: there is no script '{}'", path));
    }
    const std::string text = readSmallFile(path);
    const std::string name = std::filesystem::path(path).filename().string();
    if (text.find('\0') != std::string::npos) {
        throw Error(fmt::format("--uart: '{}' is no script but a binary file; give a text file with send and expect "
                                "lines",
                                name));
    }
    return std::make_unique<ScriptAttachment>(name, parseScript(text, name));
}

std::uint16_t parsePort(const std::string& text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) {
        throw Error(fmt::format("--uart: tcp takes a port from 0 (any) to 65535, not '{}'", text));
    }
    return port;
}

std::unique_ptr<SerialAttachment> live(std::unique_ptr<HostChannel> channel, bool prints = false) {
    return std::make_unique<LiveAttachment>(std::move(channel), prints);
}

} // namespace

void AttachmentHost::announceOnStandardError(std::string_view text) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
}

std::unique_ptr<SerialAttachment> makeAttachment(const std::string& target) {
    const std::size_t colon = target.find(':');
    const std::string kind = target.substr(0, colon);
    const std::string rest = colon == std::string::npos ? "" : target.substr(colon + 1);
    if (kind == "script" && !rest.empty()) {
        return makeScript(rest);
    }
    if (kind == "file" && !rest.empty()) {
        return std::make_unique<FileAttachment>(rest);
    }
    if (kind == "tcp" && !rest.empty()) {
        return live(makeTcpChannel(parsePort(rest)));
    }
    if (target == "pty") {
        return live(makePtyChannel());
    }
    if (target == "terminal") {
        return live(makeTerminalChannel(), true);
    }
    throw Error(
        fmt::format("--uart: a UART goes to script:FILE, file:OUT, pty, tcp:PORT or terminal, not to '{}'", target));
}

void SerialAttachments::add(std::string uart, const std::string& target) {
    m_rows.push_back({std::move(uart), makeAttachment(target)});
}

namespace {

/// The UART of that name; throws Error that lists those there are.
SerialPort& uartNamed(const std::string& uart, const BoardDesc& board, const AttachmentHost& host) {
    MachineServices& services = *host.services;
    if (auto* port = dynamic_cast<SerialPort*>(services.peripheral(uart))) {
        return *port;
    }
    if (SerialPort* port = host.channel(uart)) {
        return *port;
    }
    std::string known;
    for (const PeripheralDesc& desc : board.mcu->peripherals) {
        if (dynamic_cast<SerialPort*>(services.peripheral(desc.name)) != nullptr) {
            known += (known.empty() ? "" : ", ") + desc.name;
        }
    }
    throw Error(
        fmt::format("--uart: {} has no UART '{}'; it has {}", board.name, uart, known.empty() ? "none" : known));
}

} // namespace

void SerialAttachments::connect(const BoardDesc& board, const AttachmentHost& host) {
    const auto nameOf = [&](const Row& row) { return row.uart == "console" ? board.console : row.uart; };
    std::vector<SerialPort*> ports; // all of them before the first is connected: a wrong name leaves nothing behind
    for (const Row& row : m_rows) {
        ports.push_back(&uartNamed(nameOf(row), board, host));
    }
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        Row& row = m_rows[i];
        const std::string uart = nameOf(row);
        AttachmentHost mine = host;
        mine.stop = [this, stop = host.stop, end = row.end.get()](std::string why) {
            // A script that is done waits for the others.
            const bool allDone = std::ranges::all_of(m_rows, [](const Row& other) { return other.end->done(); });
            if (allDone || !end->done()) {
                stop(std::move(why));
            }
        };
        if (uart == board.console) {
            mine.print = [](std::string_view) {}; // shown already
        }
        row.end->connect(*ports[i], uart, mine);
    }
}

std::optional<std::string> SerialAttachments::failure() {
    for (const Row& row : m_rows) {
        if (auto why = row.end->failure()) {
            return why;
        }
    }
    return std::nullopt;
}

void SerialAttachments::finish() {
    for (const Row& row : m_rows) {
        row.end->finish();
    }
}

} // namespace simprof
