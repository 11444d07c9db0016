// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/allocators.h"
#include "profiler/collect/heap_log.h"

#include <array>
#include <bitset>
#include <cstddef>
#include <unordered_map>

namespace simprof {

/// Follows the blocks that allocators hand out and take back. What it keeps is bounded.
class HeapWatch {
public:
    static constexpr std::size_t kMostLive = 65'536, kMostBlocks = 5'000, kMostCallers = 1'000, kMostSamples = 4'096;

    explicit HeapWatch(std::map<Address, Allocator> allocators);

    /// The allocator that begins at `entry`; null where none does.
    const Allocator* at(Address entry) const { return m_filter[filterOf(entry)] ? find(entry) : nullptr; }
    /// It is called with these registers, R0 first.
    HeapCall called(const Allocator& allocator, const std::array<std::uint32_t, 4>& registers, Cycles at);
    /// It returned `result` to the function that begins at `caller`.
    void returned(const HeapCall& call, Address result, Address caller, Cycles at);

    /// After the run.
    HeapLog take();

private:
    static constexpr std::size_t kFilter = 4'096;
    static std::size_t filterOf(Address entry) { return entry / 2 % kFilter; }
    struct Live {
        Bytes size = 0;
        std::uint32_t caller = 0;
        std::size_t block = 0; ///< index into HeapLog::blocks; kMostBlocks: it is not there
    };

    const Allocator* find(Address entry) const;
    void allocate(Address address, Bytes size, std::uint32_t caller, Cycles at);
    void free(Address address, Cycles at);
    std::uint32_t callerAt(Address entry);
    void notePeak();
    void sample(Cycles at);

    std::map<Address, Allocator> m_allocators;
    std::bitset<kFilter> m_filter;
    HeapLog m_log;
    std::unordered_map<Address, Live> m_live;
    std::unordered_map<Address, std::uint32_t> m_callers;
    Bytes m_bytes = 0;          ///< live
    bool m_atPeak = false;      ///< now is the peak
    std::size_t m_stride = 1;   ///< changes that one sample stands for
    std::size_t m_inSample = 0; ///< of them in the newest one
};

} // namespace simprof
