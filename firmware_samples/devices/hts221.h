// SPDX-License-Identifier: GPL-2.0-or-later
// Humidity and temperature sensor HTS221 (ST DS10333: registers 7, calibration 8), over whatever I2C master there is.
#pragma once

#include "devices/fixed.h"

/// Writes `value` to register `at` of the device at `address`.
void i2cWrite(unsigned address, std::uint8_t at, std::uint8_t value);
/// Reads `length` bytes from register `at` on.
void i2cRead(unsigned address, std::uint8_t at, std::uint8_t* bytes, unsigned length);

namespace hts221 {

inline constexpr unsigned kAddress = 0x5F;
inline constexpr std::uint8_t kMany = 0x80; ///< the register pointer moves on

inline std::int32_t word(const std::uint8_t* bytes) { return static_cast<std::int16_t>(bytes[0] | bytes[1] << 8); }

inline void start() {
    std::uint8_t who = 0;
    i2cRead(kAddress, 0x0F, &who, 1); // WHO_AM_I
    print(who == 0xBC ? "sensor HTS221\n" : "sensor missing\n");
    i2cWrite(kAddress, 0x20, 0x85); // CTRL_REG1: on, block update, 1 Hz
}

/// The line through the two calibration points, in units of 1/100.
inline std::int32_t interpolate(std::int32_t at, std::int32_t x0, std::int32_t x1, std::int32_t y0, std::int32_t y1) {
    return x1 == x0 ? 0 : y0 + (at - x0) * (y1 - y0) / (x1 - x0);
}

inline void printMeasurement() {
    std::uint8_t status = 0;
    for (unsigned asked = 0; (status & 3U) != 3U; ++asked) {
        if (asked == 100) {
            print("no data\n");
            return;
        }
        i2cRead(kAddress, 0x27, &status, 1); // STATUS_REG: H_DA, T_DA
    }
    std::uint8_t out[4];
    std::uint8_t calibration[16];
    i2cRead(kAddress, 0x28 | kMany, out, sizeof out);
    i2cRead(kAddress, 0x30 | kMany, calibration, sizeof calibration);
    const std::int32_t t0 = calibration[2] | (calibration[5] & 3) << 8; // degC * 8
    const std::int32_t t1 = calibration[3] | (calibration[5] & 0xC) << 6;
    const std::int32_t temperature =
        interpolate(word(out + 2), word(calibration + 12), word(calibration + 14), t0 * 25 / 2, t1 * 25 / 2);
    const std::int32_t humidity =
        interpolate(word(out), word(calibration + 6), word(calibration + 10), calibration[0] * 50, calibration[1] * 50);
    print("temperature ");
    printFixed(temperature, 2);
    print(" humidity ");
    printFixed(humidity, 2);
    print("\n");
}

} // namespace hts221
