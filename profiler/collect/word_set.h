// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/memory_log.h"
#include "sim_core/units.h"

#include <array>
#include <cstdint>
#include <map>
#include <vector>

namespace simprof {

/// Words that were read: a bit a word, so that what is read again and again costs no more.
class WordSet {
public:
    WordSet() = default;
    WordSet(const WordSet&) = delete;
    WordSet& operator=(const WordSet&) = delete;

    /// `word` is a multiple of 4.
    void add(Address word) {
        if (m_newest == nullptr || word / kPageBytes != m_newestPage) {
            m_newestPage = word / kPageBytes;
            m_newest = &m_pages[m_newestPage];
        }
        const Address bit = word % kPageBytes / 4;
        (*m_newest)[bit / 64] |= std::uint64_t{1} << bit % 64;
    }
    /// Sorted and disjoint, without times.
    std::vector<LifeRange> ranges() const {
        std::vector<LifeRange> ranges;
        for (const auto& [number, page] : m_pages) {
            for (Address bit = 0; bit < kPageBytes / 4; ++bit) {
                if ((page[bit / 64] >> bit % 64 & 1U) == 0) {
                    continue;
                }
                const Address word = number * kPageBytes + 4 * bit;
                if (!ranges.empty() && ranges.back().end == word) {
                    ranges.back().end += 4;
                } else {
                    ranges.push_back({word, word + 4, 0, 0});
                }
            }
        }
        return ranges;
    }

private:
    static constexpr Address kPageBytes = 4096;
    using Page = std::array<std::uint64_t, kPageBytes / 4 / 64>;
    std::map<Address, Page> m_pages; ///< by address / kPageBytes
    Address m_newestPage = 0;
    Page* m_newest = nullptr;
};

} // namespace simprof
