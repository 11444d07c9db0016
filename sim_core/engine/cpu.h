// SPDX-License-Identifier: GPL-2.0-or-later
/// The instruction engine (Unicorn) behind a small face; nobody outside this folder includes its headers.
#pragma once
#include "sim_core/engine/access_buffer.h"
#include "sim_core/machine_desc.h"
#include "sim_core/units.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

struct uc_struct;
struct uc_context;

namespace simprof {

class AccessFiller;

/// Core registers in one value; `sp` is the active stack pointer.
struct CoreRegisters {
    std::array<std::uint32_t, 13> r{};
    std::uint32_t sp = 0;
    std::uint32_t lr = 0;
    std::uint32_t pc = 0;
    std::uint32_t xpsr = 0;
};

/// Core registers by the names the engine gives them.
enum class Reg : std::uint8_t {
    R0,
    R1,
    R2,
    R3,
    R12,
    SP,
    LR,
    PC,
    XPSR,
    MSP,
    PSP,
    CONTROL,
    PRIMASK,
    BASEPRI,
    FAULTMASK,
    FPSCR
};

/// Why the engine came back to us.
struct CpuExit {
    enum class Kind : std::uint8_t {
        Stopped,      ///< somebody called stop()
        Interrupt,    ///< exception `number` of the engine: 2 SVC, 7 BKPT, others
        Halted,       ///< WFI
        Undefined,    ///< an instruction the engine does not know (also WFE, YIELD)
        InvalidState, ///< an instruction was to run while the Thumb bit is clear
        FetchFault,   ///< no code at pc
        ReadFault,
        WriteFault,
    };
    Kind kind = Kind::Stopped;
    std::uint32_t number = 0;
    Address address = 0; ///< of a faulting data access
};

/// What the engine tells while it runs. Accesses are collected by Cpu itself; see accesses().
class CpuClient {
public:
    virtual ~CpuClient() = default;
    /// A translation block is about to run; stop() here prevents it.
    virtual void onBlock(Address begin, std::uint32_t size) = 0;
    /// An access that is not naturally aligned, or any access while checkAllAccesses is on.
    virtual void onCheckedAccess(Address address, unsigned size, bool write) = 0;
    /// Nothing is mapped at this address yet; true when the client has mapped it now.
    virtual bool onFirstUse(Address address) {
        (void)address;
        return false;
    }
    /// A data access that no memory answers; the block goes on to its end after a write, the engine comes back after a
    /// read.
    virtual void onUnmapped(Address address, unsigned size, bool write) = 0;
    /// A store into memory that is read-only for the core; true when the client has dealt with it.
    virtual bool onReadOnlyStore(Address address, unsigned size, std::uint32_t value) {
        (void)address, (void)size, (void)value;
        return false;
    }
    /// A store changed bytes that watchStores() named, or some between them.
    virtual void onWatchedStore(std::span<const std::byte> bytes) { (void)bytes; }
    virtual std::uint32_t onMmioRead(Address address, unsigned size) = 0;
    virtual void onMmioWrite(Address address, unsigned size, std::uint32_t value) = 0;
};

/// What the engine reports while it runs; less than All is for measuring what reporting costs.
enum class Hooks : std::uint8_t { None, Blocks, All };

/// One Cortex-M instruction engine with its address space.
class Cpu {
public:
    /// Throws Error when the engine cannot be set up.
    Cpu(const CoreDesc& core, CpuClient& client, Hooks hooks = Hooks::All);
    ~Cpu();
    Cpu(const Cpu&) = delete;
    Cpu& operator=(const Cpu&) = delete;

    /// Lets the core see `bytes` at `base`; the caller keeps them alive. Sizes are rounded up to 4 KiB, which `bytes`
    /// must cover.
    void mapMemory(Address base, std::span<std::byte> bytes, bool writable, bool executable);
    void unmapMemory(AddressRange range);
    void mapMmio(Address base, std::uint32_t size);

    /// Runs from `pc` until something happens; `until`: stop before this address (used to run the head of a block).
    CpuExit run(Address pc, std::uint64_t until = ~std::uint64_t{0});
    void stop();
    /// Gives the engine's memory back, up to 1 GiB of address space; its registers are gone and nothing runs any more.
    void close();
    /// The engine and how it comes by accesses: "Unicorn 2.0.1 with recording, built from source".
    static std::string engineName();
    /// From now on CpuClient hears of stores to these bytes, whatever address shows them. Code lies there: the engine
    /// does not notice itself that it changes.
    void watchStores(std::span<const std::byte> bytes);
    /// No code lies in these whole pages of 1 KiB any more: CpuClient need not hear of stores there.
    void unwatchStores(std::span<const std::byte> pages);
    /// Clears bits 1:0 of SP (`banked`: of MSP and PSP, too) whenever code translated from now on comes to `address`:
    /// the engine keeps them where a core has none.
    void alignStackBefore(Address address, bool banked);
    /// Clears the exclusive monitor, as CLREX does; not from inside a callback or an IT block.
    void clearExclusive();
    /// Forgets translations of this range, because its code changed.
    void forgetCode(AddressRange range);

    std::uint32_t read(Reg reg) const;
    void write(Reg reg, std::uint32_t value);
    /// The Thumb bit, which a jump to an even address clears.
    bool thumb() const { return (read(Reg::XPSR) & (1U << 24)) != 0; }
    /// Keeps all registers (core, FPU, special) for restoreState; also from inside a callback. The PC is not exact
    /// there.
    void saveState();
    void restoreState();
    CoreRegisters registers() const;
    void setRegisters(const CoreRegisters& registers);
    /// Adds to R0…R12, SP (13) or LR (14).
    void addTo(unsigned number, std::int32_t delta);
    std::uint32_t fpRegister(unsigned s) const;
    void setFpRegister(unsigned s, std::uint32_t value);

    /// Data accesses since clearAccesses(), in program order, each with its instruction.
    std::span<const Access> accesses() const { return {m_accesses.begin(), m_accesses.end()}; }
    void clearAccesses() {
        m_accesses.keep(0);
        m_accesses.aligned = true;
    }
    /// All of them are naturally aligned.
    bool accessesAreAligned() const { return m_accesses.aligned; }
    /// Forgets all but the first `count` of them.
    void keepAccesses(std::size_t count) { m_accesses.keep(count); }
    /// Turns CpuClient::onCheckedAccess on for every access (MPU, alignment traps, fault clean-up).
    void setCheckAllAccesses(bool on);

private:
    friend struct CpuHooks;
    CpuClient& m_client;
    uc_struct* m_engine = nullptr;
    AccessBuffer m_accesses;
    std::unique_ptr<AccessFiller> m_filler; ///< none unless all is reported
    std::uint32_t readRaw(Reg reg) const;
    void writeRaw(Reg reg, std::uint32_t value) const;

    uc_context* m_saved = nullptr;
    std::uint32_t m_interrupt = 0;
    bool m_hasInterrupt = false;
    bool m_runsOwnCode = false; ///< no code of the firmware's
    Address m_faultAddress = 0;
    std::vector<std::unique_ptr<std::pair<Cpu*, Address>>> m_mmio;
    std::set<std::pair<Address, bool>> m_stackAligned; ///< where alignStackBefore() was called
};

} // namespace simprof
