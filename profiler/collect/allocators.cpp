// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/allocators.h"

#include <fmt/format.h>

#include <array>

namespace simprof {

namespace {

/// One name of an allocator, as it is in the symbol table.
struct Row {
    const char* symbol;
    Allocator::Kind kind;
    std::uint8_t argument;
    const char* name; ///< as people know it; null: the symbol
};

using enum Allocator::Kind;

// newlib's malloc.h and reent.h: functions in _r have the reentrancy structure in front. Itanium C++ ABI, 5.1.5 and
// ARM IHI 0041: operators new (nw, na) and delete (dl, da), size_t is `j`. FreeRTOS: portable.h. Zephyr: kernel.h and
// sys_heap.h; a heap comes first in k_heap_ and sys_heap_. ChibiOS: chmemheaps.h.
constexpr auto kRows = std::to_array<Row>({
    {"malloc", Allocate, 0, nullptr},
    {"calloc", Zeroed, 0, nullptr},
    {"realloc", Reallocate, 0, nullptr},
    {"free", Free, 0, nullptr},
    {"_malloc_r", Allocate, 1, "malloc"},
    {"_calloc_r", Zeroed, 1, "calloc"},
    {"_realloc_r", Reallocate, 1, "realloc"},
    {"_free_r", Free, 1, "free"},
    {"memalign", Allocate, 1, nullptr},
    {"_memalign_r", Allocate, 2, "memalign"},
    {"aligned_alloc", Allocate, 1, nullptr},
    {"_Znwj", Allocate, 0, "operator new"},
    {"_ZnwjRKSt9nothrow_t", Allocate, 0, "operator new"},
    {"_ZnwjSt11align_val_t", Allocate, 0, "operator new"},
    {"_ZnwjSt11align_val_tRKSt9nothrow_t", Allocate, 0, "operator new"},
    {"_Znaj", Allocate, 0, "operator new[]"},
    {"_ZnajRKSt9nothrow_t", Allocate, 0, "operator new[]"},
    {"_ZnajSt11align_val_t", Allocate, 0, "operator new[]"},
    {"_ZnajSt11align_val_tRKSt9nothrow_t", Allocate, 0, "operator new[]"},
    {"_ZdlPv", Free, 0, "operator delete"},
    {"_ZdlPvj", Free, 0, "operator delete"},
    {"_ZdlPvRKSt9nothrow_t", Free, 0, "operator delete"},
    {"_ZdlPvSt11align_val_t", Free, 0, "operator delete"},
    {"_ZdlPvjSt11align_val_t", Free, 0, "operator delete"},
    {"_ZdaPv", Free, 0, "operator delete[]"},
    {"_ZdaPvj", Free, 0, "operator delete[]"},
    {"_ZdaPvRKSt9nothrow_t", Free, 0, "operator delete[]"},
    {"_ZdaPvSt11align_val_t", Free, 0, "operator delete[]"},
    {"_ZdaPvjSt11align_val_t", Free, 0, "operator delete[]"},
    {"pvPortMalloc", Allocate, 0, nullptr},
    {"pvPortCalloc", Zeroed, 0, nullptr},
    {"vPortFree", Free, 0, nullptr},
    {"pvPortMallocStack", Allocate, 0, nullptr},
    {"vPortFreeStack", Free, 0, nullptr},
    {"k_malloc", Allocate, 0, nullptr},
    {"k_calloc", Zeroed, 0, nullptr},
    {"k_realloc", Reallocate, 0, nullptr},
    {"k_aligned_alloc", Allocate, 1, nullptr},
    {"k_free", Free, 0, nullptr},
    {"k_heap_alloc", Allocate, 1, nullptr},
    {"k_heap_aligned_alloc", Allocate, 2, nullptr},
    {"k_heap_free", Free, 1, nullptr},
    {"sys_heap_alloc", Allocate, 1, nullptr},
    {"sys_heap_aligned_alloc", Allocate, 2, nullptr},
    {"sys_heap_free", Free, 1, nullptr},
    {"chHeapAllocAligned", Allocate, 1, nullptr},
    {"chHeapFree", Free, 0, nullptr},
});

} // namespace

std::map<Address, Allocator> allocatorsOf(const SymbolTable& symbols) {
    std::map<Address, Allocator> allocators;
    for (const Row& row : kRows) {
        // Also those that the linker puts in front of it, with --wrap or where a branch does not reach.
        for (const char* form : {"{}", "__wrap_{}", "__{}_veneer"}) {
            for (const Symbol* symbol : symbols.findFunctions(fmt::format(fmt::runtime(form), row.symbol))) {
                allocators.try_emplace(symbol->begin,
                                       Allocator{row.kind, row.argument, row.name != nullptr ? row.name : row.symbol});
            }
        }
    }
    return allocators;
}

} // namespace simprof
