# SPDX-License-Identifier: GPL-2.0-or-later
# The boards' table: core, files of the MCU family, memories, external interrupts, stack.
# FLASH is where the application starts on a board as it is sold (behind its bootloader, where there is one).
# RAM is the region for .data, .bss, heap and stack. FAST is a second RAM for objects in the section .fast_data.
# NO_SAMPLES: no core samples are made for it.

function(_simprof_board name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "BOOT2;NO_SAMPLES" "CORE;FAMILY;FLASH;FLASH_SIZE;RAM;RAM_SIZE;FAST;FAST_SIZE;IRQS;STACK" "DEFINITIONS")
    foreach(field IN ITEMS CORE FAMILY FLASH FLASH_SIZE RAM RAM_SIZE IRQS STACK DEFINITIONS BOOT2)
        set(SIMPROF_BOARD_${name}_${field} "${arg_${field}}" PARENT_SCOPE)
    endforeach()
    set(FLASH ${arg_FLASH})
    set(FLASH_SIZE ${arg_FLASH_SIZE})
    set(RAM ${arg_RAM})
    set(RAM_SIZE ${arg_RAM_SIZE})
    if(arg_FAST)
        set(FAST ${arg_FAST})
        set(FAST_SIZE ${arg_FAST_SIZE})
        set(FAST_REGION FAST)
    else()
        set(FAST ${arg_RAM})
        set(FAST_SIZE 0)
        set(FAST_REGION RAM)
    endif()
    set(BOOT2 0)
    if(arg_BOOT2)
        math(EXPR BOOT2 "${arg_FLASH} - 0x100" OUTPUT_FORMAT HEXADECIMAL)
    endif()
    configure_file(${SIMPROF_FIRMWARE_DIR}/bsp/board.ld.in ${SIMPROF_FIRMWARE_OBJECTS}/ld/${name}.ld @ONLY)
    if(NOT arg_NO_SAMPLES)
        set_property(GLOBAL APPEND PROPERTY SIMPROF_BOARDS ${name})
    endif()
endfunction()

# STM32L4R5ZI: 2 MB flash; SRAM1 192 KB + SRAM2 64 KB + SRAM3 384 KB are contiguous (RM0432 2.2, table of memory map).
_simprof_board(nucleo-l4r5zi CORE m4 FAMILY stm32l4 IRQS 95 STACK 16384
    FLASH 0x08000000 FLASH_SIZE 2048K RAM 0x20000000 RAM_SIZE 640K)
# STM32F746NG: 1 MB flash; DTCM 64 KB + SRAM1 240 KB + SRAM2 16 KB are contiguous (RM0385 2.2.2).
_simprof_board(stm32f746g-disco CORE m7sp FAMILY stm32f7 IRQS 98 STACK 16384
    FLASH 0x08000000 FLASH_SIZE 1024K RAM 0x20000000 RAM_SIZE 320K)
# STM32H7A3ZI: 2 MB flash; AXI SRAM1..3 256+384+384 KB are contiguous, DTCM 128 KB (RM0455 2.3.2).
_simprof_board(nucleo-h7a3zi-q CORE m7 FAMILY stm32h7a3 IRQS 155 STACK 16384
    FLASH 0x08000000 FLASH_SIZE 2048K RAM 0x24000000 RAM_SIZE 1024K FAST 0x20000000 FAST_SIZE 128K)
# STM32H747XI, M7 core: the first 256 KB of flash hold the Arduino bootloader; AXI SRAM 512 KB, DTCM 128 KB (RM0399 2.3.2).
_simprof_board(portenta-h7 CORE m7 FAMILY stm32h747 IRQS 150 STACK 16384
    FLASH 0x08040000 FLASH_SIZE 768K RAM 0x24000000 RAM_SIZE 512K FAST 0x20000000 FAST_SIZE 128K)
# STM32G0B1RE: 512 KB flash; 144 KB SRAM while its parity is unused (RM0444 2.3).
_simprof_board(nucleo-g0b1re CORE m0plus FAMILY stm32g0 IRQS 32 STACK 8192
    FLASH 0x08000000 FLASH_SIZE 512K RAM 0x20000000 RAM_SIZE 144K)
# STM32L053R8: 64 KB flash, 8 KB SRAM (RM0367 2.2.2).
_simprof_board(nucleo-l053r8 CORE m0plus FAMILY stm32l0 IRQS 32 STACK 1536
    FLASH 0x08000000 FLASH_SIZE 64K RAM 0x20000000 RAM_SIZE 8K)
# RP2040: 2 MB QSPI flash, its first 256 bytes are the second-stage boot; SRAM0..5 264 KB (RP2040 datasheet 2.6.2, 2.8.1).
_simprof_board(raspberry-pi-pico CORE m0plus FAMILY rp2040 IRQS 32 STACK 8192 BOOT2
    FLASH 0x10000100 FLASH_SIZE 2047K RAM 0x20000000 RAM_SIZE 264K)
# nRF52840: 1 MB flash with the Arduino bootloader in the first 64 KB; 256 KB RAM (nRF52840 PS 4.2).
_simprof_board(arduino-nano-33-ble CORE m4 FAMILY nrf52840 IRQS 48 STACK 16384
    FLASH 0x00010000 FLASH_SIZE 960K RAM 0x20000000 RAM_SIZE 256K)
# Apollo3 Blue: 1 MB flash, the secure bootloader ends at 0xC000; 64 KB TCM + 320 KB SRAM are contiguous (Apollo3 datasheet 3.4).
_simprof_board(sparkfun-edge CORE m4 FAMILY apollo3 IRQS 32 STACK 16384
    FLASH 0x0000C000 FLASH_SIZE 976K RAM 0x10000000 RAM_SIZE 384K)
# STM32F407VG: 1 MB flash; SRAM1 112 KB + SRAM2 16 KB are contiguous, CCM 64 KB (RM0090 2.3.1).
_simprof_board(stm32f407-disco CORE m4 FAMILY stm32f4 IRQS 82 STACK 8192
    FLASH 0x08000000 FLASH_SIZE 1024K RAM 0x20000000 RAM_SIZE 128K FAST 0x10000000 FAST_SIZE 64K)
# nRF51822 QFAA: 256 KB flash, 16 KB RAM (nRF51822 PS 1.1).
_simprof_board(microbit CORE m0 FAMILY nrf51 IRQS 32 STACK 2048
    FLASH 0x00000000 FLASH_SIZE 256K RAM 0x20000000 RAM_SIZE 16K)
# The memories of Arm's FPGA image AN386 as qemu-system-arm has them (QEMU, hw/arm/mps2.c): 4 MB at 0 for code, 4 MB of
# RAM. scripts/benchmark --qemu runs on it; tests/benchmark/mps2-an386.toml is the board for simprof.
_simprof_board(mps2-an386 NO_SAMPLES CORE m4 FAMILY semihosted IRQS 32 STACK 16384
    FLASH 0x00000000 FLASH_SIZE 4096K RAM 0x20000000 RAM_SIZE 4096K)

# A second-stage boot and its checksum.
function(_simprof_boot2_objects out core source)
    set(bsp ${SIMPROF_FIRMWARE_DIR}/bsp)
    set(header ${SIMPROF_FIRMWARE_OBJECTS}/boot2_crc.h)
    _simprof_object(code ${source} ${core} "" "" "" "")
    get_property(known GLOBAL PROPERTY SIMPROF_BOOT2_KNOWN)
    if(NOT known)
        set_property(GLOBAL PROPERTY SIMPROF_BOOT2_KNOWN TRUE)
        add_custom_command(OUTPUT ${header}
            COMMAND ${SIMPROF_ARM_OBJCOPY} -O binary -j .boot2 ${code} ${header}.bin
            COMMAND ${CMAKE_COMMAND} -DINPUT=${header}.bin -DOUTPUT=${header} -P ${bsp}/boot2_crc.cmake
            DEPENDS ${code} ${bsp}/boot2_crc.cmake COMMENT "Firmware checksum of the second-stage boot" VERBATIM)
    endif()
    _simprof_object(crc ${bsp}/boot2_crc.S ${core} "BOOT2_CRC_HEADER=\"${header}\"" "" "" ${header})
    set(${out} ${code} ${crc} PARENT_SCOPE)
endfunction()

# The objects every program of a board starts with.
function(_simprof_board_objects out board)
    set(core ${SIMPROF_BOARD_${board}_CORE})
    set(bsp ${SIMPROF_FIRMWARE_DIR}/bsp)
    _simprof_object(vectors ${bsp}/vectors.S ${core} "IRQ_COUNT=${SIMPROF_BOARD_${board}_IRQS}" "" "" "")
    set(objects ${vectors})
    foreach(source IN ITEMS startup.cpp cortex_m.cpp console.cpp syscalls.cpp ${SIMPROF_BOARD_${board}_FAMILY}.cpp)
        _simprof_object(object ${bsp}/${source} ${core} "${SIMPROF_BOARD_${board}_DEFINITIONS}" "" "" "")
        list(APPEND objects ${object})
    endforeach()
    if(SIMPROF_BOARD_${board}_BOOT2)
        _simprof_boot2_objects(boot2 ${core} ${bsp}/${SIMPROF_BOARD_${board}_FAMILY}_boot2.S)
        list(APPEND objects ${boot2})
    endif()
    set(${out} "${objects}" PARENT_SCOPE)
endfunction()
