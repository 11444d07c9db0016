// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/edge_recorder.h"
#include "peripherals/uart/attachments.h"
#include "profiler/collect/collector.h"
#include "profiler/collect/thread_watch.h"
#include "profiler/profile_run.h"
#include "profiler/run/console_capture.h"
#include "profiler/run/host_watch.h"
#include "profiler/runtimes/runtimes.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/machine.h"

#include <memory>
#include <optional>
#include <string>

namespace simprof {

/// What all passes of a run have in common; all of it outlives them.
struct PassSetup {
    const FirmwareImage& image;
    const RunOptions& options;
    const BoardDesc& board;
    const SymbolTable& symbols;
    SerialAttachments& uarts;
    EdgeRecorder* edges = nullptr; ///< null: nobody wants the edges
    std::optional<Address> until;
    const HostWatch& watch;
};

/// One simulation of an image from reset to its end.
class Pass {
public:
    /// Pass `number` counts from 1; the first one shows what the firmware prints.
    Pass(const PassSetup& setup, const MakeRecogniser& makeRecogniser, std::uint32_t number);
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

    void run();

    Machine& machine() { return *m_machine; }
    Collector& collector() { return *m_collector; }
    Recogniser* recogniser() { return m_recogniser.get(); }
    const HaltReason& halt() const { return m_halt; }
    const ConsoleCapture& console() const { return m_console; }
    ThreadWatch::Result threads();

private:
    AttachmentHost attachmentHost();
    Collector::Options collectorOptions();
    RunLimits limits();
    RunProgress progress() const;
    bool hasGoal() const;
    void letOutputDrain();
    void unfinishedDialogue(const std::string& what);
    void madeProgress();

    PassSetup m_setup;
    const RunOptions& m_options;
    std::uint32_t m_number;
    ConsoleCapture m_console; ///< before the machine, which prints to it
    std::unique_ptr<Machine> m_machine;
    std::optional<ThreadWatch> m_threads;
    std::unique_ptr<Recogniser> m_recogniser;
    std::unique_ptr<Collector> m_collector;
    HaltReason m_halt;
};

} // namespace simprof
