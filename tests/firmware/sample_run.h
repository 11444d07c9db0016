// SPDX-License-Identifier: GPL-2.0-or-later
// Runs a firmware sample on its board: what it printed, how it ended, whether every cycle had an owner.
#pragma once
#include "peripherals/boards.h"
#include "peripherals/registry.h"
#include "peripherals/serial.h"
#include "sim_core/machine.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>

namespace simprof::test {

/// Adds up the cycles of everything the machine tells.
class OwnedCycles : public EventListener {
public:
    Cycles sum = 0;
    void blockRetired(const BlockEvent& event) override {
        EXPECT_EQ(event.start, sum);
        sum += event.cycles;
    }
    void exceptionEntered(unsigned, Address, Address, Cycles, std::uint32_t cycles) override { sum += cycles; }
    void exceptionReturned(unsigned, Address, Address, Cycles, std::uint32_t cycles, bool) override { sum += cycles; }
    void exceptionStall(Cycles, std::uint32_t cycles) override { sum += cycles; }
    void slept(Cycles, Cycles cycles, bool) override { sum += cycles; }
};

struct SampleRun {
    HaltReason halt;
    std::string output;
    Cycles cycles = 0;
    Cycles owned = 0;
    FirmwareImage image;

    /// Address of a symbol of the sample, without the Thumb bit.
    std::optional<Address> symbol(std::string_view name) const {
        for (const ImageSymbol& symbol : image.symbols) {
            if (symbol.name == name) {
                return symbol.address;
            }
        }
        return std::nullopt;
    }
};

inline std::filesystem::path samplePath(const std::string& name) {
    return std::filesystem::path(SIMPROF_BINARY_DIR) / "firmware" / (name + ".elf");
}

/// "fault-bkpt-nucleo-l4r5zi" runs on nucleo-l4r5zi: the board whose name the sample's ends with.
inline const BoardDesc* boardOfSample(const std::string& name) {
    for (std::size_t dash = name.find('-'); dash != std::string::npos; dash = name.find('-', dash + 1)) {
        if (const BoardDesc* board = findBoard(name.substr(dash + 1))) {
            return board;
        }
    }
    return nullptr;
}

class TextSink final : public SerialSink {
public:
    explicit TextSink(std::string& text)
        : m_text(text) {}
    void byteSent(std::byte byte, std::uint64_t) override { m_text += static_cast<char>(byte); }

private:
    std::string& m_text;
};

inline SampleRun runSample(const std::string& name, Cycles limit) {
    SampleRun run;
    run.image = readFirmware(samplePath(name), std::nullopt);
    const BoardDesc* board = boardOfSample(name);
    if (board == nullptr) {
        ADD_FAILURE() << "no board for " << name;
        return run;
    }
    MachineOptions options;
    options.peripherals = [](const PeripheralDesc& desc, const BoardDesc& b, MachineServices& services) {
        return makePeripheral(desc, b, services);
    };
    options.console = [&run](std::string_view text) { run.output += text; };
    TextSink sink(run.output);
    Machine machine(*board, run.image, options);
    if (auto* port = dynamic_cast<SerialPort*>(machine.peripheral(board->console))) {
        port->attach(sink);
    }
    OwnedCycles owned;
    machine.setListener(&owned);
    RunLimits limits;
    limits.cycles = limit;
    run.halt = machine.run(limits);
    run.cycles = machine.now();
    run.owned = owned.sum;
    return run;
}

} // namespace simprof::test
