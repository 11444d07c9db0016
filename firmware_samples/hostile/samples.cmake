# SPDX-License-Identifier: GPL-2.0-or-later
# Firmware that wants to take memory, time, disk or the host; tests/cli/hostile_test.cpp says what becomes of it. In a
# folder of its own: who runs all samples would run these to the limit of cycles.

file(MAKE_DIRECTORY ${SIMPROF_FIRMWARE_OUTPUT}/hostile)
foreach(name IN ITEMS resets resets_in_handler watchdog locked_flash clock_toggling print_semihosting print_uart print_itm
        storm sleeps self_modifying recursion wild_stores dma_into_itself mpu_games semihosting_files stack_in_vectors
        lying_flatbuffer)
    string(REPLACE "_" "-" program ${name})
    simprof_firmware(hostile/${program}-nucleo-l4r5zi BOARD nucleo-l4r5zi
        SOURCES ${SIMPROF_FIRMWARE_DIR}/hostile/${name}.cpp)
endforeach()
