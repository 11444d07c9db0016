// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <string>
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
};

} // namespace simprof
