// SPDX-License-Identifier: GPL-2.0-or-later
// USART and LPUART: polling, interrupts, overrun, speed, DMA.
#include "fake_machine.h"

namespace simprof::test {
namespace {

constexpr std::uint32_t kCr1 = 0x00, kCr3 = 0x08, kBrr = 0x0C, kIsr = 0x1C, kIcr = 0x20, kRdr = 0x24, kTdr = 0x28;
constexpr std::uint32_t kOre = 1U << 3, kRxne = 1U << 5, kTc = 1U << 6, kTxe = 1U << 7, kTeack = 1U << 21,
                        kReack = 1U << 22;
constexpr std::uint32_t kOn = 0x0D, kRxneie = 0x20;

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

TEST(Stm32Usart, ResetValues) {
    FakeMachine machine("nucleo-l4r5zi");
    EXPECT_EQ(machine.load("USART2", kIsr), 0xC0U); // RM0432 50.8.10: 0x0X0000C0
    EXPECT_EQ(machine.load("USART2", kCr1), 0U);
    machine.store("USART2", kCr1, kOn);
    EXPECT_EQ(machine.load("USART2", kIsr) & (kTeack | kReack), kTeack | kReack);
    machine.store("USART2", kCr1, 0);
    EXPECT_EQ(machine.load("USART2", kIsr) & (kTeack | kReack), 0U);
}

struct SpeedRow {
    const char* board;
    const char* uart;
    std::uint32_t brrOffset, brr, cr1Offset, cr1;
    double clock; ///< of the UART after reset
    double baud;
};

TEST(Stm32Usart, SpeedFollowsClockAndDivider) {
    const SpeedRow rows[] = {
        {"nucleo-l4r5zi", "USART2", 0x0C, 0x23, 0, kOn, 4e6, 4e6 / 0x23},
        {"nucleo-l4r5zi", "LPUART1", 0x0C, 0x1000, 0, kOn, 4e6, 4e6 * 256 / 0x1000}, // RM0432 51.4.7
        {"nucleo-l4r5zi", "USART2", 0x0C, 0x45, 0, kOn | 1U << 15, 4e6,
         4e6 * 2 / 0x4A}, // OVER8: BRR[2:0] = USARTDIV[3:0] >> 1
        {"stm32f746g-disco", "USART1", 0x0C, 0x8B, 0, kOn, 16e6, 16e6 / 0x8B},
        {"stm32f407-disco", "USART2", 0x08, 0x8B, 0x0C, 0x200C, 16e6, 16e6 / 0x8B},
    };
    for (const SpeedRow& row : rows) {
        FakeMachine machine(row.board);
        EXPECT_EQ(machine.port(row.uart).baud(), 0) << row.uart;
        machine.store(row.uart, row.brrOffset, row.brr);
        machine.store(row.uart, row.cr1Offset, row.cr1);
        EXPECT_NEAR(machine.port(row.uart).baud(), row.baud, row.baud * 1e-9) << row.board << " " << row.uart;
    }
}

TEST(Stm32Usart, PolledTransmissionTakesTenBitsACharacter) {
    FakeMachine machine("nucleo-l4r5zi");
    Listener listener(machine.port("USART2"));
    machine.store("USART2", kBrr, 40); // 4 MHz: 40 cycles a bit
    machine.store("USART2", kCr1, kOn);
    const Cycles start = machine.now();
    for (const char c : std::string("hi!")) {
        machine.advanceUntil([&] { return (machine.load("USART2", kIsr) & kTxe) != 0; });
        machine.store("USART2", kTdr, static_cast<std::uint32_t>(c));
    }
    machine.advanceUntil([&] { return (machine.load("USART2", kIsr) & kTc) != 0; });
    EXPECT_EQ(listener.text, "hi!");
    EXPECT_EQ(machine.now() - start, 1200U);
    EXPECT_EQ(listener.times.at(1) - listener.times.at(0), 100'000U); // 400 cycles of 250 ns
}

TEST(Stm32Usart, ReceptionRaisesTheInterruptAndReadingTheDataClearsIt) {
    FakeMachine machine("nucleo-l4r5zi");
    const int irq = machine.irqOf("USART2");
    EXPECT_EQ(irq, 38); // RM0432 table 84
    machine.store("USART2", kBrr, 40);
    machine.store("USART2", kCr1, kOn | kRxneie);
    machine.port("USART2").receive(bytes("A"));
    machine.advance(399);
    EXPECT_FALSE(machine.irq(irq));
    machine.advance(1);
    EXPECT_TRUE(machine.irq(irq));
    EXPECT_EQ(machine.load("USART2", kIsr) & (kRxne | kOre), kRxne);
    EXPECT_EQ(machine.load("USART2", kRdr, 2), 'A');
    EXPECT_FALSE(machine.irq(irq));
}

TEST(Stm32Usart, WhoDoesNotReadInTimeLosesCharacters) {
    FakeMachine machine("nucleo-l4r5zi");
    machine.store("USART2", kBrr, 40);
    machine.store("USART2", kCr1, kOn | kRxneie);
    machine.port("USART2").receive(bytes("AB"));
    machine.advance(800);
    EXPECT_NE(machine.load("USART2", kIsr) & kOre, 0U);
    EXPECT_EQ(machine.load("USART2", kRdr), 'A');
    EXPECT_TRUE(machine.irq(38)); // ORE alone holds the interrupt
    machine.store("USART2", kIcr, kOre);
    EXPECT_FALSE(machine.irq(38));
    EXPECT_EQ(machine.load("USART2", kIsr) & (kRxne | kOre), 0U);
}

TEST(Stm32Usart, InputWaitsForTheReceiver) {
    FakeMachine machine("nucleo-l4r5zi");
    machine.port("USART2").receive(bytes("A"));
    machine.advance(10'000);
    EXPECT_EQ(machine.port("USART2").pendingInput(), 1U);
    machine.store("USART2", kBrr, 40);
    machine.store("USART2", kCr1, kOn);
    machine.advance(400);
    EXPECT_EQ(machine.load("USART2", kRdr), 'A');
}

TEST(Stm32Usart, DmaReceivesIntoMemoryAndInterruptsAtTheEnd) {
    FakeMachine machine("nucleo-l4r5zi");
    const AddressRange usart = {0x40004400, 0x400};
    machine.store("DMAMUX1", 0x00, 26);                     // RM0432 table 91: USART2_RX
    machine.store("DMA1", 0x08 + 0x08, usart.begin + kRdr); // CPAR1
    machine.store("DMA1", 0x08 + 0x0C, 0x20000100);         // CMAR1
    machine.store("DMA1", 0x08 + 0x04, 4);                  // CNDTR1
    machine.store("DMA1", 0x08, 0x83);                      // MINC, TCIE, EN
    machine.store("USART2", kBrr, 40);
    machine.store("USART2", kCr3, 1U << 6); // DMAR
    machine.store("USART2", kCr1, kOn);
    machine.port("USART2").receive(bytes("wxyz"));
    machine.advance(1500);
    EXPECT_FALSE(machine.irq(11));
    EXPECT_EQ(machine.load("DMA1", 0x08 + 0x04), 1U);
    machine.advance(200);
    EXPECT_TRUE(machine.irq(11));
    EXPECT_EQ(machine.load("DMA1", 0x00) & 0xF, 0x7U); // GIF, TCIF, HTIF
    EXPECT_EQ(std::string({char(machine.memory(0x20000100)), char(machine.memory(0x20000101)),
                           char(machine.memory(0x20000102)), char(machine.memory(0x20000103))}),
              "wxyz");
    machine.store("DMA1", 0x04, 0xF); // IFCR
    EXPECT_FALSE(machine.irq(11));
}

TEST(Stm32Usart, DmaStreamSendsFromMemory) {
    FakeMachine machine("stm32f746g-disco");
    Listener listener(machine.port("USART1"));
    const std::string text = "stream";
    for (std::size_t i = 0; i < text.size(); ++i) {
        machine.memory(0x20010000 + static_cast<Address>(i)) = static_cast<std::uint8_t>(text[i]);
    }
    machine.store("USART1", kBrr, 0x10);
    machine.store("USART1", kCr3, 1U << 7); // DMAT
    machine.store("USART1", kCr1, kOn);
    // RM0385 table 26: USART1_TX is DMA2 stream 7 channel 4.
    const std::uint32_t stream = 0x10 + 0x18 * 7;
    machine.store("DMA2", stream + 0x04, static_cast<std::uint32_t>(text.size()));
    machine.store("DMA2", stream + 0x08, 0x40011028);
    machine.store("DMA2", stream + 0x0C, 0x20010000);
    machine.store("DMA2", stream,
                  (4U << 25) | (1U << 10) | (1U << 6) | (1U << 4) | 1U); // CHSEL, MINC, to peripheral, TCIE, EN
    machine.advance(16 * 10 * 6 + 100);
    EXPECT_EQ(listener.text, text);
    EXPECT_TRUE(machine.irq(70)); // DMA2_Stream7
    EXPECT_EQ(machine.load("DMA2", stream) & 1U, 0U);
}

TEST(Stm32Dma, MemoryToMemoryRunsWithoutRequests) {
    FakeMachine machine("nucleo-l4r5zi");
    for (Address i = 0; i < 16; ++i) {
        machine.memory(0x20000000 + i) = static_cast<std::uint8_t>(i * 3);
    }
    machine.store("DMA1", 0x08 + 0x08, 0x20000000);
    machine.store("DMA1", 0x08 + 0x0C, 0x20000200);
    machine.store("DMA1", 0x08 + 0x04, 4);
    machine.store("DMA1", 0x08,
                  (1U << 14) | (2U << 10) | (2U << 8) | (1U << 7) | (1U << 6) |
                      3U); // MEM2MEM, words, both increment, TCIE, EN
    const Cycles took = machine.advanceUntil([&] { return machine.irq(11); }, 1000);
    EXPECT_GE(took, 4U * 2);
    EXPECT_LE(took, 4U * 16);
    for (Address i = 0; i < 16; ++i) {
        EXPECT_EQ(machine.memory(0x20000200 + i), i * 3);
    }
}

TEST(Stm32Dma, AnAddressNobodyAnswersIsATransferError) {
    FakeMachine machine("nucleo-l4r5zi");
    machine.store("DMA1", 0x08 + 0x08, 0x60000000);
    machine.store("DMA1", 0x08 + 0x0C, 0x20000200);
    machine.store("DMA1", 0x08 + 0x04, 4);
    machine.store("DMA1", 0x08, (1U << 14) | 0x9U); // MEM2MEM, TEIE, EN
    machine.advance(100);
    EXPECT_NE(machine.load("DMA1", 0x00) & 8U, 0U); // TEIF1
    EXPECT_TRUE(machine.irq(11));
}

TEST(Stm32Tim, CountsMicrosecondsAndInterruptsAtTheReload) {
    FakeMachine machine("nucleo-l4r5zi");
    machine.store("TIM2", 0x28, 3);   // PSC: 4 MHz / 4
    machine.store("TIM2", 0x2C, 999); // ARR
    machine.store("TIM2", 0x14, 1);   // EGR.UG
    machine.store("TIM2", 0x10, 0);   // SR
    machine.store("TIM2", 0x0C, 1);   // DIER.UIE
    machine.store("TIM2", 0x00, 1);   // CR1.CEN
    machine.advance(400);
    EXPECT_EQ(machine.load("TIM2", 0x24), 100U);
    machine.advance(3599);
    EXPECT_FALSE(machine.irq(28));
    machine.advance(2);
    EXPECT_TRUE(machine.irq(28));
    machine.store("TIM2", 0x10, 0);
    EXPECT_FALSE(machine.irq(28));
}

TEST(Stm32Watchdog, BitesWhenItIsNotFed) {
    FakeMachine machine("nucleo-l4r5zi"); // LSI 32 kHz
    machine.store("IWDG", 0x00, 0x5555);
    machine.store("IWDG", 0x08, 31); // RLR: 32 * 4 / 32 kHz = 4 ms
    machine.store("IWDG", 0x00, 0xCCCC);
    for (int i = 0; i < 3; ++i) {
        machine.advance(12'000); // 3 ms
        machine.store("IWDG", 0x00, 0xAAAA);
    }
    EXPECT_TRUE(machine.resets.empty());
    machine.advance(15'990);
    EXPECT_TRUE(machine.resets.empty());
    machine.advance(20);
    EXPECT_EQ(machine.resets, std::vector<std::string>{"independent watchdog (IWDG) was not reloaded in time"});
}

TEST(Stm32Flash, AWriteToLockedFlashControlIsReported) {
    FakeMachine machine("nucleo-l4r5zi");
    machine.store("FLASH", 0x14, 1); // CR.PG while LOCK is set
    EXPECT_EQ(machine.load("FLASH", 0x14) & 1U, 0U);
    EXPECT_FALSE(machine.events.empty());
}

} // namespace
} // namespace simprof::test
