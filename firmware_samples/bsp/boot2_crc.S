// SPDX-License-Identifier: GPL-2.0-or-later
// The last word of the second-stage boot; BOOT2_CRC_HEADER is written by boot2_crc.cmake.
#include BOOT2_CRC_HEADER
    .section .boot2.crc, "a", %progbits
    .word BOOT2_CRC
