// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/corpus/readers.h"

#include "peripherals/boards/board_file.h"
#include "peripherals/boards/data_tree.h"
#include "peripherals/sensors/sample_file.h"
#include "peripherals/sensors/sensor.h"
#include "peripherals/svd.h"
#include "peripherals/uart/serial_script.h"
#include "profiler/budget/budget.h"
#include "profiler/network/network.h"
#include "profiler/profile_json.h"
#include "profiler/report/report.h"
#include "profiler/symbols/line_table.h"
#include "profiler/symbols/memory_bounds.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/error.h"
#include "sim_core/image/firmware_image.h"

#include <algorithm>
#include <string>

namespace simprof::test {

namespace {

/// An image with its symbols and its debug information.
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
}

void readFlatbuffer(std::string_view bytes) {
    findNetworks(std::as_bytes(std::span(bytes)), 0x08000000);
    readNetwork(std::as_bytes(std::span(bytes)));
}

/// A profile and all reports of it, by everything that a report can be by.
void readReports(std::string_view bytes) {
    const Profile profile = fromJson(bytes);
    for (const ReportFormat& format : reportFormats()) {
        writeReport(profile, format, {});
        for (const ReportBy by : {ReportBy::Layer, ReportBy::Function, ReportBy::Line, ReportBy::Region}) {
            if (format.tables && (by != ReportBy::Line || !profile.instructions.empty())) {
                ReportOptions options;
                options.by = by;
                writeReport(profile, format, options);
            }
        }
    }
    checkBaseline(profile, profile, {});
}

/// A board, which can be written and read again.
void readBoardAs(std::string_view bytes, DataFormat format) {
    const auto board = readBoard(bytes, "fuzz", format);
    readBoard(writeBoard(*board, format, true), "fuzz", format);
}

void readSensor(std::string_view bytes) {
    const std::size_t end = bytes.find('\n');
    wrongSensor(parseSensor(bytes.substr(0, end)));
}

const Reader kReaders[] = {
    {"firmware", readImage},
    {"network", readFlatbuffer},
    {"profile", readReports},
    {"board_toml", [](std::string_view bytes) { readBoardAs(bytes, DataFormat::Toml); }},
    {"board_json", [](std::string_view bytes) { readBoardAs(bytes, DataFormat::Json); }},
    {"svd", [](std::string_view bytes) { parseSvd(bytes, "fuzz"); }},
    {"budget", [](std::string_view bytes) { parseBudget(bytes); }},
    {"script", [](std::string_view bytes) { parseScript(bytes, "fuzz"); }},
    {"samples", [](std::string_view bytes) { parseSamples(bytes, "fuzz"); }},
    {"sensor", readSensor},
};

} // namespace

std::span<const Reader> readers() { return kReaders; }

} // namespace simprof::test
