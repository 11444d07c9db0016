// SPDX-License-Identifier: GPL-2.0-or-later
/// The profile: the immutable, versioned value that every report, chart, gate and window is derived from.
/// Field names, nesting and units are those of the published JSON schema "simprof-profile/1".
#pragma once
#include "peripherals/boards/code_class.h"
#include "profiler/profile_kinds.h"
#include "profiler/profile_memory.h"
#include "profiler/profile_network.h"
#include "sim_core/halt_reason.h"
#include "sim_core/image/firmware_image.h"
#include "sim_core/left_out.h"
#include "sim_core/timing/core_timing.h"
#include "sim_core/units.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace simprof {

inline constexpr const char* kProfileSchema = "simprof-profile/1";

/// Index into Profile::layers; also written as LayerInfo::id.
enum class LayerId : std::int32_t { None = -1 };

/// What wrote the profile.
struct ProfileTool {
    std::string version;
    bool operator==(const ProfileTool&) const = default;
};

struct ProfileFirmware {
    std::string name; ///< file name, no folders
    std::string sha256;
    FirmwareImage::Format format = FirmwareImage::Format::Raw;
    Address entry = 0;     ///< reset handler, Thumb bit cleared
    std::string changed{}; ///< see FirmwareImage::changed
    bool operator==(const ProfileFirmware&) const = default;
};

/// Voltage and currents of the supply configuration that the energy figures assume.
struct SupplyFigures {
    double volts = 0;
    double runMicroampPerMhz = 0;                   ///< while running; multiplied by the core clock
    double runMicroamp = 0;                         ///< added while running, whatever the clock
    std::optional<double> sleepMicroampPerMhz = {}; ///< nothing: unknown
    std::optional<double> stopMicroamp = {};        ///< nothing: unknown
    std::string source;                             ///< document, table, conditions
    bool operator==(const SupplyFigures&) const = default;
};

struct ProfileBoard {
    std::string name;
    std::string mcu;
    std::string core;   ///< "Cortex-M7"
    Hertz clockHz = 0;  ///< the core clock in force during the inferences (or at the end)
    std::string why;    ///< how the board was chosen
    std::string supply; ///< name of the supply configuration the energy figures assume
    std::vector<std::string> assumptions;
    Hertz maxClockHz = 0; ///< the highest core clock of the microcontroller; 0 in profiles that do not say
    std::optional<SupplyFigures> supplyFigures{}; ///< of `supply`; nothing when no current is known
    std::string guess{}; ///< when other boards with the same core fit as well: the sentence that names them; else ""
    bool operator==(const ProfileBoard&) const = default;
};

/// One change that a run was timed with.
struct WhatIfChange {
    std::string asked;    ///< as on the command line: "fn:conv*=itcm"
    std::string what;     ///< what that meant here
    Bytes bytes = 0;      ///< of the memory where it was placed
    std::string memory{}; ///< that memory; "" for a setting
    bool operator==(const WhatIfChange&) const = default;
};

/// The run was timed as if something were otherwise; what the firmware did is the same.
struct ProfileWhatIf {
    std::vector<WhatIfChange> changes;
    Cycles plainCycles = 0; ///< of the run as it is
    double plainTimeUs = 0;
    bool operator==(const ProfileWhatIf&) const = default;
};

struct ProfileFault {
    std::string exception;
    std::vector<std::string> status;
    std::uint32_t cfsr = 0;
    std::uint32_t hfsr = 0;
    std::optional<Address> address;
    Address pc = 0;
    std::vector<std::uint32_t> registers; ///< R0…R12, SP, LR, PC, xPSR
    std::vector<std::string> callStack;   ///< "function+0x12 (file:line)", innermost first
    std::string what;
    bool operator==(const ProfileFault&) const = default;
};

struct ProfileHalt {
    HaltReason::Kind reason = HaltReason::Kind::Exit;
    std::string what; ///< one sentence
    Address pc = 0;
    int exitCode = 0;
    std::optional<ProfileFault> fault;
    std::vector<std::string> callStack{}; ///< where it waits for ever, "function+0x12 (file:line)", innermost first
    bool operator==(const ProfileHalt&) const = default;
};

struct ProfileTotals {
    std::uint64_t instructions = 0;
    Cycles cycles = 0;
    double timeUs = 0;
    double energyUj = 0;
    double energyBandPercent = 0;
    double attributedPercent = 0; ///< share of the cycles inside inferences that a layer owns; 0 without inferences
    StallSums stalls{};
    CodeClass code = CodeClass::Unknown;
    std::optional<double> energyLowUj = {};
    std::optional<double> energyHighUj = {}; ///< nothing: no bound is known
    bool operator==(const ProfileTotals&) const = default;
};

/// Cycles that belong to no layer: "[start-up]", "[features]", "[between inferences]", "[interrupt SysTick]",
/// "[sleep]",
/// "[unattributed]".
struct Owner {
    std::string name;
    Cycles cycles = 0;
    std::uint64_t instructions = 0;
    double timeUs = 0;
    double energyUj = 0;
    StallSums stalls{};
    std::vector<std::string> functions{}; ///< of [features]; the one that took most first
    bool operator==(const Owner&) const = default;
};

struct FunctionInfo {
    std::string name; ///< demangled
    Address address = 0;
    std::string file; ///< relative, "" without DWARF
    std::uint32_t line = 0;
    std::uint64_t calls = 0;
    std::uint64_t instructions = 0;
    Cycles selfCycles = 0;
    Cycles inclusiveCycles = 0;
    StallSums stalls{}; ///< of selfCycles
    bool operator==(const FunctionInfo&) const = default;
};

/// A node of the call tree; parents come before their children.
struct CallNode {
    std::int32_t parent = -1;  ///< index into Profile::callTree
    std::int32_t function = 0; ///< index into Profile::functions
    std::uint64_t calls = 0;
    Cycles selfCycles = 0;
    Cycles inclusiveCycles = 0;
    std::int32_t layer = -1; ///< layer it ran for, -1 none
    bool operator==(const CallNode&) const = default;
};

/// One call of a function, for the flame chart; only calls long enough to be seen are kept.
struct CallSpan {
    std::int32_t function = 0;
    std::uint16_t depth = 0;
    Cycles startCycle = 0;
    Cycles cycles = 0;
    bool operator==(const CallSpan&) const = default;
};

struct InstructionInfo {
    Address address = 0;
    std::string text;
    std::int32_t function = -1;
    std::string file;
    std::uint32_t line = 0;
    std::uint64_t executions = 0;
    Cycles cycles = 0;
    StallSums stalls{};
    bool operator==(const InstructionInfo&) const = default;
};

struct ExceptionInfo {
    std::uint32_t number = 0;
    std::string name; ///< "SysTick", "USART1"
    std::uint64_t entries = 0;
    Cycles cycles = 0; ///< entry, handler and return
    bool operator==(const ExceptionInfo&) const = default;
};

struct ExceptionSpan {
    std::uint32_t number = 0;
    Cycles startCycle = 0;
    Cycles cycles = 0;
    bool operator==(const ExceptionSpan&) const = default;
};

/// An unmodelled register that was touched, or a poll that was satisfied by a guess.
struct PeripheralNote {
    std::string peripheral; ///< "TIM2" or "unknown at 0x40012000"
    Address address = 0;
    NoteKind kind = NoteKind::Unmodelled;
    std::uint64_t count = 0;
    Address pc = 0; ///< of the first touch
    std::string what;
    bool operator==(const PeripheralNote&) const = default;
};

struct PowerSpan {
    PowerState state = PowerState::Run;
    Cycles startCycle = 0;
    Cycles cycles = 0;
    std::optional<double> microwatts; ///< nothing: no current of this state is known
    std::string setting{};            ///< of the power controller: "range 2", "Stop 2"
    bool operator==(const PowerSpan&) const = default;
};

/// A state that the supply current follows: how long a run was in it, and what it draws.
struct StateUse {
    PowerState state = PowerState::Run;
    std::string setting; ///< of the power controller
    Hertz clockHz = 0;   ///< 0: at any
    Cycles cycles = 0;   ///< 0: a state that the run was never in
    double timeUs = 0;
    std::uint64_t entries = 0;      ///< times it was entered
    std::optional<double> microamp; ///< nothing: unknown
    double lowMicroamp = 0;
    std::optional<double> highMicroamp; ///< nothing: no bound is known
    std::string source;                 ///< document, table, conditions; why it is unknown
    bool operator==(const StateUse&) const = default;
};

struct ClockChange {
    Cycles cycle = 0;
    Hertz hertz = 0;
    bool operator==(const ClockChange&) const = default;
};

/// A thread of an RTOS that the image has the symbols of.
struct ThreadInfo {
    std::string name;
    std::string rtos;           ///< "FreeRTOS", "Zephyr", "RTX", "ThreadX"
    Address block = 0;          ///< its control block
    Cycles cycles = 0;          ///< while it was the running one; interrupts and sleep meanwhile included
    std::uint64_t switches = 0; ///< times it was switched to
    Bytes stackBytes = 0;       ///< set aside for its stack; 0: not known
    Bytes stackHighWaterBytes = 0;
    std::vector<StackFrame> stackFrames{}; ///< who held it then, outermost first; their sum is stackHighWaterBytes
    bool operator==(const ThreadInfo&) const = default;
};

/// A thread ran, until another one did.
struct ThreadSpan {
    std::uint32_t thread = 0; ///< index into Profile::threads
    Cycles startCycle = 0;
    Cycles cycles = 0;
    bool operator==(const ThreadSpan&) const = default;
};

/// A line, or a piece of one, that the firmware printed: Profile::console[offset, offset + sizeBytes).
struct PrintSpan {
    Cycles startCycle = 0; ///< its first character was on the line
    Cycles cycles = 0;     ///< until its last
    std::uint64_t offset = 0;
    Bytes sizeBytes = 0;
    bool operator==(const PrintSpan&) const = default;
};

/// What a change would save in an inference; 0: nothing, or not known.
struct Savings {
    Cycles cycles = 0;
    double timeUs = 0;
    double energyUj = 0;
    Bytes bytes = 0; ///< of SRAM
    bool operator==(const Savings&) const = default;
};

/// One thing that a reader of the profile should know, or could change.
struct Finding {
    std::string title;
    std::string target; ///< "layer 3", "function main", "arena", "stack", "run", "board", …
    Severity severity = Severity::Note;
    std::string text; ///< whole sentences
    std::optional<Savings> saves{};
    std::string cost{};  ///< what the change takes; "" when nothing is known of it
    std::string how{};   ///< how to make the change; "" when there is none
    std::string proof{}; ///< what shows that it holds; "" when the text says it all
    bool operator==(const Finding&) const = default;
};

/// Text that the firmware sent where nobody watched.
struct UnwatchedText {
    std::string channel; ///< "USART2", "ITM1", "RTT1"
    Bytes bytes = 0;
    std::string firstLine; ///< its first 80 characters
    std::string option;    ///< of a run that shows it
    bool operator==(const UnwatchedText&) const = default;
};

/// LeftOut::what of inferences.
inline constexpr const char* kInferencesLeftOut = "inferences";
/// LeftOut::what of calls that are in no call span.
inline constexpr const char* kCallsLeftOut = "calls in the timeline";

struct Profile {
    std::string schema = kProfileSchema;
    ProfileTool tool;
    ProfileFirmware firmware;
    ProfileBoard board;
    std::optional<ProfileWhatIf> whatIf;
    ProfileHalt halt;
    ProfileTotals totals;
    std::vector<Owner> owners;            ///< with layers[].cycles they sum to totals.cycles exactly
    ProfileNetwork network;               ///< the first of `networks` that ran; else why none was recognised
    std::vector<ProfileNetwork> networks; ///< by first inference; then those that the image holds and that did not run
    std::vector<LayerInfo> layers;
    std::vector<Inference> inferences;
    ProfileMemory memory;
    std::vector<FunctionInfo> functions; ///< sorted by self cycles, most first, then address
    std::vector<CallNode> callTree;
    std::vector<CallSpan> callSpans;           ///< sorted by start
    std::vector<InstructionInfo> instructions; ///< on demand (annotate), else empty
    std::vector<ExceptionInfo> exceptions;
    std::vector<ExceptionSpan> exceptionSpans;
    std::vector<PeripheralNote> peripherals;
    std::vector<PowerSpan> power;
    std::vector<StateUse> powerStates; ///< those of the run, longest first; then those it could enter
    std::vector<ClockChange> clocks;
    std::string console;                  ///< what the firmware printed
    std::vector<PrintSpan> prints;        ///< when it printed that, in order
    std::vector<UnwatchedText> unwatched; ///< sorted by channel
    std::vector<ThreadInfo> threads;      ///< most cycles first; empty without a known RTOS
    std::vector<ThreadSpan> threadSpans;  ///< sorted by start; the first 20,000
    std::vector<LeftOut> leftOut;         ///< what came too often to be kept; only counts above 0
    std::vector<Finding> findings;        ///< most severe first
    bool operator==(const Profile&) const = default;
};

} // namespace simprof
