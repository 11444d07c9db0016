// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/sensors/sample_file.h"

#include "sim_core/error.h"
#include "sim_core/host/read_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

namespace simprof {

const std::vector<double>& SampleFile::row(double when, std::size_t index) const {
    if (seconds.empty()) {
        return rows[std::min(index, rows.size() - 1)];
    }
    const auto after = std::ranges::upper_bound(seconds, when);
    return rows[after == seconds.begin() ? 0 : static_cast<std::size_t>(after - seconds.begin()) - 1];
}

namespace {

/// Some 600 MB of the host's memory at worst; ten minutes of a microphone at 16 kHz.
constexpr std::size_t kMostValues = 10'000'000;

void addRow(SampleFile& file, std::vector<double> row, const std::string& name) {
    if ((file.rows.size() + 1) * row.size() > kMostValues) {
        throw Error(fmt::format("{}: holds more than {} values: shorten it", name, kMostValues));
    }
    file.rows.push_back(std::move(row));
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    return text;
}

std::vector<std::string_view> split(std::string_view line) {
    const char separator = line.find(';') != std::string_view::npos ? ';' : ',';
    std::vector<std::string_view> fields;
    for (std::size_t at = 0; at <= line.size();) {
        const std::size_t end = std::min(line.find(separator, at), line.size());
        fields.push_back(trimmed(line.substr(at, end - at)));
        at = end + 1;
    }
    return fields;
}

std::optional<double> numberIn(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool good = error == std::errc{} && end == text.data() + text.size() && value > -1e12 && value < 1e12;
    return good ? std::optional(value) : std::nullopt;
}

bool isTime(const std::string& column) { return column == "time_s" || column == "seconds" || column == "t"; }

/// Moves the first column into `seconds`.
void takeTimes(SampleFile& file, const std::string& name) {
    for (std::vector<double>& row : file.rows) {
        if (!file.seconds.empty() && row.front() < file.seconds.back()) {
            throw Error(
                fmt::format("{}: the times in its first column go back at {} s: sort the rows", name, row.front()));
        }
        file.seconds.push_back(row.front());
        row.erase(row.begin());
    }
    file.columns.erase(file.columns.begin());
}

SampleFile parseCsv(std::string_view text, const std::string& name) {
    SampleFile file;
    std::size_t width = 0;
    unsigned line = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view content = trimmed(text.substr(at, end - at));
        at = end + 1;
        ++line;
        if (content.empty() || content.front() == '#') {
            continue;
        }
        const auto fields = split(content);
        if (width == 0 && !numberIn(fields.front())) {
            file.columns.assign(fields.begin(), fields.end());
            width = fields.size();
            continue;
        }
        width = width == 0 ? fields.size() : width;
        if (fields.size() != width) {
            throw Error(
                fmt::format("{}:{}: has {} values where the lines before have {}", name, line, fields.size(), width));
        }
        std::vector<double> row;
        row.reserve(width);
        for (const std::string_view field : fields) {
            const auto value = numberIn(field);
            if (!value) {
                throw Error(fmt::format("{}:{}: '{}' is no number", name, line, field));
            }
            row.push_back(*value);
        }
        addRow(file, std::move(row), name);
    }
    if (!file.columns.empty() && isTime(file.columns.front())) {
        takeTimes(file, name);
    }
    return file;
}

std::uint32_t little(std::string_view bytes, std::size_t at, unsigned size) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < size; ++i) {
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    }
    return value;
}

/// A sample as -1 to 1.
double fraction(std::string_view bytes, std::size_t at, unsigned size) {
    const std::uint32_t raw =
        size == 1 ? little(bytes, at, 1) ^ 0x80U : little(bytes, at, size); // 8-bit WAV is unsigned
    const auto value = static_cast<std::int32_t>(raw << (32 - 8 * size));
    return static_cast<double>(value) / 2147483648.0;
}

/// RIFF WAVE, uncompressed (Multimedia Programming Interface and Data Specifications 1.0, chapter 3).
SampleFile parseWav(std::string_view bytes, const std::string& name) {
    if (bytes.size() < 12 || bytes.substr(0, 4) != "RIFF" || bytes.substr(8, 4) != "WAVE") {
        throw Error(fmt::format("{}: does not begin like a WAV file", name));
    }
    unsigned channels = 0;
    unsigned width = 0;
    double rate = 0;
    SampleFile file;
    for (std::size_t at = 12; at + 8 <= bytes.size();) {
        const std::string_view id = bytes.substr(at, 4);
        const std::size_t size = little(bytes, at + 4, 4);
        const std::size_t begin = at + 8;
        if (id == "fmt " && size >= 16 && begin + 16 <= bytes.size()) {
            const unsigned format = little(bytes, begin, 2);
            channels = little(bytes, begin + 2, 2);
            rate = little(bytes, begin + 4, 4);
            width = little(bytes, begin + 14, 2) / 8;
            if ((format != 1 && format != 0xFFFE) || channels == 0 || width == 0 || width > 4 || rate == 0) {
                throw Error(fmt::format("{}: only uncompressed PCM of 8 to 32 bits is read", name));
            }
        } else if (id == "data" && channels != 0) {
            const std::size_t end = std::min(begin + size, bytes.size());
            for (std::size_t frame = begin; frame + channels * width <= end; frame += channels * width) {
                file.seconds.push_back(static_cast<double>(file.rows.size()) / rate);
                std::vector<double> row;
                row.reserve(channels);
                for (unsigned channel = 0; channel < channels; ++channel) {
                    row.push_back(fraction(bytes, frame + channel * width, width));
                }
                addRow(file, std::move(row), name);
            }
        }
        at = begin + size + size % 2;
    }
    file.isFraction = true;
    return file;
}

SampleFile parseRaw(std::string_view bytes, const std::string& name) {
    SampleFile file;
    for (std::size_t at = 0; at + 2 <= bytes.size(); at += 2) {
        addRow(file, {fraction(bytes, at, 2)}, name);
    }
    file.isFraction = true;
    return file;
}

} // namespace

SampleFile parseSamples(std::string_view bytes, const std::string& name) {
    SampleFile file = name.ends_with(".csv")   ? parseCsv(bytes, name)
                      : name.ends_with(".wav") ? parseWav(bytes, name)
                                               : parseRaw(bytes, name);
    if (file.rows.empty() || file.rows.front().empty()) {
        throw Error(fmt::format("{}: holds no samples", name));
    }
    return file;
}

SampleFile readSamples(const std::filesystem::path& path) {
    std::error_code error; // it is read more than once: no pipe, and no device without end, which a board file may name
    if (!std::filesystem::is_regular_file(path, error)) {
        throw Error(fmt::format("there is no file '{}' with samples", path.string()));
    }
    return parseSamples(readSmallFile(path), path.string());
}

} // namespace simprof
