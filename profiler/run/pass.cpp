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

std::unique_ptr<Machine> makeMachine(const PassSetup& setup, std::function<void(std::string_view)> console) {
    MachineOptions options;
    options.peripherals = makePeripheral;
    options.hostFiles = setup.options.hostFiles;
    options.console = std::move(console);
    return std::make_unique<Machine>(setup.board, setup.image, std::move(options));
}

} // namespace

Pass::Pass(const PassSetup& setup, const MakeRecogniser& makeRecogniser, std::uint32_t number)
    : m_setup(setup)
    , m_options(setup.options)
    , m_number(number)
    , m_console({setup.options.limits.consoleBytes, !hasGoal()}, number == 1 ? setup.options.console : nullptr,
                [this] { madeProgress(); })
    , m_machine(makeMachine(setup, [this](std::string_view text) { m_console.print(text); })) {
    m_console.attach(*m_machine, setup.board);
    m_setup.uarts.connect(setup.board, attachmentHost());
    if (setup.edges != nullptr) {
        setup.edges->connect(setup.board, m_machine->services());
    }
    m_console.startRtt(setup.image, setup.board, setup.symbols);
    m_recogniser = makeRecogniser ? makeRecogniser(m_machine->memory()) : nullptr;
    m_threads = ThreadWatch::of(setup.symbols, m_machine->debugPort());
    m_collector = std::make_unique<Collector>(*m_machine, m_recogniser.get(), collectorOptions());
    m_machine->setListener(m_collector.get());
}

AttachmentHost Pass::attachmentHost() {
    AttachmentHost host;
    host.services = &m_machine->services();
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
    options.onLayer = [this] { madeProgress(); };
    options.onInferenceDone = [this] {
        if (m_options.untilInferences && m_collector->recording().inferencesSeen() >= *m_options.untilInferences &&
            (m_recogniser == nullptr || m_recogniser->surelyRan())) {
            m_machine->requestStop(fmt::format("reached {} inferences", *m_options.untilInferences));
        }
    };
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
    m_collector->finish();
}

ThreadWatch::Result Pass::threads() {
    return m_threads ? m_threads->finish(m_machine->now(), m_collector->stacks().own()) : ThreadWatch::Result{};
}

/// Whether somebody said where the run ends, or is there to end it.
bool Pass::hasGoal() const {
    return m_options.untilInferences || m_options.untilCycles || m_options.untilSeconds || m_options.untilSymbol ||
           std::ranges::any_of(m_options.uarts,
                               [](const UartAttachment& uart) { return !uart.target.starts_with("file:"); });
}

/// What the firmware had handed to its UARTs when it ended by itself is sent, as on the board. A script that gets its
/// last text by that is done, and has ended the run.
void Pass::letOutputDrain() {
    using Kind = HaltReason::Kind;
    if (m_halt.kind == Kind::Until || m_halt.kind == Kind::Limit || m_halt.kind == Kind::Cancelled) {
        return;
    }
    std::vector<const SerialPort*> ports;
    for (const PeripheralDesc& desc : m_setup.board.mcu->peripherals) {
        if (const auto* port = dynamic_cast<const SerialPort*>(m_machine->peripheral(desc.name))) {
            ports.push_back(port);
        }
    }
    const auto sending = [&ports] {
        return std::ranges::any_of(ports, [](const SerialPort* port) { return port->sending(); });
    };
    const auto stop = m_machine->letDevicesFinish(sending, kLongestDrain);
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
            static_cast<double>(m_machine->nowNanoseconds()) * 1e-9, m_machine->instructions(), m_number};
}

} // namespace simprof
