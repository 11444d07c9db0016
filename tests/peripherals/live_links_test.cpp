// SPDX-License-Identifier: GPL-2.0-or-later
// UARTs that a client of this computer is connected to: pseudo-terminals and TCP on loopback.
#include "fake_machine.h"
#include "tests/support/live_client.h"
#include "tests/support/terminals.h"

#include "peripherals/uart/attachments.h"

#include <gmock/gmock.h>

namespace simprof::test {
namespace {

/// A firmware that gives back every character, one higher, until the client hangs up.
class LiveLink : public testing::TestWithParam<const char*> {
protected:
    void serve(LiveClient& client) {
        SerialAttachments attachments;
        attachments.add("USART2", GetParam());
        AttachmentHost host;
        host.services = &machine;
        host.stop = [this](const std::string& why) { stops.push_back(why); };
        host.alive = [this] { ++looks; };
        host.announce = [&client](std::string_view text) { client.announce(text); };
        attachments.connect(machine.board(), host);
        machine.store("USART2", 0x0C, 40); // 100 kBd
        machine.store("USART2", 0x00, 0x0D);
        while (stops.empty() && machine.now() < 400'000'000) {
            machine.advance(100);
            if ((machine.load("USART2", 0x1C) & 0x20) != 0) {
                machine.store("USART2", 0x28, machine.load("USART2", 0x24) + 1);
            }
        }
    }

    FakeMachine machine{"nucleo-l4r5zi"};
    std::vector<std::string> stops;
    unsigned looks = 0;
};

TEST_P(LiveLink, CarriesBytesBothWaysAndEndsWhenTheClientHangsUp) {
    if (std::string_view(GetParam()) == "pty" && !pseudoTerminalsWork()) {
        GTEST_SKIP() << "this system has no pseudo-terminals";
    }
    std::string all;
    for (int byte = 0; byte < 256; ++byte) {
        all += static_cast<char>(byte);
    }
    std::string heard;
    {
        LiveClient client([&heard, &all](LiveClient& self) {
            self.send("HAL");
            self.expect("IBM");
            self.send(all); // nothing on the way takes a byte for a control character
            self.expect(all.substr(1) + all[0]);
            heard = self.heard;
        });
        serve(client);
    }
    EXPECT_EQ(heard, "IBM" + all.substr(1) + all[0]);
    EXPECT_EQ(stops, std::vector<std::string>{"the other end of USART2 hung up"});
    EXPECT_GE(machine.nowNanoseconds(), 259 * 100'000U); // the line's speed
    EXPECT_GE(looks, machine.nowNanoseconds() / 1'000'000 - 1);
}

INSTANTIATE_TEST_SUITE_P(All, LiveLink, testing::Values("pty", "tcp:0"),
                         [](const auto& row) { return std::string(row.param).substr(0, 3); });

/// Standard input is typed into the UART, what it sends is shown; the end of the input ends nothing.
TEST(Terminal, TypesWhatStandardInputHolds) {
    int ends[2] = {};
    ASSERT_EQ(::pipe(ends), 0);
    const int before = ::dup(STDIN_FILENO);
    ::dup2(ends[0], STDIN_FILENO);
    ASSERT_EQ(::write(ends[1], "HAL", 3), 3);
    ::close(ends[1]);

    FakeMachine machine("nucleo-l4r5zi");
    std::string shown;
    std::vector<std::string> stops;
    SerialAttachments attachments;
    attachments.add("USART2", "terminal");
    AttachmentHost host;
    host.services = &machine;
    host.stop = [&stops](const std::string& why) { stops.push_back(why); };
    host.print = [&shown](std::string_view text) { shown += text; };
    attachments.connect(machine.board(), host);
    machine.store("USART2", 0x0C, 40);
    machine.store("USART2", 0x00, 0x0D);
    for (int i = 0; i < 1000; ++i) {
        machine.advance(100);
        if ((machine.load("USART2", 0x1C) & 0x20) != 0) {
            machine.store("USART2", 0x28, machine.load("USART2", 0x24) + 1);
        }
    }
    EXPECT_EQ(shown, "IBM");
    EXPECT_TRUE(stops.empty());

    ::dup2(before, STDIN_FILENO);
    ::close(before);
    ::close(ends[0]);
}

} // namespace
} // namespace simprof::test
