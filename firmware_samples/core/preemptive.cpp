// SPDX-License-Identifier: GPL-2.0-or-later
// Two floating-point threads, preempted by SysTick at 10 kHz and switched by PendSV: their results must be those they
// have alone.
#include "core/check.h"
#include "core/handlers.h"
#include "core/threads.h"

#include <bit>

namespace {

constexpr std::uint32_t kRounds = 20'000;

Thread threads[2];
alignas(8) std::uint32_t stacks[2][512];
volatile std::uint32_t results[2];
volatile std::uint32_t progress[2];
volatile bool finished[2];
volatile std::uint32_t switches;
volatile std::uint32_t interleavings;

// Basel sum and logistic map: many values live in registers across every preemption.
float sumOfSquares(std::uint32_t which) {
    float sum = 0;
    float otherSum = 0;
    for (std::uint32_t n = kRounds; n > 0; --n) {
        const float reciprocal = 1.0F / static_cast<float>(n);
        sum += reciprocal * reciprocal;
        otherSum -= reciprocal;
        progress[which] = progress[which] + 1;
    }
    return sum + otherSum * 1e-3F;
}

float logisticMap(std::uint32_t which) {
    float x = 0.25F;
    float y = 0.75F;
    for (std::uint32_t n = 0; n < kRounds; ++n) {
        x = 3.7F * x * (1.0F - x);
        y = 3.9F * y * (1.0F - y);
        progress[which] = progress[which] + 1;
    }
    return x - y;
}

[[noreturn]] void secondThread() {
    results[1] = std::bit_cast<std::uint32_t>(logisticMap(1));
    finished[1] = true;
    for (;;) {
    }
}

void firstThread() {
    results[0] = std::bit_cast<std::uint32_t>(sumOfSquares(0));
    finished[0] = true;
    while (!finished[1]) {
    }
    disableInterrupts();
    SYST_CSR = 0;
    SCB_ICSR = 1U << 25 | 1U << 27; // PENDSTCLR, PENDSVCLR
    enableInterrupts();
}

void preempt() {
    switches = switches + 1;
    if (progress[0] != 0 && progress[0] < kRounds && progress[1] != 0 && progress[1] < kRounds) {
        interleavings = interleavings + 1;
    }
    nextThread = currentThread == &threads[0] ? &threads[1] : &threads[0];
    SCB_ICSR = 1U << 28; // PENDSVSET
}

} // namespace

int main() {
    boardInit();
    const auto alone0 = std::bit_cast<std::uint32_t>(sumOfSquares(0));
    const auto alone1 = std::bit_cast<std::uint32_t>(logisticMap(1));
    progress[0] = 0;
    progress[1] = 0;

    threadCreate(threads[1], secondThread, stacks[1] + 512);
    currentThread = &threads[0];
    setSystemPriority(14, 0xFF);
    setSystemPriority(15, 0x80);
    systickAction = preempt;
    SYST_RVR = boardClockHz() / 10'000 - 1;
    SYST_CVR = 0;
    SYST_CSR = 7;
    runOnProcessStack(firstThread, stacks[0] + 512);

    expectEqual("threads: first result", results[0], alone0);
    expectEqual("threads: second result", results[1], alone1);
    expectWithin("threads: preempted while both were at work", interleavings, 10, switches);
    return finishChecks();
}
