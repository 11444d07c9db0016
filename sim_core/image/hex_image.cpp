// SPDX-License-Identifier: GPL-2.0-or-later
// Intel "Hexadecimal Object File Format Specification", revision A, 1988: all record types (00 to 05). "micro:bit
// Universal Hex Format Specification", 0.4.0: record types 0A to 0E and board identifiers.
#include "sim_core/image/hex_image.h"

#include "sim_core/error.h"
#include "sim_core/image/segment_builder.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <string_view>

namespace simprof {
namespace {

std::string_view asText(std::span<const std::byte> file) {
    return {reinterpret_cast<const char*>(file.data()), file.size()};
}

/// Identifiers of the micro:bit V1 in a universal HEX, with the interface chip KL26 and before.
constexpr std::uint32_t kMicrobitV1 = 0x9900, kMicrobitV1Kl26 = 0x9901;

class HexReader {
public:
    explicit HexReader(FirmwareImage& image)
        : m_image(image) {}

    void read() {
        std::string_view rest = asText(m_image.file);
        while (!rest.empty()) {
            ++m_line;
            const std::size_t length = std::min(rest.find('\n'), rest.size());
            readLine(trimmedText(rest.substr(0, length)));
            rest.remove_prefix(std::min(length + 1, rest.size()));
        }
        if (!m_ended) {
            throw Error(fmt::format(
                "'{}' has no end-of-file record (':00000001FF') after line {}: the file is cut short, build or "
                "copy it again",
                m_image.name, m_line));
        }
        takeSection();
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
            m_lineBehindEnd =
                m_lineBehindEnd == 0 ? m_line : m_lineBehindEnd; // flash programmers do not read it either
            return;
        }
        if (line.front() != ':') {
            fail("an Intel HEX record starts with ':', this line does not");
        }
        const std::vector<std::uint8_t> record = digits(line.substr(1));
        if (record.size() < 5) {
            fail(fmt::format("the record is cut short: it has {} bytes, the smallest has 5", record.size()));
        }
        if (record.size() != record[0] + 5U) {
            fail(fmt::format("the record announces {} data bytes and has {}", record[0], record.size() - 5));
        }
        std::uint8_t sum = 0;
        for (const std::uint8_t byte : record) {
            sum = static_cast<std::uint8_t>(sum + byte);
        }
        if (sum != 0) {
            const auto wanted = static_cast<std::uint8_t>(record.back() - sum);
            fail(fmt::format("the checksum is {:02X}, the bytes give {:02X}", record.back(), wanted));
        }
        const std::span<const std::uint8_t> data(record.data() + 4, record[0]);
        takeRecord(record[3], static_cast<std::uint16_t>(record[1] << 8 | record[2]), data);
    }

    std::vector<std::uint8_t> digits(std::string_view text) const {
        if (text.size() % 2 != 0) {
            fail("the record has an odd number of hexadecimal digits");
        }
        std::vector<std::uint8_t> bytes;
        bytes.reserve(text.size() / 2);
        for (std::size_t i = 0; i < text.size(); i += 2) {
            const int high = hexDigit(text[i]);
            const int low = hexDigit(text[i + 1]);
            if (high < 0 || low < 0) {
                fail("the record has a character that is no hexadecimal digit");
            }
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
        default: takeUniversal(type, offset, data);
        }
    }

    /// The records that a universal HEX has besides, which holds sections for several boards.
    void takeUniversal(unsigned type, std::uint16_t offset, std::span<const std::uint8_t> data) {
        switch (type) {
        case 0x0A: // a block begins: board, then a fixed number
            m_section = number(data, 4) >> 16;
            m_sections.try_emplace(m_section);
            break;
        case 0x0B: // it ends
        case 0x0C: // padding
        case 0x0E: // other data
            break;
        case 0x0D: // data that the V1 does not read
            if (m_section != 0) {
                takeData(offset, data);
                break;
            }
            [[fallthrough]];
        default: fail(fmt::format("record type {:02X} does not exist in Intel HEX", type));
        }
    }

    std::uint32_t number(std::span<const std::uint8_t> data, std::size_t size) const {
        if (data.size() != size) {
            fail(fmt::format("this type of record has {} data bytes, here are {}", size, data.size()));
        }
        std::uint32_t value = 0;
        for (const std::uint8_t byte : data) {
            value = value << 8 | byte;
        }
        return value;
    }

    void takeData(std::uint16_t offset, std::span<const std::uint8_t> data) {
        for (std::size_t i = 0; i < data.size(); ++i) {
            const Address address =
                m_segmented ? m_base + ((offset + i) & 0xffff) : static_cast<Address>(m_base + offset + i);
            m_sections[m_section].add(address, std::byte{data[i]}, m_line);
        }
    }

    void takeSection() {
        const auto hasData = [](const auto& section) { return !section.second.empty(); };
        auto taken = std::find_if(m_sections.begin(), m_sections.end(), hasData);
        for (const std::uint32_t board : {kMicrobitV1, kMicrobitV1Kl26}) {
            if (const auto v1 = m_sections.find(board); v1 != m_sections.end() && hasData(*v1)) {
                taken = v1;
            }
        }
        if (taken == m_sections.end()) {
            throw Error(fmt::format("'{}' holds no data records: there is nothing to run", m_image.name));
        }
        m_image.segments = taken->second.finish(m_image.name);
        if (taken->first != 0) {
            std::string others;
            for (const auto& [board, section] : m_sections) {
                if (board != taken->first && board != 0) {
                    others += fmt::format("{} 0x{:04X}", others.empty() ? ", not that for" : ",", board);
                }
            }
            const bool v1 = taken->first == kMicrobitV1 || taken->first == kMicrobitV1Kl26;
            m_image.notes.push_back(fmt::format("universal HEX: the section for board 0x{:04X}{} was taken{}",
                                                taken->first, v1 ? " (micro:bit V1)" : "", others));
        }
        if (m_lineBehindEnd != 0) {
            m_image.notes.push_back(fmt::format(
                "line {} and what follows lie behind the end-of-file record and were ignored", m_lineBehindEnd));
        }
    }

    FirmwareImage& m_image;
    std::map<std::uint32_t, SegmentBuilder> m_sections; ///< by board; 0: none is named
    std::uint32_t m_section = 0;
    unsigned m_lineBehindEnd = 0;
    Address m_base = 0;
    bool m_segmented = true;
    bool m_ended = false;
    unsigned m_line = 0;
};

} // namespace

bool looksLikeHex(std::span<const std::byte> file) {
    const std::string_view text = trimmedText(asText(file.first(std::min<std::size_t>(file.size(), 600))));
    // ':' and the eight digits of length, address and type; the record reader judges the rest.
    if (text.size() < 9 || text.front() != ':') {
        return false;
    }
    return std::all_of(text.begin() + 1, text.begin() + 9, [](char c) { return hexDigit(c) >= 0; });
}

void loadHex(FirmwareImage& image) {
    image.format = FirmwareImage::Format::Hex;
    HexReader(image).read();
}

} // namespace simprof
