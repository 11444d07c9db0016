// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/image/segment_builder.h"

#include "sim_core/error.h"

#include <algorithm>
#include <fmt/format.h>

namespace simprof {

void SegmentBuilder::add(Address address, std::byte byte, unsigned line) {
    if (m_runs.empty() || m_runs.back().end() != address) {
        m_runs.push_back({address, {}, line});
    }
    m_runs.back().bytes.push_back(byte);
}

std::vector<ImageSegment> SegmentBuilder::finish(const std::string& name) {
    std::stable_sort(m_runs.begin(), m_runs.end(), [](const Run& a, const Run& b) { return a.address < b.address; });
    std::vector<ImageSegment> segments;
    unsigned lineBefore = 0;
    for (Run& run : m_runs) {
        ImageSegment* last = segments.empty() ? nullptr : &segments.back();
        const std::uint64_t lastEnd = last != nullptr ? std::uint64_t{last->address} + last->bytes.size() : 0;
        if (last != nullptr && run.address < lastEnd) {
            throw Error(fmt::format("'{}' gives address 0x{:08X} twice: in the records from line {} and from line {}",
                                    name, run.address, std::min(lineBefore, run.line), std::max(lineBefore, run.line)));
        }
        lineBefore = run.line;
        if (last != nullptr && run.address == lastEnd) {
            last->bytes.insert(last->bytes.end(), run.bytes.begin(), run.bytes.end());
            last->memorySize = last->bytes.size();
            continue;
        }
        const Bytes size = run.bytes.size();
        segments.push_back({run.address, run.address, std::move(run.bytes), size, true, false});
    }
    return segments;
}

std::string_view trimmedText(std::string_view text) {
    const auto isBlank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\x1a'; };
    while (!text.empty() && isBlank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && isBlank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

int hexDigit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

} // namespace simprof
