// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/peripheral.h"

#include <string_view>
#include <vector>

namespace simprof {

/// A peripheral that counts a clock and has to know when its frequency changes.
class ClockListener {
public:
    virtual ~ClockListener() = default;
    /// Frequencies are still the old ones: take stock.
    virtual void clockWillChange() = 0;
    /// Frequencies are the new ones: plan anew.
    virtual void clockChanged() = 0;
};

/// The clock controller of an MCU (RCC, CLOCKS, CLKGEN) as the other peripherals see it.
class ClockTree {
public:
    virtual ~ClockTree() = default;
    /// Frequency in Hz now of a clock line: "SYSCLK", "HCLK", "PCLK1", "TIMPCLK1", "LSI", "LSE", or a peripheral with
    /// its own selection such as "USART3"; 0 when its source is off, the core clock for names it does not know.
    virtual Hertz frequency(std::string_view line) = 0;

    /// Tells `listener` of every change from now on; once, however often it is added.
    void addListener(ClockListener& listener);

protected:
    void announceChange();
    void completeChange();

private:
    std::vector<ClockListener*> m_listeners;
};

/// The machine's clock controller (the peripheral called RCC, CLOCKS, CLOCK or CLKGEN), or nullptr.
ClockTree* clockTree(MachineServices& services);
/// Adds `listener` to it when there is one. Devices that are made before the clock controller call this at reset.
void followClocks(MachineServices& services, ClockListener& listener);

} // namespace simprof
