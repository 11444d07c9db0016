// SPDX-License-Identifier: GPL-2.0-or-later
/// What a logic analyser on the board would see, as a VCD file (IEEE 1364-2005, clause 18).
#pragma once
#include "peripherals/serial.h"
#include "sim_core/host/new_file.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace simprof {

/// Edges of output pins and of the transmit lines of UARTs, in nanoseconds of simulated time.
class EdgeRecorder {
public:
    /// Throws Error when `file` cannot be written.
    explicit EdgeRecorder(const std::filesystem::path& file);
    ~EdgeRecorder();
    EdgeRecorder(const EdgeRecorder&) = delete;
    EdgeRecorder& operator=(const EdgeRecorder&) = delete;

    /// Records a machine that has not run yet; what was recorded before is forgotten.
    void connect(const BoardDesc& board, MachineServices& services);
    /// Writes the file: signals that never changed are left out. Throws Error when the file cannot take them. Without
    /// it no file is left behind.
    void write();
    /// Edges that came when there was no room left.
    std::uint64_t leftOut() const { return m_leftOut; }
    static constexpr std::size_t kMostEdges = 4'000'000;

private:
    struct Signal {
        std::string name;
        char before; ///< value before the first edge
        bool seen = false;
    };
    struct Edge {
        std::uint64_t nanoseconds;
        std::uint32_t signal;
        bool level;
    };
    class Line;

    std::uint32_t add(std::string name, char before);
    void note(std::uint64_t nanoseconds, std::uint32_t signal, bool level);

    std::filesystem::path m_path;
    NewFile m_file;
    std::vector<Signal> m_signals;
    std::vector<Edge> m_edges;
    std::uint64_t m_leftOut = 0;
    std::uint32_t m_run = 0; ///< counts connect(): pins of an earlier machine are not heard any more
    std::vector<std::unique_ptr<Line>> m_lines;
};

} // namespace simprof
