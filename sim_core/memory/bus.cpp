// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim_core/memory/bus.h"

#include <algorithm>
#include <cstring>

namespace simprof {

namespace {

bool isRegisterSize(std::size_t size) { return size == 1 || size == 2 || size == 4; }

/// The bits of a word that an access of `size` bytes at `address` covers, moved to bit 0.
std::uint32_t lowMask(unsigned size) { return size == 4 ? ~0U : (1U << (8 * size)) - 1; }

/// A bit-band alias: the byte it shows and the bit in it.
struct Bit {
    Address byte = 0;
    unsigned number = 0;
};

Bit bitOf(Address alias) {
    const std::uint32_t offset = alias & 0x01FFFFFFU;
    return {(alias & 0xF0000000U) + (offset >> 5), offset >> 2 & 7U};
}

} // namespace

Bus::Bus(const McuDesc& mcu, const AddressSpace& space, SystemControl& scs, BusCore& core)
    : m_space(space)
    , m_scs(scs)
    , m_core(core)
    , m_areas{{address_map::kPpb, &Bus::readPpb, &Bus::writePpb}} {
    if (mcu.core.bitBand) {
        m_areas.push_back({address_map::kSramBitBand, &Bus::readBit, &Bus::writeBit});
        m_areas.push_back({address_map::kDeviceBitBand, &Bus::readBit, &Bus::writeBit});
    }
}

// ---- devices -------------------------------------------------------------------------------------------------------

void Bus::addDevice(const PeripheralDesc& desc, std::unique_ptr<Peripheral> device) {
    if (auto* controller = dynamic_cast<FlashController*>(device.get())) {
        m_flashControllers.push_back(controller);
    }
    const auto after =
        std::ranges::upper_bound(m_devices, desc.range.begin, {}, [](const Device& d) { return d.range.begin; });
    const auto* const steady = dynamic_cast<const SteadyRegisters*>(device.get());
    m_devices.insert(after, {desc.range, &desc, std::move(device), steady});
}

void Bus::resetDevices() {
    for (Device& device : m_devices) {
        if (device.model) {
            device.model->reset();
        }
    }
}

void Bus::deepSleep(bool asleep) {
    for (Device& device : m_devices) {
        if (device.model) {
            device.model->deepSleep(asleep);
        }
    }
}

Peripheral* Bus::peripheral(std::string_view name) const {
    const auto found = std::ranges::find_if(m_devices, [&](const Device& device) { return device.desc->name == name; });
    return found != m_devices.end() ? found->model.get() : nullptr;
}

const Bus::Device* Bus::deviceAt(Address address) const {
    auto after = std::ranges::upper_bound(m_devices, address, {}, [](const Device& d) { return d.range.begin; });
    if (after == m_devices.begin()) {
        return nullptr;
    }
    --after;
    return after->range.contains(address) ? &*after : nullptr;
}

// ---- registers -----------------------------------------------------------------------------------------------------

const Bus::Area* Bus::areaOf(Address address) const {
    const auto area = std::ranges::find_if(m_areas, [&](const Area& a) { return a.range.contains(address); });
    return area != m_areas.end() ? &*area : nullptr;
}

std::uint32_t Bus::read(Address address, unsigned size) {
    const Area* area = areaOf(address);
    return area != nullptr ? (this->*area->read)(address, size) : readDevice(address, size);
}

void Bus::write(Address address, unsigned size, std::uint32_t value) {
    if (const Area* area = areaOf(address)) {
        (this->*area->write)(address, size, value);
    } else {
        writeDevice(address, size, value);
    }
}

bool Bus::isSteady(Address address) const {
    const Device* device = areaOf(address) == nullptr ? deviceAt(address) : nullptr;
    if (device == nullptr || device->steady == nullptr) {
        return false;
    }
    const std::uint32_t offset = address - device->range.begin;
    return device->model->models(offset) && device->steady->isSteady(offset);
}

std::uint32_t Bus::readPpb(Address address, unsigned size) {
    if (m_scs.models(address)) {
        return m_scs.read(address, size);
    }
    UnmodelledRegister& reg = touchUnmodelled(address);
    ++reg.reads;
    return reg.value;
}

void Bus::writePpb(Address address, unsigned size, std::uint32_t value) {
    if (m_scs.models(address)) {
        m_scs.write(address, size, value);
        return;
    }
    UnmodelledRegister& reg = touchUnmodelled(address);
    ++reg.writes;
    reg.value = value;
}

std::uint32_t Bus::readBit(Address address, unsigned) {
    const Bit bit = bitOf(address);
    const auto byte = m_space.at(bit.byte, 1);
    const std::uint32_t value = byte.empty() ? read(bit.byte, 1) : std::to_integer<std::uint32_t>(byte[0]);
    return value >> bit.number & 1U;
}

void Bus::writeBit(Address address, unsigned, std::uint32_t value) {
    const Bit bit = bitOf(address);
    const auto byte = m_space.at(bit.byte, 1);
    if (!byte.empty()) {
        const auto mask = static_cast<std::byte>(1U << bit.number);
        byte[0] = (value & 1U) != 0 ? byte[0] | mask : byte[0] & ~mask;
        m_core.bytesChanged(byte);
        return;
    }
    const Address word = bit.byte & ~3U;
    const unsigned position = bit.number + 8 * (bit.byte & 3U);
    write(word, 4, (read(word, 4) & ~(1U << position)) | (value & 1U) << position);
}

std::uint32_t Bus::readDevice(Address address, unsigned size) {
    const Device* device = deviceAt(address);
    if (device != nullptr && device->model) {
        const std::uint32_t offset = address - device->range.begin;
        const std::uint32_t value = device->model->read(offset, size);
        return device->model->models(offset) ? value : readUnmodelled(address, value);
    }
    return readUnmodelled(address, touchUnmodelled(address).value >> (8 * (address & 3U))) & lowMask(size);
}

void Bus::writeDevice(Address address, unsigned size, std::uint32_t value) {
    const Device* device = deviceAt(address);
    if (device != nullptr && device->model) {
        const std::uint32_t offset = address - device->range.begin;
        if (!device->model->models(offset)) {
            ++touchUnmodelled(address).writes;
        }
        device->model->write(offset, size, value);
        return;
    }
    UnmodelledRegister& reg = touchUnmodelled(address);
    ++reg.writes;
    const unsigned shift = 8 * (address & 3U);
    const std::uint32_t mask = size == 4 ? ~0U : lowMask(size) << shift;
    reg.value = (reg.value & ~mask) | (value << shift & mask);
}

UnmodelledRegister& Bus::touchUnmodelled(Address address) {
    if (m_unmodelled.size() >= kMostUnmodelled && !m_unmodelled.contains(address & ~3U)) {
        m_others.value = 0;
        return m_others;
    }
    const auto [entry, isNew] = m_unmodelled.try_emplace(address & ~3U);
    if (isNew) {
        const Device* device = deviceAt(address);
        entry->second.peripheral = device != nullptr ? device->desc->name : "";
        entry->second.firstPc = m_core.currentPc();
    }
    return entry->second;
}

/// Counts a read of a register nobody models. A loop that waits on one would wait for ever: after a while it is shown
/// all bits set, then all clear, in turn, and the report lists the guess.
std::uint32_t Bus::readUnmodelled(Address address, std::uint32_t value) {
    constexpr std::uint64_t kPatience = 2000;
    UnmodelledRegister& reg = touchUnmodelled(address);
    ++reg.reads;
    const std::uint32_t block = m_core.currentBlock();
    if (address != m_poll.address || block != m_poll.block) {
        m_poll = {address, block, 0};
    }
    if (++m_poll.reads <= kPatience) {
        return value;
    }
    reg.pollSatisfied = true;
    return m_poll.reads / kPatience % 2 == 1 ? ~0U : 0;
}

// ---- memories ------------------------------------------------------------------------------------------------------

bool Bus::masterRead(Address address, std::span<std::byte> out) {
    if (const auto bytes = m_space.at(address, out.size()); !bytes.empty()) {
        std::memcpy(out.data(), bytes.data(), out.size());
        return true;
    }
    if (deviceAt(address) == nullptr || !isRegisterSize(out.size())) {
        return false;
    }
    const std::uint32_t value = read(address, static_cast<unsigned>(out.size()));
    std::memcpy(out.data(), &value, out.size());
    return true;
}

bool Bus::masterWrite(Address address, std::span<const std::byte> in) {
    if (const auto bytes = m_space.at(address, in.size()); !bytes.empty() && m_space.find(address)->writable) {
        std::memcpy(bytes.data(), in.data(), in.size());
        m_core.bytesChanged(bytes);
        return true;
    }
    if (deviceAt(address) == nullptr || !isRegisterSize(in.size())) {
        return false;
    }
    std::uint32_t value = 0;
    std::memcpy(&value, in.data(), in.size());
    write(address, static_cast<unsigned>(in.size()), value);
    return true;
}

std::optional<std::uint8_t> Bus::peek(Address address) const {
    const auto byte = m_space.at(address, 1);
    return byte.empty() ? std::nullopt : std::optional(std::to_integer<std::uint8_t>(byte[0]));
}

bool Bus::poke(Address address, std::uint8_t value) {
    const AddressSpace::Region* region = m_space.find(address);
    if (region == nullptr || !region->writable) {
        return false;
    }
    const auto byte = m_space.at(address, 1);
    byte[0] = std::byte{value};
    m_core.bytesChanged(byte);
    return true;
}

bool Bus::program(Address address, std::span<const std::byte> bytes) {
    const auto target = m_space.at(address, bytes.size());
    if (target.empty()) {
        return false;
    }
    std::memcpy(target.data(), bytes.data(), bytes.size());
    m_core.programmed({address, static_cast<std::uint32_t>(bytes.size())});
    return true;
}

bool Bus::storeToFlash(Address address, unsigned size, std::uint32_t value) {
    return !m_space.at(address, size).empty() &&
           std::ranges::any_of(m_flashControllers, [&](FlashController* controller) {
               return controller->storeToFlash(address, size, value);
           });
}

} // namespace simprof
