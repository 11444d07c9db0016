#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Fills in the machine code of the Thumb listings in test sources, in place:  tests/support/assemble.py FILE...

A listing is a raw string whose delimiter names the core: R"m0( … )m0", m0p, m4, m7. Its lines are `label:` or
`halfwords | assembly text`; the halfwords left of the bar are what this script writes. Needs the Arm binutils.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

CORES = {"m0": "-mcpu=cortex-m0", "m0p": "-mcpu=cortex-m0plus", "m4": "-mcpu=cortex-m4 -mfpu=fpv4-sp-d16",
         "m7": "-mcpu=cortex-m7 -mfpu=fpv5-d16"}
CODE_BASE = 0x08000100  # behind the vector table that the tests make from the labels
PREFIX = "arm-none-eabi-"


def tool(name, *arguments):
    done = subprocess.run([PREFIX + name, *map(str, arguments)], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else sys.exit(done.stderr)


def assemble(core, lines):
    """The halfwords of each line of assembly text."""
    with tempfile.TemporaryDirectory() as folder:
        source, thing, binary = (Path(folder) / name for name in ("a.s", "a.o", "a.bin"))
        text = ".syntax unified\n.thumb\n"
        for number, line in enumerate(lines):
            text += f"line{number}__:\n{line}\n"
        source.write_text(text + f"line{len(lines)}__:\n")
        tool("as", *CORES[core].split(), source, "-o", thing)
        tool("ld", f"-Ttext={CODE_BASE:#x}", "-e", "0", thing, "-o", Path(folder) / "a.elf")
        symbols = tool("nm", Path(folder) / "a.elf")
        at = {int(n): int(a, 16) for a, n in re.findall(r"^(\w+) . line(\d+)__$", symbols, re.M)}
        tool("objcopy", "-O", "binary", "-j", ".text", Path(folder) / "a.elf", binary)
        code = binary.read_bytes()
    if len(code) > at[len(lines)] - CODE_BASE:
        sys.exit("constants behind the last line: end the listing with .ltorg")
    halves = [int.from_bytes(code[i:i + 2], "little") for i in range(0, len(code), 2)]
    return [halves[(at[i] - CODE_BASE) // 2:(at[i + 1] - CODE_BASE) // 2] for i in range(len(lines))]


def refill(match):
    core, body = match.group(1), match.group(2)
    rows = [line.split("|", 1)[-1].strip() for line in body.strip("\n").split("\n")]
    rows = [row for row in rows if row]
    out = []
    for row, halves in zip(rows, assemble(core, rows)):
        hexed = " ".join(f"{half:04x}" for half in halves)
        out.append(row if row.endswith(":") else f"    {hexed:<9} | {row}")
    return f'R"{core}(\n' + "\n".join(out) + f'\n){core}"'


for name in sys.argv[1:]:
    path = Path(name)
    path.write_text(re.sub(r'R"(m0|m0p|m4|m7)\(\n(.*?)\)\1"', refill, path.read_text(), flags=re.S))
