// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/peripheral.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// A port of pins as the outside world sees it (dynamic_cast from Peripheral).
class GpioPort {
public:
    /// Called with (pin, level) when an output changes.
    using Observer = std::function<void(unsigned, bool)>;

    virtual ~GpioPort() = default;
    /// Drives a pin from outside.
    virtual void drive(unsigned pin, bool level) = 0;
    /// The level the firmware drives, for pins that are outputs.
    virtual bool output(unsigned pin) const = 0;
    void observe(Observer observer) { m_observers.push_back(std::move(observer)); }

protected:
    /// Tells the observers which of `changed` are now at `levels`.
    void outputsChanged(std::uint32_t changed, std::uint32_t levels);

private:
    std::vector<Observer> m_observers;
};

/// Takes edges of pins and of internal lines (EXTI).
class PinEdgeSink {
public:
    virtual ~PinEdgeSink() = default;
    virtual void pinLevel(unsigned port, unsigned pin, bool level) = 0;
    /// An internal source of line `line` fired.
    virtual void lineFired(unsigned line) = 0;
    /// Lines of the RTC's wake-up and alarms; 32 and more: passed on as they are.
    virtual unsigned rtcWakeupLine() const = 0;
    virtual unsigned rtcAlarmLine() const = 0;
};

/// A pin by its name.
struct GpioPin {
    GpioPort* port = nullptr;
    unsigned number = 0;
};
/// "PA4" is pin 4 of GPIOA, "P0.12" pin 12 of P0, "12" pin 12 of the only port; nothing when there is no such pin.
std::optional<GpioPin> gpioPin(MachineServices& services, std::string_view name);

} // namespace simprof
