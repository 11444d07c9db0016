// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/timing/timing_rules.h"
#include "sim_core/timing/memory_table.h"

namespace simprof {
namespace {

constexpr TimingRule kM0PlusRules[] = {
    {"instruction cycles, 1- or 32-cycle multiplier, single-cycle I/O port", "Arm DDI 0484C table 3-1"},
    {"one 32-bit bus for code and data: words asked for ahead, data first, none in the cycle of a taken branch",
     "measured networks and assembly"},
    {"exception entry 15, return 13, tail chain 6", "Arm DDI 0484C 3.6"},
};
constexpr TimingRule kM0Rules[] = {
    {"instruction cycles, 1- or 32-cycle multiplier", "Arm DDI 0432C table 3-1"},
    {"one 32-bit bus for code and data: words asked for ahead, data first, none in the cycle of a taken branch",
     "measured networks and assembly"},
    {"exception entry 16, return 14, tail chain 6", "Arm DDI 0432C 3.6"},
};
constexpr TimingRule kM4Rules[] = {
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
constexpr TimingRule kM7Rules[] = {
    {"two instructions a cycle, in order; operands read early or late, results forwarded by stage",
     "jnk0le's measurements on STM32H743; LLVM ARMScheduleM7"},
    {"what pairs with what: shifter, multiplier, banks, older slot", "jnk0le's measurements; SLOTHY's cortex_m7"},
    {"branch target cache of 64 entries, return stack; 8 or 6 cycles when foreseen wrong",
     "jnk0le's measurements; Arm DDI 0489; measured networks"},
    {"L1 caches by geometry, memory map and MPU; critical word first, two line-fill buffers",
     "Arm DDI 0489, DDI 0403 B3; measured networks"},
    {"FPU latencies, multiply-accumulate chains", "jnk0le's measurements"},
};

} // namespace

std::span<const TimingRule> timingRules(CoreKind core) {
    switch (core) {
    case CoreKind::CortexM0: return kM0Rules;
    case CoreKind::CortexM0Plus: return kM0PlusRules;
    case CoreKind::CortexM4: return kM4Rules;
    case CoreKind::CortexM7: break;
    }
    return kM7Rules;
}

MemoryTiming memoryTiming(const MemoryDesc& memory) {
    if (const FlashRow* row = findFlashRow(memory.timing))
        return {std::string(row->title), std::string(row->source)};
    if (const AxiRow* row = findAxiRow(memory.timing))
        return {std::string(row->title), std::string(row->source)};
    if (const ZeroWaitRow* row = findZeroWaitRow(memory.timing))
        return {"no wait states", std::string(row->source)};
    if (memory.kind == MemoryKind::Itcm || memory.kind == MemoryKind::Dtcm)
        return {"no wait states", "Arm DDI 0489 (tightly coupled memory)"};
    return {"assumed without wait states", ""};
}

} // namespace simprof
