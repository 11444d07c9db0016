// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/thread_watch.h"

#include "profiler/collect/stack_frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace simprof {
namespace {

constexpr std::uint32_t kLongestName = 32;
constexpr std::size_t kMostThreads = 256, kMostSpans = 20'000;

} // namespace

std::optional<ThreadWatch> ThreadWatch::of(const SymbolTable& symbols, const SemihostingHost& memory,
                                           std::span<const Rtos> known) {
    for (const Rtos& rtos : known) {
        if (const Symbol* variable = symbols.find(rtos.variable)) {
            RtosLayout layout{variable->begin + rtos.current, rtos.fields};
            if (rtos.readLayout != nullptr) {
                rtos.readLayout(layout, variable->begin, symbols, memory);
            }
            return ThreadWatch(rtos, layout, symbols, memory);
        }
    }
    return std::nullopt;
}

/// A word of a thread's block, where the block has it.
std::optional<std::uint32_t> ThreadWatch::field(Address block, std::optional<std::uint32_t> offset) const {
    return offset ? guestWord(*m_memory, block + *offset) : std::nullopt;
}

std::string ThreadWatch::nameOf(Address block, const ThreadFields& fields) const {
    std::string name;
    if (fields.name) {
        const auto text = fields.nameIsPointer ? field(block, fields.name) : std::optional(block + *fields.name);
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
    ++m_turns;
    if (m_spans.size() < kMostSpans) {
        m_spans.push_back({static_cast<std::uint32_t>(index), m_since, now - m_since});
    }
    Known& known = m_known[index];
    const auto sp = field(m_threads[index].block, known.fields.savedSp);
    const auto base = field(m_threads[index].block, known.fields.stackBase);
    if (sp && base && *sp >= *base && *sp < known.lowest) {
        known.lowest = *sp;
    }
}

void ThreadWatch::switched(const ThreadSwitch& change) {
    noteStack(change.left);
    const auto block = guestWord(*m_memory, m_layout.current);
    if (!block || *block == 0 || (m_running && m_threads[*m_running].block == *block)) {
        return;
    }
    if (m_running) {
        leave(*m_running, change.at);
    }
    m_since = change.at;
    auto found = std::ranges::find(m_threads, *block, &ThreadInfo::block);
    if (found == m_threads.end()) {
        if (m_threads.size() == kMostThreads) {
            m_running.reset();
            return;
        }
        const ThreadFields fields =
            m_rtos->fieldsOf != nullptr ? m_rtos->fieldsOf(m_layout.fields, *block, *m_memory) : m_layout.fields;
        m_threads.push_back({nameOf(*block, fields), m_rtos->name, *block, 0, 0, 0, 0});
        m_known.push_back({fields, 0, 0, nullptr});
        found = m_threads.end() - 1;
    }
    ++found->switches;
    m_running = static_cast<std::size_t>(found - m_threads.begin());
}

/// The running thread's stack, as it is when an exception interrupts it and at the end.
void ThreadWatch::noteStack(const std::optional<ThreadStack>& stack) {
    if (!m_running || !stack) {
        return;
    }
    Known& known = m_known[*m_running];
    if (known.top == 0) {
        known.top = stack->top;
        known.lowest = stack->lowest;
        known.path = stack->path;
    } else if (known.top == stack->top) { // not that of a system call made for it
        known.lowest = std::min(known.lowest, stack->lowest);
        known.path = known.path == nullptr || stack->lowest < known.path->lowest ? stack->path : known.path;
    }
}

ThreadWatch::Result ThreadWatch::finish(Cycles now, const std::optional<ThreadStack>& stack) {
    noteStack(stack);
    if (m_running) {
        leave(*m_running, now);
        m_running.reset();
    }
    for (std::size_t i = 0; i < m_threads.size(); ++i) {
        const Known& known = m_known[i];
        m_threads[i].stackHighWaterBytes = known.top - known.lowest;
        if (known.path) {
            m_threads[i].stackFrames = namedFrames(*known.path, known.top, *m_symbols);
            if (known.lowest < known.path->lowest) {
                m_threads[i].stackFrames.push_back({"[saved registers]", known.path->lowest - known.lowest});
            }
        }
        const auto base = field(m_threads[i].block, known.fields.stackBase);
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
    result.spansLeftOut = m_turns - m_spans.size();
    result.spans = std::move(m_spans);
    return result;
}

} // namespace simprof
