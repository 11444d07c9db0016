// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/host/rtt.h"

#include <algorithm>
#include <string_view>

namespace simprof {
namespace {

constexpr std::string_view kMark = "SEGGER RTT";
// Initialisers keep the mark in pieces or backwards so that a probe does not take them for the block.
constexpr std::string_view kPieces[] = {"TTR REGGES", "SEGGER"};
constexpr Address kUpCount = 16, kUpBuffers = 24; // behind the mark and two counts
constexpr Address kBuffer = 4, kSize = 8, kWrite = 12, kRead = 16, kDescriptor = 24;
constexpr std::uint32_t kMostBuffers = 64;
constexpr unsigned kSlowest = 256; ///< reads between searches

} // namespace

bool RttReader::isIn(std::span<const std::byte> image) {
    return std::ranges::any_of(kPieces, [&](std::string_view piece) {
        const auto bytes = std::as_bytes(std::span(piece));
        return std::search(image.begin(), image.end(), bytes.begin(), bytes.end()) != image.end();
    });
}

std::optional<std::uint32_t> RttReader::word(Address address) const {
    std::uint32_t value = 0;
    for (unsigned index = 0; index < 4; ++index) {
        const auto byte = m_host.peek(address + index);
        if (!byte) {
            return std::nullopt;
        }
        value |= std::uint32_t{*byte} << (8 * index);
    }
    return value;
}

bool RttReader::isBlock(Address address) const {
    for (std::size_t index = 0; index < kMark.size(); ++index) {
        if (m_host.peek(address + static_cast<Address>(index)) != static_cast<std::uint8_t>(kMark[index])) {
            return false;
        }
    }
    const auto count = word(address + kUpCount);
    return count && *count >= 1 && *count <= kMostBuffers;
}

void RttReader::search() {
    if (m_given) {
        if (isBlock(*m_given)) {
            m_block = m_given;
        }
        return;
    }
    if (m_reads < m_nextSearch) {
        return;
    }
    m_nextSearch += std::min(m_nextSearch, kSlowest);
    for (const AddressRange& range : m_ram) {
        for (std::uint64_t address = range.begin; address + kUpBuffers < range.end(); address += 4) {
            if (isBlock(static_cast<Address>(address))) {
                m_block = static_cast<Address>(address);
                return;
            }
        }
    }
}

std::string RttReader::read() {
    ++m_reads;
    if (!m_block) {
        search();
    }
    return readBuffer(0);
}

std::uint32_t RttReader::buffers() const {
    return m_block && isBlock(*m_block) ? word(*m_block + kUpCount).value_or(0) : 0;
}

std::string RttReader::readBuffer(std::uint32_t number) const {
    if (number >= buffers()) {
        return "";
    }
    const Address up = *m_block + kUpBuffers + number * kDescriptor;
    const auto buffer = word(up + kBuffer), size = word(up + kSize), written = word(up + kWrite),
               position = word(up + kRead);
    if (!buffer || !size || !written || !position || *written >= *size || *position >= *size) {
        return "";
    }
    std::string text;
    std::uint32_t at = *position;
    for (; at != *written; at = at + 1 == *size ? 0 : at + 1) {
        const auto byte = m_host.peek(*buffer + at);
        if (!byte) {
            return "";
        }
        text += static_cast<char>(*byte);
    }
    for (unsigned index = 0; index < 4; ++index) {
        m_host.poke(up + kRead + index, static_cast<std::uint8_t>(at >> (8 * index)));
    }
    return text;
}

} // namespace simprof
