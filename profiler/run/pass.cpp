// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/run/pass.h"

#include "peripherals/registry.h"
#include "profiler/text/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace simprof {

namespace {

constexpr Cycles kLongestRun = 10 * kDefaultCycleLimit; ///< of a firmware that prints or runs its network
constexpr std::uint64_t kLongestDrain = 5'000'000'000;  ///< nanoseconds; 4800 characters at 9600 baud
constexpr Cycles kFirstJudged = 1'000'000;              ///< cycle; then at one and a half times the cycle before

/// Channels whose text goes somewhere.
std::set<std::string> watchedBy(const PassSetup& setup) {
    std::set<std::string> names{setup.board.console};
    for (const UartAttachment& uart : setup.options.uarts) {
        names.insert(uart.uart);
    }
    return names;
}

} // namespace

Pass::Pass(const PassSetup& setup, PassPlan plan)
    : m_setup(setup)
    , m_options(setup.options)
    , m_plan(std::move(plan))
    , m_channels(setup.board, watchedBy(setup))
    , m_console(
          {setup.options.limits.consoleBytes, !hasGoal()}, [this](std::string_view text) { show(text); },
          [this] { madeProgress(); })
    , m_machine(std::make_unique<Machine>(setup.board, setup.image, machineOptions())) {
    m_setup.shown.begin();
    m_console.attach(*m_machine, setup.board);
    m_channels.attach(*m_machine);
    m_setup.uarts.connect(setup.board, attachmentHost());
    if (setup.edges != nullptr) {
        setup.edges->connect(setup.board, m_machine->services());
    }
    m_console.startRtt(setup.image, setup.board, setup.symbols, [this](std::uint32_t buffer, std::string_view text) {
        m_channels.send("RTT", buffer, text, m_machine->nowNanoseconds());
    });
    m_recogniser = m_plan.makeRecogniser ? m_plan.makeRecogniser(m_machine->memory()) : nullptr;
    m_threads = ThreadWatch::of(setup.symbols, m_machine->debugPort());
    m_collector = std::make_unique<Collector>(*m_machine, m_recogniser.get(), collectorOptions());
    m_machine->setListener(m_collector.get());
}

MachineOptions Pass::machineOptions() {
    MachineOptions options;
    options.peripherals = makePeripheral;
    options.hostFiles = m_options.hostFiles;
    options.timing = m_setup.timing;
    options.console = [this](std::string_view text) { m_console.print(text); };
    options.trace = [this](unsigned port, std::string_view text) {
        m_channels.send("ITM", port, text, m_machine->nowNanoseconds());
    };
    return options;
}

AttachmentHost Pass::attachmentHost() {
    AttachmentHost host;
    host.services = &m_machine->services();
    host.channel = [this](const std::string& name) { return m_channels.named(name); };
    host.stop = [this](std::string why) { m_machine->requestStop(std::move(why)); };
    host.print = [this](std::string_view text) { m_console.print(text); };
    host.cancel = m_setup.watch.cancel();
    host.alive = [this] { m_machine->moveLimit(kDefaultCycleLimit); };
    if (m_options.announce) {
        host.announce = m_options.announce;
    }
    return host;
}

Collector::Options Pass::collectorOptions() {
    Collector::Options options;
    for (const Symbol& symbol : m_setup.symbols.symbols()) {
        if (symbol.kind == Symbol::Kind::Function && !symbol.discovered) {
            options.functionStarts.insert(symbol.begin);
        }
    }
    options.allocators = allocatorsOf(m_setup.symbols);
    options.onLayer = [this] {
        if (m_credible) {
            madeProgress();
        }
    };
    options.onInferenceDone = [this](std::int32_t network, Cycles inLayers) { inferenceDone(network, inLayers); };
    options.onAwaitedCall = [this] { judge(); };
    options.byteLives = m_options.lives;
    if (m_threads) {
        options.onThreadSwitch = [this](const ThreadSwitch& change) { m_threads->switched(change); };
    }
    return options;
}

RunLimits Pass::limits() {
    RunLimits limits;
    limits.cycles = m_options.untilCycles.value_or(m_options.untilSeconds ? Scheduler::kNever : kDefaultCycleLimit);
    limits.cyclesAreTheGoal = m_options.untilCycles.has_value();
    if (m_options.untilSeconds) {
        limits.nanoseconds = static_cast<std::uint64_t>(std::llround(*m_options.untilSeconds * 1e9));
    }
    if (m_setup.until) {
        limits.until = {*m_setup.until};
    }
    limits.cancel = m_setup.watch.cancel();
    if (m_plan.judge) {
        limits.firstLook = kFirstJudged;
        limits.look = [this] { return judge(); };
    }
    if (m_options.progress || m_console.polls()) {
        limits.progress = [this] {
            if (m_options.progress) {
                m_options.progress(progress());
            }
            m_console.keepPolling();
        };
    }
    return limits;
}

void Pass::run() {
    m_halt = m_machine->run(limits());
    if (!m_abandoned) {
        endOfRun();
    }
    m_collector->finish();
    m_machine->cpu().close(); // the pass is kept while another one runs
}

void Pass::endOfRun() {
    letOutputDrain();
    m_console.finish();
    if (m_console.overflowed() && m_halt.kind == HaltReason::Kind::Until) {
        m_halt.kind = HaltReason::Kind::Limit;
        m_halt.what =
            fmt::format("printed more than {} and goes on (--console-limit)", bytesText(m_options.limits.consoleBytes));
    }
    if (m_halt.kind == HaltReason::Kind::Cancelled) {
        m_halt.what = m_setup.watch.why().value_or("by request") + "; what was measured so far is kept";
    }
    if (const auto failure = m_setup.uarts.failure()) {
        unfinishedDialogue(*failure);
    }
    if (m_halt.fault) {
        m_halt.fault->callStack = m_collector->calls().openCalls();
    }
    if (m_halt.kind == HaltReason::Kind::WaitsForever) {
        m_halt.callStack = m_collector->calls().openCalls();
    }
}

// ---- where it ends -------------------------------------------------------------------------------------------------

Cycles Pass::judge() {
    m_machine->settle();
    const PassPlan::Verdict verdict = m_plan.judge(*this);
    m_credible = verdict.credible;
    m_plan.mayEnd = verdict.mayEnd;
    m_collector->awaitCall(verdict.waitFor);
    if (verdict.abandon) {
        m_abandoned = true;
        m_machine->requestStop("");
    }
    return m_machine->now() + m_machine->now() / 2;
}

void Pass::inferenceDone(std::int32_t network, Cycles inLayers) {
    m_steady.ended(network, inLayers);
    const std::uint64_t seen = m_collector->recording().inferencesSeen();
    if (m_options.untilInferences && seen >= *m_options.untilInferences && mayEnd(network)) {
        m_machine->requestStop(fmt::format("reached {} inferences", *m_options.untilInferences));
    } else if (!hasGoal() && !m_setup.mayExit && m_steady.steady() && mayEnd(network)) {
        m_machine->requestStop(m_steady.text(), HaltReason::Kind::Steady);
    }
}

/// Whether the inferences so far are such that they may end the run: preparation is no inference, and what is taken for
/// layers because it may be some has to look like a network. A last try may end where it was told to.
bool Pass::mayEnd(std::int32_t network) {
    const Recording& recording = m_collector->recording();
    m_missedEnd |= !m_plan.mayEnd;
    if (!m_plan.mayEnd || recording.inferencesSeen() < m_nextCheck || !m_recogniser->surelyRan(network)) {
        return false;
    }
    const bool lastTry = !m_plan.judge && m_options.untilInferences;
    if (!lastTry && m_recogniser->objection(recording)) {
        m_nextCheck = 2 * recording.inferencesSeen(); // it takes time to find out
        return false;
    }
    m_sawEnough = true;
    return true;
}

void Pass::show(std::string_view text) {
    const std::string_view fresh = m_setup.shown.of(text);
    if (m_options.console && !fresh.empty()) {
        m_options.console(fresh);
    }
}

ThreadWatch::Result Pass::threads() {
    return m_threads ? m_threads->finish(m_machine->now(), m_collector->stacks().own()) : ThreadWatch::Result{};
}

/// Whether somebody said where the run ends, or is there to end it.
bool Pass::hasGoal() const {
    return m_options.untilInferences || m_options.untilCycles || m_options.untilSeconds || m_options.untilSymbol ||
           m_options.untilExit || std::ranges::any_of(m_options.uarts, [](const UartAttachment& uart) {
               return !uart.target.starts_with("file:");
           });
}

/// What the firmware had handed to its UARTs when it ended by itself is sent, as on the board. A script that gets its
/// last text by that is done, and has ended the run.
void Pass::letOutputDrain() {
    using Kind = HaltReason::Kind;
    if (m_halt.kind == Kind::Until || m_halt.kind == Kind::Limit || m_halt.kind == Kind::Cancelled) {
        return;
    }
    const auto stop = m_machine->letDevicesFinish([this] { return m_channels.sending(); }, kLongestDrain);
    if (stop && m_halt.kind == Kind::WaitsForever) {
        m_halt.kind = Kind::Until;
        m_halt.what = *stop;
    }
}

/// A script that waits in vain has ended the run, or the run ended before the script: it did not do what it should.
void Pass::unfinishedDialogue(const std::string& what) {
    if (m_halt.kind == HaltReason::Kind::Exit || m_halt.kind == HaltReason::Kind::WaitsForever ||
        m_halt.kind == HaltReason::Kind::Limit) {
        m_halt.what += "; " + what;
        m_halt.kind = HaltReason::Kind::Limit;
    } else if (m_halt.kind == HaltReason::Kind::Until && m_halt.what.empty()) {
        m_halt.what = what;
        m_halt.kind = HaltReason::Kind::Limit;
    }
}

/// A firmware that makes progress may run longer than the limit, but not for ever.
void Pass::madeProgress() {
    if (m_machine->now() < kLongestRun) {
        m_machine->moveLimit(kDefaultCycleLimit);
    }
}

RunProgress Pass::progress() const {
    return {static_cast<std::uint32_t>(m_collector->recording().inferencesSeen()), m_machine->now(),
            static_cast<double>(m_machine->nowNanoseconds()) * 1e-9, m_machine->instructions(), m_plan.number};
}

} // namespace simprof
