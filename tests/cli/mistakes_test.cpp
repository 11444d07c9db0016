// SPDX-License-Identifier: GPL-2.0-or-later
/// What users get wrong: each mistake is one sentence that says what to do, and nothing of theirs is overwritten.
#include "tests/cli/cli_program.h"

#include <nlohmann/json.hpp>

#include <fmt/format.h>
#include <fstream>

namespace simprof {
namespace {

using nlohmann::json;
using namespace test;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TEST_F(Cli, AnOutputNeverReplacesAnInput) {
    auto arguments = running(kExit, {"-o", m_folder.path("firmware.bin")});
    EXPECT_THAT(refusal(arguments), HasSubstr("would overwrite"));
    EXPECT_EQ(m_folder.read("firmware.bin"), image(kExit));
    std::filesystem::create_symlink(m_folder.path("firmware.bin"), m_folder.path("link"));
    EXPECT_THAT(refusal(running(kExit, {"-o", m_folder.path("link")})), HasSubstr("would overwrite"));
    EXPECT_THAT(refusal(running(kExit, {"--vcd", m_folder.path("firmware.bin")})), HasSubstr("would overwrite"));
    EXPECT_THAT(refusal(running(kExit, {"--uart", "LPUART1=file:" + m_folder.path("firmware.bin")})),
                HasSubstr("would overwrite"));
    EXPECT_EQ(m_folder.read("firmware.bin"), image(kExit));

    const std::string profile = sample();
    const std::string before = m_folder.read("sample.simprof");
    const std::string other = sample("other.simprof");
    EXPECT_THAT(refusal({"report", profile, "-o", profile}), HasSubstr("would overwrite"));
    for (const char* option : {"--junit", "--markdown"}) {
        EXPECT_THAT(refusal({"check", profile, "--baseline", other, option, profile}), HasSubstr("would overwrite"));
        EXPECT_THAT(refusal({"check", other, "--baseline", profile, option, profile}), HasSubstr("would overwrite"));
    }
    EXPECT_THAT(refusal({"check", profile, "--baseline", other, "--junit", m_folder.path("x"), "--markdown",
                         m_folder.path("x")}),
                HasSubstr("two outputs"));
    EXPECT_EQ(m_folder.read("sample.simprof"), before);
}

TEST_F(Cli, AFunctionNamedForANetworkMustBeOne) {
    EXPECT_THAT(refusal(running(kExit, {"--as-network", "runModel"})),
                HasSubstr("--as-network runModel: firmware.bin has no such symbol; give a function or its address"));
    EXPECT_THAT(refusal(running(kExit, {"--as-network", "0xZZ"})), HasSubstr("an address is 0x and up to eight"));
}

TEST_F(Cli, AnEmptyValueIsNoValue) {
    EXPECT_THAT(refusal(running(kExit, {"-o", ""})), HasSubstr("--output is empty"));
    EXPECT_THAT(refusal(running(kExit, {"--report=", "--board="})), HasSubstr("is empty"));
    EXPECT_THAT(refusal({"check", sample(), "--baseline", ""}), HasSubstr("--baseline is empty"));
    EXPECT_THAT(refusal({"report", ""}), HasSubstr("PROFILE is empty"));
    EXPECT_THAT(refusal({""}), HasSubstr("FIRMWARE is empty"));
}

TEST_F(Cli, AWordThatIsNoVerbIsToldWithTheVerbsThereAre) {
    EXPECT_THAT(refusal({"profile", sample()}), HasSubstr("'profile' is neither a verb nor a firmware"));
    EXPECT_THAT(refusal({"run", "x.elf"}), HasSubstr("verbs are report, diff, check"));
    EXPECT_THAT(refusal({"help"}), HasSubstr("'simprof --help'"));
    EXPECT_THAT(refusal({m_folder.write("a.bin", image(kExit)), "b.bin"}), HasSubstr("what is 'b.bin' for?"));
}

TEST_F(Cli, NothingInFrontOfAVerbIsLost) {
    const std::string firmware = m_folder.write("a.bin", image(kExit));
    EXPECT_THAT(refusal({firmware, "report", sample()}), HasSubstr("in front of 'report' has no effect"));
    EXPECT_THAT(refusal({"--board", "microbit", "annotate", firmware, "main"}),
                HasSubstr("--board in front of 'annotate'"));
}

TEST_F(Cli, NamesAreSuggestedWhateverTheirCase) {
    const std::string firmware = m_folder.write("a.bin", image(kExit));
    EXPECT_THAT(refusal({firmware, "--board", "NUCLEO-L4R5ZI"}), HasSubstr("did you mean 'nucleo-l4r5zi'?"));
    EXPECT_THAT(refusal({firmware, "--board", "stm32f746g"}), HasSubstr("did you mean 'stm32f746g-disco'?"));
    EXPECT_THAT(refusal({"boards", "pico"}), HasSubstr("did you mean 'raspberry-pi-pico'?"));
    EXPECT_THAT(refusal({"boards", "zzz"}), Not(HasSubstr("did you mean")));
    EXPECT_THAT(refusal({firmware, "--report=htm"}), HasSubstr("did you mean 'html'?"));
    EXPECT_THAT(refusal({"report", sample(), "--format", "JSON"}), HasSubstr("did you mean 'json'?"));
    EXPECT_THAT(refusal({"report", sample(), "--by", "functions"}), HasSubstr("did you mean 'function'?"));
}

TEST_F(Cli, NumbersAreAskedForByName) {
    EXPECT_THAT(refusal({"check", sample(), "--baseline", sample(), "--tolerance", "2%"}),
                HasSubstr("--tolerance takes a number, not '2%'"));
    EXPECT_THAT(refusal(running(kExit, {"--calibrate", "abc"})),
                AllOf(HasSubstr("--calibrate takes picojoules per cycle such as 374"), HasSubstr("not 'abc'")));
}

TEST_F(Cli, UntilTakesTimesWithTheirUnit) {
    const auto cycles = [&](const char* until) {
        const ProgramResult result = simprof(running(kForever, {"--until", until, "--report=json"}));
        EXPECT_EQ(result.exitCode, 0) << until << ": " << result.error;
        return json::parse(result.output)["totals"]["cycles"].get<std::uint64_t>();
    };
    // The core runs at the 4 MHz of its reset clock.
    EXPECT_NEAR(static_cast<double>(cycles("time:20ms")), 80'000, 100);
    EXPECT_EQ(cycles("time:0.02"), cycles("time:20ms"));
    EXPECT_EQ(cycles("time:0.02s"), cycles("time:20ms"));
    EXPECT_EQ(cycles("time:20000us"), cycles("time:20ms"));
    for (const char* wrong :
         {"time:", "time:ms", "time:-1ms", "time:0", "time:1h", "time:nan", "time:inf", "time:1e30s", "time:1e-12"}) {
        EXPECT_THAT(refusal(running(kForever, {"--until", wrong})), HasSubstr("such as time:20ms or time:1.5s"));
    }
}

TEST_F(Cli, OneUartHasOneAttachment) {
    EXPECT_THAT(refusal(running(kExit, {"--uart", "LPUART1=terminal", "--uart", "LPUART1=pty"})),
                HasSubstr("--uart: LPUART1 is attached twice"));
}

TEST_F(Cli, OutputsOfARunAreWrittenOrToldAndNotLeftInPart) {
    EXPECT_THAT(refusal(running(kExit, {"--vcd", "/dev/full"})),
                HasSubstr("--vcd: '/dev/full' cannot be written: No space"));
    EXPECT_THAT(refusal(running(kExit, {"--vcd", m_folder.path("x.vcd"), "--uart",
                                        "LPUART1=file:" + m_folder.path("x.txt"), "--uart", "USART9=terminal"})),
                HasSubstr("no UART 'USART9'"));
    EXPECT_EQ(m_folder.files(), 1u) << "the firmware alone";
    const std::string hello = std::string(SIMPROF_BINARY_DIR) + "/firmware/hello-nucleo-l4r5zi.elf";
    if (!std::filesystem::exists(hello)) {
        GTEST_SKIP() << hello << " was not built";
    }
    const ProgramResult full = simprof({hello, "--uart", "LPUART1=file:/dev/full"});
    EXPECT_EQ(full.exitCode, 2);
    EXPECT_THAT(full.error, HasSubstr("--uart: '/dev/full' cannot be written: No space"));
    m_folder.write("old.txt", "old");
    EXPECT_EQ(simprof({hello, "--uart", "LPUART1=file:" + m_folder.path("old.txt")}).exitCode, 0);
    EXPECT_THAT(m_folder.read("old.txt"), StartsWith("hello at "));
}

TEST_F(Cli, AClosedStandardOutputIsNoPlaceForFiles) {
    auto arguments = running(kExit, {"--vcd", m_folder.path("x.vcd")});
    const std::string program = std::string(SIMPROF_BINARY_DIR) + "/bin/simprof";
    arguments.insert(arguments.begin(), {"-c", "exec \"$0\" \"$@\" >&-", program});
    const ProgramResult result = runProgram("/bin/sh", arguments);
    EXPECT_EQ(result.exitCode, 2);
    EXPECT_THAT(result.error, HasSubstr("cannot write to standard output"));
    EXPECT_THAT(m_folder.read("x.vcd"), Not(HasSubstr("firmware.bin"))) << "the report went into the VCD file";
}

TEST_F(Cli, OptionsThatWouldDoNothingAreRefused) {
    const std::string budget = m_folder.write("b.json", R"({"schema": "simprof-budget/1", "total": {"cycles": 1}})");
    EXPECT_THAT(refusal({"check", sample(), "--budget", budget, "--tolerance", "5"}), HasSubstr("over a --baseline"));
    EXPECT_THAT(refusal(running(kExit, {"--source-root", m_folder.path("none")})), HasSubstr("is no folder"));
    const std::string layer =
        m_folder.write("l.json", R"({"schema": "simprof-budget/1", "layers": {"SOFTMX": {"cycles": 1}}})");
    EXPECT_THAT(refusal({"check", sample(), "--budget", layer}), HasSubstr("did you mean 'SOFTMAX'?"));
}

TEST_F(Cli, AnEndlessInputIsRefused) {
    EXPECT_THAT(refusal({"report", "/dev/zero"}), HasSubstr("'/dev/zero' is longer than"));
    EXPECT_THAT(refusal({"check", sample(), "--budget", "/dev/zero"}), HasSubstr("is longer than"));
}

TEST_F(Cli, AGateOnAFirmwareThatFaultsLeavesItsReports) {
    ASSERT_EQ(simprof(running(kExit, {"-o", m_folder.path("base.simprof")})).exitCode, 0);
    auto arguments = running(kUndefined, {"--baseline", m_folder.path("base.simprof"), "--junit",
                                          m_folder.path("j.xml"), "--markdown", m_folder.path("m.md")});
    arguments.insert(arguments.begin(), "check");
    const ProgramResult result = simprof(arguments);
    EXPECT_EQ(result.exitCode, 3);
    EXPECT_THAT(m_folder.read("j.xml"), HasSubstr("<failure"));
    EXPECT_THAT(m_folder.read("m.md"), HasSubstr("undefined instruction"));
    const ProgramResult workflow = simprof(arguments, {.environment = {"GITHUB_ACTIONS=true"}});
    EXPECT_THAT(workflow.output, StartsWith("::error"));
}

TEST_F(Cli, ARunWithoutMemoryForItsStackIsReportedSoonAndSane) {
    std::ifstream file(std::string(SIMPROF_BINARY_DIR) + "/firmware/hello-stm32f407-disco.elf", std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(file)), {});
    const std::size_t vectors = bytes.find(std::string("\x00\x00\x02\x20", 4), 0x1000); // the initial stack pointer
    if (vectors == std::string::npos) {
        GTEST_SKIP() << "hello-stm32f407-disco.elf was not built, or its stack is elsewhere";
    }
    bytes.replace(vectors, 4, std::string("\x80\xb4\x00\xaf", 4)); // 0xaf00b480, where nothing is
    const ProgramResult result = simprof({m_folder.write("a.elf", bytes), "--board", "stm32f407-disco"});
    EXPECT_EQ(result.exitCode, 0) << "its first instructions set the stack pointer right";
    EXPECT_THAT(result.output, Not(testing::ContainsRegex("[0-9],[0-9]*,[0-9]*,[0-9]* B"))) << "no gigabytes";
    EXPECT_THAT(result.output, HasSubstr("SRAM      40 stack")) << result.output;
}

TEST_F(Cli, ADamagedNetworkIsToldWhereItIs) {
    std::string bytes = image(kExit);
    bytes += std::string("\x14\x00\x00\x00TFL3", 8) + std::string(64, '\x7f');
    const std::string where = fmt::format("0x{:08x}", 0x08000000 + bytes.size() - 72);
    const ProgramResult result =
        simprof({m_folder.write("net.bin", bytes), "--base", "0x08000000", "--board", "nucleo-l4r5zi"});
    EXPECT_THAT(result.output, HasSubstr("what looks like a TFLite flatbuffer at " + where + " is damaged"));
    EXPECT_THAT(refusal(running(kExit, {"--model", m_folder.write("m.tflite", "abcdTFL3")})), HasSubstr("m.tflite'"));
}

TEST_F(Cli, AFirmwareThatPrintsForEverIsEnded) {
    // movs r0, #4 (SYS_WRITE0); adr r1, text; bkpt 0xAB; b to the beginning
    const std::string bytes =
        image({0x2004, 0xA101, 0xBEAB, 0xE7FB}) + std::string(250, 'x') + std::string("\n\0\0", 3);
    const std::string path = m_folder.write("talk.bin", bytes);
    const std::vector<std::string> arguments = {path,      "--base",        "0x08000000",
                                                "--board", "nucleo-l4r5zi", "--report=json"};
    const ProgramResult result = simprof(arguments);
    EXPECT_EQ(result.exitCode, 3);
    EXPECT_EQ(json::parse(result.output)["halt"]["reason"], "limit");
    EXPECT_THAT(result.error.substr(result.error.size() - 250), HasSubstr("printed more than 4 MiB and goes on"));
}

TEST_F(Cli, AnImageInRamAloneRuns) {
    std::string bytes = image(kExit);
    for (std::size_t vector = 1; vector < 16; ++vector) {
        bytes[4 * vector + 3] = '\x20'; // for 0x20000000, not 0x08000000
    }
    const std::string path = m_folder.write("ram.bin", bytes);
    for (const char* board : {"nucleo-l4r5zi", "nucleo-g0b1re", "stm32f746g-disco", "microbit"}) {
        const ProgramResult result = simprof({path, "--base", "0x20000000", "--board", board});
        EXPECT_EQ(result.exitCode, 0) << board << ": " << result.error;
    }
}

TEST_F(Cli, NothingThatRanTakesNoTable) {
    const ProgramResult result =
        simprof({m_folder.write("a.bin", std::string(64, '\xff')), "--base", "0x08000000", "--board", "microbit"});
    EXPECT_EQ(result.exitCode, 2) << "not at this address";
    const ProgramResult nothing =
        simprof({m_folder.path("a.bin"), "--base", "0x08000000", "--board", "stm32f407-disco"});
    EXPECT_EQ(nothing.exitCode, 3);
    EXPECT_THAT(nothing.output, Not(HasSubstr("where they went")));
    EXPECT_THAT(nothing.output, Not(testing::ContainsRegex("[0-9],[0-9]*,[0-9]*,[0-9]* B")));
}

TEST_F(Cli, ComplaintsAreOneLineThatNoTerminalObeys) {
    EXPECT_THAT(refusal({"boards", "a\x1b[31m\nb"}), Not(HasSubstr("\x1b")));
    EXPECT_THAT(refusal(running(kExit, {"--uart", "LPUART1=script:" + m_folder.write("s", "\x01\x02 x\n")})),
                Not(HasSubstr("\x01")));
    EXPECT_THAT(refusal(running(kExit, {"--uart", "LPUART1=script:" + m_folder.write("t", std::string("a\0b", 3))})),
                HasSubstr("is no script but a binary file"));
}

TEST_F(Cli, HelpOfEachVerbHasItsOwnExamples) {
    EXPECT_THAT(simprof({"--help"}).output, HasSubstr("Verbs:"));
    EXPECT_THAT(simprof({"--help"}).output, HasSubstr("UF2"));
    EXPECT_THAT(simprof({"diff", "--help"}).output, HasSubstr("simprof diff before.simprof after.simprof"));
    EXPECT_THAT(simprof({"annotate", "--help"}).output, HasSubstr("simprof annotate kws.elf"));
    EXPECT_THAT(simprof({"boards", "--help"}).output, HasSubstr("simprof boards nucleo-l4r5zi"));
    EXPECT_THAT(simprof({"diff", "--help"}).output, Not(HasSubstr("simprof boards")));
    EXPECT_THAT(simprof({"check", "--help"}).output, HasSubstr("Exit code: 0 all right; 1 a gate failed"));
}

} // namespace
} // namespace simprof
