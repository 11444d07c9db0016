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

} // namespace

std::size_t planGreedily(PlannedBuffer* buffers, std::int32_t count, std::int16_t* order) {
    std::int32_t needed = 0;
    for (std::int32_t i = 0; i < count; ++i) {
        buffers[i].offset = -1;
    }
    for (std::int32_t placed = 0; placed < count; ++placed) {
        std::int32_t largest = -1;
        for (std::int32_t i = count - 1; i >= 0; --i) {
            if (buffers[i].offset < 0 && (largest < 0 || buffers[i].size > buffers[largest].size)) {
                largest = i;
            }
        }
        PlannedBuffer& buffer = buffers[largest];
        buffer.offset = lowestFreeOffset(buffers, order, placed, buffer);
        needed = buffer.offset + buffer.size > needed ? buffer.offset + buffer.size : needed;
        std::int32_t place = placed;
        for (; place > 0 && buffers[order[place - 1]].offset > buffer.offset; --place) {
            order[place] = order[place - 1];
        }
        order[place] = static_cast<std::int16_t>(largest);
    }
    return static_cast<std::size_t>(needed);
}

} // namespace simprof::runtime
