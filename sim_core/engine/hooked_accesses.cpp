// SPDX-License-Identifier: GPL-2.0-or-later
/// The distribution's engine calls back with each access, and with each instruction to know whose it is: slow and
/// right.
#include "sim_core/engine/access_filler.h"
#include "sim_core/error.h"

#include <unicorn/unicorn.h>

#include <algorithm>
#include <cstring>

namespace simprof {

namespace {

class HookedAccesses final : public AccessFiller {
public:
    HookedAccesses(uc_struct* engine, CpuClient& client, AccessBuffer& buffer)
        : m_engine(engine)
        , m_client(client)
        , m_buffer(buffer) {
        add(UC_HOOK_MEM_READ, reinterpret_cast<void*>(&HookedAccesses::access<false>));
        add(UC_HOOK_MEM_WRITE, reinterpret_cast<void*>(&HookedAccesses::access<true>));
        add(UC_HOOK_CODE, reinterpret_cast<void*>(&HookedAccesses::code));
    }

    void mapped(Address base, std::span<std::byte> bytes, bool writable) override {
        if (!writable) {
            return;
        }
        // Permissions given with the mapping alone would only add the callback.
        protect(base, bytes.size());
        const StoredHere memory{{base, static_cast<std::uint32_t>(bytes.size())}, bytes.data()};
        const auto smaller = std::ranges::find_if(
            m_storedHere, [&](const StoredHere& other) { return other.range.size < memory.range.size; });
        m_storedHere.insert(smaller, memory); // the largest is looked for first
    }

    void unmapped(AddressRange range) override {
        std::erase_if(m_storedHere, [&](const StoredHere& memory) { return range.contains(memory.range.begin); });
    }

    void watch(std::span<const std::byte> bytes) override {
        const auto begin = reinterpret_cast<std::uintptr_t>(bytes.data());
        const auto from = m_watchedBytes == 0 ? begin : std::min(m_watched, begin);
        m_watchedBytes = std::max(m_watched + m_watchedBytes, begin + bytes.size()) - from;
        m_watched = from;
    }

    void setCheckAll(bool on) override {
        m_checkAll = on;
        m_lookAtAll = on || m_repeats != 0;
    }

    void starts() override {
        m_repeats = 0;
        m_lookAtAll = m_checkAll;
    }

    bool store(Address address, unsigned size, std::uint64_t value) override {
        for (const StoredHere& memory : m_storedHere) {
            if (memory.range.contains(address)) {
                std::byte* const bytes = memory.bytes + (address - memory.range.begin);
                size = static_cast<unsigned>(std::min<std::uint64_t>(size, memory.range.end() - address));
                std::memcpy(bytes, &value, size);
                if (reinterpret_cast<std::uintptr_t>(bytes) + size - m_watched < m_watchedBytes + size) {
                    m_client.onWatchedStore({bytes, size});
                }
                return true;
            }
        }
        return false;
    }

    /// Its callback comes only after this one, which may end the run: the access counts and is checked here.
    void unmappedLoad(Address address, unsigned size) override {
        if (m_repeats == 0) {
            note(address, size, false);
            if (m_lookAtAll || (address & (size - 1)) != 0) {
                checkAccess(m_client, m_buffer, address, size, false);
            }
        }
    }

private:
    /// A writable memory. Stores to it are done here and the engine believes it to be read-only: each store to a memory
    /// that could hold code costs the engine four allocations, a store it may not do costs it a callback.
    struct StoredHere {
        AddressRange range;
        std::byte* bytes = nullptr;
    };

    void add(int type, void* callback) {
        uc_hook hook = 0;
        if (uc_hook_add(m_engine, &hook, type, callback, this, 1, 0) != UC_ERR_OK) {
            throw Error("the instruction engine refused a hook");
        }
    }

    void protect(Address base, std::size_t bytes) {
        if (uc_mem_protect(m_engine, base, bytes, UC_PROT_READ | UC_PROT_EXEC) != UC_ERR_OK) {
            throw Error("the instruction engine refused a memory stored to elsewhere");
        }
    }

    static void code(uc_engine*, std::uint64_t address, std::uint32_t, void* user) {
        static_cast<HookedAccesses*>(user)->m_insn = static_cast<Address>(address);
    }

    template<bool write>
    static void access(uc_engine*, uc_mem_type, std::uint64_t address, int size, std::int64_t, void* user) {
        auto& self = *static_cast<HookedAccesses*>(user);
        self.note(static_cast<Address>(address), static_cast<unsigned>(size), write);
        if (self.m_lookAtAll || (address & static_cast<unsigned>(size - 1)) != 0) {
            self.check(static_cast<Address>(address), static_cast<unsigned>(size), write);
        }
    }

    void note(Address address, unsigned size, bool write) {
        m_buffer.add({address, static_cast<std::uint8_t>(size), write,
                      static_cast<std::uint16_t>(m_insn - m_buffer.blockBegin)});
    }

    /// An unaligned load across two of the engine's pages is followed by its two aligned halves: those are no accesses.
    void check(Address address, unsigned size, bool write) {
        constexpr std::uint32_t kEnginePage = 1024;
        if (m_repeats != 0) {
            --m_repeats;
            m_buffer.keep(static_cast<std::size_t>(m_buffer.end() - m_buffer.begin()) - 1);
            m_lookAtAll = m_checkAll || m_repeats != 0;
            return;
        }
        if (!write && address / kEnginePage != (address + size - 1) / kEnginePage) {
            m_repeats = 2;
            m_lookAtAll = true;
        }
        checkAccess(m_client, m_buffer, address, size, write);
    }

    uc_struct* m_engine;
    CpuClient& m_client;
    AccessBuffer& m_buffer;
    std::vector<StoredHere> m_storedHere;
    std::uintptr_t m_watched = 0; ///< all that watch() named lies within m_watchedBytes from here on
    std::uintptr_t m_watchedBytes = 0;
    Address m_insn = 0; ///< the one that is running
    bool m_checkAll = false;
    bool m_lookAtAll = false; ///< m_checkAll, or some of the next accesses are repeats
    unsigned m_repeats = 0;   ///< accesses still to come that repeat one across two pages
};

} // namespace

std::unique_ptr<AccessFiller> makeAccessFiller(uc_struct* engine, CpuClient& client, AccessBuffer& buffer) {
    return std::make_unique<HookedAccesses>(engine, client, buffer);
}

std::string accessFillerName() { return "of the distribution, with hooks"; }

/// Its translation buffer: tcg.c of 2.0.1.
AddressSpaceNeed addressSpaceNeed() { return {std::size_t{1} << 30, 1'500'000}; }

} // namespace simprof
