// SPDX-License-Identifier: GPL-2.0-or-later
/// `simprof boards`, board files, SVD files and sensors as a user meets them.
#include "tests/support/run_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace simprof {
namespace {

using nlohmann::json;
using test::ProgramResult;
using test::TestFolder;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

ProgramResult simprof(const std::vector<std::string>& arguments) {
    return test::runProgram(std::string(SIMPROF_BINARY_DIR) + "/bin/simprof", arguments, {});
}

std::string refusal(const std::vector<std::string>& arguments) {
    const ProgramResult result = simprof(arguments);
    EXPECT_EQ(result.exitCode, 2) << result.error;
    EXPECT_EQ(std::count(result.error.begin(), result.error.end(), '\n'), 1) << result.error;
    return result.error;
}

/// A raw image for 0x08000000: reads CRS_CFGR (0x40006004), then ends by semihosting.
std::string image() {
    const std::vector<std::uint16_t> code = {0x0000, 0x2001, 0x0009, 0x0800, // SP, reset at +8
                                             0x4802, 0x6841, 0x4A02, 0x2018,
                                             0x0011, 0xBEAB, // ldr, ldr [r0, #4], ldr, movs, movs r1, r2, bkpt
                                             0x6000, 0x4000, 0x0026, 0x0002}; // 0x40006000, ApplicationExit
    std::string bytes;
    for (const std::uint16_t halfword : code) {
        bytes += static_cast<char>(halfword & 0xFF);
        bytes += static_cast<char>(halfword >> 8);
    }
    return bytes;
}

TEST(CliBoards, ShowWhatEachOneHas) {
    const json list = json::parse(simprof({"boards", "--format", "json"}).output);
    for (const json& board : list["boards"]) {
        EXPECT_FALSE(board["core"].get<std::string>().empty());
        EXPECT_GT(board["max_clock_hz"], 0);
        EXPECT_GT(board["reset_clock_hz"], 0);
        EXPECT_GT(board["flash_bytes"], 0);
        EXPECT_GT(board["sram_bytes"], 0);
        EXPECT_GT(board["modelled"], 10);
        EXPECT_GE(board["peripherals"], board["modelled"]);
        EXPECT_TRUE(board.contains("supplies"));
    }
}

TEST(CliBoards, HtmlIsOnePageOfAllOfIt) {
    const std::string page = simprof({"boards", "--format", "html"}).output;
    for (const char* part :
         {"<!doctype html>", "id=\"nucleo-l4r5zi\"", "id=\"microbit\"", "stm32_usart_v2",
          "external SMPS, 3.0 V, 120 MHz", "RM0432", "mcu.memories[].alias_of", "HTS221", "</html>"}) {
        EXPECT_THAT(page, HasSubstr(part));
    }
    EXPECT_THAT(page, AllOf(Not(HasSubstr("http://")), Not(HasSubstr("https://")), Not(HasSubstr("src="))));
    EXPECT_THAT(simprof({"boards", "microbit", "--format", "html"}).output,
                AllOf(HasSubstr("nRF51822"), Not(HasSubstr("STM32L4R5ZI"))));
}

TEST(CliBoards, ListsSensorsKeysAndTypes) {
    EXPECT_THAT(simprof({"boards", "--list", "sensors"}).output, HasSubstr("hts221"));
    EXPECT_THAT(simprof({"boards", "--list", "keys"}).output, HasSubstr("mcu.core.kind"));
    EXPECT_EQ(
        json::parse(simprof({"boards", "--list", "peripherals", "--format", "json"}).output)["peripherals"][0]["type"],
        "apollo3_adc");
    EXPECT_THAT(refusal({"boards", "--list", "colours"}), HasSubstr("one of sensors, keys, peripherals"));
}

TEST(CliBoards, ExplainsWhatSpeaksForAndAgainstEach) {
    const TestFolder folder;
    const std::string firmware = folder.write("fw.bin", image());
    const std::string text = simprof({"boards", "--explain", firmware}).output;
    EXPECT_THAT(text, AllOf(HasSubstr("vector table at 0x08000000"), HasSubstr("nucleo-l4r5zi (Cortex-M4): score"),
                            HasSubstr("microbit (Cortex-M0): excluded"), HasSubstr("veto"), HasSubstr("devices"),
                            HasSubstr("chosen")));
    const json all = json::parse(simprof({"boards", "--explain", firmware, "--format", "json"}).output);
    EXPECT_EQ(all["boards"].size(), json::parse(simprof({"boards", "--format", "json"}).output)["boards"].size());
    EXPECT_FALSE(all["boards"][0]["excluded"]);
    EXPECT_TRUE(all["boards"].back()["excluded"]);
    EXPECT_THAT(refusal({"boards", "microbit", "--explain", firmware}), HasSubstr("leave the board's name out"));
}

TEST(CliBoards, AFileRunsToTheSameBytes) {
    const TestFolder folder;
    const std::string firmware = folder.write("fw.bin", image());
    const std::vector<std::string> run = {firmware, "--base", "0x08000000", "-o", "-", "--board"};
    const auto profileOn = [&](const std::string& board) {
        std::vector<std::string> arguments = run;
        arguments.push_back(board);
        const ProgramResult result = simprof(arguments);
        EXPECT_EQ(result.exitCode, 0) << result.error;
        return result.output;
    };
    const std::string builtIn = profileOn("nucleo-l4r5zi");
    for (const char* format : {"toml", "json"}) {
        const std::string file = folder.write(std::string("own.") + format,
                                              simprof({"boards", "nucleo-l4r5zi", "--as", format, "--full"}).output);
        EXPECT_EQ(profileOn(file), builtIn) << format;
        EXPECT_THAT(simprof({"boards", file}).output, HasSubstr("NUCLEO-L4R5ZI"));
    }
}

TEST(CliBoards, WrongFilesAreRefusedWithLineAndKey) {
    const TestFolder folder;
    const std::string firmware = folder.write("fw.bin", image());
    const std::string wrong =
        folder.write("wrong.toml", "name = 'x'\nmcu = 'STM32L4R5ZI'\nvector_table = 0x08000000\nclock = 5\n");
    EXPECT_THAT(refusal({firmware, "--board", wrong}), HasSubstr("wrong.toml:4: clock: there is no such key here"));
    EXPECT_THAT(refusal({firmware, "--board", "./nowhere.json"}), HasSubstr("there is no board file './nowhere.json'"));
    EXPECT_THAT(refusal({"boards", "--as", "toml"}), HasSubstr("name it"));
    EXPECT_THAT(refusal({"boards", "microbit", "--as", "yaml"}), HasSubstr("one of toml, json"));
}

TEST(CliBoards, OtherMemorySizesByName) {
    EXPECT_THAT(simprof({"boards", "nucleo-l053r8:flash=32K"}).output,
                AllOf(HasSubstr("32,768"), Not(HasSubstr("65,536"))));
    EXPECT_THAT(refusal({"boards", "nucleo-l053r8:flush=32K"}), HasSubstr("it has flash, data EEPROM, SRAM"));
    EXPECT_THAT(refusal({"boards", "nucleo-l053r8:flash=lots"}), HasSubstr("flash=32K"));
}

TEST(CliBoards, SvdNamesWhatIsTouched) {
    const TestFolder folder;
    const std::string firmware = folder.write("fw.bin", image());
    const std::string svd = folder.write(
        "part.svd",
        "<device><peripherals><peripheral><name>CRS</name><baseAddress>0x40006000</baseAddress><registers>"
        "<register><name>CFGR</name><addressOffset>4</addressOffset><resetValue>0x2022BB7F</resetValue></register>"
        "</registers></peripheral></peripherals></device>");
    const std::vector<std::string> run = {firmware, "--base", "0x08000000", "--board", "nucleo-l4r5zi", "-o", "-"};
    EXPECT_EQ(json::parse(simprof(run).output)["peripherals"][0]["peripheral"], "CRS");
    std::vector<std::string> named = run;
    named.insert(named.end(), {"--svd", svd});
    EXPECT_EQ(json::parse(simprof(named).output)["peripherals"][0]["peripheral"], "CRS.CFGR");
    named.back() = folder.write("wrong.svd", "<device>\n<peripherals>\n");
    EXPECT_THAT(refusal(named), HasSubstr("wrong.svd:"));
}

TEST(CliBoards, SensorsAreCheckedBeforeTheRun) {
    const TestFolder folder;
    const std::string firmware = folder.write("fw.bin", image());
    const std::vector<std::string> run = {firmware, "--base", "0x08000000", "--board", "nucleo-l4r5zi", "--sensor"};
    const auto with = [&](const std::string& sensor) {
        std::vector<std::string> arguments = run;
        arguments.push_back(sensor);
        return arguments;
    };
    EXPECT_EQ(simprof(with("I2C1:0x5F=hts221")).exitCode, 0);
    EXPECT_THAT(refusal(with("I2C1:0x5F=hts221:nowhere.csv")),
                HasSubstr("there is no file 'nowhere.csv' with samples"));
    EXPECT_THAT(
        refusal(with("I2C1:0x5F=bmp280")),
        HasSubstr("there is no sensor 'bmp280': it is one of analog, hts221, lis3dh, mag3110, microphone, mma8653"));
    EXPECT_THAT(refusal(with("TWI1:0x5F=hts221")), HasSubstr("cannot be attached to TWI1"));
    EXPECT_THAT(refusal(with("I2C7:0x5F=hts221")), HasSubstr("has no 'I2C7'"));
}

} // namespace
} // namespace simprof
