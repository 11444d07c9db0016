// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/edge_recorder.h"

#include "peripherals/gpio/gpio.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

namespace simprof {
namespace {

constexpr unsigned kPins = 32;
constexpr unsigned kBits = 10; ///< start, eight data bits, stop

/// Short names of printable characters, as the format wants them.
std::string identifier(std::uint32_t number) {
    std::string text;
    do {
        text += static_cast<char>('!' + number % 94);
        number /= 94;
    } while (number != 0);
    return text;
}

} // namespace

/// The transmit line of a UART, drawn from the bytes that left it: eight data bits, no parity.
class EdgeRecorder::Line final : public SerialSink {
public:
    Line(EdgeRecorder& recorder, SerialPort& port, std::uint32_t signal, std::uint32_t run)
        : m_recorder(recorder)
        , m_port(port)
        , m_signal(signal)
        , m_run(run) {
        port.attach(*this);
    }

private:
    void byteSent(std::byte byte, std::uint64_t nanoseconds) override {
        const double baud = m_port.baud();
        if (m_run != m_recorder.m_run || baud <= 0) {
            return;
        }
        const double bit = 1e9 / baud;
        const double begin = std::max(0.0, static_cast<double>(nanoseconds) - kBits * bit);
        const unsigned frame = 1U << 9 | std::to_integer<unsigned>(byte) << 1;
        bool level = true;
        for (unsigned index = 0; index < kBits; ++index) {
            if ((frame >> index & 1U) != static_cast<unsigned>(level)) {
                level = !level;
                m_recorder.note(static_cast<std::uint64_t>(std::llround(begin + index * bit)), m_signal, level);
            }
        }
    }

    EdgeRecorder& m_recorder;
    SerialPort& m_port;
    std::uint32_t m_signal;
    std::uint32_t m_run;
};

EdgeRecorder::EdgeRecorder(const std::filesystem::path& file)
    : m_path(file)
    , m_file(file) {
    if (m_file.error() != 0) {
        throw Error(fmt::format("--vcd: '{}' cannot be written", file.string()));
    }
}

EdgeRecorder::~EdgeRecorder() = default;

std::uint32_t EdgeRecorder::add(std::string name, char before) {
    m_signals.push_back({std::move(name), before, false});
    return static_cast<std::uint32_t>(m_signals.size() - 1);
}

void EdgeRecorder::note(std::uint64_t nanoseconds, std::uint32_t signal, bool level) {
    if (m_edges.size() == kMostEdges) {
        ++m_leftOut;
        return;
    }
    m_signals[signal].seen = true;
    m_edges.push_back({nanoseconds, signal, level});
}

void EdgeRecorder::connect(const BoardDesc& board, MachineServices& services) {
    ++m_run;
    m_signals.clear();
    m_edges.clear();
    m_leftOut = 0;
    for (const PeripheralDesc& desc : board.mcu->peripherals) {
        Peripheral* device = services.peripheral(desc.name);
        if (auto* port = dynamic_cast<SerialPort*>(device)) {
            m_lines.push_back(std::make_unique<Line>(*this, *port, add(desc.name + ".TX", '1'), m_run));
        } else if (auto* pins = dynamic_cast<GpioPort*>(device)) {
            std::array<std::uint32_t, kPins> signals{};
            for (unsigned pin = 0; pin < kPins; ++pin) {
                signals[pin] = add(fmt::format("{}.{}", desc.name, pin), 'x');
            }
            pins->observe([this, &services, signals, run = m_run](unsigned pin, bool level) {
                if (run == m_run && pin < kPins) {
                    note(services.nowNanoseconds(), signals[pin], level);
                }
            });
        }
    }
}

void EdgeRecorder::write() {
    std::ranges::stable_sort(m_edges, {}, &Edge::nanoseconds); // a character is drawn when it has left
    m_file.write("$timescale 1ns $end\n$scope module board $end\n");
    for (std::uint32_t index = 0; index < m_signals.size(); ++index) {
        if (m_signals[index].seen) {
            m_file.write(fmt::format("$var wire 1 {} {} $end\n", identifier(index), m_signals[index].name));
        }
    }
    m_file.write("$upscope $end\n$enddefinitions $end\n#0\n");
    std::vector<char> levels;
    for (std::uint32_t index = 0; index < m_signals.size(); ++index) {
        levels.push_back(m_signals[index].before);
        if (m_signals[index].seen) {
            m_file.write(fmt::format("{}{}\n", m_signals[index].before, identifier(index)));
        }
    }
    std::uint64_t time = 0;
    for (const Edge& edge : m_edges) {
        const char level = edge.level ? '1' : '0';
        if (std::exchange(levels[edge.signal], level) == level) {
            continue;
        }
        if (edge.nanoseconds != time) {
            time = edge.nanoseconds;
            m_file.write(fmt::format("#{}\n", time));
        }
        m_file.write(fmt::format("{}{}\n", level, identifier(edge.signal)));
    }
    m_file.finish();
    if (m_file.error() != 0) {
        throw Error(fmt::format("--vcd: '{}' cannot be written: {}", m_path.string(), std::strerror(m_file.error())));
    }
}

} // namespace simprof
