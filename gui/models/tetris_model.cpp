// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/tetris_model.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace simprof::gui {

namespace {

constexpr double kGapShare = 0.02; ///< of the height, between bands

/// When a layer runs in the shown inference.
struct Steps {
    explicit Steps(const Profile& profile) {
        if (profile.memory.inference < profile.inferences.size()) {
            for (const Span& span : profile.inferences[profile.memory.inference].spans) {
                const auto [found, isNew] = at.try_emplace(span.layer, span.startCycle, span.startCycle + span.cycles);
                found->second.second = std::max(found->second.second, span.startCycle + span.cycles);
            }
        }
    }
    std::map<std::int32_t, std::pair<Cycles, Cycles>> at;
};

BlockPlace reserved(const TensorLife& tensor, const BlockPlace& measured, const Steps& steps) {
    BlockPlace place = measured;
    const auto writer = steps.at.find(tensor.writer);
    if (writer != steps.at.end()) {
        place.begin = std::min(place.begin, static_cast<double>(writer->second.first));
        place.end = std::max(place.end, static_cast<double>(writer->second.second));
    }
    for (const std::int32_t layer : tensor.readers) {
        const auto reader = steps.at.find(layer);
        if (reader != steps.at.end()) {
            place.end = std::max(place.end, static_cast<double>(reader->second.second));
        }
    }
    return place;
}

} // namespace

BlockKind blockKind(TensorKind kind) {
    switch (kind) {
    case TensorKind::Scratch: return BlockKind::Scratch;
    case TensorKind::Input:
    case TensorKind::Output: return BlockKind::InputOutput;
    case TensorKind::State:
    case TensorKind::Persistent: return BlockKind::Persistent;
    case TensorKind::Tensor: break;
    }
    return BlockKind::Activation;
}

LiveCurve::LiveCurve(LiveSteps steps)
    : m_steps(std::move(steps)) {
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        if (i % kGroup == 0) {
            m_mostOfGroup.push_back(0);
        }
        m_mostOfGroup.back() = std::max(m_mostOfGroup.back(), m_steps[i].second);
    }
}

Bytes LiveCurve::most(std::size_t begin, std::size_t end) const {
    Bytes most = 0;
    while (begin < end) {
        const bool whole = begin % kGroup == 0 && begin + kGroup <= end;
        most = std::max(most, whole ? m_mostOfGroup[begin / kGroup] : m_steps[begin].second);
        begin += whole ? kGroup : 1;
    }
    return most;
}

TetrisModel::TetrisModel(const Profile& profile)
    : m_liveCurve(profile.memory.live)
    , m_byteCurve(liveParts(profile.memory.tensors)) {
    const ProfileMemory& memory = profile.memory;
    if (memory.inference < profile.inferences.size()) {
        const Inference& inference = profile.inferences[memory.inference];
        m_begin = static_cast<double>(inference.startCycle);
        m_end = static_cast<double>(inference.startCycle + std::max<Cycles>(1, inference.cycles));
        for (const TensorLife& tensor : memory.tensors) { // an input is written before the inference begins
            if (tensor.kind == TensorKind::Input && tensor.bornCycle < inference.startCycle) {
                m_begin = std::min(m_begin, std::max(static_cast<double>(tensor.bornCycle),
                                                     m_begin - 0.05 * static_cast<double>(inference.cycles)));
            }
        }
    } else {
        m_end = static_cast<double>(std::max<Cycles>(1, profile.totals.cycles));
    }
    addBands(profile);
    addBlocks(profile);
}

void TetrisModel::addBands(const Profile& profile) {
    const ProfileMemory& memory = profile.memory;
    if (memory.arena && memory.arena->sizeBytes != 0) {
        m_bands.push_back(
            {MemoryBand::Kind::Arena, QStringLiteral("arena"), memory.arena->base, memory.arena->sizeBytes, 0});
    }
    if (memory.stack.highWaterBytes != 0 && memory.stack.top != 0) {
        // Of a stack far larger than needed only the used end is shown, so that the buffers keep the room.
        const Bytes enough =
            std::max<Bytes>(memory.stack.highWaterBytes * 3 / 2, memory.arena ? memory.arena->sizeBytes / 8 : 0);
        const Bytes size = std::max(memory.stack.highWaterBytes,
                                    memory.stack.sizeBytes == 0 ? enough : std::min(memory.stack.sizeBytes, enough));
        m_bands.push_back(
            {MemoryBand::Kind::Stack, QStringLiteral("stack"), static_cast<Address>(memory.stack.top - size), size, 0});
    }
    if (memory.heap.highWaterBytes != 0) {
        m_bands.push_back({MemoryBand::Kind::Heap, QStringLiteral("heap"), memory.heap.base,
                           std::max(memory.heap.sizeBytes, memory.heap.highWaterBytes), 0});
    }
    // Tensors of runtimes without an arena lie anywhere in SRAM: one band around those that no band holds yet.
    std::uint64_t low = UINT64_MAX;
    std::uint64_t high = 0;
    for (const TensorLife& tensor : memory.tensors) {
        const bool held = std::any_of(m_bands.begin(), m_bands.end(), [&](const MemoryBand& band) {
            return tensor.address >= band.base &&
                   std::uint64_t{tensor.address} + tensor.sizeBytes <= band.base + band.sizeBytes;
        });
        if (!held) {
            low = std::min<std::uint64_t>(low, tensor.address);
            high = std::max<std::uint64_t>(high, tensor.address + tensor.sizeBytes);
        }
    }
    if (high > low) {
        m_bands.push_back(
            {MemoryBand::Kind::Other, QStringLiteral("buffers"), static_cast<Address>(low), high - low, 0});
    }
    std::stable_sort(m_bands.begin(), m_bands.end(),
                     [](const MemoryBand& a, const MemoryBand& b) { return a.base < b.base; });
    const double bytes = std::accumulate(m_bands.begin(), m_bands.end(), 0.0, [](double sum, const MemoryBand& b) {
        return sum + static_cast<double>(b.sizeBytes);
    });
    const double gap = std::ceil(bytes * kGapShare); // whole bytes keep addresses exact
    double offset = 0;
    for (MemoryBand& band : m_bands) {
        band.offset = offset;
        offset += static_cast<double>(band.sizeBytes) + gap;
    }
    m_height = std::max(1.0, offset - (m_bands.empty() ? 0 : gap));
}

void TetrisModel::addBlocks(const Profile& profile) {
    const Steps steps(profile);
    const auto& tensors = profile.memory.tensors;
    for (const TensorLife& tensor : tensors) {
        const double low = offsetOf(tensor.address).value_or(0);
        BlockPlace place{static_cast<double>(tensor.bornCycle), static_cast<double>(tensor.diedCycle), low,
                         low + static_cast<double>(tensor.sizeBytes)};
        m_places[0].push_back(place);
        m_places[1].push_back(reserved(tensor, place, steps));
        m_kinds.push_back(blockKind(tensor.kind));
    }
    m_order.resize(tensors.size());
    std::iota(m_order.begin(), m_order.end(), 0U);
    std::vector<std::uint32_t> bySize = m_order;
    std::stable_sort(bySize.begin(), bySize.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return tensors[a].sizeBytes > tensors[b].sizeBytes; });
    m_ranks.resize(tensors.size());
    for (std::uint32_t i = 0; i < bySize.size(); ++i) {
        m_ranks[bySize[i]] = i;
    }
    const auto begin = [&](std::uint32_t i) { return std::min(m_places[0][i].begin, m_places[1][i].begin); };
    const auto end = [&](std::uint32_t i) { return std::max(m_places[0][i].end, m_places[1][i].end); };
    std::stable_sort(m_order.begin(), m_order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return begin(a) < begin(b); });
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        if (i % kGroup == 0) {
            m_groupEnds.push_back(end(m_order[i]));
        }
        m_groupEnds.back() = std::max(m_groupEnds.back(), end(m_order[i]));
    }
}

std::optional<double> TetrisModel::offsetOf(std::uint64_t address) const {
    for (const MemoryBand& band : m_bands) {
        if (address >= band.base && address < std::uint64_t{band.base} + band.sizeBytes) {
            return band.offset + static_cast<double>(address - band.base);
        }
    }
    return std::nullopt;
}

const MemoryBand* TetrisModel::bandAt(double offset) const {
    for (const MemoryBand& band : m_bands) {
        if (offset >= band.offset && offset < band.offset + static_cast<double>(band.sizeBytes)) {
            return &band;
        }
    }
    return nullptr;
}

std::optional<Address> TetrisModel::addressAt(double offset) const {
    const MemoryBand* band = bandAt(offset);
    return band == nullptr ? std::nullopt
                           : std::optional<Address>(band->base + static_cast<Address>(offset - band->offset));
}

int TetrisModel::blockAt(double cycle, double offset, TetrisState state) const {
    std::vector<std::uint32_t> candidates;
    visible(cycle, cycle + 1, candidates);
    int best = -1;
    for (const std::uint32_t i : candidates) {
        const BlockPlace& p = place(i, state);
        if (cycle >= p.begin && cycle < p.end && offset >= p.low && offset < p.high) {
            const bool smaller = best < 0 || p.high - p.low <= place(static_cast<std::size_t>(best), state).high -
                                                                   place(static_cast<std::size_t>(best), state).low;
            best = smaller ? static_cast<int>(i) : best;
        }
    }
    return best;
}

void TetrisModel::visible(double begin, double end, std::vector<std::uint32_t>& out) const {
    out.clear();
    for (std::size_t group = 0; group < m_groupEnds.size(); ++group) {
        const std::size_t first = group * kGroup;
        const auto starts = [&](std::uint32_t i) { return std::min(m_places[0][i].begin, m_places[1][i].begin); };
        if (starts(m_order[first]) >= end) {
            break;
        }
        if (m_groupEnds[group] < begin) {
            continue;
        }
        for (std::size_t i = first; i < std::min(first + kGroup, m_order.size()); ++i) {
            const std::uint32_t block = m_order[i];
            if (starts(block) < end && std::max(m_places[0][block].end, m_places[1][block].end) >= begin) {
                out.push_back(block);
            }
        }
    }
}

} // namespace simprof::gui
