// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/memory/engine_map.h"

#include <algorithm>
#include <utility>

namespace simprof {

namespace {

constexpr std::uint32_t kPage = 4096;

AddressRange wholePages(const AddressSpace::Region& region) {
    return {region.range.begin, static_cast<std::uint32_t>(region.bytes.size())};
}

bool liesInDeviceArea(const AddressSpace::Region& region) { return address_map::kDevices.contains(region.range.begin); }

/// Memories that follow each other are one for the engine; in order of their addresses.
std::vector<MappedMemory> joined(std::vector<AddressSpace::Region> regions) {
    std::ranges::sort(regions, {}, [](const AddressSpace::Region& region) { return region.range.begin; });
    std::vector<MappedMemory> all;
    for (const AddressSpace::Region& region : regions) {
        MappedMemory* before = all.empty() ? nullptr : &all.back();
        if (before != nullptr && before->writable == region.writable &&
            before->begin + before->bytes.size() == region.range.begin &&
            before->bytes.data() + before->bytes.size() == region.bytes.data()) {
            before->bytes = {before->bytes.data(), before->bytes.size() + region.bytes.size()};
        } else {
            all.push_back({region.range.begin, region.bytes, region.writable});
        }
    }
    return all;
}

/// Where the image's last byte in this memory is, from its begin, in whole pages.
std::uint32_t usedBytes(const MappedMemory& memory, const FirmwareImage& image) {
    const AddressRange range{memory.begin, static_cast<std::uint32_t>(memory.bytes.size())};
    std::uint64_t used = 0;
    for (const ImageSegment& segment : image.segments) {
        if (range.contains(segment.address) && !segment.bytes.empty()) {
            used = std::max<std::uint64_t>(used, segment.address - range.begin + segment.bytes.size());
        }
    }
    return static_cast<std::uint32_t>((used + kPage - 1) / kPage * kPage);
}

/// Into how many more pieces the memory below the image's flash, and the empty rest of that flash, are cut.
struct Cuts {
    std::uint32_t below = 0, behind = 0;
};

/// How often the engine compares until it finds number `index` of `count` memories.
unsigned probes(std::size_t index, std::size_t count) {
    unsigned done = 0;
    for (std::size_t left = 0, right = count; index != 0 && left < right;) {
        const std::size_t middle = left + (right - left) / 2;
        ++done;
        if (middle == index) {
            break;
        }
        (middle < index ? left : right) = middle < index ? middle + 1 : middle;
    }
    return done;
}

/// The cuts, at most `most`, with which numbers `flash` and `ram` of `count` memories are found soonest.
Cuts bestCuts(std::size_t flash, std::size_t ram, std::size_t count, const Cuts& most) {
    constexpr std::uint32_t kMost = 8;
    const auto cost = [&](const Cuts& cuts) {
        const std::size_t all = count + cuts.below + cuts.behind;
        return probes(flash + cuts.below, all) + probes(ram + cuts.below + cuts.behind, all);
    };
    Cuts best;
    for (Cuts cuts; cuts.below <= std::min(most.below, kMost); ++cuts.below) {
        for (cuts.behind = 0; cuts.behind <= std::min(most.behind, kMost); ++cuts.behind) {
            if (cost(cuts) < cost(best)) {
                best = cuts;
            }
        }
    }
    return best;
}

/// The device area is one stretch of registers, but for memories that lie in it (backup SRAM).
void planDeviceArea(std::span<const AddressSpace::Region> regions, std::vector<AddressRange>& devices) {
    std::vector<AddressRange> holes;
    for (const AddressSpace::Region& region : regions) {
        if (liesInDeviceArea(region)) {
            holes.push_back(wholePages(region));
        }
    }
    std::ranges::sort(holes, {}, &AddressRange::begin);
    holes.push_back({static_cast<Address>(address_map::kDevices.end()), 0});
    std::uint64_t from = address_map::kDevices.begin;
    for (const AddressRange& hole : holes) {
        if (hole.begin > from) {
            devices.push_back({static_cast<Address>(from), static_cast<std::uint32_t>(hole.begin - from)});
        }
        from = hole.end();
    }
}

/// Pages of devices that lie elsewhere (SIO, FICR ...), neighbours together.
void planDevicePages(std::span<const AddressSpace::Region> regions, const McuDesc& mcu,
                     std::vector<AddressRange>& devices) {
    std::vector<Address> pages;
    for (const PeripheralDesc& desc : mcu.peripherals) {
        if (address_map::kDevices.contains(desc.range.begin) || address_map::kPpb.contains(desc.range.begin)) {
            continue;
        }
        for (std::uint64_t page = desc.range.begin / kPage * kPage; page < desc.range.end(); page += kPage) {
            const auto address = static_cast<Address>(page);
            if (std::ranges::none_of(regions, [&](const auto& region) { return region.range.contains(address); })) {
                pages.push_back(address);
            }
        }
    }
    std::ranges::sort(pages);
    pages.erase(std::unique(pages.begin(), pages.end()), pages.end());
    for (std::size_t first = 0, count = 0; first < pages.size(); first += count) {
        for (count = 1; first + count < pages.size() && pages[first + count] == pages[first] + count * kPage;) {
            ++count;
        }
        devices.push_back({pages[first], static_cast<std::uint32_t>(count * kPage)});
    }
}

/// Adds `memory` in pieces: one of `first` bytes, then pages, then the rest.
void addInPieces(const MappedMemory& memory, std::size_t first, std::uint32_t pieces, std::vector<MappedMemory>& all) {
    std::size_t done = 0;
    for (std::uint32_t piece = 0; piece < pieces; ++piece) {
        const std::size_t size = piece == 0 ? first : kPage;
        all.push_back({memory.begin + static_cast<Address>(done), memory.bytes.subspan(done, size), memory.writable});
        done += size;
    }
    all.push_back({memory.begin + static_cast<Address>(done), memory.bytes.subspan(done), memory.writable});
}

/// Adds the memories, cut so that the image's flash and the largest RAM are found soonest.
void planMemories(const std::vector<MappedMemory>& memories, const FirmwareImage& image, Mapping& mapping) {
    const auto largest = [&](const auto& of) { return std::ranges::max_element(memories, {}, of) - memories.begin(); };
    const auto ram = largest([](const MappedMemory& m) { return m.writable ? m.bytes.size() : 0; });
    const auto flash = largest([&](const MappedMemory& m) { return m.writable ? 0 : usedBytes(m, image); });
    const std::size_t flashBytes = memories[flash].bytes.size();
    const std::size_t used = // an image may lie in RAM alone
        std::min<std::size_t>(std::max(usedBytes(memories[flash], image), kPage), flashBytes);
    Cuts cuts;
    if (flash < ram) {
        const auto index = [&](std::ptrdiff_t memory) {
            const auto isBelow = [&](const AddressRange& r) { return r.begin < memories[memory].begin; };
            return static_cast<std::size_t>(memory + std::ranges::count_if(mapping.devices, isBelow));
        };
        const std::size_t below = flash == 0 ? kPage : memories[flash - 1].bytes.size();
        const std::size_t behind = flashBytes - used;
        const Cuts most{static_cast<std::uint32_t>(below / kPage - 1), static_cast<std::uint32_t>(behind / kPage)};
        cuts = bestCuts(index(flash), index(ram), mapping.devices.size() + memories.size(), most);
    }
    for (std::ptrdiff_t i = 0; i < std::ssize(memories); ++i) {
        const std::uint32_t pieces = i == flash ? cuts.behind : i + 1 == flash ? cuts.below : 0;
        addInPieces(memories[i], i == flash ? used : kPage, pieces, mapping.memories);
    }
}

} // namespace

Mapping planMapping(std::span<const AddressSpace::Region> regions, const FirmwareImage& image, const BoardDesc& board) {
    Mapping mapping;
    mapping.devices.push_back(address_map::kPpb);
    planDeviceArea(regions, mapping.devices);
    if (board.mcu->core.bitBand) {
        mapping.onDemand.push_back(address_map::kSramBitBand);
    }
    planDevicePages(regions, *board.mcu, mapping.devices);
    std::vector<AddressSpace::Region> always;
    for (const AddressSpace::Region& region : regions) {
        if (board.startsInRom && wholePages(region).contains(board.vectorTable)) {
            mapping.memories.push_back({region.range.begin, region.bytes, region.writable});
            mapping.bootRom = wholePages(region);
        } else if (region.desc->aliasOf || liesInDeviceArea(region)) {
            mapping.onDemand.push_back(wholePages(region));
        } else {
            always.push_back(region);
        }
    }
    planMemories(joined(std::move(always)), image, mapping);
    return mapping;
}

void EngineMap::apply(Mapping mapping) {
    for (const AddressRange& range : mapping.devices) {
        m_cpu.mapMmio(range.begin, range.size);
    }
    for (const MappedMemory& memory : mapping.memories) {
        m_cpu.mapMemory(memory.begin, memory.bytes, memory.writable, true);
    }
    m_bootRom = mapping.bootRom;
    m_onDemand = std::move(mapping.onDemand);
}

/// Firmware in flash that uses the boot ROM again gets it back.
void EngineMap::leaveBootRom(Address pc) {
    const AddressSpace::Region* region = m_space.find(pc);
    if (region != nullptr && !region->writable) {
        m_cpu.unmapMemory(m_bootRom);
        m_onDemand.push_back(std::exchange(m_bootRom, {}));
    }
}

bool EngineMap::firstUse(Address address) {
    const auto wanted = std::ranges::find_if(m_onDemand, [&](const AddressRange& r) { return r.contains(address); });
    if (wanted == m_onDemand.end()) {
        return false;
    }
    const AddressRange range = *wanted;
    m_onDemand.erase(wanted);
    if (const AddressSpace::Region* region = m_space.find(range.begin)) {
        m_cpu.mapMemory(range.begin, region->bytes, region->writable, true);
    } else {
        m_cpu.mapMmio(range.begin, range.size);
    }
    return true;
}

} // namespace simprof
