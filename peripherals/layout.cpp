// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/layout.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace simprof {
namespace {

constexpr std::pair<const char*, Layout> kLayouts[] = {{"f4", Layout::F4}, {"f7", Layout::F7},       {"g0", Layout::G0},
                                                       {"h7", Layout::H7}, {"h7a3", Layout::H7A3},   {"l0", Layout::L0},
                                                       {"l4", Layout::L4}, {"nrf51", Layout::Nrf51}, {"v1", Layout::V1},
                                                       {"v2", Layout::V2}, {"v3", Layout::V3}};

} // namespace

Layout layoutOf(const PeripheralDesc& desc) {
    const auto option = desc.options.find("layout");
    if (option == desc.options.end() || option->second.empty()) {
        return Layout::Unnamed;
    }
    const auto* const found =
        std::ranges::find_if(kLayouts, [&option](const auto& row) { return option->second == row.first; });
    if (found == std::end(kLayouts)) {
        throw std::invalid_argument(desc.name + ": there is no layout '" + option->second + "'");
    }
    return found->second;
}

} // namespace simprof
