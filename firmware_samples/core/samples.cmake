# SPDX-License-Identifier: GPL-2.0-or-later
# What the Arm architecture itself defines, one subject a program.
simprof_firmware(hello-nucleo-l4r5zi BOARD nucleo-l4r5zi SOURCES ${SIMPROF_FIRMWARE_DIR}/core/hello.cpp VARIANTS stripped lto)
