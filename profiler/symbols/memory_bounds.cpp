// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/symbols/memory_bounds.h"

#include <initializer_list>

namespace simprof {
namespace {

using Names = std::initializer_list<const char*>;

// In each list the more specific name stands first.
const Names kStackTop = {"_estack",      "__StackTop", "__stack_top",  "_stack_top",
                         "__stack",      "_stack",     "__initial_sp", "Image$$ARM_LIB_STACK$$ZI$$Limit",
                         "CSTACK$$Limit"};
// The Pico SDK's __StackLimit is the end of the main SRAM, which is not where the stack ends: __StackBottom is.
const Names kStackLimit = {"__StackBottom", "__StackLimit",   "__stack_limit", "_stack_limit",
                           "_sstack",       "__stack_bottom", "__STACK_LIMIT", "Image$$ARM_LIB_STACK$$ZI$$Base",
                           "CSTACK$$Base"};
const Names kStackSize = {"_Min_Stack_Size", "__STACK_SIZE", "__stack_size", "__stack_size__",
                          "_stack_size",     "Stack_Size",   "StackSize"};
const Names kHeapBegin = {"__HeapBase",  "__heap_base", "__heap_start", "__heap_start__",
                          "_heap_start", "_sheap",      "__HeapStart",  "Image$$ARM_LIB_HEAP$$ZI$$Base",
                          "HEAP$$Base",  "end",         "_end",         "__end__"};
const Names kHeapLimit = {"__HeapLimit",  "__heap_limit", "_heap_limit", "__heap_end",
                          "__heap_end__", "_heap_end",    "_eheap",      "Image$$ARM_LIB_HEAP$$ZI$$Limit",
                          "HEAP$$Limit"};

std::optional<Address> firstOf(const SymbolTable& symbols, Names names) {
    for (const char* name : names) {
        if (const auto value = symbols.value(name)) {
            return value;
        }
    }
    return std::nullopt;
}

} // namespace

MemoryBounds memoryBounds(const SymbolTable& symbols) {
    MemoryBounds bounds;
    bounds.stackTop = firstOf(symbols, kStackTop);
    bounds.stackLimit = firstOf(symbols, kStackLimit);
    bounds.heapBegin = firstOf(symbols, kHeapBegin);
    bounds.heapLimit = firstOf(symbols, kHeapLimit);
    // A size is an absolute symbol whose value is the number of bytes.
    const auto stackSize = firstOf(symbols, kStackSize);
    if (!bounds.stackLimit && bounds.stackTop && stackSize && *stackSize != 0 && *stackSize < *bounds.stackTop) {
        bounds.stackLimit = *bounds.stackTop - *stackSize;
    }
    if (bounds.stackLimit && bounds.stackTop && *bounds.stackLimit >= *bounds.stackTop) {
        bounds.stackLimit.reset();
    }
    // Where the script does not limit the heap, the stack's reserve does when it lies above.
    if (!bounds.heapLimit && bounds.heapBegin && bounds.stackLimit && *bounds.stackLimit > *bounds.heapBegin) {
        bounds.heapLimit = bounds.stackLimit;
    }
    if (bounds.heapLimit && (!bounds.heapBegin || *bounds.heapLimit < *bounds.heapBegin)) {
        bounds.heapLimit.reset();
    }
    return bounds;
}

} // namespace simprof
