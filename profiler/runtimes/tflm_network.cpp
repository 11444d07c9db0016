// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/tflm_network.h"

#include "profiler/runtimes/tflm_allocator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <span>

namespace simprof {

namespace {

/// TfLiteEvalTensor: data, dims, type (tensorflow/lite/c/common.h).
constexpr Address kEvalTensorSize = 12;
constexpr Address kDimsOffset = 4;

bool isRam(const AddressSpace::Region& region) { return region.writable && !region.desc->aliasOf; }

/// How many bytes of `range` the pieces cover, which do not overlap.
Bytes covered(const AddressRange& range, const std::vector<LifeRange>& pieces) {
    Bytes bytes = 0;
    for (const LifeRange& piece : pieces) {
        const std::uint64_t low = std::max<std::uint64_t>(piece.begin, range.begin);
        const std::uint64_t high = std::min<std::uint64_t>(piece.end, range.end());
        bytes += high > low ? high - low : 0;
    }
    return bytes;
}

AccessorId accessorOf(const NetworkOperator& op) { return static_cast<AccessorId>(op.index + 1); }

} // namespace

TflmNetwork::TflmNetwork(const NetworkImage& image, const AddressSpace& memory)
    : m_image(image)
    , m_memory(memory)
    , m_base(image.address) {
    for (const NetworkOperator& op : image.network.operators) {
        if (op.inputsOffset) {
            m_operators.emplace(*op.inputsOffset, static_cast<std::uint16_t>(op.index));
        } else {
            m_withoutInputs.push_back(static_cast<std::uint16_t>(op.index));
        }
    }
}

/// Start-up code or the application may have copied the flatbuffer to RAM: does its first operator's node say so?
bool TflmNetwork::runsFromCopy(std::uint32_t inputs) {
    const auto& operators = m_image.network.operators;
    if (operators.empty() || !operators.front().inputsOffset || inputs % 4 != 0) {
        return false;
    }
    const Address base = inputs - *operators.front().inputsOffset;
    const AddressSpace::Region* home = base == m_base ? nullptr : m_memory.find(base);
    if (home == nullptr || !home->writable) {
        return false;
    }
    for (Address at = 0; at + 4 <= m_image.network.usedBytes; at += 4) {
        const auto word = m_memory.word(base + at);
        if (!word || word != m_memory.word(m_image.address + at)) {
            return false;
        }
    }
    m_base = base;
    return true;
}

std::optional<std::uint16_t> TflmNetwork::operatorOf(Address node, std::uint32_t inputs) {
    if (m_withoutInputs.empty()) {
        return byInputs(inputs);
    }
    if (inputs == 0) {
        return byPlace(node);
    }
    const auto op = byInputs(inputs);
    if (op) {
        m_nodes[*op] = node;
    }
    return op;
}

/// The nodes of a subgraph lie in a row, at the same distance in all of them.
std::optional<std::uint16_t> TflmNetwork::byPlace(Address node) const {
    const auto& operators = network().operators;
    std::int64_t stride = 0;
    for (auto at = m_nodes.begin(); stride == 0 && at != m_nodes.end(); ++at) {
        const NetworkOperator& first = operators[at->first];
        for (auto other = std::next(at); stride == 0 && other != m_nodes.end(); ++other) {
            const NetworkOperator& second = operators[other->first];
            if (second.subgraph == first.subgraph) {
                stride = (static_cast<std::int64_t>(other->second) - static_cast<std::int64_t>(at->second)) /
                         (static_cast<std::int64_t>(second.place) - static_cast<std::int64_t>(first.place));
            }
        }
    }
    for (const std::uint16_t op : m_withoutInputs) {
        for (const auto& [known, address] : m_nodes) {
            const auto away = static_cast<std::int64_t>(operators[op].place) - operators[known].place;
            if (stride != 0 && operators[known].subgraph == operators[op].subgraph &&
                static_cast<std::int64_t>(node) - static_cast<std::int64_t>(address) == away * stride) {
                return op;
            }
        }
    }
    return std::nullopt;
}

std::optional<std::uint16_t> TflmNetwork::byInputs(std::uint32_t inputs) {
    auto found = m_operators.find(inputs - m_base);
    if (found == m_operators.end() && runsFromCopy(inputs)) {
        found = m_operators.find(inputs - m_base);
    }
    return found == m_operators.end() ? std::nullopt : std::optional(found->second);
}

bool TflmNetwork::isPlaced() const {
    const TensorTable table = readTable();
    if (!table.range) {
        return true; // another runtime
    }
    for (std::size_t i = 0; i < table.addresses.size(); ++i) {
        if (table.addresses[i] && !network().tensors[i].constant && !network().tensors[i].isVariable) {
            return true;
        }
    }
    return false;
}

bool TflmNetwork::computed(const MemoryLog& log, const TensorTable& table) const {
    if (!table.range) {
        return true;
    }
    bool handsOn = false; // any operator, by the network
    bool wrote = false;
    for (const NetworkOperator& writer : network().operators) {
        for (const std::int32_t output : writer.outputs) {
            const auto tensor = static_cast<std::size_t>(output);
            if (output < 0 || !table.addresses[tensor] || network().tensors[tensor].bytes == 0) {
                continue;
            }
            const AddressRange range{*table.addresses[tensor],
                                     static_cast<std::uint32_t>(network().tensors[tensor].bytes)};
            for (const auto& [key, ranges] : log.lives) {
                wrote = wrote || (key.writer == accessorOf(writer) && covered(range, ranges) * 2 >= range.size);
            }
            for (const NetworkOperator& reader : network().operators) {
                if (std::ranges::count(reader.inputs, output) == 0) {
                    continue;
                }
                handsOn = true;
                const auto flow = log.flows.find({accessorOf(writer), accessorOf(reader)});
                if (flow != log.flows.end() && covered(range, flow->second) * 2 >= range.size) {
                    return true;
                }
            }
        }
    }
    return !handsOn && wrote;
}

/// Do at least nine of ten entries of a table at `first` point to the shapes of the subgraph's tensors? A kernel may
/// replace the dims of a tensor it resizes.
bool TflmNetwork::isTable(const Subgraph& graph, Address first) const {
    std::size_t hits = 0;
    std::size_t shaped = 0;
    for (std::uint32_t i = 0; i < graph.tensorCount; ++i) {
        if (const auto& shape = network().tensors[graph.firstTensor + i].shapeOffset) {
            ++shaped;
            hits += m_memory.word(first + i * kEvalTensorSize + kDimsOffset) == m_base + *shape;
        }
    }
    return hits * 10 >= shaped * 9;
}

/// Where the runtime keeps the table of a subgraph's tensors, found by a pointer to the shape of the first one that has
/// one.
std::optional<Address> TflmNetwork::findTable(const Subgraph& graph) const {
    const auto tensors = std::span(network().tensors).subspan(graph.firstTensor, graph.tensorCount);
    const auto anchor =
        std::ranges::find_if(tensors, [](const NetworkTensor& tensor) { return tensor.shapeOffset.has_value(); });
    if (anchor == tensors.end()) {
        return std::nullopt;
    }
    const std::uint32_t wanted = m_base + *anchor->shapeOffset;
    const Address before = kDimsOffset + static_cast<Address>(anchor - tensors.begin()) * kEvalTensorSize;
    for (const AddressSpace::Region& region : m_memory.regions()) {
        if (!isRam(region)) {
            continue;
        }
        for (std::size_t offset = 0; offset + 4 <= region.range.size; offset += 4) {
            std::uint32_t word = 0;
            std::memcpy(&word, region.bytes.data() + offset, 4);
            const Address first = region.range.begin + static_cast<Address>(offset) - before;
            if (word == wanted && isTable(graph, first)) {
                return first;
            }
        }
    }
    return std::nullopt;
}

TensorTable TflmNetwork::tensors() const {
    TensorTable table = readTable();
    table.arena = findTflmAllocator(m_memory, table);
    return table;
}

TensorTable TflmNetwork::readTable() const {
    TensorTable result{&network(), std::vector<std::optional<Address>>(network().tensors.size()), std::nullopt};
    for (const Subgraph& graph : network().subgraphs) {
        const std::optional<Address> first = findTable(graph);
        if (!first) {
            continue;
        }
        if (&graph == &network().subgraphs.front()) {
            result.range = AddressRange{*first, graph.tensorCount * kEvalTensorSize};
        }
        for (std::uint32_t i = 0; i < graph.tensorCount; ++i) {
            const auto data = m_memory.word(*first + i * kEvalTensorSize);
            // Null is no address, also where memory begins there, as the ITCM of an M7 does.
            const AddressSpace::Region* home = data.value_or(0) != 0 ? m_memory.find(*data) : nullptr;
            if (home != nullptr && home->writable && !network().tensors[graph.firstTensor + i].constant) {
                result.addresses[graph.firstTensor + i] = data;
            }
        }
    }
    return result;
}

/// The most that tensors take which live at the same time, each from its writer to its last reader and in whole 16
/// bytes, as the runtime places them (AlignSizeUp in micro_allocation_info.cc): no plan can do with less.
Bytes TflmNetwork::leastPlanned() const {
    constexpr Bytes kAlignment = 16;
    const auto& operators = network().operators;
    const auto steps = static_cast<std::int64_t>(operators.size());
    std::vector<Bytes> live(operators.size() + 2); // in front of the first operator, in each, behind the last
    for (std::size_t i = 0; i < network().tensors.size(); ++i) {
        const NetworkTensor& tensor = network().tensors[i];
        const auto isIn = [i](const std::vector<std::int32_t>& list) {
            return std::ranges::count(list, static_cast<std::int32_t>(i)) != 0;
        };
        std::int64_t first = isIn(network().inputs) ? 0 : -1;
        std::int64_t last = first;
        for (std::int64_t step = 0; step < steps; ++step) {
            const NetworkOperator& op = operators[static_cast<std::size_t>(step)];
            first = first < 0 && isIn(op.outputs) ? step + 1 : first;
            last = isIn(op.inputs) || isIn(op.outputs) ? step + 1 : last;
        }
        last = isIn(network().outputs) ? steps + 1 : last;
        for (std::int64_t step = first; first >= 0 && !tensor.constant && !tensor.isVariable && step <= last; ++step) {
            live[static_cast<std::size_t>(step)] += (tensor.bytes + kAlignment - 1) / kAlignment * kAlignment;
        }
    }
    return *std::ranges::max_element(live);
}

void TflmNetwork::explainShortage(Evidence& evidence) const {
    const Bytes least = leastPlanned();
    evidence.shortage = fmt::format("they need at least {} bytes at once", least);
    if (const auto arena = tensors().arena) {
        const Bytes persistent = arena->persistent ? 0 : arena->neededBytes - arena->plannedBytes;
        const Bytes room = arena->range.size - persistent;
        evidence.missing = least - std::min(least, room);
        evidence.shortage += arena->persistent
                                 ? fmt::format(", and the arena has {}", room)
                                 : fmt::format(", and of the arena's {} there are {} beside the {} of what persists",
                                               arena->range.size, room, persistent);
    }
}

Evidence TflmNetwork::evidence() const {
    return {"kernels are called with nodes whose inputs point into the flatbuffer",
            fmt::format("flatbuffer at 0x{:08x}", m_base),
            network().description,
            "",
            NetworkState::Ran,
            Confidence::Certain};
}

} // namespace simprof
