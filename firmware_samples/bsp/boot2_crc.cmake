# SPDX-License-Identifier: GPL-2.0-or-later
# cmake -DINPUT=boot2.bin -DOUTPUT=crc.h -P boot2_crc.cmake: the CRC-32 the RP2040's boot ROM demands of the first 252
# bytes (datasheet 2.8.1.3.1: polynomial 04C11DB7h, initial value all ones, neither reflected nor inverted).
file(READ ${INPUT} hex HEX)
string(LENGTH ${hex} digits)
if(NOT digits EQUAL 504)
    message(FATAL_ERROR "${INPUT}: the second-stage boot must be 252 bytes")
endif()
string(REGEX MATCHALL "[0-9a-f][0-9a-f]" bytes ${hex})
set(crc 0xFFFFFFFF)
foreach(byte IN LISTS bytes)
    math(EXPR crc "${crc} ^ (0x${byte} << 24)")
    foreach(bit RANGE 1 8)
        math(EXPR crc "((${crc} << 1) ^ ((${crc} >> 31 & 1) * 0x04C11DB7)) & 0xFFFFFFFF")
    endforeach()
endforeach()
math(EXPR crc "${crc}" OUTPUT_FORMAT HEXADECIMAL)
file(WRITE ${OUTPUT} "#define BOOT2_CRC ${crc}\n")
