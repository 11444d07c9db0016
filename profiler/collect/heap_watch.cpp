// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/heap_watch.h"

#include <algorithm>
#include <limits>

namespace simprof {

namespace {

/// Bytes of so many elements; more than 32 bits hold stay the most, which no allocator has.
std::uint32_t arrayBytes(std::uint32_t elements, std::uint32_t size) {
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(std::uint64_t{elements} * size, std::numeric_limits<std::uint32_t>::max()));
}

} // namespace

HeapWatch::HeapWatch(std::map<Address, Allocator> allocators)
    : m_allocators(std::move(allocators)) {
    for (const auto& [entry, allocator] : m_allocators) {
        m_filter.set(filterOf(entry));
    }
}

const Allocator* HeapWatch::find(Address entry) const {
    const auto found = m_allocators.find(entry);
    return found == m_allocators.end() ? nullptr : &found->second;
}

HeapCall HeapWatch::called(const Allocator& allocator, const std::array<std::uint32_t, 4>& registers, Cycles at) {
    m_log.allocators.insert(allocator.name);
    const std::uint32_t first = registers[allocator.argument];
    const std::uint32_t second = registers[(allocator.argument + 1U) % registers.size()];
    switch (allocator.kind) {
    case Allocator::Kind::Allocate: return {HeapCall::Kind::Allocate, first, 0};
    case Allocator::Kind::Zeroed: return {HeapCall::Kind::Allocate, arrayBytes(first, second), 0};
    case Allocator::Kind::Reallocate: return {HeapCall::Kind::Reallocate, second, first};
    case Allocator::Kind::Free: free(first, at); break;
    }
    return {HeapCall::Kind::Inside, 0, 0};
}

void HeapWatch::returned(const HeapCall& call, Address result, Address caller, Cycles at) {
    const std::uint32_t number = callerAt(caller);
    const bool frees = call.kind == HeapCall::Kind::Reallocate && call.size == 0;
    if (frees || (call.kind == HeapCall::Kind::Reallocate && result != 0)) {
        free(call.block, at);
    }
    if (result != 0) {
        allocate(result, call.size, number, at);
    } else if (!frees) {
        m_log.callers[number].failed += call.size != 0 ? 1 : 0;
    }
}

void HeapWatch::allocate(Address address, Bytes size, std::uint32_t caller, Cycles at) {
    free(address, at); // it was given back in a way that was not seen
    RawHeapCaller& of = m_log.callers[caller];
    ++of.allocations;
    of.bytes += size;
    std::size_t block = kMostBlocks;
    if (m_log.blocks.size() < kMostBlocks) {
        block = m_log.blocks.size();
        m_log.blocks.push_back({address, size, at, 0, caller});
    } else {
        ++m_log.blocksLeftOut;
    }
    if (m_live.size() == kMostLive) {
        ++m_log.untracked;
        return;
    }
    m_live[address] = {size, caller, block};
    ++of.blocks;
    of.liveBytes += size;
    m_bytes += size;
    if (m_bytes > m_log.peakBytes) {
        m_log.peakBytes = m_bytes;
        m_log.peakCycle = at;
        m_atPeak = true;
    }
    sample(at);
}

void HeapWatch::free(Address address, Cycles at) {
    const auto found = m_live.find(address);
    if (found == m_live.end()) {
        return;
    }
    notePeak();
    const Live live = found->second;
    m_live.erase(found);
    RawHeapCaller& of = m_log.callers[live.caller];
    --of.blocks;
    of.liveBytes -= live.size;
    m_bytes -= live.size;
    if (live.block < m_log.blocks.size()) {
        m_log.blocks[live.block].died = at;
    }
    sample(at);
}

/// What is live now, when no more was ever: before it gets less.
void HeapWatch::notePeak() {
    if (!m_atPeak) {
        return;
    }
    m_atPeak = false;
    for (RawHeapCaller& caller : m_log.callers) {
        caller.peakBytes = caller.liveBytes;
        caller.peakBlocks = caller.blocks;
    }
}

std::uint32_t HeapWatch::callerAt(Address entry) {
    if (m_callers.size() + 1 >= kMostCallers && !m_callers.contains(entry)) {
        entry = 0;
    }
    const auto [found, isNew] = m_callers.try_emplace(entry, static_cast<std::uint32_t>(m_log.callers.size()));
    if (isNew) {
        m_log.callers.push_back({entry});
    }
    return found->second;
}

void HeapWatch::sample(Cycles at) {
    auto& live = m_log.live;
    if (m_inSample != 0 && m_inSample < m_stride) {
        ++m_inSample;
        live.back().second = std::max(live.back().second, m_bytes);
        return;
    }
    if (live.size() == kMostSamples) {
        for (std::size_t i = 0; i < kMostSamples / 2; ++i) {
            live[i] = {live[2 * i].first, std::max(live[2 * i].second, live[2 * i + 1].second)};
        }
        live.resize(kMostSamples / 2);
        m_stride *= 2;
    }
    live.emplace_back(at, m_bytes);
    m_inSample = 1;
}

HeapLog HeapWatch::take() {
    notePeak();
    return std::move(m_log);
}

} // namespace simprof
