// SPDX-License-Identifier: GPL-2.0-or-later
/// The machine's devices: dispatch of register accesses, bus masters, interrupts.
#include "sim_core/machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace simprof {

namespace {

constexpr Address kPpbBase = 0xE0000000;
constexpr Address kPpbEnd = 0xE0100000;
constexpr Address kSramBitBand = 0x22000000, kDeviceBitBand = 0x42000000;
constexpr std::uint32_t kBitBandSize = 0x02000000;

} // namespace

/// These bytes changed: the engine may have translated them.
void Machine::onWatchedStore(std::span<const std::byte> bytes) {
    if (!m_blocks.wrote(bytes)) {
        return;
    }
    for (const AddressSpace::Region& region : m_space.regions()) { // aliases show the same bytes
        const std::ptrdiff_t offset = bytes.data() - region.bytes.data();
        if (offset >= 0 && offset < static_cast<std::ptrdiff_t>(region.bytes.size())) {
            m_cpu.forgetCode(
                {region.range.begin + static_cast<Address>(offset), static_cast<std::uint32_t>(bytes.size())});
        }
    }
}

Machine::MappedPeripheral* Machine::mapped(Address address) {
    auto after = std::upper_bound(m_devices.begin(), m_devices.end(), address,
                                  [](Address a, const MappedPeripheral& device) { return a < device.range.begin; });
    if (after == m_devices.begin()) {
        return nullptr;
    }
    --after;
    return after->range.contains(address) ? &*after : nullptr;
}

UnmodelledRegister& Machine::touchUnmodelled(Address address) {
    const auto [entry, isNew] = m_unmodelled.try_emplace(address & ~3U);
    if (isNew) {
        const MappedPeripheral* device = mapped(address);
        entry->second.peripheral = device != nullptr ? device->desc->name : "";
        entry->second.firstPc = m_current != nullptr ? accessPc() : m_pc;
    }
    return entry->second;
}

std::optional<Address> Machine::bitBandTarget(Address address, unsigned& bit) const {
    if (!m_mcu.core.bitBand) {
        return std::nullopt;
    }
    for (const Address base : {kSramBitBand, kDeviceBitBand}) {
        if (address >= base && address - base < kBitBandSize) {
            const std::uint32_t offset = address - base;
            bit = offset >> 2 & 7U;
            return (base & 0xF0000000U) + (offset >> 5);
        }
    }
    return std::nullopt;
}

std::uint32_t Machine::deviceRead(Address address, unsigned size) {
    if (address >= kPpbBase && address < kPpbEnd) {
        if (!m_scs.models(address)) {
            UnmodelledRegister& reg = touchUnmodelled(address);
            ++reg.reads;
            return reg.value;
        }
        return m_scs.read(address, size);
    }
    unsigned bit = 0;
    if (const auto target = bitBandTarget(address, bit)) {
        const auto byte = m_space.at(*target, 1);
        const std::uint32_t value = byte.empty() ? deviceRead(*target, 1) : std::to_integer<std::uint32_t>(byte[0]);
        return value >> bit & 1U;
    }
    MappedPeripheral* device = mapped(address);
    if (device != nullptr && device->device) {
        const std::uint32_t offset = address - device->range.begin;
        const std::uint32_t value = device->device->read(offset, size);
        return device->device->models(offset) ? value : readUnmodelled(address, value);
    }
    const std::uint32_t value = readUnmodelled(address, touchUnmodelled(address).value >> (8 * (address & 3U)));
    return size == 4 ? value : value & ((1U << (8 * size)) - 1);
}

/// Counts a read of a register nobody models. A loop that waits on one would wait for ever: after a while it is shown
/// all bits set, then all clear, in turn, and the report lists the guess.
std::uint32_t Machine::readUnmodelled(Address address, std::uint32_t value) {
    constexpr std::uint64_t kPatience = 2000;
    UnmodelledRegister& reg = touchUnmodelled(address);
    ++reg.reads;
    const std::uint32_t block = m_current != nullptr ? m_current->block.id : 0;
    if (address != m_poll.address || block != m_poll.block) {
        m_poll = {address, block, 0};
    }
    if (++m_poll.reads <= kPatience) {
        return value;
    }
    reg.pollSatisfied = true;
    return m_poll.reads / kPatience % 2 == 1 ? ~0U : 0;
}

void Machine::deviceWrite(Address address, unsigned size, std::uint32_t value) {
    if (address >= kPpbBase && address < kPpbEnd) {
        if (!m_scs.models(address)) {
            UnmodelledRegister& reg = touchUnmodelled(address);
            ++reg.writes;
            reg.value = value;
            return;
        }
        m_scs.write(address, size, value);
        return;
    }
    unsigned bit = 0;
    if (const auto target = bitBandTarget(address, bit)) {
        const auto byte = m_space.at(*target, 1);
        if (!byte.empty()) {
            const auto mask = static_cast<std::byte>(1U << bit);
            byte[0] = (value & 1U) != 0 ? byte[0] | mask : byte[0] & ~mask;
            onWatchedStore(byte);
        } else {
            const std::uint32_t old = deviceRead(*target & ~3U, 4);
            const unsigned position = bit + 8 * (*target & 3U);
            deviceWrite(*target & ~3U, 4, (old & ~(1U << position)) | (value & 1U) << position);
        }
        return;
    }
    MappedPeripheral* device = mapped(address);
    if (device != nullptr && device->device) {
        const std::uint32_t offset = address - device->range.begin;
        if (!device->device->models(offset)) {
            ++touchUnmodelled(address).writes;
        }
        device->device->write(offset, size, value);
        return;
    }
    UnmodelledRegister& reg = touchUnmodelled(address);
    ++reg.writes;
    const unsigned shift = 8 * (address & 3U);
    const std::uint32_t mask = size == 4 ? ~0U : ((1U << (8 * size)) - 1) << shift;
    reg.value = (reg.value & ~mask) | (value << shift & mask);
}

std::uint32_t Machine::onMmioRead(Address address, unsigned size) {
    if (m_fault || (address >= kPpbBase && !ppbAllows(address, false))) {
        return 0; // the block is being undone
    }
    m_inMmio = true;
    const std::uint32_t value = deviceRead(address, size);
    m_inMmio = false;
    return value;
}

void Machine::onMmioWrite(Address address, unsigned size, std::uint32_t value) {
    if (m_fault || (address >= kPpbBase && !ppbAllows(address, true))) {
        return;
    }
    m_inMmio = true;
    deviceWrite(address, size, value);
    m_inMmio = false;
}

// ---- services ------------------------------------------------------------------------------------------------------

void Machine::setIrq(int irq, bool level) {
    m_scs.nvic().setLevel(static_cast<unsigned>(irq), level);
    m_recheck = true;
}

void Machine::pulseIrq(int irq) {
    m_scs.nvic().setPending(exception::kFirstIrq + static_cast<unsigned>(irq));
    m_recheck = true;
}

void Machine::setMemory(const std::string& timing, const MemorySettings& settings) {
    m_timing->setMemory(timing, settings);
}

void Machine::l1Changed() {
    m_timing->setL1(m_scs.l1());
    m_timing->setCachePolicies(m_scs.mpu().cachePolicies());
    m_recheck = true;
}

bool Machine::busRead(std::string_view master, Address address, std::span<std::byte> out) {
    if (const auto bytes = m_space.at(address, out.size()); !bytes.empty()) {
        std::memcpy(out.data(), bytes.data(), out.size());
    } else if (mapped(address) != nullptr && (out.size() == 1 || out.size() == 2 || out.size() == 4)) {
        const std::uint32_t value = deviceRead(address, static_cast<unsigned>(out.size()));
        std::memcpy(out.data(), &value, out.size());
    } else {
        return false;
    }
    if (m_listener != nullptr) {
        m_listener->busMasterAccess(master, address, static_cast<std::uint32_t>(out.size()), false, now());
    }
    return true;
}

bool Machine::busWrite(std::string_view master, Address address, std::span<const std::byte> in) {
    if (const auto bytes = m_space.at(address, in.size()); !bytes.empty() && m_space.find(address)->writable) {
        std::memcpy(bytes.data(), in.data(), in.size());
        onWatchedStore(bytes);
    } else if (mapped(address) != nullptr && (in.size() == 1 || in.size() == 2 || in.size() == 4)) {
        std::uint32_t value = 0;
        std::memcpy(&value, in.data(), in.size());
        deviceWrite(address, static_cast<unsigned>(in.size()), value);
    } else {
        return false;
    }
    if (m_listener != nullptr) {
        m_listener->busMasterAccess(master, address, static_cast<std::uint32_t>(in.size()), true, now());
    }
    return true;
}

bool Machine::program(Address address, std::span<const std::byte> bytes) {
    const auto target = m_space.at(address, bytes.size());
    if (target.empty()) {
        return false;
    }
    std::memcpy(target.data(), bytes.data(), bytes.size());
    const AddressRange range{address, static_cast<std::uint32_t>(bytes.size())};
    m_blocks.forget(range);
    m_cpu.forgetCode(range);
    return true;
}

bool Machine::onReadOnlyStore(Address address, unsigned size, std::uint32_t value) {
    if (m_fault || m_space.at(address, size).empty()) {
        return false;
    }
    for (MappedPeripheral& device : m_devices) {
        if (auto* controller = dynamic_cast<FlashController*>(device.device.get())) {
            m_inMmio = true;
            const bool taken = controller->storeToFlash(address, size, value);
            m_inMmio = false;
            if (taken) {
                return true;
            }
        }
    }
    return false;
}

Peripheral* Machine::peripheral(std::string_view name) {
    for (MappedPeripheral& device : m_devices) {
        if (device.desc->name == name) {
            return device.device.get();
        }
    }
    return nullptr;
}

void Machine::traceOutput(unsigned port, std::uint32_t value, unsigned size) {
    if (port != 0 || !m_options.console) {
        return;
    }
    char text[4];
    std::memcpy(text, &value, 4);
    m_options.console({text, size});
}

std::optional<std::uint8_t> Machine::peek(Address address) const {
    const auto byte = m_space.at(address, 1);
    return byte.empty() ? std::nullopt : std::optional(std::to_integer<std::uint8_t>(byte[0]));
}

bool Machine::poke(Address address, std::uint8_t value) {
    const AddressSpace::Region* region = m_space.find(address);
    if (region == nullptr || !region->writable) {
        return false;
    }
    const auto byte = m_space.at(address, 1);
    byte[0] = std::byte{value};
    onWatchedStore(byte);
    return true;
}

} // namespace simprof
