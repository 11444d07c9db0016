// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "peripherals/edge_recorder.h"
#include "peripherals/uart/attachments.h"
#include "peripherals/uart/new_part.h"
#include "profiler/collect/collector.h"
#include "profiler/collect/thread_watch.h"
#include "profiler/profile_run.h"
#include "profiler/run/channels.h"
#include "profiler/run/console_capture.h"
#include "profiler/run/host_watch.h"
#include "profiler/run/steady.h"
#include "profiler/runtimes/runtimes.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/machine.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
    NewPart& shown;               ///< of the text that the firmware prints
    bool mayExit = false;         ///< the firmware may end by itself
    std::vector<Address> hosts{}; ///< functions whose calls are layers, as the user says
    TimingChanges timing{};       ///< what it is timed as if
};

class Pass;

/// What one pass is for.
struct PassPlan {
    std::uint32_t number = 1;      ///< counts from 1
    MakeRecogniser makeRecogniser; ///< empty: nothing is recognised, calls are recorded
    /// What is said of a pass in progress.
    struct Verdict {
        bool abandon = false;           ///< it is of no more use
        bool credible = true;           ///< what it takes for layers may be some
        bool mayEnd = true;             ///< when its inferences are enough
        std::optional<Address> waitFor; ///< ask again as soon as this function has been called
    };
    /// Asked now and then; empty: the pass is taken to its end.
    std::function<Verdict(Pass&)> judge;
    bool mayEnd = true; ///< Verdict::mayEnd before it is asked
};

/// One simulation of an image from reset to its end.
class Pass {
public:
    Pass(const PassSetup& setup, PassPlan plan);
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

    void run();

    Machine& machine() { return *m_machine; }
    Collector& collector() { return *m_collector; }
    Recogniser* recogniser() { return m_recogniser.get(); }
    const Recogniser* recogniser() const { return m_recogniser.get(); }
    const HaltReason& halt() const { return m_halt; }
    std::uint32_t number() const { return m_plan.number; }
    /// It was ended by PassPlan::judge.
    bool abandoned() const { return m_abandoned; }
    /// It ended because its inferences were enough.
    bool sawEnough() const { return m_sawEnough; }
    /// It went on when its inferences were enough, because its judge did not let it end.
    bool missedEnd() const { return m_missedEnd; }
    const ConsoleCapture& console() const { return m_console; }
    const Channels& channels() const { return m_channels; }
    ThreadWatch::Result threads();

private:
    MachineOptions machineOptions();
    AttachmentHost attachmentHost();
    Collector::Options collectorOptions();
    RunLimits limits();
    RunProgress progress() const;
    bool hasGoal() const;
    void inferenceDone(std::int32_t network, Cycles inLayers);
    bool mayEnd(std::int32_t network);
    Cycles judge();
    void endOfRun();
    void letOutputDrain();
    void show(std::string_view text);
    void unfinishedDialogue(const std::string& what);
    void madeProgress();

    PassSetup m_setup;
    const RunOptions& m_options;
    PassPlan m_plan;
    Channels m_channels; ///< these two before the machine, which sends to them
    ConsoleCapture m_console;
    std::unique_ptr<Machine> m_machine;
    std::optional<ThreadWatch> m_threads;
    std::unique_ptr<Recogniser> m_recogniser;
    std::unique_ptr<Collector> m_collector;
    HaltReason m_halt;
    SteadyWatch m_steady;
    std::uint64_t m_nextCheck = 0; ///< number of inferences
    bool m_credible = true;
    bool m_missedEnd = false;
    bool m_abandoned = false;
    bool m_sawEnough = false;
};

} // namespace simprof
