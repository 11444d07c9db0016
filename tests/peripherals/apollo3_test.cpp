// SPDX-License-Identifier: GPL-2.0-or-later
// Apollo3: clock generator behind its key, system timer, console UART, pads behind their key.
#include "fake_machine.h"

namespace simprof::test {
namespace {

constexpr const char* kEdge = "sparkfun-edge";

TEST(Apollo3Clkgen, TheDividerIsBehindAKey) {
    FakeMachine machine(kEdge);
    const Hertz reset = machine.coreClock();
    machine.store("CLKGEN", 0x18, 0);
    EXPECT_EQ(machine.coreClock(), reset);
    EXPECT_EQ(machine.events, std::vector<std::string>{"CLKGEN: write to the locked register CCTRL"});
    machine.store("CLKGEN", 0x14, 0x47);
    EXPECT_EQ(machine.load("CLKGEN", 0x14), 1U);
    machine.store("CLKGEN", 0x18, 0); // CORESEL 0: 48 MHz
    EXPECT_EQ(machine.coreClock(), 48'000'000U);
    machine.store("CLKGEN", 0x18, 1);
    EXPECT_EQ(machine.coreClock(), 24'000'000U);
    machine.store("MCUCTRL", 0x18, 0x10); // burst
    EXPECT_EQ(machine.load("MCUCTRL", 0x18) >> 4 & 7U, 7U);
    machine.store("CLKGEN", 0x34, 1);
    EXPECT_EQ(machine.coreClock(), 96'000'000U);
}

TEST(Apollo3Stimer, CountsAndCompares) {
    FakeMachine machine(kEdge);
    machine.store("CTIMER", 0x140, 1U | 1U << 8); // 3 MHz, compare A
    machine.store("CTIMER", 0x300, 1);
    const Hertz clock = machine.coreClock();
    machine.advance(clock / 1000);
    EXPECT_NEAR(machine.load("CTIMER", 0x144), 3000, 2);
    machine.store("CTIMER", 0x150, 1500); // counts from now
    EXPECT_NEAR(static_cast<double>(machine.advanceUntil([&] { return machine.irq(23); }, clock)),
                static_cast<double>(clock) / 2000, 20);
    machine.store("CTIMER", 0x308, 1);
    EXPECT_FALSE(machine.irq(23));
}

TEST(Apollo3Uart, TalksAtTheProgrammedSpeed) {
    FakeMachine machine(kEdge);
    Listener listener(machine.port("UART0"));
    machine.store("UART0", 0x30, 1U << 3 | 1U << 4); // CLKEN, 24 MHz
    machine.store("UART0", 0x24, 13);                // 24 MHz / 16 / 115200 = 13.02
    machine.store("UART0", 0x28, 1);
    machine.store("UART0", 0x2C, 0x70);
    machine.store("UART0", 0x30, 1U << 3 | 1U << 4 | 0x301);
    EXPECT_NEAR(machine.port("UART0").baud(), 115'200, 200);
    machine.store("UART0", 0x00, 'A');
    machine.advance(machine.coreClock() / 10'000);
    EXPECT_EQ(listener.text, "A");
    machine.port("UART0").receive(std::as_bytes(std::span(std::string_view("z"))));
    machine.advance(machine.coreClock() / 10'000);
    EXPECT_EQ(machine.load("UART0", 0x00) & 0xFF, static_cast<std::uint32_t>('z'));
}

TEST(Apollo3Gpio, PadConfigurationIsBehindAKey) {
    FakeMachine machine(kEdge);
    machine.store("GPIO", 0x00, 0);
    EXPECT_EQ(machine.events.size(), 1U);
    machine.store("GPIO", 0x60, 0x73);
    machine.store("GPIO", 0x00, 0x02020202);
    EXPECT_EQ(machine.load("GPIO", 0x00), 0x02020202U);
    machine.store("GPIO", 0x90, 1U << 19); // WTSA
    EXPECT_EQ(machine.load("GPIO", 0x88), 1U << 19);
    EXPECT_EQ(machine.load("GPIO", 0x80) >> 19 & 1U, 1U);
    machine.store("GPIO", 0x98, 1U << 19);
    EXPECT_EQ(machine.load("GPIO", 0x88), 0U);
}

} // namespace
} // namespace simprof::test
