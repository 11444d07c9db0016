// SPDX-License-Identifier: GPL-2.0-or-later
// What nRF51 and nRF52 share: nRF51 series reference manual v3.0, 13, 18 and 19; nRF52840 PS v1.7, 5.4, 6.30 and 6.22.
#pragma once

#include "devices/interrupts.h"

namespace nrf {

inline constexpr std::uint32_t kClock = 0x40000000, kUart = 0x40002000, kTwi = 0x40003000, kTimer = 0x40008000,
                               kRtc = 0x4000B000;
inline constexpr unsigned kUartIrq = 2, kTimerIrq = 8, kRtcIrq = 11;

/// LFCLKSRC of the board: 0 RC, 1 crystal, 2 from the high-frequency clock.
extern const unsigned kLowFrequencySource;

inline void clearEvent(std::uint32_t event) {
    REGISTER(event) = 0;
    (void)REGISTER(event); // the store is through before the interrupt returns
}

inline void sendNext() { REGISTER(kUart + 0x51C) = outgoing.take(); } // TXD

} // namespace nrf
