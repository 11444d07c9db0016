// SPDX-License-Identifier: GPL-2.0-or-later
// The boot ROM by its contract (RP2040 data sheet 2.8): header at 0x10, function table at 0x14, data table at 0x16,
// look-up at 0x18. Start-up checks the CRC-32 of the second stage in flash, copies it to the end of SRAM5 and enters it
// with LR = 0 (2.8.1.3.1). A second stage whose CRC does not match ends in USB boot (2.8.2), and so does firmware that
// asks for it; neither is simulated: a store to an unused address of SYSINFO reports which it was ("USB1", "USB2") and
// the core sleeps. Floating point (2.8.3.2), erasing and programming are done by that device (rp2040_boot_rom.cpp): a
// stub for each function hands over r0 to r3 and its number. The look-up of something unknown gives 0, as in the real
// ROM, and is reported. All code here is our own; the bytes of kProgram are this program (Thumb, Armv6-M):
//
//   .syntax unified
//   .cpu cortex-m0plus
//   .thumb
//   base:
//     .word 0x20041F00
//     .word start+1
//     .word hang+1
//     .word hang+1
//     .byte 'M','u',1,2
//     .hword functions-base
//     .hword data-base
//     .hword lookup+1-base
//     .hword 0
//   .align 2
//   start:
//     ldr r7, =0x10000000
//     ldr r0, =0xFFFFFFFF
//     ldr r1, =0x04C11DB7
//     movs r2, #0
//   1: ldrb r3, [r7, r2]
//     lsls r3, r3, #24
//     eors r0, r3
//     movs r4, #8
//   2: lsls r0, r0, #1
//     bcc 3f
//     eors r0, r1
//   3: subs r4, r4, #1
//     bne 2b
//     adds r2, r2, #1
//     cmp r2, #252
//     bne 1b
//     ldr r3, [r7, r2]
//     cmp r0, r3
//     bne refuse
//     ldr r6, =0x20041F00
//     movs r2, #252
//   4: ldr r3, [r7, r2]
//     str r3, [r6, r2]
//     subs r2, r2, #4
//     bpl 4b
//     movs r0, #0
//     mov lr, r0
//     adds r6, r6, #1
//     bx r6
//   refuse:
//     ldr r1, =0x55534231
//     b report
//   usbboot:
//     ldr r1, =0x55534232
//   report:
//     ldr r0, =0x40000FFC
//     str r1, [r0]
//   hang:
//     wfi
//     b hang
//   lookup:
//   5: ldrh r2, [r0]
//     cmp r2, #0
//     beq 6f
//     cmp r2, r1
//     beq 7f
//     adds r0, r0, #4
//     b 5b
//   6: b miss
//     nop
//   7: ldrh r0, [r0, #2]
//     bx lr
//   popcount:
//     movs r1, #0
//   8: cmp r0, #0
//     beq 9f
//     subs r2, r0, #1
//     ands r0, r2
//     adds r1, r1, #1
//     b 8b
//   9: mov r0, r1
//     bx lr
//   reverse:
//     movs r1, #0
//     movs r2, #32
//   10: lsrs r0, r0, #1
//     adcs r1, r1
//     subs r2, r2, #1
//     bne 10b
//     mov r0, r1
//     bx lr
//   clz:
//     movs r1, #32
//   11: cmp r0, #0
//     beq 12f
//     subs r1, r1, #1
//     lsrs r0, r0, #1
//     b 11b
//   12: mov r0, r1
//     bx lr
//   ctz:
//     movs r1, #32
//     cmp r0, #0
//     beq 14f
//     movs r1, #0
//   13: lsrs r0, r0, #1
//     bcs 14f
//     adds r1, r1, #1
//     b 13b
//   14: mov r0, r1
//     bx lr
//   memset:
//     mov r3, r0
//   15: subs r2, r2, #1
//     bmi 16f
//     strb r1, [r3]
//     adds r3, r3, #1
//     b 15b
//   16: bx lr
//   memset4:
//     uxtb r1, r1
//     lsls r3, r1, #8
//     orrs r1, r3
//     lsls r3, r1, #16
//     orrs r1, r3
//     mov r3, r0
//   17: subs r2, r2, #4
//     bmi 18f
//     stmia r3!, {r1}
//     b 17b
//   18: bx lr
//   memcpy:
//     push {r4, lr}
//     mov r4, r0
//   19: subs r2, r2, #1
//     bmi 20f
//     ldrb r3, [r1]
//     strb r3, [r4]
//     adds r1, r1, #1
//     adds r4, r4, #1
//     b 19b
//   20: pop {r4, pc}
//   memcpy44:
//     push {r4, lr}
//     mov r4, r0
//   21: subs r2, r2, #4
//     bmi 22f
//     ldmia r1!, {r3}
//     stmia r4!, {r3}
//     b 21b
//   22: pop {r4, pc}
//   nothing:
//     bx lr
//   .align 2
//   .ltorg
//   .align 2
//   call: @ r5: number of the function; r4 to r6 and LR are on the stack
//     ldr r4, port
//     mrs r6, primask
//     cpsid i
//     stmia r4!, {r0-r3, r5}
//     subs r4, r4, #20
//     ldr r5, [r4, #20]  @ how long it takes
//     ldmia r4!, {r0-r3}
//     msr primask, r6
//   23: subs r5, r5, #1
//     bpl 23b
//     pop {r4-r6, pc}
//     nop
//   port: .word 0x40000F80
//   unknown:
//     push {r4-r6, lr}
//     movs r5, #66
//     b call
//   miss:
//     mov r0, r1
//     b unknown
//   trampoline:
//     blx r7
//   trampoline_end:
//     bkpt #0
//
// Behind it follow the stubs (push, number, branch to call) and the tables.
#include "peripherals/mcus/rp2040_rom.h"

#include <array>
#include <string_view>

namespace simprof {
namespace {

constexpr std::uint8_t kProgram[] = {
    // clang-format off
    0x00, 0x1F, 0x04, 0x20, 0x1D, 0x00, 0x00, 0x00, 0x61, 0x00, 0x00, 0x00, 0x61, 0x00, 0x00, 0x00, 0x4D, 0x75,
    0x01, 0x03, 0x28, 0x01, 0x60, 0x01, 0x65, 0x00, 0x00, 0x00, 0x3B, 0x4F, 0x3C, 0x48, 0x3C, 0x49, 0x00, 0x22,
    0xBB, 0x5C, 0x1B, 0x06, 0x58, 0x40, 0x08, 0x24, 0x40, 0x00, 0x00, 0xD3, 0x48, 0x40, 0x01, 0x3C, 0xFA, 0xD1,
    0x01, 0x32, 0xFC, 0x2A, 0xF3, 0xD1, 0xBB, 0x58, 0x98, 0x42, 0x09, 0xD1, 0x35, 0x4E, 0xFC, 0x22, 0xBB, 0x58,
    0xB3, 0x50, 0x04, 0x3A, 0xFB, 0xD5, 0x00, 0x20, 0x86, 0x46, 0x01, 0x36, 0x30, 0x47, 0x31, 0x49, 0x00, 0xE0,
    0x31, 0x49, 0x31, 0x48, 0x01, 0x60, 0x30, 0xBF, 0xFD, 0xE7, 0x02, 0x88, 0x00, 0x2A, 0x03, 0xD0, 0x8A, 0x42,
    0x03, 0xD0, 0x04, 0x30, 0xF8, 0xE7, 0x6C, 0xE0, 0xC0, 0x46, 0x40, 0x88, 0x70, 0x47, 0x00, 0x21, 0x00, 0x28,
    0x03, 0xD0, 0x42, 0x1E, 0x10, 0x40, 0x01, 0x31, 0xF9, 0xE7, 0x08, 0x46, 0x70, 0x47, 0x00, 0x21, 0x20, 0x22,
    0x40, 0x08, 0x49, 0x41, 0x01, 0x3A, 0xFB, 0xD1, 0x08, 0x46, 0x70, 0x47, 0x20, 0x21, 0x00, 0x28, 0x02, 0xD0,
    0x01, 0x39, 0x40, 0x08, 0xFA, 0xE7, 0x08, 0x46, 0x70, 0x47, 0x20, 0x21, 0x00, 0x28, 0x04, 0xD0, 0x00, 0x21,
    0x40, 0x08, 0x01, 0xD2, 0x01, 0x31, 0xFB, 0xE7, 0x08, 0x46, 0x70, 0x47, 0x03, 0x46, 0x01, 0x3A, 0x02, 0xD4,
    0x19, 0x70, 0x01, 0x33, 0xFA, 0xE7, 0x70, 0x47, 0xC9, 0xB2, 0x0B, 0x02, 0x19, 0x43, 0x0B, 0x04, 0x19, 0x43,
    0x03, 0x46, 0x04, 0x3A, 0x01, 0xD4, 0x02, 0xC3, 0xFB, 0xE7, 0x70, 0x47, 0x10, 0xB5, 0x04, 0x46, 0x01, 0x3A,
    0x04, 0xD4, 0x0B, 0x78, 0x23, 0x70, 0x01, 0x31, 0x01, 0x34, 0xF8, 0xE7, 0x10, 0xBD, 0x10, 0xB5, 0x04, 0x46,
    0x04, 0x3A, 0x02, 0xD4, 0x08, 0xC9, 0x08, 0xC4, 0xFA, 0xE7, 0x10, 0xBD, 0x70, 0x47, 0xC0, 0x46, 0x00, 0x00,
    0x00, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xB7, 0x1D, 0xC1, 0x04, 0x00, 0x1F, 0x04, 0x20, 0x31, 0x42, 0x53, 0x55,
    0x32, 0x42, 0x53, 0x55, 0xFC, 0x0F, 0x00, 0x40, 0x06, 0x4C, 0xEF, 0xF3, 0x10, 0x86, 0x72, 0xB6, 0x2F, 0xC4,
    0x14, 0x3C, 0x65, 0x69, 0x0F, 0xCC, 0x86, 0xF3, 0x10, 0x88, 0x01, 0x3D, 0xFD, 0xD5, 0x70, 0xBD, 0xC0, 0x46,
    0x80, 0x0F, 0x00, 0x40, 0x70, 0xB5, 0x42, 0x25, 0xEC, 0xE7, 0x08, 0x46, 0xFA, 0xE7, 0xB8, 0x47, 0x00, 0xBE,
    // clang-format on
};

// Where in it are what the tables name.
constexpr std::uint16_t kReturn = 0x109, kUsbBoot = 0x05B, kCall = 0x128, kTrampoline = 0x153, kTrampolineEnd = 0x155;
constexpr std::uint16_t kFunctionTable = 0x14, kDataTable = 0x16;

struct Entry {
    char code[3];
    std::uint16_t address;
};

// Functions in the program, by the codes of the data sheet (2.8.3.1).
constexpr Entry kFunctions[] = {
    // clang-format off
    {"P3", 0x07B},
    {"R3", 0x08D},
    {"L3", 0x09D},
    {"T3", 0x0AD},
    {"MS", 0x0C1},
    {"S4", 0x0CF},
    {"MC", 0x0E5},
    {"C4", 0x0F9},
    {"UB", kUsbBoot},
    {"IF", kReturn},
    {"EX", kReturn},
    {"FC", kReturn},
    {"CX", kReturn},
    {"DT", kTrampoline},
    {"DE", kTrampolineEnd},
    // clang-format on
};

class RomWriter {
public:
    std::vector<std::uint8_t> bytes{std::begin(kProgram), std::end(kProgram)};

    std::uint16_t here() const { return static_cast<std::uint16_t>(bytes.size()); }
    void half(std::uint32_t value) {
        bytes.push_back(static_cast<std::uint8_t>(value));
        bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    }
    void word(std::uint32_t value) {
        half(value & 0xFFFF);
        half(value >> 16);
    }
    void align() {
        while (bytes.size() % 4 != 0) {
            bytes.push_back(0);
        }
    }
    void patchHalf(std::size_t at, std::uint16_t value) {
        bytes[at] = static_cast<std::uint8_t>(value);
        bytes[at + 1] = static_cast<std::uint8_t>(value >> 8);
    }
    /// PUSH {r4-r6, lr}; MOVS r5, #number; B call. Gives its address with the Thumb bit.
    std::uint16_t stub(unsigned number) {
        const std::uint16_t at = here();
        half(0xB570);
        half(0x2500 | number);
        half(0xE000 | ((static_cast<unsigned>(kCall - (here() + 4)) >> 1) & 0x7FF));
        return static_cast<std::uint16_t>(at | 1U);
    }
    void entry(std::string_view code, std::uint16_t value) {
        bytes.push_back(static_cast<std::uint8_t>(code[0]));
        bytes.push_back(static_cast<std::uint8_t>(code[1]));
        half(value);
    }
};

/// The 32 functions from number `first` on; their count in words lies two bytes before the table.
std::uint16_t floatTable(RomWriter& rom, unsigned first) {
    std::array<std::uint16_t, kRp2040FloatFunctions> stubs{};
    for (unsigned i = 0; i < stubs.size(); ++i) {
        stubs[i] = rom.stub(first + i);
    }
    rom.align();
    rom.half(0);
    rom.half(kRp2040FloatFunctions);
    const std::uint16_t table = rom.here();
    for (const std::uint16_t stub : stubs) {
        rom.word(stub);
    }
    return table;
}

} // namespace

std::vector<std::uint8_t> rp2040Rom() {
    RomWriter rom;
    const std::uint16_t single = floatTable(rom, kRp2040RomFloat), doubles = floatTable(rom, kRp2040RomDouble);
    const std::uint16_t end = rom.here();
    const std::uint16_t erase = rom.stub(kRp2040RomErase), program = rom.stub(kRp2040RomProgram);
    const std::uint16_t vector = rom.stub(kRp2040RomWaitForVector);
    const std::uint16_t text = rom.here();
    for (const char c : std::string_view("simprof\0", 8)) {
        rom.bytes.push_back(static_cast<std::uint8_t>(c));
    }
    rom.align();
    const std::uint16_t revision = rom.here();
    rom.word(0);
    rom.patchHalf(kFunctionTable, rom.here());
    for (const Entry& function : kFunctions) {
        rom.entry(function.code, function.address);
    }
    rom.entry("RE", erase);
    rom.entry("RP", program);
    rom.entry("WV", vector);
    rom.word(0);
    rom.patchHalf(kDataTable, rom.here());
    rom.entry("CR", text);
    rom.entry("GR", revision);
    rom.entry("FS", kCall);
    rom.entry("FE", end);
    rom.entry("SF", single);
    rom.entry("SD", doubles);
    rom.word(0);
    return rom.bytes;
}

} // namespace simprof
