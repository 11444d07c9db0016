// SPDX-License-Identifier: GPL-2.0-or-later
#include "bsp/cortex_m.h"

void enableCaches() {
#if __ARM_ARCH >= 7
    // Armv7-M ARM B2.2.7: invalidate before enabling; the data cache by set and way, as CCSIDR describes it.
    dataBarrier();
    instructionBarrier();
    ICIALLU = 0;
    dataBarrier();
    instructionBarrier();
    SCB_CCR |= 1U << 17; // IC
    dataBarrier();
    instructionBarrier();

    if ((SCB_CCR & (1U << 16)) != 0) {
        return; // a bootloader's data cache is on: it holds lines that are nowhere else
    }
    CSSELR = 0; // level 1 data
    dataBarrier();
    const std::uint32_t ccsidr = CCSIDR;
    const std::uint32_t sets = (ccsidr >> 13) & 0x7FFF;
    const std::uint32_t ways = (ccsidr >> 3) & 0x3FF;
    // Cortex-M7 TRM 3.3.8: 32-byte lines, 4 ways: the set starts at bit 5, the way at bit 30.
    for (std::uint32_t set = 0; set <= sets; ++set) {
        for (std::uint32_t way = 0; way <= ways; ++way) {
            DCISW = (set << 5) | (way << 30);
        }
    }
    dataBarrier();
    SCB_CCR |= 1U << 16; // DC
    dataBarrier();
    instructionBarrier();
#endif
}

void cycleCounterStart() {
#if __ARM_ARCH >= 7
    DEMCR |= 1U << 24;    // TRCENA
    DWT_LAR = 0xC5ACCE55; // Cortex-M7 locks its DWT; no effect on M4
    DWT_CYCCNT = 0;
    DWT_CTRL |= 1U; // CYCCNTENA
#else
    SYST_CSR = 0;
    SYST_RVR = 0xFFFFFF;
    SYST_CVR = 0;
    SYST_CSR = 5; // ENABLE, processor clock, no interrupt
#endif
}

std::uint32_t cycleCount() {
#if __ARM_ARCH >= 7
    return DWT_CYCCNT;
#else
    return 0xFFFFFF - SYST_CVR;
#endif
}
