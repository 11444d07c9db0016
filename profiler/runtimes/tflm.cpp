// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/tflm.h"

#include <cstring>

namespace simprof {

namespace {

/// TfLiteEvalTensor: data, dims, type (tensorflow/lite/c/common.h).
constexpr Address kEvalTensorSize = 12;
constexpr Address kDimsOffset = 4;

bool isRam(const AddressSpace::Region& region) { return region.writable && !region.desc->aliasOf; }

} // namespace

TflmRecogniser::TflmRecogniser(const NetworkImage& image, const AddressSpace& memory)
    : m_image(image)
    , m_memory(memory) {
    for (const NetworkOperator& op : image.network.operators) {
        if (op.inputsOffset) {
            m_operators.emplace(image.address + *op.inputsOffset, static_cast<std::uint16_t>(op.index));
        }
    }
}

std::optional<LayerCall> TflmRecogniser::layerOf(const CallSite& call) {
    if (!call.indirect || call.site == m_preparation) {
        return std::nullopt;
    }
    const auto inputs = m_memory.word(call.r1);
    if (!inputs) {
        return std::nullopt;
    }
    const auto found = m_operators.find(*inputs);
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
    std::optional<AddressRange> table;
    const auto tensors = findEvalTensors(m_image, m_memory, table);
    if (!table) {
        return true; // another runtime
    }
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (tensors[i] && !m_image.network.tensors[i].constant && !m_image.network.tensors[i].isVariable) {
            return true;
        }
    }
    return false;
}

std::vector<std::optional<Address>> findEvalTensors(const NetworkImage& image, const AddressSpace& memory,
                                                    std::optional<AddressRange>& table) {
    const auto& tensors = image.network.tensors;
    std::vector<std::optional<Address>> result(tensors.size());
    std::size_t anchor = 0;
    while (anchor < tensors.size() && !tensors[anchor].shapeOffset) {
        ++anchor;
    }
    if (anchor == tensors.size()) {
        return result;
    }
    const std::uint32_t wanted = image.address + *tensors[anchor].shapeOffset;
    const auto matches = [&](Address first) {
        std::size_t hits = 0;
        std::size_t shaped = 0;
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            if (tensors[i].shapeOffset) {
                ++shaped;
                hits += memory.word(first + static_cast<Address>(i) * kEvalTensorSize + kDimsOffset) ==
                        image.address + *tensors[i].shapeOffset;
            }
        }
        return hits * 10 >= shaped * 9; // a kernel may replace the dims of a tensor it resizes
    };
    for (const AddressSpace::Region& region : memory.regions()) {
        if (!isRam(region)) {
            continue;
        }
        for (std::size_t offset = 0; offset + 4 <= region.range.size; offset += 4) {
            std::uint32_t word = 0;
            std::memcpy(&word, region.bytes.data() + offset, 4);
            if (word != wanted) {
                continue;
            }
            const Address first = region.range.begin + static_cast<Address>(offset) - kDimsOffset -
                                  static_cast<Address>(anchor) * kEvalTensorSize;
            if (!matches(first)) {
                continue;
            }
            table = AddressRange{first, static_cast<std::uint32_t>(tensors.size() * kEvalTensorSize)};
            for (std::size_t i = 0; i < tensors.size(); ++i) {
                const auto data = memory.word(first + static_cast<Address>(i) * kEvalTensorSize);
                // Null is no address, also where memory begins there, as the ITCM of an M7 does.
                const AddressSpace::Region* home = data.value_or(0) != 0 ? memory.find(*data) : nullptr;
                if (home != nullptr && home->writable) {
                    result[i] = data;
                }
            }
            return result;
        }
    }
    return result;
}

} // namespace simprof
