// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/runtimes/tflm_allocator.h"

#include <cstring>
#include <span>

namespace simprof {

namespace {

constexpr Address kAlignment = 16; ///< MicroArenaBufferAlignment() (micro_arena_constants.h), kBufferAlignment before

constexpr Bytes kLargest = Bytes{64} << 20; ///< more than any microcontroller has

std::uint32_t wordAt(std::span<const std::byte> bytes, std::size_t offset) {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes.data() + offset, sizeof word);
    return word;
}

/// Reads the pointers of allocators at each word of RAM.
class AllocatorSearch {
public:
    AllocatorSearch(const AddressSpace& memory, const TensorTable& table)
        : m_memory(memory)
        , m_table(*table.range) {
        for (std::size_t i = 0; i < table.addresses.size(); ++i) {
            const NetworkTensor& tensor = table.network->tensors[i];
            if (table.addresses[i] && !tensor.constant && !tensor.isVariable && tensor.bytes != 0) {
                m_tensors.push_back({*table.addresses[i], static_cast<std::uint32_t>(tensor.bytes)});
            }
        }
    }

    std::optional<RuntimeArena> run() {
        for (const AddressSpace::Region& region : m_memory.regions()) {
            if (region.writable && !region.desc->aliasOf) {
                const auto bytes = std::as_bytes(std::span(region.bytes));
                for (std::size_t offset = 0; offset + 16 <= region.range.size && offset + 16 <= bytes.size();
                     offset += 4) {
                    look({wordAt(bytes, offset), wordAt(bytes, offset + 4), wordAt(bytes, offset + 8),
                          wordAt(bytes, offset + 12)},
                         region.range.begin + static_cast<Address>(offset));
                }
            }
        }
        if (m_own.neededBytes != 0 || m_elsewhere.neededBytes != 0) {
            return m_own.neededBytes != 0 ? m_own : m_elsewhere;
        }
        if (m_planned.neededBytes == 0 || m_persistent.neededBytes == 0) {
            return std::nullopt;
        }
        m_planned.persistent = m_persistent.range;
        m_planned.neededBytes += m_persistent.neededBytes;
        return m_planned;
    }

private:
    struct Pointers {
        Address bottom, end, third, fourth;
    };

    void look(const Pointers& at, Address object) {
        if (at.bottom == 0 || at.bottom >= at.end || at.third < at.bottom || at.third > at.end) {
            return;
        }
        if (at.bottom % kAlignment != 0 || !isRam(at.bottom) || !isRam(at.end - 1) || at.end - at.bottom > kLargest) {
            return;
        }
        const AddressRange arena{at.bottom, at.end - at.bottom};
        const bool isOrdered = at.fourth >= at.third && at.fourth <= at.end;
        const Bytes head = at.third - at.bottom;
        if (isOrdered && holdsTable(at.fourth, at.end) && holdsTensors(at.bottom, at.third)) {
            const bool isOwn = object >= at.fourth && object < at.end;
            take(isOwn ? m_own : m_elsewhere, {arena, head + (at.end - at.fourth), std::nullopt, head});
        } else if (isOrdered && !m_tensors.empty() && holdsTensors(at.bottom, at.third)) {
            take(m_planned, {arena, head, std::nullopt, head}); // its fourth is where temporary data ends
        } else if (holdsTable(at.third, at.end) && object >= at.third && object < at.end) {
            take(m_persistent, {arena, at.end - at.third, std::nullopt}); // made in its own arena, of three pointers
        }
    }

    bool isRam(Address address) const {
        const AddressSpace::Region* home = m_memory.find(address);
        return home != nullptr && home->writable;
    }

    /// Copies of the object from before it had placed everything may lie on a stack.
    static void take(RuntimeArena& kept, const RuntimeArena& found) {
        if (found.neededBytes > kept.neededBytes) {
            kept = found;
        }
    }
    bool holdsTable(Address begin, Address end) const { return m_table.begin >= begin && m_table.end() <= end; }
    bool holdsTensors(Address begin, Address end) const {
        for (const AddressRange& tensor : m_tensors) {
            if (tensor.begin < begin || tensor.end() > end) {
                return false;
            }
        }
        return true;
    }

    const AddressSpace& m_memory;
    AddressRange m_table;
    std::vector<AddressRange> m_tensors; ///< that were placed
    // What was found, of 0 bytes when nothing was:
    RuntimeArena m_own;        ///< by an object in the arena that it describes
    RuntimeArena m_elsewhere;  ///< by one that lies elsewhere, as those of early releases do
    RuntimeArena m_planned;    ///< of two arenas the one for tensors
    RuntimeArena m_persistent; ///< and the other
};

} // namespace

std::optional<RuntimeArena> findTflmAllocator(const AddressSpace& memory, const TensorTable& table) {
    if (table.network == nullptr || !table.range) {
        return std::nullopt;
    }
    return AllocatorSearch(memory, table).run();
}

} // namespace simprof
