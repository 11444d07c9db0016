// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/memory_sizes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace simprof {

std::string resizeMemories(McuDesc& mcu, const std::map<std::string, std::uint32_t>& sizes, std::string& wrong) {
    for (const auto& [name, bytes] : sizes) {
        wrong = name;
        const auto memory = std::ranges::find_if(
            mcu.memories, [&wanted = name](const MemoryDesc& entry) { return entry.name == wanted && !entry.aliasOf; });
        if (memory == mcu.memories.end()) {
            std::vector<std::string> names;
            for (const MemoryDesc& entry : mcu.memories) {
                if (!entry.aliasOf) {
                    names.push_back(entry.name);
                }
            }
            return fmt::format("{} has no such memory: it has {}", mcu.name, fmt::join(names, ", "));
        }
        if (bytes == 0 || bytes > (1U << 28)) {
            return "a memory has from 1 byte to 256 MiB";
        }
        memory->range.size = bytes;
        for (MemoryDesc& alias : mcu.memories) {
            if (alias.aliasOf == memory->range.begin) {
                alias.range.size = bytes;
            }
        }
        for (PeripheralDesc& peripheral : mcu.peripherals) { // firmware may ask the chip how much it has
            if (memory->kind == MemoryKind::Flash && memory->range.begin == 0x08000000 &&
                peripheral.options.contains("flash_kb")) {
                peripheral.options["flash_kb"] = std::to_string(bytes / 1024);
            }
        }
    }
    return "";
}

} // namespace simprof
