// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/ppb/mpu.h"

namespace simprof {

namespace {

/// Never-execute by the default memory map: peripherals, external devices, system (Armv7-M ARM, table B3-1).
bool defaultExecutable(Address address) {
    const unsigned area = address >> 29;
    return area != 2 && area < 5;
}

} // namespace

void Mpu::reset() {
    m_ctrl = 0;
    m_rnr = 0;
    m_regions = {};
    ++m_generation;
}

bool Mpu::Region::matches(Address address) const {
    if ((rasr & 1U) == 0) {
        return false;
    }
    const unsigned sizeLog2 = ((rasr >> 1) & 0x1FU) + 1;
    const std::uint64_t size = std::uint64_t{1} << sizeLog2;
    const std::uint64_t base = (rbar & ~0x1FU) & ~(size - 1);
    if (address < base || address >= base + size) {
        return false;
    }
    if (sizeLog2 < 8) {
        return true; // subregions exist from 256 bytes on
    }
    const unsigned subregion = static_cast<unsigned>((address - base) >> (sizeLog2 - 3));
    return ((rasr >> (8 + subregion)) & 1U) == 0;
}

const Mpu::Region* Mpu::find(Address address) const {
    for (unsigned i = m_count; i-- > 0;) {
        if (m_regions[i].matches(address)) {
            return &m_regions[i];
        }
    }
    return nullptr;
}

bool Mpu::allowsData(Address address, bool write, bool privileged, bool priorityBelowZero) const {
    if (!enabled() || (priorityBelowZero && (m_ctrl & 2U) == 0) || address >= 0xE0000000U) {
        return true;
    }
    const Region* region = find(address);
    if (region == nullptr) {
        return privileged && (m_ctrl & 4U) != 0;
    }
    // Access permission field AP (Armv7-M ARM, table B3-15).
    switch ((region->rasr >> 24) & 7U) {
    case 1: return privileged;
    case 2: return privileged || !write;
    case 3: return true;
    case 5: return privileged && !write;
    case 6:
    case 7: return !write;
    default: return false;
    }
}

bool Mpu::allowsFetch(Address address, bool privileged, bool priorityBelowZero) const {
    if (!enabled() || (priorityBelowZero && (m_ctrl & 2U) == 0)) {
        return defaultExecutable(address);
    }
    const Region* region = find(address);
    if (region == nullptr) {
        return privileged && (m_ctrl & 4U) != 0 && defaultExecutable(address);
    }
    return (region->rasr & (1U << 28)) == 0 && allowsData(address, false, privileged, priorityBelowZero);
}

std::vector<CachePolicy> Mpu::cachePolicies() const {
    std::vector<CachePolicy> policies;
    for (unsigned i = 0; enabled() && i < m_count; ++i) {
        const Region& region = m_regions[i];
        if ((region.rasr & 1U) == 0) {
            continue;
        }
        const unsigned sizeLog2 = ((region.rasr >> 1) & 0x1FU) + 1;
        const std::uint64_t size = std::uint64_t{1} << sizeLog2;
        CachePolicy policy;
        policy.range = {static_cast<Address>((region.rbar & ~0x1FU) & ~(size - 1)),
                        static_cast<std::uint32_t>(size > 0xFFFFFFFFU ? 0xFFFFFFFFU : size)};
        const unsigned tex = (region.rasr >> 19) & 7U;
        const bool c = ((region.rasr >> 17) & 1U) != 0;
        const bool b = ((region.rasr >> 16) & 1U) != 0;
        // TEX, C, B (Armv7-M ARM, table B3-13).
        policy.cacheable = tex >= 4 ? (tex & 3U) != 0 : (c || (tex == 1 && b && c));
        policy.writeBack = tex >= 4 ? (tex & 3U) != 2 : (c && b);
        policy.writeAllocate = tex >= 4 ? (tex & 3U) == 1 : (tex == 1 && c && b);
        policies.push_back(policy);
    }
    return policies;
}

std::uint32_t Mpu::read(std::uint32_t offset) const {
    const Region& region = m_regions[m_rnr % m_regions.size()];
    switch (offset) {
    case 0x00: return m_count << 8;
    case 0x04: return m_ctrl;
    case 0x08: return m_rnr;
    case 0x0C:
    case 0x14:
    case 0x1C:
    case 0x24: return (region.rbar & ~0x1FU) | (m_rnr & 0xFU);
    case 0x10:
    case 0x18:
    case 0x20:
    case 0x28: return region.rasr;
    default: return 0;
    }
}

void Mpu::writeBase(std::uint32_t value) {
    if ((value & 0x10U) != 0) {
        m_rnr = value & 0xFU;
    }
    selected().rbar = value & ~0x1FU;
}

void Mpu::write(std::uint32_t offset, std::uint32_t value) {
    if (m_count == 0) {
        return;
    }
    ++m_generation;
    switch (offset) {
    case 0x04: m_ctrl = value & 7U; break;
    case 0x08: m_rnr = value & 0xFFU; break;
    case 0x0C:
    case 0x14:
    case 0x1C:
    case 0x24: writeBase(value); break;
    case 0x10:
    case 0x18:
    case 0x20:
    case 0x28: selected().rasr = value; break;
    default: break;
    }
}

} // namespace simprof
