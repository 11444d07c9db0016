// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/memory_report.h"

#include "profiler/runtimes/tflm.h"
#include "profiler/symbols/memory_bounds.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace simprof {

namespace {

constexpr Bytes kMostParts = 64; ///< of one block; finer than a block is ever drawn
constexpr Cycles kAlike = 200;   ///< parts whose times differ by less than this fraction of the block's life are one
constexpr Bytes kSmallestTensor = 4; ///< shorter pieces are variables, not tensors

std::int32_t layerOf(AccessorId who) { return static_cast<std::int32_t>(who) - 1; }

const char* kindName(MemoryKind kind) {
    switch (kind) {
    case MemoryKind::Flash: return "flash";
    case MemoryKind::Sram: return "sram";
    case MemoryKind::Itcm: return "itcm";
    case MemoryKind::Dtcm: return "dtcm";
    case MemoryKind::Rom: return "rom";
    case MemoryKind::Xip: return "xip";
    }
    return "";
}

bool overlaps(Address begin, Address end, Address otherBegin, Address otherEnd) {
    return begin < otherEnd && otherBegin < end;
}

/// A set of addresses as sorted disjoint ranges.
class AddressSet {
public:
    void add(Address begin, Address end) {
        if (begin < end) {
            m_ranges.emplace_back(begin, end);
        }
    }
    void tidy() {
        std::sort(m_ranges.begin(), m_ranges.end());
        std::vector<std::pair<Address, Address>> merged;
        for (const auto& range : m_ranges) {
            if (!merged.empty() && range.first <= merged.back().second) {
                merged.back().second = std::max(merged.back().second, range.second);
            } else {
                merged.push_back(range);
            }
        }
        m_ranges = std::move(merged);
    }
    /// Bytes of [begin, end) in the set; tidy() first.
    Bytes within(std::uint64_t begin, std::uint64_t end) const {
        Bytes sum = 0;
        for (const auto& [from, to] : m_ranges) {
            const std::uint64_t low = std::max<std::uint64_t>(from, begin);
            const std::uint64_t high = std::min<std::uint64_t>(to, end);
            sum += high > low ? high - low : 0;
        }
        return sum;
    }
    const std::vector<std::pair<Address, Address>>& ranges() const { return m_ranges; }

private:
    std::vector<std::pair<Address, Address>> m_ranges;
};

/// Builds the tensors of one inference.
class TensorBuilder {
public:
    TensorBuilder(const MemorySources& sources, AddressRange stack)
        : m_sources(sources)
        , m_stack(stack) {
        if (!sources.profile.inferences.empty()) {
            m_begin = sources.profile.inferences.front().startCycle;
            m_end = m_begin + sources.profile.inferences.front().cycles;
        }
    }

    std::vector<TensorLife> build() {
        if (!m_sources.collector.memoryLog()) {
            return {};
        }
        if (m_sources.network != nullptr) {
            fromNetwork();
        }
        fromFlows();
        for (TensorLife& tensor : m_tensors) {
            tensor.parts = partsOf(tensor);
        }
        std::sort(m_tensors.begin(), m_tensors.end(), [](const TensorLife& a, const TensorLife& b) {
            return std::tie(a.bornCycle, a.address, a.name) < std::tie(b.bornCycle, b.address, b.name);
        });
        return std::move(m_tensors);
    }
    std::optional<AddressRange> evalTensors() const { return m_evalTensors; }

private:
    const MemoryLog& log() const { return *m_sources.collector.memoryLog(); }
    bool isStack(const LifeRange& range) const {
        return overlaps(range.begin, range.end, m_stack.begin, static_cast<Address>(m_stack.end()));
    }
    const char* layerName(std::int32_t layer) const {
        return layer >= 0 && static_cast<std::size_t>(layer) < m_sources.profile.layers.size()
                   ? m_sources.profile.layers[static_cast<std::size_t>(layer)].name.c_str()
                   : "application";
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

    /// The block in up to kMostParts parts of equal size, each with the life of its own bytes; bytes nobody touched
    /// live no time. Nothing when they all live alike.
    std::vector<LifePart> partsOf(const TensorLife& tensor) const {
        const auto lines = log().lines.find(static_cast<AccessorId>(tensor.writer + 1));
        if (lines == log().lines.end() || tensor.kind == "persistent" || tensor.sizeBytes == 0) {
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
                const Cycles born = tensor.kind == "input" ? tensor.bornCycle : log().start + line->born;
                const Cycles died = tensor.kind == "output" ? tensor.diedCycle : log().start + line->died;
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
    void fromNetwork() {
        const Network& network = m_sources.network->network;
        const auto addresses = findEvalTensors(*m_sources.network, m_sources.machine.memory(), m_evalTensors);
        for (std::size_t i = 0; i < network.tensors.size(); ++i) {
            const NetworkTensor& described = network.tensors[i];
            if (!addresses[i] || described.constant || described.bytes == 0) {
                continue;
            }
            TensorLife tensor{described.name, described.shape, *addresses[i], described.bytes, m_begin, m_end, -1, {},
                              "tensor"};
            for (const NetworkOperator& op : network.operators) {
                if (std::find(op.outputs.begin(), op.outputs.end(), static_cast<std::int32_t>(i)) != op.outputs.end()) {
                    tensor.writer = static_cast<std::int32_t>(op.index);
                }
                if (std::find(op.inputs.begin(), op.inputs.end(), static_cast<std::int32_t>(i)) != op.inputs.end()) {
                    tensor.readers.push_back(static_cast<std::int32_t>(op.index));
                }
            }
            const auto isIn = [i](const std::vector<std::int32_t>& list) {
                return std::find(list.begin(), list.end(), static_cast<std::int32_t>(i)) != list.end();
            };
            const auto life =
                measured(tensor.address, tensor.address + static_cast<Address>(tensor.sizeBytes), tensor.writer);
            if (life) {
                tensor.bornCycle = life->first;
                tensor.diedCycle = life->second;
            }
            if (isIn(network.inputs)) {
                tensor.kind = "input"; // lives from the start: the application wrote it before
                tensor.bornCycle = m_begin;
            } else if (isIn(network.outputs)) {
                tensor.kind = "output"; // lives to the end: the application reads it afterwards
                tensor.diedCycle = m_end;
            } else if (!life) {
                continue; // planned, never touched
            }
            m_tensors.push_back(std::move(tensor));
        }
    }

    /// What layers wrote and no named tensor covers: data handed on, and scratch.
    void fromFlows() {
        for (const auto& [key, ranges] : log().lives) {
            for (const LifeRange& range : ranges) {
                if (!isStack(range) && range.end - range.begin >= kSmallestTensor &&
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
        TensorLife tensor{"", {}, range.begin, range.end - range.begin, range.born, range.died, writer, {}, "tensor"};
        if (writer < 0) {
            tensor.kind = "persistent";
            tensor.name = "persistent";
            tensor.bornCycle = m_begin;
            tensor.diedCycle = m_end;
        } else if (writer == reader) {
            tensor.kind = "scratch";
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
    AddressRange m_stack;
    Cycles m_begin = 0;
    Cycles m_end = 0;
    std::vector<TensorLife> m_tensors;
    std::vector<TensorLife> m_observed;
    bool m_joinable = false; ///< the last of m_tensors was observed, not named by the network
    std::optional<AddressRange> m_evalTensors;
};

/// Live bytes over time as steps; a byte shared by two blocks counts once for each, as it would in two buffers.
std::vector<std::pair<Cycles, Bytes>> liveCurve(const std::vector<TensorLife>& tensors) {
    std::vector<std::tuple<Cycles, bool, Bytes>> steps; // births after deaths at the same cycle
    for (const TensorLife& tensor : tensors) {
        if (tensor.kind != "persistent") {
            steps.emplace_back(tensor.bornCycle, true, tensor.sizeBytes);
            steps.emplace_back(tensor.diedCycle + 1, false, tensor.sizeBytes);
        }
    }
    std::sort(steps.begin(), steps.end());
    std::vector<std::pair<Cycles, Bytes>> curve;
    Bytes live = 0;
    for (const auto& [at, born, bytes] : steps) {
        live = born ? live + bytes : live - bytes;
        if (!curve.empty() && curve.back().first == at) {
            curve.back().second = live;
        } else {
            curve.emplace_back(at, live);
        }
    }
    return curve;
}

std::optional<Arena> arenaOf(const MemorySources& sources, const std::vector<TensorLife>& tensors,
                             std::optional<AddressRange> evalTensors,
                             const std::vector<std::pair<Cycles, Bytes>>& live) {
    std::optional<Address> low;
    std::uint64_t high = 0;
    for (const TensorLife& tensor : tensors) {
        // Only what layers write is planned: the application's own data may lie anywhere.
        if (tensor.writer >= 0 || tensor.kind == "input") {
            low = std::min(low.value_or(tensor.address), tensor.address);
            high = std::max(high, tensor.address + tensor.sizeBytes);
        }
    }
    if (!low) {
        return std::nullopt;
    }
    Arena arena{*low, high - *low, high - *low, 0, 0};
    if (const Symbol* symbol = sources.symbols.objectAt(*low); symbol != nullptr && symbol->range().contains(*low)) {
        arena.base = symbol->begin;
        arena.sizeBytes = std::max<Bytes>(symbol->size, high - symbol->begin);
    } else if (evalTensors && evalTensors->begin > *low) {
        arena.sizeBytes = std::max<Bytes>(high, evalTensors->end()) - *low;
    }
    const AddressRange range{arena.base, static_cast<std::uint32_t>(arena.sizeBytes)};
    arena.usedBytes = 0;
    const MemoryShadow& shadow = sources.collector.shadow();
    for (std::uint64_t address = range.begin; address < range.end(); ++address) {
        const auto at = static_cast<Address>(address);
        arena.usedBytes += shadow.readBefore(at) ? 1 : 0; // start-up code zeroes all of it
    }
    for (const auto& [at, bytes] : live) {
        if (bytes > arena.peakLiveBytes) {
            arena.peakLiveBytes = bytes;
            arena.peakCycle = at;
        }
    }
    return arena;
}

/// The arena's persistent part as one block; other data of the application is static data, not part of the picture.
void joinPersistent(std::vector<TensorLife>& tensors, const std::optional<Arena>& arena) {
    std::optional<TensorLife> joined;
    for (const TensorLife& tensor : tensors) {
        if (tensor.kind != "persistent" || !arena || tensor.address < arena->base ||
            tensor.address + tensor.sizeBytes > arena->base + arena->sizeBytes) {
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
    std::erase_if(tensors, [](const TensorLife& tensor) { return tensor.kind == "persistent"; });
    if (joined) {
        tensors.insert(tensors.begin(), std::move(*joined));
    }
}

/// Writable parts of the image while it runs: .data, .bss and what the linker script adds.
AddressSet staticData(const FirmwareImage& image) {
    AddressSet set;
    for (const ImageSegment& segment : image.segments) {
        if (segment.writable && segment.memorySize > 0) {
            set.add(segment.runAddress, segment.runAddress + static_cast<Address>(segment.memorySize));
        }
    }
    for (const ImageSymbol& symbol : image.symbols) {
        if (symbol.kind == ImageSymbol::Kind::Object && symbol.size > 0) {
            set.add(symbol.address, symbol.address + symbol.size);
        }
    }
    set.tidy();
    return set;
}

StackUse stackUse(const MemorySources& sources, const MemoryBounds& bounds, const AddressSet& statics) {
    StackUse stack;
    const Address top = sources.machine.initialSp();
    const Address lowest = sources.collector.lowestSp();
    stack.top = top;
    stack.highWaterBytes = lowest < top ? top - lowest : 0;
    Address limit = 0;
    std::string below;
    for (const auto& [begin, end] : statics.ranges()) {
        if (end <= top && end > limit) {
            limit = end;
            below = "static data";
        }
    }
    if (bounds.heapBegin && *bounds.heapBegin <= top && *bounds.heapBegin >= limit) {
        below = "the heap";
        limit = *bounds.heapBegin;
    }
    if (bounds.stackLimit && *bounds.stackLimit < top) {
        limit = *bounds.stackLimit;
    }
    const AddressSpace::Region* region = sources.machine.memory().find(top - 4);
    if (region != nullptr && limit < region->range.begin) {
        limit = region->range.begin;
        below = "nothing: the memory ends there";
    }
    stack.base = limit;
    stack.sizeBytes = top > limit ? top - limit : 0;
    if (stack.highWaterBytes > stack.sizeBytes) {
        stack.overflowsInto = below.empty() ? "what lies below" : below;
    }
    return stack;
}

HeapUse heapUse(const MemorySources& sources, const MemoryBounds& bounds, const StackUse& stack) {
    HeapUse heap;
    if (!bounds.heapBegin) {
        return heap;
    }
    heap.base = *bounds.heapBegin;
    const Address end = bounds.heapLimit.value_or(stack.top - static_cast<Address>(stack.highWaterBytes));
    heap.sizeBytes = end > heap.base ? end - heap.base : 0;
    const Address lowestSp = sources.collector.lowestSp();
    const MemoryShadow& shadow = sources.collector.shadow();
    for (std::uint64_t address = heap.base;
         address < std::min<std::uint64_t>(std::uint64_t{heap.base} + heap.sizeBytes, lowestSp); ++address) {
        if (shadow.written(static_cast<Address>(address))) {
            heap.highWaterBytes = address + 1 - heap.base;
        }
    }
    return heap;
}

/// Gives each SRAM byte its one owner, the most particular first.
std::vector<SramOwner> sramOwners(const MemorySources& sources, const ProfileMemory& memory) {
    enum Owner : std::uint8_t { kUntouched, kStatic, kHeap, kStack, kPersistent, kScratch, kTensor, kOwners };
    static constexpr std::array<const char*, kOwners> kNames = {"untouched",        "static data", "heap",   "stack",
                                                                "persistent arena", "scratch",     "tensors"};
    std::array<Bytes, kOwners> sums{};
    const MemoryShadow& shadow = sources.collector.shadow();
    for (const MemoryShadow::Area& area : shadow.areas()) {
        std::vector<std::uint8_t> owner(area.range.size, kUntouched);
        const auto paint = [&](std::uint64_t begin, std::uint64_t end, std::uint8_t who) {
            const std::uint64_t from = std::max<std::uint64_t>(begin, area.range.begin);
            for (std::uint64_t a = from; a < std::min(end, area.range.end()); ++a) {
                std::uint8_t& byte = owner[a - area.range.begin];
                byte = std::max(byte, who);
            }
        };
        for (std::uint32_t i = 0; i < area.range.size; ++i) {
            const Address address = area.range.begin + i;
            if (shadow.written(address) || shadow.readBefore(address)) {
                owner[i] = kStatic;
            }
        }
        paint(memory.heap.base, memory.heap.base + memory.heap.highWaterBytes, kHeap);
        paint(memory.stack.top - memory.stack.highWaterBytes, memory.stack.top, kStack);
        if (memory.arena) {
            for (std::uint64_t a = memory.arena->base; a < memory.arena->base + memory.arena->sizeBytes; ++a) {
                if (area.range.contains(a)) {
                    owner[a - area.range.begin] = shadow.readBefore(static_cast<Address>(a)) ? kPersistent : kUntouched;
                }
            }
        }
        for (const TensorLife& tensor : memory.tensors) {
            const Owner who = tensor.kind == "scratch" ? kScratch : tensor.kind == "persistent" ? kUntouched : kTensor;
            paint(tensor.address, tensor.address + tensor.sizeBytes, who);
        }
        for (const std::uint8_t who : owner) {
            ++sums[who];
        }
    }
    std::vector<SramOwner> owners;
    for (std::size_t i = kOwners; i-- > 0;) {
        owners.push_back({kNames[i], sums[i]});
    }
    return owners;
}

} // namespace

ProfileMemory buildMemory(const MemorySources& sources) {
    ProfileMemory memory;
    const MemoryBounds bounds = memoryBounds(sources.symbols);
    const AddressSet statics = staticData(sources.image);
    for (const AddressSpace::Region& region : sources.machine.memory().regions()) {
        if (region.desc->aliasOf) {
            continue;
        }
        MemoryRegion described{
            region.desc->name, kindName(region.desc->kind), region.range.begin, region.range.size, 0, 0, 0};
        for (const ImageSegment& segment : sources.image.segments) {
            described.imageBytes += region.range.contains(segment.address) ? segment.bytes.size() : 0;
        }
        described.writtenBytes = sources.collector.shadow().distinctWritten(region.range);
        described.readBytes = sources.collector.shadow().distinctRead(region.range);
        memory.regions.push_back(described);
    }
    memory.stack = stackUse(sources, bounds, statics);
    const auto stackBytes = static_cast<std::uint32_t>(std::min<Bytes>(memory.stack.highWaterBytes, memory.stack.top));
    TensorBuilder builder(sources, {memory.stack.top - stackBytes, stackBytes});
    memory.tensors = builder.build();
    memory.live = liveCurve(memory.tensors);
    memory.arena = arenaOf(sources, memory.tensors, builder.evalTensors(), memory.live);
    joinPersistent(memory.tensors, memory.arena);
    memory.heap = heapUse(sources, bounds, memory.stack);
    memory.stackSamples = sources.collector.stackSamples();
    for (const MemoryRegion& region : memory.regions) {
        const bool sram = region.kind == "sram" || region.kind == "dtcm" || region.kind == "itcm";
        memory.staticBytes += sram ? statics.within(region.base, region.base + region.sizeBytes) : 0;
    }
    memory.sram = sramOwners(sources, memory);
    return memory;
}

void addLayerMemory(Profile& profile) {
    if (profile.inferences.empty()) {
        return;
    }
    for (LayerInfo& layer : profile.layers) {
        for (const TensorLife& tensor : profile.memory.tensors) {
            layer.scratchBytes += tensor.kind == "scratch" && tensor.writer == layer.id ? tensor.sizeBytes : 0;
        }
    }
    const auto& live = profile.memory.live;
    for (const Span& span : profile.inferences.front().spans) {
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

} // namespace simprof
