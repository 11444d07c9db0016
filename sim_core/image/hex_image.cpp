// SPDX-License-Identifier: GPL-2.0-or-later
// Intel "Hexadecimal Object File Format Specification", revision A, 1988: all record types (00 to 05).
#include "sim_core/image/hex_image.h"

#include "sim_core/error.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace simprof {
namespace {

int digitValue(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\x1a'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string_view asText(std::span<const std::byte> file) {
    return {reinterpret_cast<const char*>(file.data()), file.size()};
}

/// Adjacent bytes and the line that gave the first of them.
struct Run {
    Address address = 0;
    std::vector<std::byte> bytes;
    unsigned line = 0;

    std::uint64_t end() const { return std::uint64_t{address} + bytes.size(); }
};

class HexReader {
public:
    explicit HexReader(FirmwareImage& image)
        : m_image(image) {}

    void read() {
        std::string_view rest = asText(m_image.file);
        while (!rest.empty()) {
            ++m_line;
            const std::size_t length = std::min(rest.find('\n'), rest.size());
            readLine(trimmed(rest.substr(0, length)));
            rest.remove_prefix(std::min(length + 1, rest.size()));
        }
        if (!m_ended)
            throw Error(fmt::format(
                "'{}' has no end-of-file record (':00000001FF') after line {}: the file is cut short, build or "
                "copy it again",
                m_image.name, m_line));
        if (m_runs.empty())
            throw Error(fmt::format("'{}' holds no data records: there is nothing to run", m_image.name));
        makeSegments();
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw Error(fmt::format("'{}' line {}: {}; build or copy the file again", m_image.name, m_line, what));
    }

    void readLine(std::string_view line) {
        if (line.empty())
            return;
        if (m_ended)
            fail("there is a record behind the end-of-file record");
        if (line.front() != ':')
            fail("an Intel HEX record starts with ':', this line does not");
        const std::vector<std::uint8_t> record = digits(line.substr(1));
        if (record.size() < 5)
            fail(fmt::format("the record is cut short: it has {} bytes, the smallest has 5", record.size()));
        if (record.size() != record[0] + 5U)
            fail(fmt::format("the record announces {} data bytes and has {}", record[0], record.size() - 5));
        std::uint8_t sum = 0;
        for (const std::uint8_t byte : record)
            sum = static_cast<std::uint8_t>(sum + byte);
        if (sum != 0) {
            const auto wanted = static_cast<std::uint8_t>(record.back() - sum);
            fail(fmt::format("the checksum is {:02X}, the bytes give {:02X}", record.back(), wanted));
        }
        const std::span<const std::uint8_t> data(record.data() + 4, record[0]);
        takeRecord(record[3], static_cast<std::uint16_t>(record[1] << 8 | record[2]), data);
    }

    std::vector<std::uint8_t> digits(std::string_view text) const {
        if (text.size() % 2 != 0)
            fail("the record has an odd number of hexadecimal digits");
        std::vector<std::uint8_t> bytes;
        bytes.reserve(text.size() / 2);
        for (std::size_t i = 0; i < text.size(); i += 2) {
            const int high = digitValue(text[i]);
            const int low = digitValue(text[i + 1]);
            if (high < 0 || low < 0)
                fail("the record has a character that is no hexadecimal digit");
            bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
        }
        return bytes;
    }

    void takeRecord(unsigned type, std::uint16_t offset, std::span<const std::uint8_t> data) {
        switch (type) {
        case 0: takeData(offset, data); break;
        case 1:
            number(data, 0);
            m_ended = true;
            break;
        case 2: // extended segment address: bits 4 to 19 of the base; offsets wrap at 64 KiB
            m_base = number(data, 2) << 4;
            m_segmented = true;
            break;
        case 3: // start segment address CS:IP
            m_image.entry = (number(data, 4) >> 16 << 4) + (number(data, 4) & 0xffff);
            break;
        case 4: // extended linear address: bits 16 to 31 of the base; addresses wrap at 4 GiB
            m_base = number(data, 2) << 16;
            m_segmented = false;
            break;
        case 5: // start linear address
            m_image.entry = number(data, 4);
            break;
        default: fail(fmt::format("record type {:02X} does not exist in Intel HEX", type));
        }
    }

    std::uint32_t number(std::span<const std::uint8_t> data, std::size_t size) const {
        if (data.size() != size)
            fail(fmt::format("this type of record has {} data bytes, here are {}", size, data.size()));
        std::uint32_t value = 0;
        for (const std::uint8_t byte : data)
            value = value << 8 | byte;
        return value;
    }

    void takeData(std::uint16_t offset, std::span<const std::uint8_t> data) {
        for (std::size_t i = 0; i < data.size(); ++i) {
            const Address address =
                m_segmented ? m_base + ((offset + i) & 0xffff) : static_cast<Address>(m_base + offset + i);
            if (m_runs.empty() || m_runs.back().end() != address)
                m_runs.push_back({address, {}, m_line});
            m_runs.back().bytes.push_back(std::byte{data[i]});
        }
    }

    void makeSegments() {
        std::stable_sort(m_runs.begin(), m_runs.end(),
                         [](const Run& a, const Run& b) { return a.address < b.address; });
        unsigned lineBefore = 0;
        for (Run& run : m_runs) {
            ImageSegment* last = m_image.segments.empty() ? nullptr : &m_image.segments.back();
            const std::uint64_t lastEnd = last ? std::uint64_t{last->address} + last->bytes.size() : 0;
            if (last && run.address < lastEnd)
                throw Error(fmt::format(
                    "'{}' gives address 0x{:08X} twice: in the records from line {} and from line {}", m_image.name,
                    run.address, std::min(lineBefore, run.line), std::max(lineBefore, run.line)));
            lineBefore = run.line;
            if (last && run.address == lastEnd) {
                last->bytes.insert(last->bytes.end(), run.bytes.begin(), run.bytes.end());
                last->memorySize = last->bytes.size();
                continue;
            }
            const Bytes size = run.bytes.size();
            m_image.segments.push_back({run.address, run.address, std::move(run.bytes), size, true, false});
        }
    }

    FirmwareImage& m_image;
    std::vector<Run> m_runs;
    Address m_base = 0;
    bool m_segmented = true;
    bool m_ended = false;
    unsigned m_line = 0;
};

} // namespace

bool looksLikeHex(std::span<const std::byte> file) {
    const std::string_view text = trimmed(asText(file.first(std::min<std::size_t>(file.size(), 600))));
    // ':' and the eight digits of length, address and type; the record reader judges the rest.
    if (text.size() < 9 || text.front() != ':')
        return false;
    return std::all_of(text.begin() + 1, text.begin() + 9, [](char c) { return digitValue(c) >= 0; });
}

void loadHex(FirmwareImage& image) {
    image.format = FirmwareImage::Format::Hex;
    HexReader(image).read();
}

} // namespace simprof
