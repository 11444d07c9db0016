// SPDX-License-Identifier: GPL-2.0-or-later
/// The devices and memories of a board without a core: time passes when the test says so.
#pragma once
#include "peripherals/boards.h"
#include "peripherals/registry.h"
#include "peripherals/serial.h"
#include "sim_core/scheduler.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace simprof::test {

class FakeMachine final : public MachineServices {
public:
    explicit FakeMachine(std::string_view board)
        : FakeMachine(*findBoard(board)) {}
    explicit FakeMachine(const BoardDesc& board)
        : m_board(board)
        , m_clock(board.mcu->resetClock) {
        for (const PeripheralDesc& desc : board.mcu->peripherals) {
            m_devices.push_back({&desc, makePeripheral(desc, m_board, *this)});
        }
        reset();
    }

    void reset() {
        m_scheduler.clear();
        for (Device& device : m_devices) {
            device.model->reset();
        }
    }

    const BoardDesc& board() const { return m_board; }

    // ---- what a core would do
    std::uint32_t load(std::string_view name, std::uint32_t offset, unsigned size = 4) {
        return device(name).model->read(offset, size);
    }
    void store(std::string_view name, std::uint32_t offset, std::uint32_t value, unsigned size = 4) {
        device(name).model->write(offset, size, value);
    }
    void setBits(std::string_view name, std::uint32_t offset, std::uint32_t bits) {
        store(name, offset, load(name, offset) | bits);
    }
    /// Lets time pass, events in order.
    void advance(Cycles cycles) {
        const Cycles end = m_now + cycles;
        while (m_scheduler.next() <= end) {
            const Cycles next = std::max(m_now, m_scheduler.next());
            addTime(next - m_now);
            m_scheduler.runDue(m_now);
        }
        addTime(end - m_now);
    }
    /// Lets time pass until `ready` or `most` cycles have passed; returns the cycles.
    template<class Ready>
    Cycles advanceUntil(Ready ready, Cycles most = 100'000'000) {
        const Cycles start = m_now;
        while (!ready() && m_now - start < most) {
            advance(1);
        }
        return m_now - start;
    }
    SerialPort& port(std::string_view name) { return dynamic_cast<SerialPort&>(*device(name).model); }
    std::uint8_t& memory(Address address) { return m_memory[address]; }
    int irqOf(std::string_view name, const std::string& line = "") const {
        return const_cast<FakeMachine*>(this)->device(name).desc->irqs.at(line);
    }
    bool irq(int number) const { return m_irqs.contains(number) && m_irqs.at(number); }

    std::vector<std::string> events;
    std::vector<std::string> resets;
    std::map<int, int> pulses;
    std::map<std::string, MemorySettings> memorySettings;

    // ---- MachineServices
    Cycles now() const override { return m_now; }
    std::uint64_t nowNanoseconds() const override { return static_cast<std::uint64_t>(m_nanoseconds); }
    Hertz coreClock() const override { return m_clock; }
    EventId scheduleAt(Cycles at, std::function<void()> action) override {
        return m_scheduler.schedule(std::max(at, m_now), std::move(action));
    }
    EventId scheduleAfter(std::uint64_t nanoseconds, std::function<void()> action) override {
        return scheduleAt(
            m_now + static_cast<Cycles>(static_cast<double>(nanoseconds) * 1e-9 * static_cast<double>(m_clock)),
            std::move(action));
    }
    void cancel(EventId id) override { m_scheduler.cancel(id); }
    void setIrq(int irq, bool level) override { m_irqs[irq] = level; }
    void pulseIrq(int irq) override { ++pulses[irq]; }
    void sendEvent() override {}
    void setCoreClock(Hertz hertz) override { m_clock = hertz; }
    void setMemory(const std::string& timing, const MemorySettings& settings) override {
        memorySettings[timing] = settings;
    }
    bool busRead(std::string_view, Address address, std::span<std::byte> out) override {
        if (Device* found = at(address)) {
            const std::uint32_t value =
                found->model->read(address - found->desc->range.begin, static_cast<unsigned>(out.size()));
            for (std::size_t i = 0; i < out.size(); ++i) {
                out[i] = static_cast<std::byte>(value >> (8 * i));
            }
            return true;
        }
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = static_cast<std::byte>(m_memory[address + static_cast<Address>(i)]);
        }
        return isMemory(address);
    }
    bool busWrite(std::string_view, Address address, std::span<const std::byte> in) override {
        if (Device* found = at(address)) {
            std::uint32_t value = 0;
            for (std::size_t i = 0; i < in.size(); ++i) {
                value |= std::to_integer<std::uint32_t>(in[i]) << (8 * i);
            }
            found->model->write(address - found->desc->range.begin, static_cast<unsigned>(in.size()), value);
            return true;
        }
        for (std::size_t i = 0; i < in.size(); ++i) {
            m_memory[address + static_cast<Address>(i)] = std::to_integer<std::uint8_t>(in[i]);
        }
        return isMemory(address);
    }
    bool program(Address address, std::span<const std::byte> bytes) override {
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            m_memory[address + static_cast<Address>(i)] = std::to_integer<std::uint8_t>(bytes[i]);
        }
        return isMemory(address);
    }
    Peripheral* peripheral(std::string_view name) override {
        for (Device& entry : m_devices) {
            if (entry.desc->name == name) {
                return entry.model.get();
            }
        }
        return nullptr;
    }
    void reportEvent(std::string text) override { events.push_back(std::move(text)); }
    void requestReset(std::string reason) override { resets.push_back(std::move(reason)); }

private:
    struct Device {
        const PeripheralDesc* desc;
        std::unique_ptr<Peripheral> model;
    };
    Device& device(std::string_view name) {
        for (Device& entry : m_devices) {
            if (entry.desc->name == name) {
                return entry;
            }
        }
        throw std::out_of_range(std::string(name));
    }
    Device* at(Address address) {
        for (Device& entry : m_devices) {
            if (entry.desc->range.contains(address)) {
                return &entry;
            }
        }
        return nullptr;
    }
    bool isMemory(Address address) const {
        for (const MemoryDesc& memory : m_board.mcu->memories) {
            if (memory.range.contains(address)) {
                return true;
            }
        }
        return false;
    }
    void addTime(Cycles cycles) {
        m_now += cycles;
        m_nanoseconds += static_cast<double>(cycles) * 1e9 / static_cast<double>(m_clock);
    }

    const BoardDesc& m_board;
    Scheduler m_scheduler;
    std::vector<Device> m_devices;
    std::map<Address, std::uint8_t> m_memory;
    std::map<int, bool> m_irqs;
    Cycles m_now = 0;
    double m_nanoseconds = 0;
    Hertz m_clock;
};

/// Keeps what a UART sends.
class Listener final : public SerialSink {
public:
    explicit Listener(SerialPort& port)
        : m_port(port) {
        port.attach(*this);
    }
    ~Listener() override { m_port.detach(*this); }
    void byteSent(std::byte byte, std::uint64_t nanoseconds) override {
        text += static_cast<char>(byte);
        times.push_back(nanoseconds);
    }
    std::string text;
    std::vector<std::uint64_t> times;

private:
    SerialPort& m_port;
};

} // namespace simprof::test
