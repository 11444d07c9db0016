// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/profile_parts.h"

#include <algorithm>
#include <map>
#include <utility>

namespace simprof {

namespace {

class CodeBuilder {
public:
    CodeBuilder(const RunRecord& record, Profile& profile)
        : m_record(record)
        , m_profile(profile) {}

    void build() {
        functions();
        callTree();
        if (m_record.options.instructions) {
            instructions();
        }
    }

private:
    const Collector& collector() const { return m_record.collector; }

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
        for (const Address target : collector().calls().callTargets()) {
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
        for (const auto& [address, retired] : m_record.machine.retired()) {
            FunctionInfo& function = m_profile.functions[functionIndex(address)];
            function.instructions += retired.executions;
            for (std::size_t i = 0; i < kStallCount; ++i) {
                function.selfCycles += retired.stalls[i];
                function.stalls[i] += retired.stalls[i];
            }
        }
    }

    void callTree() {
        const auto& nodes = collector().recording().tree.nodes();
        const std::vector<Cycles> inclusive = collector().recording().tree.inclusive();
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
        const std::vector<RanNetwork> ran = ranNetworks(m_record);
        const auto layerOf = [&ran](const CallTreeNode& node) {
            const auto network = std::ranges::find(ran, node.network, &RanNetwork::number);
            return node.layer < 0 || network == ran.end() ? -1 : network->firstLayer + node.layer;
        };
        for (std::size_t i = 1; i < nodes.size(); ++i) {
            m_profile.callTree.push_back({nodes[i].parent - 1, newIndex[functionOf[i]], nodes[i].calls, nodes[i].self,
                                          inclusive[i], layerOf(nodes[i])});
        }
        for (const RawCallSpan& span : collector().calls().spans()) {
            m_profile.callSpans.push_back(
                {static_cast<std::int32_t>(functionIndex(span.entry)), span.depth, span.start, span.cycles});
        }
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
    Profile& m_profile;
    std::map<Address, std::size_t> m_functionByEntry;
};

} // namespace

void addCode(const RunRecord& record, Profile& profile) { CodeBuilder(record, profile).build(); }

} // namespace simprof
