// SPDX-License-Identifier: GPL-2.0-or-later
// Motorola S-records ("M68000 Family Programmer's Reference Manual", appendix C): type, count, address of 2 to 4 bytes,
// data, checksum.
#include "sim_core/image/srecord_image.h"

#include "sim_core/error.h"
#include "sim_core/image/segment_builder.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace simprof {
namespace {

std::string_view asText(std::span<const std::byte> file) {
    return {reinterpret_cast<const char*>(file.data()), file.size()};
}

class SRecordReader {
public:
    explicit SRecordReader(FirmwareImage& image)
        : m_image(image) {}

    void read() {
        std::string_view rest = asText(m_image.file);
        while (!rest.empty()) {
            ++m_line;
            const std::size_t length = std::min(rest.find('\n'), rest.size());
            readLine(trimmedText(rest.substr(0, length)));
            rest.remove_prefix(std::min(length + 1, rest.size()));
        }
        if (m_data.empty()) {
            throw Error(fmt::format("'{}' is a Motorola S-record file without data records: there is nothing to run",
                                    m_image.name));
        }
        if (!m_ended) {
            throw Error(fmt::format("'{}' has no record of type S7, S8 or S9 after line {}: the file is cut short, "
                                    "build or copy it again",
                                    m_image.name, m_line));
        }
        m_image.segments = m_data.finish(m_image.name);
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw Error(fmt::format("'{}' line {}: {}; build or copy the file again", m_image.name, m_line, what));
    }

    void readLine(std::string_view line) {
        if (line.empty()) {
            return;
        }
        if (m_ended) {
            if (!m_noted) {
                m_image.notes.push_back(
                    fmt::format("line {} and what follows lie behind the last record and were ignored", m_line));
            }
            m_noted = true;
            return;
        }
        if (line.front() != 'S' || line.size() < 2 || line[1] < '0' || line[1] > '9') {
            fail("an S-record starts with S0 to S9, this line does not");
        }
        takeRecord(static_cast<unsigned>(line[1] - '0'), bytesOf(line.substr(2)));
    }

    /// Count, address, data, checksum.
    std::vector<std::uint8_t> bytesOf(std::string_view text) const {
        std::vector<std::uint8_t> bytes;
        for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
            const int high = hexDigit(text[i]), low = hexDigit(text[i + 1]);
            if (high < 0 || low < 0) {
                fail("the record has a character that is no hexadecimal digit");
            }
            bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
        }
        if (text.size() % 2 != 0 || bytes.size() < 4) {
            fail("the record is cut short");
        }
        if (bytes.size() != bytes[0] + 1U) {
            fail(fmt::format("the record announces {} bytes and has {}", bytes[0], bytes.size() - 1));
        }
        unsigned sum = 0;
        for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
            sum += bytes[i];
        }
        if ((~sum & 0xFFU) != bytes.back()) {
            fail(fmt::format("the checksum is {:02X}, the bytes give {:02X}", bytes.back(), ~sum & 0xFFU));
        }
        return bytes;
    }

    void takeRecord(unsigned type, const std::vector<std::uint8_t>& record) {
        // Bytes of the address by type; type 4 is reserved.
        static constexpr std::array<std::size_t, 10> kAddressBytes = {2, 2, 3, 4, 0, 2, 3, 4, 3, 2};
        const std::size_t width = kAddressBytes[type];
        if (width == 0) {
            fail("records of type S4 are reserved");
        }
        if (record.size() < width + 2) {
            fail("the record is too short for its address");
        }
        std::uint32_t address = 0;
        for (std::size_t i = 1; i <= width; ++i) {
            address = address << 8 | record[i];
        }
        if (type >= 7) {
            m_image.entry = address;
            m_ended = true;
        }
        for (std::size_t i = width + 1; type >= 1 && type <= 3 && i + 1 < record.size(); ++i) {
            m_data.add(address++, std::byte{record[i]}, m_line);
        }
    }

    FirmwareImage& m_image;
    SegmentBuilder m_data;
    bool m_ended = false;
    bool m_noted = false;
    unsigned m_line = 0;
};

} // namespace

bool looksLikeSRecord(std::span<const std::byte> file) {
    const std::string_view text = trimmedText(asText(file.first(std::min<std::size_t>(file.size(), 600))));
    // 'S', the type, two digits of the count and four of the address; the record reader judges the rest.
    if (text.size() < 8 || text[0] != 'S' || text[1] < '0' || text[1] > '9') {
        return false;
    }
    return std::all_of(text.begin() + 2, text.begin() + 8, [](char c) { return hexDigit(c) >= 0; });
}

void loadSRecord(FirmwareImage& image) {
    image.format = FirmwareImage::Format::SRecord;
    SRecordReader(image).read();
}

} // namespace simprof
