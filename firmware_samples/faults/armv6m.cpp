// SPDX-License-Identifier: GPL-2.0-or-later
// Faults of Armv6-M: each is a HardFault, and there is no register that says why (Armv6-M ARM B1.5.6).
#include "faults/provoke.h"

#ifndef FAULT
#error "FAULT names the function that the sample runs"
#endif

namespace {

PROVOKE(unaligned, "mov r0, sp\n adds r0, #1\n" AT(unaligned) "ldr r0, [r0]\n")
// Armv7-M encodings, as halfwords: the assembler refuses them for this core.
PROVOKE(udiv, "movs r0, #1\n movs r1, #1\n" AT(udiv) ".hword 0xFBB0, 0xF0F1\n")
PROVOKE(movw, AT(movw) ".hword 0xF241, 0x2034\n")
PROVOKE(cbz, "movs r0, #1\n" AT(cbz) ".hword 0xB100\n")
PROVOKE(undefined, AT(undefined) "udf #0\n")
PROVOKE(read_unmapped, "ldr r0, =" UNMAPPED_DATA "\n" AT(read_unmapped) "ldr r0, [r0]\n")
PROVOKE(write_unmapped, "ldr r0, =" UNMAPPED_DATA "\n" AT(write_unmapped) "str r0, [r0]\n")
PROVOKE(execute_unmapped, "ldr r0, =" UNMAPPED_CODE " + 1\n" AT(execute_unmapped) "bx r0\n")
PROVOKE(execute_never, "ldr r0, =" NEVER_EXECUTE " + 1\n" AT(execute_never) "bx r0\n")
PROVOKE(thumb_bit, "ldr r0, =even_target\n" AT(thumb_bit) "bx r0\n"
                                                          ".balign 4\n .global even_target\n even_target:\n nop\n")
PROVOKE(svc_masked, "cpsid i\n" AT(svc_masked) "svc #0\n")
PROVOKE(bkpt, AT(bkpt) "bkpt #0\n")

} // namespace

void provoke() { FAULT(); }
