# SPDX-License-Identifier: GPL-2.0-or-later
# The peripherals of every board, in one program: UART by interrupt and DMA, timer, sleep, sensor.

function(_simprof_devices_sample board)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TABLE" "SOURCES")
    list(TRANSFORM arg_SOURCES PREPEND ${SIMPROF_FIRMWARE_DIR}/devices/)
    set(definitions "")
    if(arg_TABLE)
        set(definitions "DEVICES_TABLE=\"devices/${arg_TABLE}\"")
    endif()
    simprof_firmware(devices-${board} BOARD ${board} DEFINITIONS ${definitions}
        SOURCES ${SIMPROF_FIRMWARE_DIR}/devices/main.cpp ${SIMPROF_FIRMWARE_DIR}/devices/interrupts.cpp ${arg_SOURCES})
endfunction()

_simprof_devices_sample(nucleo-l4r5zi TABLE stm32l4.h SOURCES stm32.cpp stm32_i2c.cpp)
_simprof_devices_sample(stm32f746g-disco TABLE stm32f7.h SOURCES stm32.cpp stm32_i2c.cpp)
_simprof_devices_sample(nucleo-h7a3zi-q TABLE stm32h7a3.h SOURCES stm32.cpp stm32_i2c.cpp)
_simprof_devices_sample(portenta-h7 TABLE stm32h747.h SOURCES stm32.cpp stm32_i2c.cpp)
_simprof_devices_sample(nucleo-g0b1re TABLE stm32g0.h SOURCES stm32.cpp stm32_i2c.cpp)
_simprof_devices_sample(nucleo-l053r8 TABLE stm32l0.h SOURCES stm32.cpp stm32_i2c.cpp)
_simprof_devices_sample(stm32f407-disco TABLE stm32f4.h SOURCES stm32.cpp stm32_spi.cpp)
_simprof_devices_sample(arduino-nano-33-ble SOURCES nrf52840.cpp nrf.cpp)
_simprof_devices_sample(microbit SOURCES nrf51.cpp nrf.cpp)
_simprof_devices_sample(raspberry-pi-pico SOURCES rp2040.cpp)
_simprof_devices_sample(sparkfun-edge SOURCES apollo3.cpp)
