// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "profiler/collect/rtos.h"
#include "profiler/collect/stack_watch.h"
#include "profiler/profile.h"
#include "profiler/symbols/symbol_table.h"
#include "sim_core/host/semihosting.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace simprof {

/// Which thread of an RTOS runs, read from the RTOS's own variables where the image has their symbols.
class ThreadWatch {
public:
    /// `memory` is the machine's; nothing when the image names no RTOS that is in `known`.
    static std::optional<ThreadWatch> of(const SymbolTable& symbols, const SemihostingHost& memory,
                                         std::span<const Rtos> known = rtoses());

    void switched(const ThreadSwitch& change);
    struct Result {
        std::vector<ThreadInfo> threads; ///< most cycles first
        std::vector<ThreadSpan> spans;   ///< sorted by start; the first ones
        std::uint64_t spansLeftOut = 0;  ///< the others
    };
    /// Ends what is open; `stack` is the running thread's own. Interrupts count for the thread that they interrupted.
    Result finish(Cycles now, const std::optional<ThreadStack>& stack);

private:
    /// What is known of a thread besides its ThreadInfo.
    struct Known {
        ThreadFields fields;
        Address top = 0; ///< of its stack
        Address lowest = 0;
        std::shared_ptr<const StackPath> path; ///< who held it down to where the thread reached itself
    };
    ThreadWatch(const Rtos& rtos, const RtosLayout& layout, const SymbolTable& symbols, const SemihostingHost& memory)
        : m_rtos(&rtos)
        , m_layout(layout)
        , m_symbols(&symbols)
        , m_memory(&memory) {}

    std::optional<std::uint32_t> field(Address block, std::optional<std::uint32_t> offset) const;
    std::string nameOf(Address block, const ThreadFields& fields) const;
    void noteStack(const std::optional<ThreadStack>& stack);
    void leave(std::size_t index, Cycles now);

    const Rtos* m_rtos;
    RtosLayout m_layout;
    const SymbolTable* m_symbols;
    const SemihostingHost* m_memory;
    std::vector<ThreadInfo> m_threads; ///< in the order in which they first ran
    std::vector<Known> m_known;        ///< one for each
    std::vector<ThreadSpan> m_spans;
    std::uint64_t m_turns = 0; ///< of all threads
    std::optional<std::size_t> m_running;
    Cycles m_since = 0;
};

} // namespace simprof
