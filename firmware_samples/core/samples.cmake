# SPDX-License-Identifier: GPL-2.0-or-later
# What the Arm architecture itself defines, one subject a program.

function(_simprof_core_sample name board)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "STACK" "SOURCES")
    list(TRANSFORM arg_SOURCES PREPEND ${SIMPROF_FIRMWARE_DIR}/core/)
    simprof_firmware(${name}-${board} BOARD ${board} STACK ${arg_STACK} SOURCES ${arg_SOURCES})
endfunction()

get_property(boards GLOBAL PROPERTY SIMPROF_BOARDS)
foreach(board IN LISTS boards)
    _simprof_core_sample(hello ${board} SOURCES hello.cpp)
endforeach()

# One board a core: M0+, M4, M7.
set(SIMPROF_CORE_SAMPLE_BOARDS nucleo-g0b1re nucleo-l4r5zi stm32f746g-disco)
list(APPEND SIMPROF_CORE_SAMPLE_BOARDS ${SIMPROF_EXTRA_CORE_SAMPLE_BOARDS})
foreach(board IN LISTS SIMPROF_CORE_SAMPLE_BOARDS)
    _simprof_core_sample(exceptions ${board} SOURCES exceptions.cpp exceptions_systick.cpp exceptions_svc.cpp
        exceptions_threads.cpp exceptions_nvic.cpp exceptions_masking.cpp exceptions_sleep.cpp exceptions_vtor.cpp
        handlers.cpp threads.cpp)
    _simprof_core_sample(dwt ${board} SOURCES dwt.cpp)
    _simprof_core_sample(mpu ${board} SOURCES mpu.cpp handlers.cpp threads.cpp)
    _simprof_core_sample(heap ${board} SOURCES heap.cpp)
    _simprof_core_sample(rtt ${board} SOURCES rtt.cpp)
    _simprof_core_sample(stack-overflow ${board} STACK 1024 SOURCES stack_overflow.cpp)
    _simprof_core_sample(spin-forever ${board} SOURCES spin_forever.cpp)
    _simprof_core_sample(sleep-forever ${board} SOURCES sleep_forever.cpp)
endforeach()

# Memory counted by hand.
foreach(board IN ITEMS nucleo-l4r5zi nucleo-g0b1re)
    simprof_firmware(allocations-${board} BOARD ${board} SOURCES ${SIMPROF_FIRMWARE_DIR}/core/allocations.cpp VARIANTS stripped)
    simprof_firmware(stacks-${board} BOARD ${board}
        SOURCES ${SIMPROF_FIRMWARE_DIR}/core/stacks.cpp ${SIMPROF_FIRMWARE_DIR}/core/handlers.cpp
            ${SIMPROF_FIRMWARE_DIR}/core/threads.cpp
        LINK_OPTIONS -Wl,--defsym=pxCurrentTCB=currentThread)
endforeach()

foreach(board IN ITEMS nucleo-l4r5zi stm32f746g-disco nucleo-h7a3zi-q ${SIMPROF_EXTRA_FPU_BOARDS})
    _simprof_core_sample(fpu ${board} SOURCES fpu.cpp fpu_arithmetic.cpp fpu_double.cpp fpu_stacking.cpp handlers.cpp)
    _simprof_core_sample(threads ${board} SOURCES preemptive.cpp handlers.cpp threads.cpp)
    _simprof_core_sample(itm ${board} SOURCES itm.cpp)
endforeach()
