// SPDX-License-Identifier: GPL-2.0-or-later
/// What the engine is told of the address space, and when.
///
/// With every access the engine looks its memory up: it tries the lowest first and bisects the others by address. So
/// the image's flash comes first, aliases come when they are used, and the empty rest of the flash is cut until the RAM
/// lies in the middle.
#include "sim_core/machine.h"

#include <algorithm>
#include <optional>

namespace simprof {

namespace {

constexpr Address kPpbBase = 0xE0000000;
constexpr std::uint32_t kPpbSize = 0x00100000;
constexpr Address kDeviceBase = 0x40000000;
constexpr std::uint32_t kDeviceSize = 0x20000000;
constexpr AddressRange kSramBitBand{0x22000000, 0x02000000};
constexpr std::uint32_t kPage = 4096;

/// Where the image's last byte in this region is, from its begin, in whole pages.
std::uint32_t usedBytes(const AddressSpace::Region& region, const FirmwareImage& image) {
    std::uint64_t used = 0;
    for (const ImageSegment& segment : image.segments) {
        if (region.range.contains(segment.address) && !segment.bytes.empty()) {
            used = std::max<std::uint64_t>(used, segment.address - region.range.begin + segment.bytes.size());
        }
    }
    return static_cast<std::uint32_t>((used + kPage - 1) / kPage * kPage);
}

/// How many cuts below it bring number `index` of `count` memories to the middle; nothing when few do not.
std::optional<std::uint32_t> cutsToMiddle(std::size_t index, std::size_t count) {
    constexpr std::uint32_t kMostCuts = 8;
    for (std::uint32_t cuts = 0; cuts <= kMostCuts; ++cuts) {
        if ((count + cuts) / 2 == index + cuts) {
            return cuts;
        }
    }
    return std::nullopt;
}

} // namespace

void Machine::mapDevice(Address base, std::uint32_t size) {
    m_cpu.mapMmio(base, size);
    m_mapped.push_back({base, size});
}

void Machine::mapDevices() {
    mapDevice(kPpbBase, kPpbSize);
    // The device area is one stretch of registers, but for memories that lie in it (backup SRAM).
    std::uint64_t from = kDeviceBase;
    std::vector<AddressRange> holes;
    for (const AddressSpace::Region& region : m_space.regions()) {
        if (AddressRange{kDeviceBase, kDeviceSize}.contains(region.range.begin)) {
            holes.push_back({region.range.begin, static_cast<std::uint32_t>(region.bytes.size())});
        }
    }
    std::sort(holes.begin(), holes.end(),
              [](const AddressRange& a, const AddressRange& b) { return a.begin < b.begin; });
    holes.push_back({kDeviceBase + kDeviceSize, 0});
    for (const AddressRange& hole : holes) {
        if (hole.begin > from) {
            mapDevice(static_cast<Address>(from), static_cast<std::uint32_t>(hole.begin - from));
        }
        from = hole.end();
    }
    if (m_mcu.core.bitBand) {
        m_onDemand.push_back(kSramBitBand);
    }
}

void Machine::mapMemories(const FirmwareImage& image) {
    using Region = AddressSpace::Region;
    const Region* ram = nullptr;
    std::vector<const Region*> regions;
    for (const Region& region : m_space.regions()) {
        if (region.desc->aliasOf) {
            m_onDemand.push_back({region.range.begin, static_cast<std::uint32_t>(region.bytes.size())});
            continue;
        }
        regions.push_back(&region);
        ram = region.writable && (ram == nullptr || region.range.size > ram->range.size) ? &region : ram;
    }
    const auto below = [ram](Address begin) { return ram != nullptr && begin < ram->range.begin; };
    const Region* flash = nullptr; // the one below the RAM with most room behind the image
    std::size_t index = static_cast<std::size_t>(
        std::count_if(m_mapped.begin(), m_mapped.end(), [&](const AddressRange& r) { return below(r.begin); }));
    for (const Region* region : regions) {
        index += below(region->range.begin) ? 1 : 0;
        const auto room = [&](const Region& r) { return r.bytes.size() - usedBytes(r, image); };
        if (!region->writable && below(region->range.begin) && (flash == nullptr || room(*region) > room(*flash))) {
            flash = region;
        }
    }
    const std::uint32_t cuts = flash == nullptr ? 0 : cutsToMiddle(index, m_mapped.size() + regions.size()).value_or(0);
    for (const Region* region : regions) {
        std::uint32_t done = 0;
        const std::uint32_t used = std::max(usedBytes(*region, image), kPage);
        const bool cut = region == flash && region->bytes.size() >= used + std::uint64_t{cuts} * kPage;
        for (std::uint32_t i = 0; cut && i < cuts; ++i) {
            const std::uint32_t size = i == 0 ? used : kPage;
            m_cpu.mapMemory(region->range.begin + done, region->bytes.subspan(done, size), region->writable, true);
            done += size;
        }
        if (done < region->bytes.size()) {
            m_cpu.mapMemory(region->range.begin + done, region->bytes.subspan(done), region->writable, true);
        }
    }
}

bool Machine::onFirstUse(Address address) {
    const auto wanted = std::find_if(m_onDemand.begin(), m_onDemand.end(),
                                     [address](const AddressRange& r) { return r.contains(address); });
    if (wanted == m_onDemand.end()) {
        return false;
    }
    const AddressRange range = *wanted;
    m_onDemand.erase(wanted);
    if (const AddressSpace::Region* region = m_space.find(range.begin)) {
        m_cpu.mapMemory(range.begin, region->bytes, region->writable, true);
    } else {
        mapDevice(range.begin, range.size);
    }
    return true;
}

} // namespace simprof
