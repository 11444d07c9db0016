// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/nrf/nrf_device.h"

namespace simprof {
namespace {
constexpr std::uint32_t kPower =
    0xFFC; // nRF51 RM v3.0: instances are switched off and on here; the errata sheets of the nRF52 use it too
} // namespace

std::vector<RegisterRow> channelRows(std::uint32_t first, std::uint32_t step, unsigned count, const char* name,
                                     std::uint32_t reset, std::uint32_t writable) {
    std::vector<RegisterRow> rows;
    for (unsigned index = 0; index < count; ++index) {
        rows.push_back({first + step * index, name, reset, writable});
    }
    return rows;
}

std::vector<RegisterRow> joined(std::initializer_list<std::vector<RegisterRow>> parts) {
    std::vector<RegisterRow> rows;
    for (const auto& part : parts) {
        rows.insert(rows.end(), part.begin(), part.end());
    }
    return rows;
}

NrfDevice::NrfDevice(const PeripheralDesc& desc, MachineServices& services, std::vector<RegisterRow> tasks,
                     std::vector<RegisterRow> events, std::vector<RegisterRow> registers)
    : RegisterFile(desc, services,
                   joined({std::move(tasks),
                           std::move(events),
                           std::move(registers),
                           {{kShorts, "SHORTS"},
                            {kInten, "INTEN"},
                            {kIntenset, "INTENSET"},
                            {kIntenclr, "INTENCLR"},
                            {kPower, "POWER", 1, 1}}}))
    , m_irq(irqLine()) {}

std::uint32_t NrfDevice::onRead(std::uint32_t offset) {
    return offset == kIntenset || offset == kIntenclr ? value(kInten) : isTask(offset) ? 0 : value(offset);
}

void NrfDevice::onWrite(std::uint32_t offset, std::uint32_t value, std::uint32_t lanes) {
    if (isTask(offset)) {
        if ((value & 1U) != 0) {
            task(offset);
        }
        return;
    }
    const std::uint32_t before = this->value(offset);
    if (offset == kIntenset) {
        setBits(kInten, value);
    } else if (offset == kIntenclr) {
        clearBits(kInten, value);
    } else {
        store(offset, value, lanes);
        if (offset == kPower && (before & 1U) != 0 && (this->value(kPower) & 1U) == 0) {
            reset(); // a device without power forgets all its registers
            setValue(kPower, 0);
        } else if (offset >= 0x200) {
            written(offset, before);
        }
    }
    update();
}

void NrfDevice::onReset() {
    m_irq.set(false);
    stopped();
}

void NrfDevice::raise(std::uint32_t event) {
    setValue(event, 1);
    update();
    if (auto* router = dynamic_cast<EventRouter*>(services().peripheral("PPI"))) {
        router->eventFired(desc().range.begin + event);
    }
}

void NrfDevice::update() {
    bool level = false;
    for (unsigned number = 0; number < 32 && !level; ++number) {
        level = bit(kInten, number) && value(0x100 + 4 * number) != 0;
    }
    m_irq.set(level);
}

} // namespace simprof
