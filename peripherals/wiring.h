// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/machine_desc.h"

#include <cstdint>
#include <string>

namespace simprof {

/// The number that a peripheral's wiring gives for `key`, in C notation; `fallback` when it gives none.
inline std::uint32_t numberOf(const PeripheralDesc& desc, const char* key, std::uint32_t fallback) {
    const auto found = desc.options.find(key);
    return found == desc.options.end() ? fallback : static_cast<std::uint32_t>(std::stoul(found->second, nullptr, 0));
}

} // namespace simprof
