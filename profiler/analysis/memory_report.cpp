// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/memory_report.h"

#include "profiler/analysis/application_memory.h"
#include "profiler/analysis/heap_report.h"
#include "profiler/analysis/live_bytes.h"
#include "profiler/analysis/tensor_lives.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace simprof {

namespace {

/// What the layers used, from the lowest to the highest byte; with the runtime's tensor table, where it has one. Its
/// upper part then is for what persists.
/// That is on the stack or apart from it, wherever more of them lies.
std::optional<Arena> extentOf(const TensorLives& lives, AddressRange stack) {
    // Only what layers write is planned: the application's own data may lie anywhere.
    const auto isPlanned = [](const TensorLife& tensor) {
        return tensor.writer >= 0 || tensor.kind == TensorKind::Input;
    };
    Bytes onStack = 0;
    Bytes apart = 0;
    for (const TensorLife& tensor : lives.tensors) {
        (stack.contains(tensor.address) ? onStack : apart) += isPlanned(tensor) ? tensor.sizeBytes : 0;
    }
    std::optional<Address> low;
    std::uint64_t high = 0;
    for (const TensorLife& tensor : lives.tensors) {
        if (isPlanned(tensor) && stack.contains(tensor.address) == (onStack > apart)) {
            low = std::min(low.value_or(tensor.address), tensor.address);
            high = std::max(high, tensor.address + tensor.sizeBytes);
        }
    }
    if (!low) {
        return std::nullopt;
    }
    Arena arena{*low, high - *low};
    if (lives.evalTensors && lives.evalTensors->begin > *low) {
        arena.sizeBytes = std::max<Bytes>(high, lives.evalTensors->end()) - *low;
        Address persistent = lives.evalTensors->begin;
        for (const TensorLife& tensor : lives.tensors) {
            const bool isAbove = tensor.address >= high && tensor.address < persistent;
            persistent = tensor.kind == TensorKind::Persistent && isAbove ? tensor.address : persistent;
        }
        arena.neededBytes = high - *low + (persistent < high ? 0 : *low + arena.sizeBytes - persistent);
    }
    return arena;
}

std::optional<Arena> arenaOf(const MemorySources& sources, const TensorLives& lives, AddressRange stack) {
    std::optional<Arena> arena;
    if (lives.arena) {
        arena = Arena{lives.arena->range.begin, lives.arena->range.size};
        arena->neededBytes = lives.arena->neededBytes;
        arena->neededBy = ArenaSource::Allocator;
        if (const auto& second = lives.arena->persistent) {
            arena->persistentBase = second->begin;
            arena->persistentBytes = second->size;
        }
    } else {
        arena = extentOf(lives, stack);
    }
    if (!arena) {
        return std::nullopt;
    }
    const Symbol* symbol = sources.symbols.objectAt(arena->base);
    if (symbol != nullptr && arena->base >= symbol->begin &&
        arena->base - symbol->begin + arena->sizeBytes <= symbol->size) { // else a part of it, such as its first tensor
        arena->reservedBytes = symbol->size;
    }
    return arena;
}

std::vector<AddressRange> rangesOf(const Arena& arena) {
    std::vector<AddressRange> ranges{{arena.base, static_cast<std::uint32_t>(arena.sizeBytes)}};
    if (arena.persistentBytes != 0) {
        ranges.push_back({arena.persistentBase, static_cast<std::uint32_t>(arena.persistentBytes)});
    }
    return ranges;
}

bool isIn(const Arena& arena, const TensorLife& tensor) {
    return std::ranges::any_of(rangesOf(arena), [&tensor](const AddressRange& range) {
        return tensor.address >= range.begin && tensor.address + tensor.sizeBytes <= range.end();
    });
}

/// Bytes that were read or belong to a tensor; start-up code zeroes all of it.
Bytes touched(const Arena& arena, const MemoryShadow& shadow, const std::vector<TensorLife>& tensors) {
    Bytes bytes = 0;
    for (const AddressRange& range : rangesOf(arena)) {
        std::vector<bool> used(range.size);
        for (std::uint32_t i = 0; i < range.size; ++i) {
            used[i] = shadow.readBefore(range.begin + i);
        }
        for (const TensorLife& tensor : tensors) {
            const std::uint64_t from = std::max<std::uint64_t>(tensor.address, range.begin);
            const std::uint64_t to = std::min<std::uint64_t>(tensor.address + tensor.sizeBytes, range.end());
            for (std::uint64_t at = from; at < to; ++at) {
                used[at - range.begin] = true;
            }
        }
        bytes += static_cast<Bytes>(std::ranges::count(used, true));
    }
    return bytes;
}

/// The arena's persistent part as one block; other data of the application is static data, not part of the picture.
void joinPersistent(std::vector<TensorLife>& tensors, const std::optional<Arena>& arena) {
    std::optional<TensorLife> joined;
    for (const TensorLife& tensor : tensors) {
        if (tensor.kind != TensorKind::Persistent || !arena || !isIn(*arena, tensor)) {
            continue;
        }
        if (!joined) {
            joined = tensor;
            joined->name = "persistent arena";
        }
        const Bytes end = std::max(joined->address + joined->sizeBytes, tensor.address + tensor.sizeBytes);
        joined->address = std::min(joined->address, tensor.address);
        joined->sizeBytes = end - joined->address;
    }
    std::erase_if(tensors, [](const TensorLife& tensor) { return tensor.kind == TensorKind::Persistent; });
    if (joined) {
        tensors.insert(tensors.begin(), std::move(*joined));
    }
}

std::vector<Arena> arenasOf(const ProfileMemory& memory) {
    std::vector<Arena> arenas;
    if (memory.arena) {
        arenas.push_back(*memory.arena);
    }
    for (const NetworkMemory& further : memory.further) {
        if (further.arena) {
            arenas.push_back(*further.arena);
        }
    }
    return arenas;
}

/// Adds a network's tensors, and its arena and live bytes.
void addNetwork(const MemorySources& sources, const RanNetwork& network, AddressRange stack, ProfileMemory& memory) {
    TensorLives lives = tensorLives(sources, network, stack);
    NetworkMemory made{network.index, arenaOf(sources, lives, stack), liveBlocks(lives.tensors), lives.inference};
    if (made.arena) {
        made.arena->usedBytes = touched(*made.arena, sources.collector.shadow(), lives.tensors);
        for (const auto& [at, bytes] : made.live) {
            if (bytes > made.arena->peakLiveBytes) {
                made.arena->peakLiveBytes = bytes;
                made.arena->peakCycle = at;
            }
        }
        // Blocks that share bytes are live both, and take them once.
        made.arena->peakLiveBytes = std::min(made.arena->peakLiveBytes, made.arena->usedBytes);
    }
    joinPersistent(lives.tensors, made.arena);
    memory.tensors.insert(memory.tensors.end(), std::make_move_iterator(lives.tensors.begin()),
                          std::make_move_iterator(lives.tensors.end()));
    if (network.index == 0) {
        memory.arena = made.arena;
        memory.live = std::move(made.live);
        memory.inference = made.inference;
    } else {
        memory.further.push_back(std::move(made));
    }
}

/// How much was live while the layers of the inference shown ran.
void addPeaks(Profile& profile, const LiveSteps& live, std::uint32_t shown) {
    for (const Span& span : profile.inferences[shown].spans) {
        LayerInfo& layer = profile.layers[static_cast<std::size_t>(span.layer)];
        Bytes before = 0;
        for (const auto& [at, bytes] : live) {
            if (at <= span.startCycle) {
                before = bytes;
            } else if (at <= span.startCycle + span.cycles) {
                layer.sramPeakBytes = std::max(layer.sramPeakBytes, bytes);
            }
        }
        layer.sramPeakBytes = std::max(layer.sramPeakBytes, before);
    }
}

} // namespace

std::vector<SramOwner> sramOwners(const MemoryShadow& shadow, const ProfileMemory& memory) {
    std::array<Bytes, kSramUses.size()> sums{}; // the most particular use comes first
    for (const MemoryShadow::Area& area : shadow.areas()) {
        std::vector<SramUse> owner(area.range.size, SramUse::Untouched);
        const auto paint = [&](std::uint64_t begin, std::uint64_t end, SramUse use) {
            const std::uint64_t from = std::max<std::uint64_t>(begin, area.range.begin);
            for (std::uint64_t a = from; a < std::min(end, area.range.end()); ++a) {
                SramUse& byte = owner[a - area.range.begin];
                byte = std::min(byte, use);
            }
        };
        for (std::uint32_t i = 0; i < area.range.size; ++i) {
            const Address address = area.range.begin + i;
            if (shadow.written(address) || shadow.readBefore(address)) {
                owner[i] = SramUse::StaticData;
            }
        }
        paint(memory.heap.base, memory.heap.base + memory.heap.highWaterBytes, SramUse::Heap);
        paint(memory.stack.top - memory.stack.highWaterBytes, memory.stack.top, SramUse::Stack);
        for (const Arena& arena : arenasOf(memory)) {
            for (const AddressRange& range : rangesOf(arena)) {
                if (range.begin >= memory.stack.top - memory.stack.highWaterBytes && range.end() <= memory.stack.top) {
                    continue; // what is no tensor there is stack
                }
                for (std::uint64_t a = range.begin; a < range.end(); ++a) {
                    if (area.range.contains(a)) {
                        owner[a - area.range.begin] =
                            shadow.readBefore(static_cast<Address>(a)) ? SramUse::PersistentArena : SramUse::Untouched;
                    }
                }
            }
        }
        for (const TensorLife& tensor : memory.tensors) {
            const SramUse use = tensor.kind == TensorKind::Scratch      ? SramUse::Scratch
                                : tensor.kind == TensorKind::Persistent ? SramUse::Untouched
                                                                        : SramUse::Tensors;
            paint(tensor.address, tensor.address + tensor.sizeBytes, use);
        }
        for (const SramUse use : owner) {
            ++sums[static_cast<std::size_t>(use)];
        }
    }
    std::vector<SramOwner> owners;
    for (const auto& [use, name] : kSramUses) {
        owners.push_back({use, sums[static_cast<std::size_t>(use)]});
    }
    return owners;
}

ProfileMemory buildMemory(const MemorySources& sources) {
    ProfileMemory memory;
    const MemoryBounds bounds = memoryBounds(sources.symbols);
    const AddressSet statics = staticData(sources.image);
    for (const AddressSpace::Region& region : sources.machine.memory().regions()) {
        if (region.desc->aliasOf) {
            continue;
        }
        MemoryRegion described{region.desc->name, region.desc->kind, region.range.begin, region.range.size, 0, 0, 0};
        for (const ImageSegment& segment : sources.image.segments) {
            described.imageBytes += region.range.contains(segment.address) ? segment.bytes.size() : 0;
        }
        described.writtenBytes = sources.collector.shadow().distinctWritten(region.range);
        described.readBytes = sources.collector.shadow().distinctRead(region.range);
        memory.regions.push_back(described);
    }
    memory.stack = stackUse(sources, bounds, statics);
    const auto stackBytes = static_cast<std::uint32_t>(std::min<Bytes>(memory.stack.highWaterBytes, memory.stack.top));
    for (const RanNetwork& network : sources.networks) {
        addNetwork(sources, network, {memory.stack.top - stackBytes, stackBytes}, memory);
    }
    memory.heap = heapUse(sources, bounds, memory.stack);
    addAllocations(sources.collector.recording().heap, sources.symbols, memory.heap);
    memory.stackSamples = sources.collector.recording().stackSamples;
    for (const MemoryRegion& region : memory.regions) {
        const bool sram =
            region.kind == MemoryKind::Sram || region.kind == MemoryKind::Dtcm || region.kind == MemoryKind::Itcm;
        memory.staticBytes += sram ? statics.within(region.base, region.base + region.sizeBytes) : 0;
    }
    memory.sram = sramOwners(sources.collector.shadow(), memory);
    return memory;
}

void addLayerMemory(Profile& profile) {
    if (profile.inferences.empty()) {
        return;
    }
    for (LayerInfo& layer : profile.layers) {
        for (const TensorLife& tensor : profile.memory.tensors) {
            layer.scratchBytes +=
                tensor.kind == TensorKind::Scratch && tensor.writer == layer.id ? tensor.sizeBytes : 0;
        }
    }
    addPeaks(profile, profile.memory.live, profile.memory.inference);
    for (const NetworkMemory& further : profile.memory.further) {
        addPeaks(profile, further.live, further.inference);
    }
}

} // namespace simprof
