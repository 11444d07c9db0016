// SPDX-License-Identifier: GPL-2.0-or-later
#include "devices/interrupts.h"
#include "devices/devices.h"

bool uartSent() { return outgoing.left == 0; }
std::size_t uartHeard() { return incoming.heard; }
std::uint32_t ticksHappened() { return ticks; }
bool wakeupHappened() { return awake; }
