// SPDX-License-Identifier: GPL-2.0-or-later
// System control space of Armv6-M and Armv7-M: the registers the samples use, by their names in the architecture
// reference manuals (DDI 0419 B3, DDI 0403 B3 and C1).
#pragma once

#include <cstdint>

/// The word at a register's address.
#define REGISTER(address) (*reinterpret_cast<volatile std::uint32_t*>(address))

// Cortex-M0 has no VTOR; all M0+ boards of the table implement the option.
#if __ARM_ARCH >= 7 || !defined(CORE_IS_M0)
#define CORE_HAS_VTOR 1
#endif

// SysTick
#define SYST_CSR REGISTER(0xE000E010)
#define SYST_RVR REGISTER(0xE000E014)
#define SYST_CVR REGISTER(0xE000E018)
#define SYST_CALIB REGISTER(0xE000E01C)

// NVIC; the index is a word's, of 32 interrupts (priorities: of 4)
#define NVIC_ISER(word) REGISTER(0xE000E100 + 4 * (word))
#define NVIC_ICER(word) REGISTER(0xE000E180 + 4 * (word))
#define NVIC_ISPR(word) REGISTER(0xE000E200 + 4 * (word))
#define NVIC_ICPR(word) REGISTER(0xE000E280 + 4 * (word))
#define NVIC_IABR(word) REGISTER(0xE000E300 + 4 * (word))
#define NVIC_IPR(word) REGISTER(0xE000E400 + 4 * (word))
#define STIR REGISTER(0xE000EF00)

// System control block
#define SCB_ACTLR REGISTER(0xE000E008)
#define SCB_CPUID REGISTER(0xE000ED00)
#define SCB_ICSR REGISTER(0xE000ED04)
#define SCB_VTOR REGISTER(0xE000ED08)
#define SCB_AIRCR REGISTER(0xE000ED0C)
#define SCB_SCR REGISTER(0xE000ED10)
#define SCB_CCR REGISTER(0xE000ED14)
#define SCB_SHPR1 REGISTER(0xE000ED18)
#define SCB_SHPR2 REGISTER(0xE000ED1C)
#define SCB_SHPR3 REGISTER(0xE000ED20)
#define SCB_SHCSR REGISTER(0xE000ED24)
#define SCB_CFSR REGISTER(0xE000ED28)
#define SCB_HFSR REGISTER(0xE000ED2C)
#define SCB_MMFAR REGISTER(0xE000ED34)
#define SCB_BFAR REGISTER(0xE000ED38)
#define SCB_CPACR REGISTER(0xE000ED88)

// MPU
#define MPU_TYPE REGISTER(0xE000ED90)
#define MPU_CTRL REGISTER(0xE000ED94)
#define MPU_RNR REGISTER(0xE000ED98)
#define MPU_RBAR REGISTER(0xE000ED9C)
#define MPU_RASR REGISTER(0xE000EDA0)

// FPU
#define FPCCR REGISTER(0xE000EF34)
#define FPCAR REGISTER(0xE000EF38)
#define FPDSCR REGISTER(0xE000EF3C)

// Cache maintenance and identification (Armv7-M with caches)
#define CCSIDR REGISTER(0xE000ED80)
#define CSSELR REGISTER(0xE000ED84)
#define ICIALLU REGISTER(0xE000EF50)
#define DCISW REGISTER(0xE000EF60)
#define DCCISW REGISTER(0xE000EF74)

// Debug, trace
#define DEMCR REGISTER(0xE000EDFC)
#define DWT_CTRL REGISTER(0xE0001000)
#define DWT_CYCCNT REGISTER(0xE0001004)
#define DWT_CPICNT REGISTER(0xE0001008)
#define DWT_EXCCNT REGISTER(0xE000100C)
#define DWT_SLEEPCNT REGISTER(0xE0001010)
#define DWT_LSUCNT REGISTER(0xE0001014)
#define DWT_FOLDCNT REGISTER(0xE0001018)
#define DWT_LAR REGISTER(0xE0001FB0)
#define ITM_STIM(port) REGISTER(0xE0000000 + 4 * (port))
#define ITM_STIM8(port) (*reinterpret_cast<volatile std::uint8_t*>(0xE0000000 + 4 * (port)))
#define ITM_TER REGISTER(0xE0000E00)
#define ITM_TPR REGISTER(0xE0000E40)
#define ITM_TCR REGISTER(0xE0000E80)
#define ITM_LAR REGISTER(0xE0000FB0)

/// Completes all memory accesses before going on.
inline void dataBarrier() { asm volatile("dsb" ::: "memory"); }

/// Refetches whatever follows; with dataBarrier() before it a pended interrupt is taken here.
inline void instructionBarrier() { asm volatile("isb" ::: "memory"); }

/// Sets PRIMASK.
inline void disableInterrupts() { asm volatile("cpsid i" ::: "memory"); }

/// Clears PRIMASK.
inline void enableInterrupts() { asm volatile("cpsie i" ::: "memory"); }

/// Spins until any bit of `mask` is set in the register at `address`.
inline void waitSet(std::uint32_t address, std::uint32_t mask) {
    while ((REGISTER(address) & mask) == 0) {
    }
}

/// Spins until all bits of `mask` are clear in the register at `address`.
inline void waitClear(std::uint32_t address, std::uint32_t mask) {
    while ((REGISTER(address) & mask) != 0) {
    }
}

/// Spins until the bits of `mask` in the register at `address` read as `value`.
inline void waitEqual(std::uint32_t address, std::uint32_t mask, std::uint32_t value) {
    while ((REGISTER(address) & mask) != value) {
    }
}

/// Replaces the bits of `mask` in the register at `address` by `value`.
inline void modify(std::uint32_t address, std::uint32_t mask, std::uint32_t value) {
    REGISTER(address) = (REGISTER(address) & ~mask) | value;
}

/// Spends at least `cycles` core cycles in a loop of no memory access.
inline void spinCycles(std::uint32_t cycles) {
    for (; cycles > 2; cycles -= 3) {
        asm volatile("nop");
    }
}

/// Switches both L1 caches of a Cortex-M7 on, invalidating them first.
void enableCaches();

/// Starts the free-running cycle counter: DWT CYCCNT on M4 and M7, SysTick (24 bits, counting down) on M0 and M0+.
void cycleCounterStart();

/// Core cycles since cycleCounterStart(); wraps at 2^32 on M4 and M7, at 2^24 on M0 and M0+.
std::uint32_t cycleCount();
