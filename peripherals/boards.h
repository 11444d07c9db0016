// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/machine_desc.h"

#include <memory>
#include <string_view>
#include <vector>

namespace simprof {

/// All built-in boards, in the order they are listed.
const std::vector<BoardDesc>& boards();
/// The built-in board with this command-line name, or nullptr.
const BoardDesc* findBoard(std::string_view name);
/// The built-in MCU with this name ("STM32L4R5ZI"), or nullptr.
std::shared_ptr<const McuDesc> findMcu(std::string_view name);

} // namespace simprof
