// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/what_if/memories.h"

#include "sim_core/memory_kind_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace simprof {

namespace {

/// "AXI SRAM1" -> "axi-sram1", "flash (ITCM)" -> "flash-itcm".
std::string wordOf(const std::string& name) {
    std::string word;
    for (const char c : name) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
            word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        } else if (!word.empty() && word.back() != '-') {
            word += '-';
        }
    }
    while (word.ends_with('-')) {
        word.pop_back();
    }
    return word;
}

/// What has a name of its own shows another memory's bytes: no word of its kind means it.
bool isNamed(const MemoryDesc& memory, const std::string& word) {
    return wordOf(memory.name) == word || (!memory.aliasOf && nameOf(memory.kind) == word);
}

} // namespace

std::vector<std::string> memoryWords(const McuDesc& mcu) {
    std::vector<std::string> words;
    const auto add = [&words](const std::string& word) {
        if (std::ranges::count(words, word) == 0) {
            words.push_back(word);
        }
    };
    for (const MemoryDesc& memory : mcu.memories) {
        if (!memory.aliasOf) {
            add(std::string(nameOf(memory.kind)));
        }
    }
    for (const MemoryDesc& memory : mcu.memories) {
        add(wordOf(memory.name));
    }
    return words;
}

std::vector<const MemoryDesc*> memoriesOf(const WhatIfRequest& request, const McuDesc& mcu) {
    const std::string word = wordOf(request.change);
    std::vector<const MemoryDesc*> found;
    for (const MemoryDesc& memory : mcu.memories) {
        if (isNamed(memory, word)) {
            found.push_back(&memory);
        }
    }
    if (found.empty()) {
        throw request.refused(fmt::format("{} has no memory '{}': it is one of {}", mcu.name, request.change,
                                          fmt::join(memoryWords(mcu), ", ")));
    }
    return found;
}

const MemoryDesc* memoryAt(const McuDesc& mcu, Address address) {
    const auto memory =
        std::ranges::find_if(mcu.memories, [address](const MemoryDesc& one) { return one.range.contains(address); });
    return memory == mcu.memories.end() ? nullptr : &*memory;
}

} // namespace simprof
