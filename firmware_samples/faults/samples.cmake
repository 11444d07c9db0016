# SPDX-License-Identifier: GPL-2.0-or-later
# One program per fault that it does not handle; expected.txt says what each must show.

# fault-KIND-BOARD from FILE, compiled with FAULT=KIND; main.cpp is one object for all of a core.
function(_simprof_fault_samples file)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "BOARDS;KINDS")
    set(dir ${SIMPROF_FIRMWARE_DIR}/faults)
    foreach(kind IN LISTS arg_KINDS)
        string(TOLOWER ${kind} name)
        string(REPLACE "_" "-" name ${name})
        foreach(board IN LISTS arg_BOARDS)
            _simprof_object(object ${dir}/${file} ${SIMPROF_BOARD_${board}_CORE} "FAULT=${kind}" "" "" "")
            simprof_firmware(fault-${name}-${board} BOARD ${board} SOURCES ${dir}/main.cpp OBJECTS ${object})
        endforeach()
    endforeach()
endfunction()

set(armv6m_boards nucleo-g0b1re ${SIMPROF_EXTRA_ARMV6M_BOARDS})
_simprof_fault_samples(armv6m.cpp BOARDS ${armv6m_boards}
    KINDS unaligned udiv movw cbz undefined read_unmapped write_unmapped execute_unmapped execute_never thumb_bit
        svc_masked bkpt)
_simprof_fault_samples(in_handler.cpp BOARDS ${armv6m_boards} KINDS LOCKUP)

set(armv7m_boards nucleo-l4r5zi stm32f746g-disco ${SIMPROF_EXTRA_FPU_BOARDS})
_simprof_fault_samples(armv7m.cpp BOARDS ${armv7m_boards}
    KINDS nocp undefinstr undefinstr_enabled invstate unaligned_trap unaligned_ldrd unaligned_ldm unaligned_vldr
        divbyzero preciserr preciserr_enabled impreciserr ibuserr iaccviol stkerr mstkerr daccviol svc_masked bkpt)
_simprof_fault_samples(in_handler.cpp BOARDS ${armv7m_boards} KINDS LOCKUP INVPC UNSTKERR)
