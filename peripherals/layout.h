// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/machine_desc.h"

#include <cstdint>

namespace simprof {

/// Where a block that several families share has its registers; the wiring of a peripheral names one ("layout=h7a3").
enum class Layout : std::uint8_t { Unnamed, F4, F7, G0, H7, H7A3, L0, L4, Nrf51, V1, V2, V3 };

constexpr bool isH7(Layout layout) { return layout == Layout::H7 || layout == Layout::H7A3; }

/// The layout that the wiring names, Unnamed when it names none. Throws std::invalid_argument for an unknown name.
Layout layoutOf(const PeripheralDesc& desc);

} // namespace simprof
