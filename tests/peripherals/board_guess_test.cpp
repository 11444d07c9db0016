// SPDX-License-Identifier: GPL-2.0-or-later
// The board guess: what its evidence excludes, what it prefers, and when it asks.
#include "peripherals/board_guess.h"
#include "peripherals/boards.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>

namespace simprof::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

/// 16 vectors, of which reset leads behind them, and the code there.
FirmwareImage firmware(Address base, std::uint32_t stack, const std::vector<std::uint16_t>& code,
                       std::optional<unsigned> arch = std::nullopt, const char* cpu = "") {
    FirmwareImage image;
    image.name = "fw";
    ImageSegment segment;
    segment.address = segment.runAddress = base;
    const auto word = [&](std::uint32_t value) {
        for (unsigned i = 0; i < 4; ++i) {
            segment.bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
        }
    };
    word(stack);
    word(base + 0x41);
    for (unsigned vector = 2; vector < 16; ++vector) {
        word(0);
    }
    for (const std::uint16_t half : code) {
        segment.bytes.push_back(static_cast<std::byte>(half));
        segment.bytes.push_back(static_cast<std::byte>(half >> 8));
    }
    segment.memorySize = segment.bytes.size();
    image.segments.push_back(segment);
    image.attributes.cpuArch = arch;
    image.attributes.cpuName = cpu;
    return image;
}

const std::vector<std::uint16_t> kLoop = {0xE7FE};
/// Loads and stores of the words at these addresses (at most 15), then a loop.
std::vector<std::uint16_t> touching(const std::vector<Address>& addresses) {
    std::vector<std::uint16_t> code;
    const unsigned count = static_cast<unsigned>(addresses.size());
    const unsigned codeHalves = (2 * count + 1 + 1) / 2 * 2; // pairs of instructions, the loop, a word boundary
    for (unsigned i = 0; i < count; ++i) {
        const unsigned pc = (2 * 2 * i + 4) & ~3U; // of the load, from the code's begin, which is a word address
        const unsigned literal = 2 * codeHalves + 4 * i;
        code.push_back(static_cast<std::uint16_t>(0x4800 | (literal - pc) / 4));
        code.push_back(0x6801); // ldr r1, [r0]
    }
    code.push_back(0xE7FE);
    code.resize(codeHalves, 0xBF00);
    for (const Address address : addresses) {
        code.push_back(static_cast<std::uint16_t>(address));
        code.push_back(static_cast<std::uint16_t>(address >> 16));
    }
    return code;
}

std::string guessed(const FirmwareImage& image) {
    try {
        return guessBoard(image).board->name;
    } catch (const Error& error) {
        return error.what();
    }
}

TEST(BoardGuess, CodeWithAnFpuIsForNoCortexM0) {
    const auto image = firmware(0x08000000, 0x20005000, {0xEC90, 0x0A04, 0xE7FE}); // vldmia r0, {s0-s3}
    EXPECT_THAT(guessed(image), AllOf(HasSubstr("different cores equally well"), HasSubstr("(Cortex-M4)"),
                                      HasSubstr("(Cortex-M7)"), HasSubstr("--board"), Not(HasSubstr("M0"))));
}

TEST(BoardGuess, AFlashAt0BeatsAnAliasAt0) {
    EXPECT_EQ(guessed(firmware(0, 0x20010000, kLoop, 13, "Cortex-M4")), "arduino-nano-33-ble");
    EXPECT_EQ(guessed(firmware(0, 0x20010000, touching({0x40002500, 0x40002544, 0x40002008}))), "arduino-nano-33-ble");
}

TEST(BoardGuess, DeviceRegistersDecide) {
    // RCC and GPIO where the L4 has them, then where the F4 and F7 have them.
    EXPECT_EQ(guessed(firmware(0x08000000, 0x20008000,
                               touching({0x40021000, 0x4002104C, 0x48000000, 0x48000400, 0x40008000}), 13)),
              "nucleo-l4r5zi");
    EXPECT_THAT(
        guessed(firmware(0x08000000, 0x20008000, touching({0x40023800, 0x40023C00, 0x40020000, 0x40020400, 0x40007000}),
                         13, "Cortex-M4")),
        "stm32f407-disco");
    EXPECT_THAT(guessed(firmware(0x08000000, 0x20008000, touching({0x41000000, 0x41004400, 0x42000800, 0x41008000}), 13,
                                 "Cortex-M4")),
                HasSubstr("uses device registers that no built-in board has (0x41000000"));
}

TEST(BoardGuess, CacheMaintenanceShowsACortexM7) {
    EXPECT_EQ(guessed(firmware(0x08000000, 0x20005000, touching({0xE000EF50, 0xE000ED84, 0x40023800}))),
              "stm32f746g-disco");
}

TEST(BoardGuess, ARefusalNamesTheMemoryThatTheNearestBoardLacks) {
    FirmwareImage image = firmware(0x00000000, 0x20002000, {0xF240, 0x0001, 0xE7FE}); // movw
    image.segments.push_back({0x01010018, 0x01010018, std::vector<std::byte>(28), 28, false, false});
    EXPECT_THAT(guessed(image), AllOf(HasSubstr("needs memory at 0x01010018 to 0x01010034"),
                                      HasSubstr("arduino-nano-33-ble is nearest")));
}

TEST(BoardGuess, OnlyAddressesAreAGuess) {
    // movw r0, #0; ldr r0, =0x40008000; ldr r1, [r0]; b . - where only the L4 has a device
    const BoardGuess guess =
        guessBoard(firmware(0x08000000, 0x20003000, {0xF240, 0x0000, 0x4801, 0x6801, 0xE7FE, 0xBF00, 0x8000, 0x4000}));
    EXPECT_EQ(guess.board->name, "nucleo-l4r5zi");
    EXPECT_THAT(guess.doubt, HasSubstr("only addresses speak for it"));
}

/// RCC and FLASH lie where those of the STM32F7 do.
TEST(BoardGuess, AnFpuOfACortexM4IsForNoCortexM7) {
    FirmwareImage image = firmware(0x08000000, 0x20020000, touching({0x40023800, 0x40023C00}), 13);
    image.attributes.fpSingle = true;
    image.attributes.fpVersion = 4;
    EXPECT_EQ(guessed(image), "stm32f407-disco");
    image.attributes.fpVersion = 5;
    EXPECT_EQ(guessed(image), "stm32f746g-disco");
}

TEST(BoardGuess, ATieOnOneCoreRunsAndSaysSo) {
    const BoardGuess guess = guessBoard(firmware(0x08000000, 0x20008000, kLoop, 13, "Cortex-M4"));
    EXPECT_EQ(guess.board->mcu->core.kind, &kCortexM4);
    EXPECT_THAT(guess.doubt, AllOf(HasSubstr("the board is a guess"), HasSubstr("--board")));
    EXPECT_THAT(guess.why, testing::StartsWith(guess.doubt));
    EXPECT_EQ(guessBoard(firmware(0x08000000, 0x200A0000, kLoop, 13, "Cortex-M4")).doubt, "");
}

TEST(BoardGuess, CodeForArmv8MIsNamed) {
    const auto image = firmware(0x08000000, 0x20005000, {0xF380, 0x880A, 0xE7FE}); // msr msplim, r0
    EXPECT_THAT(guessed(image), AllOf(HasSubstr("Armv8-M (Cortex-M23, M33"), HasSubstr("msr msplim")));
    EXPECT_THAT([&] { checkBoard(image, *findBoard("nucleo-l4r5zi")); }, ThrowsMessage<Error>(HasSubstr("Armv8-M")));
}

TEST(BoardGuess, AFamilyOfAUf2FileDecides) {
    auto image = firmware(0x08000000, 0x20008000, kLoop, 13, "Cortex-M4");
    image.family = 0x57755a57; // STM32F4
    EXPECT_EQ(guessed(image), "stm32f407-disco");
    auto pico = firmware(0x10000000, 0x20042000, {0xF240, 0x0001, 0xE7FE}); // movw, as a table taken for code may look
    pico.family = 0xe48bff56;
    EXPECT_EQ(guessed(pico), "raspberry-pi-pico");
    image.family = 0x68ed2b88;
    EXPECT_THAT(guessed(image), HasSubstr("is for the SAMD21, which no built-in board has"));
}

TEST(BoardGuess, ANamedBoardThatCannotRunItIsRefused) {
    const auto refusal = [](const FirmwareImage& image, const char* board) -> std::string {
        try {
            checkBoard(image, *findBoard(board));
        } catch (const Error& error) {
            return error.what();
        }
        return "(runs)";
    };
    const auto m4 = firmware(0x08000000, 0x20005000, kLoop, 13, "Cortex-M4");
    EXPECT_EQ(refusal(m4, "nucleo-l4r5zi"), "(runs)");
    EXPECT_THAT(refusal(m4, "nucleo-g0b1re"),
                AllOf(HasSubstr("cannot run on nucleo-g0b1re"), HasSubstr("built for Cortex-M4 (Armv7E-M)"),
                      HasSubstr("it has a Cortex-M0+"), HasSubstr("it fits "), HasSubstr("nucleo-l4r5zi")));
    EXPECT_THAT(refusal(firmware(0x08000000, 0x20005000, {0xF240, 0x0001, 0xE7FE}), "nucleo-g0b1re"),
                HasSubstr("the code needs Armv7-M ('movw"));
    EXPECT_THAT(refusal(firmware(0x08000000, 0x200A0000, {0xB500, 0xE7FE}), "stm32f407-disco"), // push {lr}
                AllOf(HasSubstr("stack pointer 0x200a0000 lies in no RAM"), HasSubstr("it fits nucleo-l4r5zi")));
    EXPECT_THAT(refusal(firmware(0x30000000, 0x20005000, kLoop), "microbit"),
                HasSubstr("the image needs memory at 0x30000000"));
    // ldr r0, =0x20001000; mov sp, r0; push {lr}; b . - reset sets the stack pointer before it uses it.
    EXPECT_EQ(
        refusal(firmware(0x08000000, 0x200A0000, {0x4801, 0x4685, 0xB500, 0xE7FE, 0x1000, 0x2000}), "stm32f407-disco"),
        "(runs)");
}

/// Nordic's master boot record has a number for a stack pointer that lies in no RAM and sets its own.
TEST(BoardGuess, ABootLoaderAtTheBeginOfTheFlashIsWhereARunBegins) {
    FirmwareImage image = firmware(0, 0x000007C0, kLoop);
    const auto put = [&](Address at, std::uint32_t value) {
        for (unsigned i = 0; i < 4; ++i) {
            image.segments[0].bytes[at + i] = static_cast<std::byte>(value >> (8 * i));
        }
    };
    image.segments.push_back(firmware(0x1000, 0x20001500, kLoop).segments[0]);
    put(8, 0x41);
    EXPECT_EQ(startTable(image, *findBoard("microbit")), 0x1000U) << "HardFault has no handler";
    put(12, 0x41);
    EXPECT_EQ(startTable(image, *findBoard("microbit")), 0U);
    EXPECT_NO_THROW(checkBoard(image, *findBoard("microbit")));
}

TEST(BoardGuess, CodeForACortexM3RunsOnAnM4AndSaysSo) {
    const auto image = firmware(0x08000000, 0x200A0000, kLoop, 10, "Cortex-M3");
    EXPECT_EQ(guessed(image), "nucleo-l4r5zi");
    const CortexM3Board m3 = asCortexM3(image, *findBoard("nucleo-l4r5zi"));
    EXPECT_THAT(m3.note, HasSubstr("built for a Cortex-M3: it runs as on a Cortex-M4 without DSP extension and FPU"));
    EXPECT_FALSE(m3.board->mcu->core.dsp || m3.board->mcu->core.fpu);
    EXPECT_EQ(m3.board->mcu->core.kind, &kCortexM4);
    const CortexM3Board m4 = asCortexM3(firmware(0x08000000, 0x200A0000, kLoop, 13), *findBoard("nucleo-l4r5zi"));
    EXPECT_EQ(m4.note, "");
    EXPECT_EQ(m4.board, nullptr);
}

} // namespace
} // namespace simprof::test
