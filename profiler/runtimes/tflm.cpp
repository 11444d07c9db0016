// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/tflm.h"

#include "profiler/runtimes/model_match.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace simprof {

namespace {

/// TfLiteEvalTensor: data, dims, type (tensorflow/lite/c/common.h).
constexpr Address kEvalTensorSize = 12;
constexpr Address kDimsOffset = 4;

/// More multiply-accumulates per cycle than this no core can do: what is faster was no inference.
constexpr double kImpossibleMacsPerCycle = 4;

bool isRam(const AddressSpace::Region& region) { return region.writable && !region.desc->aliasOf; }

} // namespace

TflmRecogniser::TflmRecogniser(const NetworkImage& image, const AddressSpace& memory)
    : m_image(image)
    , m_memory(memory)
    , m_base(image.address) {
    for (const NetworkOperator& op : image.network.operators) {
        if (op.inputsOffset) {
            m_operators.emplace(*op.inputsOffset, static_cast<std::uint16_t>(op.index));
        }
    }
}

/// Start-up code or the application may have copied the flatbuffer to RAM: does its first operator's node say so?
bool TflmRecogniser::runsFromCopy(std::uint32_t inputs) {
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

std::optional<LayerCall> TflmRecogniser::layerOf(const CallSite& call) {
    if (!call.indirect || call.site == m_preparation) {
        return std::nullopt;
    }
    const auto inputs = m_memory.word(call.r1);
    if (!inputs) {
        return std::nullopt;
    }
    auto found = m_operators.find(*inputs - m_base);
    if (found == m_operators.end() && runsFromCopy(*inputs)) {
        found = m_operators.find(*inputs - m_base);
    }
    if (found == m_operators.end()) {
        return std::nullopt;
    }
    LayerCall layer{found->second, found->second == 0, false};
    if (m_site != 0 && call.site != m_site && m_sweeps == 1 && layer.startsInference) {
        // Prepare has the same shape, runs once, and runs first.
        m_preparation = m_site;
        m_sweeps = 0;
        layer.wasPreparation = true;
    }
    if (call.site != m_site && !layer.startsInference) {
        return std::nullopt;
    }
    m_site = call.site;
    m_sweeps += layer.startsInference ? 1 : 0;
    return layer;
}

/// Tensors get their addresses when all kernels are prepared.
bool TflmRecogniser::surelyRan() const {
    if (m_preparation != 0 || m_sweeps > 1) {
        return true;
    }
    const TensorTable table = tensors();
    if (!table.range) {
        return true; // another runtime
    }
    for (std::size_t i = 0; i < table.addresses.size(); ++i) {
        if (table.addresses[i] && !m_image.network.tensors[i].constant && !m_image.network.tensors[i].isVariable) {
            return true;
        }
    }
    return false;
}

/// Do at least nine of ten entries of a table at `first` point to the shapes of their tensors? A kernel may replace the
/// dims of a tensor it resizes.
bool TflmRecogniser::isTable(Address first) const {
    const auto& tensors = m_image.network.tensors;
    std::size_t hits = 0;
    std::size_t shaped = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (tensors[i].shapeOffset) {
            ++shaped;
            hits += m_memory.word(first + static_cast<Address>(i) * kEvalTensorSize + kDimsOffset) ==
                    m_base + *tensors[i].shapeOffset;
        }
    }
    return hits * 10 >= shaped * 9;
}

/// Where the runtime keeps its tensor table, found by a pointer to the shape of the first tensor that has one.
std::optional<Address> TflmRecogniser::findTable() const {
    const auto& tensors = m_image.network.tensors;
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
            if (word == wanted && isTable(first)) {
                return first;
            }
        }
    }
    return std::nullopt;
}

TensorTable TflmRecogniser::tensors() const {
    const std::size_t count = m_image.network.tensors.size();
    TensorTable result{&m_image.network, std::vector<std::optional<Address>>(count), std::nullopt};
    const std::optional<Address> first = findTable();
    if (!first) {
        return result;
    }
    result.range = AddressRange{*first, static_cast<std::uint32_t>(count * kEvalTensorSize)};
    for (std::size_t i = 0; i < count; ++i) {
        const auto data = m_memory.word(*first + static_cast<Address>(i) * kEvalTensorSize);
        // Null is no address, also where memory begins there, as the ITCM of an M7 does.
        const AddressSpace::Region* home = data.value_or(0) != 0 ? m_memory.find(*data) : nullptr;
        if (home != nullptr && home->writable && !m_image.network.tensors[i].constant) {
            result.addresses[i] = data;
        }
    }
    return result;
}

std::optional<std::string> TflmRecogniser::conclude(Recording& recording) {
    std::uint64_t macs = 0;
    Cycles cycles = 0;
    const std::vector<const LedgerRow*> layers = recording.ledger.of(OwnerKind::Layer);
    for (std::size_t i = 0; i < layers.size() && i < m_image.network.operators.size(); ++i) {
        macs += m_image.network.operators[i].macs * layers[i]->count;
        cycles += layers[i]->tally.cycles;
    }
    if (recording.inferences.empty() ||
        static_cast<double>(macs) > kImpossibleMacsPerCycle * static_cast<double>(cycles)) { // Prepare, never Invoke
        return "the flatbuffer in the image is not run the way TensorFlow Lite Micro runs one";
    }
    return std::nullopt;
}

Evidence TflmRecogniser::evidence() const {
    return {"kernels are called with nodes whose inputs point into the flatbuffer",
            fmt::format("flatbuffer at 0x{:08x}", m_base), m_image.network.description, ""};
}

void TflmRecogniser::describe(LayerInfo& layer) const {
    describeOperator(layer, m_image.network, static_cast<std::size_t>(layer.id));
}

Candidates lookForTflm(const FirmwareFacts& facts) {
    Candidates candidates{{}, facts.networkSearch};
    if (facts.network != nullptr) {
        candidates.candidates.push_back({[network = facts.network](const AddressSpace& memory) {
            return std::make_unique<TflmRecogniser>(*network, memory);
        }});
    }
    return candidates;
}

} // namespace simprof
