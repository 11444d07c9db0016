# SPDX-License-Identifier: GPL-2.0-or-later
# The runtime built for this machine.
#   simprof_runtime   the library, with both kernel sets (the DSP instructions emulated): for tests and tools
#   simprof_aot       the ahead-of-time compiler
include_guard(GLOBAL)

file(GLOB _runtime_sources CONFIGURE_DEPENDS
    ${CMAKE_CURRENT_LIST_DIR}/*.cpp ${CMAKE_CURRENT_LIST_DIR}/kernels/*.cpp ${CMAKE_CURRENT_LIST_DIR}/operators/*.cpp)
add_library(simprof_runtime STATIC ${_runtime_sources})
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH _runtime_include)
target_include_directories(simprof_runtime PUBLIC ${_runtime_include})
target_link_libraries(simprof_runtime PRIVATE simprof_compile_options)

add_executable(simprof_aot ${CMAKE_CURRENT_LIST_DIR}/tools/aot_compiler.cpp)
target_link_libraries(simprof_aot PRIVATE simprof_runtime simprof_compile_options)
