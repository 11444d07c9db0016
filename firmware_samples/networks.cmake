# SPDX-License-Identifier: GPL-2.0-or-later
# Firmware that runs the networks of models/, named NETWORK-BOARD:
#   NETWORK-BOARD.elf            interpreted, -O2 -g        NETWORK-BOARD-stripped.elf   without symbols
#   NETWORK-BOARD-aot.elf        compiled ahead of time     NETWORK-BOARD-lto.elf        with link-time optimisation
#   kws-BOARD-slower.elf         one kernel about 1 % slower, all else byte by byte the same
#   kws-BOARD-SETTING.elf        other wait states (ws…), no caches, no prefetch, or the model in RAM: networks/settings.h
#   kws-BOARD-kernels, -kernelsfast   kernels in flash, or in a faster memory; on demand: networks/placed_kernels.cpp
#   cascade-BOARD.elf    weather and kws in one image       prepared-BOARD.elf  the same, nothing is inferred
#   small-arena-BOARD.elf   kws with too small an arena
#   sine-BOARD-slow.elf  at a clock that takes least energy: networks/slow_clock.h
#   gate-BOARD.elf       a network with subgraphs, CALL_ONCE and an IF with two bodies, in two arenas
#   benchmark/           what scripts/benchmark runs besides: other numbers of inferences
#   truth/truth-NETWORK-BOARD.elf   published networks, where ../shared/models has them
include(runtime/host.cmake)

# Which network fits which board: flash for the network and 20 KB of code, RAM for the arena, the stack and 2 KB.
set(_small_boards nucleo-l053r8 microbit)
set(_boards nucleo-l4r5zi stm32f746g-disco nucleo-h7a3zi-q portenta-h7 nucleo-g0b1re raspberry-pi-pico
    arduino-nano-33-ble sparkfun-edge stm32f407-disco)
set(_boards_of_sine ${_boards} ${_small_boards})
set(_boards_of_weather ${_boards} ${_small_boards})
set(_boards_of_kws ${_boards})
set(_boards_of_ad ${_boards})
set(_boards_of_ic ${_boards})
set(_boards_of_vww ${_boards})
set(_boards_of_mobilenetv2 nucleo-l4r5zi nucleo-h7a3zi-q raspberry-pi-pico)

# One board a core: these get every variant.
set(_variant_boards nucleo-l4r5zi stm32f746g-disco nucleo-g0b1re)

# Arenas: Interpreter::neededBytes() on a core with the DSP extension (the plain kernels need less), and 2 to 6 %.
set(_arena_of_sine 640)
set(_arena_of_weather 512)
set(_arena_of_kws 23040)
set(_arena_of_ad 3264)
set(_arena_of_ic 55808)
set(_arena_of_vww 102400)
set(_arena_of_mobilenetv2 225280)

# The runtime, with the kernels that suit the core.
file(GLOB _runtime CONFIGURE_DEPENDS ${SIMPROF_FIRMWARE_DIR}/runtime/*.cpp ${SIMPROF_FIRMWARE_DIR}/runtime/kernels/*.cpp
    ${SIMPROF_FIRMWARE_DIR}/runtime/operators/*.cpp)
set(_runtime_plain ${_runtime})
list(FILTER _runtime_plain EXCLUDE REGEX "_dsp\\.cpp$")
set(_runtime_dsp ${_runtime})
list(FILTER _runtime_dsp EXCLUDE REGEX "_plain\\.cpp$")
simprof_firmware_library(runtime_plain CORES m0 m0plus SOURCES ${_runtime_plain} LTO)
simprof_firmware_library(runtime_dsp CORES m4 m7sp m7 SOURCES ${_runtime_dsp} LTO)

# _kernels_of(OUT board): plain or dsp.
function(_kernels_of out board)
    if(SIMPROF_BOARD_${board}_CORE MATCHES "^m0")
        set(${out} plain PARENT_SCOPE)
    else()
        set(${out} dsp PARENT_SCOPE)
    endif()
endfunction()

# _interpreted(NAME network board model arena ...): a program with the model in flash; the rest is for simprof_firmware.
function(_interpreted name network board model arena)
    cmake_parse_arguments(PARSE_ARGV 5 arg "" "" "DEFINITIONS;LIBRARIES")
    _kernels_of(kernels ${board})
    simprof_firmware(${name} BOARD ${board}
        SOURCES ${SIMPROF_FIRMWARE_DIR}/networks/main.cpp ${SIMPROF_FIRMWARE_DIR}/networks/interpreted.cpp
        LIBRARIES runtime_${kernels} ${arg_LIBRARIES} EMBED ${model} networkModel
        DEFINITIONS SIMPROF_NETWORK="${network}" SIMPROF_ARENA_BYTES=${arena} ${arg_DEFINITIONS}
        ${arg_UNPARSED_ARGUMENTS})
endfunction()

# _ahead_of_time(network board [NAME name] [DEFINITIONS ...]): a program with one direct kernel call an operator and no
# model.
function(_ahead_of_time network board)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "NAME" "DEFINITIONS")
    if(NOT arg_NAME)
        set(arg_NAME ${network}-${board}-aot)
    endif()
    _kernels_of(kernels ${board})
    set(source ${SIMPROF_FIRMWARE_OBJECTS}/aot/${network}_${kernels}.cpp)
    get_property(known GLOBAL PROPERTY SIMPROF_AOT_${network}_${kernels} SET)
    if(NOT known)
        set_property(GLOBAL PROPERTY SIMPROF_AOT_${network}_${kernels} TRUE)
        set(model ${SIMPROF_MODELS_DIR}/${network}.tflite)
        file(MAKE_DIRECTORY ${SIMPROF_FIRMWARE_OBJECTS}/aot)
        add_custom_command(OUTPUT ${source} COMMAND simprof_aot ${model} ${kernels} ${source}
            DEPENDS simprof_aot ${model} COMMENT "Compiling ${network} ahead of time (${kernels})" VERBATIM)
    endif()
    simprof_firmware(${arg_NAME} BOARD ${board}
        SOURCES ${SIMPROF_FIRMWARE_DIR}/networks/main.cpp ${source}
        LIBRARIES runtime_${kernels} DEFINITIONS SIMPROF_NETWORK="${network}" ${arg_DEFINITIONS})
endfunction()

# The depthwise kernel's symbol. Asking for it by name fixes its place among the objects, wrapped or not.
set(_depthwise _ZN7simprof7runtime10DspKernels13depthwiseConvERKNS0_10ConvParamsEPKaS6_PKlPa)
set(_slower_boards nucleo-l4r5zi stm32f746g-disco)

foreach(network IN LISTS SIMPROF_MODELS)
    foreach(board IN LISTS _boards_of_${network})
        set(variants "")
        if(network MATCHES "^(sine|kws|ic)$" AND board IN_LIST _variant_boards)
            set(variants VARIANTS stripped lto)
        elseif(network STREQUAL mobilenetv2 AND board STREQUAL nucleo-l4r5zi)
            set(variants VARIANTS stripped)
        endif()
        if(network STREQUAL kws AND board IN_LIST _slower_boards)
            list(APPEND variants LINK_OPTIONS -Wl,--undefined=${_depthwise})
        endif()
        _interpreted(${network}-${board} ${network} ${board} ${SIMPROF_MODELS_DIR}/${network}.tflite
            ${_arena_of_${network}} ${variants})
    endforeach()
endforeach()

foreach(board IN LISTS _variant_boards)
    foreach(network IN ITEMS sine kws ic ad)
        _ahead_of_time(${network} ${board})
    endforeach()
endforeach()
_ahead_of_time(mobilenetv2 nucleo-l4r5zi)
_ahead_of_time(mobilenetv2 nucleo-h7a3zi-q)

# A regression to find: every call of the depthwise kernel goes through networks/slower_depthwise.cpp, which lies by
# itself in the last 4 KB of flash, so that nothing else changes its address.
simprof_firmware_library(slower_depthwise CORES m4 m7sp SOURCES networks/slower_depthwise.cpp)
foreach(board IN LISTS _slower_boards)
    string(REPLACE K "" _flash_kilobytes ${SIMPROF_BOARD_${board}_FLASH_SIZE})
    math(EXPR _last "${SIMPROF_BOARD_${board}_FLASH} + (${_flash_kilobytes} - 4) * 1024" OUTPUT_FORMAT HEXADECIMAL)
    _interpreted(kws-${board}-slower kws ${board} ${SIMPROF_MODELS_DIR}/kws.tflite ${_arena_of_kws}
        LIBRARIES slower_depthwise
        LINK_OPTIONS -Wl,--undefined=${_depthwise} -Wl,--wrap=${_depthwise}
            -Wl,--require-defined=__wrap_${_depthwise} -Wl,--section-start=.slower_depthwise=${_last})
endforeach()

# The same network with other memory settings (ACR: RM0432 3.7.1, RM0385 3.7.1, RM0455 4.9.1, RM0444 3.7.1). They differ
# in data only: the code of one board is the same at the same addresses.
function(_kws_setting board setting)
    set(arena ${_arena_of_kws})
    if("${ARGN}" MATCHES "SIMPROF_ARENA_BYTES=([0-9]+)")
        set(arena ${CMAKE_MATCH_1})
    endif()
    list(FILTER ARGN EXCLUDE REGEX SIMPROF_ARENA_BYTES)
    _interpreted(kws-${board}-${setting} kws ${board} ${SIMPROF_MODELS_DIR}/kws.tflite ${arena}
        DEFINITIONS SIMPROF_SETTINGS SIMPROF_MODEL_BYTES=45056 ${ARGN})
endfunction()
set(_l4 SIMPROF_ACR=0x40022000)
_kws_setting(nucleo-l4r5zi own)
_kws_setting(nucleo-l4r5zi ws8 ${_l4} SIMPROF_ACR_VALUE=0x708)
_kws_setting(nucleo-l4r5zi noprefetch ${_l4} SIMPROF_ACR_VALUE=0x605)
_kws_setting(nucleo-l4r5zi nocache ${_l4} SIMPROF_ACR_VALUE=0x005)
_kws_setting(nucleo-l4r5zi ram SIMPROF_MODEL_IN_RAM=1)
set(_f7 SIMPROF_ACR=0x40023C00)
_kws_setting(stm32f746g-disco own)
_kws_setting(stm32f746g-disco ws9 ${_f7} SIMPROF_ACR_VALUE=0x309)
_kws_setting(stm32f746g-disco nocache SIMPROF_L1_OFF=1)
_kws_setting(stm32f746g-disco ram SIMPROF_MODEL_IN_RAM=1)
# An arena as large as the DTCM: the model in RAM lies in SRAM1.
_kws_setting(stm32f746g-disco wide SIMPROF_ARENA_BYTES=65536 SIMPROF_MODEL_BEHIND_ARENA)
_kws_setting(stm32f746g-disco wideram SIMPROF_ARENA_BYTES=65536 SIMPROF_MODEL_BEHIND_ARENA SIMPROF_MODEL_IN_RAM=1)
set(_h7 SIMPROF_ACR=0x52002000)
_kws_setting(nucleo-h7a3zi-q own)
_kws_setting(nucleo-h7a3zi-q ws9 ${_h7} SIMPROF_ACR_VALUE=0x39)
_kws_setting(nucleo-h7a3zi-q nocache SIMPROF_L1_OFF=1)
_kws_setting(nucleo-h7a3zi-q ram SIMPROF_MODEL_IN_RAM=1)
_kws_setting(raspberry-pi-pico own)
_kws_setting(raspberry-pi-pico ram SIMPROF_MODEL_IN_RAM=1)
set(_g0 SIMPROF_ACR=0x40022000)
_kws_setting(nucleo-g0b1re own)
_kws_setting(nucleo-g0b1re ws1 ${_g0} SIMPROF_ACR_VALUE=0x40701 SIMPROF_HALF_CLOCK=0x40021008)
_kws_setting(nucleo-g0b1re noprefetch ${_g0} SIMPROF_ACR_VALUE=0x40602)
_kws_setting(nucleo-g0b1re nocache ${_g0} SIMPROF_ACR_VALUE=0x40102)
_kws_setting(nucleo-g0b1re ram SIMPROF_MODEL_IN_RAM=1)

# The kernels at a place of their own, from where they are copied to a faster memory in one program of two. They are
# called and call by long calls, so that only the words of the calls differ.
simprof_firmware_library(runtime_plain_far CORES m0plus SOURCES ${_runtime_plain} OPTIONS -mlong-calls)
simprof_firmware_library(runtime_dsp_far CORES m4 m7sp m7 SOURCES ${_runtime_dsp} OPTIONS -mlong-calls)
function(_kws_kernels board fast)
    _kernels_of(kernels ${board})
    math(EXPR load "${SIMPROF_BOARD_${board}_FLASH} + 0x40000" OUTPUT_FORMAT HEXADECIMAL)
    file(READ ${SIMPROF_FIRMWARE_OBJECTS}/ld/${board}.ld layout)
    foreach(variant IN ITEMS kernels kernelsfast)
        set(address ${load})
        if(variant STREQUAL kernelsfast)
            set(address ${fast})
        endif()
        set(section "    .kernels ${address} : AT(${load}) { _kernels_start = .;
        *(.text._ZN7simprof7runtime10DspKernels* .text._ZN7simprof7runtime12PlainKernels*)
        . = ALIGN(4); _kernels_end = .; }\n    _kernels_load = LOADADDR(.kernels);\n\n    .text :")
        string(REPLACE "    .text :" "${section}" placed "${layout}")
        file(CONFIGURE OUTPUT ${SIMPROF_FIRMWARE_OBJECTS}/ld/${board}-${variant}.ld CONTENT "${placed}" @ONLY)
        foreach(field IN ITEMS CORE FAMILY FLASH FLASH_SIZE RAM RAM_SIZE IRQS STACK DEFINITIONS)
            set(SIMPROF_BOARD_${board}-${variant}_${field} "${SIMPROF_BOARD_${board}_${field}}")
        endforeach()
        simprof_firmware(kws-${board}-${variant} ON_DEMAND BOARD ${board}-${variant}
            SOURCES ${SIMPROF_FIRMWARE_DIR}/networks/main.cpp ${SIMPROF_FIRMWARE_DIR}/networks/interpreted.cpp
                ${SIMPROF_FIRMWARE_DIR}/networks/placed_kernels.cpp
            LIBRARIES runtime_${kernels}_far EMBED ${SIMPROF_MODELS_DIR}/kws.tflite networkModel OPTIONS -mlong-calls
            DEFINITIONS SIMPROF_NETWORK="kws" SIMPROF_ARENA_BYTES=${_arena_of_kws})
    endforeach()
endfunction()
_kws_kernels(nucleo-l4r5zi 0x20040000)
_kws_kernels(stm32f746g-disco 0x00000400)
_kws_kernels(nucleo-h7a3zi-q 0x00000400)
_kws_kernels(nucleo-g0b1re 0x20018000)

# Two networks in one image (networks/cascade.cpp), prepared only, and a network whose arena is too small.
function(_cascade name board first second)
    _kernels_of(kernels ${board})
    simprof_firmware(${name}-${board} BOARD ${board}
        SOURCES ${SIMPROF_FIRMWARE_DIR}/networks/cascade.cpp LIBRARIES runtime_${kernels}
        EMBED ${SIMPROF_MODELS_DIR}/${first}.tflite firstModel ${SIMPROF_MODELS_DIR}/${second}.tflite secondModel
        DEFINITIONS SIMPROF_FIRST_ARENA=${_arena_of_${first}} SIMPROF_SECOND_ARENA=${_arena_of_${second}}
            ${ARGN})
endfunction()
foreach(board IN LISTS _variant_boards)
    _cascade(cascade ${board} weather kws)
    _cascade(prepared ${board} weather kws SIMPROF_PREPARE_ONLY)
    _interpreted(small-arena-${board} kws ${board} ${SIMPROF_MODELS_DIR}/kws.tflite 4096)
endforeach()

# The sine network at the clock that takes least energy.
_interpreted(sine-nucleo-l053r8-slow sine nucleo-l053r8 ${SIMPROF_MODELS_DIR}/sine.tflite ${_arena_of_sine}
    DEFINITIONS SIMPROF_SLOW_CLOCK=0)
_interpreted(sine-nucleo-l4r5zi-slow sine nucleo-l4r5zi ${SIMPROF_MODELS_DIR}/sine.tflite ${_arena_of_sine}
    DEFINITIONS SIMPROF_SLOW_CLOCK=4)

# A network with subgraphs, by an interpreter of its own.
foreach(board IN ITEMS nucleo-l4r5zi nucleo-g0b1re)
    _kernels_of(kernels ${board})
    simprof_firmware(gate-${board} BOARD ${board} SOURCES ${SIMPROF_FIRMWARE_DIR}/networks/gate.cpp
        LIBRARIES runtime_${kernels} EMBED ${SIMPROF_MODELS_DIR}/gate.tflite networkModel
        DEFINITIONS SIMPROF_ARENA_BYTES=2048 SIMPROF_TENSOR_BYTES=1024 VARIANTS stripped)
endforeach()

# Signal processing in front of a network.
foreach(board IN ITEMS nucleo-l4r5zi nucleo-g0b1re)
    _kernels_of(kernels ${board})
    simprof_firmware(features-${board} BOARD ${board}
        SOURCES ${SIMPROF_FIRMWARE_DIR}/networks/features.cpp ${SIMPROF_FIRMWARE_DIR}/networks/interpreted.cpp
        LIBRARIES runtime_${kernels} EMBED ${SIMPROF_MODELS_DIR}/kws.tflite networkModel
        DEFINITIONS SIMPROF_ARENA_BYTES=${_arena_of_kws} VARIANTS stripped)
endforeach()

# Longer runs of the same code, to tell the inferences' time from that of the start.
file(MAKE_DIRECTORY ${SIMPROF_FIRMWARE_OUTPUT}/benchmark)
_ahead_of_time(mobilenetv2 nucleo-l4r5zi NAME benchmark/mobilenetv2-nucleo-l4r5zi-aot-10
    DEFINITIONS SIMPROF_INFERENCES=10)
foreach(_inferences IN ITEMS 2 102)
    _interpreted(benchmark/kws-mps2-an386-${_inferences} kws mps2-an386 ${SIMPROF_MODELS_DIR}/kws.tflite ${_arena_of_kws}
        DEFINITIONS SIMPROF_INFERENCES=${_inferences})
endforeach()

# Published networks, read where they are; their outputs for an input of zeros and for a ramp are known.
set(_published_kws kws_ref_model.tflite)
set(_published_ic pretrainedResnet_quant.tflite)
file(MAKE_DIRECTORY ${SIMPROF_FIRMWARE_OUTPUT}/truth)
foreach(network IN ITEMS kws ic)
    cmake_path(SET _model NORMALIZE ${CMAKE_SOURCE_DIR}/../shared/models/${_published_${network}})
    if(NOT EXISTS ${_model})
        message(STATUS "Firmware truth-${network}-* is skipped: ../shared/models/${_published_${network}} is absent.")
        continue()
    endif()
    foreach(board IN LISTS _variant_boards)
        _interpreted(truth/truth-${network}-${board} ${network} ${board} ${_model} ${_arena_of_${network}}
            DEFINITIONS SIMPROF_ZEROS_FIRST)
    endforeach()
endforeach()
