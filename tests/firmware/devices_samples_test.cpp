// SPDX-License-Identifier: GPL-2.0-or-later
// The peripherals sample on each board: what it says, and whether its times are those of the programmed clocks, taken
// at the UART.
#include "peripherals/sensors/sensor.h"
#include "profiler/profile_json.h"
#include "profiler/profile_run.h"
#include "tests/firmware/sample_run.h"
#include "tests/support/run_program.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace simprof::test {
namespace {

struct DevicesRow {
    const char* board;
    unsigned clockHz;
    bool dma;             ///< the UART has one
    double uartPercent;   ///< by interrupt; without a FIFO or buffer the interrupt's latency comes between two bytes
    const char* sensor;   ///< --sensor without its file
    const char* samples;  ///< a CSV file
    const char* measured; ///< what the sample prints of it
};

constexpr const char* kRoom = "temperature_c,humidity_percent\n21.5,40\n22,41.25\n-3.75,88\n30.1,12\n";
constexpr const char* kRoomText = "sensor HTS221\ntemperature 21.50 humidity 40.00\ntemperature 22.00 humidity 41.25\n"
                                  "temperature -3.75 humidity 88.00\ntemperature 30.10 humidity 12.00\n";
constexpr const char* kMotion = "x_g,y_g,z_g\n0,0,1\n0.5,-0.25,0.8\n-1,1.5,0\n0.001,0,-1\n";
constexpr const char* kMotionText = "sensor LIS3DH\nacceleration 0.000 0.000 1.000\nacceleration 0.500 -0.250 0.800\n"
                                    "acceleration -1.000 1.500 0.000\nacceleration 0.001 0.000 -1.000\n";
constexpr const char* kVolts = "volts\n0.5\n1.0\n1.65\n0.123\n";
constexpr const char* kVoltsText = "sensor ADC\nvoltage 0.500\nvoltage 1.000\nvoltage 1.650\nvoltage 0.123\n";
constexpr const char* kI2c = "I2C1:0x5F=hts221";

const DevicesRow kRows[] = {
    {"nucleo-l4r5zi", 120'000'000, true, 1, kI2c, kRoom, kRoomText},
    {"stm32f746g-disco", 216'000'000, true, 1, kI2c, kRoom, kRoomText},
    {"nucleo-h7a3zi-q", 280'000'000, true, 1, kI2c, kRoom, kRoomText},
    {"portenta-h7", 480'000'000, true, 1, kI2c, kRoom, kRoomText},
    {"nucleo-g0b1re", 64'000'000, true, 1, kI2c, kRoom, kRoomText},
    {"nucleo-l053r8", 16'000'000, true, 1, kI2c, kRoom, kRoomText},
    {"raspberry-pi-pico", 133'000'000, true, 1, "ADC:0=analog", kVolts, kVoltsText},
    {"arduino-nano-33-ble", 64'000'000, true, 2, "I2C0:0x5F=hts221", kRoom, kRoomText},
    {"sparkfun-edge", 48'000'000, false, 1, "ADC:3=analog", kVolts, kVoltsText},
    {"stm32f407-disco", 168'000'000, true, 1, "SPI1:PE3=lis3dh", kMotion, kMotionText},
    {"microbit", 16'000'000, false, 6, "I2C0:0x5F=hts221", kRoom, kRoomText},
};

/// Keeps what is sent with its times, and answers the question.
class Host final : public SerialSink {
public:
    explicit Host(SerialPort& port)
        : m_port(port) {
        port.attach(*this);
    }
    ~Host() override { m_port.detach(*this); }
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;
    void byteSent(std::byte byte, std::uint64_t nanoseconds) override {
        text += static_cast<char>(byte);
        times.push_back(nanoseconds);
        if (byte == std::byte{'?'}) {
            constexpr std::string_view kAnswer = "hello";
            m_port.receive(std::as_bytes(std::span(kAnswer)));
        }
    }
    /// Seconds between the ends of the characters at which `begin` and, from there on, `end` are found.
    double seconds(std::string_view begin, std::string_view end) const {
        const std::size_t first = text.find(begin);
        const std::size_t last = text.find(end, first);
        if (first == std::string::npos || last == std::string::npos) {
            ADD_FAILURE() << begin << " or " << end << " is not in " << text;
            return 0;
        }
        return static_cast<double>(times[last] - times[first]) * 1e-9;
    }

    std::string text;
    std::vector<std::uint64_t> times;

private:
    SerialPort& m_port;
};

class DevicesSample : public testing::TestWithParam<DevicesRow> {};

TEST_P(DevicesSample, SpeaksTicksSleepsAndMeasures) {
    const DevicesRow& row = GetParam();
    const TestFolder folder;
    BoardDesc board = *findBoard(row.board);
    attachSensor(board, parseSensor(std::string(row.sensor) + ":" + folder.write("samples.csv", row.samples)));
    const FirmwareImage image = readFirmware(samplePath(std::string("devices-") + row.board), std::nullopt);
    MachineOptions options;
    options.peripherals = makePeripheral;
    Machine machine(board, image, options);
    Host host(dynamic_cast<SerialPort&>(*machine.peripheral(board.console)));
    RunLimits limits;
    limits.cycles = 2ULL * row.clockHz;
    const HaltReason halt = machine.run(limits);
    EXPECT_EQ(halt.kind, HaltReason::Kind::Exit) << halt.what;

    const std::string byDma =
        row.dma ? "by DMA: the controller feeds the transmitter, the core sleeps until the last byte is handed over\n"
                : "by DMA: this UART has none\n";
    EXPECT_EQ(host.text,
              "clock " + std::to_string(row.clockHz) + "\n" +
                  "by interrupt: a byte for each time the transmitter has room, the core asleep between them\n" +
                  byDma + "ten ticks of 10 ms []\nasleep for 250 ms []\n" + row.measured +
                  "say something? heard 5: hello\ndone\n");

    constexpr double kCharacter = 10.0 / 115200;
    const auto isNear = [](double seconds) { return testing::DoubleNear(seconds, seconds / 100); };
    const double sent = static_cast<double>(host.text.find("them\n") - host.text.find("by interrupt")) * kCharacter;
    EXPECT_NEAR(host.seconds("by interrupt", "them\n"), sent, sent * row.uartPercent / 100);
    if (row.dma) {
        EXPECT_THAT(host.seconds("by DMA", "over\n"),
                    isNear(static_cast<double>(host.text.find("over\n") - host.text.find("by DMA")) * kCharacter));
    }
    EXPECT_THAT(host.seconds("[]\nasleep", "]\nasleep") - kCharacter, isNear(0.1));
    EXPECT_THAT(host.seconds("[]\nsensor", "]\nsensor") - kCharacter, isNear(0.25));

    // Nothing was guessed: every register the sample uses is modelled.
    for (const auto& [address, reg] : machine.unmodelled()) {
        EXPECT_FALSE(reg.pollSatisfied) << reg.peripheral << std::hex << " 0x" << address;
    }
    for (const auto& [cycle, event, count, last] : machine.events()) {
        ADD_FAILURE() << "cycle " << cycle << ": " << event;
    }
}

TEST_P(DevicesSample, GoesOnWithoutItsSensor) {
    const SampleRun run = runSample(std::string("devices-") + GetParam().board, 2ULL * GetParam().clockHz);
    EXPECT_EQ(run.halt.kind, HaltReason::Kind::Exit) << run.halt.what;
    EXPECT_THAT(run.output, testing::AnyOf(testing::HasSubstr("sensor missing\nno data\n"),
                                           testing::HasSubstr("sensor ADC\nvoltage 0.000\n")));
    EXPECT_THAT(run.output, testing::EndsWith("heard 0: \ndone\n"));
    EXPECT_EQ(run.owned, run.cycles);
}

TEST(DevicesSampleProfile, WithoutANetworkIsReadBack) {
    const Profile profile = profileRun(readFirmware(samplePath("devices-nucleo-l4r5zi"), std::nullopt), {});
    EXPECT_TRUE(profile.layers.empty());
    EXPECT_EQ(toJson(fromJson(toJson(profile))), toJson(profile));
}

INSTANTIATE_TEST_SUITE_P(Boards, DevicesSample, testing::ValuesIn(kRows), [](const auto& parameter) {
    std::string name = parameter.param.board;
    std::ranges::replace(name, '-', '_');
    return name;
});

} // namespace
} // namespace simprof::test
