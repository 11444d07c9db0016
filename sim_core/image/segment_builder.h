// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/image/firmware_image.h"

namespace simprof {

/// Collects the bytes of a text format, record by record in any order, and joins neighbours to segments.
class SegmentBuilder {
public:
    /// A byte of the record in `line`.
    void add(Address address, std::byte byte, unsigned line);
    bool empty() const { return m_runs.empty(); }
    /// Sorted and joined; throws Error with the lines of both records when an address is given twice.
    std::vector<ImageSegment> finish(const std::string& name);

private:
    /// Adjacent bytes and the line that gave the first of them.
    struct Run {
        Address address = 0;
        std::vector<std::byte> bytes;
        unsigned line = 0;

        std::uint64_t end() const { return std::uint64_t{address} + bytes.size(); }
    };
    std::vector<Run> m_runs;
};

/// The text of a file, without blanks and line ends at both ends of `text`.
std::string_view trimmedText(std::string_view text);
/// The value of a hexadecimal digit, -1 when it is none.
int hexDigit(char c);

} // namespace simprof
