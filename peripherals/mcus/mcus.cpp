// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/mcus/mcus.h"

#include <sstream>

namespace simprof {

std::vector<std::string> words(std::string_view text) {
    std::istringstream in{std::string(text)};
    std::vector<std::string> result;
    for (std::string word; in >> word;) {
        result.push_back(word == "-" ? "" : word);
    }
    return result;
}

std::vector<PeripheralDesc> peripheralsFrom(std::span<const PeripheralRow> rows, const std::string& source) {
    std::vector<PeripheralDesc> result;
    for (const PeripheralRow& row : rows) {
        PeripheralDesc desc{row.name, row.type, {row.base, row.size}, {}, {}, source};
        for (const std::string& word : words(row.irqs)) {
            const auto colon = word.find(':');
            const std::string line = colon == std::string::npos ? "" : word.substr(0, colon);
            desc.irqs[line] = std::stoi(word.substr(colon == std::string::npos ? 0 : colon + 1));
        }
        for (const std::string& word : words(row.options)) {
            const auto equals = word.find('=');
            desc.options[word.substr(0, equals)] = word.substr(equals + 1);
        }
        result.push_back(std::move(desc));
    }
    return result;
}

std::shared_ptr<const McuDesc> makeMcu(McuDesc mcu) { return std::make_shared<const McuDesc>(std::move(mcu)); }

} // namespace simprof
