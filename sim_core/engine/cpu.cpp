// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/engine/cpu.h"

#include "sim_core/engine/access_filler.h"
#include "sim_core/error.h"

#include <fmt/format.h>
#include <unicorn/unicorn.h>

#include <algorithm>
#include <cassert>
#include <sys/mman.h>
#include <utility>

namespace simprof {

namespace {

void check(uc_err error, const char* what) {
    if (error != UC_ERR_OK) {
        throw Error(fmt::format("the instruction engine refused {}: {}", what, uc_strerror(error)));
    }
}

/// Unicorn ends the whole program when it cannot have the address space it wants.
void requireAddressSpace() {
    constexpr std::size_t kBesides = std::size_t{48} << 20;
    const AddressSpaceNeed need = addressSpaceNeed();
    const std::size_t bytes = need.translations + kBesides;
    void* const space = ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (space == MAP_FAILED) {
        throw Error(fmt::format("the instruction engine needs {} MiB of address space, which this computer does not "
                                "give: raise the limit, as with 'ulimit -v {}'",
                                bytes >> 20, need.ulimit));
    }
    ::munmap(space, bytes);
}

} // namespace

/// The C callbacks; they carry as little as possible because they run for each block and access.
struct CpuHooks {
    static void block(uc_engine*, std::uint64_t address, std::uint32_t size, void* user) {
        Cpu& cpu = *static_cast<Cpu*>(user);
        if (cpu.m_runsOwnCode) {
            return;
        }
        cpu.m_accesses.makeRoom(static_cast<Address>(address));
        cpu.m_client.onBlock(static_cast<Address>(address), size);
    }

    static bool unmapped(uc_engine*, uc_mem_type type, std::uint64_t where, int bytes, std::int64_t value, void* user) {
        Cpu& cpu = *static_cast<Cpu*>(user);
        const auto address = static_cast<Address>(where);
        const auto size = static_cast<unsigned>(bytes);
        if (type == UC_MEM_WRITE_PROT &&
            (cpu.m_filler->store(address, size, static_cast<std::uint64_t>(value)) ||
             cpu.m_client.onReadOnlyStore(address, size, static_cast<std::uint32_t>(value)))) {
            return true;
        }
        const bool nothingThere =
            type == UC_MEM_READ_UNMAPPED || type == UC_MEM_WRITE_UNMAPPED || type == UC_MEM_FETCH_UNMAPPED;
        if (nothingThere && cpu.m_client.onFirstUse(address)) {
            return true;
        }
        cpu.m_faultAddress = address;
        if (type == UC_MEM_READ_UNMAPPED) {
            cpu.m_filler->unmappedLoad(address, size);
        }
        if (type != UC_MEM_FETCH_UNMAPPED && type != UC_MEM_FETCH_PROT) {
            cpu.m_client.onUnmapped(address, size, type == UC_MEM_WRITE_UNMAPPED || type == UC_MEM_WRITE_PROT);
        }
        return false;
    }

    static void interrupt(uc_engine* engine, std::uint32_t number, void* user) {
        Cpu& cpu = *static_cast<Cpu*>(user);
        cpu.m_interrupt = number;
        cpu.m_hasInterrupt = true;
        uc_emu_stop(engine);
    }

    template<bool banked>
    static void alignStack(uc_engine* engine, std::uint64_t, std::uint32_t, void*) {
        static constexpr int kRegisters[] = {UC_ARM_REG_SP, UC_ARM_REG_MSP, UC_ARM_REG_PSP};
        for (unsigned i = 0; i < (banked ? std::size(kRegisters) : 1); ++i) {
            std::uint32_t value = 0;
            uc_reg_read(engine, kRegisters[i], &value);
            if ((value & 3U) != 0) {
                value &= ~3U;
                uc_reg_write(engine, kRegisters[i], &value);
            }
        }
    }

    static std::uint64_t mmioRead(uc_engine*, std::uint64_t offset, unsigned size, void* user) {
        auto& [cpu, base] = *static_cast<std::pair<Cpu*, Address>*>(user);
        return cpu->m_client.onMmioRead(base + static_cast<Address>(offset), size);
    }

    static void mmioWrite(uc_engine*, std::uint64_t offset, unsigned size, std::uint64_t value, void* user) {
        auto& [cpu, base] = *static_cast<std::pair<Cpu*, Address>*>(user);
        cpu->m_client.onMmioWrite(base + static_cast<Address>(offset), size, static_cast<std::uint32_t>(value));
    }
};

namespace {

/// Unicorn's number of a core. UC_MODE_MCLASS would silently make each a Cortex-M33.
int modelOf(EngineModel model) {
    switch (model) {
    case EngineModel::CortexM0: return UC_CPU_ARM_CORTEX_M0;
    case EngineModel::CortexM4: return UC_CPU_ARM_CORTEX_M4;
    case EngineModel::CortexM7: break;
    }
    return UC_CPU_ARM_CORTEX_M7;
}

} // namespace

Cpu::Cpu(const CoreDesc& core, CpuClient& client, Hooks hooks)
    : m_client(client) {
    requireAddressSpace();
    check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &m_engine), "to open");
    check(uc_ctl_set_cpu_model(m_engine, modelOf(core.kind->engine)), "the core model");

    const auto add = [this](int type, void* callback) {
        uc_hook hook = 0;
        check(uc_hook_add(m_engine, &hook, type, callback, this, 1, 0), "a hook");
    };
    if (hooks != Hooks::None) {
        add(UC_HOOK_BLOCK, reinterpret_cast<void*>(&CpuHooks::block));
    }
    if (hooks != Hooks::All) {
        return;
    }
    add(UC_HOOK_MEM_UNMAPPED | UC_HOOK_MEM_PROT, reinterpret_cast<void*>(&CpuHooks::unmapped));
    add(UC_HOOK_INTR, reinterpret_cast<void*>(&CpuHooks::interrupt));
    m_filler = makeAccessFiller(m_engine, m_client, m_accesses);
}

Cpu::~Cpu() { close(); }

void Cpu::close() {
    if (uc_context* const saved = std::exchange(m_saved, nullptr)) {
        uc_context_free(saved);
    }
    if (uc_struct* const engine = std::exchange(m_engine, nullptr)) {
        uc_close(engine);
    }
}

void Cpu::mapMemory(Address base, std::span<std::byte> bytes, bool writable, bool executable) {
    const std::uint32_t permissions = UC_PROT_READ | (writable ? UC_PROT_WRITE : 0) | (executable ? UC_PROT_EXEC : 0);
    check(uc_mem_map_ptr(m_engine, base, bytes.size(), permissions, bytes.data()),
          fmt::format("a memory of {} bytes at 0x{:08x}", bytes.size(), base).c_str());
    if (m_filler) {
        m_filler->mapped(base, bytes, writable);
    }
}

void Cpu::unmapMemory(AddressRange range) {
    check(uc_mem_unmap(m_engine, range.begin, range.size), "to take a memory away");
    if (m_filler) {
        m_filler->unmapped(range);
    }
}

void Cpu::watchStores(std::span<const std::byte> bytes) {
    if (m_filler) {
        m_filler->watch(bytes);
    }
}

void Cpu::unwatchStores(std::span<const std::byte> pages) {
    if (m_filler) {
        m_filler->unwatch(pages);
    }
}

void Cpu::setCheckAllAccesses(bool on) {
    if (m_filler) {
        m_filler->setCheckAll(on);
    }
}

void Cpu::alignStackBefore(Address address, bool banked) {
    if (!m_filler || (!banked && m_filler->alignsStack()) || !m_stackAligned.emplace(address, banked).second) {
        return; // each hook slows down all others
    }
    void* const callback = banked ? reinterpret_cast<void*>(&CpuHooks::alignStack<true>)
                                  : reinterpret_cast<void*>(&CpuHooks::alignStack<false>);
    uc_hook hook = 0;
    check(uc_hook_add(m_engine, &hook, UC_HOOK_CODE, callback, this, address, address), "a hook");
}

void Cpu::mapMmio(Address base, std::uint32_t size) {
    m_mmio.push_back(std::make_unique<std::pair<Cpu*, Address>>(this, base));
    void* user = m_mmio.back().get();
    check(uc_mmio_map(m_engine, base, size, &CpuHooks::mmioRead, user, &CpuHooks::mmioWrite, user),
          fmt::format("a device region at 0x{:08x}", base).c_str());
}

CpuExit Cpu::run(Address pc, std::uint64_t until) {
    m_hasInterrupt = false;
    if (m_filler) {
        m_filler->starts();
    }
    const uc_err error = uc_emu_start(m_engine, pc | 1U, until, 0, 0);
    if (m_hasInterrupt) {
        return {CpuExit::Kind::Interrupt, m_interrupt, 0};
    }
    switch (error) {
    case UC_ERR_OK: return {CpuExit::Kind::Halted, 0, 0};
    case UC_ERR_INSN_INVALID:
    case UC_ERR_EXCEPTION: return {thumb() ? CpuExit::Kind::Undefined : CpuExit::Kind::InvalidState, 0, 0};
    case UC_ERR_FETCH_UNMAPPED:
    case UC_ERR_FETCH_PROT: return {CpuExit::Kind::FetchFault, 0, m_faultAddress};
    case UC_ERR_READ_UNMAPPED:
    case UC_ERR_READ_PROT: return {CpuExit::Kind::ReadFault, 0, m_faultAddress};
    case UC_ERR_WRITE_UNMAPPED:
    case UC_ERR_WRITE_PROT: return {CpuExit::Kind::WriteFault, 0, m_faultAddress};
    default: throw Error(fmt::format("the instruction engine failed at 0x{:08x}: {}", pc, uc_strerror(error)));
    }
}

/// The engine keeps the monitor to itself: CLREX is run, in a page that is there just for that.
void Cpu::clearExclusive() {
    // Where code may lie (DDI 0403 B3.1) and boards have nothing; if one has, it is at one of the two places.
    static constexpr Address kPlaces[] = {0x3FFFF000, 0x9FFFF000};
    static const std::vector<std::byte> page = [] {
        constexpr std::byte kClrex[] = {std::byte{0xBF}, std::byte{0xF3}, std::byte{0x2F}, std::byte{0x8F}};
        std::vector<std::byte> bytes(4096);
        std::ranges::copy(kClrex, bytes.begin());
        return bytes;
    }();
    auto* const bytes = const_cast<std::byte*>(page.data()); // mapped for reading
    const auto map = [&](Address place) {
        return uc_mem_map_ptr(m_engine, place, page.size(), UC_PROT_READ | UC_PROT_EXEC, bytes);
    };
    const Address place = map(kPlaces[0]) == UC_ERR_OK ? kPlaces[0] : kPlaces[1];
    if (place != kPlaces[0]) {
        check(map(place), "a page of code");
    }
    m_runsOwnCode = true;
    check(uc_emu_start(m_engine, place | 1U, place + 4, 0, 0), "CLREX");
    m_runsOwnCode = false;
    check(uc_mem_unmap(m_engine, place, page.size()), "to take a page of code away");
}

void Cpu::stop() { uc_emu_stop(m_engine); }

std::string Cpu::engineName() {
    unsigned major = 0, minor = 0;
    const unsigned version = uc_version(&major, &minor);
    return fmt::format("Unicorn {}.{}.{} {}", major, minor, version >> 8 & 0xFFU, accessFillerName());
}

void Cpu::forgetCode(AddressRange range) {
    // Its variable arguments are read as 64 bits each.
    uc_ctl_remove_cache(m_engine, std::uint64_t{range.begin}, std::uint64_t{range.end()});
}

void Cpu::saveState() {
    if (m_saved == nullptr) {
        check(uc_context_alloc(m_engine, &m_saved), "a register snapshot");
    }
    check(uc_context_save(m_engine, m_saved), "to save the registers");
}

void Cpu::restoreState() {
    assert(m_saved != nullptr);
    check(uc_context_restore(m_engine, m_saved), "to restore the registers");
}

} // namespace simprof
