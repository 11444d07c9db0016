// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/registry.h"

#include "peripherals/makers.h"
#include "peripherals/register_file.h"
#include "peripherals/rp2040/rp2040_device.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace simprof {
namespace {

std::unique_ptr<Peripheral> makeUnmodelled(const PeripheralDesc& desc, const BoardDesc&, MachineServices& services) {
    const auto aliases = desc.options.find("aliases");
    if (aliases != desc.options.end() && aliases->second == "rp2040") {
        return std::make_unique<Rp2040Device>(desc, services, std::vector<RegisterRow>{});
    }
    return std::make_unique<UnmodelledDevice>(desc, services);
}

const std::map<std::string_view, PeripheralMaker>& table() {
    static const auto all = [] {
        std::map<std::string_view, PeripheralMaker> result;
        result.emplace("unmodelled",
                       PeripheralMaker{"unmodelled", "memory with reset values; accesses are counted", makeUnmodelled});
        for (const auto makers :
             {stm32L4ClockMakers(), stm32F4ClockMakers(), stm32H7ClockMakers(), stm32G0L0ClockMakers(),
              stm32PwrMakers(),     stm32FlashMakers(),   stm32UsartMakers(),   stm32GpioMakers(),
              stm32DmaMakers(),     stm32DmaMuxMakers(),  stm32TimerMakers(),   stm32WatchdogMakers(),
              stm32MiscMakers(),    stm32RtcMakers(),     stm32I2cMakers(),     stm32SpiMakers(),
              stm32H7SpiMakers(),   stm32I2cV1Makers(),   stm32AdcMakers(),     stm32AdcV1Makers(),
              stm32LptimMakers(),   nrfClockMakers(),     nrfMemoryMakers(),    nrfTimerMakers(),
              nrfUartMakers(),      nrfGpioMakers(),      nrfSmallMakers(),     rp2040ClockMakers(),
              rp2040SystemMakers(), rp2040TimerMakers(),  rp2040SioMakers(),    apollo3SystemMakers(),
              apollo3TimerMakers(), nrfBusMakers(),       nrf52BusMakers(),     nrf52AnalogMakers(),
              rp2040DmaMakers(),    rp2040BusMakers(),    rp2040AdcMakers(),    rp2040FlashMakers(),
              apollo3AdcMakers(),   coreSightIdMakers()}) {
            for (const PeripheralMaker& maker : makers) {
                result.emplace(maker.type, maker);
            }
        }
        return result;
    }();
    return all;
}

} // namespace

std::unique_ptr<Peripheral> makePeripheral(const PeripheralDesc& desc, const BoardDesc& board,
                                           MachineServices& services) {
    const auto found = table().find(desc.type);
    auto device =
        found == table().end() ? makeUnmodelled(desc, board, services) : found->second.make(desc, board, services);
    if (auto* file = dynamic_cast<RegisterFile*>(device.get()); file != nullptr && !board.mcu->registers.empty()) {
        std::map<std::uint32_t, std::uint32_t> resets;
        const auto& known = board.mcu->registers;
        for (auto entry = known.lower_bound(desc.range.begin);
             entry != known.end() && desc.range.contains(entry->first); ++entry) {
            const std::uint32_t offset = entry->first - desc.range.begin;
            const unsigned shift = 8 * (offset & 3U);
            resets[offset & ~3U] |= entry->second.reset << shift; // narrow registers share a word
        }
        file->setOtherResets(std::move(resets));
    }
    return device;
}

std::vector<PeripheralType> peripheralTypes() {
    std::vector<PeripheralType> result;
    for (const auto& [name, maker] : table()) {
        result.push_back({std::string(name), maker.summary});
    }
    return result;
}

} // namespace simprof
