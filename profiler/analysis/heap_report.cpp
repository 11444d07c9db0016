// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/analysis/heap_report.h"

#include "profiler/collect/allocators.h"

#include <algorithm>
#include <map>

namespace simprof {

namespace {

std::string whyNone(const HeapLog& log, const SymbolTable& symbols) {
    if (!log.callers.empty()) {
        return "";
    }
    if (!allocatorsOf(symbols).empty()) {
        return "no allocator was called";
    }
    const bool named = std::ranges::any_of(symbols.symbols(), [](const Symbol& symbol) {
        return symbol.kind == Symbol::Kind::Function && !symbol.discovered;
    });
    return named ? "the image has no allocator that is known (malloc, operator new, pvPortMalloc, k_malloc, …)"
                 : "the image has no symbols, and allocators are known by their names";
}

void add(const RawHeapCaller& raw, HeapCaller& caller) {
    caller.allocations += raw.allocations;
    caller.failed += raw.failed;
    caller.bytes += raw.bytes;
    caller.peakBytes += raw.peakBytes;
    caller.peakBlocks += raw.peakBlocks;
    caller.leftBytes += raw.liveBytes;
    caller.leftBlocks += raw.blocks;
}

} // namespace

void addAllocations(const HeapLog& log, const SymbolTable& symbols, HeapUse& heap) {
    heap.whyNone = whyNone(log, symbols);
    heap.allocators.assign(log.allocators.begin(), log.allocators.end());
    heap.peakBytes = log.peakBytes;
    heap.peakCycle = log.peakCycle;
    heap.live = log.live;
    // Functions may be entered in several places.
    std::map<std::string, HeapCaller> byName;
    std::vector<std::string> names;
    for (const RawHeapCaller& raw : log.callers) {
        names.push_back(raw.entry == 0 ? "[others]" : symbols.nameFor(raw.entry));
        HeapCaller& caller = byName[names.back()];
        caller.function = names.back();
        add(raw, caller);
    }
    for (auto& [name, caller] : byName) {
        heap.callers.push_back(std::move(caller));
    }
    std::ranges::stable_sort(heap.callers, [](const HeapCaller& a, const HeapCaller& b) {
        return a.peakBytes != b.peakBytes ? a.peakBytes > b.peakBytes : a.bytes > b.bytes;
    });
    std::map<std::string, std::int32_t> place;
    for (std::size_t i = 0; i < heap.callers.size(); ++i) {
        place[heap.callers[i].function] = static_cast<std::int32_t>(i);
    }
    for (const RawHeapBlock& raw : log.blocks) {
        heap.blocks.push_back({raw.address, raw.size, raw.born, raw.died, place[names[raw.caller]]});
    }
}

} // namespace simprof
