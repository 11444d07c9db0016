// SPDX-License-Identifier: GPL-2.0-or-later
// Infers without end, with all that a device does meanwhile: two tasks that take turns, an interrupt every 1,000
// cycles, text as fast as the console takes it. Task control blocks are laid out as FreeRTOS lays them out.
#include "bsp/board.h"
#include "bsp/cortex_m.h"
#include "core/handlers.h"
#include "core/threads.h"
#include "networks/network.h"

namespace {

constexpr std::uint32_t kTicksOfATurn = 8;
constexpr std::size_t kStackWords = 1024;

struct ListItem {
    std::uint32_t value;
    void* next;
    void* previous;
    void* owner;
    void* list;
};

struct Task {
    Thread thread;
    ListItem state, event;
    std::uint32_t priority;
    std::uint32_t* stack;
    char name[16];
};

alignas(8) std::uint32_t stacks[2][kStackWords];
Task tasks[2] = {
    {{}, {0, nullptr, nullptr, &tasks[0], nullptr}, {0, nullptr, nullptr, &tasks[0], nullptr}, 1, stacks[0], "infer"},
    {{}, {0, nullptr, nullptr, &tasks[1], nullptr}, {0, nullptr, nullptr, &tasks[1], nullptr}, 1, stacks[1], "report"}};
simprof::networks::NetworkEnds ends;
volatile std::uint32_t inferences;
std::uint32_t ticks;

void infer() {
    for (;;) {
        for (std::size_t i = 0; i < ends.inputBytes; ++i) {
            ends.input[i] = static_cast<std::int8_t>(inferences + i);
        }
        simprof::networks::networkInvoke();
        inferences = inferences + 1;
    }
}

[[noreturn]] void report() {
    for (;;) {
        print("inferences: ");
        printUnsigned(inferences);
        print("\n");
    }
}

void tick() {
    if (++ticks % kTicksOfATurn == 0) {
        nextThread = currentThread == &tasks[0].thread ? &tasks[1].thread : &tasks[0].thread;
        SCB_ICSR = 1U << 28; // PENDSVSET
    }
}

} // namespace

int main() {
    boardInit();
    if (simprof::networks::networkPrepare(ends).what != nullptr) {
        boardExit(1);
    }
    threadCreate(tasks[1].thread, report, stacks[1] + kStackWords);
    currentThread = &tasks[0].thread;
    setSystemPriority(14, 0xFF);
    setSystemPriority(15, 0x80);
    systickAction = tick;
    SYST_RVR = 999;
    SYST_CVR = 0;
    SYST_CSR = 7;
    runOnProcessStack(infer, stacks[0] + kStackWords);
}
