// SPDX-License-Identifier: GPL-2.0-or-later
/// The names of families, as board files and reports spell them. A family without a row has no name.
#pragma once
#include "sim_core/machine_desc.h"
#include "sim_core/names.h"

#include <array>

namespace simprof {

inline constexpr std::array<NameRow<McuFamily>, 11> kMcuFamilies = {{{McuFamily::Apollo3, "Apollo3"},
                                                                     {McuFamily::Nrf51, "nRF51"},
                                                                     {McuFamily::Nrf52, "nRF52"},
                                                                     {McuFamily::Rp2040, "RP2040"},
                                                                     {McuFamily::Stm32F4, "STM32F4"},
                                                                     {McuFamily::Stm32F7, "STM32F7"},
                                                                     {McuFamily::Stm32G0, "STM32G0"},
                                                                     {McuFamily::Stm32H7, "STM32H7"},
                                                                     {McuFamily::Stm32H7A3, "STM32H7A3"},
                                                                     {McuFamily::Stm32L0, "STM32L0"},
                                                                     {McuFamily::Stm32L4Plus, "STM32L4+"}}};
constexpr const auto& namesOf(McuFamily) { return kMcuFamilies; }

} // namespace simprof
