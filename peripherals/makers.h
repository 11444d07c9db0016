// SPDX-License-Identifier: GPL-2.0-or-later
/// The tables the registry is made of: each folder of peripherals contributes one.
#pragma once
#include "sim_core/peripheral.h"

#include <memory>
#include <span>

namespace simprof {

/// One type of peripheral.
struct PeripheralMaker {
    const char* type;
    const char* summary;
    std::unique_ptr<Peripheral> (*make)(const PeripheralDesc&, const BoardDesc&, MachineServices&);
};

/// The maker of a class whose constructor takes (desc, board, services).
template<class Device>
std::unique_ptr<Peripheral> makeDevice(const PeripheralDesc& desc, const BoardDesc& board, MachineServices& services) {
    return std::make_unique<Device>(desc, board, services);
}

std::span<const PeripheralMaker> stm32L4ClockMakers();
std::span<const PeripheralMaker> stm32F4ClockMakers();
std::span<const PeripheralMaker> stm32H7ClockMakers();
std::span<const PeripheralMaker> stm32G0L0ClockMakers();
std::span<const PeripheralMaker> stm32PwrMakers();
std::span<const PeripheralMaker> stm32FlashMakers();
std::span<const PeripheralMaker> stm32UsartMakers();
std::span<const PeripheralMaker> stm32GpioMakers();
std::span<const PeripheralMaker> stm32DmaMakers();
std::span<const PeripheralMaker> stm32DmaMuxMakers();
std::span<const PeripheralMaker> stm32TimerMakers();
std::span<const PeripheralMaker> stm32WatchdogMakers();
std::span<const PeripheralMaker> stm32MiscMakers();
std::span<const PeripheralMaker> stm32RtcMakers();
std::span<const PeripheralMaker> stm32I2cMakers();
std::span<const PeripheralMaker> stm32SpiMakers();
std::span<const PeripheralMaker> stm32H7SpiMakers();
std::span<const PeripheralMaker> stm32I2cV1Makers();
std::span<const PeripheralMaker> stm32AdcMakers();
std::span<const PeripheralMaker> stm32AdcV1Makers();
std::span<const PeripheralMaker> stm32LptimMakers();
std::span<const PeripheralMaker> nrfClockMakers();
std::span<const PeripheralMaker> nrfMemoryMakers();
std::span<const PeripheralMaker> nrfTimerMakers();
std::span<const PeripheralMaker> nrfUartMakers();
std::span<const PeripheralMaker> nrfGpioMakers();
std::span<const PeripheralMaker> nrfSmallMakers();
std::span<const PeripheralMaker> rp2040ClockMakers();
std::span<const PeripheralMaker> rp2040SystemMakers();
std::span<const PeripheralMaker> rp2040FlashMakers();
std::span<const PeripheralMaker> rp2040TimerMakers();
std::span<const PeripheralMaker> rp2040SioMakers();
std::span<const PeripheralMaker> apollo3SystemMakers();
std::span<const PeripheralMaker> apollo3TimerMakers();
std::span<const PeripheralMaker> nrfBusMakers();
std::span<const PeripheralMaker> nrf52BusMakers();
std::span<const PeripheralMaker> nrf52AnalogMakers();
std::span<const PeripheralMaker> rp2040DmaMakers();
std::span<const PeripheralMaker> rp2040BusMakers();
std::span<const PeripheralMaker> rp2040AdcMakers();
std::span<const PeripheralMaker> apollo3AdcMakers();
std::span<const PeripheralMaker> coreSightIdMakers();

} // namespace simprof
