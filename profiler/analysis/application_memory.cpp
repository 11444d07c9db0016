// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/application_memory.h"

#include "profiler/collect/stack_frames.h"

#include <algorithm>
#include <string>

namespace simprof {
namespace {

/// The end of the memory at `begin` and of those that follow without a gap; `begin` where none is.
std::uint64_t endOfMemory(const AddressSpace& memory, Address begin) {
    std::uint64_t end = begin;
    while (end <= 0xFFFF'FFFF) {
        const AddressSpace::Region* region = memory.find(static_cast<Address>(end));
        if (region == nullptr) {
            break;
        }
        end = region->range.end();
    }
    return end;
}

} // namespace

void AddressSet::tidy() {
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

Bytes AddressSet::within(std::uint64_t begin, std::uint64_t end) const {
    Bytes sum = 0;
    for (const auto& [from, to] : m_ranges) {
        const std::uint64_t low = std::max<std::uint64_t>(from, begin);
        const std::uint64_t high = std::min<std::uint64_t>(to, end);
        sum += high > low ? high - low : 0;
    }
    return sum;
}

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
    const AddressSpace& memory = sources.machine.memory();
    Address top = sources.machine.initialSp();
    if (memory.find(top - 4) == nullptr && bounds.stackTop && memory.find(*bounds.stackTop - 4) != nullptr) {
        top = *bounds.stackTop; // the first instructions set it right
    }
    const Address lowest = sources.collector.stacks().mainLowest();
    stack.top = top;
    stack.highWaterBytes = lowest < top ? top - lowest : 0;
    if (const StackPath* path = sources.collector.stacks().mainPath(); path != nullptr && lowest < top) {
        stack.deepestCycle = path->at;
        stack.frames = namedFrames(*path, top, sources.symbols);
    }
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
    const AddressSpace::Region* region = memory.find(top - 4);
    if (region == nullptr) { // the image is no firmware, or not for this board
        stack.base = top;
        stack.highWaterBytes = 0;
        stack.frames.clear();
        return stack;
    }
    if (limit < region->range.begin) {
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
    const std::uint64_t memoryEnd = endOfMemory(sources.machine.memory(), heap.base);
    // A stack that begins elsewhere bounds nothing.
    const std::uint64_t end = bounds.heapLimit.value_or(stack.top - static_cast<Address>(stack.highWaterBytes));
    heap.sizeBytes = std::max<std::uint64_t>(std::min(end, memoryEnd), heap.base) - heap.base;
    const Address lowestSp = sources.collector.stacks().mainLowest();
    const MemoryShadow& shadow = sources.collector.shadow();
    for (std::uint64_t address = heap.base;
         address < std::min<std::uint64_t>(std::uint64_t{heap.base} + heap.sizeBytes, lowestSp); ++address) {
        if (shadow.written(static_cast<Address>(address))) {
            heap.highWaterBytes = address + 1 - heap.base;
        }
    }
    return heap;
}

} // namespace simprof
