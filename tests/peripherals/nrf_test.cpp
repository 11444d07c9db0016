// SPDX-License-Identifier: GPL-2.0-or-later
// nRF51 and nRF52: tasks and events, clocks, timers, RTC, UART by registers and by EasyDMA, random numbers, pins,
// interconnect.
#include "fake_machine.h"

#include "peripherals/gpio/gpio.h"

namespace simprof::test {
namespace {

constexpr std::uint32_t kShorts = 0x200, kIntenset = 0x304, kIntenclr = 0x308;
constexpr const char* kNrf51 = "microbit";
constexpr const char* kNrf52 = "arduino-nano-33-ble";

TEST(NrfEvents, RaiseTheInterruptUntilSoftwareClearsThem) {
    FakeMachine machine(kNrf51);
    const int irq = machine.irqOf("TEMP");
    EXPECT_EQ(irq, 12); // nRF51 RM v3.0 table 4: the interrupt is the peripheral's number
    machine.store("TEMP", kIntenset, 1);
    EXPECT_EQ(machine.load("TEMP", kIntenset), 1U);
    machine.store("TEMP", 0x000, 1);
    EXPECT_EQ(machine.load("TEMP", 0x000), 0U); // tasks read as 0
    EXPECT_FALSE(machine.irq(irq));
    machine.advanceUntil([&] { return machine.irq(irq); }, 10'000);
    EXPECT_EQ(machine.load("TEMP", 0x100), 1U);
    EXPECT_EQ(machine.load("TEMP", 0x508), 100U); // quarters of a degree
    machine.store("TEMP", 0x100, 0);
    EXPECT_FALSE(machine.irq(irq));
    machine.store("TEMP", kIntenclr, 1);
    EXPECT_EQ(machine.load("TEMP", kIntenset), 0U);
}

TEST(NrfPower, ASwitchedOffDeviceForgetsItsRegisters) {
    FakeMachine machine(kNrf51);
    machine.store("TIMER0", 0x540, 1234);
    machine.store("TIMER0", 0xFFC, 0);
    machine.store("TIMER0", 0xFFC, 1);
    EXPECT_EQ(machine.load("TIMER0", 0x540), 0U);
    EXPECT_EQ(machine.load("TIMER0", 0x510), 4U); // PRESCALER's reset value
}

/// What start-up code of Nordic's SDK reads to tell parts apart.
TEST(NrfRomTable, SaysWhichPartItIs) {
    FakeMachine old(kNrf51);
    EXPECT_EQ(old.load("ROMTABLE", 0xFE0), 1U);
    EXPECT_EQ(old.load("ROMTABLE", 0xFE8), 0x40U);
    FakeMachine machine(kNrf52);
    EXPECT_EQ(machine.load("ROMTABLE", 0xFE0), 8U);
    EXPECT_EQ(machine.load("ROMTABLE", 0xFE4), 0U);
    EXPECT_EQ(machine.load("ROMTABLE", 0xFE8), 0x30U);
    EXPECT_EQ(machine.load("ROMTABLE", 0xFEC), 0U);
    EXPECT_EQ(machine.load("FICR", 0x130), 8U);
}

struct OscillatorRow {
    const char* board;
    std::uint32_t task, event;
    std::uint32_t source; ///< LFCLKSRC
    double microseconds;
};

/// nRF51822 PS v3.3 8.1 and nRF52840 PS v1.7 5.4.4.
TEST(NrfClock, OscillatorsTakeTheirStartUpTime) {
    const OscillatorRow rows[] = {
        {kNrf51, 0x00, 0x100, 0, 800}, {kNrf51, 0x08, 0x104, 0, 390},     {kNrf52, 0x00, 0x100, 0, 360},
        {kNrf52, 0x08, 0x104, 0, 600}, {kNrf52, 0x08, 0x104, 1, 250'000},
    };
    for (const OscillatorRow& row : rows) {
        FakeMachine machine(row.board);
        machine.store("CLOCK", 0x518, row.source);
        machine.store("CLOCK", row.task, 1);
        machine.advanceUntil([&] { return machine.load("CLOCK", row.event) != 0; }, 40'000'000);
        EXPECT_NEAR(static_cast<double>(machine.nowNanoseconds()) / 1e3, row.microseconds, 1)
            << row.board << " " << row.task;
        EXPECT_TRUE(machine.events.empty());
    }
}

TEST(NrfClock, ACrystalTheBoardDoesNotHaveIsReported) {
    FakeMachine machine(kNrf51);
    machine.store("CLOCK", 0x518, 1);
    machine.store("CLOCK", 0x08, 1);
    ASSERT_EQ(machine.events.size(), 1U);
    EXPECT_NE(machine.events[0].find("does not have"), std::string::npos);
}

struct TimerRow {
    const char* board;
    const char* timer;
    std::uint32_t prescaler, bitmode, compare;
    Cycles period; ///< in core cycles, with COMPARE0_CLEAR
};

TEST(NrfTimer, ComparesWithThePrescaledClock) {
    const TimerRow rows[] = {
        {kNrf51, "TIMER0", 0, 3, 1000, 1000},
        {kNrf51, "TIMER1", 4, 0, 1000, 16'000},
        {kNrf51, "TIMER2", 9, 0, 10, 5120},
        {kNrf52, "TIMER0", 0, 3, 1000, 4000}, // the core runs at 64 MHz, the timer at 16
        {kNrf52, "TIMER3", 4, 1, 200, 12'800},
    };
    for (const TimerRow& row : rows) {
        FakeMachine machine(row.board);
        machine.store(row.timer, 0x508, row.bitmode);
        machine.store(row.timer, 0x510, row.prescaler);
        machine.store(row.timer, 0x540, row.compare);
        machine.store(row.timer, kShorts, 1);
        machine.store(row.timer, kIntenset, 1U << 16);
        machine.store(row.timer, 0x000, 1);
        const int irq = machine.irqOf(row.timer);
        for (int period = 0; period < 3; ++period) {
            EXPECT_EQ(machine.advanceUntil([&] { return machine.irq(irq); }, 100'000), row.period)
                << row.board << " " << row.timer;
            machine.store(row.timer, 0x140, 0);
        }
    }
}

TEST(NrfTimer, CapturesStopsAndCounts) {
    FakeMachine machine(kNrf51);
    machine.store("TIMER0", 0x510, 4); // 1 MHz
    machine.store("TIMER0", 0x508, 3);
    machine.store("TIMER0", 0x000, 1);
    machine.advance(1600);
    machine.store("TIMER0", 0x44, 1); // CAPTURE[1]
    EXPECT_EQ(machine.load("TIMER0", 0x544), 100U);
    machine.store("TIMER0", 0x004, 1);
    machine.advance(1600);
    machine.store("TIMER0", 0x44, 1);
    EXPECT_EQ(machine.load("TIMER0", 0x544), 100U);
    machine.store("TIMER0", 0x00C, 1);
    machine.store("TIMER0", 0x504, 1); // counter
    machine.store("TIMER0", 0x000, 1);
    machine.store("TIMER0", 0x008, 1);
    machine.store("TIMER0", 0x008, 1);
    machine.store("TIMER0", 0x44, 1);
    EXPECT_EQ(machine.load("TIMER0", 0x544), 2U);
}

TEST(NrfRtc, CountsTheLowFrequencyClockOnceItRuns) {
    FakeMachine machine(kNrf52);
    machine.store("RTC1", 0x508, 31); // 1024 Hz
    machine.store("RTC1", 0x540, 512);
    machine.store("RTC1", kIntenset, 1U << 16);
    machine.store("RTC1", 0x000, 1);
    machine.advance(64'000);
    EXPECT_EQ(machine.load("RTC1", 0x504), 0U);
    machine.store("CLOCK", 0x008, 1);
    machine.advanceUntil([&] { return machine.load("CLOCK", 0x104) != 0; });
    const std::uint64_t start = machine.nowNanoseconds();
    machine.advanceUntil([&] { return machine.irq(17); });
    EXPECT_NEAR(static_cast<double>(machine.nowNanoseconds() - start) / 1e6, 500, 1);
    EXPECT_EQ(machine.load("RTC1", 0x504), 512U);
}

TEST(NrfUart, SendsAndReceivesByRegisters) {
    FakeMachine machine(kNrf51);
    Listener listener(machine.port("UART0"));
    machine.store("UART0", 0x524, 0x01D7E000); // 115200 baud (RM 29.10)
    machine.store("UART0", 0x500, 4);
    EXPECT_NEAR(machine.port("UART0").baud(), 115'200, 115'200 * 0.01);
    machine.store("UART0", 0x008, 1);
    const Cycles start = machine.now();
    for (const char c : std::string("hi")) {
        machine.store("UART0", 0x51C, static_cast<std::uint32_t>(c));
        machine.advanceUntil([&] { return machine.load("UART0", 0x11C) != 0; }, 10'000);
        machine.store("UART0", 0x11C, 0);
    }
    EXPECT_EQ(listener.text, "hi");
    EXPECT_NEAR(static_cast<double>(machine.now() - start), 2 * 10 * 16e6 / 115'200, 30);
    machine.store("UART0", 0x000, 1);
    machine.port("UART0").receive(std::as_bytes(std::span(std::string_view("12345678"))));
    machine.advance(20'000);
    std::string got;
    while (machine.load("UART0", 0x108) != 0) {
        machine.store("UART0", 0x108, 0);
        got += static_cast<char>(machine.load("UART0", 0x518));
    }
    EXPECT_EQ(got, "123456"); // six bytes deep; the others are overruns
    EXPECT_EQ(machine.load("UART0", 0x480), 1U);
}

TEST(NrfUart, EasyDmaMovesBuffers) {
    FakeMachine machine(kNrf52);
    Listener listener(machine.port("UARTE0"));
    const std::string text = "easy";
    for (std::size_t i = 0; i < text.size(); ++i) {
        machine.memory(0x20000100 + static_cast<Address>(i)) = static_cast<std::uint8_t>(text[i]);
    }
    machine.store("UARTE0", 0x524, 0x01D60000);
    machine.store("UARTE0", 0x500, 8);
    machine.store("UARTE0", 0x544, 0x20000100);
    machine.store("UARTE0", 0x548, 4);
    machine.store("UARTE0", 0x008, 1);
    machine.advanceUntil([&] { return machine.load("UARTE0", 0x120) != 0; }, 100'000); // ENDTX
    EXPECT_EQ(listener.text, "easy");
    EXPECT_EQ(machine.load("UARTE0", 0x54C), 4U);
    machine.store("UARTE0", 0x534, 0x20000200);
    machine.store("UARTE0", 0x538, 3);
    machine.store("UARTE0", 0x000, 1);
    machine.port("UARTE0").receive(std::as_bytes(std::span(std::string_view("abc"))));
    machine.advanceUntil([&] { return machine.load("UARTE0", 0x110) != 0; }, 100'000); // ENDRX
    EXPECT_EQ(machine.load("UARTE0", 0x53C), 3U);
    EXPECT_EQ(machine.memory(0x20000202), 'c');
}

TEST(NrfUart, EasyDmaDoesNotReachFlash) {
    FakeMachine machine(kNrf52);
    machine.store("UARTE0", 0x524, 0x01D60000);
    machine.store("UARTE0", 0x500, 8);
    machine.store("UARTE0", 0x544, 0x00010000);
    machine.store("UARTE0", 0x548, 4);
    machine.store("UARTE0", 0x008, 1);
    ASSERT_EQ(machine.events.size(), 1U);
    EXPECT_NE(machine.events[0].find("cannot read flash"), std::string::npos);
}

TEST(NrfRng, GivesTheSameBytesInEachRun) {
    std::vector<std::uint32_t> sequences[2];
    for (auto& sequence : sequences) {
        FakeMachine machine(kNrf52);
        machine.store("RNG", 0x000, 1);
        for (int i = 0; i < 8; ++i) {
            machine.advanceUntil([&] { return machine.load("RNG", 0x100) != 0; }, 1'000'000);
            machine.store("RNG", 0x100, 0);
            sequence.push_back(machine.load("RNG", 0x508));
        }
    }
    EXPECT_EQ(sequences[0], sequences[1]);
    EXPECT_NE(sequences[0][0], sequences[0][1]);
}

/// A compare event toggles a pin through PPI and GPIOTE, without the core.
TEST(NrfPpi, AnEventStartsATask) {
    FakeMachine machine(kNrf52);
    machine.store("GPIOTE", 0x510, 3U | 13U << 8 | 3U << 16); // task, P0.13, toggle
    machine.store("PPI", 0x510, 0x40008140);                  // TIMER0 COMPARE[0]
    machine.store("PPI", 0x514, 0x40006000);                  // GPIOTE OUT[0]
    machine.store("PPI", 0x504, 1);
    machine.store("TIMER0", 0x508, 3);
    machine.store("TIMER0", 0x510, 0);
    machine.store("TIMER0", 0x540, 100);
    machine.store("TIMER0", kShorts, 1);
    machine.store("TIMER0", 0x000, 1);
    const auto* port = dynamic_cast<GpioPort*>(machine.peripheral("P0")); // the pin needs no DIR: the GPIOTE owns it
    ASSERT_NE(port, nullptr);
    std::string levels;
    for (int i = 0; i < 4; ++i) {
        machine.advance(400);
        levels += port->output(13) ? '1' : '0';
    }
    EXPECT_EQ(levels, "1010");
}

TEST(NrfNvmc, WritesToLockedFlashAreRefusedAndReported) {
    FakeMachine machine(kNrf51);
    auto* flash = dynamic_cast<FlashController*>(machine.peripheral("NVMC"));
    ASSERT_NE(flash, nullptr);
    EXPECT_FALSE(flash->storeToFlash(0x1000, 4, 0));
    EXPECT_EQ(machine.events, std::vector<std::string>{"NVMC: write to flash without CONFIG.WEN = write"});
    machine.store("NVMC", 0x508, 0x1000);
    EXPECT_EQ(machine.events.back(), "NVMC: erase without CONFIG.WEN = erase ignored");
}

} // namespace
} // namespace simprof::test
