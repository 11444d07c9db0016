// SPDX-License-Identifier: GPL-2.0-or-later
// The peripherals firmware talks through: UART by interrupt and by DMA, a timer, sleep with wake-up, one sensor. The
// text is the same on every board up to the clock and what the sensor measures; a host that watches the UART can check
// the times.
#include "bsp/board.h"
#include "bsp/cortex_m.h"
#include "devices/devices.h"

namespace {

constexpr char kInterruptText[] =
    "by interrupt: a byte for each time the transmitter has room, the core asleep between them\n";
constexpr char kDmaText[] =
    "by DMA: the controller feeds the transmitter, the core sleeps until the last byte is handed over\n";

/// Sleeps until `done()`; the interrupt that makes it true cannot slip in between question and WFI.
template<class Done>
void sleepUntil(Done done) {
    while (true) {
        disableInterrupts();
        if (done()) {
            enableInterrupts();
            return;
        }
        asm volatile("wfi" ::: "memory");
        enableInterrupts();
    }
}

void line(const char* text) {
    print(text);
    consoleFlush();
}

void listen() {
    char heard[16];
    uartListen(heard, sizeof heard);
    line("say something? ");
    ticksStart();
    // Half a second for the first byte, then as long as more come.
    std::size_t count = 0;
    for (std::uint32_t until = 50; ticksHappened() < until;) {
        const std::uint32_t now = ticksHappened();
        sleepUntil([&] { return ticksHappened() != now || uartHeard() != count; });
        if (uartHeard() != count) {
            count = uartHeard();
            until = ticksHappened() + 3;
        }
    }
    ticksStop();
    print("heard ");
    printUnsigned(static_cast<std::uint32_t>(count));
    print(": ");
    consoleWrite(heard, count);
    print("\n");
}

} // namespace

int main() {
    boardInit();
    enableInterrupts();
    print("clock ");
    printUnsigned(boardClockHz());
    line("\n");

    uartInterruptSend(kInterruptText, sizeof kInterruptText - 1);
    sleepUntil(uartSent);
    consoleFlush();

    if (uartDmaSend(kDmaText, sizeof kDmaText - 1)) {
        sleepUntil(uartSent);
        consoleFlush();
    } else {
        line("by DMA: this UART has none\n");
    }

    line("ten ticks of 10 ms [");
    ticksStart();
    sleepUntil([] { return ticksHappened() >= 10; });
    ticksStop();
    line("]\n");

    wakeupPrepare();
    line("asleep for 250 ms [");
    wakeupStart();
    sleepUntil(wakeupHappened);
    line("]\n");

    sensorStart();
    for (int measurement = 0; measurement < 4; ++measurement) {
        sensorPrint();
    }
    listen();
    line("done\n");
    boardExit(0);
}
