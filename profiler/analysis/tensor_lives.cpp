// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/tensor_lives.h"

#include "profiler/analysis/byte_lives.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace simprof {

namespace {

constexpr Bytes kMostParts = 64; ///< of one block; finer than a block is ever drawn
constexpr Cycles kAlike = 200;   ///< parts whose times differ by less than this fraction of the block's life are one
constexpr Bytes kSmallestTensor = 4; ///< shorter pieces are variables, not tensors
constexpr Bytes kSmallestOnStack = 16;

bool overlaps(Address begin, Address end, Address otherBegin, Address otherEnd) {
    return begin < otherEnd && otherBegin < end;
}

/// Builds the tensors of one inference.
class TensorBuilder {
public:
    TensorBuilder(const MemorySources& sources, const RanNetwork& network, AddressRange stack)
        : m_sources(sources)
        , m_network(network)
        , m_log(sources.collector.recording().memoryLogOf(network.number))
        , m_stack(stack) {
        if (m_log != nullptr) {
            m_inference = logged();
            const Inference& inference = sources.profile.inferences[m_inference];
            m_begin = inference.startCycle;
            m_end = m_begin + inference.cycles;
        }
    }

    TensorLives build() {
        if (m_log == nullptr) {
            return {};
        }
        fromRuntime(m_sources.recogniser->tensors(m_network.number));
        fromFlows();
        for (TensorLife& tensor : m_tensors) {
            tensor.parts = partsOf(tensor);
            tensor.network = m_network.index;
        }
        addByteLives(log(), m_network, m_tensors);
        std::sort(m_tensors.begin(), m_tensors.end(), [](const TensorLife& a, const TensorLife& b) {
            return std::tie(a.bornCycle, a.address, a.name) < std::tie(b.bornCycle, b.address, b.name);
        });
        return {std::move(m_tensors), m_evalTensors, m_arena, m_inference};
    }

private:
    const MemoryLog& log() const { return *m_log; }
    /// The profile's layer of an accessor; -1: none.
    std::int32_t layerOf(AccessorId who) const {
        return who == kOutside ? -1 : m_network.firstLayer + static_cast<std::int32_t>(who) - 1;
    }
    /// The inference of the log: the first ones are kept.
    std::uint32_t logged() const {
        std::uint32_t number = 0; // among those of the network
        for (const Inference& inference : m_sources.profile.inferences) {
            if (inference.network == m_network.index && number++ == m_log->inference) {
                return inference.index;
            }
        }
        return 0;
    }
    bool isStack(const LifeRange& range) const {
        return overlaps(range.begin, range.end, m_stack.begin, static_cast<Address>(m_stack.end()));
    }
    /// Is it of no network? What one layer hands on to another is a tensor also in the frames of functions that call
    /// layers, as a buffer that holds tensors there is theirs wherever its bytes are used. Frames of layers are not
    /// followed.
    bool isOnlyStack(const FlowKey& key, const LifeRange& range) const {
        return isStack(range) && !isHandedOn(key, range) &&
               !(layerOf(key.writer) >= 0 && range.begin >= m_handedOn.begin && range.end <= m_handedOn.end());
    }
    bool isHandedOn(const FlowKey& key, const LifeRange& range) const {
        return key.writer != key.reader && layerOf(key.writer) >= 0 && layerOf(key.reader) >= 0 &&
               range.end - range.begin >= kSmallestOnStack;
    }
    /// From the first to the last byte of the stack that a layer hands on to another.
    AddressRange handedOnByStack() const {
        Address begin = 0;
        Address end = 0;
        for (const auto& [key, ranges] : log().lives) {
            for (const LifeRange& range : ranges) {
                if (isStack(range) && isHandedOn(key, range)) {
                    begin = end == 0 ? range.begin : std::min(begin, range.begin);
                    end = std::max(end, range.end);
                }
            }
        }
        return {begin, end - begin};
    }
    const char* layerName(std::int32_t layer) const {
        if (layer < 0 || static_cast<std::size_t>(layer) >= m_sources.profile.layers.size()) {
            return "application";
        }
        const LayerInfo& info = m_sources.profile.layers[static_cast<std::size_t>(layer)];
        return info.name.empty() ? info.op.c_str() : info.name.c_str(); // not every operator has an output
    }
    /// Does the layer write what the next inferences read?
    bool keeps(std::int32_t layer) const {
        return m_sources.profile.layers[static_cast<std::size_t>(layer)].op == "ASSIGN_VARIABLE";
    }

    /// Is most of a piece part of a named tensor of the same writer?
    bool named(std::int32_t writer, const LifeRange& range) const {
        return std::any_of(m_tensors.begin(), m_tensors.end(), [&](const TensorLife& tensor) {
            const std::uint64_t low = std::max<std::uint64_t>(tensor.address, range.begin);
            const std::uint64_t high = std::min<std::uint64_t>(tensor.address + tensor.sizeBytes, range.end);
            return tensor.writer == writer && high > low && (high - low) * 2 > range.end - range.begin;
        });
    }

    /// First write and last read of [begin, end) for a given writer.
    std::optional<std::pair<Cycles, Cycles>> measured(Address begin, Address end, std::int32_t writer) const {
        std::optional<std::pair<Cycles, Cycles>> life;
        for (const auto& [key, ranges] : log().lives) {
            if (layerOf(key.writer) != writer) {
                continue;
            }
            for (const LifeRange& range : ranges) {
                if (overlaps(range.begin, range.end, begin, end)) {
                    life = life ? std::pair(std::min(life->first, range.born), std::max(life->second, range.died))
                                : std::pair(range.born, range.died);
                }
            }
        }
        return life;
    }

    /// Did one of its readers read any of it after its writer wrote it?
    bool wasRead(const TensorLife& tensor) const {
        return std::ranges::any_of(log().flows, [&](const auto& flow) {
            return layerOf(flow.first.writer) == tensor.writer &&
                   std::ranges::count(tensor.readers, layerOf(flow.first.reader)) != 0 &&
                   std::ranges::any_of(flow.second, [&](const LifeRange& range) {
                       return overlaps(range.begin, range.end, tensor.address,
                                       tensor.address + static_cast<Address>(tensor.sizeBytes));
                   });
        });
    }

    /// The block in up to kMostParts parts of equal size, each with the life of its own bytes; bytes nobody touched
    /// live no time. Nothing when they all live alike.
    std::vector<LifePart> partsOf(const TensorLife& tensor) const {
        const auto lines = log().lines.find(m_network.accessorOf(tensor.writer));
        if (lines == log().lines.end() || outlivesInferences(tensor.kind) || tensor.sizeBytes == 0) {
            return {};
        }
        const Bytes perPart = (tensor.sizeBytes + kMostParts * kLineBytes - 1) / (kMostParts * kLineBytes) * kLineBytes;
        const Cycles alike = (tensor.diedCycle - tensor.bornCycle) / kAlike;
        const auto apart = [](Cycles a, Cycles b) { return a > b ? a - b : b - a; };
        std::vector<LifePart> parts;
        auto line = std::lower_bound(lines->second.begin(), lines->second.end(), tensor.address / kLineBytes,
                                     [](const LineLife& life, Address at) { return life.line < at; });
        for (Bytes offset = 0; offset < tensor.sizeBytes; offset += perPart) {
            const Bytes size = std::min(perPart, tensor.sizeBytes - offset);
            LifePart part{offset, size, tensor.diedCycle, tensor.diedCycle};
            const std::uint64_t end = (tensor.address + offset + size + kLineBytes - 1) / kLineBytes;
            bool touched = false;
            for (; line != lines->second.end() && line->line < end; ++line) {
                const Cycles born = tensor.kind == TensorKind::Input ? tensor.bornCycle : log().start + line->born;
                const Cycles died = tensor.kind == TensorKind::Output ? tensor.diedCycle : log().start + line->died;
                part.bornCycle = touched ? std::min(part.bornCycle, born) : born;
                part.diedCycle = touched ? std::max(part.diedCycle, died) : died;
                touched = true;
            }
            part.bornCycle = std::clamp(part.bornCycle, tensor.bornCycle, tensor.diedCycle);
            part.diedCycle = std::clamp(part.diedCycle, part.bornCycle, tensor.diedCycle);
            if (!parts.empty() && apart(parts.back().bornCycle, part.bornCycle) <= alike &&
                apart(parts.back().diedCycle, part.diedCycle) <= alike) {
                parts.back().sizeBytes += size;
                parts.back().bornCycle = std::min(parts.back().bornCycle, part.bornCycle);
                parts.back().diedCycle = std::max(parts.back().diedCycle, part.diedCycle);
            } else {
                parts.push_back(part);
            }
        }
        return parts.size() == 1 ? std::vector<LifePart>() : parts;
    }

    /// Names and shapes from the network, lives as observed.
    void fromRuntime(const TensorTable& table) {
        if (table.network == nullptr) {
            return;
        }
        const Network& network = *table.network;
        const auto& addresses = table.addresses;
        m_evalTensors = table.range;
        m_arena = table.arena;
        for (std::size_t i = 0; i < network.tensors.size(); ++i) {
            const NetworkTensor& described = network.tensors[i];
            if (!addresses[i] || described.constant || described.bytes == 0) {
                continue;
            }
            TensorLife tensor{
                described.name,    described.shape, *addresses[i], described.bytes, m_begin, m_end, -1, {},
                TensorKind::Tensor};
            for (const NetworkOperator& op : network.operators) {
                if (std::find(op.outputs.begin(), op.outputs.end(), static_cast<std::int32_t>(i)) != op.outputs.end()) {
                    tensor.writer = m_network.firstLayer + static_cast<std::int32_t>(op.index);
                }
                if (std::find(op.inputs.begin(), op.inputs.end(), static_cast<std::int32_t>(i)) != op.inputs.end()) {
                    tensor.readers.push_back(m_network.firstLayer + static_cast<std::int32_t>(op.index));
                }
            }
            const auto isIn = [i](const std::vector<std::int32_t>& list) {
                return std::find(list.begin(), list.end(), static_cast<std::int32_t>(i)) != list.end();
            };
            bool handed = false;
            for (const Subgraph& graph : network.subgraphs) { // whoever runs a body hands over what it works on
                if (graph.caller && isIn(graph.inputs)) {
                    handed = true;
                    tensor.writer = m_network.firstLayer + static_cast<std::int32_t>(*graph.caller);
                }
                if (graph.caller && isIn(graph.outputs)) {
                    tensor.readers.push_back(m_network.firstLayer + static_cast<std::int32_t>(*graph.caller));
                }
            }
            if (handed && !tensor.readers.empty() && !wasRead(tensor)) {
                continue; // of a body that did not run
            }
            const auto life =
                measured(tensor.address, tensor.address + static_cast<Address>(tensor.sizeBytes), tensor.writer);
            if (life) {
                tensor.bornCycle = life->first;
                tensor.diedCycle = life->second;
            }
            if (described.isVariable) {
                tensor.kind = TensorKind::State; // its operator reads it and writes it anew
                tensor.writer = tensor.readers.empty() ? tensor.writer : tensor.readers.front();
                tensor.bornCycle = m_begin;
                tensor.diedCycle = m_end;
            } else if (isIn(network.inputs)) {
                tensor.kind = TensorKind::Input; // lives from the start: the application wrote it before
                tensor.bornCycle = m_begin;
            } else if (isIn(network.outputs)) {
                tensor.kind = TensorKind::Output; // lives to the end: the application reads it afterwards
                tensor.diedCycle = m_end;
            } else if (!life) {
                continue; // planned, never touched
            }
            m_tensors.push_back(std::move(tensor));
        }
    }

    /// What layers wrote and no named tensor covers: data handed on, and scratch.
    void fromFlows() {
        m_handedOn = handedOnByStack();
        for (const auto& [key, ranges] : log().lives) {
            for (const LifeRange& range : ranges) {
                if (!isOnlyStack(key, range) && range.end - range.begin >= kSmallestTensor &&
                    !named(layerOf(key.writer), range)) {
                    addObserved(key, range);
                }
            }
        }
        joinHandedOn();
    }

    void addObserved(const FlowKey& key, const LifeRange& range) {
        const std::int32_t writer = layerOf(key.writer);
        const std::int32_t reader = layerOf(key.reader);
        TensorLife tensor{"",         {},     range.begin, range.end - range.begin, range.born,
                          range.died, writer, {},          TensorKind::Tensor};
        if (writer < 0) {
            tensor.kind = TensorKind::Persistent;
            tensor.name = "persistent";
            tensor.bornCycle = m_begin;
            tensor.diedCycle = m_end;
        } else if (writer != reader && keeps(writer)) {
            tensor.kind = TensorKind::State;
            tensor.name = "variable";
            tensor.readers.push_back(reader);
            tensor.bornCycle = m_begin;
            tensor.diedCycle = m_end;
        } else if (writer == reader) {
            tensor.kind = TensorKind::Scratch;
            tensor.name = fmt::format("scratch of {}", layerName(writer));
        } else {
            tensor.name = fmt::format("output of {}", layerName(writer));
            tensor.readers.push_back(reader);
        }
        m_observed.push_back(std::move(tensor));
    }

    /// Neighbouring pieces of one writer are one buffer, whatever their last reader.
    void joinHandedOn() {
        std::sort(m_observed.begin(), m_observed.end(), [](const TensorLife& a, const TensorLife& b) {
            return std::tie(a.writer, a.kind, a.address, a.sizeBytes) <
                   std::tie(b.writer, b.kind, b.address, b.sizeBytes);
        });
        for (TensorLife& piece : m_observed) {
            TensorLife* last = m_tensors.empty() ? nullptr : &m_tensors.back();
            const bool joins = last != nullptr && m_joinable && last->writer == piece.writer &&
                               last->kind == piece.kind && piece.address <= last->address + last->sizeBytes;
            if (joins) {
                const Bytes end = std::max(last->address + last->sizeBytes, piece.address + piece.sizeBytes);
                last->sizeBytes = end - last->address;
                last->bornCycle = std::min(last->bornCycle, piece.bornCycle);
                last->diedCycle = std::max(last->diedCycle, piece.diedCycle);
                last->readers.insert(last->readers.end(), piece.readers.begin(), piece.readers.end());
            } else {
                m_tensors.push_back(std::move(piece));
                m_joinable = true;
            }
            std::vector<std::int32_t>& readers = m_tensors.back().readers;
            std::sort(readers.begin(), readers.end());
            readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
        }
        m_observed.clear();
    }

    const MemorySources& m_sources;
    const RanNetwork& m_network;
    const MemoryLog* m_log;
    AddressRange m_stack;
    AddressRange m_handedOn; ///< part of it
    std::uint32_t m_inference = 0;
    Cycles m_begin = 0;
    Cycles m_end = 0;
    std::vector<TensorLife> m_tensors;
    std::vector<TensorLife> m_observed;
    bool m_joinable = false; ///< the last of m_tensors was observed, not named by the network
    std::optional<AddressRange> m_evalTensors;
    std::optional<RuntimeArena> m_arena;
};

} // namespace

TensorLives tensorLives(const MemorySources& sources, const RanNetwork& network, AddressRange stack) {
    return TensorBuilder(sources, network, stack).build();
}

} // namespace simprof
