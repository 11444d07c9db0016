// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/profile_builder.h"

#include "profiler/analysis/energy.h"
#include "profiler/analysis/memory_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>

namespace simprof {

namespace {

const char* coreName(CoreKind kind) {
    switch (kind) {
    case CoreKind::CortexM0: return "Cortex-M0";
    case CoreKind::CortexM0Plus: return "Cortex-M0+";
    case CoreKind::CortexM4: return "Cortex-M4";
    case CoreKind::CortexM7: return "Cortex-M7";
    }
    return "";
}

/// What a function's name says about the operator it runs; empty when it says nothing.
std::string operatorFromName(const std::string& name) {
    static constexpr std::array<std::pair<const char*, const char*>, 17> kWords = {
        {{"depthwise", "DEPTHWISE_CONV_2D"},
         {"dwconv", "DEPTHWISE_CONV_2D"},
         {"conv", "CONV_2D"},
         {"fully_connected", "FULLY_CONNECTED"},
         {"fullyconnected", "FULLY_CONNECTED"},
         {"dense", "FULLY_CONNECTED"},
         {"softmax", "SOFTMAX"},
         {"average_pool", "AVERAGE_POOL_2D"},
         {"avg_pool", "AVERAGE_POOL_2D"},
         {"averagepool", "AVERAGE_POOL_2D"},
         {"avgpool", "AVERAGE_POOL_2D"},
         {"max_pool", "MAX_POOL_2D"},
         {"maxpool", "MAX_POOL_2D"},
         {"reshape", "RESHAPE"},
         {"mean", "MEAN"},
         {"pad", "PAD"},
         {"add", "ADD"}}};
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const auto& [word, op] : kWords) {
        if (lower.find(word) != std::string::npos) {
            return op;
        }
    }
    return "";
}

/// A demangled name without return type, arguments and template arguments: "reference_integer_ops::ConvPerChannel".
std::string shortName(const std::string& name) {
    std::string flat;
    int depth = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        constexpr std::string_view kAnonymous = "(anonymous namespace)::";
        if (depth == 0 && std::string_view(name).substr(i).starts_with(kAnonymous)) {
            i += kAnonymous.size() - 1;
        } else if (name[i] == '<') {
            ++depth;
        } else if (name[i] == '>') {
            --depth;
        } else if (name[i] == '(' && depth == 0) {
            break;
        } else if (depth == 0) {
            flat += name[i];
        }
    }
    const std::size_t space = flat.rfind(' ');
    const std::string result = space == std::string::npos ? flat : flat.substr(space + 1);
    return result.empty() ? name : result;
}

class ProfileBuilder {
public:
    explicit ProfileBuilder(const RunRecord& record)
        : m_record(record) {}

    Profile build() {
        header();
        layers();
        owners();
        totals();
        functions();
        callTree();
        exceptions();
        devices();
        power();
        m_profile.memory = buildMemory(
            {m_record.machine, m_record.collector, m_record.image, m_record.symbols, m_record.network, m_profile});
        addLayerMemory(m_profile);
        addEnergy(m_profile, chooseSupply(m_record.board, m_record.options.supply),
                  m_record.options.calibratePjPerCycle);
        if (m_record.options.instructions) {
            instructions();
        }
        m_profile.console = m_record.console;
        m_profile.prints = m_record.prints;
        m_profile.threads = m_record.threads;
        return std::move(m_profile);
    }

private:
    const Collector& collector() const { return m_record.collector; }
    static double microseconds(const Tally& tally) { return tally.nanoseconds * 1e-3; }

    std::string describe(Address address) const {
        const Symbol* symbol = m_record.symbols.functionAt(address);
        std::string text = symbol != nullptr ? fmt::format("{}+0x{:x}", symbol->name, (address & ~1U) - symbol->begin)
                                             : fmt::format("0x{:08x}", address & ~1U);
        if (const auto at = m_record.lines.at(address)) {
            text += fmt::format(" ({}:{})", at->file, at->line);
        }
        return text;
    }

    void header() {
        const FirmwareImage& image = m_record.image;
        Machine& machine = m_record.machine;
        m_profile.toolVersion = SIMPROF_VERSION;
        m_profile.firmware = {image.name, image.sha256, formatName(image.format), machine.resetHandler() & ~1U};
        ProfileBoard& board = m_profile.board;
        board.name = m_record.board.name;
        board.mcu = m_record.board.mcu->name;
        board.core = coreName(m_record.board.mcu->core.kind);
        board.why = m_record.boardWhy;
        board.clockHz = clockDuringInferences();
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
        m_profile.halt = {haltKindName(m_record.halt.kind), m_record.halt.what, m_record.halt.pc,
                          m_record.halt.exitCode, std::nullopt};
        if (m_record.halt.fault) {
            fault(*m_record.halt.fault);
        }
        for (const auto& [cycle, hertz] : machine.clocks()) {
            m_profile.clocks.push_back({cycle, hertz});
        }
    }

    Hertz clockDuringInferences() const {
        const auto& clocks = m_record.machine.clocks();
        Hertz clock = clocks.back().second;
        if (!collector().inferences().empty()) {
            const Cycles start = collector().inferences().front().startCycle;
            for (const auto& [cycle, hertz] : clocks) {
                if (cycle <= start) {
                    clock = hertz;
                }
            }
        }
        return clock;
    }

    void fault(const FaultReport& report) {
        ProfileFault fault{report.exception,
                           report.status,
                           report.cfsr,
                           report.hfsr,
                           report.address,
                           report.pc,
                           {report.registers.begin(), report.registers.end()},
                           {},
                           report.what};
        fault.callStack.push_back(describe(report.pc));
        for (const Address address : report.callStack) {
            if ((address & ~1U) != report.pc) { // the interrupted place itself is the first line
                fault.callStack.push_back(describe(address - 2));
            }
        }
        m_profile.halt.fault = std::move(fault);
    }

    void layers() {
        const auto& tallies = collector().layers();
        m_profile.network = m_record.networkInfo;
        if (m_record.network == nullptr && m_record.spine == nullptr) {
            return;
        }
        const std::vector<std::string> kernels = kernelNames();
        for (std::size_t i = 0; i < tallies.size(); ++i) {
            const Tally& tally = tallies[i];
            LayerInfo layer;
            layer.id = static_cast<std::int32_t>(i);
            layer.kernel = kernels[i];
            m_record.network != nullptr ? describeOperator(layer) : describeSegment(layer);
            layer.calls = collector().layerCalls()[i];
            layer.instructions = tally.instructions;
            layer.cycles = tally.cycles;
            layer.timeUs = microseconds(tally);
            layer.stalls = tally.stalls;
            layer.flashReadBytes = tally.flashRead;
            layer.sramReadBytes = tally.sramRead;
            layer.sramWriteBytes = tally.sramWrite;
            const auto runs = static_cast<double>(collector().inferences().size());
            layer.macsPerCycle =
                layer.cycles > 0 ? static_cast<double>(layer.macs) * runs / static_cast<double>(layer.cycles) : 0;
            m_profile.layers.push_back(std::move(layer));
        }
        m_profile.inferences = collector().inferences();
        m_profile.network.operators = static_cast<std::uint32_t>(m_profile.layers.size());
    }

    void describeOperator(LayerInfo& layer) const {
        const Network& network = m_record.network->network;
        const NetworkOperator& op = network.operators[static_cast<std::size_t>(layer.id)];
        const auto names = [&](const std::vector<std::int32_t>& indices) {
            std::vector<std::string> result;
            for (const std::int32_t index : indices) {
                if (index >= 0) {
                    result.push_back(network.tensors[static_cast<std::size_t>(index)].name);
                }
            }
            return result;
        };
        layer.op = op.name;
        layer.inputs = names(op.inputs);
        layer.outputs = names(op.outputs);
        layer.macs = op.macs;
        if (!op.outputs.empty() && op.outputs.front() >= 0) {
            layer.shape = network.tensors[static_cast<std::size_t>(op.outputs.front())].shape;
            layer.name = network.tensors[static_cast<std::size_t>(op.outputs.front())].name;
        }
    }

    void describeSegment(LayerInfo& layer) const {
        const SpineRecogniser::Segment& segment = m_record.spine->segments()[static_cast<std::size_t>(layer.id)];
        layer.name = shortName(m_record.symbols.nameFor(segment.callee));
        layer.op = operatorFromName(layer.name);
        if (layer.op.empty()) {
            layer.op = operatorFromName(layer.kernel);
        }
    }

    /// For each layer the function that took most of its cycles itself.
    std::vector<std::string> kernelNames() const {
        std::map<std::pair<std::int32_t, Address>, Cycles> work;
        for (const CallTreeNode& node : m_record.collector.tree().nodes()) {
            if (node.layer >= 0) {
                const Symbol* symbol = m_record.symbols.functionAt(node.entry);
                work[{node.layer, symbol != nullptr ? symbol->begin : node.entry}] += node.self;
            }
        }
        std::vector<std::string> names(collector().layers().size());
        std::vector<Cycles> best(names.size());
        for (const auto& [key, cycles] : work) {
            const auto layer = static_cast<std::size_t>(key.first);
            if (cycles > best[layer]) {
                best[layer] = cycles;
                names[layer] = shortName(m_record.symbols.nameFor(key.second));
            }
        }
        return names;
    }

    void addOwner(std::string name, const Tally& tally) {
        if (tally.cycles != 0) {
            m_profile.owners.push_back(
                {std::move(name), tally.cycles, tally.instructions, microseconds(tally), 0, tally.stalls});
        }
    }

    void owners() {
        Tally unattributed = collector().unattributed();
        const bool recognised = m_record.network != nullptr || m_record.spine != nullptr;
        if (recognised) {
            addOwner("[start-up]", collector().startUp());
            addOwner("[between inferences]", collector().between());
        } else {
            unattributed += collector().startUp();
            unattributed += collector().between();
            for (const Tally& layer : collector().layers()) {
                unattributed += layer;
            }
        }
        addOwner("[unattributed]", unattributed);
        addOwner("[sleep]", collector().sleep());
        for (const auto& [number, exception] : collector().exceptions()) {
            addOwner(fmt::format("[interrupt {}]", m_record.machine.exceptionName(number)), exception.tally);
        }
    }

    void totals() {
        ProfileTotals& totals = m_profile.totals;
        totals.cycles = m_record.machine.now();
        totals.instructions = m_record.machine.instructions();
        totals.timeUs = static_cast<double>(m_record.machine.nanosecondsAt(totals.cycles)) * 1e-3;
        Cycles sum = 0;
        Cycles inLayers = 0;
        for (const LayerInfo& layer : m_profile.layers) {
            inLayers += layer.cycles;
            addStalls(layer.stalls);
        }
        sum += inLayers;
        for (const Owner& owner : m_profile.owners) {
            sum += owner.cycles;
            addStalls(owner.stalls);
        }
        assert(sum == totals.cycles);
        (void)sum;
        const Cycles inside = inLayers + collector().unattributed().cycles;
        totals.attributedPercent = m_profile.layers.empty() || inside == 0
                                       ? 0
                                       : 100.0 * static_cast<double>(inLayers) / static_cast<double>(inside);
    }

    void addStalls(const StallSums& stalls) {
        for (std::size_t i = 0; i < kStallCount; ++i) {
            m_profile.totals.stalls[i] += stalls[i];
        }
    }

    /// The function an address belongs to, as an index into Profile::functions before they are sorted.
    std::size_t functionIndex(Address address) {
        const Symbol* symbol = m_record.symbols.functionAt(address);
        const Address key = symbol != nullptr ? symbol->begin : m_record.symbols.addDiscovered(address).begin;
        const auto [found, isNew] = m_functionByEntry.try_emplace(key, m_profile.functions.size());
        if (isNew) {
            FunctionInfo function;
            function.name = m_record.symbols.nameFor(key);
            function.address = key;
            if (const auto at = m_record.lines.at(key)) {
                function.file = at->file;
                function.line = at->line;
            }
            m_profile.functions.push_back(std::move(function));
        }
        return found->second;
    }

    void functions() {
        for (const Address target : collector().callTargets()) {
            m_record.symbols.addDiscovered(target);
        }
        for (const BlockRecord& record : m_record.machine.blocks().blocks()) {
            const Block& block = record.block;
            if (block.executions == 0) {
                continue;
            }
            FunctionInfo& function = m_profile.functions[functionIndex(block.begin)];
            function.selfCycles += block.cycles;
            function.instructions += block.executions * block.insns.size();
            for (const auto& stalls : m_record.machine.timing().instructionStalls(block)) {
                for (std::size_t i = 0; i < kStallCount; ++i) {
                    function.stalls[i] += stalls[i];
                }
            }
        }
    }

    void callTree() {
        const auto& nodes = m_record.collector.tree().nodes();
        const std::vector<Cycles> inclusive = m_record.collector.tree().inclusive();
        std::vector<std::size_t> functionOf(nodes.size());
        for (std::size_t i = 1; i < nodes.size(); ++i) {
            functionOf[i] = functionIndex(nodes[i].entry);
            m_profile.functions[functionOf[i]].calls += nodes[i].calls;
            bool recursive = false;
            for (std::int32_t up = nodes[i].parent; up > 0 && !recursive;
                 up = nodes[static_cast<std::size_t>(up)].parent) {
                recursive = functionOf[static_cast<std::size_t>(up)] == functionOf[i];
            }
            m_profile.functions[functionOf[i]].inclusiveCycles += recursive ? 0 : inclusive[i];
        }
        // Sorted by self cycles; everything that refers to a function follows.
        std::vector<std::size_t> order(m_profile.functions.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            order[i] = i;
        }
        std::sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
            const FunctionInfo& fa = m_profile.functions[a];
            const FunctionInfo& fb = m_profile.functions[b];
            return fa.selfCycles != fb.selfCycles ? fa.selfCycles > fb.selfCycles : fa.address < fb.address;
        });
        std::vector<std::int32_t> newIndex(order.size());
        std::vector<FunctionInfo> sorted;
        for (std::size_t i = 0; i < order.size(); ++i) {
            newIndex[order[i]] = static_cast<std::int32_t>(i);
            sorted.push_back(std::move(m_profile.functions[order[i]]));
        }
        m_profile.functions = std::move(sorted);
        for (auto& [entry, index] : m_functionByEntry) {
            index = static_cast<std::size_t>(newIndex[index]);
        }
        const bool recognised = !m_profile.layers.empty();
        for (std::size_t i = 1; i < nodes.size(); ++i) {
            m_profile.callTree.push_back({nodes[i].parent - 1, newIndex[functionOf[i]], nodes[i].calls, nodes[i].self,
                                          inclusive[i], recognised ? nodes[i].layer : -1});
        }
        for (const Collector::RawCallSpan& span : collector().callSpans()) {
            m_profile.callSpans.push_back(
                {static_cast<std::int32_t>(functionIndex(span.entry)), span.depth, span.start, span.cycles});
        }
    }

    void exceptions() {
        for (const auto& [number, exception] : collector().exceptions()) {
            m_profile.exceptions.push_back(
                {number, m_record.machine.exceptionName(number), exception.entries, exception.tally.cycles, 0});
        }
        m_profile.exceptionSpans = collector().exceptionSpans();
    }

    void devices() {
        for (const auto& [address, reg] : m_record.machine.unmodelled()) {
            PeripheralNote note;
            const auto& named = m_record.board.mcu->registers;
            const auto name = named.find(address);
            note.peripheral = name != named.end()      ? name->second.name
                              : reg.peripheral.empty() ? fmt::format("unknown at 0x{:08x}", address)
                                                       : reg.peripheral;
            note.address = address;
            note.kind = reg.pollSatisfied ? "poll satisfied" : "unmodelled";
            note.count = reg.reads + reg.writes;
            note.pc = reg.firstPc;
            note.what = fmt::format("{} reads, {} writes, first at {}", reg.reads, reg.writes, describe(reg.firstPc));
            m_profile.peripherals.push_back(std::move(note));
        }
        for (const auto& [cycle, text] : m_record.machine.events()) {
            m_profile.peripherals.push_back({"", 0, "event", 1, 0, fmt::format("cycle {}: {}", cycle, text)});
        }
    }

    /// Running between the sleeps; another clock is another power.
    void power() {
        Cycles at = 0;
        const Cycles end = m_record.machine.now();
        const auto run = [&](Cycles until) {
            for (const ClockChange& change : m_profile.clocks) {
                if (change.cycle > at && change.cycle < until) {
                    m_profile.power.push_back({"run", at, change.cycle - at, 0});
                    at = change.cycle;
                }
            }
            if (until > at) {
                m_profile.power.push_back({"run", at, until - at, 0});
            }
        };
        for (const PowerSpan& sleep : collector().sleepSpans()) {
            run(sleep.startCycle);
            m_profile.power.push_back(sleep);
            at = sleep.startCycle + sleep.cycles;
        }
        run(end);
    }

    void instructions() {
        std::map<Address, InstructionInfo> byAddress;
        CoreTiming& timing = m_record.machine.timing();
        for (const BlockRecord& record : m_record.machine.blocks().blocks()) {
            const Block& block = record.block;
            if (block.executions == 0) {
                continue;
            }
            const std::vector<Cycles> cycles = timing.instructionCycles(block);
            const auto stalls = timing.instructionStalls(block);
            const auto code = m_record.machine.memory().at(block.begin, block.size);
            const std::vector<DisassembledInsn> text = disassemble(block.begin, code);
            for (std::size_t i = 0; i < block.insns.size(); ++i) {
                const Address address = block.begin + block.insns[i].offset;
                InstructionInfo& info = byAddress[address];
                info.address = address;
                if (info.text.empty()) {
                    const auto found = std::find_if(text.begin(), text.end(), [address](const DisassembledInsn& insn) {
                        return insn.address == address;
                    });
                    info.text = found != text.end() ? found->text : "";
                    info.function = static_cast<std::int32_t>(functionIndex(address));
                    if (const auto at = m_record.lines.at(address)) {
                        info.file = at->file;
                        info.line = at->line;
                    }
                }
                info.executions += block.executions;
                info.cycles += cycles[i];
                for (std::size_t k = 0; k < kStallCount; ++k) {
                    info.stalls[k] += stalls[i][k];
                }
            }
        }
        for (auto& [address, info] : byAddress) {
            m_profile.instructions.push_back(std::move(info));
        }
    }

    const RunRecord& m_record;
    Profile m_profile;
    std::map<Address, std::size_t> m_functionByEntry;
};

} // namespace

Profile buildProfile(const RunRecord& record) { return ProfileBuilder(record).build(); }

} // namespace simprof
