// SPDX-License-Identifier: GPL-2.0-or-later
// What this sample asks of an MCU's peripherals; stm32.cpp and one file per other family implement it.
#pragma once

#include <cstddef>
#include <cstdint>

/// Sends `length` bytes, each from the transmit interrupt; returns at once. `text` must stay.
void uartInterruptSend(const char* text, std::size_t length);

/// Sends `length` bytes by DMA; returns at once, or false on an MCU whose UART has none. `text` must stay.
bool uartDmaSend(const char* text, std::size_t length);

/// True when the sending begun last has handed over its last byte.
bool uartSent();

/// Bytes received by interrupt since uartListen(); at most `size` are stored.
void uartListen(char* buffer, std::size_t size);
std::size_t uartHeard();

/// Interrupts every 10 ms from now on; ticksHappened() counts them.
void ticksStart();
std::uint32_t ticksHappened();
void ticksStop();

/// Waits until the clock of the low-power timer runs.
void wakeupPrepare();
/// The low-power timer wakes the core once, 250 ms from now.
void wakeupStart();
bool wakeupHappened();

/// Switches the sensor on, then prints one line for each measurement.
void sensorStart();
void sensorPrint();
