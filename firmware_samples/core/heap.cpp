// SPDX-License-Identifier: GPL-2.0-or-later
// malloc, realloc, free, new and delete over newlib's heap, until it is exhausted and after.
#include "core/check.h"

#include <cstdlib>
#include <cstring>

namespace {

bool isFilledWith(const unsigned char* bytes, std::size_t size, unsigned char value) {
    for (std::size_t index = 0; index < size; ++index) {
        if (bytes[index] != value) {
            return false;
        }
    }
    return true;
}

unsigned checkMixedSizes() {
    constexpr unsigned kBlocks = 16;
    unsigned char* blocks[kBlocks];
    unsigned wrong = 0;
    for (unsigned index = 0; index < kBlocks; ++index) {
        blocks[index] = static_cast<unsigned char*>(std::malloc(8 + 12 * index));
        std::memset(blocks[index], static_cast<int>(index), 8 + 12 * index);
    }
    for (unsigned index = 0; index < kBlocks; index += 2) {
        std::free(blocks[index]);
    }
    for (unsigned index = 0; index < kBlocks; index += 2) {
        blocks[index] = static_cast<unsigned char*>(std::calloc(1, 8 + 12 * index));
        wrong += !isFilledWith(blocks[index], 8 + 12 * index, 0);
    }
    for (unsigned index = 1; index < kBlocks; index += 2) {
        wrong += !isFilledWith(blocks[index], 8 + 12 * index, static_cast<unsigned char>(index));
    }
    for (unsigned index = 0; index < kBlocks; ++index) {
        std::free(blocks[index]);
    }
    return wrong;
}

// Number of blocks of 256 bytes that fit; frees them all again.
unsigned exhaust() {
    void* list = nullptr;
    unsigned count = 0;
    for (;;) {
        auto* block = static_cast<void**>(std::malloc(256));
        if (block == nullptr) {
            break;
        }
        *block = list;
        list = block;
        ++count;
    }
    while (list != nullptr) {
        void* next = *static_cast<void**>(list);
        std::free(list);
        list = next;
    }
    return count;
}

} // namespace

int main() {
    boardInit();
    expectEqual("heap: blocks of mixed sizes keep their contents", checkMixedSizes(), 0);

    auto* bytes = static_cast<unsigned char*>(std::malloc(40));
    std::memset(bytes, 0x5A, 40);
    bytes = static_cast<unsigned char*>(std::realloc(bytes, 400));
    expectEqual("heap: realloc keeps the contents", isFilledWith(bytes, 40, 0x5A), 1);
    expectEqual("heap: blocks are 8-byte aligned", reinterpret_cast<std::uintptr_t>(bytes) & 7, 0);
    std::free(bytes);

    auto* numbers = new std::uint32_t[100];
    for (std::uint32_t index = 0; index < 100; ++index) {
        numbers[index] = index;
    }
    std::uint32_t sum = 0;
    for (std::uint32_t index = 0; index < 100; ++index) {
        sum += numbers[index];
    }
    expectEqual("heap: new and delete", sum, 4950);
    delete[] numbers;

    const unsigned first = exhaust();
    const unsigned second = exhaust();
    expectEqual("heap: exhaustion returns null and is undone by free", second, first);
    expectWithin("heap: it holds some blocks", first, 4, 50000);
    return finishChecks();
}
