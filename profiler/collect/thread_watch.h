// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/profile.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/semihosting.h"

#include <optional>
#include <vector>

namespace simprof {

/// Which thread of an RTOS runs, read from the RTOS's own variables: FreeRTOS, Zephyr and mbed RTX, where the image has
/// their symbols.
class ThreadWatch {
public:
    /// `memory` is the machine's; nothing when the image names no RTOS that is known.
    static std::optional<ThreadWatch> of(const SymbolTable& symbols, const SemihostingHost& memory);

    /// The core is in Thread mode again after an exception.
    void threadMode(Cycles now);
    /// Ends what is open; most cycles first. Interrupts count for the thread that they interrupted.
    std::vector<ThreadInfo> finish(Cycles now);

private:
    /// How an RTOS keeps its threads.
    struct Layout {
        const char* rtos;
        Address current;                   ///< of the pointer to the running thread's block
        std::optional<std::uint32_t> name; ///< offset in the block
        bool nameIsPointer;
    };
    ThreadWatch(const Layout& layout, const SymbolTable& symbols, const SemihostingHost& memory)
        : m_layout(layout)
        , m_symbols(&symbols)
        , m_memory(&memory) {}

    static std::optional<std::uint32_t> word(const SemihostingHost& memory, Address address);
    std::string nameOf(Address block) const;

    Layout m_layout;
    const SymbolTable* m_symbols;
    const SemihostingHost* m_memory;
    std::vector<ThreadInfo> m_threads; ///< in the order in which they first ran
    std::optional<std::size_t> m_running;
    Cycles m_since = 0;
};

} // namespace simprof
