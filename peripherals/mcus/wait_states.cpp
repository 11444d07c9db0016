// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/mcus/wait_states.h"

#include <algorithm>
#include <iterator>

namespace simprof {

namespace {

constexpr Hertz kMhz = 1'000'000;

// The STM32H74x's depend on its AXI clock, which is no fixed share of the core's.
constexpr WaitStateRow kRows[] = {
    {McuFamily::Stm32F4, 30 * kMhz, "ST RM0090 3.5.1, table 10: 2.7 to 3.6 V"},
    {McuFamily::Stm32F7, 30 * kMhz, "ST RM0385 3.3.2, table 5: 2.7 to 3.6 V"},
    {McuFamily::Stm32G0, 24 * kMhz, "ST RM0444 3.3.4: range 1"},
    {McuFamily::Stm32H7A3, 42 * kMhz, "ST RM0455 4.3.8, table 16: VOS0"},
    {McuFamily::Stm32L0, 16 * kMhz, "ST RM0367 3.3.3: range 1"},
    {McuFamily::Stm32L4Plus, 20 * kMhz, "ST RM0432 3.3.3, table 12: range 1"},
};

constexpr VoltageRange kRanges[] = {
    {McuFamily::Stm32F4, "", 30 * kMhz, 0, "ST RM0090 3.5.1, table 10: 2.7 to 3.6 V"},
    {McuFamily::Stm32F7, "", 30 * kMhz, 0, "ST RM0385 3.3.2, table 5: 2.7 to 3.6 V"},
    {McuFamily::Stm32G0, "range 1", 24 * kMhz, 0, "ST RM0444 3.3.4: range 1"},
    {McuFamily::Stm32G0, "range 2", 8 * kMhz, 16 * kMhz, "ST RM0444 3.3.4: range 2"},
    {McuFamily::Stm32H7A3, "VOS0", 42 * kMhz, 0, "ST RM0455 4.3.8, table 16: VOS0"},
    {McuFamily::Stm32L0, "range 1", 16 * kMhz, 32 * kMhz, "ST RM0367 3.3.3: range 1"},
    {McuFamily::Stm32L0, "range 2", 8 * kMhz, 16 * kMhz, "ST RM0367 3.3.3: range 2"},
    {McuFamily::Stm32L0, "range 3", 4'194'304, 4'194'304, "ST RM0367 3.3.3: range 3"},
    {McuFamily::Stm32L4Plus, "range 1 boost", 20 * kMhz, 120 * kMhz, "ST RM0432 3.3.3, table 12: range 1 boost"},
    {McuFamily::Stm32L4Plus, "range 1", 20 * kMhz, 80 * kMhz, "ST RM0432 3.3.3, table 12: range 1 normal"},
    {McuFamily::Stm32L4Plus, "range 2", 8 * kMhz, 26 * kMhz, "ST RM0432 3.3.3, table 12: range 2"},
};

} // namespace

std::vector<VoltageRange> voltageRanges(const McuDesc& mcu) {
    std::vector<VoltageRange> ranges;
    for (VoltageRange range : kRanges) {
        if (range.family == mcu.family) {
            range.most = range.most == 0 ? mcu.maxClock : std::min(range.most, mcu.maxClock);
            ranges.push_back(range);
        }
    }
    return ranges;
}

const WaitStateRow* waitStateRow(const McuDesc& mcu) {
    const auto* row = std::ranges::find(kRows, mcu.family, &WaitStateRow::family);
    return row == std::end(kRows) ? nullptr : row;
}

std::optional<unsigned> waitStatesAt(const McuDesc& mcu, Hertz clock) {
    const WaitStateRow* row = waitStateRow(mcu);
    if (row == nullptr || clock == 0) {
        return std::nullopt;
    }
    return static_cast<unsigned>((clock - 1) / row->step);
}

} // namespace simprof
