// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/thread_watch.h"

#include <fmt/format.h>

#include <algorithm>

namespace simprof {
namespace {

constexpr std::uint32_t kLongestName = 32;
constexpr std::size_t kMostThreads = 256;

// FreeRTOS, tasks.c: the name lies in the task control block behind the top of the stack, two list items of five words,
// the priority and the stack's begin (no MPU, no integrity checks).
constexpr std::uint32_t kFreeRtosName = 4 + 20 + 20 + 4 + 4;
// RTX5, rtx_os.h: osRtxInfo.thread.run.curr behind id, version, kernel (two words) and tick interrupt; the name is the
// second word of a thread.
constexpr std::uint32_t kRtxCurrent = 20, kRtxName = 4;
// Zephyr, thread_info.c: a table of offsets for debuggers; word 1 is that of `current` in a CPU, word 9 that of a
// thread's name.
constexpr std::uint32_t kZephyrCurrent = 8, kZephyrCurrentAt = 4, kZephyrNameAt = 36, kZephyrNone = 0xFFFFFFFF;

} // namespace

std::optional<std::uint32_t> ThreadWatch::word(const SemihostingHost& memory, Address address) {
    std::uint32_t value = 0;
    for (unsigned index = 0; index < 4; ++index) {
        const auto byte = memory.peek(address + index);
        if (!byte) {
            return std::nullopt;
        }
        value |= std::uint32_t{*byte} << (8 * index);
    }
    return value;
}

std::optional<ThreadWatch> ThreadWatch::of(const SymbolTable& symbols, const SemihostingHost& memory) {
    if (const Symbol* current = symbols.find("pxCurrentTCB")) {
        return ThreadWatch({"FreeRTOS", current->begin, kFreeRtosName, false}, symbols, memory);
    }
    if (const Symbol* info = symbols.find("osRtxInfo")) {
        return ThreadWatch({"RTX", info->begin + kRtxCurrent, kRtxName, true}, symbols, memory);
    }
    if (const Symbol* kernel = symbols.find("_kernel")) {
        Layout layout{"Zephyr", kernel->begin + kZephyrCurrent, std::nullopt, false};
        if (const Symbol* offsets = symbols.find("_kernel_thread_info_offsets")) {
            layout.current = kernel->begin + word(memory, offsets->begin + kZephyrCurrentAt).value_or(kZephyrCurrent);
            const auto name = word(memory, offsets->begin + kZephyrNameAt);
            layout.name = name && *name != kZephyrNone ? name : std::nullopt;
        }
        return ThreadWatch(layout, symbols, memory);
    }
    return std::nullopt;
}

std::string ThreadWatch::nameOf(Address block) const {
    std::string name;
    if (m_layout.name) {
        const Address field = block + *m_layout.name;
        const auto text = m_layout.nameIsPointer ? word(*m_memory, field) : std::optional(field);
        for (std::uint32_t index = 0; text && *text != 0 && index < kLongestName; ++index) {
            const auto byte = m_memory->peek(*text + index);
            if (!byte || *byte < 0x20 || *byte > 0x7E) {
                break;
            }
            name += static_cast<char>(*byte);
        }
    }
    if (!name.empty()) {
        return name;
    }
    const Symbol* object = m_symbols->objectAt(block);
    if (object == nullptr) {
        return fmt::format("thread at 0x{:08x}", block);
    }
    return block == object->begin ? object->name : fmt::format("{}+0x{:x}", object->name, block - object->begin);
}

void ThreadWatch::threadMode(Cycles now) {
    const auto block = word(*m_memory, m_layout.current);
    if (!block || *block == 0 || (m_running && m_threads[*m_running].block == *block)) {
        return;
    }
    if (m_running) {
        m_threads[*m_running].cycles += now - m_since;
    }
    m_since = now;
    auto found = std::ranges::find(m_threads, *block, &ThreadInfo::block);
    if (found == m_threads.end()) {
        if (m_threads.size() == kMostThreads) {
            m_running.reset();
            return;
        }
        m_threads.push_back({nameOf(*block), m_layout.rtos, *block, 0, 0});
        found = m_threads.end() - 1;
    }
    ++found->switches;
    m_running = static_cast<std::size_t>(found - m_threads.begin());
}

std::vector<ThreadInfo> ThreadWatch::finish(Cycles now) {
    if (m_running) {
        m_threads[*m_running].cycles += now - m_since;
        m_running.reset();
    }
    std::ranges::stable_sort(m_threads, std::greater{}, &ThreadInfo::cycles);
    return std::move(m_threads);
}

} // namespace simprof
