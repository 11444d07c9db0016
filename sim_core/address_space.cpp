// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/address_space.h"

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

} // namespace

AddressSpace::AddressSpace(const McuDesc& mcu) {
    for (const MemoryDesc& memory : mcu.memories) {
        const std::size_t size = (std::size_t{memory.range.size} + kPage - 1) / kPage * kPage;
        Region region{&memory, memory.range, {}, !isReadOnly(memory.kind)};
        if (memory.aliasOf) {
            const Region* original = find(*memory.aliasOf);
            if (original == nullptr) {
                throw Error(
                    fmt::format("memory {} of {} is an alias of 0x{:08x}, where there is no memory listed before it",
                                memory.name, mcu.name, *memory.aliasOf));
            }
            const std::size_t offset = *memory.aliasOf - original->range.begin;
            region.bytes = original->bytes.subspan(offset, std::min(size, original->bytes.size() - offset));
        } else {
            m_storage.push_back(std::make_unique<std::byte[]>(size));
            region.bytes = {m_storage.back().get(), size};
            if (memory.kind == MemoryKind::Flash || memory.kind == MemoryKind::Xip) {
                std::fill(region.bytes.begin(), region.bytes.end(), std::byte{0xFF}); // erased
            }
            const std::size_t given = std::min(memory.contents.size(), size);
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
