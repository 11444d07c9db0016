// SPDX-License-Identifier: GPL-2.0-or-later
// Other memory settings during the inferences than the board's own, to see what they cost. They are data, so that all
// programs of a board have the same code at the same addresses:
//   SIMPROF_ACR, SIMPROF_ACR_VALUE   address of the flash interface's access control register, and what it holds
//   meanwhile SIMPROF_HALF_CLOCK               address of an RCC_CFGR whose HPRE (bits 11:8) is 2 meanwhile (STM32G0)
//   SIMPROF_L1_OFF                   1: the M7's caches stay off
#pragma once
#include "bsp/board.h"
#include "bsp/cortex_m.h"

#ifndef SIMPROF_ACR
#define SIMPROF_ACR 0
#define SIMPROF_ACR_VALUE 0
#endif
#ifndef SIMPROF_HALF_CLOCK
#define SIMPROF_HALF_CLOCK 0
#endif
#ifndef SIMPROF_L1_OFF
#define SIMPROF_L1_OFF 0
#endif

namespace simprof::networks {

struct Settings {
    std::uint32_t acr, acrValue, halfClock, l1Off;
};
inline const volatile Settings kSettings = {SIMPROF_ACR, SIMPROF_ACR_VALUE, SIMPROF_HALF_CLOCK, SIMPROF_L1_OFF};

/// DDI 0403 B2.2.7: off, cleaned and invalidated by set and way.
inline void startSettings() {
#ifdef CORE_IS_M7
    if (kSettings.l1Off != 0) {
        REGISTER(0xE000ED84) = 0; // CSSELR: level 1 data
        SCB_CCR &= ~(1U << 16);
        asm volatile("dsb" ::: "memory");
        const std::uint32_t geometry = REGISTER(0xE000ED80); // CCSIDR
        for (std::uint32_t set = 0; set <= (geometry >> 13 & 0x7FFF); ++set) {
            for (std::uint32_t way = 0; way <= (geometry >> 3 & 0x3FF); ++way) {
                REGISTER(0xE000EF74) = way << 30 | set << 5; // DCCISW: four ways, 32-byte lines
            }
        }
        SCB_CCR &= ~(1U << 17);
        REGISTER(0xE000EF50) = 0; // ICIALLU
        asm volatile("dsb\n\tisb" ::: "memory");
    }
#endif
}

/// The board's own settings come back when this goes, before anything is printed.
class OtherSettings {
public:
    OtherSettings() {
        if (kSettings.halfClock != 0) {
            modify(kSettings.halfClock, 0xFU << 8, 8U << 8);
        }
        if (kSettings.acr != 0) {
            m_acr = REGISTER(kSettings.acr);
            REGISTER(kSettings.acr) = kSettings.acrValue;
            (void)REGISTER(kSettings.acr);
        }
    }
    ~OtherSettings() {
        if (kSettings.acr != 0) {
            REGISTER(kSettings.acr) = m_acr;
            (void)REGISTER(kSettings.acr);
        }
        if (kSettings.halfClock != 0) {
            modify(kSettings.halfClock, 0xFU << 8, 0);
        }
    }
    OtherSettings(const OtherSettings&) = delete;
    OtherSettings& operator=(const OtherSettings&) = delete;

private:
    std::uint32_t m_acr = 0;
};

} // namespace simprof::networks
