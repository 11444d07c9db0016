// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// What a sensor measures, row by row: from a CSV file, a WAV file (-1 to 1, one column per channel) or raw 16-bit
/// samples.
struct SampleFile {
    std::vector<std::string> columns;      ///< names from a CSV's first line; empty when it has none
    std::vector<std::vector<double>> rows; ///< never empty
    std::vector<double> seconds;           ///< when each row is measured; empty: each measurement takes the next row
    bool isFraction = false;               ///< values are -1 to 1 (WAV, raw) rather than in units

    /// The row that holds at `when`, or the `index`-th when rows have no times; the last one after the end.
    const std::vector<double>& row(double when, std::size_t index) const;
};

/// Reads *.csv, *.wav (PCM, 8, 16, 24 or 32 bits) or any other file as raw signed 16-bit little endian; throws Error
/// with file and line.
SampleFile readSamples(const std::filesystem::path& path);
/// The same from the bytes of a file called `name`.
SampleFile parseSamples(std::string_view bytes, const std::string& name);

} // namespace simprof
