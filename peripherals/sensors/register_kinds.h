// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace simprof {

/// A pair of output registers at `at` and `at` + 1.
struct SensorOutput {
    std::uint8_t at;
    const char* column;
    double perUnit; ///< counts per unit of the column
    double zero;    ///< unit at which the count is 0
    double atRest;  ///< in units, without samples
};

struct SensorRegister {
    std::uint8_t at, value;
};

/// How the first byte behind the address sets the register pointer.
enum class SensorPointer : std::uint8_t {
    TopBitMoves, ///< seven bits of register; the pointer moves on when the top bit is set
    AlwaysMoves, ///< eight bits of register; every byte moves it on
};

/// In which order a sensor shows the bytes of an output, and where its bits begin.
struct SensorFormat {
    bool highByteFirst;
    std::uint8_t unusedBits; ///< low bits that are always 0
};

/// A sensor whose registers are all there is to it.
struct RegisterKind {
    const char* name;
    const char* title;
    const char* source;
    std::uint8_t identity;                     ///< register that says which sensor it is; keeps its value
    std::span<const SensorRegister> registers; ///< those that are not 0 out of reset
    std::span<const SensorOutput> outputs;
    std::uint8_t control, on;                ///< it measures while one of these bits of its control register is set
    std::span<const SensorRegister> whileOn; ///< data ready, mode: have these values while it measures, else 0
    SensorPointer pointer = SensorPointer::TopBitMoves;
    SensorFormat format = {false, 0};
    bool spi = false; ///< has an SPI besides its I2C
};

/// All of them.
std::span<const RegisterKind> registerKinds();
/// The one called `name`, or nullptr.
const RegisterKind* registerKind(std::string_view name);

} // namespace simprof
