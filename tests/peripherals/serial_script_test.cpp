// SPDX-License-Identifier: GPL-2.0-or-later
// Scripts and other ends of UARTs.
#include "fake_machine.h"
#include "tests/support/run_program.h"

#include "peripherals/uart/attachments.h"
#include "peripherals/uart/live_attachment.h"
#include "peripherals/uart/serial_script.h"
#include "sim_core/error.h"

#include <gmock/gmock.h>

namespace simprof::test {
namespace {

using Kind = ScriptStep::Kind;
using testing::HasSubstr;

TEST(Script, Lines) {
    const auto steps =
        parseScript("# a comment\n\nsend AT\\r\\n\r\n  expect O\\x4b \\\\\ntimeout 0.5\nexpect x\nwait 20\n", "s");
    const std::vector<ScriptStep> expected = {
        {Kind::Send, 3, "AT\r\n", 0},
        {Kind::Expect, 4, "OK \\", 10'000'000'000},
        {Kind::Expect, 6, "x", 500'000'000},
        {Kind::Wait, 7, "", 20'000'000},
    };
    EXPECT_EQ(steps, expected);
}

TEST(Script, BadLinesAreNamed) {
    const std::pair<const char*, const char*> rows[] = {
        {"send a\nsned b", "s:2: 'sned' is no command"},
        {"expect", "s:1: a text is missing"},
        {"wait soon", "s:1: wait takes simulated milliseconds"},
        {"wait -1", "s:1: wait takes"},
        {"timeout 1e9", "s:1: timeout takes"},
        {"send \\q", "s:1: a backslash is followed by"},
        {"send \\x4", "s:1: \\x is followed by two"},
        {"send \\", "s:1: a backslash"},
        {"# nothing", "s: the script is empty"},
        {"", "s: the script is empty"},
    };
    for (const auto& [text, message] : rows) {
        EXPECT_THAT([&text = text] { parseScript(text, "s"); }, testing::ThrowsMessage<Error>(HasSubstr(message)));
    }
}

TEST(Script, EscapedIsWhatAScriptWouldSay) { EXPECT_EQ(escaped("a\r\n\\\x01"), "a\\r\\n\\\\\\x01"); }

/// A board whose USART2 is on, at 40 cycles of 250 ns a bit, and a firmware played by the test.
class Dialogue : public testing::Test {
protected:
    void start(const std::string& script) { attach("script:" + folder.write("talk.txt", script)); }
    void attach(const std::string& target, const std::string& uart = "USART2") {
        attachments.add(uart, target);
        connect(machine);
    }
    void connect(FakeMachine& to) {
        attachments.connect(to.board(), {&to, [this](const std::string& why) { stops.push_back(why); },
                                         [this](std::string_view text) { printed += text; }, nullptr});
        to.store("USART2", 0x0C, 40);
        to.store("USART2", 0x00, 0x0D);
    }
    void say(FakeMachine& from, const std::string& text) {
        for (const char c : text) {
            from.store("USART2", 0x28, static_cast<std::uint32_t>(c));
            from.advance(401);
        }
    }
    void say(const std::string& text) { say(machine, text); }
    /// Reads what came, one character in `cycles` at most.
    std::string hear(FakeMachine& by, Cycles cycles = 2000) {
        std::string text;
        while (by.advanceUntil([&] { return (by.load("USART2", 0x1C) & 0x20) != 0; }, cycles) < cycles) {
            text += static_cast<char>(by.load("USART2", 0x24));
        }
        return text;
    }
    std::string hear() { return hear(machine); }

    TestFolder folder;
    SerialAttachments attachments;
    FakeMachine machine{"nucleo-l4r5zi"};
    std::vector<std::string> stops;
    std::string printed;
};

TEST_F(Dialogue, IsPlayedToItsEnd) {
    start("expect ready\\r\\n\nsend go%\nexpect [\nexpect ]\n");
    say("not yet ready");
    EXPECT_EQ(hear(), "");
    say("\r\n");
    EXPECT_EQ(hear(), "go%");
    say("[1.0]");
    EXPECT_EQ(stops, std::vector<std::string>{"the script talk.txt is done"});
    EXPECT_EQ(attachments.failure(), std::nullopt);
}

TEST_F(Dialogue, FindsTextThatCameBeforeItsTurn) {
    start("expect a\nwait 1\nexpect c\n");
    say("abc");
    machine.advance(4000);
    EXPECT_EQ(stops.size(), 1U);
    EXPECT_EQ(attachments.failure(), std::nullopt);
}

TEST_F(Dialogue, AMatchIsUsedUp) {
    start("expect ok\nexpect ok\n");
    say("ok");
    EXPECT_TRUE(stops.empty());
    say(" ok");
    EXPECT_EQ(stops.size(), 1U);
}

TEST_F(Dialogue, TextThatNeverComesEndsTheRun) {
    start("expect one\ntimeout 0.01\nexpect two\\n\n");
    say("one\r\nlast words\r\n");
    machine.advance(40'000); // 10 ms
    EXPECT_EQ(stops, std::vector<std::string>{""});
    EXPECT_EQ(attachments.failure(),
              "the script talk.txt, line 3, expects 'two\\n', which did not come within 0.01 simulated seconds; "
              "the last that USART2 sent is 'one\\r\\nlast words\\r\\n'");
}

TEST_F(Dialogue, ARunThatEndsBeforeTheScriptHasFailed) {
    start("expect one\n");
    EXPECT_THAT(*attachments.failure(), HasSubstr("did not come before the run ended; USART2 sent nothing"));
}

TEST_F(Dialogue, OutlivesAResetOfTheMachine) {
    start("timeout 0.01\nexpect one\n");
    machine.advance(20'000);
    machine.reset();
    machine.advance(21'000);
    EXPECT_EQ(stops.size(), 1U);
}

TEST_F(Dialogue, OnlySendingEndsNothing) {
    start("send hello\n");
    EXPECT_EQ(hear(), "hello");
    EXPECT_TRUE(stops.empty());
    EXPECT_EQ(attachments.failure(), std::nullopt);
}

TEST_F(Dialogue, TheSecondMachineHearsTheSame) {
    start("expect ?\nsend yes\nexpect !\n");
    say("?");
    EXPECT_EQ(hear(), "yes");
    FakeMachine second("nucleo-l4r5zi");
    connect(second);
    EXPECT_EQ(hear(second), "");
    say(second, "?");
    EXPECT_EQ(hear(second), "yes");
}

TEST_F(Dialogue, AFileGetsWhatIsSentOnce) {
    {
        SerialAttachments file;
        file.add("USART2", "file:" + folder.path("out.txt"));
        const AttachmentHost host{&machine, [](const std::string&) {}, [](std::string_view) {}, nullptr};
        file.connect(machine.board(), host);
        connect(machine);
        say("text\n");
        FakeMachine second("nucleo-l4r5zi");
        file.connect(second.board(), {&second, [](const std::string&) {}, [](std::string_view) {}, nullptr});
        connect(second);
        say(second, "text\n");
        EXPECT_EQ(folder.read("out.txt"), "") << "a file whose run goes on has another name";
        say(second, "of a longer run\n");
        EXPECT_EQ(file.failure(), std::nullopt);
        EXPECT_EQ(folder.read("out.txt"), "");
        file.finish();
    }
    EXPECT_EQ(folder.read("out.txt"), "text\nof a longer run\n");
}

/// A client at the other end of a channel, without an operating system.
class FakeChannel final : public HostChannel {
public:
    struct Talk {
        std::vector<Input> inputs; ///< one a look
        std::string output;
        std::size_t looks = 0;
    };
    explicit FakeChannel(Talk& talk)
        : m_talk(talk) {}
    void open(const std::string&, const AttachmentHost&) override {}
    Input read(std::size_t, std::chrono::milliseconds) override {
        return m_talk.looks < m_talk.inputs.size() ? m_talk.inputs[m_talk.looks++] : Input{};
    }
    std::size_t write(std::string_view bytes) override {
        m_talk.output += bytes;
        return bytes.size();
    }

private:
    Talk& m_talk;
};

TEST_F(Dialogue, WhatALiveClientSaysIsRepeatedAtTheSameCycles) {
    const std::vector<std::byte> hi = {std::byte{'h'}, std::byte{'i'}};
    FakeChannel::Talk talk;
    talk.inputs = {{}, {}, {hi, false, false}, {}, {{}, false, true}};
    LiveAttachment live(std::make_unique<FakeChannel>(talk), false);
    std::vector<std::vector<Cycles>> arrivals;
    for (int pass = 0; pass < 2; ++pass) {
        FakeMachine fresh("nucleo-l4r5zi");
        live.connect(
            fresh.port("USART2"), "USART2",
            {&fresh, [this](const std::string& why) { stops.push_back(why); }, [](std::string_view) {}, nullptr});
        connect(fresh);
        arrivals.emplace_back();
        for (int i = 0; i < 2; ++i) {
            fresh.advanceUntil([&] { return (fresh.load("USART2", 0x1C) & 0x20) != 0; }, 40'000);
            arrivals.back().push_back(fresh.now());
            EXPECT_EQ(fresh.load("USART2", 0x24), static_cast<std::uint32_t>("hi"[i]));
        }
        fresh.advance(40'000);
    }
    EXPECT_EQ(arrivals[0], arrivals[1]);
    EXPECT_NEAR(static_cast<double>(arrivals[0][0]), 3 * 4000 + 400, 10); // the third look, one character later
    EXPECT_EQ(talk.looks, talk.inputs.size());
    EXPECT_EQ(stops, (std::vector<std::string>{"the other end of USART2 hung up", "the other end of USART2 hung up"}));
}

TEST_F(Dialogue, ARunThatGetsFurtherTalksToTheClientFromThere) {
    FakeChannel::Talk talk;
    talk.inputs = {{}, {{std::byte{'h'}}, false, false}, {}, {}, {{std::byte{'y'}}, false, false}};
    LiveAttachment live(std::make_unique<FakeChannel>(talk), false);
    std::string heard;
    for (const Cycles looks : {3U, 6U}) { // one each 4000 cycles
        FakeMachine fresh("nucleo-l4r5zi");
        live.connect(fresh.port("USART2"), "USART2",
                     {&fresh, [](const std::string&) {}, [](std::string_view) {}, nullptr});
        connect(fresh);
        say(fresh, looks == 3 ? "A" : "AB");
        while (fresh.now() < looks * 4000 + 1000) {
            fresh.advance(100);
            if ((fresh.load("USART2", 0x1C) & 0x20) != 0) {
                heard += static_cast<char>(fresh.load("USART2", 0x24));
            }
        }
        heard += ' ';
        EXPECT_EQ(talk.output, looks == 3 ? "A" : "AB");
    }
    EXPECT_EQ(heard, "h hy ");
    EXPECT_EQ(talk.looks, talk.inputs.size());
}

TEST(Attachment, BadTargetsAreRefused) {
    const std::pair<const char*, const char*> rows[] = {
        {"modem", "a UART goes to script:FILE, file:OUT, pty, tcp:PORT or terminal, not to 'modem'"},
        {"script:", "not to 'script:'"},
        {"script:/no/such/file", "there is no script '/no/such/file'"},
        {"script:/dev/zero", "'/dev/zero' is longer than 64 MiB"},
        {"file:/no/such/folder/out", "'/no/such/folder/out' cannot be written"},
        {"tcp:70000", "tcp takes a port"},
        {"tcp:http", "tcp takes a port"},
    };
    for (const auto& [target, message] : rows) {
        EXPECT_THAT([&target = target] { makeAttachment(target); }, testing::ThrowsMessage<Error>(HasSubstr(message)));
    }
}

TEST_F(Dialogue, AnUnknownUartIsRefusedWithTheOnesThereAre) {
    EXPECT_THAT([this] { attach("file:" + folder.path("x"), "USART9"); },
                testing::ThrowsMessage<Error>(HasSubstr(
                    "nucleo-l4r5zi has no UART 'USART9'; it has USART2, USART3, UART4, UART5, LPUART1, USART1")));
}

} // namespace
} // namespace simprof::test
