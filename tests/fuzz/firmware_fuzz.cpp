// SPDX-License-Identifier: GPL-2.0-or-later
// libFuzzer target: any bytes as a firmware, its symbols and its debug information. Seeds: a folder of ELF, HEX,
// S-record, UF2, DFU and raw files. What it finds becomes a row of an ordinary test.
#include "profiler/symbols/line_table.h"
#include "profiler/symbols/memory_bounds.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/error.h"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace simprof;
    const auto bytes = std::as_bytes(std::span(data, size));
    try {
        const FirmwareImage image = parseFirmware("fuzz", {bytes.begin(), bytes.end()}, std::nullopt);
        SymbolTable symbols(image);
        memoryBounds(symbols);
        const LineTable lines(image);
        for (const ImageSegment& segment : image.segments) {
            for (Address offset = 0; offset < std::min<Bytes>(segment.memorySize, 4096); offset += 64) {
                symbols.addDiscovered(segment.runAddress + offset);
                lines.frames(segment.runAddress + offset);
            }
        }
    } catch (const Error&) {
    }
    return 0;
}
