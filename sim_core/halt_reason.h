// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/names.h"
#include "sim_core/units.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// A fault as silicon reports it.
struct FaultReport {
    std::string exception;           ///< "HardFault", "UsageFault", "BusFault", "MemManage", "Lockup"
    std::vector<std::string> status; ///< names of the set bits: "CFSR.UNALIGNED", "HFSR.FORCED"
    std::uint32_t cfsr = 0;
    std::uint32_t hfsr = 0;
    std::optional<Address> address;            ///< BFAR or MMFAR when valid
    Address pc = 0;                            ///< of the faulting instruction, as stacked
    std::array<std::uint32_t, 17> registers{}; ///< R0…R12, SP, LR, PC, xPSR at the fault
    std::vector<Address> callStack;            ///< return addresses, innermost first
    std::string what;                          ///< one sentence: "unaligned word load from 0x20000001"
};

/// Why a run ended.
struct HaltReason {
    enum class Kind : std::uint8_t {
        Exit,         ///< semihosting exit
        Until,        ///< --until was reached
        Fault,        ///< a fault the firmware did not handle (its handler never ends), or a BKPT nobody serves
        Lockup,       ///< a fault inside HardFault or NMI
        WaitsForever, ///< WFI/WFE or a branch to itself with nothing left that could wake it
        Limit,        ///< the cycle limit was reached
        Cancelled,    ///< the front end asked
        Steady,       ///< the last inferences took equal cycles, and nothing else would have ended the run
    };
    Kind kind = Kind::Limit;
    Address pc = 0;
    int exitCode = 0;                 ///< of Kind::Exit
    std::string what;                 ///< one sentence
    std::optional<FaultReport> fault; ///< the first fault nobody recovered from
    std::vector<Address>
        callStack{}; ///< of Kind::WaitsForever, return addresses, innermost first; who listens to calls fills it in
};

/// The words used in profiles.
inline constexpr std::array<NameRow<HaltReason::Kind>, 8> kHaltKinds = {
    {{HaltReason::Kind::Exit, "exit"},
     {HaltReason::Kind::Until, "until"},
     {HaltReason::Kind::Fault, "fault"},
     {HaltReason::Kind::Lockup, "lockup"},
     {HaltReason::Kind::WaitsForever, "waits-forever"},
     {HaltReason::Kind::Limit, "limit"},
     {HaltReason::Kind::Cancelled, "cancelled"},
     {HaltReason::Kind::Steady, "steady"}}};
constexpr std::span<const NameRow<HaltReason::Kind>> namesOf(HaltReason::Kind) { return kHaltKinds; }

} // namespace simprof
