// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/sensors/sensor.h"

#include "peripherals/sensors/measurements.h"
#include "peripherals/sensors/register_sensor.h"
#include "sim_core/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace simprof {
namespace {

constexpr const char* kAnalog = "analog";
constexpr const char* kMicrophone = "microphone";

class SampledVoltage final : public AnalogSource {
public:
    SampledVoltage(const std::string& samples, MachineServices& services)
        : m_measurements(samples, services) {}
    double sample(double reference) override {
        m_measurements.next();
        const double value = m_measurements.value("volts", 0, 0);
        const double share = m_measurements.isFraction() ? (value + 1) / 2 : value / reference;
        return std::clamp(share, 0.0, 1.0);
    }

private:
    Measurements m_measurements;
};

class SampledSound final : public SoundSource {
public:
    explicit SampledSound(const std::string& file)
        : m_samples(readSamples(file)) {}
    double level(unsigned channel, double seconds, std::uint64_t sample) const override {
        const bool over =
            m_samples.seconds.empty() ? sample >= m_samples.rows.size() : seconds > m_samples.seconds.back() + frame();
        if (over) {
            return 0;
        }
        const std::vector<double>& row = m_samples.row(seconds, sample);
        return row[std::min<std::size_t>(channel, row.size() - 1)];
    }

private:
    double frame() const { return m_samples.seconds.size() < 2 ? 0 : m_samples.seconds[1] - m_samples.seconds[0]; }
    SampleFile m_samples;
};

std::optional<unsigned> placeNumber(const std::string& place) {
    const bool hexadecimal = place.starts_with("0x");
    const std::string digits = hexadecimal ? place.substr(2) : place;
    unsigned value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10);
    return error == std::errc{} && end == digits.data() + digits.size() && !digits.empty() ? std::optional(value)
                                                                                           : std::nullopt;
}

bool isI2c(std::string_view bus) { return bus.starts_with("I2C"); }
bool isSpi(std::string_view bus) { return bus.starts_with("SPI"); }
bool isAdc(std::string_view bus) { return bus.find("ADC") != std::string_view::npos; }

bool isPdm(std::string_view bus) { return bus.starts_with("PDM"); }

template<class Visit>
void eachSensor(const BoardDesc& board, std::string_view bus, Visit visit) {
    for (const SensorDesc& sensor : board.sensors) {
        if (sensor.bus == bus) {
            if (const std::string wrong = wrongSensor(sensor); !wrong.empty()) {
                throw Error(fmt::format("sensor {} on {}: {}", sensor.kind, sensor.bus, wrong));
            }
            visit(sensor);
        }
    }
}

} // namespace

std::vector<SensorKind> sensorKinds() {
    std::vector<SensorKind> kinds = {
        {kAnalog, "a voltage at a pin", "ADC", "volts", "WAV, raw: around half the reference"},
        {kMicrophone, "a digital microphone", "PDM", "-1 to 1, left and right", "WAV, raw; then silence"}};
    for (const RegisterKind& kind : registerKinds()) {
        SensorKind row{kind.name, kind.title, kind.spi ? "I2C, SPI" : "I2C", "", kind.source};
        for (const SensorOutput& output : kind.outputs) {
            row.columns += (row.columns.empty() ? "" : ", ") + std::string(output.column);
        }
        kinds.push_back(row);
    }
    std::ranges::sort(kinds, {}, &SensorKind::name);
    return kinds;
}

std::string wrongSensor(const SensorDesc& sensor) {
    const RegisterKind* kind = registerKind(sensor.kind);
    if (kind == nullptr && sensor.kind != kAnalog && sensor.kind != kMicrophone) {
        std::string names;
        for (const SensorKind& known : sensorKinds()) {
            names += (names.empty() ? "" : ", ") + known.name;
        }
        return fmt::format("there is no sensor '{}': it is one of {}", sensor.kind, names);
    }
    if (sensor.kind == kAnalog) {
        return isAdc(sensor.bus) && placeNumber(sensor.place)
                   ? ""
                   : "an analog source is at a channel of an ADC, such as ADC1:5";
    }
    if (sensor.kind == kMicrophone) {
        return isPdm(sensor.bus) && !sensor.samples.empty()
                   ? ""
                   : "a microphone is at a PDM and needs a file to hear, such as PDM=microphone:speech.wav";
    }
    if (isI2c(sensor.bus)) {
        const auto address = placeNumber(sensor.place);
        return address && *address < 0x80
                   ? ""
                   : fmt::format("on I2C it needs its 7-bit address, such as {}:0x5F", sensor.bus);
    }
    return isSpi(sensor.bus) && kind->spi ? "" : fmt::format("a {} cannot be attached to {}", sensor.kind, sensor.bus);
}

SensorDesc parseSensor(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) {
        throw Error(
            fmt::format("--sensor takes BUS:PLACE=KIND:FILE such as I2C1:0x5F=hts221:room.csv, not '{}'", text));
    }
    const std::string_view bus = text.substr(0, equals);
    const std::string_view what = text.substr(equals + 1);
    const std::size_t place = std::min(bus.find(':'), bus.size());
    const std::size_t file = std::min(what.find(':'), what.size());
    SensorDesc sensor{std::string(bus.substr(0, place)), std::string(bus.substr(std::min(place + 1, bus.size()))),
                      std::string(what.substr(0, file)), std::string(what.substr(std::min(file + 1, what.size())))};
    if (const std::string wrong = wrongSensor(sensor); !wrong.empty()) {
        throw Error(fmt::format("--sensor {}: {}", text, wrong));
    }
    if (!sensor.samples.empty()) {
        (void)readSamples(sensor.samples); // a wrong file is told before the run
    }
    return sensor;
}

std::vector<std::string> sensorBuses(const McuDesc& mcu) {
    std::vector<std::string> buses;
    for (const PeripheralDesc& device : mcu.peripherals) {
        if (device.type == "stm32_adc_common") {
            continue;
        }
        const bool isShared = device.options.contains("i2c") || device.options.contains("spi");
        for (const char* kind : {"i2c", "spi"}) {
            if (const auto found = device.options.find(kind); found != device.options.end()) {
                buses.push_back(found->second);
            }
        }
        if (!isShared && (isI2c(device.name) || isSpi(device.name) || isAdc(device.name) || isPdm(device.name))) {
            buses.push_back(device.name);
        }
    }
    return buses;
}

void attachSensor(BoardDesc& board, SensorDesc sensor) {
    const std::vector<std::string> buses = sensorBuses(*board.mcu);
    if (std::ranges::find(buses, sensor.bus) == buses.end()) {
        throw Error(fmt::format("--sensor: {} has no '{}': a sensor is attached to one of {}", board.name, sensor.bus,
                                fmt::join(buses, ", ")));
    }
    std::erase_if(board.sensors,
                  [&](const SensorDesc& other) { return other.bus == sensor.bus && other.place == sensor.place; });
    board.sensors.push_back(std::move(sensor));
}

std::map<std::uint8_t, std::unique_ptr<I2cTarget>> i2cTargets(const BoardDesc& board, std::string_view bus,
                                                              MachineServices& services) {
    std::map<std::uint8_t, std::unique_ptr<I2cTarget>> targets;
    eachSensor(board, bus, [&](const SensorDesc& sensor) {
        targets[static_cast<std::uint8_t>(*placeNumber(sensor.place))] =
            std::make_unique<RegisterSensor>(*registerKind(sensor.kind), sensor.samples, services);
    });
    return targets;
}

std::map<std::string, std::unique_ptr<SpiTarget>> spiTargets(const BoardDesc& board, std::string_view bus,
                                                             MachineServices& services) {
    std::map<std::string, std::unique_ptr<SpiTarget>> targets;
    eachSensor(board, bus, [&](const SensorDesc& sensor) {
        targets[sensor.place] = std::make_unique<RegisterSensor>(*registerKind(sensor.kind), sensor.samples, services);
    });
    return targets;
}

std::unique_ptr<SoundSource> soundSource(const BoardDesc& board, std::string_view pdm) {
    std::unique_ptr<SoundSource> source;
    eachSensor(board, pdm, [&](const SensorDesc& sensor) { source = std::make_unique<SampledSound>(sensor.samples); });
    return source;
}

std::map<unsigned, std::unique_ptr<AnalogSource>> analogSources(const BoardDesc& board, std::string_view adc,
                                                                MachineServices& services) {
    std::map<unsigned, std::unique_ptr<AnalogSource>> sources;
    eachSensor(board, adc, [&](const SensorDesc& sensor) {
        sources[*placeNumber(sensor.place)] = std::make_unique<SampledVoltage>(sensor.samples, services);
    });
    return sources;
}

} // namespace simprof
