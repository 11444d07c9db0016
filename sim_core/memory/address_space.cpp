// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/memory/address_space.h"

#include "sim_core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace simprof {

namespace {

constexpr std::uint32_t kPage = 4096;

bool isReadOnly(MemoryKind kind) {
    return kind == MemoryKind::Flash || kind == MemoryKind::Rom || kind == MemoryKind::Xip;
}

std::size_t wholePages(std::uint32_t size) { return (std::size_t{size} + kPage - 1) / kPage * kPage; }

} // namespace

/// Room for all memories but aliases. Neighbours of one kind stand together here as well.
std::map<const MemoryDesc*, std::span<std::byte>> AddressSpace::allocate(const McuDesc& mcu) {
    std::vector<const MemoryDesc*> memories;
    for (const MemoryDesc& memory : mcu.memories) {
        if (!memory.aliasOf) {
            memories.push_back(&memory);
        }
    }
    std::ranges::stable_sort(memories, {}, [](const MemoryDesc* memory) { return memory->range.begin; });
    const auto apart = [](const MemoryDesc* a, const MemoryDesc* b) {
        return a->range.begin + wholePages(a->range.size) != b->range.begin ||
               isReadOnly(a->kind) != isReadOnly(b->kind);
    };
    std::map<const MemoryDesc*, std::span<std::byte>> room;
    for (auto first = memories.begin(); first != memories.end();) {
        auto last = std::adjacent_find(first, memories.end(), apart);
        last += last == memories.end() ? 0 : 1;
        std::size_t bytes = 0;
        for (auto memory = first; memory != last; ++memory) {
            bytes += wholePages((*memory)->range.size);
        }
        m_storage.push_back(std::make_unique<std::byte[]>(bytes));
        std::byte* at = m_storage.back().get();
        for (; first != last; ++first) {
            const std::size_t size = wholePages((*first)->range.size);
            room[*first] = {at, size};
            at += size;
        }
    }
    return room;
}

AddressSpace::AddressSpace(const McuDesc& mcu) {
    const auto room = allocate(mcu);
    for (const MemoryDesc& memory : mcu.memories) {
        Region region{&memory, memory.range, {}, !isReadOnly(memory.kind)};
        if (memory.aliasOf) {
            const Region* original = find(*memory.aliasOf);
            if (original == nullptr) {
                throw Error(
                    fmt::format("memory {} of {} is an alias of 0x{:08x}, where there is no memory listed before it",
                                memory.name, mcu.name, *memory.aliasOf));
            }
            const std::size_t offset = *memory.aliasOf - original->range.begin;
            region.bytes = original->bytes.subspan(
                offset, std::min(wholePages(memory.range.size), original->bytes.size() - offset));
        } else {
            region.bytes = room.at(&memory);
            if (memory.kind == MemoryKind::Flash || memory.kind == MemoryKind::Xip) {
                std::fill(region.bytes.begin(), region.bytes.end(), std::byte{0xFF}); // erased
            }
            const std::size_t given = std::min(memory.contents.size(), region.bytes.size());
            if (given != 0) {
                std::memcpy(region.bytes.data(), memory.contents.data(), given);
            }
        }
        m_regions.push_back(region);
    }
}

const AddressSpace::Region* AddressSpace::find(Address address) const {
    for (const Region& region : m_regions) {
        if (region.range.contains(address)) {
            return &region;
        }
    }
    return nullptr;
}

std::span<std::byte> AddressSpace::at(Address address, std::size_t size) const {
    const Region* region = find(address);
    if (region == nullptr || !region->range.contains(address, size)) {
        return {};
    }
    return region->bytes.subspan(address - region->range.begin, size);
}

std::optional<std::uint32_t> AddressSpace::word(Address address) const {
    const auto bytes = at(address, 4);
    if (bytes.empty()) {
        return std::nullopt;
    }
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data(), 4);
    return value;
}

bool AddressSpace::setWord(Address address, std::uint32_t value) {
    const auto bytes = at(address, 4);
    if (bytes.empty()) {
        return false;
    }
    std::memcpy(bytes.data(), &value, 4);
    return true;
}

void AddressSpace::load(const FirmwareImage& image) {
    for (const ImageSegment& segment : image.segments) {
        if (segment.bytes.empty()) {
            continue;
        }
        const auto target = at(segment.address, segment.bytes.size());
        if (target.empty()) {
            throw Error(fmt::format("{}: {} bytes at 0x{:08x} fit no memory of this board; choose another with --board",
                                    image.name, segment.bytes.size(), segment.address));
        }
        std::memcpy(target.data(), segment.bytes.data(), segment.bytes.size());
    }
}

} // namespace simprof
