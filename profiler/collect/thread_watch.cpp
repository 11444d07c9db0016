// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/thread_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace simprof {
namespace {

constexpr std::uint32_t kLongestName = 32;
constexpr std::size_t kMostThreads = 256, kMostSpans = 100'000;

// FreeRTOS, tasks.c and list.h: a task control block begins with the top of the stack; then come the settings of the
// MPU port, two list items, the priority, the stack's begin and the name. The fourth word of a list item is its owner,
// the block itself, the fifth its list; integrity checks put a word in front of and behind these five, 64-bit ticks
// make the first word two.
constexpr std::uint32_t kListItem = 20, kWideListItem = 24, kCheckedListItem = 28;
constexpr std::uint32_t kListItemOwner = 12, kLargestMpuSettings = 4096;
constexpr std::uint32_t kFreeRtosName = 4 + 2 * kListItem + 8; ///< where the items cannot be made out
// RTX5, rtx_os.h: osRtxInfo.thread.run.curr behind id, version, kernel (two words) and tick interrupt; the name is the
// second word of a thread.
constexpr std::uint32_t kRtxCurrent = 20, kRtxName = 4, kRtxStack = 48, kRtxSp = 56;
// ThreadX, tx_api.h: id, run count, stack pointer, stack start, end and size, two time slices, two links of the ready
// list, name.
constexpr std::uint32_t kThreadXSp = 8, kThreadXStack = 12, kThreadXName = 40;
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
        return ThreadWatch({"FreeRTOS", current->begin, kFreeRtosName, false, 0, std::nullopt, true}, symbols, memory);
    }
    if (const Symbol* info = symbols.find("osRtxInfo")) {
        return ThreadWatch({"RTX", info->begin + kRtxCurrent, kRtxName, true, kRtxSp, kRtxStack}, symbols, memory);
    }
    if (const Symbol* current = symbols.find("_tx_thread_current_ptr")) {
        return ThreadWatch({"ThreadX", current->begin, kThreadXName, true, kThreadXSp, kThreadXStack}, symbols, memory);
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

/// Where the fields of this block are: behind its two list items, which name it as their owner.
ThreadWatch::Layout ThreadWatch::layoutOf(Address block) const {
    Layout layout = m_layout;
    if (!layout.search) {
        return layout;
    }
    for (std::uint32_t owner = 4 + kListItemOwner; owner < kLargestMpuSettings; owner += 4) {
        if (word(*m_memory, block + owner) != block) {
            continue;
        }
        for (const std::uint32_t item : {kListItem, kWideListItem, kCheckedListItem}) {
            if (word(*m_memory, block + owner + item) == block) {
                const std::uint32_t end = owner + item + 8 + (item == kCheckedListItem ? 4 : 0);
                layout.stackBase = end + 4; // behind the priority
                layout.name = end + 8;
                return layout;
            }
        }
    }
    return layout;
}

std::string ThreadWatch::nameOf(Address block, const Layout& layout) const {
    std::string name;
    if (layout.name) {
        const Address field = block + *layout.name;
        const auto text = layout.nameIsPointer ? word(*m_memory, field) : std::optional(field);
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

/// Its time up to `now`, and what the RTOS saved on its stack.
void ThreadWatch::leave(std::size_t index, Cycles now) {
    m_threads[index].cycles += now - m_since;
    if (m_spans.size() < kMostSpans) {
        m_spans.push_back({static_cast<std::uint32_t>(index), m_since, now - m_since});
    }
    Known& known = m_known[index];
    if (known.layout.savedSp && known.layout.stackBase) {
        const auto sp = word(*m_memory, m_threads[index].block + *known.layout.savedSp);
        const auto base = word(*m_memory, m_threads[index].block + *known.layout.stackBase);
        if (sp && base && *sp >= *base && *sp < known.lowest) {
            known.lowest = *sp;
        }
    }
}

void ThreadWatch::threadMode(Cycles now) {
    const auto block = word(*m_memory, m_layout.current);
    if (!block || *block == 0 || (m_running && m_threads[*m_running].block == *block)) {
        return;
    }
    if (m_running) {
        leave(*m_running, now);
    }
    m_since = now;
    auto found = std::ranges::find(m_threads, *block, &ThreadInfo::block);
    if (found == m_threads.end()) {
        if (m_threads.size() == kMostThreads) {
            m_running.reset();
            return;
        }
        const Layout layout = layoutOf(*block);
        m_threads.push_back({nameOf(*block, layout), m_layout.rtos, *block, 0, 0, 0, 0});
        m_known.push_back({layout});
        found = m_threads.end() - 1;
    }
    ++found->switches;
    m_running = static_cast<std::size_t>(found - m_threads.begin());
}

void ThreadWatch::threadStack(const ThreadStack& stack) {
    if (!m_running) {
        return;
    }
    Known& known = m_known[*m_running];
    if (known.top == 0) {
        known.top = stack.top;
        known.lowest = stack.lowest;
    } else if (known.top == stack.top) { // not that of a system call made for it
        known.lowest = std::min(known.lowest, stack.lowest);
    }
}

ThreadWatch::Result ThreadWatch::finish(Cycles now) {
    if (m_running) {
        leave(*m_running, now);
        m_running.reset();
    }
    for (std::size_t i = 0; i < m_threads.size(); ++i) {
        const Known& known = m_known[i];
        m_threads[i].stackHighWaterBytes = known.top - known.lowest;
        const auto base = known.layout.stackBase ? word(*m_memory, m_threads[i].block + *known.layout.stackBase)
                                                 : std::optional<std::uint32_t>();
        m_threads[i].stackBytes = base && *base < known.top ? known.top - *base : 0;
    }
    std::vector<std::uint32_t> order(m_threads.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(order, std::greater{}, [this](std::uint32_t i) { return m_threads[i].cycles; });
    Result result;
    std::vector<std::uint32_t> place(order.size());
    for (const std::uint32_t index : order) {
        place[index] = static_cast<std::uint32_t>(result.threads.size());
        result.threads.push_back(std::move(m_threads[index]));
    }
    for (ThreadSpan& span : m_spans) {
        span.thread = place[span.thread];
    }
    result.spans = std::move(m_spans);
    return result;
}

} // namespace simprof
