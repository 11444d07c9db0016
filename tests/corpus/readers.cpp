// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/corpus/readers.h"

#include "peripherals/board_guess.h"
#include "peripherals/boards.h"
#include "peripherals/boards/board_file.h"
#include "peripherals/boards/data_tree.h"
#include "peripherals/sensors/sample_file.h"
#include "peripherals/sensors/sensor.h"
#include "peripherals/svd.h"
#include "peripherals/uart/serial_script.h"
#include "profiler/budget/budget.h"
#include "profiler/network/network.h"
#include "profiler/planning/planner.h"
#include "profiler/planning/problem_csv.h"
#include "profiler/profile_json.h"
#include "profiler/report/annotate.h"
#include "profiler/report/diff_report.h"
#include "profiler/report/gate_report.h"
#include "profiler/report/report.h"
#include "profiler/run/network_choice.h"
#include "profiler/symbols/line_table.h"
#include "profiler/symbols/memory_bounds.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/error.h"
#include "sim_core/image/exit_call.h"
#include "sim_core/image/firmware_image.h"

#include <algorithm>
#include <string>

namespace simprof::test {

namespace {

/// What may refuse the same file without an end to the others.
template<class Use>
void attempt(Use use) {
    try {
        use();
    } catch (const Error&) { // a sentence for the user
    }
}

/// An image with its symbols, its debug information, its networks and the boards that it fits.
void readImage(std::string_view bytes) {
    const auto file = std::as_bytes(std::span(bytes));
    const FirmwareImage image = parseFirmware("fuzz", {file.begin(), file.end()}, std::nullopt);
    SymbolTable symbols(image);
    memoryBounds(symbols);
    const LineTable lines(image);
    for (const ImageSegment& segment : image.segments) {
        for (Address offset = 0; offset < std::min<Bytes>(segment.memorySize, 4096); offset += 64) {
            symbols.addDiscovered(segment.runAddress + offset);
            lines.frames(segment.runAddress + offset);
        }
    }
    holdsExitCall(image);
    chooseNetworks(image, std::nullopt);
    attempt([&] { guessBoard(image); });
    attempt([&] { checkBoard(image, boards().front()); });
}

void readFlatbuffer(std::string_view bytes) {
    findNetworks(std::as_bytes(std::span(bytes)), 0x08000000);
    readNetwork(std::as_bytes(std::span(bytes)));
}

void writeReports(const Profile& profile) {
    for (const ReportFormat& format : reportFormats()) {
        writeReport(profile, format, {});
        for (std::size_t by = 0; format.tables && by < reportByNames().size(); ++by) {
            ReportOptions options;
            options.by = static_cast<ReportBy>(by);
            attempt([&] { writeReport(profile, format, options); }); // not every profile holds instructions
        }
    }
    reportSummaryLine(profile);
    for (std::size_t i = 0; i < std::min<std::size_t>(profile.functions.size(), 4); ++i) {
        findFunctions(profile, profile.functions[i].name);
        attempt([&] {
            const Annotation annotation = annotateFunction(profile, i, [](const std::string&) {
                return std::vector<std::string>{"int main() {", "}"};
            });
            annotationText(annotation, {});
            annotationJson(annotation);
        });
    }
}

/// The profile against others and against limits.
void writeComparisons(const Profile& profile) {
    const Profile empty;
    for (const DiffFormat format : {DiffFormat::Text, DiffFormat::Json, DiffFormat::Markdown}) {
        writeDiff(diffProfiles(profile, empty), "base", "now", format, {});
        writeDiff(diffProfiles(empty, profile), "base", "now", format, {});
        attempt([&] { writeGate(checkBaseline(profile, profile, {}), profile, format, {}); });
    }
    attempt([&] {
        Profile slower = profile;
        for (LayerInfo& layer : slower.layers) {
            layer.cycles /= 2;
        }
        const GateResult result = checkBaseline(slower, profile, {});
        gateJunit(result, profile);
        gateGithub(result, profile);
    });
}

/// A profile and all that is made of one.
void readReports(std::string_view bytes) {
    const Profile profile = fromJson(bytes);
    writeReports(profile);
    writeComparisons(profile);
}

/// A board, which can be written and read again.
void readBoardAs(std::string_view bytes, DataFormat format) {
    const auto board = readBoard(bytes, "fuzz", format);
    readBoard(writeBoard(*board, format, true), "fuzz", format);
}

void readRegisters(std::string_view bytes) {
    const Svd svd = parseSvd(bytes, "fuzz");
    withSvd(*boards().front().mcu, svd);
}

/// Limits, and a profile held against them.
void readLimits(std::string_view bytes) {
    const Budget budget = parseBudget(bytes);
    Profile profile;
    profile.layers.emplace_back().name = "conv";
    profile.inferences.emplace_back();
    profile.memory.arena.emplace();
    attempt([&] { writeGate(checkBudget(budget, profile), profile, DiffFormat::Text, {}); });
}

/// The first bytes say what a file's name says elsewhere.
void readMeasurements(std::string_view bytes) {
    attempt([&] { parseSamples(bytes, "fuzz.raw"); });
    const SampleFile file = parseSamples(bytes, bytes.starts_with("RIFF") ? "fuzz.wav" : "fuzz.csv");
    for (std::size_t i = 0; i < 4; ++i) {
        file.row(static_cast<double>(i), i);
    }
}

/// One line, as behind --sensor.
void readSensor(std::string_view bytes) {
    const SensorDesc sensor = parseSensor(bytes.substr(0, bytes.find('\n')));
    BoardDesc board = *findBoard("nucleo-l4r5zi");
    attempt([&] { attachSensor(board, sensor); });
}

/// A problem, planned for a moment.
void readPlanning(std::string_view bytes) {
    const PlanningFile file = readPlanningCsv(bytes, "fuzz");
    if (!file.offsets.empty()) {
        findClash(file.problem, file.offsets);
    }
    planMemory(file.problem, {.seconds = 0.001});
}

const Reader kReaders[] = {
    {"firmware", readImage},
    {"network", readFlatbuffer},
    {"profile", readReports},
    {"board_toml", [](std::string_view bytes) { readBoardAs(bytes, DataFormat::Toml); }},
    {"board_json", [](std::string_view bytes) { readBoardAs(bytes, DataFormat::Json); }},
    {"svd", readRegisters},
    {"budget", readLimits},
    {"script", [](std::string_view bytes) { escaped(parseScript(bytes, "fuzz").front().text); }},
    {"samples", readMeasurements},
    {"sensor", readSensor},
    {"planning", readPlanning},
};

} // namespace

std::span<const Reader> readers() { return kReaders; }

} // namespace simprof::test
