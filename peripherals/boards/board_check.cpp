// SPDX-License-Identifier: GPL-2.0-or-later
#include "peripherals/boards/board_check.h"

#include "peripherals/boards/board_values.h"
#include "peripherals/registry.h"
#include "peripherals/sensors/sensor.h"
#include "sim_core/error.h"
#include "sim_core/timing/memory_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <vector>

namespace simprof {

void BoardSource::fail(const std::string& path, const std::string& text) const {
    std::string around = path;
    auto line = lines.find(around);
    while (line == lines.end() && !around.empty()) {
        const std::size_t dot = around.find_last_of(".[");
        around.resize(dot == std::string::npos ? 0 : dot);
        line = lines.find(around);
    }
    throw Error(fmt::format("{}:{}: {}: {}", file, line == lines.end() ? 1 : line->second, path, text));
}

namespace {

/// A machine in which nothing happens: enough to see whether a device can be built from its wiring.
class EmptyMachine final : public MachineServices {
public:
    Cycles now() const override { return 0; }
    std::uint64_t nowNanoseconds() const override { return 0; }
    Hertz coreClock() const override { return 1'000'000; }
    EventId scheduleAt(Cycles, std::function<void()>) override { return EventId::None; }
    EventId scheduleAfter(std::uint64_t, std::function<void()>) override { return EventId::None; }
    void cancel(EventId) override {}
    void setIrq(int, bool) override {}
    void pulseIrq(int) override {}
    void sendEvent() override {}
    void setCoreClock(Hertz) override {}
    void setMemory(const std::string&, const MemorySettings&) override {}
    bool busRead(std::string_view, Address, std::span<std::byte>) override { return false; }
    bool busWrite(std::string_view, Address, std::span<const std::byte>) override { return false; }
    Peripheral* peripheral(std::string_view) override { return nullptr; }
    void reportEvent(std::string) override {}
    void requestReset(std::string) override {}
};

bool overlap(const AddressRange& a, const AddressRange& b) { return a.begin < b.end() && b.begin < a.end(); }

void checkRange(const AddressRange& range, const std::string& path, const BoardSource& source) {
    if (range.size == 0) {
        source.fail(path + ".bytes", "is 0: give its size in bytes");
    }
    if (range.end() > (std::uint64_t{1} << 32)) {
        source.fail(path + ".bytes", fmt::format("0x{:x} bytes from 0x{:08x} reach beyond the end of the address space",
                                                 range.size, range.begin));
    }
}

/// Lists whose entries are compared with each other.
void checkCount(std::size_t count, const std::string& path, const BoardSource& source) {
    constexpr std::size_t kMost = 1024;
    if (count > kMost) {
        source.fail(path, fmt::format("has {} entries, which is more than any board has ({})", count, kMost));
    }
}

/// All of it is allocated on the host.
constexpr std::uint64_t kMostMemory = 512ULL << 20;

void checkMemories(const McuDesc& mcu, const BoardSource& source) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < mcu.memories.size(); ++i) {
        const MemoryDesc& memory = mcu.memories[i];
        const std::string path = fmt::format("mcu.memories[{}]", i);
        checkRange(memory.range, path, source);
        sum += memory.aliasOf ? 0 : memory.range.size;
        if (sum > kMostMemory) {
            source.fail(path + ".bytes", fmt::format("all memories together are more than {} MiB", kMostMemory >> 20));
        }
        if (!memory.timing.empty() && findFlashRow(memory.timing) == nullptr && findAxiRow(memory.timing) == nullptr &&
            findZeroWaitRow(memory.timing) == nullptr) {
            source.fail(
                path + ".timing",
                fmt::format(
                    "there is no memory timing '{}'; leave the key out for a memory without wait states, or take the "
                    "name from a board with the same memory ('simprof boards NAME')",
                    memory.timing));
        }
        if (memory.contents.size() > memory.range.size) {
            source.fail(path + ".contents",
                        fmt::format("{} bytes do not fit into {}", memory.contents.size(), memory.range.size));
        }
        const auto shows = [&](const MemoryDesc& other) {
            return !other.aliasOf && other.range.contains(*memory.aliasOf, memory.range.size);
        };
        if (memory.aliasOf && std::ranges::none_of(mcu.memories, shows)) {
            source.fail(path + ".alias_of",
                        fmt::format("no memory has {} bytes at 0x{:08x}", memory.range.size, *memory.aliasOf));
        }
        for (std::size_t k = 0; k < i; ++k) {
            if (overlap(memory.range, mcu.memories[k].range)) {
                source.fail(path + ".base", fmt::format("'{}' overlaps '{}'", memory.name, mcu.memories[k].name));
            }
        }
    }
}

void checkPeripheral(const BoardDesc& board, std::size_t index, const std::set<std::string>& types,
                     const BoardSource& source) {
    const McuDesc& mcu = *board.mcu;
    const PeripheralDesc& device = mcu.peripherals[index];
    const std::string path = fmt::format("mcu.peripherals[{}]", index);
    checkRange(device.range, path, source);
    if (!types.contains(device.type)) {
        source.fail(
            path + ".type",
            fmt::format(
                "there is no type '{}'; \"unmodelled\" keeps registers and reports who touches them, the others are {}",
                device.type, fmt::join(types, ", ")));
    }
    for (const auto& [line, number] : device.irqs) {
        if (number >= static_cast<int>(mcu.core.irqCount)) {
            source.fail(path + ".irqs", fmt::format("interrupt {} is beyond the core's {} (mcu.core.interrupts)",
                                                    number, mcu.core.irqCount));
        }
    }
    for (std::size_t k = 0; k < index; ++k) {
        if (mcu.peripherals[k].name == device.name) {
            source.fail(path + ".name", fmt::format("there is a peripheral '{}' already", device.name));
        }
        if (overlap(device.range, mcu.peripherals[k].range)) {
            source.fail(path + ".base", fmt::format("'{}' overlaps '{}'", device.name, mcu.peripherals[k].name));
        }
    }
    for (const MemoryDesc& memory : mcu.memories) {
        if (overlap(device.range, memory.range)) {
            source.fail(path + ".base", fmt::format("'{}' overlaps the memory '{}'", device.name, memory.name));
        }
    }
    for (const char* count : {"channels", "pads", "fifo"}) {
        const auto option = device.options.find(count);
        if (option != device.options.end() && numberFrom(option->second).value_or(0) > 64) {
            source.fail(path + ".options", fmt::format("{} = \"{}\" is more than any chip has", count, option->second));
        }
    }
    EmptyMachine machine;
    try {
        (void)makePeripheral(device, board, machine);
    } catch (const Error&) {
        throw;
    } catch (const std::exception&) {
        source.fail(path + ".options", fmt::format("'{}' cannot be wired like this: compare a board with the same type "
                                                   "('simprof boards NAME --as=toml --full')",
                                                   device.type));
    }
}

void checkMcu(const McuDesc& mcu, const BoardSource& source) {
    checkCount(mcu.memories.size(), "mcu.memories", source);
    checkCount(mcu.peripherals.size(), "mcu.peripherals", source);
    if (mcu.memories.empty()) {
        source.fail("mcu.memories", "is empty: a core needs memory to run from");
    }
    if (mcu.resetClock == 0 || mcu.resetClock > mcu.maxClock) {
        source.fail("mcu.reset_clock_hz", fmt::format("{} is not between 1 and max_clock_hz", mcu.resetClock));
    }
    const CoreKind& core = *mcu.core.kind;
    if (mcu.core.irqCount > core.maxInterrupts()) {
        source.fail("mcu.core.interrupts", fmt::format("this core has at most {}", core.maxInterrupts()));
    }
    if (mcu.core.nvicPriorityBits < 2 || mcu.core.nvicPriorityBits > core.maxPriorityBits()) {
        source.fail("mcu.core.priority_bits", core.isV7() ? "is 3 to 8 on this core" : "is 2 on this core");
    }
    if (mcu.core.fpu && core.fpu == FpuVersion::None) {
        source.fail("mcu.core.fpu", "this core has no floating-point unit");
    }
    if (mcu.core.mpuRegions > 16) {
        source.fail("mcu.core.mpu_regions", "is at most 16");
    }
    if (mcu.core.mulCycles != 1 && mcu.core.mulCycles != 32) {
        source.fail("mcu.core.multiply_cycles", "is 1 or 32");
    }
    for (const auto& [key, bytes] : {std::pair("mcu.core.icache_bytes", mcu.core.icacheBytes),
                                     std::pair("mcu.core.dcache_bytes", mcu.core.dcacheBytes)}) {
        if (bytes != 0 && (!core.hasL1() || bytes < 4096 || bytes > 65536 || (bytes & (bytes - 1)) != 0)) {
            source.fail(key, "is 0, or on a Cortex-M7 4096, 8192, 16384, 32768 or 65536");
        }
    }
    if (mcu.irqNames.size() > mcu.core.irqCount) {
        source.fail("mcu.interrupt_names",
                    fmt::format("has more names than mcu.core.interrupts ({})", mcu.core.irqCount));
    }
    checkMemories(mcu, source);
}

void checkSupplies(const BoardDesc& board, const BoardSource& source) {
    for (std::size_t i = 0; i < board.supplies.size(); ++i) {
        const SupplyPoint& supply = board.supplies[i];
        const std::string path = fmt::format("supplies[{}]", i);
        if (!(supply.volts > 0.5 && supply.volts < 60)) {
            source.fail(path + ".volts", "is no supply voltage of a microcontroller: give volts");
        }
        std::vector<double> currents = {supply.microampPerMhz, supply.microampFixed,
                                        supply.sleepMicroampPerMhz.value_or(0), supply.stopMicroamp.value_or(0)};
        for (const CurrentRow& row : supply.currents) {
            currents.insert(currents.end(), {row.microamp, row.mostMicroamp, row.megahertz});
        }
        for (const double current : currents) {
            if (!(current >= 0 && current < 1e9)) {
                source.fail(path, "a current is negative or beyond a kiloampere: give microamperes");
            }
        }
        const auto runs = [](const CurrentRow& row) { return row.state == PowerState::Run; };
        if (!(supply.microampPerMhz > 0) && !(supply.microampFixed > 0) &&
            std::ranges::none_of(supply.currents, runs)) {
            source.fail(path + ".microamp_per_mhz", "is missing: while running, times the core clock");
        }
        if (!(supply.bandPercent > 0 && supply.bandPercent < 1e6)) {
            source.fail(path + ".band_percent", "a figure without a band is not believed: give the ± in percent");
        }
    }
}

} // namespace

void checkBoard(const BoardDesc& board, const BoardSource& source) {
    const McuDesc& mcu = *board.mcu;
    if (board.name.empty()) {
        source.fail("name", "is empty: reports need one");
    }
    checkMcu(mcu, source);
    std::set<std::string> types;
    for (const PeripheralType& type : peripheralTypes()) {
        types.insert(type.name);
    }
    const bool isKnown = source.lines.contains("mcu.peripherals");
    for (std::size_t i = 0; isKnown && i < mcu.peripherals.size(); ++i) {
        checkPeripheral(board, i, types, source);
    }
    const auto isThere = [&](const std::string& name) {
        return std::ranges::any_of(mcu.peripherals, [&](const auto& device) { return device.name == name; });
    };
    if (!board.console.empty() && !isThere(board.console)) {
        source.fail("console", fmt::format("{} has no peripheral '{}'", mcu.name, board.console));
    }
    if (std::ranges::none_of(mcu.memories,
                             [&](const MemoryDesc& memory) { return memory.range.contains(board.vectorTable, 8); })) {
        source.fail("vector_table", fmt::format("{} has no memory at 0x{:08x}", mcu.name, board.vectorTable));
    }
    for (const auto& [name, hertz] : board.oscillators) {
        if (hertz == 0 || hertz > 1'000'000'000) {
            source.fail("oscillators_hz." + name, "a crystal has from 1 Hz to 1 GHz; leave out what is not fitted");
        }
    }
    checkSupplies(board, source);
    checkCount(board.sensors.size(), "sensors", source);
    for (std::size_t i = 0; i < board.sensors.size(); ++i) {
        const std::string path = fmt::format("sensors[{}]", i);
        if (const auto buses = sensorBuses(mcu); std::ranges::find(buses, board.sensors[i].bus) == buses.end()) {
            source.fail(path + ".bus", fmt::format("{} has no '{}': a sensor is attached to one of {}", mcu.name,
                                                   board.sensors[i].bus, fmt::join(buses, ", ")));
        }
        if (const std::string wrong = wrongSensor(board.sensors[i]); !wrong.empty()) {
            source.fail(path, wrong);
        }
    }
}

} // namespace simprof
