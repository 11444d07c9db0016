/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the engine with recording and simprof share; insert_recorder.py puts it into the engine's CPU state. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Bytes for translated code, and what one block takes of them at most: 64 KiB (tcg_gen_code of 2.0.1 begins anew with
 * half the block beyond that), and the slow path of each of its accesses behind them. */
enum { SIMPROF_TRANSLATION_BYTES = 32 << 20, SIMPROF_LONGEST_BLOCK = 1 << 20 };

/* One data access of translated code. `what`: bytes, direction (1 << 8: store), and from bit 16 on the offset of its
 * instruction from the begin of the block. */
struct simprof_access {
    uint32_t address;
    uint32_t what;
};

struct simprof_recorder {
    /* Where the next simprof_access is written; null: nothing is recorded. */
    void* cursor;
    void* user;
    /* Before an access that is not naturally aligned, or before any while check_all is set; a stop requested here
     * leaves the block at once, with the registers as they are before the access. */
    void (*check)(void* user, uint32_t address, unsigned size, bool store);
    /* After a store that the engine did not do on its fast path, such as one to a watched page. */
    void (*stored)(void* user, uint32_t address, unsigned size);
    /* Is something of this page, at its address in the host, watched? Asked again after each flush. */
    bool (*watched)(void* user, const void* page, unsigned size);
    bool check_all;       /* a change needs a flush */
    uint32_t insn_offset; /* of the instruction that is being translated */
};

#ifdef __cplusplus
extern "C" {
#endif

struct uc_struct;
/* The recorder of an engine that has been set up. Its fields but the cursor are set before any code is translated. */
struct simprof_recorder* simprof_recorder_of(struct uc_struct* uc);
/* Forgets what is known about pages: check_all or watched pages changed. */
void simprof_flush(struct uc_struct* uc);

#ifdef __cplusplus
}
#endif
