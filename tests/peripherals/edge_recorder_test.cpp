// SPDX-License-Identifier: GPL-2.0-or-later
// Edges of pins and UARTs as a VCD file.
#include "fake_machine.h"
#include "tests/support/run_program.h"

#include "peripherals/edge_recorder.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>

namespace simprof::test {
namespace {

using testing::HasSubstr;

/// nRF51 at 16 MHz: pin 3 up after 100 cycles and down after 200 more; 'U' (01010101) at 1 MBd meanwhile.
void play(FakeMachine& machine) {
    machine.store("UART0", 0x524, 0x10000000); // 1 MBd
    machine.store("UART0", 0x500, 4);
    machine.store("UART0", 0x008, 1);
    machine.store("GPIO", 0x518, 1U << 3); // DIRSET
    machine.advance(100);
    machine.store("GPIO", 0x508, 1U << 3);
    machine.store("UART0", 0x51C, 'U');
    machine.advance(200);
    machine.store("GPIO", 0x50C, 1U << 3);
    machine.advance(1000);
}

TEST(EdgeRecorder, WritesPinsAndCharacters) {
    TestFolder folder;
    FakeMachine machine("microbit");
    EdgeRecorder recorder(folder.path("edges.vcd"));
    recorder.connect(machine.board(), machine);
    play(machine);
    recorder.write();
    const std::string text = folder.read("edges.vcd");
    EXPECT_THAT(text, HasSubstr("$timescale 1ns $end\n"));
    EXPECT_EQ(text.find("GPIO.4 "), std::string::npos); // never moved
    const auto name = [&](const std::string& signal) {
        const std::size_t end = text.find(" " + signal + " $end");
        const std::size_t begin = text.rfind(' ', end - 1) + 1;
        return end == std::string::npos ? "?" : text.substr(begin, end - begin);
    };
    const std::string pin = name("GPIO.3"), tx = name("UART0.TX");
    std::string expected = "#0\n1" + tx + "\nx" + pin + "\n0" + pin + "\n#6250\n1" + pin + "\n0" + tx + "\n";
    for (int bit = 1; bit <= 9; ++bit) { // least significant first, then the stop bit
        expected += "#" + std::to_string(6250 + 1000 * bit) + "\n" + (bit % 2 == 1 ? "1" : "0") + tx + "\n";
    }
    expected += "#18750\n0" + pin + "\n";
    EXPECT_THAT(text, testing::EndsWith("$enddefinitions $end\n" + expected));
}

TEST(EdgeRecorder, AnotherMachineBeginsAnew) {
    TestFolder folder;
    FakeMachine first("microbit"), second("microbit");
    EdgeRecorder once(folder.path("once.vcd")), again(folder.path("again.vcd"));
    once.connect(first.board(), first);
    again.connect(first.board(), first);
    play(first);
    once.write();
    again.connect(second.board(), second);
    play(second);
    first.store("GPIO", 0x508, 1U << 3); // the first machine is not heard any more
    again.write();
    EXPECT_EQ(folder.read("again.vcd"), folder.read("once.vcd"));
}

TEST(EdgeRecorder, AFileThatCannotBeWrittenIsRefused) {
    EXPECT_THAT([] { EdgeRecorder recorder("/no/such/folder/x.vcd"); },
                testing::ThrowsMessage<Error>("--vcd: '/no/such/folder/x.vcd' cannot be written"));
}

} // namespace
} // namespace simprof::test
