# SPDX-License-Identifier: GPL-2.0-or-later
# How our own code is compiled, and the one function by which each folder becomes one library.
add_library(simprof_compile_options INTERFACE)
target_compile_options(simprof_compile_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow
    $<$<BOOL:${SIMPROF_WERROR}>:-Werror> -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
if(SIMPROF_WERROR AND CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 sees overlaps in std::string's own copies (GCC bug 105651).
    target_compile_options(simprof_compile_options INTERFACE -Wno-restrict)
endif()
if(SIMPROF_SANITIZE)
    # GCC 12 sees overflows in std::vector::resize, which are none, where the sanitizers' checks split the paths.
    target_compile_options(simprof_compile_options INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer
        $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-stringop-overflow> $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-array-bounds>)
    target_link_options(simprof_compile_options INTERFACE -fsanitize=address,undefined)
endif()
option(SIMPROF_FUZZ "Build the libFuzzer targets (clang)" OFF)
if(SIMPROF_FUZZ)
    target_compile_options(simprof_compile_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# A static library of all C++ files below this folder; links what it names. Includes are written from the repository's top.
function(simprof_library name)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ARGN} PRIVATE simprof_compile_options)
    # Each file still includes what it uses: the builds that check warnings go without.
    target_precompile_headers(${name} PRIVATE <algorithm> <array> <functional> <map> <memory> <optional> <span> <string>
        <utility> <vector> <fmt/format.h>)
endfunction()
