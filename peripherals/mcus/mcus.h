// SPDX-License-Identifier: GPL-2.0-or-later
/// One function per MCU, and the short notation their files use.
#pragma once
#include "sim_core/machine_desc.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

inline constexpr std::uint32_t kKiB = 1024;

/// One peripheral in one line: interrupts as "37" or "ev:31 er:32", wiring as "key=value key=value".
struct PeripheralRow {
    const char* name;
    const char* type;
    Address base;
    std::uint32_t size;
    const char* irqs;
    const char* options;
};

/// The words of a text; "-" becomes the empty word.
std::vector<std::string> words(std::string_view text);
/// The rows in long form; each gets `source`.
std::vector<PeripheralDesc> peripheralsFrom(std::span<const PeripheralRow> rows, const std::string& source);
/// The literal as a shared value.
std::shared_ptr<const McuDesc> makeMcu(McuDesc mcu);

std::shared_ptr<const McuDesc> stm32l4r5zi();
std::shared_ptr<const McuDesc> stm32f746ng();
std::shared_ptr<const McuDesc> stm32h7a3ziq();
std::shared_ptr<const McuDesc> stm32h747xi();
std::shared_ptr<const McuDesc> stm32g0b1re();
std::shared_ptr<const McuDesc> stm32l053r8();
std::shared_ptr<const McuDesc> stm32f407vg();
std::shared_ptr<const McuDesc> rp2040();
std::shared_ptr<const McuDesc> nrf52840();
std::shared_ptr<const McuDesc> nrf51822();
std::shared_ptr<const McuDesc> apollo3();

} // namespace simprof
