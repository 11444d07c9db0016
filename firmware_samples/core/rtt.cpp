// SPDX-License-Identifier: GPL-2.0-or-later
// Text through SEGGER RTT (J-Link user guide UM08001, 16.3): a control block that a probe finds in RAM, and a ring
// buffer that it empties. The buffer is smaller than the text: the program waits until somebody reads.
#include "core/check.h"

#include "bsp/cortex_m.h"

struct Buffer {
    const char* name;
    char* data;
    std::uint32_t size;
    volatile std::uint32_t write; ///< by the firmware
    volatile std::uint32_t read;  ///< by the probe
    std::uint32_t flags;
};

struct ControlBlock {
    volatile char mark[16];
    std::uint32_t upBuffers;
    std::uint32_t downBuffers;
    Buffer up;
};

extern "C" ControlBlock _SEGGER_RTT; // probes look for this name before they search the RAM
ControlBlock _SEGGER_RTT;

namespace {

char g_data[32];

/// The mark is written last and backwards, so that it stands nowhere but in a finished block.
void begin() {
    _SEGGER_RTT.upBuffers = 1;
    _SEGGER_RTT.up = {"Terminal", g_data, sizeof g_data, 0, 0, 2};
    static const volatile char backwards[] = "TTR REGGES";
    for (int index = 9; index >= 0; --index) {
        _SEGGER_RTT.mark[9 - index] = backwards[index];
    }
}

void rttPrint(const char* text) {
    Buffer& up = _SEGGER_RTT.up;
    for (; *text != '\0'; ++text) {
        const std::uint32_t next = up.write + 1 == up.size ? 0 : up.write + 1;
        while (next == up.read) { // full
        }
        up.data[up.write] = *text;
        up.write = next;
    }
    while (up.read != up.write) { // what follows on the UART comes behind it
    }
}

} // namespace

int main() {
    boardInit();
    begin();
    rttPrint("hello by RTT: this line is longer than the buffer it goes through\n");
    rttPrint("done by RTT\n");
    expectEqual("rtt: nothing was overwritten", _SEGGER_RTT.up.size, sizeof g_data);
    return finishChecks();
}
