// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/memory/address_space.h"
#include "sim_core/peripheral.h"
#include "sim_core/ppb/system_control.h"
#include "sim_core/steady_registers.h"
#include "sim_core/units.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simprof {

/// A register that no model answers for.
struct UnmodelledRegister {
    std::string peripheral;
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;
    Address firstPc = 0;
    std::uint32_t value = 0;
    bool pollSatisfied = false; ///< a loop waited on it and was let go
};

/// The core as the bus sees it.
class BusCore {
public:
    virtual ~BusCore() = default;
    /// The instruction that is at work.
    virtual Address currentPc() const = 0;
    /// Block::id of the block that runs; 0: none.
    virtual std::uint32_t currentBlock() const = 0;
    /// These bytes of a memory were written by somebody else than the engine.
    virtual void bytesChanged(std::span<const std::byte> bytes) = 0;
    /// The bytes of a read-only memory changed.
    virtual void programmed(AddressRange range) = 0;
};

/// Everything that answers addresses: memories, the units of the private peripheral bus, bit-band aliases, devices, and
/// plain storage for registers that nobody models.
class Bus {
public:
    Bus(const McuDesc& mcu, const AddressSpace& space, SystemControl& scs, BusCore& core);

    void addDevice(const PeripheralDesc& desc, std::unique_ptr<Peripheral> device);
    void resetDevices();
    /// The core falls asleep with SLEEPDEEP set, or wakes from that.
    void deepSleep(bool asleep);
    Peripheral* peripheral(std::string_view name) const;

    /// A register access of 1, 2 or 4 bytes outside the memories.
    std::uint32_t read(Address address, unsigned size);
    void write(Address address, unsigned size, std::uint32_t value);
    /// Is it a register that repeated loads do not change? See SteadyRegisters.
    bool isSteady(Address address) const;
    /// Another master's access to a memory or a device; false when the address answers nothing.
    bool masterRead(Address address, std::span<std::byte> out);
    bool masterWrite(Address address, std::span<const std::byte> in);
    /// A byte of a memory, as a debugger reads and writes it.
    std::optional<std::uint8_t> peek(Address address) const;
    bool poke(Address address, std::uint8_t value);
    /// Changes a memory that the core cannot write; false where there is none.
    bool program(Address address, std::span<const std::byte> bytes);
    /// A store of the core into flash; true when a flash controller took it.
    bool storeToFlash(Address address, unsigned size, std::uint32_t value);

    /// The first kMostUnmodelled; others read as 0 and forget what is written.
    const std::map<Address, UnmodelledRegister>& unmodelled() const { return m_unmodelled; }
    std::uint64_t unmodelledLeftOut() const { return m_others.reads + m_others.writes; }
    static constexpr std::size_t kMostUnmodelled = 4096;

private:
    struct Device {
        AddressRange range;
        const PeripheralDesc* desc = nullptr;
        std::unique_ptr<Peripheral> model;       ///< nullptr: plain storage
        const SteadyRegisters* steady = nullptr; ///< of the model, if it has some
    };
    /// An area with rules of its own; what lies in none is a device's.
    struct Area {
        AddressRange range;
        std::uint32_t (Bus::*read)(Address, unsigned);
        void (Bus::*write)(Address, unsigned, std::uint32_t);
    };
    /// The unmodelled register that is read again and again by one block.
    struct Poll {
        Address address = 0;
        std::uint32_t block = 0;
        std::uint64_t reads = 0;
    };

    const Area* areaOf(Address address) const;
    const Device* deviceAt(Address address) const;
    std::uint32_t readPpb(Address address, unsigned size);
    void writePpb(Address address, unsigned size, std::uint32_t value);
    std::uint32_t readBit(Address address, unsigned size);
    void writeBit(Address address, unsigned size, std::uint32_t value);
    std::uint32_t readDevice(Address address, unsigned size);
    void writeDevice(Address address, unsigned size, std::uint32_t value);
    UnmodelledRegister& touchUnmodelled(Address address);
    std::uint32_t readUnmodelled(Address address, std::uint32_t value);

    const AddressSpace& m_space;
    SystemControl& m_scs;
    BusCore& m_core;
    std::vector<Area> m_areas;
    std::vector<Device> m_devices;                    ///< by address
    std::vector<FlashController*> m_flashControllers; ///< of m_devices
    std::map<Address, UnmodelledRegister> m_unmodelled;
    UnmodelledRegister m_others; ///< all that have no room in m_unmodelled
    Poll m_poll;
};

} // namespace simprof
