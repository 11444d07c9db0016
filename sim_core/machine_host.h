// SPDX-License-Identifier: GPL-2.0-or-later
/// The machine's private face to what is attached to it: peripherals, the units of the private peripheral bus,
/// semihosting.
#pragma once
#include "sim_core/event_log.h"
#include "sim_core/machine.h"
#include "sim_core/ppb/ppb_host.h"

namespace simprof {

class Machine::Host final : public MachineServices, public PpbHost, public SemihostingHost {
public:
    Host(Machine& machine, const MachineOptions& options)
        : m(machine)
        , m_console(options.console)
        , m_trace(options.trace) {}

    // time
    Cycles now() const override { return m.now(); }
    std::uint64_t nowNanoseconds() const override { return m.nowNanoseconds(); }
    Hertz coreClock() const override { return m.coreClock(); }
    void setCoreClock(Hertz hertz) override { m.setClock(hertz); }
    void setPower(const PowerSetting& setting) override;
    const std::vector<PowerChange>& powerChanges() const { return m_power; }
    std::uint64_t powerChangesLeftOut() const { return m_powerLeftOut; }
    const PowerSetting& power() const { return m_powerNow; }
    EventId scheduleAt(Cycles at, std::function<void()> action) override;
    EventId scheduleAfter(std::uint64_t nanoseconds, std::function<void()> action) override;
    void cancel(EventId id) override { m.m_scheduler.cancel(id); }
    Cycles cyclesBecauseOf(Stall stall) override;

    // exceptions
    void setIrq(int irq, bool level) override;
    void pulseIrq(int irq) override;
    void sendEvent() override { m.m_core.state.eventRegister = true; }
    void exceptionsChanged() override { m.m_control.lookSoon(); }
    unsigned currentException() const override { return m.m_core.state.exception; }
    void requestReset(std::string reason) override { m.m_control.requestReset(std::move(reason)); }

    // memory
    void setMemory(const std::string& timing, const MemorySettings& settings) override;
    void l1Changed() override;
    void invalidateCaches(bool instruction, bool data) override { m.m_timing->invalidateCaches(instruction, data); }
    bool busRead(std::string_view master, Address address, std::span<std::byte> out) override;
    bool busWrite(std::string_view master, Address address, std::span<const std::byte> in) override;
    bool program(Address address, std::span<const std::byte> bytes) override { return m.m_bus.program(address, bytes); }
    std::optional<std::uint8_t> peek(Address address) const override { return m.peek(address); }
    bool poke(Address address, std::uint8_t value) override { return m.poke(address, value); }
    Peripheral* peripheral(std::string_view name) override { return m.peripheral(name); }

    // text
    void reportEvent(std::string text) override { m_events.add(now(), std::move(text)); }
    const EventLog& events() const { return m_events; }
    void traceOutput(unsigned port, std::uint32_t value, unsigned size) override;

private:
    Machine& m;
    std::function<void(std::string_view)> m_console;
    std::function<void(unsigned, std::string_view)> m_trace;
    EventLog m_events;
    PowerSetting m_powerNow;
    std::vector<PowerChange> m_power;
    std::uint64_t m_powerLeftOut = 0;
};

} // namespace simprof
