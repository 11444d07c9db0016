// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/board_values.h"
#include "profiler/analysis/run_end.h"
#include "profiler/profile_parts.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simprof {

namespace {

/// Of a call stack, where a recursion has made it longer.
constexpr std::size_t kInnermostCalls = 100, kOutermostCalls = 20;

class HeaderBuilder {
public:
    HeaderBuilder(const RunRecord& record, Profile& profile)
        : m_record(record)
        , m_profile(profile) {}

    void build() {
        const FirmwareImage& image = m_record.image;
        Machine& machine = m_record.machine;
        m_profile.tool.version = SIMPROF_VERSION;
        m_profile.firmware = {image.name, image.sha256, image.format, machine.resetHandler() & ~1U, image.changed};
        ProfileBoard& board = m_profile.board;
        board.name = m_record.board.name;
        board.mcu = m_record.board.mcu->name;
        board.core = m_record.board.mcu->core.kind->name;
        board.why = m_record.boardWhy;
        board.guess = m_record.boardGuess;
        board.clockHz = clockDuringInferences();
        board.maxClockHz = m_record.board.mcu->maxClock;
        board.assumptions = m_record.board.assumptions;
        if (machine.clocks().size() == 1) {
            board.assumptions.push_back(
                fmt::format("clock: {:g} MHz, the reset clock; the firmware never programmed another",
                            static_cast<double>(board.clockHz) * 1e-6));
        }
        for (const std::string& sentence : machine.timing().assumptions()) {
            board.assumptions.push_back(sentence);
        }
        if (!image.baseNote.empty()) {
            board.assumptions.push_back(image.baseNote);
        }
        board.assumptions.insert(board.assumptions.end(), image.notes.begin(), image.notes.end());
        m_profile.halt = {m_record.halt.kind, m_record.halt.what, m_record.halt.pc, m_record.halt.exitCode,
                          std::nullopt};
        if (m_record.halt.fault) {
            fault(*m_record.halt.fault);
        }
        if (m_record.halt.kind == HaltReason::Kind::WaitsForever) {
            wait();
        }
        for (const auto& [cycle, hertz] : machine.clocks()) {
            m_profile.clocks.push_back({cycle, hertz});
        }
    }

private:
    Hertz clockDuringInferences() const {
        const auto& clocks = m_record.machine.clocks();
        Hertz clock = m_record.machine.coreClock();
        if (!m_record.collector.recording().inferences.empty()) {
            const Cycles start = m_record.collector.recording().inferences.front().startCycle;
            for (const auto& [cycle, hertz] : clocks) {
                if (cycle <= start) {
                    clock = hertz;
                }
            }
        }
        return clock;
    }

    /// Puts the function behind its address in the sentence; names are the profiler's. The address is that of the
    /// instruction that waits, which may lie in front of the one to go on with.
    void wait() {
        ProfileHalt& halt = m_profile.halt;
        Address at = halt.pc;
        std::size_t found = halt.what.find(fmt::format("0x{:08x}", at));
        if (found == std::string::npos) {
            at -= 2;
            found = halt.what.find(fmt::format("0x{:08x}", at));
        }
        halt.callStack = places(at, m_record.halt.callStack);
        const Symbol* symbol = m_record.symbols.functionAt(at);
        if (symbol == nullptr || found == std::string::npos) {
            return;
        }
        halt.what.insert(found + std::string_view("0x00000000").size(), " in " + symbol->name);
        if (isErrorHandler(symbol->name)) {
            halt.what += fmt::format("; by its name {} is an error handler", symbol->name);
        }
    }

    /// `pc` and where the functions around it were called from.
    std::vector<std::string> places(Address pc, const std::vector<Address>& returnAddresses) const {
        std::vector<std::string> places{describePlace(m_record, pc)};
        const std::size_t calls = returnAddresses.size();
        const std::size_t leftOut =
            calls > kInnermostCalls + kOutermostCalls ? calls - kInnermostCalls - kOutermostCalls : 0;
        for (std::size_t i = 0; i < calls; ++i) {
            if (leftOut != 0 && i == kInnermostCalls) {
                places.push_back(fmt::format("({} calls left out)", leftOut));
                i += leftOut;
            }
            if ((returnAddresses[i] & ~1U) != pc) { // the interrupted place itself is the first line
                places.push_back(describePlace(m_record, returnAddresses[i] - 2));
            }
        }
        return places;
    }

    void fault(const FaultReport& report) {
        ProfileFault fault{report.exception,
                           report.status,
                           report.cfsr,
                           report.hfsr,
                           report.address,
                           report.pc,
                           {report.registers.begin(), report.registers.end()},
                           places(report.pc, report.callStack),
                           report.what};
        m_profile.halt.fault = std::move(fault);
    }

    const RunRecord& m_record;
    Profile& m_profile;
};

} // namespace

void addHeader(const RunRecord& record, Profile& profile) { HeaderBuilder(record, profile).build(); }

std::string describePlace(const RunRecord& record, Address address) {
    const Symbol* symbol = record.symbols.functionAt(address);
    std::string text = symbol != nullptr ? fmt::format("{}+0x{:x}", symbol->name, (address & ~1U) - symbol->begin)
                                         : fmt::format("0x{:08x}", address & ~1U);
    if (const auto at = record.lines.at(address)) {
        text += fmt::format(" ({}:{})", at->file, at->line);
    }
    return text;
}

} // namespace simprof
