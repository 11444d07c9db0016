# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds Arm firmware with custom commands, so that one CMake project holds host programs and firmware.
#
#   simprof_firmware_library(NAME
#       CORES m0plus m4 m7sp m7 ...         one archive per core
#       SOURCES a.c b.cpp c.S               relative to the calling file's folder, or absolute
#       [DEFINITIONS X=1] [INCLUDES dir...] [OPTIONS flag...]
#       [LTO])                              also as link-time-optimisation objects, for VARIANTS lto
#
#   simprof_firmware(NAME                   makes ${CMAKE_BINARY_DIR}/firmware/NAME.elf
#       BOARD board                         a row of bsp/boards.cmake
#       SOURCES ... [LIBRARIES lib...] [DEFINITIONS ...] [INCLUDES ...] [OPTIONS ...]
#       [EMBED file symbol ...]             `extern "C" const unsigned char symbol[]; const std::uint32_t symbol_size;`
#       [STACK bytes]                       reserved above the heap; default from the board's row
#       [OBJECTS ...] [LINK_OPTIONS ...] [DEPENDS ...]
#       [ON_DEMAND]                         not part of `firmware`: `ninja firmware-on-demand` builds it
#       [VARIANTS stripped lto])            also NAME-stripped.elf, NAME-lto.elf
#
# INCLUDES of a library reach the programs that link it. Objects are keyed by source, core and flags: two programs
# or two boards with the same key share one object. `ninja firmware` builds all, `ninja firmware/NAME.elf` one.

find_program(SIMPROF_ARM_GCC arm-none-eabi-gcc)
find_program(SIMPROF_ARM_GXX arm-none-eabi-g++)
find_program(SIMPROF_ARM_AR arm-none-eabi-gcc-ar)
find_program(SIMPROF_ARM_STRIP arm-none-eabi-strip)
find_program(SIMPROF_ARM_OBJCOPY arm-none-eabi-objcopy)
if(NOT (SIMPROF_ARM_GCC AND SIMPROF_ARM_GXX AND SIMPROF_ARM_AR AND SIMPROF_ARM_STRIP AND SIMPROF_ARM_OBJCOPY))
    message(STATUS "Firmware samples are skipped: arm-none-eabi-gcc (with g++ and newlib) was not found.")
    set(SIMPROF_FIRMWARE_AVAILABLE FALSE)
    return()
endif()
set(SIMPROF_FIRMWARE_AVAILABLE TRUE)

set(SIMPROF_FIRMWARE_DIR ${CMAKE_CURRENT_LIST_DIR})
get_filename_component(SIMPROF_FIRMWARE_TOP ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
set(SIMPROF_FIRMWARE_OUTPUT ${CMAKE_BINARY_DIR}/firmware)
set(SIMPROF_FIRMWARE_OBJECTS ${CMAKE_BINARY_DIR}/firmware-objects)
get_filename_component(_tool_bin ${SIMPROF_ARM_GCC} DIRECTORY)
get_filename_component(_tool_prefix ${_tool_bin} DIRECTORY)

# One row per core. The hardware of the FPU, not the size of the part, decides between m7sp and m7 (double precision).
set(SIMPROF_CORE_m0 -mcpu=cortex-m0 -mfloat-abi=soft -DCORE_IS_M0)
set(SIMPROF_CORE_m0plus -mcpu=cortex-m0plus -mfloat-abi=soft)
set(SIMPROF_CORE_m4 -mcpu=cortex-m4 -mfpu=fpv4-sp-d16 -mfloat-abi=hard)
set(SIMPROF_CORE_m7sp -mcpu=cortex-m7 -mfpu=fpv5-sp-d16 -mfloat-abi=hard -DCORE_IS_M7)
set(SIMPROF_CORE_m7 -mcpu=cortex-m7 -mfpu=fpv5-d16 -mfloat-abi=hard -DCORE_IS_M7)

# Prefix maps: the last match wins in GCC. Neither the checkout's nor the toolchain's place may reach an ELF.
set(SIMPROF_FIRMWARE_PREFIX_MAP
    -ffile-prefix-map=${_tool_prefix}=toolchain
    -ffile-prefix-map=${SIMPROF_FIRMWARE_TOP}=.
    -ffile-prefix-map=${CMAKE_BINARY_DIR}=build)
set(SIMPROF_FIRMWARE_FLAGS -mthumb -masm-syntax-unified -O2 -g -ffunction-sections -fdata-sections -Wall -Wextra
    ${SIMPROF_FIRMWARE_PREFIX_MAP})
set(SIMPROF_FIRMWARE_C_FLAGS -std=c11)
set(SIMPROF_FIRMWARE_CXX_FLAGS -std=c++20 -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-use-cxa-atexit)

# The launcher of the host build (ccache) is as good for firmware.
set(SIMPROF_FIRMWARE_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})

# _simprof_object(OUT source core definitions includes options [extra dependency]): the object's path; its command once.
function(_simprof_object out source core definitions includes options dependencies)
    get_filename_component(source ${source} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_LIST_DIR})
    if(NOT DEFINED SIMPROF_CORE_${core})
        message(FATAL_ERROR "firmware: no core named '${core}'; see SIMPROF_CORE_* in firmware_samples/firmware.cmake")
    endif()
    set(key "${definitions}|${includes}|${options}")
    string(MD5 key "${key}")
    string(SUBSTRING ${key} 0 8 key)
    cmake_path(IS_PREFIX SIMPROF_FIRMWARE_TOP ${source} in_tree)
    if(in_tree)
        file(RELATIVE_PATH name ${SIMPROF_FIRMWARE_TOP} ${source})
    else()
        string(MD5 folder ${source})
        string(SUBSTRING ${folder} 0 8 folder)
        get_filename_component(name ${source} NAME)
        set(name "outside/${folder}/${name}")
    endif()
    set(object ${SIMPROF_FIRMWARE_OBJECTS}/${core}-${key}/${name}.o)
    set(${out} ${object} PARENT_SCOPE)

    string(MD5 known ${object})
    get_property(is_known GLOBAL PROPERTY SIMPROF_OBJECT_${known} SET)
    if(is_known)
        return()
    endif()
    set_property(GLOBAL PROPERTY SIMPROF_OBJECT_${known} TRUE)

    if(source MATCHES "\\.(cpp|cc|cxx)$")
        set(compile ${SIMPROF_ARM_GXX} ${SIMPROF_FIRMWARE_CXX_FLAGS})
    elseif(source MATCHES "\\.c$")
        set(compile ${SIMPROF_ARM_GCC} ${SIMPROF_FIRMWARE_C_FLAGS})
    elseif(source MATCHES "\\.S$")
        # GCC 12 hands the assembler only this spelling.
        string(REPLACE -ffile-prefix-map -fdebug-prefix-map assembler_map "${SIMPROF_FIRMWARE_PREFIX_MAP}")
        set(compile ${SIMPROF_ARM_GCC} ${assembler_map})
    else()
        message(FATAL_ERROR "firmware: ${source} is neither .c, .cpp, .cc, .cxx nor .S")
    endif()
    list(TRANSFORM definitions PREPEND -D)
    list(TRANSFORM includes PREPEND -I)
    get_filename_component(folder ${object} DIRECTORY)
    file(MAKE_DIRECTORY ${folder})
    add_custom_command(OUTPUT ${object}
        COMMAND ${SIMPROF_FIRMWARE_LAUNCHER} ${compile} ${SIMPROF_CORE_${core}} ${SIMPROF_FIRMWARE_FLAGS} ${options}
            ${definitions} -I${SIMPROF_FIRMWARE_DIR} ${includes} -MD -MT ${object} -MF ${object}.d -c ${source} -o ${object}
        DEPENDS ${source} ${dependencies} DEPFILE ${object}.d
        WORKING_DIRECTORY ${SIMPROF_FIRMWARE_TOP}
        COMMENT "Firmware object (${core}) ${name}" VERBATIM)
endfunction()

function(_simprof_archive out name core suffix)
    set(archive ${SIMPROF_FIRMWARE_OBJECTS}/lib/${name}-${core}${suffix}.a)
    file(MAKE_DIRECTORY ${SIMPROF_FIRMWARE_OBJECTS}/lib)
    # Objects reach the archiver through a response file: a large runtime's list is longer than a command line may be.
    string(REPLACE ";" "\n" lines "${ARGN}")
    file(CONFIGURE OUTPUT ${archive}.rsp CONTENT "${lines}\n" @ONLY)
    add_custom_command(OUTPUT ${archive}
        COMMAND ${CMAKE_COMMAND} -E rm -f ${archive}
        COMMAND ${SIMPROF_ARM_AR} rcsD ${archive} @${archive}.rsp
        DEPENDS ${ARGN} ${archive}.rsp COMMENT "Firmware library ${name}-${core}${suffix}" VERBATIM)
    set(${out} ${archive} PARENT_SCOPE)
endfunction()

function(simprof_firmware_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "LTO" "" "CORES;SOURCES;DEFINITIONS;INCLUDES;OPTIONS")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_CORES OR NOT arg_SOURCES)
        message(FATAL_ERROR "simprof_firmware_library(${name}): needs CORES and SOURCES; not understood: '${arg_UNPARSED_ARGUMENTS}'")
    endif()
    set_property(GLOBAL PROPERTY SIMPROF_LIBRARY_${name}_INCLUDES "${arg_INCLUDES}")
    set(flavours "")
    if(arg_LTO)
        set(flavours -lto)
    endif()
    foreach(core IN LISTS arg_CORES)
        foreach(flavour IN ITEMS "" ${flavours})
            set(options ${arg_OPTIONS})
            if(flavour)
                list(APPEND options -flto)
            endif()
            set(objects "")
            foreach(source IN LISTS arg_SOURCES)
                _simprof_object(object ${source} ${core} "${arg_DEFINITIONS}" "${arg_INCLUDES}" "${options}" "")
                list(APPEND objects ${object})
            endforeach()
            _simprof_archive(archive ${name} ${core} "${flavour}" ${objects})
            set_property(GLOBAL PROPERTY SIMPROF_LIBRARY_${name}_${core}${flavour} ${archive})
        endforeach()
    endforeach()
endfunction()

# Links one ELF. Start-up and board support come as objects, so that their vector table is always the one in use.
function(_simprof_link output board core objects archives link_options stack list)
    if(NOT stack)
        set(stack ${SIMPROF_BOARD_${board}_STACK})
    endif()
    add_custom_command(OUTPUT ${output}
        COMMAND ${SIMPROF_ARM_GXX} ${SIMPROF_CORE_${core}} ${SIMPROF_FIRMWARE_FLAGS} ${SIMPROF_FIRMWARE_CXX_FLAGS} -nostartfiles
            --specs=nano.specs -Wl,--gc-sections -Wl,--build-id=none -Wl,--no-warn-rwx-segments -Wl,--defsym=_stack_size=${stack}
            -L${SIMPROF_FIRMWARE_OBJECTS}/ld -T ${board}.ld ${link_options}
            ${objects} -Wl,--start-group ${archives} -lm -Wl,--end-group -o ${output}
        DEPENDS ${objects} ${archives} ${SIMPROF_FIRMWARE_OBJECTS}/ld/${board}.ld
        WORKING_DIRECTORY ${SIMPROF_FIRMWARE_TOP}
        COMMENT "Firmware ${output}" VERBATIM)
    set_property(GLOBAL APPEND PROPERTY ${list} ${output})
endfunction()

# _simprof_embeds(OUT core file symbol ...): one object per embedded file, 16-byte aligned in .rodata.
function(_simprof_embeds out core)
    set(objects "")
    set(pairs ${ARGN})
    while(pairs)
        list(POP_FRONT pairs file symbol)
        get_filename_component(file ${file} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_LIST_DIR})
        _simprof_object(object ${SIMPROF_FIRMWARE_DIR}/bsp/embed.S ${core}
            "EMBED_FILE=\"${file}\";EMBED_SYMBOL=${symbol}" "" "" ${file})
        list(APPEND objects ${object})
    endwhile()
    set(${out} "${objects}" PARENT_SCOPE)
endfunction()

function(simprof_firmware name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "ON_DEMAND" "BOARD;STACK"
        "SOURCES;OBJECTS;LIBRARIES;DEFINITIONS;INCLUDES;OPTIONS;LINK_OPTIONS;EMBED;DEPENDS;VARIANTS")
    set(core "${SIMPROF_BOARD_${arg_BOARD}_CORE}")
    if(arg_UNPARSED_ARGUMENTS OR NOT core)
        message(FATAL_ERROR "simprof_firmware(${name}): BOARD '${arg_BOARD}' must be a row of bsp/boards.cmake; not understood: '${arg_UNPARSED_ARGUMENTS}'")
    endif()
    set(includes ${arg_INCLUDES})
    foreach(library IN LISTS arg_LIBRARIES)
        get_property(library_includes GLOBAL PROPERTY SIMPROF_LIBRARY_${library}_INCLUDES)
        list(APPEND includes ${library_includes})
    endforeach()
    list(REMOVE_DUPLICATES includes)
    _simprof_board_objects(board_objects ${arg_BOARD})
    _simprof_embeds(embed_objects ${core} ${arg_EMBED})
    set(list SIMPROF_FIRMWARE_ELFS)
    if(arg_ON_DEMAND)
        set(list SIMPROF_FIRMWARE_ON_DEMAND)
    endif()

    set(flavours "")
    if(lto IN_LIST arg_VARIANTS)
        set(flavours -lto)
    endif()
    foreach(flavour IN ITEMS "" ${flavours})
        set(options ${arg_OPTIONS})
        set(link_options ${arg_LINK_OPTIONS})
        if(flavour)
            list(APPEND options -flto)
            list(APPEND link_options -flto=1)
        endif()
        set(objects ${arg_OBJECTS})
        foreach(source IN LISTS arg_SOURCES)
            _simprof_object(object ${source} ${core} "${arg_DEFINITIONS}" "${includes}" "${options}" "${arg_DEPENDS}")
            list(APPEND objects ${object})
        endforeach()
        set(archives "")
        foreach(library IN LISTS arg_LIBRARIES)
            get_property(archive GLOBAL PROPERTY SIMPROF_LIBRARY_${library}_${core}${flavour})
            if(NOT archive)
                message(FATAL_ERROR "simprof_firmware(${name}): library '${library}' is not built for ${core}${flavour}")
            endif()
            list(APPEND archives ${archive})
        endforeach()
        _simprof_link(${SIMPROF_FIRMWARE_OUTPUT}/${name}${flavour}.elf ${arg_BOARD} ${core}
            "${board_objects};${objects};${embed_objects}" "${archives}" "${link_options}" "${arg_STACK}" ${list})
    endforeach()
    if(stripped IN_LIST arg_VARIANTS)
        set(output ${SIMPROF_FIRMWARE_OUTPUT}/${name}-stripped.elf)
        add_custom_command(OUTPUT ${output}
            COMMAND ${SIMPROF_ARM_STRIP} -o ${output} ${SIMPROF_FIRMWARE_OUTPUT}/${name}.elf
            DEPENDS ${SIMPROF_FIRMWARE_OUTPUT}/${name}.elf COMMENT "Firmware ${output}" VERBATIM)
        set_property(GLOBAL APPEND PROPERTY SIMPROF_FIRMWARE_ELFS ${output})
    endif()
endfunction()

# Called once, after the last sample: the one target that owns every ELF.
function(simprof_firmware_finish)
    file(MAKE_DIRECTORY ${SIMPROF_FIRMWARE_OUTPUT})
    get_property(elfs GLOBAL PROPERTY SIMPROF_FIRMWARE_ELFS)
    add_custom_target(firmware ALL DEPENDS ${elfs})
    get_property(elfs GLOBAL PROPERTY SIMPROF_FIRMWARE_ON_DEMAND)
    add_custom_target(firmware-on-demand DEPENDS ${elfs})
endfunction()
