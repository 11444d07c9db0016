// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/engine/cpu.h"

#include "sim_core/error.h"

#include <fmt/format.h>
#include <unicorn/unicorn.h>

#include <algorithm>
#include <cassert>
#include <cstring>

namespace simprof {

namespace {

/// A block has at most some 500 instructions of up to 32 transfers each; this leaves room.
constexpr std::size_t kAccessCapacity = 1 << 15;

void check(uc_err error, const char* what) {
    if (error != UC_ERR_OK) {
        throw Error(fmt::format("the instruction engine refused {}: {}", what, uc_strerror(error)));
    }
}

int ucRegister(Reg reg) {
    switch (reg) {
    case Reg::R0: return UC_ARM_REG_R0;
    case Reg::R1: return UC_ARM_REG_R1;
    case Reg::R2: return UC_ARM_REG_R2;
    case Reg::R3: return UC_ARM_REG_R3;
    case Reg::R12: return UC_ARM_REG_R12;
    case Reg::SP: return UC_ARM_REG_SP;
    case Reg::LR: return UC_ARM_REG_LR;
    case Reg::PC: return UC_ARM_REG_PC;
    case Reg::XPSR: return UC_ARM_REG_XPSR_NZCVQG;
    case Reg::MSP: return UC_ARM_REG_MSP;
    case Reg::PSP: return UC_ARM_REG_PSP;
    case Reg::CONTROL: return UC_ARM_REG_CONTROL;
    case Reg::PRIMASK: return UC_ARM_REG_PRIMASK;
    case Reg::BASEPRI: return UC_ARM_REG_BASEPRI;
    case Reg::FAULTMASK: return UC_ARM_REG_FAULTMASK;
    case Reg::FPSCR: return UC_ARM_REG_FPSCR;
    }
    assert(false);
    return UC_ARM_REG_INVALID;
}

} // namespace

/// The C callbacks; they carry as little as possible because they run for each block and access.
struct CpuHooks {
    static void block(uc_engine*, std::uint64_t address, std::uint32_t size, void* user) {
        static_cast<Cpu*>(user)->m_client.onBlock(static_cast<Address>(address), size);
    }

    template<bool write>
    static void access(uc_engine*, uc_mem_type, std::uint64_t address, int size, std::int64_t, void* user) {
        Cpu& cpu = *static_cast<Cpu*>(user);
        if (cpu.m_cursor != cpu.m_limit) {
            *cpu.m_cursor++ = Access{static_cast<Address>(address), static_cast<std::uint8_t>(size), write};
        }
        if (cpu.m_lookAtAll || (address & static_cast<unsigned>(size - 1)) != 0) {
            cpu.checkAccess(static_cast<Address>(address), static_cast<unsigned>(size), write);
        }
    }

    static bool unmapped(uc_engine*, uc_mem_type type, std::uint64_t address, int size, std::int64_t value,
                         void* user) {
        Cpu& cpu = *static_cast<Cpu*>(user);
        if (type == UC_MEM_WRITE_PROT &&
            cpu.store(static_cast<Address>(address), static_cast<unsigned>(size), static_cast<std::uint64_t>(value))) {
            return true;
        }
        if (type == UC_MEM_WRITE_PROT &&
            cpu.m_client.onReadOnlyStore(static_cast<Address>(address), static_cast<unsigned>(size),
                                         static_cast<std::uint32_t>(value))) {
            return true;
        }
        const bool nothingThere =
            type == UC_MEM_READ_UNMAPPED || type == UC_MEM_WRITE_UNMAPPED || type == UC_MEM_FETCH_UNMAPPED;
        if (nothingThere && cpu.m_client.onFirstUse(static_cast<Address>(address))) {
            return true;
        }
        cpu.m_faultAddress = static_cast<Address>(address);
        if (type == UC_MEM_READ_UNMAPPED && cpu.m_repeats == 0 && cpu.m_cursor != cpu.m_limit) {
            // The access callback comes only after this one, which ends the run: count the access here.
            *cpu.m_cursor++ = Access{static_cast<Address>(address), static_cast<std::uint8_t>(size), false};
        }
        if (type != UC_MEM_FETCH_UNMAPPED && type != UC_MEM_FETCH_PROT) {
            cpu.m_client.onUnmapped(static_cast<Address>(address), static_cast<unsigned>(size),
                                    type == UC_MEM_WRITE_UNMAPPED || type == UC_MEM_WRITE_PROT);
        }
        return false;
    }

    static void interrupt(uc_engine* engine, std::uint32_t number, void* user) {
        Cpu& cpu = *static_cast<Cpu*>(user);
        cpu.m_interrupt = number;
        cpu.m_hasInterrupt = true;
        uc_emu_stop(engine);
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
    : m_client(client)
    , m_accesses(kAccessCapacity)
    , m_hooks(hooks) {
    m_cursor = m_accesses.data();
    m_limit = m_accesses.data() + m_accesses.size() - kAccessStep;
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
    add(UC_HOOK_MEM_READ, reinterpret_cast<void*>(&CpuHooks::access<false>));
    add(UC_HOOK_MEM_WRITE, reinterpret_cast<void*>(&CpuHooks::access<true>));
    add(UC_HOOK_MEM_UNMAPPED | UC_HOOK_MEM_PROT, reinterpret_cast<void*>(&CpuHooks::unmapped));
    add(UC_HOOK_INTR, reinterpret_cast<void*>(&CpuHooks::interrupt));
}

Cpu::~Cpu() {
    if (m_saved != nullptr) {
        uc_context_free(m_saved);
    }
    if (m_engine != nullptr) {
        uc_close(m_engine);
    }
}

void Cpu::mapMemory(Address base, std::span<std::byte> bytes, bool writable, bool executable) {
    const std::uint32_t permissions = UC_PROT_READ | (writable ? UC_PROT_WRITE : 0) | (executable ? UC_PROT_EXEC : 0);
    check(uc_mem_map_ptr(m_engine, base, bytes.size(), permissions, bytes.data()),
          fmt::format("a memory of {} bytes at 0x{:08x}", bytes.size(), base).c_str());
    if (writable && m_hooks == Hooks::All) {
        // Permissions given with the mapping alone would only add the callback.
        check(uc_mem_protect(m_engine, base, bytes.size(), permissions & ~static_cast<std::uint32_t>(UC_PROT_WRITE)),
              "a memory stored to elsewhere");
        const StoredHere memory{{base, static_cast<std::uint32_t>(bytes.size())}, bytes.data()};
        const auto smaller = std::ranges::find_if(
            m_storedHere, [&](const StoredHere& other) { return other.range.size < memory.range.size; });
        m_storedHere.insert(smaller, memory); // the largest is looked for first
    }
}

void Cpu::unmapMemory(AddressRange range) {
    check(uc_mem_unmap(m_engine, range.begin, range.size), "to take a memory away");
    std::erase_if(m_storedHere, [&](const StoredHere& memory) { return range.contains(memory.range.begin); });
}

/// Does a store to a memory of m_storedHere; false when it is to another.
bool Cpu::store(Address address, unsigned size, std::uint64_t value) {
    for (StoredHere& memory : m_storedHere) {
        if (memory.range.contains(address)) {
            std::byte* const bytes = memory.bytes + (address - memory.range.begin);
            if (size == 4 && memory.range.contains(address, 4)) {
                std::memcpy(bytes, &value, 4);
            } else if (size == 1) {
                std::memcpy(bytes, &value, 1);
            } else {
                size = static_cast<unsigned>(std::min<std::uint64_t>(size, memory.range.end() - address));
                std::memcpy(bytes, &value, size);
            }
            if (reinterpret_cast<std::uintptr_t>(bytes) + size - m_watched < m_watchedBytes + size) {
                m_client.onWatchedStore({bytes, size});
            }
            return true;
        }
    }
    return false;
}

void Cpu::watchStores(std::span<const std::byte> bytes) {
    const auto begin = reinterpret_cast<std::uintptr_t>(bytes.data());
    const auto from = m_watchedBytes == 0 ? begin : std::min(m_watched, begin);
    m_watchedBytes = std::max(m_watched + m_watchedBytes, begin + bytes.size()) - from;
    m_watched = from;
}

void Cpu::mapMmio(Address base, std::uint32_t size) {
    m_mmio.push_back(std::make_unique<std::pair<Cpu*, Address>>(this, base));
    void* user = m_mmio.back().get();
    check(uc_mmio_map(m_engine, base, size, &CpuHooks::mmioRead, user, &CpuHooks::mmioWrite, user),
          fmt::format("a device region at 0x{:08x}", base).c_str());
}

/// An unaligned load across two of the engine's pages is followed by its two aligned halves: those are no accesses.
void Cpu::checkAccess(Address address, unsigned size, bool write) {
    constexpr std::uint32_t kEnginePage = 1024;
    if (m_repeats != 0) {
        --m_repeats;
        --m_cursor;
        m_lookAtAll = m_checkAll || m_repeats != 0;
        return;
    }
    if (!write && address / kEnginePage != (address + size - 1) / kEnginePage) {
        m_repeats = 2;
        m_lookAtAll = true;
    }
    m_aligned &= (address & (size - 1)) == 0;
    if (m_checkAll || (address & (size - 1)) != 0) {
        m_client.onCheckedAccess(address, size, write);
    }
}

CpuExit Cpu::run(Address pc, std::uint64_t until) {
    m_hasInterrupt = false;
    m_repeats = 0;
    m_lookAtAll = m_checkAll;
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

void Cpu::stop() { uc_emu_stop(m_engine); }

void Cpu::forgetCode(AddressRange range) { uc_ctl_remove_cache(m_engine, range.begin, range.end()); }

std::uint32_t Cpu::readRaw(Reg reg) const {
    std::uint32_t value = 0;
    uc_reg_read(m_engine, reg == Reg::XPSR ? static_cast<int>(UC_ARM_REG_XPSR) : ucRegister(reg), &value);
    return value;
}

void Cpu::writeRaw(Reg reg, std::uint32_t value) const { uc_reg_write(m_engine, ucRegister(reg), &value); }

namespace {

/// The engine refuses these to unprivileged code, and takes us for it.
bool isPrivilegedOnly(Reg reg) {
    return reg == Reg::MSP || reg == Reg::PSP || reg == Reg::PRIMASK || reg == Reg::BASEPRI || reg == Reg::FAULTMASK;
}

/// Handler mode, and with it privilege, for as long as this lives.
class Privilege {
public:
    explicit Privilege(uc_engine* engine)
        : m_engine(engine) {
        std::uint32_t control = 0, ipsr = 0;
        uc_reg_read(m_engine, UC_ARM_REG_CONTROL, &control);
        uc_reg_read(m_engine, UC_ARM_REG_IPSR, &ipsr);
        m_raised = (control & 1U) != 0 && ipsr == 0;
        set(3);
    }
    ~Privilege() { set(0); }
    Privilege(const Privilege&) = delete;
    Privilege& operator=(const Privilege&) = delete;

private:
    void set(std::uint32_t ipsr) {
        if (m_raised) {
            uc_reg_write(m_engine, UC_ARM_REG_IPSR, &ipsr);
        }
    }
    uc_engine* m_engine;
    bool m_raised = false;
};

} // namespace

std::uint32_t Cpu::read(Reg reg) const {
    if (isPrivilegedOnly(reg)) {
        const Privilege privilege(m_engine);
        return readRaw(reg);
    }
    return readRaw(reg);
}

void Cpu::write(Reg reg, std::uint32_t value) {
    if (isPrivilegedOnly(reg)) {
        const Privilege privilege(m_engine);
        writeRaw(reg, value);
    } else {
        writeRaw(reg, value);
    }
    if (reg == Reg::XPSR || reg == Reg::CONTROL) {
        // Privilege is part of the engine's cached translation flags; writing the condition flags makes them anew.
        std::uint32_t flags = 0;
        uc_reg_read(m_engine, UC_ARM_REG_APSR_NZCV, &flags);
        uc_reg_write(m_engine, UC_ARM_REG_APSR_NZCV, &flags);
    }
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

CoreRegisters Cpu::registers() const {
    CoreRegisters registers;
    for (unsigned i = 0; i < registers.r.size(); ++i) {
        uc_reg_read(m_engine, UC_ARM_REG_R0 + static_cast<int>(i), &registers.r[i]);
    }
    registers.sp = read(Reg::SP);
    registers.lr = read(Reg::LR);
    registers.pc = read(Reg::PC);
    registers.xpsr = read(Reg::XPSR);
    return registers;
}

void Cpu::setRegisters(const CoreRegisters& registers) {
    for (unsigned i = 0; i < registers.r.size(); ++i) {
        uc_reg_write(m_engine, UC_ARM_REG_R0 + static_cast<int>(i), &registers.r[i]);
    }
    write(Reg::SP, registers.sp);
    write(Reg::LR, registers.lr);
    write(Reg::XPSR, registers.xpsr);
}

void Cpu::addTo(unsigned number, std::int32_t delta) {
    const int id = number == 13   ? UC_ARM_REG_SP
                   : number == 14 ? UC_ARM_REG_LR
                                  : UC_ARM_REG_R0 + static_cast<int>(number);
    std::uint32_t value = 0;
    uc_reg_read(m_engine, id, &value);
    value += static_cast<std::uint32_t>(delta);
    uc_reg_write(m_engine, id, &value);
}

std::uint32_t Cpu::fpRegister(unsigned s) const {
    std::uint32_t value = 0;
    uc_reg_read(m_engine, UC_ARM_REG_S0 + static_cast<int>(s), &value);
    return value;
}

void Cpu::setFpRegister(unsigned s, std::uint32_t value) {
    uc_reg_write(m_engine, UC_ARM_REG_S0 + static_cast<int>(s), &value);
}

} // namespace simprof
