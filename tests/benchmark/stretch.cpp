// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/benchmark/stretch.h"

#include "peripherals/board_guess.h"
#include "peripherals/registry.h"
#include "profiler/runtimes/tflm.h"
#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof::benchmark {

namespace {

/// Recognises layers as a profile does and stops the machine where inference number `wanted` begins.
class StoppingRecogniser final : public Recogniser {
public:
    StoppingRecogniser(const Subject& subject, Machine& machine, unsigned wanted)
        : m_layers({&subject.network, 1}, machine.memory())
        , m_machine(machine)
        , m_wanted(wanted) {}

    std::optional<LayerCall> layerOf(const CallSite& call) override {
        const std::optional<LayerCall> layer = m_layers.layerOf(call);
        if (layer && !layer->prepared.empty()) {
            m_begun = 0;
        }
        if (layer && layer->startsInference && ++m_begun == m_wanted) {
            m_machine.requestStop("an inference begins");
            m_found = true;
        }
        return layer;
    }
    bool found() const { return m_found; }

private:
    TflmRecogniser m_layers;
    Machine& m_machine;
    unsigned m_wanted;
    unsigned m_begun = 0;
    bool m_found = false;
};

State stateOf(Machine& machine) {
    State state;
    Cpu& cpu = machine.cpu();
    state.core = cpu.registers();
    if (machine.board().mcu->core.fpu) {
        for (unsigned s = 0; s < state.fp.size(); ++s) {
            state.fp[s] = cpu.fpRegister(s);
        }
        state.fpscr = cpu.read(Reg::FPSCR);
    }
    for (const AddressSpace::Region& region : machine.memory().regions()) {
        state.memories.emplace_back(region.bytes.begin(), region.bytes.end());
    }
    return state;
}

/// Where inference `number` begins and where its host returns to; nothing when the firmware ends before.
std::optional<Stretch> findInference(const Subject& subject, unsigned number) {
    const std::unique_ptr<Machine> machine = makeMachine(subject);
    StoppingRecogniser recogniser(subject, *machine, number);
    Collector collector(*machine, &recogniser, collectorOptions(subject));
    machine->setListener(&collector);
    machine->run({});
    if (!recogniser.found()) {
        return std::nullopt;
    }
    Stretch stretch;
    stretch.begin = machine->now();
    // Innermost is the layer's own return address, then that of the function which calls the layers.
    stretch.returnAddress = collector.calls().openCalls().at(1) & ~1U;
    return stretch;
}

/// Runs the stretch once and keeps what was before and after it.
void record(const Subject& subject, Stretch& stretch) {
    const std::unique_ptr<Machine> machine = makeMachine(subject);
    RunLimits toBegin;
    toBegin.cycles = stretch.begin;
    toBegin.cyclesAreTheGoal = true;
    const HaltReason begin = machine->run(toBegin);
    stretch.before = stateOf(*machine);
    stretch.before.core.pc = begin.pc;
    stretch.instructions = machine->instructions();
    RunLimits toEnd;
    toEnd.until = {stretch.returnAddress};
    machine->run(toEnd);
    stretch.end = machine->now();
    stretch.instructions = machine->instructions() - stretch.instructions;
    stretch.after = stateOf(*machine);
}

} // namespace

Subject openSubject(const std::string& path) {
    Subject subject;
    subject.image = readFirmware(path, std::nullopt);
    subject.board = guessBoard(subject.image).board;
    subject.symbols = SymbolTable(subject.image);
    for (const ImageSegment& segment : subject.image.segments) {
        const std::vector<NetworkImage> networks = findNetworks(segment.bytes, segment.address);
        if (!networks.empty()) {
            subject.network = networks.front();
            return subject;
        }
    }
    throw Error(fmt::format("{}: no TFLite network in the image; take firmware that interprets one", path));
}

std::unique_ptr<Machine> makeMachine(const Subject& subject) {
    MachineOptions options;
    options.peripherals = makePeripheral;
    return std::make_unique<Machine>(*subject.board, subject.image, std::move(options));
}

Collector::Options collectorOptions(const Subject& subject) {
    Collector::Options options;
    for (const Symbol& symbol : subject.symbols.symbols()) {
        if (symbol.kind == Symbol::Kind::Function) {
            options.functionStarts.insert(symbol.begin);
        }
    }
    return options;
}

Stretch findStretch(const Subject& subject) {
    for (const unsigned number : {2U, 1U}) {
        if (auto stretch = findInference(subject, number)) {
            record(subject, *stretch);
            return *stretch;
        }
    }
    throw Error(fmt::format("{}: the firmware runs no inference", subject.image.name));
}

// ---- an engine by itself -------------------------------------------------------------------------------------------

/// Does nothing but keep the list of accesses short.
class BareEngine::Client final : public CpuClient {
public:
    void onBlock(Address, std::uint32_t) override {
        if (cpu != nullptr) {
            ++blocks;
            accesses += cpu->accesses().size();
            cpu->clearAccesses();
        }
    }
    void onCheckedAccess(Address, unsigned, bool) override {}
    void onUnmapped(Address, unsigned, bool) override {}
    std::uint32_t onMmioRead(Address, unsigned) override { return 0; }
    void onMmioWrite(Address, unsigned, std::uint32_t) override {}
    bool onReadOnlyStore(Address, unsigned, std::uint32_t) override { return false; }

    Cpu* cpu = nullptr;
    std::uint64_t blocks = 0;
    std::uint64_t accesses = 0;
};

BareEngine::Traffic BareEngine::traffic() const { return {m_client->blocks, m_client->accesses}; }

BareEngine::BareEngine(const Subject& subject, Hooks hooks)
    : m_client(std::make_unique<Client>())
    , m_space(*subject.board->mcu)
    , m_cpu(subject.board->mcu->core, *m_client, hooks) {
    m_client->cpu = &m_cpu;
    for (const AddressSpace::Region& region : m_space.regions()) {
        m_cpu.mapMemory(region.range.begin, region.bytes, region.writable, true);
    }
}

BareEngine::~BareEngine() = default;

void BareEngine::rewind(const Stretch& stretch) {
    m_client->blocks = m_client->accesses = 0;
    for (std::size_t i = 0; i < m_space.regions().size(); ++i) {
        std::ranges::copy(stretch.before.memories[i], m_space.regions()[i].bytes.begin());
    }
    m_cpu.setRegisters(stretch.before.core);
    for (unsigned s = 0; s < stretch.before.fp.size(); ++s) {
        m_cpu.setFpRegister(s, stretch.before.fp[s]);
    }
    m_cpu.write(Reg::FPSCR, stretch.before.fpscr);
}

void BareEngine::run(const Stretch& stretch) {
    m_cpu.run(stretch.before.core.pc, stretch.returnAddress);
    const Address pc = m_cpu.read(Reg::PC) & ~1U;
    if (pc != stretch.returnAddress) {
        throw Error(
            fmt::format("the engine by itself stopped at 0x{:08x} instead of 0x{:08x}: the inference uses devices or "
                        "interrupts, which it has not",
                        pc, stretch.returnAddress));
    }
}

void BareEngine::compare(const Stretch& stretch) const {
    for (std::size_t i = 0; i < m_space.regions().size(); ++i) {
        const AddressSpace::Region& region = m_space.regions()[i];
        if (!std::ranges::equal(region.bytes, stretch.after.memories[i])) {
            throw Error(fmt::format("the engine by itself left other bytes in {} than the machine", region.desc->name));
        }
    }
}

} // namespace simprof::benchmark
