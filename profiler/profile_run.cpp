// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/profile_run.h"

#include "peripherals/board_guess.h"
#include "peripherals/boards.h"
#include "peripherals/boards/board_file.h"
#include "peripherals/edge_recorder.h"
#include "peripherals/registry.h"
#include "peripherals/sensors/sensor.h"
#include "peripherals/serial.h"
#include "peripherals/svd.h"
#include "peripherals/uart/attachments.h"
#include "profiler/analysis/energy.h"
#include "profiler/collect/thread_watch.h"
#include "profiler/files.h"
#include "profiler/profile_builder.h"
#include "profiler/run_until.h"
#include "profiler/runtimes/plausible.h"
#include "profiler/runtimes/tflm.h"
#include "sim_core/error.h"
#include "sim_core/host/rtt.h"

#include <fmt/format.h>

#include <memory>

namespace simprof {

namespace {

/// More multiply-accumulates per cycle than this no core can do: what is faster was no inference.
constexpr double kImpossibleMacsPerCycle = 4;
constexpr std::uint64_t kPauseNanoseconds =
    3'000'000; ///< without a character ends a piece of a line; 9600 baud takes 1 ms each
constexpr std::size_t kMostPrints = 100'000;
constexpr std::size_t kMostConsole = std::size_t{4} << 20; ///< bytes, of a run that nobody gave an end
constexpr Cycles kLongestRun = 10 * kDefaultCycleLimit;    ///< of a firmware that prints or runs its network
constexpr std::uint64_t kRttEvery = 1'000'000;             ///< simulated nanoseconds

Error unknownBoard(const std::string& name) {
    std::string known;
    for (const BoardDesc& board : boards()) {
        known += (known.empty() ? "" : ", ") + board.name;
    }
    return Error(fmt::format(
        "there is no board '{}'; simprof knows {}, a file ending in .toml or .json describes another", name, known));
}

/// A board and what holds it when it is no built-in one as it is.
struct ChosenBoard {
    const BoardDesc* board = nullptr;
    std::string why;
    std::shared_ptr<const BoardDesc> own;
};

ChosenBoard chooseBoard(const FirmwareImage& image, const RunOptions& options) {
    ChosenBoard chosen;
    if (options.boardName.empty()) {
        const BoardGuess guess = guessBoard(image);
        chosen.board = guess.board;
        chosen.why = guess.why;
    } else {
        chosen.own = namedBoard(options.boardName);
        chosen.why = "named by the user";
        if (!chosen.own) {
            throw unknownBoard(options.boardName);
        }
    }
    if (options.svd || !options.sensors.empty()) {
        auto board = std::make_shared<BoardDesc>(chosen.own ? *chosen.own : *chosen.board);
        if (options.svd) {
            board->mcu = std::make_shared<const McuDesc>(withSvd(*board->mcu, readSvd(*options.svd)));
        }
        for (const std::string& text : options.sensors) {
            attachSensor(*board, parseSensor(text));
        }
        chosen.own = std::move(board);
    }
    if (chosen.own) {
        chosen.board = chosen.own.get();
    }
    return chosen;
}

/// The network whose layers are looked for, and how it was found or why there is none.
struct NetworkChoice {
    std::optional<NetworkImage> network;
    bool inImage = false; ///< its bytes lie in the firmware
    std::string why;
};

NetworkChoice chooseNetwork(const FirmwareImage& image, const std::optional<std::filesystem::path>& model) {
    NetworkChoice choice;
    std::size_t found = 0;
    std::vector<DamagedNetwork> damaged;
    for (const ImageSegment& segment : image.segments) {
        for (NetworkImage& network : findNetworks(segment.bytes, segment.address, &damaged)) {
            ++found;
            // The largest is the one that matters when an application carries several.
            if (!choice.network || network.network.operators.size() > choice.network->network.operators.size()) {
                choice.network = std::move(network);
                choice.inImage = true;
            }
        }
    }
    choice.why = found != 0        ? fmt::format("{} TFLite flatbuffer{} in the image", found, found == 1 ? "" : "s")
                 : damaged.empty() ? "no TFLite flatbuffer in the image"
                                   : fmt::format("what looks like a TFLite flatbuffer at 0x{:08x} is damaged: {}",
                                                 damaged.front().address, damaged.front().why);
    if (model && !choice.inImage) {
        const std::string bytes = readFile(*model);
        try {
            choice.network = NetworkImage{0, readNetwork(std::as_bytes(std::span(bytes)))};
        } catch (const Error& error) {
            throw Error(fmt::format("--model '{}': {}", model->string(), error.what()));
        }
        choice.why += fmt::format("; the network is described by {}", model->filename().string());
    }
    return choice;
}

using MakeRecogniser = std::function<std::unique_ptr<Recogniser>(const AddressSpace&)>;

/// One simulation of the image from reset to its end.
class Pass {
public:
    Pass(const FirmwareImage& image, const RunOptions& options, const BoardDesc& board, const SymbolTable& symbols,
         SerialAttachments& uarts, EdgeRecorder* edges, const MakeRecogniser& makeRecogniser, std::uint32_t number)
        : m_options(options)
        , m_uarts(uarts)
        , m_number(number) {
        MachineOptions machineOptions;
        machineOptions.peripherals = makePeripheral;
        machineOptions.semihostingRoot = options.semihostingRoot;
        machineOptions.console = [this](std::string_view text) { print(text); };
        m_machine = std::make_unique<Machine>(board, image, std::move(machineOptions));
        if (auto* port = dynamic_cast<SerialPort*>(m_machine->peripheral(board.console))) {
            m_consoleSink.emplace(*this);
            port->attach(*m_consoleSink);
        }
        AttachmentHost host;
        host.services = &m_machine->services();
        host.stop = [this](std::string why) { m_machine->requestStop(std::move(why)); };
        host.print = [this](std::string_view text) { print(text); };
        host.cancel = options.cancel;
        host.alive = [this] { m_machine->moveLimit(kDefaultCycleLimit); };
        if (options.announce) {
            host.announce = options.announce;
        }
        m_uarts.connect(board, host);
        if (edges != nullptr) {
            edges->connect(board, m_machine->services());
        }
        startRtt(image, board, symbols);
        m_recogniser = makeRecogniser ? makeRecogniser(m_machine->memory()) : nullptr;

        Collector::Options collectorOptions;
        for (const Symbol& symbol : symbols.symbols()) {
            if (symbol.kind == Symbol::Kind::Function && !symbol.discovered) {
                collectorOptions.functionStarts.insert(symbol.begin);
            }
        }
        collectorOptions.onLayer = [this] { gotOn(); };
        collectorOptions.onInferenceDone = [this] {
            if (m_options.untilInferences && m_collector->inferences().size() >= *m_options.untilInferences &&
                (m_recogniser == nullptr || m_recogniser->surelyRan())) {
                m_machine->requestStop(fmt::format("reached {} inferences", *m_options.untilInferences));
            }
        };
        m_threads = ThreadWatch::of(symbols, m_machine->debugPort());
        if (m_threads) {
            collectorOptions.onThreadMode = [this](Cycles now) { m_threads->threadMode(now); };
            collectorOptions.onThreadStack = [this](const ThreadStack& stack) { m_threads->threadStack(stack); };
        }
        m_collector = std::make_unique<Collector>(*m_machine, m_recogniser.get(), std::move(collectorOptions));
        m_machine->setListener(m_collector.get());
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

    void run(std::optional<Address> until) {
        RunLimits limits;
        limits.cycles = m_options.untilCycles.value_or(kDefaultCycleLimit);
        limits.cyclesAreTheGoal = m_options.untilCycles.has_value();
        if (until) {
            limits.until = {*until};
        }
        limits.cancel = m_options.cancel;
        if (m_options.untilSeconds) {
            stopAfter(static_cast<std::uint64_t>(*m_options.untilSeconds * 1e9));
        }
        if (m_options.progress || m_rtt || m_options.untilSeconds) {
            limits.progress = [this] {
                if (m_options.progress) {
                    m_options.progress(progress());
                }
                // A reset of the firmware sweeps away what is scheduled.
                if (m_rtt && m_machine->nowNanoseconds() > m_lastRtt + 2 * kRttEvery) {
                    pollRtt();
                }
                if (m_options.untilSeconds &&
                    m_machine->nowNanoseconds() >= static_cast<std::uint64_t>(*m_options.untilSeconds * 1e9)) {
                    m_machine->requestStop(fmt::format("reached {} s", *m_options.untilSeconds));
                }
            };
        }
        m_halt = m_machine->run(limits);
        readRtt();
        if (m_talksForEver && m_halt.kind == HaltReason::Kind::Until) {
            m_halt.kind = HaltReason::Kind::Limit;
            m_halt.what = fmt::format("printed more than {} MiB and goes on", kMostConsole >> 20);
        }
        if (const auto failure = m_uarts.failure()) {
            unfinishedDialogue(*failure);
        }
        if (m_halt.fault) {
            m_halt.fault->callStack = m_collector->openCalls();
        }
        m_collector->finish();
    }

    Machine& machine() { return *m_machine; }
    Collector& collector() { return *m_collector; }
    Recogniser* recogniser() { return m_recogniser.get(); }
    const HaltReason& halt() const { return m_halt; }
    const std::string& console() const { return m_console; }
    const std::vector<PrintSpan>& prints() const { return m_prints; }
    ThreadWatch::Result threads() { return m_threads ? m_threads->finish(m_machine->now()) : ThreadWatch::Result{}; }

private:
    /// The board's console UART prints where semihosting does.
    class ConsoleSink final : public SerialSink {
    public:
        explicit ConsoleSink(Pass& pass)
            : m_pass(pass) {}
        void byteSent(std::byte byte, std::uint64_t) override {
            const char c = static_cast<char>(byte);
            m_pass.print({&c, 1});
        }

    private:
        Pass& m_pass;
    };

    /// Text by RTT is fetched as a probe would fetch it, where the image has a control block.
    void startRtt(const FirmwareImage& image, const BoardDesc& board, const SymbolTable& symbols) {
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
        m_rtt.emplace(m_machine->debugPort(), block != nullptr ? std::optional(block->begin) : std::nullopt, std::move(ram));
        m_machine->scheduleAfter(kRttEvery, [this] { pollRtt(); });
    }

    void pollRtt() {
        readRtt();
        m_machine->scheduleAfter(kRttEvery, [this] { pollRtt(); });
    }

    void readRtt() {
        if (!m_rtt) {
            return;
        }
        m_lastRtt = m_machine->nowNanoseconds();
        if (const std::string text = m_rtt->read(); !text.empty()) {
            print(text);
        }
    }

    /// Whether somebody said where the run ends, or is there to end it.
    bool hasGoal() const {
        return m_options.untilInferences || m_options.untilCycles || m_options.untilSeconds || m_options.untilSymbol ||
               std::ranges::any_of(m_options.uarts,
                                   [](const UartAttachment& uart) { return !uart.target.starts_with("file:"); });
    }

    /// A script that waits in vain has ended the run, or the run ended before the script: it did not do what it should.
    void unfinishedDialogue(const std::string& what) {
        if (m_halt.kind == HaltReason::Kind::Exit || m_halt.kind == HaltReason::Kind::WaitsForever ||
            m_halt.kind == HaltReason::Kind::Limit) {
            m_halt.what += "; " + what;
            m_halt.kind = HaltReason::Kind::Limit;
        } else if (m_halt.kind == HaltReason::Kind::Until && m_halt.what.empty()) {
            m_halt.what = what;
            m_halt.kind = HaltReason::Kind::Limit;
        }
    }

    /// A firmware that gets on may run longer than the limit, but not for ever.
    void gotOn() {
        if (m_machine->now() < kLongestRun) {
            m_machine->moveLimit(kDefaultCycleLimit);
        }
    }

    void print(std::string_view text) {
        gotOn();
        if (m_console.size() > kMostConsole && !hasGoal()) {
            m_talksForEver = true;
            m_machine->requestStop("");
            return;
        }
        notePrint(text);
        m_console += text;
        if (m_options.console && m_number == 1) {
            m_options.console(text);
        }
    }

    /// A line is one span; after a pause within a line another one begins.
    void notePrint(std::string_view text) {
        const std::uint64_t nanoseconds = m_machine->nowNanoseconds();
        const Cycles now = m_machine->now();
        const bool goesOn =
            !m_prints.empty() && m_console.back() != '\n' && nanoseconds < m_lastPrint + kPauseNanoseconds;
        m_lastPrint = nanoseconds;
        if (goesOn || m_prints.size() >= kMostPrints) {
            PrintSpan& last = m_prints.back();
            last.cycles = now - last.startCycle;
            last.sizeBytes += text.size();
        } else if (!text.empty()) {
            m_prints.push_back({now, 0, m_console.size(), text.size()});
        }
    }

    /// Simulated time depends on the clock: look again until it has come.
    void stopAfter(std::uint64_t nanoseconds) {
        const std::uint64_t now = m_machine->nowNanoseconds();
        if (now >= nanoseconds) {
            m_machine->requestStop(fmt::format("reached {} s", *m_options.untilSeconds));
        } else {
            m_machine->scheduleAfter(nanoseconds - now + 1, [this, nanoseconds] { stopAfter(nanoseconds); });
        }
    }

    RunProgress progress() const {
        return {static_cast<std::uint32_t>(m_collector->inferences().size()), m_machine->now(),
                static_cast<double>(m_machine->nowNanoseconds()) * 1e-9, m_machine->instructions(), m_number};
    }

    const RunOptions& m_options;
    SerialAttachments& m_uarts;
    std::uint32_t m_number;
    std::string m_console;
    bool m_talksForEver = false;
    std::vector<PrintSpan> m_prints;
    std::uint64_t m_lastPrint = 0; ///< nanoseconds
    std::optional<RttReader> m_rtt;
    std::optional<ThreadWatch> m_threads;
    std::uint64_t m_lastRtt = 0; ///< nanoseconds
    HaltReason m_halt;
    std::optional<ConsoleSink> m_consoleSink;
    std::unique_ptr<Machine> m_machine;
    std::unique_ptr<Recogniser> m_recogniser;
    std::unique_ptr<Collector> m_collector;
};

/// Finds the network's layers and runs as often as that takes.
class ProfileRun {
public:
    ProfileRun(const FirmwareImage& image, const RunOptions& options)
        : m_image(image)
        , m_options(options)
        , m_board(chooseBoard(image, options))
        , m_symbols(image)
        , m_lines(image) {
        (void)chooseSupply(*m_board.board, options.supply); // a wrong name is told before the run
        for (const UartAttachment& attachment : options.uarts) {
            m_uarts.add(attachment.uart, attachment.target);
        }
        if (options.vcd) {
            m_edges.emplace(*options.vcd);
        }
        if (options.untilSymbol) {
            m_until = untilAddress(m_symbols, *options.untilSymbol, image.name);
        }
    }

    Profile run() {
        const NetworkChoice choice = chooseNetwork(m_image, m_options.model);
        const NetworkImage* inFlash = choice.network && choice.inImage ? &*choice.network : nullptr;
        simulate(inFlash == nullptr ? MakeRecogniser{}
                                    : [inFlash](const AddressSpace& memory) -> std::unique_ptr<Recogniser> {
            return std::make_unique<TflmRecogniser>(*inFlash, memory);
        });
        if (inFlash != nullptr && ranIn(*inFlash)) {
            return profile(inFlash, nullptr,
                           {"tflm", "kernels are called with nodes whose inputs point into the flatbuffer",
                            fmt::format("flatbuffer at 0x{:08x}", inFlash->address), inFlash->network.description, 0});
        }
        return spine(choice);
    }

private:
    void simulate(const MakeRecogniser& makeRecogniser) {
        ++m_passes;
        m_pass = std::make_unique<Pass>(m_image, m_options, *m_board.board, m_symbols, m_uarts,
                                        m_edges ? &*m_edges : nullptr, makeRecogniser, m_passes);
        m_pass->run(m_until);
    }

    /// Did the layers that were seen do the network's work?
    bool ranIn(const NetworkImage& image) {
        Collector& collector = m_pass->collector();
        if (collector.inferences().empty()) {
            return false;
        }
        std::uint64_t macs = 0;
        Cycles cycles = 0;
        for (std::size_t i = 0; i < collector.layers().size() && i < image.network.operators.size(); ++i) {
            macs += image.network.operators[i].macs * collector.layerCalls()[i];
            cycles += collector.layers()[i].cycles;
        }
        if (static_cast<double>(macs) > kImpossibleMacsPerCycle * static_cast<double>(cycles)) {
            collector.dropInferences(); // Prepare, and never Invoke
            return false;
        }
        return true;
    }

    Profile spine(const NetworkChoice& choice) {
        const std::vector<Address> hosts = findSpines(m_pass->collector().tree());
        const std::string seen = choice.inImage
                                     ? "the flatbuffer in the image is not run the way TensorFlow Lite Micro runs one"
                                     : choice.why;
        std::string why = "no function calls several others that share the time, as layers do";
        for (const Address host : hosts) {
            simulate([host](const AddressSpace&) { return std::make_unique<SpineRecogniser>(host); });
            auto* recogniser = static_cast<SpineRecogniser*>(m_pass->recogniser());
            recogniser->makeLayers(m_pass->collector());
            const auto objection = implausibleNetwork(m_pass->collector().layers(), m_pass->collector().memoryLog());
            if (!objection) {
                return profile(nullptr, recogniser,
                               {"spine",
                                fmt::format("{}; the layers are the calls of {}", seen, m_symbols.nameFor(host)),
                                fmt::format("call sites of {} at 0x{:08x}", m_symbols.nameFor(host), host), "", 0});
            }
            why = *objection;
        }
        m_pass->collector().dropInferences(); // what looked like layers is none
        return profile(nullptr, nullptr, {"none", fmt::format("{}; and {}", seen, why), "", "", 0});
    }

    Profile profile(const NetworkImage* network, const SpineRecogniser* spineRecogniser, ProfileNetwork info) {
        if (m_edges && !m_edges->write()) {
            m_pass->machine().reportEvent("--vcd: the file holds the first 20 million edges only");
        }
        auto [threads, spans] = m_pass->threads();
        return buildProfile({m_image, m_options, *m_board.board, m_board.why, m_pass->machine(), m_pass->collector(),
                             m_symbols, m_lines, m_pass->halt(), network, spineRecogniser, std::move(info),
                             m_pass->console(), m_pass->prints(), std::move(threads), std::move(spans)});
    }

    const FirmwareImage& m_image;
    const RunOptions& m_options;
    ChosenBoard m_board;
    SymbolTable m_symbols;
    LineTable m_lines;
    std::optional<Address> m_until;
    std::uint32_t m_passes = 0;
    SerialAttachments m_uarts; ///< before the passes, whose machines they are connected to
    std::optional<EdgeRecorder> m_edges;
    std::unique_ptr<Pass> m_pass;
};

} // namespace

Profile profileRun(const FirmwareImage& firmware, const RunOptions& options) {
    return ProfileRun(firmware, options).run();
}

} // namespace simprof
