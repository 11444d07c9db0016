// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/timing/core_timing.h"
#include "sim_core/units.h"

#include <array>
#include <cstdint>
#include <vector>

namespace simprof {

/// The Armv6-M/Armv7-M memory protection unit (Armv7-M ARM, B3.5).
class Mpu {
public:
    explicit Mpu(unsigned regions)
        : m_count(regions) {
        reset();
    }
    void reset();

    std::uint32_t read(std::uint32_t offset) const; ///< offset from MPU_TYPE
    void write(std::uint32_t offset, std::uint32_t value);

    bool enabled() const { return (m_ctrl & 1U) != 0; }
    /// Grows with each change of the set-up.
    std::uint32_t generation() const { return m_generation; }

    /// May an access go ahead? `priorityBelowZero`: in HardFault, NMI or with FAULTMASK set.
    bool allowsData(Address address, bool write, bool privileged, bool priorityBelowZero) const;
    bool allowsFetch(Address address, bool privileged, bool priorityBelowZero) const;
    /// Cache attributes of the enabled regions, for the timing of L1 caches.
    std::vector<CachePolicy> cachePolicies() const;

private:
    struct Region {
        std::uint32_t rbar = 0;
        std::uint32_t rasr = 0;
        bool matches(Address address) const;
    };
    const Region* find(Address address) const;
    Region& selected() { return m_regions[m_rnr % m_regions.size()]; }
    void writeBase(std::uint32_t value);

    unsigned m_count;
    std::uint32_t m_ctrl = 0;
    std::uint32_t m_rnr = 0;
    std::uint32_t m_generation = 0;
    std::array<Region, 16> m_regions{};
};

} // namespace simprof
