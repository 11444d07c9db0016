// SPDX-License-Identifier: GPL-2.0-or-later
/// What all nRF51 and nRF52 peripherals share: tasks, events, interrupts and the programmable interconnect
/// (nRF51 series reference manual v3.0, 10; nRF52840 product specification v1.7, 6.1 and 6.16).
#pragma once
#include "peripherals/register_file.h"

#include <initializer_list>

namespace simprof {

/// Takes the events of all peripherals and starts tasks (PPI).
class EventRouter {
public:
    virtual ~EventRouter() = default;
    /// The event register at this address was set by hardware.
    virtual void eventFired(Address event) = 0;
};

/// Registers of tasks (0x000...), events (0x100...), SHORTS (0x200), INTENSET and INTENCLR (0x304, 0x308), and the
/// device's own.
class NrfDevice : public RegisterFile {
public:
    NrfDevice(const PeripheralDesc& desc, MachineServices& services, std::vector<RegisterRow> tasks,
              std::vector<RegisterRow> events, std::vector<RegisterRow> registers);

    static constexpr std::uint32_t kShorts = 0x200, kInten = 0x300, kIntenset = 0x304, kIntenclr = 0x308;

protected:
    /// A task register was written with 1, by software or by the interconnect.
    virtual void task(std::uint32_t offset) { (void)offset; }
    /// One of the device's own registers was stored; `before` is what it held.
    virtual void written(std::uint32_t offset, std::uint32_t before) { (void)offset, (void)before; }
    virtual void stopped() {}

    /// Hardware sets an event: register, interrupt, interconnect.
    void raise(std::uint32_t event);
    bool isShort(unsigned number) const { return bit(kShorts, number); }

    std::uint32_t onRead(std::uint32_t offset) override;
    void onWrite(std::uint32_t offset, std::uint32_t value, std::uint32_t lanes) override;
    void onReset() override;

private:
    bool isTask(std::uint32_t offset) const { return offset < 0x100 && models(offset); }
    void update();

    IrqLine m_irq;
};

/// One register per channel: `count` rows from `first` in steps of `step`.
std::vector<RegisterRow> channelRows(std::uint32_t first, std::uint32_t step, unsigned count, const char* name,
                                     std::uint32_t reset = 0, std::uint32_t writable = 0xFFFFFFFF);
std::vector<RegisterRow> joined(std::initializer_list<std::vector<RegisterRow>> parts);

} // namespace simprof
