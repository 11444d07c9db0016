// SPDX-License-Identifier: GPL-2.0-or-later
/// The program in the guest that runs the cases: it sets a case up, starts it, notes each exception and what the case
/// left behind, and writes that out by semihosting. The same image runs on both sides.
#pragma once
#include "sim_core/units.h"

#include <cstdint>

namespace simprof::differential {

/// Listings for tests/support/assemble.py. The monitor is code for all cores; what it calls by number differs.
extern const char* const kMonitor; ///< lies at kMonitorBegin
extern const char* const kMonitorV7;
extern const char* const kMonitorV6;

inline constexpr Address kMonitorBegin = 0x100; ///< behind the vector table

/// The table of what the monitor calls lies in place of interrupts that nobody raises. Each keeps R12 and what it is
/// given, and returns by LR.
inline constexpr Address kCalls = 0xC0;
inline constexpr const char* kCallLabels[] = {
    "Prepare", ///< before system registers are written: FP registers from the input at R7
    "Frame",   ///< of the case at R1, its flags R2, its input R3: puts FP registers below R4; masks, privilege, APSR.GE
    "Note",   ///< into the event at R1 of the record at R0; R3 is not 0 when there is no frame. Keeps R4 to R11 as well
    "Step",   ///< over the instruction that faulted, by the frame at R2; R3 is not 0 when that cannot be
    "Finish", ///< FP registers into the last event; masks, MPU and pending faults are taken back
};
inline constexpr Address kInputSize = kCalls + 4 * 5; ///< word that holds the bytes of an input

/// Where the monitor keeps things; its listings have the same figures.
inline constexpr Address kRecord = 0x200009C0;    ///< 16 words: case, runs left, end of the events, events, flags
inline constexpr Address kWork = 0x20000A00;      ///< memory that cases use; written out behind the record
inline constexpr std::uint32_t kWorkSize = 0x400; ///< two of the engines' pages meet in it
inline constexpr Address kEvents = kWork + kWorkSize;
inline constexpr std::uint32_t kEventWords = 64;
inline constexpr unsigned kMaxEvents = 10;
inline constexpr Address kFirstCase = 0x1C; ///< word of the vector table that holds the first case's address

/// Bits of a case's flags.
enum CaseFlag : std::uint32_t {
    kUnprivileged = 1,
    kOnPsp = 2,
    kInHandler = 4,     ///< in PendSV's handler
    kExtendedFrame = 8, ///< starts with an active FP context
    kFpInEvents = 16,   ///< handlers note the FP registers, and so save them
};

/// Words of an event, as the monitor notes them.
enum EventWord : unsigned {
    kIpsr,
    kExcReturnWord,
    kControlWord,
    kMasks,
    kCfsr,
    kHfsr,
    kMmfar,
    kBfar,
    kIcsr,
    kShcsr,
    kFpccr,
    kFpcar,
    kMsp,
    kPsp,
    kSpare,
    kFpscr,
    kFrame,
    kFramePc = kFrame + 6,
    kFrameXpsr,
    kR4 = 24,
    kS0 = 32,
};

} // namespace simprof::differential
