// SPDX-License-Identifier: GPL-2.0-or-later
// Vector table and reset. All 16 system entries and IRQ_COUNT external ones are weak and end in Default_Handler,
// an endless loop, as in most real firmware; a sample defines the handlers that it wants (IRQ5_Handler, ...).
    .syntax unified
    .thumb

    .macro system_vector name
    .weak \name
    .thumb_set \name, Default_Handler
    .word \name
    .endm

    .altmacro
    .macro irq_vector number
    .weak IRQ\number\()_Handler
    .thumb_set IRQ\number\()_Handler, Default_Handler
    .word IRQ\number\()_Handler
    .endm

    .section .text.Default_Handler, "ax", %progbits
    .global Default_Handler
    .type Default_Handler, %function
    .thumb_func
Default_Handler:
    b Default_Handler
    .size Default_Handler, . - Default_Handler

    .section .vectors, "a", %progbits
    // Every table in boards.cmake's FLASH starts on a multiple of its own size, rounded up to a power of two.
    .balign 256
    .global vectorTable
    .type vectorTable, %object
vectorTable:
    .word _stack_top
    .word Reset_Handler
    system_vector NMI_Handler
    system_vector HardFault_Handler
#if __ARM_ARCH >= 7
    system_vector MemManage_Handler
    system_vector BusFault_Handler
    system_vector UsageFault_Handler
#else
    .word 0, 0, 0
#endif
    .word 0, 0, 0, 0
    system_vector SVC_Handler
#if __ARM_ARCH >= 7
    system_vector DebugMon_Handler
#else
    .word 0
#endif
    .word 0
    system_vector PendSV_Handler
    system_vector SysTick_Handler
    .set number, 0
    .rept IRQ_COUNT
    irq_vector %number
    .set number, number + 1
    .endr
    .size vectorTable, . - vectorTable
    .global vectorTableEnd
vectorTableEnd:

    .section .text.Reset_Handler, "ax", %progbits
    .global Reset_Handler
    .type Reset_Handler, %function
    .thumb_func
Reset_Handler:
    // A bootloader jumps here with its own stack and, some of them, with interrupts masked.
    ldr r0, =_stack_top
    msr msp, r0
    cpsie i
#ifdef __ARM_FP
    // CPACR: full access to CP10 and CP11 (Armv7-M ARM B3.2.20).
    ldr r0, =0xE000ED88
    ldr r1, [r0]
    ldr r2, =0x00F00000
    orrs r1, r2
    str r1, [r0]
    dsb
    isb
#endif
    bl startProgram
    b .
    .size Reset_Handler, . - Reset_Handler
    .ltorg
