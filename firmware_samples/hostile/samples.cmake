# SPDX-License-Identifier: GPL-2.0-or-later
# Firmware that wants to take memory, time, disk or the host; tests/cli/hostile_test.cpp says what becomes of it. In a
# folder of its own: who runs all samples would run these to the limit of cycles.

file(MAKE_DIRECTORY ${SIMPROF_FIRMWARE_OUTPUT}/hostile)
foreach(name IN ITEMS resets resets_in_handler watchdog locked_flash clock_toggling print_semihosting print_uart print_itm
        storm sleeps self_modifying recursion wild_stores dma_into_itself mpu_games semihosting_files stack_in_vectors
        lying_flatbuffer heap_forever)
    string(REPLACE "_" "-" program ${name})
    simprof_firmware(hostile/${program}-nucleo-l4r5zi BOARD nucleo-l4r5zi
        SOURCES ${SIMPROF_FIRMWARE_DIR}/hostile/${name}.cpp)
endforeach()

# Nothing hostile but its length.
simprof_firmware(hostile/long-run-nucleo-l4r5zi BOARD nucleo-l4r5zi
    SOURCES ${SIMPROF_FIRMWARE_DIR}/hostile/long_run.cpp ${SIMPROF_FIRMWARE_DIR}/networks/interpreted.cpp
        ${SIMPROF_FIRMWARE_DIR}/core/handlers.cpp ${SIMPROF_FIRMWARE_DIR}/core/threads.cpp
    LIBRARIES runtime_dsp EMBED ${SIMPROF_MODELS_DIR}/sine.tflite networkModel
    DEFINITIONS SIMPROF_ARENA_BYTES=${_arena_of_sine} LINK_OPTIONS -Wl,--defsym=pxCurrentTCB=currentThread)
