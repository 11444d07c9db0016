# SPDX-License-Identifier: GPL-2.0-or-later
# What the Arm architecture itself defines, one subject a program.
set(core_dir ${CMAKE_CURRENT_LIST_DIR})

get_property(boards GLOBAL PROPERTY SIMPROF_BOARDS)
foreach(board IN LISTS boards)
    simprof_firmware(hello-${board} BOARD ${board} SOURCES ${core_dir}/hello.cpp)
endforeach()
