# SPDX-License-Identifier: GPL-2.0-or-later
# The instruction engine: built from source where that can be had, else the distribution's library (docs/ENGINE.md).
# Gives the target simprof_engine, and SIMPROF_ENGINE_BUILT: its folder, empty when it is the distribution's.
set(SIMPROF_ENGINE auto CACHE STRING "auto: from source where it can be had; source: nothing else; distribution")
set_property(CACHE SIMPROF_ENGINE PROPERTY STRINGS auto source distribution)

set(SIMPROF_ENGINE_BUILT "")
if(NOT SIMPROF_ENGINE STREQUAL "distribution")
    execute_process(COMMAND ${CMAKE_COMMAND} -E env CC=${CMAKE_C_COMPILER} ${CMAKE_SOURCE_DIR}/scripts/lib/engine
        OUTPUT_VARIABLE SIMPROF_ENGINE_BUILT OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
    if(failed AND SIMPROF_ENGINE STREQUAL "source")
        message(FATAL_ERROR "The instruction engine was not built from source.")
    endif()
endif()

# For the scripts, which say when it is the distribution's.
set(SIMPROF_ENGINE_FOLDER "${SIMPROF_ENGINE_BUILT}" CACHE INTERNAL "of the engine built from source; empty: the distribution's")

add_library(simprof_engine INTERFACE)
if(SIMPROF_ENGINE_BUILT)
    file(READ ${SIMPROF_ENGINE_BUILT}/build-time time)
    string(STRIP "${time}" time)
    message(STATUS "Instruction engine: built from source (in ${time}), ${SIMPROF_ENGINE_BUILT}")
    target_include_directories(simprof_engine SYSTEM INTERFACE ${SIMPROF_ENGINE_BUILT}/include)
    target_link_libraries(simprof_engine INTERFACE ${SIMPROF_ENGINE_BUILT}/lib/libunicorn.a Threads::Threads m)
else()
    message(STATUS "Instruction engine: the distribution's Unicorn ${UNICORN_VERSION}")
    target_link_libraries(simprof_engine INTERFACE PkgConfig::UNICORN)
endif()
