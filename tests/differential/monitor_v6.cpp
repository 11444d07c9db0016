// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/differential/monitor.h"

namespace simprof::differential {

const char* const kMonitorV6 = R"m0(
Prepare:
Frame:
Finish:
    4770      | bx lr
Note:
    2300      | movs r3, #0
    4770      | bx lr
Step:
    69d1      | ldr r1, [r2, #28]
    01c9      | lsls r1, r1, #7
    d514      | bpl Hopeless
    6993      | ldr r3, [r2, #24]
    0c99      | lsrs r1, r3, #18
    d111      | bne Hopeless
    8819      | ldrh r1, [r3]
    0a09      | lsrs r1, r1, #8
    29df      | cmp r1, #0xDF
    d00d      | beq Hopeless
    1e99      | subs r1, r3, #2
    8809      | ldrh r1, [r1]
    0a09      | lsrs r1, r1, #8
    29df      | cmp r1, #0xDF
    d008      | beq Hopeless
    8819      | ldrh r1, [r3]
    0ac9      | lsrs r1, r1, #11
    3302      | adds r3, #2
    291d      | cmp r1, #0x1D
    d300      | blo Narrow
    3302      | adds r3, #2
Narrow:
    6193      | str r3, [r2, #24]
    2300      | movs r3, #0
    4770      | bx lr
Hopeless:
    2301      | movs r3, #1
    4770      | bx lr
)m0";

} // namespace simprof::differential
