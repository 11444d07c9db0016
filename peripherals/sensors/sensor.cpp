// SPDX-License-Identifier: GPL-2.0-or-later
// Sensors with registers: HTS221 (ST DS10333 rev 4, 7), LIS3DH (ST DS6839 rev 4, 8). Data are ready whenever the sensor
// is on; a new measurement shows when an output register is read that was read before.
#include "peripherals/sensors/sensor.h"

#include "peripherals/sensors/sample_file.h"
#include "sim_core/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>

namespace simprof {
namespace {

/// A pair of output registers: low byte at `at`, high byte behind it.
struct Output {
    std::uint8_t at;
    const char* column;
    double perUnit; ///< counts per unit of the column
    double zero;    ///< unit at which the count is 0
    double atRest;  ///< in units, without samples
};

struct RegisterValue {
    std::uint8_t at, value;
};

/// A sensor whose registers are all there is to it.
struct RegisterKind {
    const char* name;
    const char* title;
    const char* source;
    std::span<const RegisterValue> registers; ///< those that are not 0 out of reset
    std::span<const Output> outputs;
    std::uint8_t status, ready; ///< register and bits that say that data are ready
    std::uint8_t control, on;   ///< they are when one of these bits is set
    bool spi;
};

// Calibrated so that T = 10 °C + count / 200 and H = 20 % + count / 200.
constexpr RegisterValue kHts221[] = {{0x0F, 0xBC}, {0x10, 0x1B}, {0x30, 40},   {0x31, 160},  {0x32, 80},  {0x33, 0x40},
                                     {0x35, 0x04}, {0x3A, 0xE0}, {0x3B, 0x2E}, {0x3E, 0x70}, {0x3F, 0x17}};
constexpr Output kHts221Outputs[] = {{0x28, "humidity_percent", 200, 20, 45}, {0x2A, "temperature_c", 200, 10, 22}};
constexpr RegisterValue kLis3dh[] = {{0x0F, 0x33}, {0x20, 0x07}, {0x1E, 0x10}};
constexpr Output kLis3dhOutputs[] = {
    {0x28, "x_g", 16384, 0, 0}, {0x2A, "y_g", 16384, 0, 0}, {0x2C, "z_g", 16384, 0, 1}};

constexpr RegisterKind kRegisterKinds[] = {
    {"hts221", "HTS221, humidity and temperature", "ST DS10333", kHts221, kHts221Outputs, 0x27, 0x03, 0x20, 0x80,
     false},
    {"lis3dh", "LIS3DH, accelerometer at +-2 g", "ST DS6839", kLis3dh, kLis3dhOutputs, 0x27, 0x0F, 0x20, 0xF0, true},
};
constexpr const char* kAnalog = "analog";
constexpr const char* kMicrophone = "microphone";

const RegisterKind* registerKind(std::string_view name) {
    const auto found =
        std::ranges::find_if(kRegisterKinds, [&](const RegisterKind& kind) { return kind.name == name; });
    return found == std::end(kRegisterKinds) ? nullptr : found;
}

/// Where a sensor's values come from; a sensor without samples is at rest.
class Measurements {
public:
    Measurements(const std::string& file, MachineServices& services)
        : m_services(services) {
        if (!file.empty()) {
            m_samples = readSamples(file);
        }
    }
    /// Goes on to the next measurement.
    void next() {
        m_row =
            m_samples ? &m_samples->row(static_cast<double>(m_services.nowNanoseconds()) * 1e-9, m_index++) : nullptr;
    }
    /// Its value in a column, by name or else by place.
    double value(const char* column, std::size_t place, double atRest) const {
        if (m_row == nullptr) {
            return atRest;
        }
        const auto named = std::ranges::find(m_samples->columns, column);
        const std::size_t index =
            named == m_samples->columns.end() ? place : static_cast<std::size_t>(named - m_samples->columns.begin());
        return index < m_row->size() ? (*m_row)[index] : atRest;
    }
    bool isFraction() const { return m_samples && m_samples->isFraction; }

private:
    MachineServices& m_services;
    std::optional<SampleFile> m_samples;
    const std::vector<double>* m_row = nullptr;
    std::size_t m_index = 0;
};

class RegisterSensor final : public I2cTarget, public SpiTarget {
public:
    RegisterSensor(const RegisterKind& kind, const std::string& samples, MachineServices& services)
        : m_kind(kind)
        , m_measurements(samples, services) {
        for (const RegisterValue& entry : kind.registers) {
            m_registers[entry.at] = entry.value;
        }
    }

    // I2C: the first byte is the register, its top bit lets the pointer move on.
    void start(bool read) override { m_first = !read; }
    bool write(std::uint8_t byte) override {
        if (m_first) {
            m_pointer = byte & 0x7F;
            m_moves = (byte & 0x80) != 0;
            m_first = false;
        } else {
            store(byte);
        }
        return true;
    }
    std::uint8_t read() override { return load(); }

    // SPI: read bit, pointer bit, six bits of register.
    void select(bool selected) override { m_first = selected; }
    std::uint8_t exchange(std::uint8_t byte) override {
        if (m_first) {
            m_reads = (byte & 0x80) != 0;
            m_moves = (byte & 0x40) != 0;
            m_pointer = byte & 0x3F;
            m_first = false;
            return 0xFF;
        }
        if (m_reads) {
            return load();
        }
        store(byte);
        return 0xFF;
    }

private:
    void advance() { m_pointer = m_moves ? (m_pointer + 1) & 0x7F : m_pointer; }
    void store(std::uint8_t byte) {
        if (m_pointer != 0x0F && m_pointer != m_kind.status) {
            m_registers[m_pointer] = byte;
        }
        advance();
    }
    bool isOn() const { return (m_registers[m_kind.control] & m_kind.on) != 0; }
    std::uint8_t load() {
        const std::uint8_t at = m_pointer;
        advance();
        if (at == m_kind.status) {
            return isOn() ? m_kind.ready : 0;
        }
        const bool isOutput = std::ranges::any_of(
            m_kind.outputs, [&](const Output& output) { return at == output.at || at == output.at + 1; });
        if (isOutput && isOn() && (!m_measured || m_seen[at])) {
            measure();
        }
        m_seen[at] = true;
        return m_registers[at];
    }
    void measure() {
        m_measured = true;
        m_seen.fill(false);
        m_measurements.next();
        for (std::size_t i = 0; i < m_kind.outputs.size(); ++i) {
            const Output& output = m_kind.outputs[i];
            const double counts =
                (m_measurements.value(output.column, i, output.atRest) - output.zero) * output.perUnit;
            const auto value = static_cast<std::uint16_t>(
                static_cast<std::int16_t>(std::lround(std::clamp(counts, -32768.0, 32767.0))));
            m_registers[output.at] = static_cast<std::uint8_t>(value);
            m_registers[output.at + 1U] = static_cast<std::uint8_t>(value >> 8);
        }
    }

    const RegisterKind& m_kind;
    Measurements m_measurements;
    std::array<std::uint8_t, 256> m_registers{};
    std::array<bool, 256> m_seen{};
    std::uint8_t m_pointer = 0;
    bool m_measured = false, m_first = true, m_moves = false, m_reads = false;
};

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
    for (const RegisterKind& kind : kRegisterKinds) {
        SensorKind row{kind.name, kind.title, kind.spi ? "I2C, SPI" : "I2C", "", kind.source};
        for (const Output& output : kind.outputs) {
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
