// SPDX-License-Identifier: GPL-2.0-or-later
// Sample files, what can be attached where, and what a sensor shows of its samples.
#include "peripherals/sensors/sensor.h"

#include "fake_machine.h"
#include "peripherals/boards/board_file.h"
#include "peripherals/sensors/sample_file.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>

#include <cstdio>
#include <fstream>

namespace simprof::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(SampleFile, CsvWithNamesAndTimes) {
    const SampleFile file = parseSamples("# room\ntime_s, temperature_c\r\n0,20\n0.5,21\n2,-3.5\n", "room.csv");
    EXPECT_THAT(file.columns, ElementsAre("temperature_c"));
    EXPECT_THAT(file.row(0, 7), ElementsAre(20));
    EXPECT_THAT(file.row(0.49, 0), ElementsAre(20));
    EXPECT_THAT(file.row(0.5, 0), ElementsAre(21));
    EXPECT_THAT(file.row(1e9, 0), ElementsAre(-3.5));
}

TEST(SampleFile, CsvOfNumbersGoesRowByRow) {
    const SampleFile file = parseSamples("1;2\n3;4\n", "a.csv");
    EXPECT_THAT(file.row(100, 0), ElementsAre(1, 2));
    EXPECT_THAT(file.row(0, 1), ElementsAre(3, 4));
    EXPECT_THAT(file.row(0, 99), ElementsAre(3, 4)) << "the last one stays";
}

std::string bytes(std::initializer_list<unsigned> values) {
    std::string text;
    for (const unsigned value : values) {
        text += static_cast<char>(value);
    }
    return text;
}

TEST(SampleFile, WavHasItsRate) {
    const std::string wav = "RIFF" + bytes({44, 0, 0, 0}) + "WAVEfmt " +
                            bytes({16, 0, 0, 0, 1, 0, 1, 0, 100, 0, 0, 0, 200, 0, 0, 0, 2, 0, 16, 0}) + "data" +
                            bytes({6, 0, 0, 0, 0x00, 0x40, 0x00, 0x80, 0xFF, 0x7F});
    const SampleFile file = parseSamples(wav, "a.wav");
    EXPECT_TRUE(file.isFraction);
    EXPECT_THAT(file.row(0, 0), ElementsAre(0.5));
    EXPECT_THAT(file.row(0.0101, 0), ElementsAre(-1.0));
    EXPECT_NEAR(file.row(0.03, 0)[0], 1, 1e-4);
}

TEST(SampleFile, RawIsSixteenBits) {
    EXPECT_THAT(parseSamples(bytes({0x00, 0xC0}), "a.raw").row(0, 0), ElementsAre(-0.5));
}

TEST(SampleFile, WrongOnesAreNamed) {
    EXPECT_THAT([] { parseSamples("a,b\n1,2\n1,x\n", "a.csv"); },
                ThrowsMessage<Error>(HasSubstr("a.csv:3: 'x' is no number")));
    EXPECT_THAT([] { parseSamples("1,2\n1\n", "a.csv"); },
                ThrowsMessage<Error>(HasSubstr("a.csv:2: has 1 values where the lines before have 2")));
    EXPECT_THAT([] { parseSamples("t,v\n1,2\n0,2\n", "a.csv"); }, ThrowsMessage<Error>(HasSubstr("go back")));
    EXPECT_THAT([] { parseSamples("", "a.csv"); }, ThrowsMessage<Error>(HasSubstr("holds no samples")));
    EXPECT_THAT([] { parseSamples("OggS", "a.wav"); }, ThrowsMessage<Error>(HasSubstr("WAV")));
    EXPECT_THAT([] { parseSamples("t\n1\n2\n", "a.csv"); }, ThrowsMessage<Error>(HasSubstr("holds no samples")));
    EXPECT_THAT([] { parseSamples(std::string(20'000'002, 'x'), "a.raw"); },
                ThrowsMessage<Error>(HasSubstr("holds more than 10000000 values")));
    EXPECT_THAT([] { readSamples("/dev/zero"); }, ThrowsMessage<Error>(HasSubstr("no file '/dev/zero'")));
    EXPECT_THAT([] { readSamples("/no/such.csv"); }, ThrowsMessage<Error>(HasSubstr("no file '/no/such.csv'")));
}

TEST(Sensors, CommandLineNamesBusPlaceAndKind) {
    const SensorDesc sensor = parseSensor("I2C1:0x5F=hts221");
    EXPECT_EQ(sensor.bus, "I2C1");
    EXPECT_EQ(sensor.place, "0x5F");
    EXPECT_EQ(sensor.kind, "hts221");
    EXPECT_EQ(parseSensor("SPI1=lis3dh").place, "");
    for (const char* wrong : {"I2C1", "=x", "I2C1:0x5F=", "I2C1=hts221", "I2C1:200=hts221", "I2C1:0x5F=hts220",
                              "SPI1:PA4=hts221", "ADC1=analog", "I2C1:1=analog"}) {
        EXPECT_THROW(parseSensor(wrong), Error) << wrong;
    }
    BoardDesc board = *findBoard("nucleo-l4r5zi");
    EXPECT_THAT([&] { attachSensor(board, parseSensor("I2C9:0x5F=hts221")); },
                ThrowsMessage<Error>(HasSubstr("no 'I2C9': a sensor is attached to one of SPI2, SPI3, I2C1")));
    EXPECT_NO_THROW(attachSensor(board, parseSensor("I2C1:0x5F=hts221")));
    board = *findBoard("microbit");
    EXPECT_NO_THROW(attachSensor(board, parseSensor("I2C0:0x5F=hts221")));
}

TEST(Sensors, TheMicrobitsAreInItsBoardFile) {
    const BoardDesc& builtIn = *findBoard("microbit");
    const BoardDesc copy = *readBoard(writeBoard(builtIn, DataFormat::Toml, false), "my.toml", DataFormat::Toml);
    ASSERT_EQ(copy.sensors.size(), 2U);
    EXPECT_EQ(copy.sensors[0].kind, "mma8653");
    EXPECT_EQ(copy.sensors[1].place, "0x0E");
    BoardDesc board = builtIn;
    attachSensor(board, parseSensor("I2C0:0x0E=hts221"));
    ASSERT_EQ(board.sensors.size(), 2U) << "in the place of the one that was there";
    EXPECT_EQ(board.sensors[1].kind, "hts221");
}

/// Reads `count` registers from `first` on.
std::vector<unsigned> readAll(I2cTarget& target, std::uint8_t first, unsigned count) {
    target.start(false);
    target.write(first);
    target.start(true);
    std::vector<unsigned> result;
    for (unsigned index = 0; index < count; ++index) {
        result.push_back(target.read());
    }
    target.stop();
    return result;
}

TEST(Sensors, Hts221ShowsOneMeasurementUntilItIsReadAgain) {
    FakeMachine machine("nucleo-l4r5zi");
    BoardDesc board = machine.board();
    board.sensors = {{"I2C1", "0x5F", "hts221", ""}};
    const auto targets = i2cTargets(board, "I2C1", machine);
    ASSERT_EQ(targets.size(), 1U);
    I2cTarget& target = *targets.at(0x5F);
    EXPECT_THAT(readAll(target, 0x0F, 2), ElementsAre(0xBCU, 0xBCU)) << "without the top bit the pointer stays";
    EXPECT_THAT(readAll(target, 0x27, 1), ElementsAre(0U)) << "switched off";
    target.start(false);
    target.write(0x20);
    target.write(0x80);
    EXPECT_THAT(readAll(target, 0x27, 1), ElementsAre(3U));
    // At rest: 45 % and 22 degrees, 200 counts each from 20 % and 10 degrees.
    EXPECT_THAT(readAll(target, 0xA8, 4), ElementsAre(5000U & 0xFF, 5000U >> 8, 2400U & 0xFF, 2400U >> 8));
}

struct RestRow {
    std::uint8_t address, identity, who, sysmod, asleep, awake, control;
    std::vector<unsigned> outputs; ///< status and three pairs of bytes, high byte first
};

TEST(Sensors, TheMicrobitsLieFlatAndStill) {
    FakeMachine machine("microbit");
    const auto targets = i2cTargets(machine.board(), "I2C0", machine);
    const RestRow rows[] = {
        {0x1D, 0x0D, 0x5A, 0x0B, 0, 1, 0x2A, {0x0F, 0, 0, 0, 0, 0x40, 0}}, // 1 g along Z
        {0x0E, 0x07, 0xC4, 0x08, 0, 2, 0x10, {0x0F, 0, 0, 0, 0, 0, 0}},
    };
    for (const RestRow& row : rows) {
        I2cTarget& target = *targets.at(row.address);
        EXPECT_THAT(readAll(target, row.identity, 1), ElementsAre(row.who));
        EXPECT_THAT(readAll(target, row.sysmod, 1), ElementsAre(row.asleep));
        EXPECT_THAT(readAll(target, 0, 1), ElementsAre(0U)) << "nothing is measured in standby";
        target.start(false);
        for (const unsigned byte : {unsigned{row.control}, 1U}) {
            target.write(static_cast<std::uint8_t>(byte));
        }
        EXPECT_THAT(readAll(target, row.sysmod, 1), ElementsAre(row.awake));
        EXPECT_THAT(readAll(target, 0, 7), testing::ElementsAreArray(row.outputs));
    }
}

TEST(Sensors, AMma8653ShowsTenBitsOfItsSamples) {
    const std::string file = testing::TempDir() + "simprof_mma8653.csv";
    std::ofstream(file) << "x_g,y_g,z_g\n-1,0.5,0.0062\n";
    FakeMachine machine("microbit");
    BoardDesc board = machine.board();
    board.sensors = {{"I2C0", "0x1D", "mma8653", file}};
    const auto targets = i2cTargets(board, "I2C0", machine);
    std::remove(file.c_str());
    I2cTarget& target = *targets.at(0x1D);
    target.start(false);
    target.write(0x2A);
    target.write(1);
    // 256 counts to 1 g, left-justified: 0.0062 g is one count and a part of the next.
    EXPECT_THAT(readAll(target, 1, 6), ElementsAre(0xC0U, 0U, 0x20U, 0U, 0U, 0x40U));
}

} // namespace
} // namespace simprof::test
