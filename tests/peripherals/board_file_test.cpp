// SPDX-License-Identifier: GPL-2.0-or-later
// Boards as files: what is written reads back the same, and what is wrong is named by file, line and key.
#include "peripherals/boards/board_file.h"

#include "peripherals/boards.h"
#include "peripherals/boards/data_tree.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace simprof::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

class BuiltInBoard : public testing::TestWithParam<std::string> {};

/// Written in full, read, and written again: every key came through.
TEST_P(BuiltInBoard, ComesBackFromItsFile) {
    const BoardDesc& board = *findBoard(GetParam());
    for (const DataFormat format : {DataFormat::Toml, DataFormat::Json}) {
        const std::string text = writeBoard(board, format, true);
        const auto read = readBoard(text, "board", format);
        EXPECT_EQ(writeBoard(*read, format, true), text);
        EXPECT_EQ(read->name, board.name);
        EXPECT_EQ(read->mcu->memories.size(), board.mcu->memories.size());
        EXPECT_EQ(read->mcu->peripherals.size(), board.mcu->peripherals.size());
        EXPECT_EQ(read->mcu->peripherals.front().options, board.mcu->peripherals.front().options);
    }
}

TEST_P(BuiltInBoard, NamesItsMcuInTheShortForm) {
    const BoardDesc& board = *findBoard(GetParam());
    const auto read = readBoard(writeBoard(board, DataFormat::Toml, false), "board.toml", DataFormat::Toml);
    EXPECT_EQ(read->mcu, board.mcu);
    EXPECT_EQ(read->oscillators, board.oscillators);
    EXPECT_EQ(read->supplies.size(), board.supplies.size());
}

std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const BoardDesc& board : boards()) {
        all.push_back(board.name);
    }
    return all;
}

INSTANTIATE_TEST_SUITE_P(Boards, BuiltInBoard, testing::ValuesIn(names()), [](const auto& parameter) {
    std::string name = parameter.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

TEST(BoardFile, MemoriesOfAKnownMcuMayHaveOtherSizes) {
    const auto board = readBoard("name = 'small'\nmcu = 'STM32L053R8'\nvector_table = 0x08000000\nconsole = "
                                 "'USART2'\n[memory_bytes]\nflash = '32K'\n"
                                 "[pins]\nPC13 = 'high'\n",
                                 "small.toml", DataFormat::Toml);
    EXPECT_EQ(board->mcu->memories[0].range.size, 32768U);
    EXPECT_EQ(board->mcu->memories[1].range.size, 32768U) << "the view at 0";
    EXPECT_EQ(board->title, "small");
    EXPECT_TRUE(board->pins.at("PC13"));
    EXPECT_EQ(findBoard("nucleo-l053r8")->mcu->memories[0].range.size, 65536U);
}

struct WrongFile {
    const char* name;
    const char* text;
    const char* where; ///< "FILE:LINE: KEY"
    const char* what;
};

class WrongBoardFile : public testing::TestWithParam<WrongFile> {};

TEST_P(WrongBoardFile, NamesLineAndKey) {
    const bool json = GetParam().text[0] == '{';
    EXPECT_THAT([&] { readBoard(GetParam().text, "my.toml", json ? DataFormat::Json : DataFormat::Toml); },
                ThrowsMessage<Error>(AllOf(HasSubstr(GetParam().where), HasSubstr(GetParam().what))));
}

const std::string kMcu =
    "name = 'b'\nvector_table = 0\n[mcu]\nname = 'M'\nreset_clock_hz = 1000000\nmax_clock_hz = 2000000\n"
    "[mcu.core]\nkind = 'Cortex-M4'\n[[mcu.memories]]\nname = 'ram'\nkind = 'sram'\nbase = 0\nbytes = '64K'\n";
const std::string kWithDevice =
    kMcu + "[[mcu.peripherals]]\nname = 'U1'\nbase = 0x40000000\nbytes = 0x400\n"; // lines 14 to 17
const std::string kWrongType = kWithDevice + "type = 'uart'\n";
const std::string kWrongIrq = kWithDevice + "type = 'stm32_usart_v2'\nirqs = { \"\" = 32 }\n";
const std::string kWrongWiring = kWithDevice + "type = 'stm32_tim'\noptions = { channels = 'four' }\n";
const std::string kOverlap = kMcu + "[[mcu.memories]]\nname = 'more'\nkind = 'sram'\nbase = 0xFFFF\nbytes = 16\n";
const std::string kWrongTiming = kMcu + "timing = 'fast'\n";

const std::string kDeep = "{\"a\": " + std::string(100'000, '[');
const std::string kDots = [] {
    std::string key = "a";
    for (unsigned i = 0; i < 300'000; ++i) {
        key += ".a";
    }
    return "\n" + key + " = 1\n";
}();
const std::string kDeepKeys = [] {
    std::string text;
    for (unsigned i = 0; i < 3; ++i) { // tables in lists: 60 keys deep in each line
        text += "a";
        for (unsigned k = 0; k < 60; ++k) {
            text += ".a";
        }
        text += " = [\n{ ";
    }
    return text + "}\n]}\n]}\n]\n";
}();
const std::string kManyKeys = [] {
    std::string text = "{";
    for (unsigned i = 0; i < 200'000; ++i) {
        text += "\"k" + std::to_string(i) + "\": 1,\n";
    }
    return text + "\"k0\": 1}";
}();
const std::string kManyDevices = [] {
    std::string text = kMcu;
    for (unsigned i = 0; i < 1025; ++i) {
        text += "[[mcu.memories]]\nname = 'm'\nkind = 'sram'\nbase = 0x60000000\nbytes = 16\n";
    }
    return text;
}();
const std::string kHuge = kMcu + "[[mcu.memories]]\nname = 'more'\nkind = 'sram'\nbase = 0x60000000\nbytes = '1024M'\n";
const std::string kCache = [] {
    std::string text = kMcu;
    return text.replace(text.find("[[mcu.mem"), 0, "icache_bytes = 16384\n");
}();
const std::string kFamily = [] {
    std::string text = kMcu;
    return text.replace(text.find("name = 'M'"), 0, "family = 'STM32G1'\n");
}();
const std::string kCore = [] {
    std::string text = kMcu;
    return text.replace(text.find("Cortex-M4"), 9, "Cortex-M5");
}();
const std::string kLayout = kWithDevice + "type = 'stm32_exti'\noptions = { layout = 'g1' }\n";
const std::string kChannels = kWithDevice + "type = 'stm32_dma_channel'\noptions = { channels = '1000000000' }\n";

const WrongFile kWrongFiles[] = {
    {"NoToml", "name = \n", "my.toml:1: ", "no TOML"},
    {"NoJson", "{\"name\": \"b\",\n \"mcu\" }", "my.toml:2: ", "no JSON"},
    {"TwiceInJson", "{\"name\": \"b\",\n \"mcu\": \"STM32L4R5ZI\",\n \"name\": \"c\"}",
     "my.toml:3: ", "'name' is given twice, first in line 1"},
    {"UnknownMcu", "name = 'b'\nvector_table = 0\nmcu = 'STM32L4'\n",
     "my.toml:3: mcu: ", "simprof has no 'STM32L4'; name one of"},
    {"NoMcu", "name = 'b'\nvector_table = 0\n", "my.toml:1: mcu: ", "[mcu]"},
    {"UnknownKey", "name = 'b'\nmcu = 'STM32L4R5ZI'\nvector_table = 0\nconsol = 'LPUART1'\n",
     "my.toml:4: consol: ", "the keys are"},
    {"MissingKey", "mcu = 'STM32L4R5ZI'\nvector_table = 0\n", "my.toml:1: name: ", "is missing"},
    {"WrongKind", "name = 'b'\nmcu = 'STM32L4R5ZI'\nvector_table = 'flash'\n",
     "my.toml:3: vector_table: ", "whole number"},
    {"NegativeInJson",
     "{\"name\": \"b\",\n\"mcu\": \"STM32L4R5ZI\",\n\"vector_table\": 0,\n\"oscillators_hz\": {\n\"HSE\": -1}}",
     "my.toml:5: oscillators_hz.HSE: ", "outside 0 to"},
    {"NoSuchConsole", "name = 'b'\nmcu = 'STM32L4R5ZI'\nvector_table = 0x08000000\nconsole = 'UART9'\n",
     "my.toml:4: console: ", "STM32L4R5ZI has no peripheral 'UART9'"},
    {"NoMemoryAtTheTable", "name = 'b'\nmcu = 'STM32L4R5ZI'\nvector_table = 0x60000000\n",
     "my.toml:3: vector_table: ", "no memory at 0x60000000"},
    {"NoSuchMemory", "name = 'b'\nmcu = 'STM32L053R8'\nvector_table = 0\n[memory_bytes]\nflsh = 1024\n",
     "my.toml:5: memory_bytes.flsh: ", "it has flash, data EEPROM, SRAM"},
    {"SupplyWithoutBand",
     "name = 'b'\nmcu = 'STM32L4R5ZI'\nvector_table = 0\n[[supplies]]\nname = 'x'\nvolts = 3.3\nmicroamp_per_mhz = "
     "100\nsource = 'm'\n",
     "my.toml:4: supplies[0].band_percent: ", "is missing"},
    {"PinNeitherHighNorLow", "name = 'b'\nmcu = 'STM32L4R5ZI'\nvector_table = 0\n[pins]\nPC13 = true\n",
     "my.toml:5: pins.PC13: ", "\"high\" or \"low\""},
    {"WrongSensor",
     "name = 'b'\nmcu = 'STM32L4R5ZI'\nvector_table = 0x08000000\n[[sensors]]\nbus = 'I2C1'\nkind = 'thermometer'\n",
     "my.toml:4: sensors[0]", "it is one of"},
    {"UnknownType", kWrongType.c_str(), "my.toml:18: mcu.peripherals[0].type: ", "there is no type 'uart'"},
    {"InterruptBeyondTheCore", kWrongIrq.c_str(), "my.toml:19: mcu.peripherals[0].irqs: ", "interrupt 32"},
    {"WrongWiring", kWrongWiring.c_str(), "my.toml:19: mcu.peripherals[0].options: ", "stm32_tim"},
    {"OverlappingMemories", kOverlap.c_str(), "my.toml:17: mcu.memories[1].base: ", "'more' overlaps 'ram'"},
    {"TooDeep", kDeep.c_str(), "my.toml:1: ", "deeper in each other"},
    {"TooManyDots", kDots.c_str(), "my.toml:2: ", "more than 64 dots in one line"},
    {"TooDeepByKeys", kDeepKeys.c_str(), "my.toml:", "deeper in each other"},
    {"ManyKeysInJson", kManyKeys.c_str(), "my.toml:200001: ", "'k0' is given twice, first in line 1"},
    {"TooManyMemories", kManyDevices.c_str(), "mcu.memories: ", "1026 entries"},
    {"TooMuchMemory", kHuge.c_str(), "my.toml:18: mcu.memories[1].bytes: ", "more than 512 MiB"},
    {"CacheOfAnM4", kCache.c_str(), "my.toml:9: mcu.core.icache_bytes: ", "Cortex-M7"},
    {"UnknownCore", kCore.c_str(), "my.toml:8: mcu.core.kind: ", "Cortex-M0, Cortex-M0+, Cortex-M4, Cortex-M7"},
    {"UnknownFamily", kFamily.c_str(), "my.toml:4: mcu.family: ", "STM32G0, STM32H7"},
    {"UnknownLayout", kLayout.c_str(), "my.toml:19: mcu.peripherals[0].options: ", "stm32_exti"},
    {"TooManyChannels", kChannels.c_str(), "my.toml:19: mcu.peripherals[0].options: ", "more than any chip has"},
    {"CurrentIsNoNumber",
     "name = 'b'\nmcu = 'STM32L4R5ZI'\nvector_table = 0x08000000\n[[supplies]]\nname = 'x'\nvolts = "
     "3.3\nmicroamp_per_mhz = nan\n"
     "band_percent = 5\nsource = 'm'\n",
     "my.toml:4: supplies[0]: ", "microamperes"},
    {"UnknownTiming", kWrongTiming.c_str(), "my.toml:14: mcu.memories[0].timing: ", "no memory timing 'fast'"},
};

INSTANTIATE_TEST_SUITE_P(Files, WrongBoardFile, testing::ValuesIn(kWrongFiles),
                         [](const auto& parameter) { return parameter.param.name; });

TEST(BoardFile, AnyTextIsReadOrRefused) {
    const std::string whole = writeBoard(*findBoard("stm32f407-disco"), DataFormat::Toml, true);
    const std::string json = writeBoard(*findBoard("microbit"), DataFormat::Json, true);
    for (std::size_t cut = 0; cut < whole.size(); cut += 97) {
        for (const auto& [text, format] :
             {std::pair(whole.substr(0, cut), DataFormat::Toml), std::pair(json.substr(0, cut), DataFormat::Json)}) {
            try {
                readBoard(text, "cut", format);
            } catch (const Error& error) {
                EXPECT_THAT(error.what(), testing::StartsWith("cut:"));
            }
        }
    }
}

TEST(BoardFile, KeysAreListedOnce) {
    std::set<std::string> seen;
    for (const BoardKey& key : boardKeys()) {
        EXPECT_TRUE(seen.insert(key.path).second) << key.path;
        EXPECT_FALSE(key.what.empty()) << key.path;
    }
    EXPECT_TRUE(seen.contains("mcu.memories[].alias_of"));
    EXPECT_TRUE(seen.contains("supplies[].volts"));
}

} // namespace
} // namespace simprof::test
