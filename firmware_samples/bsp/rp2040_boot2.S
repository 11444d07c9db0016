// SPDX-License-Identifier: GPL-2.0-or-later
// Second-stage boot of the RP2040 (datasheet 2.8.1.3.1): the boot ROM copies 256 bytes from the start of the flash to
// 0x20041F00, checks the CRC-32 in their last word and calls them. This code puts flash and SSI into continuous quad
// read (command EBh) at clk_sys / 2 and starts the program behind it. Registers: datasheet 4.10.13 (SSI), 2.19.6.4
// (PADS_QSPI); commands: W25Q16JV data sheet 8.1.2. It must run wherever it is copied to.
    .syntax unified
    .thumb
    .section .boot2, "ax", %progbits

    .equ SSI, 0x18000000
    .equ CTRLR0, 0x00
    .equ CTRLR1, 0x04
    .equ SSIENR, 0x08
    .equ BAUDR, 0x14
    .equ SR, 0x28
    .equ DR0, 0x60
    .equ RX_SAMPLE_DLY, 0xF0
    .equ SPI_CTRLR0, 0xF4
    .equ PADS_QSPI, 0x40020000
    .equ PROGRAM, 0x10000100
    .equ VTOR, 0xE000ED08

    .global boot2
    .type boot2, %function
    .thumb_func
boot2:
    push {r4, lr}
    // r4: SSI; r5 and up stay the boot ROM's.
    // Pads at 66 MHz: SCLK 8 mA and fast slew, no Schmitt trigger on SD0..3.
    ldr r3, =PADS_QSPI
    movs r0, #0x21
    str r0, [r3, #0x04]
    ldr r0, [r3, #0x08]
    movs r1, #2
    bics r0, r1
    str r0, [r3, #0x08]
    str r0, [r3, #0x0C]
    str r0, [r3, #0x10]
    str r0, [r3, #0x14]

    // Plain SPI, frames of 8 bits, sample one cycle late.
    ldr r4, =SSI
    movs r0, #0
    str r0, [r4, #SSIENR]
    movs r0, #2
    str r0, [r4, #BAUDR]
    movs r0, #1
    movs r1, #RX_SAMPLE_DLY
    str r0, [r4, r1]
    ldr r0, =7 << 16
    str r0, [r4, #CTRLR0]
    movs r0, #1
    str r0, [r4, #SSIENR]

    // Quad enable is bit 1 of status register 2; written only where it is not set yet.
    movs r0, #0x35
    bl readStatus
    movs r1, #2
    tst r0, r1
    bne quadEnabled
    movs r0, #0x06 // write enable
    str r0, [r4, #DR0]
    bl waitIdle
    ldr r0, [r4, #DR0]
    movs r0, #0x01 // write status registers: 0, QE
    str r0, [r4, #DR0]
    movs r0, #0
    str r0, [r4, #DR0]
    movs r0, #2
    str r0, [r4, #DR0]
    bl waitIdle
    ldr r0, [r4, #DR0]
    ldr r0, [r4, #DR0]
    ldr r0, [r4, #DR0]
stillWriting:
    movs r0, #0x05
    bl readStatus
    lsrs r0, #1
    bcs stillWriting

quadEnabled:
    // One quad read with its command and mode bits A0h: the flash then expects no command.
    movs r1, #SPI_CTRLR0
    movs r0, #0
    str r0, [r4, #SSIENR]
    str r0, [r4, #CTRLR1]
    ldr r0, =2 << 21 | 31 << 16 | 3 << 8 // quad, 32 bits, EEPROM read
    str r0, [r4, #CTRLR0]
    ldr r0, =4 << 11 | 2 << 8 | 8 << 2 | 1 // 4 wait cycles, 8-bit command on one line, 32 bits on four
    str r0, [r4, r1]
    movs r0, #1
    str r0, [r4, #SSIENR]
    movs r0, #0xEB
    str r0, [r4, #DR0]
    movs r0, #0xA0
    str r0, [r4, #DR0]
    bl waitIdle
    movs r0, #0
    str r0, [r4, #SSIENR]
    movs r1, #SPI_CTRLR0
    ldr r0, =0xA0 << 24 | 4 << 11 | 8 << 2 | 2 // no command, mode bits A0h after the address, all on four lines
    str r0, [r4, r1]
    movs r0, #1
    str r0, [r4, #SSIENR]

    // The boot ROM calls with a link register of 0; a program that called this wants to be returned to.
    pop {r4}
    pop {r0}
    cmp r0, #0
    beq startProgramInFlash
    bx r0
startProgramInFlash:
    ldr r0, =PROGRAM
    ldr r1, =VTOR
    str r0, [r1]
    ldmia r0, {r0, r1}
    msr msp, r0
    bx r1

// r0: command; returns its answer byte in r0.
readStatus:
    push {lr}
    str r0, [r4, #DR0]
    str r0, [r4, #DR0]
    bl waitIdle
    ldr r0, [r4, #DR0]
    ldr r0, [r4, #DR0]
    pop {pc}

// Until TFE is set and BUSY clear; changes r1 and r2.
waitIdle:
    ldr r1, [r4, #SR]
    movs r2, #5
    ands r1, r2
    cmp r1, #4
    bne waitIdle
    bx lr
    .size boot2, . - boot2
    .ltorg
    .org 252
