// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/memory_planner.h"

namespace simprof::runtime {
namespace {

bool liveTogether(const PlannedBuffer& a, const PlannedBuffer& b) { return a.first <= b.last && b.first <= a.last; }

/// `order[0, placed)` holds the placed buffers by offset.
std::int32_t lowestFreeOffset(const PlannedBuffer* buffers, const std::int16_t* order, std::int32_t placed,
                              const PlannedBuffer& wanted) {
    std::int32_t offset = 0;
    for (std::int32_t i = 0; i < placed; ++i) {
        const PlannedBuffer& other = buffers[order[i]];
        if (!liveTogether(other, wanted)) {
            continue;
        }
        if (other.offset - offset >= wanted.size) {
            break;
        }
        const std::int32_t end = other.offset + other.size;
        offset = end > offset ? end : offset;
    }
    return offset;
}

/// Puts the number of a placed buffer among the first `placed` of `order`.
void insertByOffset(const PlannedBuffer* buffers, std::int16_t* order, std::int32_t placed, std::int32_t number) {
    std::int32_t place = placed;
    for (; place > 0 && buffers[order[place - 1]].offset > buffers[number].offset; --place) {
        order[place] = order[place - 1];
    }
    order[place] = static_cast<std::int16_t>(number);
}

} // namespace

std::size_t planGreedily(PlannedBuffer* buffers, std::int32_t count, std::int16_t* order) {
    std::int32_t needed = 0;
    std::int32_t placed = 0;
    const auto insert = [&](std::int32_t number) {
        const std::int32_t end = buffers[number].offset + buffers[number].size;
        needed = end > needed ? end : needed;
        insertByOffset(buffers, order, placed++, number);
    };
    for (std::int32_t i = 0; i < count; ++i) {
        if (buffers[i].offset >= 0) {
            insert(i);
        }
    }
    while (placed < count) {
        std::int32_t largest = -1;
        for (std::int32_t i = count - 1; i >= 0; --i) {
            if (buffers[i].offset < 0 && (largest < 0 || buffers[i].size > buffers[largest].size)) {
                largest = i;
            }
        }
        buffers[largest].offset = lowestFreeOffset(buffers, order, placed, buffers[largest]);
        insert(largest);
    }
    return static_cast<std::size_t>(needed);
}

} // namespace simprof::runtime
