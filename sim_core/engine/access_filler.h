// SPDX-License-Identifier: GPL-2.0-or-later
/// How the data accesses of translated code come into Cpu's buffer; recorded_accesses.cpp and hooked_accesses.cpp are
/// the two ways, and a program is linked with one of them.
#pragma once
#include "sim_core/engine/cpu.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace simprof {

/// One way to fill the buffer, and to see stores and accesses that have to be looked at.
class AccessFiller {
public:
    virtual ~AccessFiller() = default;
    /// The core sees `bytes` at `base` from now on.
    virtual void mapped(Address base, std::span<std::byte> bytes, bool writable) = 0;
    virtual void unmapped(AddressRange range) = 0;
    virtual void watch(std::span<const std::byte> bytes) = 0;
    /// Stores to these pages are of no interest until watch() names some of them.
    virtual void unwatch(std::span<const std::byte> pages) { (void)pages; }
    /// From the next run on, or from now on while one lasts: CpuClient::onCheckedAccess hears of all accesses.
    virtual void setCheckAll(bool on) = 0;
    /// The engine is about to be started.
    virtual void starts() = 0;
    /// A store that the engine refused was to a writable memory, and is done now.
    virtual bool store(Address address, unsigned size, std::uint64_t value) {
        (void)address, (void)size, (void)value;
        return false;
    }
    /// Whether the engine itself keeps bits 1:0 of SP clear, other than those that MSR writes.
    virtual bool alignsStack() const { return false; }
    /// A load that no memory answers, before the client hears of it.
    virtual void unmappedLoad(Address address, unsigned size) { (void)address, (void)size; }
};

/// For an engine with its core model set and no code translated yet; client and buffer outlive it.
std::unique_ptr<AccessFiller> makeAccessFiller(uc_struct* engine, CpuClient& client, AccessBuffer& buffer);

/// "with recording, built from source"
std::string accessFillerName();

/// Address space that the engine must have.
struct AddressSpaceNeed {
    std::size_t translations = 0; ///< bytes that it reserves for translated code
    unsigned ulimit = 0;          ///< KiB with which simprof runs all its samples
};
AddressSpaceNeed addressSpaceNeed();

/// For the two ways: an access that is not naturally aligned, or any when all are checked.
inline void checkAccess(CpuClient& client, AccessBuffer& buffer, Address address, unsigned size, bool write) {
    buffer.aligned &= (address & (size - 1)) == 0;
    client.onCheckedAccess(address, size, write);
}

} // namespace simprof
