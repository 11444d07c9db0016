// SPDX-License-Identifier: GPL-2.0-or-later
/// Small machines that run a Thumb listing: text in, text out. tests/support/assemble.py writes the listings' machine
/// code.
#pragma once
#include "sim_core/machine.h"
#include "sim_core/steady_registers.h"
#include "tests/support/listing.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

namespace simprof::test {

inline constexpr Address kFlash = 0x08000000, kCode = kFlash + 0x100, kSram = 0x20000000, kLine = 0x40001000;
inline constexpr std::uint32_t kFlashSize = 0x10000, kSramSize = 0x4000;

/// Machine code at kCode with its labels' addresses.
struct Listing {
    std::vector<std::uint16_t> code;
    std::map<std::string, Address> labels;

    explicit Listing(const std::string& text) {
        ThumbCode read(text);
        code = std::move(read.halfwords);
        for (const auto& [label, offset] : read.labels) {
            labels[label] = kCode + offset;
        }
        labels.try_emplace("unexpected", here());
        code.push_back(0xE7FE); // b .
    }
    Address here() const { return kCode + static_cast<Address>(2 * code.size()); }
    Address at(const std::string& label) const {
        const auto found = labels.find(label);
        EXPECT_NE(found, labels.end()) << "no label " << label;
        return found == labels.end() ? 0 : found->second;
    }

    /// The vector table takes the labels Reset … SysTick and IRQ0 … IRQ31; all other vectors lead to `unexpected`.
    FirmwareImage image() const {
        static const std::map<std::string, unsigned> kVectors = {{"Reset", 1},     {"NMI", 2},      {"HardFault", 3},
                                                                 {"MemManage", 4}, {"BusFault", 5}, {"UsageFault", 6},
                                                                 {"SVCall", 11},   {"PendSV", 14},  {"SysTick", 15}};
        std::vector<std::uint32_t> words(48, at("unexpected") | 1U);
        words[0] = kSram + kSramSize;
        for (const auto& [label, address] : labels) {
            if (const auto vector = kVectors.find(label); vector != kVectors.end()) {
                words[vector->second] = address | 1U;
            } else if (label.starts_with("IRQ")) {
                words[16 + std::stoul(label.substr(3))] = address | 1U;
            }
        }
        ImageSegment segment;
        segment.address = segment.runAddress = kFlash;
        segment.executable = true;
        for (const std::uint32_t word : words) {
            for (unsigned i = 0; i < 4; ++i) {
                segment.bytes.push_back(static_cast<std::byte>(word >> (8 * i)));
            }
        }
        segment.bytes.resize(kCode - kFlash);
        for (const std::uint16_t half : code) {
            segment.bytes.push_back(static_cast<std::byte>(half));
            segment.bytes.push_back(static_cast<std::byte>(half >> 8));
        }
        segment.memorySize = segment.bytes.size();
        FirmwareImage image;
        image.name = "listing";
        image.segments.push_back(std::move(segment));
        return image;
    }
};

/// A device to raise interrupts with. Written words: offset 0 sets and 4 clears the levels of the IRQs in the mask;
/// 8 arms a pulse of IRQ 0, 12 of IRQ 1, that many cycles later; 16 shows 0 from then on, and 1 that many cycles later.
/// Reads of others give the offset; all are noted with their size.
class LineDevice final : public Peripheral, public SteadyRegisters {
public:
    explicit LineDevice(MachineServices& services)
        : m_services(services) {}
    std::uint32_t read(std::uint32_t offset, unsigned size) override {
        accesses += fmt::format("r{}@{} ", size, offset);
        return offset == kReady ? m_ready : offset;
    }
    void write(std::uint32_t offset, unsigned size, std::uint32_t value) override {
        accesses += fmt::format("w{}@{} ", size, offset);
        if (offset == 8 || offset == 12) {
            m_services.scheduleAt(m_services.now() + value,
                                  [this, irq = static_cast<int>(offset / 4) - 2] { m_services.pulseIrq(irq); });
        }
        if (offset == kReady) {
            m_ready = 0;
            m_services.scheduleAt(m_services.now() + value, [this] { m_ready = 1; });
        }
        for (int irq = 0; offset <= 4 && irq < 32; ++irq) {
            if ((value >> irq & 1U) != 0) {
                m_services.setIrq(irq, offset == 0);
            }
        }
    }
    void reset() override {}
    bool isSteady(std::uint32_t offset) const override { return steady && offset == kReady; }
    std::string accesses;
    bool steady = false;

private:
    static constexpr std::uint32_t kReady = 16;
    MachineServices& m_services;
    std::uint32_t m_ready = 0;
};

/// Exceptions as "+SVCall 12" (entered, cycles), "-SVCall 10" (returned), "~6" for tail-chained ones; all owned cycles.
class Trace final : public EventListener {
public:
    explicit Trace(const Machine& machine)
        : m_machine(machine) {}
    std::string text;
    Cycles sum = 0;
    std::vector<Access> accesses;
    std::uint64_t instructions = 0;

    void blockRetired(const BlockEvent& event) override {
        EXPECT_EQ(event.start, sum) << "a cycle without an owner";
        sum += event.cycles;
        accesses.insert(accesses.end(), event.accesses.begin(), event.accesses.end());
        instructions += event.block.insns.size();
    }
    void exceptionEntered(unsigned number, Address, Address sp, Cycles start, std::uint32_t cycles) override {
        note("+", number, sp == 0, start, cycles);
    }
    void exceptionReturned(unsigned number, Address, Address, Cycles start, std::uint32_t cycles,
                           bool tailChained) override {
        note("-", number, tailChained, start, cycles);
    }
    void exceptionStall(Cycles start, std::uint32_t cycles) override {
        EXPECT_EQ(start, sum);
        sum += cycles;
        text += fmt::format("stall {} ", cycles);
    }
    void slept(Cycles start, Cycles cycles, bool) override {
        EXPECT_EQ(start, sum);
        sum += cycles;
        text += fmt::format("sleep {} ", cycles);
    }

private:
    void note(const char* sign, unsigned number, bool chained, Cycles start, std::uint32_t cycles) {
        EXPECT_EQ(start, sum);
        sum += cycles;
        text += fmt::format("{}{} {}{} ", sign, m_machine.exceptionName(number), chained ? "~" : "", cycles);
    }
    const Machine& m_machine;
};

/// One core with 64 KiB of flash, 16 KiB of SRAM and a LineDevice at 0x40001000, running a listing.
class TinyMachine {
public:
    using Change = std::function<void(McuDesc&)>;

    TinyMachine(const CoreKind* kind, const std::string& listing, const Change& change = {})
        : m_listing(listing) {
        auto mcu = std::make_shared<McuDesc>();
        mcu->name = "tiny";
        mcu->core.kind = kind;
        mcu->core.fpu = kind == &kCortexM4 || kind == &kCortexM7;
        mcu->core.nvicPriorityBits = mcu->core.fpu ? 4 : 2;
        mcu->resetClock = mcu->maxClock = 1'000'000;
        mcu->memories = {{"flash", MemoryKind::Flash, {kFlash, kFlashSize}, "", {}, {}},
                         {"flash at 0", MemoryKind::Flash, {0, kFlashSize}, "", kFlash, {}},
                         {"SRAM", MemoryKind::Sram, {kSram, kSramSize}, "", {}, {}}};
        PeripheralDesc line;
        line.name = line.type = "line";
        line.range = {kLine, 0x1000};
        mcu->peripherals = {line};
        if (change) {
            change(*mcu);
        }
        m_board.name = m_board.title = "tiny";
        m_board.mcu = mcu;
        m_board.vectorTable = kFlash;
        MachineOptions options;
        options.peripherals = [this](const PeripheralDesc&, const BoardDesc&, MachineServices& services) {
            auto device = std::make_unique<LineDevice>(services);
            m_line = device.get();
            return device;
        };
        options.console = [this](std::string_view text) { console += text; };
        m_machine = std::make_unique<Machine>(m_board, m_listing.image(), options);
        m_trace = std::make_unique<Trace>(*m_machine);
        m_machine->setListener(m_trace.get());
    }

    /// Runs to the label `end` (or another), or to whatever else ends it; checks that each cycle had an owner.
    HaltReason run(const std::string& until = "end", Cycles limit = 100'000) {
        RunLimits limits;
        limits.cycles = limit;
        if (m_listing.labels.contains(until)) {
            limits.until = {at(until)};
        }
        const HaltReason halt = m_machine->run(limits);
        EXPECT_EQ(m_trace->sum, m_machine->now()) << "a cycle without an owner";
        return halt;
    }

    /// The same, and expects to get there.
    void runTo(const std::string& label = "end") {
        const HaltReason halt = run(label);
        EXPECT_EQ(halt.kind, HaltReason::Kind::Until) << halt.what;
        EXPECT_EQ(halt.pc, at(label)) << halt.what;
    }

    /// The first `count` words of SRAM, where listings leave their results: "1 2 3".
    std::string results(unsigned count) const {
        std::string text;
        for (unsigned i = 0; i < count; ++i) {
            text += fmt::format("{}{:x}", i == 0 ? "" : " ", m_machine->memory().word(kSram + 4 * i).value_or(0));
        }
        return text;
    }

    /// What exceptions and sleep there were, and forgets them.
    std::string trace() {
        std::string text = std::exchange(m_trace->text, "");
        return text.empty() ? text : text.substr(0, text.size() - 1);
    }

    Address at(const std::string& label) const { return m_listing.at(label); }
    Machine& machine() { return *m_machine; }
    Trace& events() { return *m_trace; }
    LineDevice& line() { return *m_line; }
    std::string console;

private:
    Listing m_listing;
    BoardDesc m_board;
    LineDevice* m_line = nullptr;
    std::unique_ptr<Machine> m_machine;
    std::unique_ptr<Trace> m_trace;
};

} // namespace simprof::test
