// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/run/console_capture.h"

#include <algorithm>
#include <utility>

namespace simprof {

namespace {

constexpr std::uint64_t kPauseNanoseconds =
    3'000'000; ///< without a character ends a piece of a line; 9600 baud takes 1 ms each
constexpr std::size_t kMostPrints = 10'000;
constexpr std::uint64_t kRttEvery = 1'000'000; ///< simulated nanoseconds

} // namespace

void ConsoleCapture::attach(Machine& machine, const BoardDesc& board) {
    m_machine = &machine;
    if (auto* port = dynamic_cast<SerialPort*>(machine.peripheral(board.console))) {
        port->attach(*this);
    }
}

void ConsoleCapture::startRtt(const FirmwareImage& image, const BoardDesc& board, const SymbolTable& symbols,
                              std::function<void(std::uint32_t, std::string_view)> others) {
    m_otherBuffers = std::move(others);
    const Symbol* block = symbols.find("_SEGGER_RTT");
    if (block == nullptr && std::ranges::none_of(image.segments, [](const ImageSegment& segment) {
            return RttReader::isIn(segment.bytes);
        })) {
        return;
    }
    std::vector<AddressRange> ram;
    for (const MemoryDesc& memory : board.mcu->memories) {
        if (memory.kind == MemoryKind::Sram || memory.kind == MemoryKind::Dtcm) {
            ram.push_back(memory.range);
        }
    }
    m_rtt.emplace(m_machine->debugPort(), block != nullptr ? std::optional(block->begin) : std::nullopt,
                  std::move(ram));
    m_machine->scheduleAfter(kRttEvery, [this] { pollRtt(); });
}

void ConsoleCapture::keepPolling() {
    if (m_rtt && m_machine->nowNanoseconds() > m_lastRtt + 2 * kRttEvery) {
        pollRtt();
    }
}

void ConsoleCapture::pollRtt() {
    readRtt();
    m_machine->scheduleAfter(kRttEvery, [this] { pollRtt(); });
}

void ConsoleCapture::readRtt() {
    if (!m_rtt) {
        return;
    }
    m_lastRtt = m_machine->nowNanoseconds();
    if (const std::string text = m_rtt->read(); !text.empty()) {
        print(text);
    }
    for (std::uint32_t buffer = 1; buffer < m_rtt->buffers(); ++buffer) {
        if (const std::string text = m_rtt->readBuffer(buffer); !text.empty()) {
            m_otherBuffers(buffer, text);
        }
    }
}

void ConsoleCapture::finish() {
    const Cycles end = m_machine->now();
    for (PrintSpan& print : m_prints) {
        print.startCycle = std::min(print.startCycle, end);
        print.cycles = std::min(print.cycles, end - print.startCycle);
    }
    readRtt();
}

void ConsoleCapture::byteSent(std::byte byte, std::uint64_t) {
    const char c = static_cast<char>(byte);
    print({&c, 1});
}

void ConsoleCapture::print(std::string_view text) {
    m_alive();
    if (m_text.size() > m_limit.bytes) {
        if (m_limit.stops) {
            m_overflowed = true;
            m_machine->requestStop("");
        }
        m_leftOut += text.size();
        return;
    }
    note(text);
    m_text += text;
    if (m_printed) {
        m_printed(text);
    }
}

/// A line is one span; after a pause within a line another one begins.
void ConsoleCapture::note(std::string_view text) {
    const std::uint64_t nanoseconds = m_machine->nowNanoseconds();
    const Cycles now = m_machine->now();
    const bool sameLine = !m_prints.empty() && m_text.back() != '\n' && nanoseconds < m_lastPrint + kPauseNanoseconds;
    m_lastPrint = nanoseconds;
    if (sameLine || m_prints.size() >= kMostPrints) {
        PrintSpan& last = m_prints.back();
        last.cycles = now - last.startCycle;
        last.sizeBytes += text.size();
    } else if (!text.empty()) {
        m_prints.push_back({now, 0, m_text.size(), text.size()});
    }
}

} // namespace simprof
