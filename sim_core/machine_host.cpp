// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/machine_host.h"

#include <algorithm>
#include <cstring>

namespace simprof {

EventId Machine::Host::scheduleAt(Cycles at, std::function<void()> action) {
    const EventId id = m.m_scheduler.schedule(std::max(at, m.m_clock.now()), std::move(action));
    m.m_control.lookBy(m.m_scheduler.next());
    return id;
}

EventId Machine::Host::scheduleAfter(std::uint64_t nanoseconds, std::function<void()> action) {
    return scheduleAt(now() + m.m_clock.cyclesOf(nanoseconds), std::move(action));
}

void Machine::Host::setPower(const PowerSetting& setting) {
    if (setting == m_powerNow) {
        return;
    }
    m_powerNow = setting;
    if (m_power.size() < Clock::kMostChanges) {
        m_power.push_back({now(), setting});
    } else {
        ++m_powerLeftOut;
    }
}

Cycles Machine::Host::cyclesBecauseOf(Stall stall) {
    m.settle();
    return m.m_clock.spentOn(stall);
}

void Machine::Host::setIrq(int irq, bool level) {
    m.m_scs.nvic().setLevel(static_cast<unsigned>(irq), level);
    m.m_control.lookSoon();
}

void Machine::Host::pulseIrq(int irq) {
    m.m_scs.nvic().setPending(exception::kFirstIrq + static_cast<unsigned>(irq));
    m.m_control.lookSoon();
}

void Machine::Host::setMemory(const std::string& timing, const MemorySettings& settings) {
    m.m_timing->setMemory(timing, settings);
}

void Machine::Host::l1Changed() {
    m.m_timing->setL1(m.m_scs.l1());
    m.m_timing->setCachePolicies(m.m_scs.mpu().cachePolicies());
    m.m_control.lookSoon();
}

bool Machine::Host::busRead(std::string_view master, Address address, std::span<std::byte> out) {
    if (!m.m_bus.masterRead(address, out)) {
        return false;
    }
    m.m_clock.listener().busMasterAccess(master, address, static_cast<std::uint32_t>(out.size()), false, now());
    return true;
}

bool Machine::Host::busWrite(std::string_view master, Address address, std::span<const std::byte> in) {
    if (!m.m_bus.masterWrite(address, in)) {
        return false;
    }
    m.m_clock.listener().busMasterAccess(master, address, static_cast<std::uint32_t>(in.size()), true, now());
    return true;
}

void Machine::Host::traceOutput(unsigned port, std::uint32_t value, unsigned size) {
    char text[4];
    std::memcpy(text, &value, 4);
    if (port == 0 && m_console) {
        m_console({text, size});
    } else if (port != 0 && m_trace) {
        m_trace(port, {text, size});
    }
}

MachineServices& Machine::services() { return *m_host; }

SemihostingHost& Machine::debugPort() { return *m_host; }

const std::vector<EventLog::Event>& Machine::events() const { return m_host->events().events(); }

const PowerSetting& Machine::power() const { return m_host->power(); }

const std::vector<PowerChange>& Machine::powerChanges() const { return m_host->powerChanges(); }

std::vector<LeftOut> Machine::leftOut() const {
    return {{"events", m_host->events().leftOut()},
            {"changes of the clock", m_clock.changesLeftOut()},
            {"changes of the power controller", m_host->powerChangesLeftOut()},
            {"accesses to registers without a model", m_bus.unmodelledLeftOut()}};
}

void Machine::reportEvent(std::string text) { m_host->reportEvent(std::move(text)); }

EventId Machine::scheduleAfter(std::uint64_t nanoseconds, std::function<void()> action) {
    return m_host->scheduleAfter(nanoseconds, std::move(action));
}

} // namespace simprof
