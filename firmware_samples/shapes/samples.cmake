# SPDX-License-Identifier: GPL-2.0-or-later
# shape-NAME-BOARD.elf: the ways in which runtimes without a flatbuffer call their layers.
foreach(board IN ITEMS nucleo-l4r5zi stm32f746g-disco nucleo-g0b1re)
    foreach(shape IN ITEMS loop switch table two recurrent)
        simprof_firmware(shape-${shape}-${board} BOARD ${board} SOURCES ${SIMPROF_FIRMWARE_DIR}/shapes/${shape}.cpp VARIANTS stripped)
    endforeach()
endforeach()
foreach(board IN ITEMS nucleo-l4r5zi nucleo-g0b1re)
    simprof_firmware(shape-stack-${board} BOARD ${board} SOURCES ${SIMPROF_FIRMWARE_DIR}/shapes/stack.cpp)
    simprof_firmware(shape-stack-pool-${board} BOARD ${board} SOURCES ${SIMPROF_FIRMWARE_DIR}/shapes/stack_pool.cpp)
endforeach()
