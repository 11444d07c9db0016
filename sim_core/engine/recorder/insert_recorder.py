#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts the recorder into the engine's source, in place. Usage: insert_recorder.py SOURCE_FOLDER

All lines it adds are simprof's own. Places are found by the names of functions and types; one that is not found exactly
once ends the script with exit status 1.
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent


class Source:
    """One file, with insertions at places found by name."""

    def __init__(self, folder, path):
        self.path = folder / path
        self.text = self.path.read_text(encoding="utf-8")

    def only(self, pattern, begin=0, end=None):
        """The one match of a pattern between two offsets."""
        end = len(self.text) if end is None else end
        found = list(re.compile(pattern, re.MULTILINE).finditer(self.text, begin, end))
        if len(found) != 1:
            sys.exit(f"{self.path}: {len(found)} places for {pattern!r} where one is expected")
        return found[0]

    def body(self, function):
        """From behind a function's opening brace to its closing one, and where its name is."""
        head = self.only(rf"^(?:[A-Za-z_][\w \t*]*[ \t\n*])?(?P<name>{function})\((?P<parameters>[^;{{}}]*)\)\s*\{{")
        return head.end(), self.text.index("\n}", head.end()) + 1, head

    def insert(self, offset, lines):
        self.text = self.text[:offset] + lines + self.text[offset:]

    def at_begin(self, function, lines):
        self.insert(self.body(function)[0], "\n" + lines)

    def before_call(self, function, call, lines):
        """Ahead of the one statement of a function that begins with `call`."""
        begin, end, _ = self.body(function)
        self.insert(self.only(rf"^[ \t]*{re.escape(call)}\b", begin, end).start(), lines)

    def wrap(self, function, wrapper):
        """Renames a function to engine_NAME and puts another of its old name behind it."""
        _, end, head = self.body(function)
        parameters = head.group("parameters")
        kind = self.text[head.start():head.start("name")]
        self.insert(end + len("}\n"), f"\n{kind}{function}({parameters})\n{{\n{wrapper}}}\n")
        self.insert(head.start("name"), "engine_")

    def save(self):
        self.path.write_text(self.text, encoding="utf-8")


def cpu_state(folder):
    """The recorder is the last member of the CPU state: a saved context does not hold it, translated code reaches it."""
    header = Source(folder, "qemu/target/arm/cpu.h")
    end = header.only(r"^\} CPUARMState;").start()
    header.insert(end, "    struct simprof_recorder simprof;\n")
    header.insert(header.only(r"^typedef struct CPUARMState \{").start(), '#include "simprof/recorder.h"\n\n')
    header.save()

    face = Source(folder, "qemu/target/arm/unicorn_arm.c")
    face.insert(len(face.text), """
struct simprof_recorder *simprof_recorder_of(struct uc_struct *uc)
{
    return &((CPUARMState *)uc->cpu->env_ptr)->simprof;
}

void simprof_flush(struct uc_struct *uc)
{
    uc->tcg_flush_tlb(uc);
}
""")
    face.save()


def translator(folder):
    """Ahead of each load and store: its address, kind and instruction. Exit requests are not tested behind accesses.
    SP keeps bits 1:0 clear, as that of an M-profile core does."""
    arm = Source(folder, "qemu/target/arm/translate.c")
    arm.at_begin("arm_tr_insn_start", """\
    ((CPUARMState *)cpu->env_ptr)->simprof.insn_offset = dcbase->pc_next - dcbase->pc_first;
""")
    arm.at_begin("store_reg", """\
    if (reg == 13) {
        tcg_gen_andi_i32(s->uc->tcg_ctx, var, var, ~3);
    }
""")
    arm.at_begin("arm_translate_init", """\
    uc->tcg_ctx->simprof_cursor = tcg_global_mem_new_ptr(
        uc->tcg_ctx, uc->tcg_ctx->cpu_env, offsetof(CPUARMState, simprof.cursor), "simprof_cursor");

""")
    arm.save()

    context = Source(folder, "qemu/include/tcg/tcg.h")
    context.insert(context.only(r"^struct TCGContext \{").end(), """
    void *simprof_cursor; /* a global of translated code, which keeps it in a register between accesses */
""")
    context.save()

    ops = Source(folder, "qemu/tcg/tcg-op.c")
    for function in ("gen_ldst_i32", "gen_ldst_i64"):
        ops.at_begin(function, "    memop = simprof_record(tcg_ctx, opc, addr, memop);\n")
    ops.at_begin("check_exit_request", """\
    if (((CPUArchState *)tcg_ctx->uc->cpu->env_ptr)->simprof.cursor) {
        return;
    }
""")
    ops.insert(ops.body("gen_ldst_i32")[2].start(), """\
/* Unaligned accesses leave the fast path, where they are seen: the access asks for natural alignment. */
static MemOp simprof_record(TCGContext *tcg_ctx, TCGOpcode opc, TCGv addr, MemOp memop)
{
    const struct simprof_recorder *recorder = &((CPUArchState *)tcg_ctx->uc->cpu->env_ptr)->simprof;
    const uint32_t store = opc == INDEX_op_qemu_st_i32 || opc == INDEX_op_qemu_st_i64;
    TCGv_ptr cursor = tcg_ctx->simprof_cursor;
    TCGv_i32 what;

    if (!recorder->cursor) {
        return memop;
    }
    what = tcg_const_i32(tcg_ctx, memop_size(memop) | store << 8 | recorder->insn_offset << 16);
    tcg_gen_st_i32(tcg_ctx, addr, cursor, offsetof(struct simprof_access, address));
    tcg_gen_st_i32(tcg_ctx, what, cursor, offsetof(struct simprof_access, what));
    tcg_gen_addi_ptr(tcg_ctx, cursor, cursor, sizeof(struct simprof_access));
    tcg_temp_free_i32(tcg_ctx, what);
    return (memop & ~MO_AMASK) | MO_ALIGN;
}

""")
    ops.save()


def memory(folder):
    """Stores to RAM stay on the fast path; what leaves it is checked before, and leaves the block when it faulted."""
    tlb = Source(folder, "qemu/accel/tcg/cputlb.c")
    tlb.before_call("tlb_set_page_with_attrs", "copy_tlb_helper_locked(te", """\
    if (env->simprof.cursor && is_ram) {
        simprof_set_page(env, &tn, vaddr_page);
    }
""")
    tlb.insert(tlb.body("tlb_set_page_with_attrs")[2].start(), """\
/* Watched pages and, while all accesses are checked, all others are kept from the fast path by a watchpoint flag, which
 * does nothing else here; a store to any other needs no look at code that was translated from it. */
static void simprof_set_page(CPUArchState *env, CPUTLBEntry *entry, target_ulong page)
{
    const struct simprof_recorder *recorder = &env->simprof;
    struct uc_struct *uc = env->uc;

    if (entry->addr_write != -1) {
        entry->addr_write &= ~(target_ulong)TLB_NOTDIRTY;
        if (recorder->check_all ||
            recorder->watched(recorder->user, (void *)(entry->addend + page), TARGET_PAGE_SIZE)) {
            entry->addr_write |= TLB_WATCHPOINT;
        }
    }
    if (entry->addr_read != -1 && recorder->check_all) {
        entry->addr_read |= TLB_WATCHPOINT;
    }
}

""")
    tlb.wrap("load_helper", """\
    struct uc_struct *uc = env->uc;
    const bool whole = !code_read && env->simprof.cursor && !uc->size_recur_mem;
    uint64_t value;

    if (whole) {
        oi = simprof_check(env, addr, oi, memop_size(op), false);
    }
    value = engine_load_helper(env, addr, oi, retaddr, op, code_read, full_load);
    if (whole && unlikely(uc->stop_request)) {
        cpu_loop_exit(uc->cpu);
    }
    return value;
""")
    tlb.wrap("store_helper", """\
    struct uc_struct *uc = env->uc;
    const bool whole = env->simprof.cursor && !uc->size_recur_mem;

    if (whole) {
        oi = simprof_check(env, addr, oi, memop_size(op), true);
    }
    engine_store_helper(env, addr, val, oi, retaddr, op);
    if (whole) {
        if (unlikely(uc->stop_request || uc->invalid_error)) {
            cpu_loop_exit(uc->cpu);
        }
        env->simprof.stored(env->simprof.user, addr, memop_size(op));
    }
""")
    tlb.insert(tlb.body("engine_load_helper")[2].start(), """\
/* Before an access that is not one part of another; alignment is no business of the engine's any more. */
static TCGMemOpIdx simprof_check(CPUArchState *env, target_ulong addr, TCGMemOpIdx oi, unsigned size, bool store)
{
    const struct simprof_recorder *recorder = &env->simprof;

    if (recorder->check_all || (addr & (size - 1))) {
        recorder->check(recorder->user, addr, size, store);
        if (env->uc->stop_request) {
            cpu_loop_exit(env->uc->cpu);
        }
    }
    return make_memop_idx(get_memop(oi) & ~MO_AMASK, get_mmuidx(oi));
}

""")
    tlb.save()


def translations(folder):
    """A translation that is forgotten while it runs does not jump on into another one that is forgotten as well."""
    code = Source(folder, "qemu/accel/tcg/translate-all.c")
    code.before_call("do_tb_phys_invalidate", "tb_jmp_unlink", """\
    for (int exit = 0; exit < 2; ++exit) {
        if (tb->jmp_reset_offset[exit] != TB_JMP_RESET_OFFSET_INVALID) {
            tb_reset_jump(tb, exit);
        }
    }
""")
    code.save()


def translation_buffer(folder):
    """A smaller one. It is emptied between two blocks, with room left for the longest: the engine itself would notice in
    the middle of a translation, and come back from a run as if the core were waiting for an interrupt."""
    buffer = Source(folder, "qemu/accel/tcg/translate-all.c")
    buffer.at_begin("size_code_gen_buffer", """\
    if (tb_size == 0) {
        tb_size = SIMPROF_TRANSLATION_BYTES;
    }
""")
    buffer.save()

    execution = Source(folder, "qemu/accel/tcg/cpu-exec.c")
    execution.wrap("tb_find", """\
    struct uc_struct *uc = cpu->uc;
    const TCGContext *translator = uc->tcg_ctx;

    if (unlikely((char *)translator->code_gen_highwater - (char *)translator->code_gen_ptr < SIMPROF_LONGEST_BLOCK)) {
        tb_flush(cpu);
        last_tb = NULL;
        uc->last_tb = NULL;
    }
    return engine_tb_find(cpu, last_tb, tb_exit, cf_mask);
""")
    execution.save()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    (folder / "include/simprof").mkdir(exist_ok=True)
    (folder / "include/simprof/recorder.h").write_bytes((HERE / "recorder.h").read_bytes())
    cpu_state(folder)
    translator(folder)
    memory(folder)
    translations(folder)
    translation_buffer(folder)


if __name__ == "__main__":
    main()
