// SPDX-License-Identifier: GPL-2.0-or-later
/// What a vendor peripheral sees of the machine, and what the machine sees of it.
#pragma once
#include "sim_core/machine_desc.h"
#include "sim_core/power_state.h"
#include "sim_core/timing/core_timing.h"
#include "sim_core/units.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace simprof {

/// Identifies a scheduled callback so that it can be cancelled; 0 is none.
enum class EventId : std::uint64_t { None = 0 };

/// The machine as peripherals see it.
class MachineServices {
public:
    virtual ~MachineServices() = default;

    /// The current cycle; exact also in the middle of a block.
    virtual Cycles now() const = 0;
    /// Simulated nanoseconds since reset: the sum of cycles at the clock then in force.
    virtual std::uint64_t nowNanoseconds() const = 0;
    virtual Hertz coreClock() const = 0;
    /// Calls `action` at cycle `at` (at the first block boundary not before it).
    virtual EventId scheduleAt(Cycles at, std::function<void()> action) = 0;
    /// Calls `action` after this much simulated time at the present clock.
    virtual EventId scheduleAfter(std::uint64_t nanoseconds, std::function<void()> action) = 0;
    virtual void cancel(EventId id) = 0;

    /// Drives the level of NVIC interrupt `irq`.
    virtual void setIrq(int irq, bool level) = 0;
    /// Sets NVIC interrupt `irq` pending once (edge).
    virtual void pulseIrq(int irq) = 0;
    /// Sends an event to the core (wakes WFE).
    virtual void sendEvent() = 0;

    /// The core runs at `hertz` from now on.
    virtual void setCoreClock(Hertz hertz) = 0;
    /// The power controller is programmed like this from now on.
    virtual void setPower(const PowerSetting& setting) { (void)setting; }
    /// The flash interface of the memory with this timing row is programmed anew.
    virtual void setMemory(const std::string& timing, const MemorySettings& settings) = 0;

    /// Bus-master access (DMA) to memory or another peripheral; false when the address answers nothing.
    virtual bool busRead(std::string_view master, Address address, std::span<std::byte> out) = 0;
    virtual bool busWrite(std::string_view master, Address address, std::span<const std::byte> in) = 0;

    /// Changes a memory that the core cannot write (a flash controller erases or programs); false where there is none.
    virtual bool program(Address address, std::span<const std::byte> bytes) {
        (void)address, (void)bytes;
        return false;
    }

    /// Another peripheral of the machine by its name, or nullptr.
    virtual class Peripheral* peripheral(std::string_view name) = 0;

    /// Something the report should list ("watchdog reset", "write to locked flash").
    virtual void reportEvent(std::string text) = 0;
    /// Resets the MCU at the next block boundary (watchdog, AIRCR).
    virtual void requestReset(std::string reason) = 0;
};

/// A memory-mapped device. Offsets are from its base; sizes 1, 2 or 4.
class Peripheral {
public:
    virtual ~Peripheral() = default;
    virtual std::uint32_t read(std::uint32_t offset, unsigned size) = 0;
    virtual void write(std::uint32_t offset, unsigned size, std::uint32_t value) = 0;
    /// Back to the reset values of the manual.
    virtual void reset() = 0;
    /// The core falls asleep with SLEEPDEEP set, or wakes from that.
    virtual void deepSleep(bool asleep) { (void)asleep; }
    /// False for registers it does not model: they are counted and reported.
    virtual bool models(std::uint32_t offset) const {
        (void)offset;
        return true;
    }
};

/// A flash controller that takes the stores of the core into flash.
class FlashController {
public:
    virtual ~FlashController() = default;
    /// The core stores `value` at `address`; false: such a store is a fault now.
    virtual bool storeToFlash(Address address, unsigned size, std::uint32_t value) = 0;
};

/// Builds the peripherals of a board; given to the machine by whoever links the peripherals library.
using PeripheralFactory =
    std::function<std::unique_ptr<Peripheral>(const PeripheralDesc&, const BoardDesc&, MachineServices&)>;

} // namespace simprof
