// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/decode/block_table.h"
#include "sim_core/exceptions/core.h"
#include "sim_core/exceptions/fault.h"
#include "sim_core/memory/address_space.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace simprof {

/// A fault found while a block runs; Cpu keeps the state before the faulting instruction.
struct PendingFault {
    Fault fault;
    bool imprecise = false;
    std::size_t accesses = 0; ///< those before the faulting one
    std::vector<std::pair<Address, std::byte>> undo;
};

/// What silicon refuses and the engine would do: decides which blocks and accesses are looked at, and holds the fault
/// of the block that runs until the engine has come back.
class AccessGuard {
public:
    AccessGuard(Core& core, const AddressSpace& space)
        : m_core(core)
        , m_space(space) {}

    /// Privilege, masks, the MPU or traps may have changed.
    void update();

    /// Must this block be looked at before it runs?
    bool asksToLook(const BlockRecord& record) const {
        return (record.checks & m_strictMask) != 0 || (m_mpuOn && record.fetchEpoch != m_fetchEpoch);
    }
    /// Checks that are on, besides stops: bits of BlockRecord::Check.
    std::uint8_t checks(const BlockRecord& record) const {
        return record.checks & m_strictMask & static_cast<std::uint8_t>(~BlockRecord::kStop);
    }
    bool checksFpu() const { return (m_strictMask & BlockRecord::kUsesFpu) != 0; }
    /// Would the engine round this VCVT otherwise than to nearest, with FPSCR as it is or as a new context sets it?
    bool roundsOtherwise(const DecodedInsn& insn) const;
    /// Does the MPU let this block execute?
    bool mayFetch(BlockRecord& record);
    /// Must this instruction be stopped before, with the core set up as it is?
    bool isChecked(const DecodedInsn& insn) const;
    /// The fault of a checked instruction at `pc` that is no MRS, MSR or CPS; nothing if it may run.
    std::optional<Fault> faultOf(const DecodedInsn& insn, Address pc) const;

    /// An access of `block` that was reported last: begins a fault if it is not allowed.
    void checkAccess(const Block& block, Access access);
    /// May the core use this register of the private peripheral bus? Begins a fault if not.
    bool mayUsePpb(const Block& block, Address address, bool write);
    /// An access that no memory answers: begins a bus fault.
    void unmapped(const Block& block, Access access);
    /// Does the MPU allow the whole range, at the priority in force now?
    bool mpuAllowsRange(AddressRange range, bool write, bool privileged) const;

    /// A fault was found in the running block, which is being undone from there on.
    bool faulted() const { return m_fault.has_value(); }
    /// The engine came back: restores memory and registers to what they were at the fault, and answers it. `block`: the
    /// one that ran, or nullptr.
    Fault finish(const Block* block);

private:
    struct MpuVerdict {
        std::uint32_t key = 0;
        std::uint32_t epoch = 0;
        bool allowed = false;
    };
    bool epochIsPrivileged() const { return (m_fetchEpoch & 1U) != 0; }
    bool epochIsBelowZero() const { return (m_fetchEpoch & 2U) != 0; }
    bool mpuAllows(Address address, bool write, bool privileged);
    bool trapsAlignment(const Block& block, Access access) const;
    void begin(const Block& block, unsigned exception, std::uint32_t cfsr, std::optional<Address> address,
               const std::string& what);
    void keepForUndo(Access access);

    Core& m_core;
    const AddressSpace& m_space;
    std::uint8_t m_strictMask = BlockRecord::kUndefined | BlockRecord::kStop | BlockRecord::kMovesStack;
    bool m_mpuOn = false;
    std::uint32_t m_fetchEpoch = 0;               ///< MPU set-up and privilege for which fetches are allowed
    std::array<MpuVerdict, 4096> m_mpuVerdicts{}; ///< by 32-byte granule, the smallest region
    std::optional<PendingFault> m_fault;
};

} // namespace simprof
