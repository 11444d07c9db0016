// SPDX-License-Identifier: GPL-2.0-or-later
/// What can be attached to the buses and analogue inputs of a board.
#pragma once
#include "sim_core/peripheral.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// A device on an I2C bus, as the controller drives it.
class I2cTarget {
public:
    virtual ~I2cTarget() = default;
    /// A (repeated) start with this device's address.
    virtual void start(bool read) = 0;
    /// A byte for it; false: not acknowledged.
    virtual bool write(std::uint8_t byte) = 0;
    virtual std::uint8_t read() = 0;
    virtual void stop() {}
};

/// A device on an SPI bus, mode and bit order as wired.
class SpiTarget {
public:
    virtual ~SpiTarget() = default;
    virtual void select(bool selected) = 0;
    /// One byte out, one in.
    virtual std::uint8_t exchange(std::uint8_t byte) = 0;
};

/// A voltage at an ADC channel.
class AnalogSource {
public:
    virtual ~AnalogSource() = default;
    /// The share of the reference voltage `reference` in volts, at the next conversion.
    virtual double sample(double reference) = 0;
};

/// What a microphone hears.
class SoundSource {
public:
    virtual ~SoundSource() = default;
    /// -1 to 1 at `seconds` since reset, for the `sample`-th sample of a file without times; silence after its end.
    virtual double level(unsigned channel, double seconds, std::uint64_t sample) const = 0;
};

/// One kind of sensor.
struct SensorKind {
    std::string name;
    std::string title;
    std::string buses;   ///< "I2C, SPI"
    std::string columns; ///< what its samples hold: "temperature_c, humidity_percent"
    std::string source;
};
/// All kinds, sorted by name.
std::vector<SensorKind> sensorKinds();

/// What is wrong with the description of a sensor, or "".
std::string wrongSensor(const SensorDesc& sensor);
/// Reads --sensor's "BUS:PLACE=KIND[:FILE]"; throws Error with what is allowed.
SensorDesc parseSensor(std::string_view text);
/// Where sensors can be attached: the I2C, SPI and ADC peripherals; one that is both has a name for each ("i2c", "spi"
/// of its wiring).
std::vector<std::string> sensorBuses(const McuDesc& mcu);
/// Adds a sensor to a board, in the place of one that was there; throws Error when the board has no such bus.
void attachSensor(BoardDesc& board, SensorDesc sensor);

/// The devices of `board` on bus `bus`, by 7-bit address; throws Error when their samples cannot be read.
std::map<std::uint8_t, std::unique_ptr<I2cTarget>> i2cTargets(const BoardDesc& board, std::string_view bus,
                                                              MachineServices& services);
/// Those on an SPI, by chip select pin ("" when always selected).
std::map<std::string, std::unique_ptr<SpiTarget>> spiTargets(const BoardDesc& board, std::string_view bus,
                                                             MachineServices& services);
/// Those on an ADC, by channel.
std::map<unsigned, std::unique_ptr<AnalogSource>> analogSources(const BoardDesc& board, std::string_view adc,
                                                                MachineServices& services);
/// The microphone on a PDM, or nullptr.
std::unique_ptr<SoundSource> soundSource(const BoardDesc& board, std::string_view pdm);

} // namespace simprof
