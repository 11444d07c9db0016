// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/decode/decoder.h"
#include "sim_core/engine/cpu.h"
#include "sim_core/machine_desc.h"
#include "sim_core/ppb/system_control.h"
#include "sim_core/units.h"

#include <cstdint>
#include <string>

namespace simprof {

/// Bits of CONTROL (Armv7-M ARM, B1.4.4).
namespace control {
inline constexpr std::uint32_t kNpriv = 1, kSpsel = 2, kFpca = 4;
} // namespace control

/// Bits of FPCCR (Armv7-M ARM, B3.2.21).
namespace fpccr {
inline constexpr std::uint32_t kLspact = 1, kUser = 1U << 1, kThread = 1U << 3, kHfrdy = 1U << 4, kMmrdy = 1U << 5,
                               kBfrdy = 1U << 6, kMonrdy = 1U << 8, kLspen = 1U << 30, kAspen = 1U << 31;
} // namespace fpccr

/// RMode of FPSCR and FPDSCR (Armv7-M ARM, A2.5.3).
inline constexpr std::uint32_t kRoundingMode = 3U << 22;

/// Bits of xPSR (Armv7-M ARM, B1.4.2); kPadded only in a stacked one.
namespace xpsr {
inline constexpr std::uint32_t kException = 0x1FF, kPadded = 1U << 9, kThumb = 1U << 24, kIt = 0x0600FC00,
                               kFlags = 0xF0000000;
/// ITSTATE as xPSR holds it.
constexpr std::uint32_t itBits(std::uint8_t itState) { return (itState & 3U) << 25 | (itState & 0xFCU) << 8; }
} // namespace xpsr

/// Bytes of an exception frame, without and with FP registers (Armv7-M ARM, B1.5.7).
inline constexpr std::uint32_t kBasicFrame = 0x20, kExtendedFrame = 0x68;
/// EXC_RETURN values start here; no code can.
inline constexpr Address kExcReturn = 0xFFFFFFE0;

/// Core state that the engine does not keep.
struct ArchState {
    Address pc = 0;            ///< where execution continues
    unsigned exception = 0;    ///< IPSR
    std::uint8_t itState = 0;  ///< ITSTATE at pc
    bool fpActive = false;     ///< CONTROL.FPCA
    bool fpReady = false;      ///< the engine runs FP instructions without starting a context of its own
    bool unprivileged = false; ///< CONTROL.nPRIV of an M0+, which the engine does not know
    bool eventRegister = false;
    bool monitorOpen = false; ///< an LDREX may wait for its STREX
};

/// The processor core as its programmer sees it: the engine's registers, the system control space, and the rest.
struct Core {
    const McuDesc& mcu;
    const bool v7; ///< Armv7-M rather than Armv6-M
    Cpu& cpu;
    SystemControl& scs;
    ArchState state;

    PriorityMasks masks() const;
    bool privileged() const;
    /// Priority at which the core executes now.
    int priority() const { return scs.nvic().executionPriority(masks()); }
    bool handlesFault() const {
        return state.exception >= exception::kHardFault && state.exception <= exception::kUsageFault;
    }
    /// "SysTick", "TIM2", as the report calls exception `number`.
    std::string exceptionName(unsigned number) const;

    /// Registers and state as after a reset that starts at `pc` with stack pointer `sp`.
    void reset(Address pc, std::uint32_t sp);
    /// Sets or clears CONTROL.FPCA, which the engine does not let unprivileged code do.
    void setFpca(bool on);
    /// Follows what MSR and CPS wrote, and keeps it within what the registers can hold.
    void syncSpecialRegisters();
    /// Entry to an exception and return from it: a STREX that is still to come fails (Armv7-M ARM, A3.4.4).
    void clearExclusive();
    /// The engine forgets ITSTATE when it is stopped before a block inside an IT block.
    void restoreItState();
    /// Carries out an MRS, MSR or CPS of an M0+, whose CONTROL.nPRIV the engine does not know; those it does know are
    /// left to it while privileged (Armv6-M ARM, B5.2: unprivileged writes are ignored, reads are zero).
    void moveStatus(const DecodedInsn& insn);
    /// A condition code on the flags as they are (Armv7-M ARM, table A7-1).
    bool conditionHolds(unsigned condition) const;
    /// Is the divisor of this SDIV or UDIV zero?
    bool divisorIsZero(const DecodedInsn& insn) const;
};

} // namespace simprof
