// SPDX-License-Identifier: GPL-2.0-or-later
/// The cores, one row each: all that differs between them and is no build option of an MCU. Nothing else compares
/// cores; whoever needs to know asks a property of the row.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace simprof {

class CoreTiming;
struct McuDesc;

/// The architecture a core implements.
enum class Architecture : std::uint8_t { V6M, V7M, V7EM };
/// The floating-point extension a core can be built with.
enum class FpuVersion : std::uint8_t { None, V4, V5 };
/// The core that the instruction engine emulates.
enum class EngineModel : std::uint8_t { CortexM0, CortexM4, CortexM7 };

/// One rule of a core's timing in a sentence, and where it is from; docs/TIMING.md has every row.
struct TimingRule {
    std::string_view what;
    std::string_view source;
};

/// One core.
struct CoreKind {
    const char* name;          ///< as its vendor writes it: "Cortex-M0+"
    const char* attributeName; ///< as compilers write it into the build attributes (Tag_CPU_name): "Cortex-M0plus"
    Architecture architecture;
    FpuVersion fpu;
    std::uint32_t cpuid; ///< of the revision that these boards carry (Cortex-M TRMs, CPUID register)
    EngineModel engine;
    bool hasUnprivileged;      ///< always on Armv7-M, an extension on Armv6-M (Armv6-M ARM, B1.3.1)
    std::uint32_t vtorMask;    ///< bits of VTOR that can be written; 0: there is no VTOR
    std::uint32_t ccrReset;    ///< CCR at reset
    std::uint32_t ccrWritable; ///< its bits that can be written
    std::uint32_t clidr;       ///< CLIDR; 0: a core without L1 caches
    std::uint32_t ctr;         ///< CTR
    double peakMacsPerCycle;   ///< 8-bit multiply-accumulates, operands in registers
    std::unique_ptr<CoreTiming> (*makeTiming)(const McuDesc& mcu); ///< `mcu` must outlive what it returns
    std::span<const TimingRule> rules;

    constexpr bool isV7() const { return architecture != Architecture::V6M; }
    constexpr bool hasL1() const { return clidr != 0; }
    constexpr unsigned maxInterrupts() const { return isV7() ? 240 : 32; } ///< Armv7-M ARM, B3.4; Armv6-M ARM, B3.4
    constexpr unsigned maxPriorityBits() const { return isV7() ? 8 : 2; }  ///< Armv7-M ARM, B1.5.4; Armv6-M ARM, B1.5.4
    /// The engine's Cortex-M0 has no unprivileged mode: moves to and from special registers are checked beside it.
    constexpr bool checksStatusMoves() const { return hasUnprivileged && engine == EngineModel::CortexM0; }
};

// The timing of each core, in sim_core/timing.
std::unique_ptr<CoreTiming> makeCortexM0Timing(const McuDesc& mcu);
std::unique_ptr<CoreTiming> makeCortexM0PlusTiming(const McuDesc& mcu);
std::unique_ptr<CoreTiming> makeCortexM4Timing(const McuDesc& mcu);
std::unique_ptr<CoreTiming> makeCortexM7Timing(const McuDesc& mcu);

namespace core_rules {

inline constexpr TimingRule kCortexM0[] = {
    {"instruction cycles, 1- or 32-cycle multiplier", "Arm DDI 0432C table 3-1"},
    {"one 32-bit bus for code and data: words asked for ahead, data first, none in the cycle of a taken branch",
     "measured networks and assembly"},
    {"exception entry 16, return 14, tail chain 6", "Arm DDI 0432C 3.6"},
};
inline constexpr TimingRule kCortexM0Plus[] = {
    {"instruction cycles, 1- or 32-cycle multiplier, single-cycle I/O port", "Arm DDI 0484C table 3-1"},
    {"one 32-bit bus for code and data: words asked for ahead, data first, none in the cycle of a taken branch",
     "measured networks and assembly"},
    {"exception entry 15, return 13, tail chain 6", "Arm DDI 0484C 3.6"},
};
inline constexpr TimingRule kCortexM4[] = {
    {"instruction cycles", "Arm DDI 0439D tables 3-1 and 7-1, Arm 100166"},
    {"fetch buffer of three words; a fetch that had stopped starts again a cycle late",
     "Arm KB 103488664; measured networks and assembly"},
    {"loads and stores behind loads overlap; addresses made just before cost a cycle; misaligned data",
     "Arm DDI 0439D 3.3.1; measured assembly"},
    {"branches, refill, target of a conditional branch fetched ahead, folded IT",
     "Arm DDI 0439D, DDI 0337; measured assembly"},
    {"FPU results and divides beside integer work", "Arm DDI 0439D table 7-1"},
    {"exception entry 12, return 10, tail chain 6, 17 words more with the FPU", "Arm DDI 0439D 3.9"},
};
inline constexpr TimingRule kCortexM7[] = {
    {"two instructions a cycle, in order; operands read early or late, results forwarded by stage",
     "jnk0le's measurements on STM32H743; LLVM ARMScheduleM7"},
    {"what pairs with what: shifter, multiplier, banks, older slot", "jnk0le's measurements; SLOTHY's cortex_m7"},
    {"branch target cache of 64 entries, return stack; 8 or 6 cycles when foreseen wrong",
     "jnk0le's measurements; Arm DDI 0489; measured networks"},
    {"L1 caches by geometry, memory map and MPU; critical word first, two line-fill buffers",
     "Arm DDI 0489, DDI 0403 B3; measured networks"},
    {"FPU latencies, multiply-accumulate chains", "jnk0le's measurements"},
};

} // namespace core_rules

// CCR: STKALIGN is set from reset on; Armv6-M also reads UNALIGN_TRP as 1 (Armv6-M ARM, B3.2.8); the branch prediction
// of an M7 is always on. Peaks: MULS and ADDS are a cycle each on an M0; SMLAD makes two 16-bit products a cycle on an
// M4 (DDI 0439D table 3-1) and on an M7, which has one multiplier.
inline constexpr CoreKind kCortexM0 = {.name = "Cortex-M0",
                                       .attributeName = "Cortex-M0",
                                       .architecture = Architecture::V6M,
                                       .fpu = FpuVersion::None,
                                       .cpuid = 0x410CC200,
                                       .engine = EngineModel::CortexM0,
                                       .hasUnprivileged = false,
                                       .vtorMask = 0,
                                       .ccrReset = 0x208,
                                       .ccrWritable = 0,
                                       .clidr = 0,
                                       .ctr = 0,
                                       .peakMacsPerCycle = 0.5,
                                       .makeTiming = makeCortexM0Timing,
                                       .rules = core_rules::kCortexM0};
inline constexpr CoreKind kCortexM0Plus = {.name = "Cortex-M0+",
                                           .attributeName = "Cortex-M0plus",
                                           .architecture = Architecture::V6M,
                                           .fpu = FpuVersion::None,
                                           .cpuid = 0x410CC601,
                                           .engine = EngineModel::CortexM0,
                                           .hasUnprivileged = true,
                                           .vtorMask = 0xFFFFFF00,
                                           .ccrReset = 0x208,
                                           .ccrWritable = 0,
                                           .clidr = 0,
                                           .ctr = 0,
                                           .peakMacsPerCycle = 0.5,
                                           .makeTiming = makeCortexM0PlusTiming,
                                           .rules = core_rules::kCortexM0Plus};
inline constexpr CoreKind kCortexM4 = {.name = "Cortex-M4",
                                       .attributeName = "Cortex-M4",
                                       .architecture = Architecture::V7EM,
                                       .fpu = FpuVersion::V4,
                                       .cpuid = 0x410FC241,
                                       .engine = EngineModel::CortexM4,
                                       .hasUnprivileged = true,
                                       .vtorMask = 0xFFFFFF80,
                                       .ccrReset = 0x200,
                                       .ccrWritable = 0x31B,
                                       .clidr = 0,
                                       .ctr = 0,
                                       .peakMacsPerCycle = 2,
                                       .makeTiming = makeCortexM4Timing,
                                       .rules = core_rules::kCortexM4};
inline constexpr CoreKind kCortexM7 = {.name = "Cortex-M7",
                                       .attributeName = "Cortex-M7",
                                       .architecture = Architecture::V7EM,
                                       .fpu = FpuVersion::V5,
                                       .cpuid = 0x411FC270,
                                       .engine = EngineModel::CortexM7,
                                       .hasUnprivileged = true,
                                       .vtorMask = 0xFFFFFF80,
                                       .ccrReset = 0x40200,
                                       .ccrWritable = 0x3031B,
                                       .clidr = 0x09000003,
                                       .ctr = 0x8303C003,
                                       .peakMacsPerCycle = 2,
                                       .makeTiming = makeCortexM7Timing,
                                       .rules = core_rules::kCortexM7};

/// All cores that board files and profiles can name.
inline constexpr std::array kCores = {&kCortexM0, &kCortexM0Plus, &kCortexM4, &kCortexM7};

/// The core of this name ("Cortex-M4"), or null.
constexpr const CoreKind* findCore(std::string_view name) {
    for (const CoreKind* core : kCores) {
        if (core->name == name) {
            return core;
        }
    }
    return nullptr;
}

} // namespace simprof
