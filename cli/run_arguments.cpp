// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/run_arguments.h"

#include "cli/output.h"
#include "cli/progress.h"
#include "cli/quantities.h"
#include "cli/signals.h"
#include "peripherals/boards.h"
#include "peripherals/boards/board_file.h"
#include "peripherals/sensors/sensor.h"
#include "profiler/analysis/run_end.h"
#include "profiler/files.h"
#include "profiler/network_swap.h"
#include "profiler/profile_json.h"
#include "profiler/report/escape.h"
#include "profiler/report/report.h"
#include "profiler/report/suggest.h"
#include "profiler/text/numbers.h"
#include "profiler/what_if/what_if.h"
#include "sim_core/error.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace simprof::cli {
namespace {

UartAttachment parseUart(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
        throw Error(fmt::format("--uart takes NAME=TARGET such as USART2=pty, not '{}'", text));
    }
    return {text.substr(0, equals), text.substr(equals + 1)};
}

void checkBoard(const std::string& name) {
    if (!name.empty() && !namedBoard(name)) {
        throw unknownBoard(name);
    }
}

} // namespace

Address parseAddress(const std::string& text, const char* option) {
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    const std::string digits = hexadecimal ? text.substr(2) : text;
    Address address = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), address, hexadecimal ? 16 : 10);
    if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty()) {
        throw Error(fmt::format("{} takes an address such as 0x08000000, not '{}'", option, text));
    }
    return address;
}

Error unknownBoard(const std::string& name) {
    std::vector<std::string> names;
    for (const BoardDesc& board : boards()) {
        names.push_back(board.name);
    }
    return Error(fmt::format("there is no board '{}'{}: it is one of {}, or a file ending in .toml or .json", name,
                             didYouMean(name, names), fmt::join(names, ", ")));
}

void RunArguments::addTo(CLI::App& verb) {
    verb.add_option("--board", board, "Board to simulate, by name or as a .toml or .json file; guessed when not given")
        ->type_name("NAME|FILE")
        ->group("Run");
    verb.add_option("--svd", svd, "CMSIS-SVD file with names and reset values of registers that are not modelled")
        ->type_name("FILE")
        ->group("Run");
    verb.add_option("--sensor", sensors,
                    "Attach a sensor: I2C1:0x5F=hts221:room.csv, SPI1:PA4=lis3dh, ADC1:5=analog:mic.wav")
        ->type_name("BUS:PLACE=KIND:FILE")
        ->group("Run")
        ->take_all();
    verb.add_option("--base", base, "Load address of a raw binary")->type_name("ADDRESS")->group("Run");
    verb.add_option(
            "--until", until,
            "End the run at SYMBOL, ADDRESS, inferences:N, cycles:N or time:T (20ms, 1.5s), or with exit when the "
            "firmware ends it")
        ->type_name("WHERE")
        ->group("Run")
        ->take_all();
    verb.add_option("--model", model, "The network, when the firmware does not carry it as a .tflite")
        ->type_name("FILE")
        ->group("Run");
    verb.add_option("--replace-model", replaceModel,
                    "Run this network instead of the one in the image, of which there may be several (2=NEW.tflite)")
        ->type_name("[N=]FILE")
        ->group("Run");
    verb.add_option("--as-network", asNetwork,
                    "Take the calls of this function for layers; for each network that is not found without")
        ->type_name("FUNCTION|ADDRESS")
        ->group("Run")
        ->take_all();
    verb.add_option("--what-if", whatIf,
                    "Time the run as if: fn:GLOB, weights, weights:N, tensor:NAME, arena, stack, vectors or 0xA..0xB "
                    "in another memory (fn:conv*=itcm, weights=dtcm, arena=0x20010000), or wait-states=3, icache=off, "
                    "dcache=off, "
                    "prefetch=on, clock=80MHz, icache-size=16K; shift=2..32 alone prints how much is luck of alignment")
        ->type_name("SELECT=CHANGE")
        ->group("Run")
        ->take_all();
    verb.add_option("--supply", supply, "Supply configuration for the energy figures; 'simprof boards NAME' lists them")
        ->type_name("NAME")
        ->group("Run");
    verb.add_option("--calibrate", calibrate,
                    "Measured, instead of the board's table: 374 (pJ per cycle), 5.2mJ/inference, 12mA@64MHz, "
                    "sleep=1.4mA, stop=2uA")
        ->type_name("FIGURE")
        ->group("Run")
        ->take_all();
    verb.add_option("--semihosting-root", semihostingRoot, "Folder the firmware may read and write; none without it")
        ->type_name("DIR")
        ->group("Run");
    verb.add_option("--semihosting-quota", semihostingQuota, "What the firmware may write there in all (64MiB)")
        ->type_name("BYTES")
        ->group("Limits");
    verb.add_option("--console-limit", consoleLimit, "Console text that is kept (4MiB)")
        ->type_name("BYTES")
        ->group("Limits");
    verb.add_option("--max-memory", maxMemory, "End the run when simprof takes more (2GiB, less in a small container)")
        ->type_name("BYTES")
        ->group("Limits");
    verb.add_option("--max-time", maxTime, "End the run after this time on the clock (5h)")
        ->type_name("TIME")
        ->group("Limits");
    verb.add_option("--uart", uarts, "Attach a UART: pty, terminal, file:OUT, tcp:PORT, script:FILE")
        ->type_name("NAME=TARGET")
        ->group("Run")
        ->take_all();
    verb.add_option("--vcd", vcd, "Write edges of output pins and UARTs to a VCD file")
        ->type_name("FILE")
        ->group("Run");
    verb.add_option("--source-root", sourceRoots, "Folder with the firmware's sources")
        ->type_name("DIR")
        ->group("Run")
        ->take_all();
    verb.add_flag("--instructions", instructions, "Keep the cost of each instruction in the profile")->group("Run");
    verb.add_flag("--lives", lives, "Keep the lives of all bytes of tensors in the profile, for 'simprof plan'")
        ->group("Run");
}

bool RunArguments::any() const {
    return !board.empty() || !base.empty() || !until.empty() || !model.empty() || !replaceModel.empty() ||
           !semihostingRoot.empty() || !supply.empty() || (!calibrate.empty() && !calibratesProfiles) ||
           !uarts.empty() || !vcd.empty() || !svd.empty() || !sensors.empty() || !semihostingQuota.empty() ||
           !consoleLimit.empty() || !maxMemory.empty() || !maxTime.empty() || !whatIf.empty();
}

std::vector<std::string> RunArguments::inputs() const { return {board, svd, model}; }

std::vector<OutputFile> RunArguments::outputs() const {
    std::vector<OutputFile> files = {{"--vcd", vcd}};
    for (const std::string& text : uarts) {
        constexpr std::string_view kFile = "file:";
        if (const std::string target = parseUart(text).target; target.starts_with(kFile)) {
            files.push_back({"--uart", target.substr(kFile.size())});
        }
    }
    return files;
}

RunOptions RunArguments::options() const {
    checkBoard(board);
    RunOptions options;
    options.boardName = board;
    if (!svd.empty()) {
        options.svd = svd;
    }
    for (const std::string& text : sensors) {
        (void)parseSensor(text);
        options.sensors.push_back(text);
    }
    for (const std::string& text : until) {
        parseUntil(text, options);
    }
    if (!model.empty()) {
        options.model = model;
    }
    options.asNetwork = asNetwork;
    if (!semihostingRoot.empty()) {
        options.hostFiles.root = semihostingRoot;
        if (!std::filesystem::is_directory(semihostingRoot)) {
            throw Error(fmt::format("--semihosting-root: '{}' is no folder", semihostingRoot));
        }
    }
    if (!semihostingQuota.empty()) {
        options.hostFiles.quota = parseBytes(semihostingQuota, "--semihosting-quota");
    }
    if (!consoleLimit.empty()) {
        options.limits.consoleBytes = parseBytes(consoleLimit, "--console-limit");
    }
    if (!maxMemory.empty()) {
        options.limits.memoryBytes = parseBytes(maxMemory, "--max-memory");
    }
    if (!maxTime.empty()) {
        options.limits.seconds = parseDuration(maxTime, "--max-time");
    }
    checkWhatIf(whatIf);
    options.whatIf = whatIf;
    options.supply = supply;
    for (const std::string& text : calibrate) {
        parseCalibration(text, options.calibration);
    }
    options.instructions = instructions;
    options.lives = lives;
    for (const std::string& root : sourceRoots) {
        if (!std::filesystem::is_directory(root)) {
            throw Error(fmt::format("--source-root: '{}' is no folder", root));
        }
    }
    options.sourceRoots.assign(sourceRoots.begin(), sourceRoots.end());
    if (!vcd.empty()) {
        options.vcd = vcd;
    }
    for (const std::string& text : uarts) {
        UartAttachment attachment = parseUart(text);
        if (std::ranges::find(options.uarts, attachment.uart, &UartAttachment::uart) != options.uarts.end()) {
            throw Error(fmt::format("--uart: {} is attached twice, it has one other end", attachment.uart));
        }
        options.uarts.push_back(std::move(attachment));
    }
    return options;
}

FirmwareImage firmwareOf(const std::string& path, const RunArguments& arguments) {
    const FirmwareImage firmware = readFirmware(
        path, arguments.base.empty() ? std::nullopt : std::optional(parseAddress(arguments.base, "--base")));
    return arguments.replaceModel.empty() ? firmware : replaceNetwork(firmware, arguments.replaceModel);
}

void withFirmwareRun(const std::string& path, const RunArguments& arguments, ConsoleTarget console,
                     const std::function<void(FirmwareRun&)>& use) {
    RunOptions options = arguments.options();
    const FirmwareImage firmware = firmwareOf(path, arguments);
    ProgressLine line;
    options.progress = [&](const RunProgress& progress) { line.show(progress, options); };
    options.console = [&](std::string_view text) {
        line.hide();
        if (console == ConsoleTarget::Output) {
            print(text);
        } else {
            printError(text);
        }
    };
    const SignalsEndRun signals;
    options.cancel = signals.cancel();
    FirmwareRun run(firmware, options, runtimes());
    use(run);
    run.finish();
}

Profile runFirmware(const std::string& path, const RunArguments& arguments, ConsoleTarget console) {
    Profile made;
    withFirmwareRun(path, arguments, console, [&](FirmwareRun& run) { made = run.asAsked(); });
    return made;
}

Profile profileOf(const std::string& path, const RunArguments& arguments, ConsoleTarget console) {
    if (!looksLikeProfile(readFile(path))) {
        return runFirmware(path, arguments, console);
    }
    if (arguments.any()) {
        throw Error(
            fmt::format("'{}' is a profile: options of a run have no meaning for it, give the firmware instead", path));
    }
    return readProfile(path);
}

int exitCodeOf(const Profile& profile) {
    if (profile.halt.exitCode != 0) {
        complain(fmt::format("the firmware ended with exit code {} of its own", profile.halt.exitCode));
    }
    if (endedWell(profile)) {
        return 0;
    }
    std::string what =
        fmt::format("the firmware did not finish ({}) at {}", nameOf(profile.halt.reason), hexAddress(profile.halt.pc));
    if (!profile.halt.what.empty()) {
        what += ": " + plain(profile.halt.what);
    }
    if (profile.halt.reason == HaltReason::Kind::Limit) {
        what += "; --until inferences:N or time:T ends a firmware that runs for ever";
    }
    complain(what);
    return 3;
}

} // namespace simprof::cli
