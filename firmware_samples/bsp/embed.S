// SPDX-License-Identifier: GPL-2.0-or-later
// A binary file as read-only data: EMBED_FILE under the name EMBED_SYMBOL, its length in EMBED_SYMBOL_size.
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

    .syntax unified
    .section .rodata.EMBED_SYMBOL, "a", %progbits
    .balign 16
    .global EMBED_SYMBOL
    .type EMBED_SYMBOL, %object
EMBED_SYMBOL:
    .incbin EMBED_FILE
.Lend:
    .size EMBED_SYMBOL, .Lend - EMBED_SYMBOL

    .section .rodata.JOIN(EMBED_SYMBOL, _size), "a", %progbits
    .balign 4
    .global JOIN(EMBED_SYMBOL, _size)
    .type JOIN(EMBED_SYMBOL, _size), %object
JOIN(EMBED_SYMBOL, _size):
    .word .Lend - EMBED_SYMBOL
    .size JOIN(EMBED_SYMBOL, _size), 4
