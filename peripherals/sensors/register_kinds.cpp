// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/sensors/register_kinds.h"

#include <algorithm>

namespace simprof {
namespace {

// HTS221: ST DS10333 rev 4, 7; calibrated so that T = 10 °C + count / 200 and H = 20 % + count / 200. STATUS_REG 0x27,
// CTRL_REG1 0x20 (PD).
constexpr SensorRegister kHts221[] = {{0x0F, 0xBC}, {0x10, 0x1B}, {0x30, 40},   {0x31, 160},  {0x32, 80},  {0x33, 0x40},
                                      {0x35, 0x04}, {0x3A, 0xE0}, {0x3B, 0x2E}, {0x3E, 0x70}, {0x3F, 0x17}};
constexpr SensorOutput kHts221Outputs[] = {{0x28, "humidity_percent", 200, 20, 45},
                                           {0x2A, "temperature_c", 200, 10, 22}};
constexpr SensorRegister kHts221WhileOn[] = {{0x27, 0x03}};

// LIS3DH: ST DS6839 rev 4, 8. STATUS_REG 0x27, CTRL_REG1 0x20 (ODR).
constexpr SensorRegister kLis3dh[] = {{0x0F, 0x33}, {0x20, 0x07}, {0x1E, 0x10}};
constexpr SensorOutput kLis3dhOutputs[] = {
    {0x28, "x_g", 16384, 0, 0}, {0x2A, "y_g", 16384, 0, 0}, {0x2C, "z_g", 16384, 0, 1}};
constexpr SensorRegister kLis3dhWhileOn[] = {{0x27, 0x0F}};

// MMA8653FC: Freescale data sheet rev 7, 6: ten bits, left-justified. STATUS 0x00, WHO_AM_I 0x0D; while CTRL_REG1 0x2A
// has ACTIVE, SYSMOD 0x0B says WAKE.
constexpr SensorRegister kMma8653[] = {{0x0D, 0x5A}};
constexpr SensorOutput kMma8653Outputs[] = {
    {0x01, "x_g", 16384, 0, 0}, {0x03, "y_g", 16384, 0, 0}, {0x05, "z_g", 16384, 0, 1}};
constexpr SensorRegister kMma8653WhileOn[] = {{0x00, 0x0F}, {0x0B, 1}};

// MAG3110: Freescale data sheet rev 9.2, 5: 0.1 uT per count. DR_STATUS 0x00, WHO_AM_I 0x07; while CTRL_REG1 0x10 has
// AC or TM, SYSMOD 0x08 says ACTIVE with corrected data.
constexpr SensorRegister kMag3110[] = {{0x07, 0xC4}};
constexpr SensorOutput kMag3110Outputs[] = {
    {0x01, "x_ut", 10, 0, 0}, {0x03, "y_ut", 10, 0, 0}, {0x05, "z_ut", 10, 0, 0}};
constexpr SensorRegister kMag3110WhileOn[] = {{0x00, 0x0F}, {0x08, 2}};

constexpr RegisterKind kRegisterKinds[] = {
    {.name = "hts221",
     .title = "HTS221, humidity and temperature",
     .source = "ST DS10333",
     .identity = 0x0F,
     .registers = kHts221,
     .outputs = kHts221Outputs,
     .control = 0x20,
     .on = 0x80,
     .whileOn = kHts221WhileOn},
    {.name = "lis3dh",
     .title = "LIS3DH, accelerometer at +-2 g",
     .source = "ST DS6839",
     .identity = 0x0F,
     .registers = kLis3dh,
     .outputs = kLis3dhOutputs,
     .control = 0x20,
     .on = 0xF0,
     .whileOn = kLis3dhWhileOn,
     .spi = true},
    {.name = "mag3110",
     .title = "MAG3110, magnetometer",
     .source = "Freescale MAG3110",
     .identity = 0x07,
     .registers = kMag3110,
     .outputs = kMag3110Outputs,
     .control = 0x10,
     .on = 0x03,
     .whileOn = kMag3110WhileOn,
     .pointer = SensorPointer::AlwaysMoves,
     .format = {.highByteFirst = true, .unusedBits = 0}},
    {.name = "mma8653",
     .title = "MMA8653FC, accelerometer at +-2 g",
     .source = "Freescale MMA8653FC",
     .identity = 0x0D,
     .registers = kMma8653,
     .outputs = kMma8653Outputs,
     .control = 0x2A,
     .on = 0x01,
     .whileOn = kMma8653WhileOn,
     .pointer = SensorPointer::AlwaysMoves,
     .format = {.highByteFirst = true, .unusedBits = 6}},
};

} // namespace

std::span<const RegisterKind> registerKinds() { return kRegisterKinds; }

const RegisterKind* registerKind(std::string_view name) {
    const auto found =
        std::ranges::find_if(kRegisterKinds, [&](const RegisterKind& kind) { return kind.name == name; });
    return found == std::end(kRegisterKinds) ? nullptr : found;
}

} // namespace simprof
