// SPDX-License-Identifier: GPL-2.0-or-later
/// Translated code appends its accesses to the buffer itself; only what leaves the engine's fast path is seen here.
#include "sim_core/engine/access_filler.h"
#include "sim_core/engine/recorder/recorder.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <unordered_set>

namespace simprof {

namespace {

static_assert(sizeof(Access) == sizeof(simprof_access) && offsetof(Access, address) == 0 &&
              offsetof(Access, size) == 4 && offsetof(Access, write) == 5 && offsetof(Access, insn) == 6 &&
              std::endian::native == std::endian::little);

class RecordedAccesses final : public AccessFiller {
public:
    RecordedAccesses(uc_struct* engine, CpuClient& client, AccessBuffer& buffer)
        : m_engine(engine)
        , m_client(client)
        , m_buffer(buffer)
        , m_recorder(*simprof_recorder_of(engine)) {
        m_recorder.user = this;
        m_recorder.check = [](void* user, std::uint32_t address, unsigned size, bool store) {
            auto& self = *static_cast<RecordedAccesses*>(user);
            checkAccess(self.m_client, self.m_buffer, address, size, store);
        };
        m_recorder.stored = [](void* user, std::uint32_t address, unsigned size) {
            static_cast<RecordedAccesses*>(user)->stored(address, size);
        };
        m_recorder.watched = [](void* user, const void* page, unsigned size) {
            return static_cast<const RecordedAccesses*>(user)->watches(static_cast<const std::byte*>(page), size);
        };
        m_buffer.moveCursor(m_recorder.cursor);
    }

    void mapped(Address base, std::span<std::byte> bytes, bool writable) override {
        if (writable) {
            m_memories.push_back({{base, static_cast<std::uint32_t>(bytes.size())}, bytes.data()});
        }
    }

    void unmapped(AddressRange range) override {
        std::erase_if(m_memories, [&](const Memory& memory) { return range.contains(memory.range.begin); });
    }

    void watch(std::span<const std::byte> bytes) override {
        flushIf(countPages(bytes, [this](std::uintptr_t page) { return m_watched.insert(page).second; }) != 0);
    }

    void unwatch(std::span<const std::byte> pages) override {
        flushIf(countPages(pages, [this](std::uintptr_t page) { return m_watched.erase(page) != 0; }) != 0);
    }

    void setCheckAll(bool on) override { m_checkAll = on; }

    bool alignsStack() const override { return true; }

    void starts() override {
        if (m_recorder.check_all != m_checkAll) {
            m_recorder.check_all = m_checkAll;
            simprof_flush(m_engine);
        }
    }

private:
    /// A writable memory as the core sees it.
    struct Memory {
        AddressRange range;
        const std::byte* bytes = nullptr;
    };

    /// Watched are pieces of so many bytes of the host's memory; the engine asks for pages of 1 KiB.
    static std::uintptr_t pageOf(const std::byte* byte) { return reinterpret_cast<std::uintptr_t>(byte) / 1024; }

    /// How many of the pages that hold these bytes the action answers true for.
    template<class Action>
    static std::size_t countPages(std::span<const std::byte> bytes, Action action) {
        std::size_t count = 0;
        for (std::uintptr_t page = pageOf(bytes.data()); page <= pageOf(&bytes.back()); ++page) {
            count += action(page) ? 1 : 0;
        }
        return count;
    }

    void flushIf(bool changed) {
        if (changed) {
            simprof_flush(m_engine);
        }
    }

    bool watches(const std::byte* bytes, unsigned size) const {
        return countPages({bytes, size}, [this](std::uintptr_t page) { return m_watched.contains(page); }) != 0;
    }

    void stored(Address address, unsigned size) {
        if (m_watched.empty()) {
            return;
        }
        for (const Memory& memory : m_memories) {
            if (memory.range.contains(address)) {
                size = static_cast<unsigned>(std::min<std::uint64_t>(size, memory.range.end() - address));
                const std::byte* const bytes = memory.bytes + (address - memory.range.begin);
                if (watches(bytes, size)) {
                    m_client.onWatchedStore({bytes, size});
                }
                return;
            }
        }
    }

    uc_struct* m_engine;
    CpuClient& m_client;
    AccessBuffer& m_buffer;
    simprof_recorder& m_recorder;
    std::vector<Memory> m_memories;
    std::unordered_set<std::uintptr_t> m_watched;
    bool m_checkAll = false;
};

} // namespace

std::unique_ptr<AccessFiller> makeAccessFiller(uc_struct* engine, CpuClient& client, AccessBuffer& buffer) {
    return std::make_unique<RecordedAccesses>(engine, client, buffer);
}

std::string accessFillerName() { return "with recording, built from source"; }

AddressSpaceNeed addressSpaceNeed() { return {SIMPROF_TRANSLATION_BYTES, 400'000}; }

} // namespace simprof
