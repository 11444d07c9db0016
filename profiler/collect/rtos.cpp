// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/rtos.h"

#include <array>

namespace simprof {

namespace {

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

/// Behind the block's two list items, which name it as their owner.
ThreadFields freeRtosFields(const ThreadFields& usual, Address block, const SemihostingHost& memory) {
    for (std::uint32_t owner = 4 + kListItemOwner; owner < kLargestMpuSettings; owner += 4) {
        if (guestWord(memory, block + owner) != block) {
            continue;
        }
        for (const std::uint32_t item : {kListItem, kWideListItem, kCheckedListItem}) {
            if (guestWord(memory, block + owner + item) == block) {
                const std::uint32_t end = owner + item + 8 + (item == kCheckedListItem ? 4 : 0);
                ThreadFields fields = usual;
                fields.stackBase = end + 4; // behind the priority
                fields.name = end + 8;
                return fields;
            }
        }
    }
    return usual;
}

void readZephyrLayout(RtosLayout& layout, Address kernel, const SymbolTable& symbols, const SemihostingHost& memory) {
    if (const Symbol* offsets = symbols.find("_kernel_thread_info_offsets")) {
        layout.current = kernel + guestWord(memory, offsets->begin + kZephyrCurrentAt).value_or(kZephyrCurrent);
        const auto name = guestWord(memory, offsets->begin + kZephyrNameAt);
        layout.fields.name = name && *name != kZephyrNone ? name : std::nullopt;
    }
}

constexpr auto kRtoses = std::to_array<Rtos>({
    {"FreeRTOS", "pxCurrentTCB", 0, {kFreeRtosName, false, 0, std::nullopt}, nullptr, freeRtosFields},
    {"RTX", "osRtxInfo", kRtxCurrent, {kRtxName, true, kRtxSp, kRtxStack}},
    {"ThreadX", "_tx_thread_current_ptr", 0, {kThreadXName, true, kThreadXSp, kThreadXStack}},
    {"Zephyr", "_kernel", kZephyrCurrent, {std::nullopt}, readZephyrLayout},
});

} // namespace

std::span<const Rtos> rtoses() { return kRtoses; }

std::optional<std::uint32_t> guestWord(const SemihostingHost& memory, Address address) {
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

} // namespace simprof
