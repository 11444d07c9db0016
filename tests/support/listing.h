// SPDX-License-Identifier: GPL-2.0-or-later
/// Thumb listings in test sources: `label:` or `halfwords | assembly text`; tests/support/assemble.py writes the
/// halfwords.
#pragma once
#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace simprof::test {

/// Machine code with its labels, by bytes from its start.
struct ThumbCode {
    std::vector<std::uint16_t> halfwords;
    std::map<std::string, std::uint32_t> labels;

    explicit ThumbCode(const std::string& listing) {
        std::istringstream lines(listing);
        for (std::string line; std::getline(lines, line);) {
            if (line.ends_with(':')) {
                labels[line.substr(0, line.size() - 1)] = size();
                continue;
            }
            std::istringstream halves(line.substr(0, line.find('|')));
            for (std::string half; halves >> half;) {
                halfwords.push_back(static_cast<std::uint16_t>(std::stoul(half, nullptr, 16)));
            }
        }
    }
    std::uint32_t size() const { return static_cast<std::uint32_t>(2 * halfwords.size()); }
};

} // namespace simprof::test
