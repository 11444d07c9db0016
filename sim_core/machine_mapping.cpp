// SPDX-License-Identifier: GPL-2.0-or-later
/// What the engine is told of the address space, and when.
///
/// With every access the engine looks its memory up: it tries the lowest first and bisects the others by address. So
/// aliases come when they are used, a boot ROM goes when it was left, and memories are cut until the image's flash and
/// the RAM lie where a bisection looks first.
#include "sim_core/machine.h"

#include <algorithm>
#include <utility>

namespace simprof {

namespace {

constexpr Address kPpbBase = 0xE0000000;
constexpr std::uint32_t kPpbSize = 0x00100000;
constexpr Address kDeviceBase = 0x40000000;
constexpr std::uint32_t kDeviceSize = 0x20000000;
constexpr AddressRange kSramBitBand{0x22000000, 0x02000000};
constexpr std::uint32_t kPage = 4096;

/// A memory, or several that follow each other: one for the engine.
struct Stretch {
    Address begin = 0;
    std::span<std::byte> bytes;
    bool writable = false;
};

/// In order of their addresses.
std::vector<Stretch> stretches(std::vector<AddressSpace::Region> regions) {
    std::ranges::sort(regions, {}, [](const AddressSpace::Region& region) { return region.range.begin; });
    std::vector<Stretch> all;
    for (const AddressSpace::Region& region : regions) {
        Stretch* before = all.empty() ? nullptr : &all.back();
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

/// Where the image's last byte in this stretch is, from its begin, in whole pages.
std::uint32_t usedBytes(const Stretch& stretch, const FirmwareImage& image) {
    const AddressRange range{stretch.begin, static_cast<std::uint32_t>(stretch.bytes.size())};
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

/// Pages of devices outside the device area.
void Machine::mapDevicePages(std::vector<Address> pages) {
    std::ranges::sort(pages);
    pages.erase(std::unique(pages.begin(), pages.end()), pages.end());
    for (std::size_t first = 0, count = 0; first < pages.size(); first += count) {
        for (count = 1; first + count < pages.size() && pages[first + count] == pages[first] + count * kPage;) {
            ++count;
        }
        mapDevice(pages[first], static_cast<std::uint32_t>(count * kPage));
    }
}

void Machine::mapMemories(const FirmwareImage& image) {
    std::vector<AddressSpace::Region> regions;
    for (const AddressSpace::Region& region : m_space.regions()) {
        const AddressRange pages{region.range.begin, static_cast<std::uint32_t>(region.bytes.size())};
        if (m_board.startsInRom && pages.contains(m_board.vectorTable)) {
            m_cpu.mapMemory(pages.begin, region.bytes, region.writable, true);
            m_bootRom = pages;
        } else if (region.desc->aliasOf || AddressRange{kDeviceBase, kDeviceSize}.contains(region.range.begin)) {
            m_onDemand.push_back(pages);
        } else {
            regions.push_back(region);
        }
    }
    const std::vector<Stretch> memories = stretches(std::move(regions));
    const auto largest = [&](const auto& of) { return std::ranges::max_element(memories, {}, of) - memories.begin(); };
    const auto ram = largest([](const Stretch& s) { return s.writable ? s.bytes.size() : 0; });
    const auto flash = largest([&](const Stretch& s) { return s.writable ? 0 : usedBytes(s, image); });
    const std::size_t flashBytes = memories[flash].bytes.size();
    const std::size_t used = // an image may lie in RAM alone
        std::min<std::size_t>(std::max(usedBytes(memories[flash], image), kPage), flashBytes);
    Cuts cuts;
    if (flash < ram) {
        const auto index = [&](std::ptrdiff_t memory) {
            const auto isBelow = [&](const AddressRange& r) { return r.begin < memories[memory].begin; };
            return static_cast<std::size_t>(memory + std::ranges::count_if(m_mapped, isBelow));
        };
        const std::size_t below = flash == 0 ? kPage : memories[flash - 1].bytes.size();
        const std::size_t behind = flashBytes - used;
        const Cuts most{static_cast<std::uint32_t>(below / kPage - 1), static_cast<std::uint32_t>(behind / kPage)};
        cuts = bestCuts(index(flash), index(ram), m_mapped.size() + memories.size(), most);
    }
    for (std::ptrdiff_t i = 0; i < std::ssize(memories); ++i) {
        const Stretch& memory = memories[i];
        const std::size_t first = i == flash ? used : kPage;
        const std::uint32_t pieces = i == flash ? cuts.behind : i + 1 == flash ? cuts.below : 0;
        std::size_t done = 0;
        for (std::uint32_t piece = 0; piece < pieces; ++piece) {
            const std::size_t size = piece == 0 ? first : kPage;
            m_cpu.mapMemory(memory.begin + static_cast<Address>(done), memory.bytes.subspan(done, size),
                            memory.writable, true);
            done += size;
        }
        m_cpu.mapMemory(memory.begin + static_cast<Address>(done), memory.bytes.subspan(done), memory.writable, true);
    }
}

/// Firmware in flash that uses the boot ROM again gets it back.
void Machine::leaveBootRom() {
    const AddressSpace::Region* region = m_space.find(m_pc);
    if (region != nullptr && !region->writable && !m_bootRom.contains(m_pc)) {
        m_cpu.unmapMemory(m_bootRom);
        m_onDemand.push_back(std::exchange(m_bootRom, {}));
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
