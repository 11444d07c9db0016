// SPDX-License-Identifier: GPL-2.0-or-later
// Allocations counted by hand, by the functions that make them: the C library's, C++'s, and allocators with the names
// of FreeRTOS and Zephyr, of which one calls malloc and one has memory of its own. Most is allocated behind the last of
// them: 120 + 400 + 164 + 80 = 764 bytes in six blocks; 120 bytes are never freed.
#include "bsp/board.h"

#include <cstdlib>

namespace {

struct Sensor {
    std::uint32_t values[16];
};

void* volatile first;
void* volatile second;
void* volatile list;
std::uint32_t* volatile numbers;
Sensor* volatile sensor;
void* volatile queue;
void* volatile message;

alignas(8) char pool[64];

} // namespace

// As FreeRTOS' heap_3.c.
extern "C" [[gnu::noinline]] void* pvPortMalloc(std::size_t size) { return std::malloc(size); }
extern "C" [[gnu::noinline]] void vPortFree(void* block) { std::free(block); }
// Of one block.
extern "C" [[gnu::noinline]] void* k_malloc(std::size_t size) { return size <= sizeof pool ? pool : nullptr; }
extern "C" [[gnu::noinline]] void k_free(void* block) { static_cast<char*>(block)[0] = 0; }

namespace {

[[gnu::noinline]] void takeBuffers() {
    first = std::malloc(100);
    second = std::calloc(10, 12);
}

[[gnu::noinline]] void growList() {
    list = std::malloc(40);
    list = std::realloc(list, 400);
}

[[gnu::noinline]] void makeObjects() {
    numbers = new std::uint32_t[25];
    sensor = new Sensor;
}

[[gnu::noinline]] void startTasks() {
    queue = pvPortMalloc(48);
    message = k_malloc(32);
}

[[gnu::noinline]] bool askForTooMuch() {
    first = std::malloc(16U << 20);
    return first != nullptr;
}

} // namespace

int main() {
    boardInit();
    takeBuffers();
    growList();
    std::free(first);
    makeObjects();
    startTasks();
    print(askForTooMuch() ? "got too much\n" : "got nothing\n");
    k_free(message);
    vPortFree(queue);
    delete sensor;
    delete[] numbers;
    std::free(list);
    consoleFlush();
    boardExit(0);
}
