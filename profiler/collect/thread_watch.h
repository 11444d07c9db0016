// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/collector.h"
#include "profiler/profile.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/host/semihosting.h"

#include <optional>
#include <vector>

namespace simprof {

/// Which thread of an RTOS runs, read from the RTOS's own variables: FreeRTOS, Zephyr, RTX and ThreadX, where the image
/// has their symbols.
class ThreadWatch {
public:
    /// `memory` is the machine's; nothing when the image names no RTOS that is known.
    static std::optional<ThreadWatch> of(const SymbolTable& symbols, const SemihostingHost& memory);

    /// The core is in Thread mode again after an exception.
    void threadMode(Cycles now);
    /// The running thread's stack, told whenever an exception interrupts it and at the end.
    void threadStack(const ThreadStack& stack);
    struct Result {
        std::vector<ThreadInfo> threads; ///< most cycles first
        std::vector<ThreadSpan> spans;   ///< sorted by start
    };
    /// Ends what is open. Interrupts count for the thread that they interrupted.
    Result finish(Cycles now);

private:
    /// How an RTOS keeps its threads.
    struct Layout {
        const char* rtos;
        Address current;                   ///< of the pointer to the running thread's block
        std::optional<std::uint32_t> name; ///< offset in the block
        bool nameIsPointer;
        std::optional<std::uint32_t> savedSp = {};   ///< offset of the stack pointer of a thread that waits
        std::optional<std::uint32_t> stackBase = {}; ///< offset of the lowest address of its stack
        bool search = false; ///< the block's length in front of the name depends on how the RTOS was configured
    };
    /// What is known of a thread besides what is told of it.
    struct Known {
        Layout layout;
        Address top = 0; ///< of its stack
        Address lowest = 0;
    };
    ThreadWatch(const Layout& layout, const SymbolTable& symbols, const SemihostingHost& memory)
        : m_layout(layout)
        , m_symbols(&symbols)
        , m_memory(&memory) {}

    static std::optional<std::uint32_t> word(const SemihostingHost& memory, Address address);
    Layout layoutOf(Address block) const;
    std::string nameOf(Address block, const Layout& layout) const;
    void leave(std::size_t index, Cycles now);

    Layout m_layout;
    const SymbolTable* m_symbols;
    const SemihostingHost* m_memory;
    std::vector<ThreadInfo> m_threads; ///< in the order in which they first ran
    std::vector<Known> m_known;        ///< one for each
    std::vector<ThreadSpan> m_spans;
    std::optional<std::size_t> m_running;
    Cycles m_since = 0;
};

} // namespace simprof
