// SPDX-License-Identifier: GPL-2.0-or-later
// Faults of Armv7-M, one a function (Armv7-M ARM B1.5.14, table B1-9). Where SHCSR does not enable the fault's own
// exception, it escalates to HardFault with HFSR.FORCED.
#include "faults/provoke.h"

#ifndef FAULT
#error "FAULT names the function that the sample runs"
#endif

extern "C" {
alignas(256) std::uint32_t guarded[64];
}

namespace {

// Sets bits of the register at `address`.
#define SET_BITS(address, bits)                                                                                        \
    "ldr r0, =" address "\n ldr r1, [r0]\n ldr r2, =" bits "\n orrs r1, r2\n str r1, [r0]\n dsb\n isb\n"
#define CCR "0xE000ED14"
#define SHCSR "0xE000ED24"
#define CPACR "0xE000ED88"

// CONTROL.FPCA is cleared as well: no floating-point state of the past is left to stack.
PROVOKE(nocp, "movs r1, #0\n msr control, r1\n ldr r0, =" CPACR
              "\n str r1, [r0]\n dsb\n isb\n" AT(nocp) "vmov.f32 s0, #1.0\n")
PROVOKE(undefinstr, AT(undefinstr) "udf #0\n")
PROVOKE(undefinstr_enabled, SET_BITS(SHCSR, "0x40000") AT(undefinstr_enabled) "udf #0\n") // USGFAULTENA
PROVOKE(invstate, "ldr r0, =even_target\n" AT(invstate) "bx r0\n"
                                                        ".balign 4\n .global even_target\n even_target:\n nop\n")
PROVOKE(unaligned_trap, SET_BITS(CCR, "8") "mov r0, sp\n adds r0, #1\n" AT(unaligned_trap) "ldr r0, [r0]\n")
PROVOKE(unaligned_ldrd, "mov r0, sp\n subs r0, #6\n" AT(unaligned_ldrd) "ldrd r0, r1, [r0]\n")
PROVOKE(unaligned_ldm, "mov r0, sp\n subs r0, #10\n" AT(unaligned_ldm) "ldm r0, {r1, r2}\n")
PROVOKE(unaligned_vldr, "mov r0, sp\n subs r0, #6\n" AT(unaligned_vldr) "vldr s0, [r0]\n")
PROVOKE(divbyzero, SET_BITS(CCR, "0x10") "movs r0, #7\n movs r1, #0\n" AT(divbyzero) "udiv r0, r0, r1\n")
PROVOKE(preciserr, "ldr r0, =" UNMAPPED_DATA "\n" AT(preciserr) "ldr r0, [r0, #4]\n")
PROVOKE(preciserr_enabled, SET_BITS(SHCSR, "0x20000") "ldr r0, =" UNMAPPED_DATA
                                                      "\n" AT(preciserr_enabled) "ldr r0, [r0, #4]\n") // BUSFAULTENA
// The store is buffered: the fault comes some instructions later, and its address is lost.
PROVOKE(impreciserr, "ldr r0, =" UNMAPPED_DATA "\n" AT(impreciserr) "str r0, [r0]\n dsb\n nop\n nop\n")
PROVOKE(ibuserr, "ldr r0, =" UNMAPPED_CODE " + 1\n" AT(ibuserr) "bx r0\n")
PROVOKE(iaccviol, "ldr r0, =" NEVER_EXECUTE " + 1\n" AT(iaccviol) "bx r0\n")
PROVOKE(stkerr, "ldr r0, =" UNMAPPED_DATA " + 0x100\n msr msp, r0\n" AT(stkerr) "svc #0\n")
PROVOKE(svc_masked, "cpsid i\n" AT(svc_masked) "svc #0\n")
PROVOKE(bkpt, AT(bkpt) "bkpt #0\n")

// MPU region 0 over `guarded`: normal memory, 256 bytes, RASR.AP in `access`; the default map for all else.
[[maybe_unused]] void protect(std::uint32_t access) {
    MPU_RNR = 0;
    MPU_RBAR = reinterpret_cast<std::uintptr_t>(guarded);
    MPU_RASR = access | 2U << 16 | 7U << 1 | 1U;
    MPU_CTRL = 5; // PRIVDEFENA, ENABLE
    dataBarrier();
    instructionBarrier();
}

[[maybe_unused]] __attribute__((naked, noinline)) void storeAt(std::uint32_t*) {
    asm volatile(AT(daccviol) "str r0, [r0]\n bx lr\n");
}

[[maybe_unused]] void daccviol() {
    protect(6U << 24); // read-only
    storeAt(&guarded[2]);
}

[[maybe_unused]] __attribute__((naked, noinline)) void svcOnStack(std::uint32_t*) {
    asm volatile("msr msp, r0\n" AT(mstkerr) "svc #0\n bx lr\n");
}

[[maybe_unused]] void mstkerr() {
    protect(0); // no access
    svcOnStack(&guarded[64]);
}

} // namespace

void provoke() { FAULT(); }
